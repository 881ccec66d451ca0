#pragma once
// Layouts that people kept under names: a folder of documents of which only the layout counts.

#include <filesystem>
#include <string>
#include <vector>

#include "app/document/action.h"

namespace moescope {

inline constexpr std::size_t kLongestLayoutName = 60;  ///< characters' bytes: a file is named after it

/// What of a document is its layout: where what is shown, and whether two sides are.
struct KeptLayout {
  Layout layout;
  bool compares = false, differs = false;
};

class OwnLayouts {
 public:
  /// `folder` is made when it is needed.
  explicit OwnLayouts(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// By name. Files of other endings are left alone.
  std::vector<std::string> names() const;
  /// `json`: of the document (toJson()). One of that name is overwritten. Throws std::runtime_error, one line: for a name that is
  /// empty or too long, or a file that cannot be written.
  void keep(const std::string& name, const std::string& json) const;
  /// Throws std::runtime_error, one line that begins with the file, where there is none or it is no state.
  KeptLayout read(const std::string& name) const;
  /// Throws std::runtime_error where there is one of the new name, or as keep().
  void rename(const std::string& from, const std::string& to) const;
  void remove(const std::string& name) const;

 private:
  std::filesystem::path fileOf(const std::string& name) const;

  std::filesystem::path folder_;
};

/// Shows a layout; a second side begins as compare() says.
Action showLayout(const std::string& name, const KeptLayout& kept);

}  // namespace moescope
