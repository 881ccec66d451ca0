#pragma once
// What people choose in a view, declared by the view.

#include <algorithm>
#include <string>
#include <vector>

#include "core/knobs/setting.h"

namespace moescope {

/// One of several ways in which a view draws.
struct ViewOption {
  std::string name, label, help;  ///< name: stable id within the view
  std::vector<Choice> choices;    ///< the first is the default

  bool allows(const std::string& value) const {
    return std::any_of(choices.begin(), choices.end(), [&](const Choice& choice) { return choice.name == value; });
  }
  /// "domain, expert or entropy"
  std::string expected() const {
    std::string all;
    for (std::size_t i = 0; i < choices.size(); ++i)
      all += (i == 0 ? "" : i + 1 == choices.size() ? " or " : ", ") + choices[i].name;
    return all;
  }
};

}  // namespace moescope
