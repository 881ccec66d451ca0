#pragma once
// The sessions that the window keeps by itself: a folder of them within a budget, the oldest of which go first.

#include <QString>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "app/window/session_recorder.h"

namespace moescope {

struct Autosave {
  std::filesystem::path file;
  std::uint64_t bytes = 0;
  bool written = false;  ///< a program writes to it now
  bool crashed = false;  ///< whoever wrote to it did not come to an end, and had begun
};

/// Only files that begin() named count, and go: a session of another name stays, wherever it lies.
class Autosaves {
 public:
  static constexpr std::uint64_t kDefaultBudget = std::uint64_t{4} << 30;  ///< bytes

  /// `folder` is made when it is needed.
  Autosaves(std::filesystem::path folder, std::uint64_t budget) : folder_(std::move(folder)), budget_(budget) {}
  /// Of this user, with the folder and the budget that the settings name.
  static Autosaves ofTheUser();
  static std::filesystem::path folderOfTheFirstDay();
  static constexpr const char* kFolderKey = "autosave_folder";  ///< in the settings

  const std::filesystem::path& folder() const { return folder_; }
  std::uint64_t budget() const { return budget_; }
  void setBudget(std::uint64_t bytes) { budget_ = bytes; }
  /// A share of it that one run's snapshots, analyses and models may have, so that others stay beside it.
  std::uint64_t budgetOfOne() const;
  /// Keeps the budget in the settings.
  void storeBudget() const;

  /// A session for a side's run, by the time at which it begins.
  std::shared_ptr<SessionRecorder> begin(int side) const;
  std::vector<Autosave> list() const;  ///< oldest first
  std::uint64_t bytes() const;
  /// Oldest ones go until the rest is within the budget; never one that is written to, nor `shown`. How many went.
  int prune(const std::filesystem::path& shown) const;

 private:
  std::filesystem::path folder_;
  std::uint64_t budget_;
};

/// Whether a program writes to this session now.
bool isWritten(const std::filesystem::path& session);

/// "312 MB", "4.0 GB".
QString bytesInWords(std::uint64_t bytes);

}  // namespace moescope
