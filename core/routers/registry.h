#pragma once
// The routers that can be trained, as names for panel, command line and help. LibTorch stays out of this header.

#include <string>
#include <vector>

namespace moescope {

struct RouterChoice {
  std::string name;         ///< stable id: "topk"
  std::string label;        ///< for a person: "Top-k softmax"
  std::string help;         ///< one line
  bool choosesTopK = true;  ///< false: every expert works on every token
  std::vector<std::string> uses = {};  ///< of the knobs that not every router uses, those that change what this one does
};

/// In the order in which they are offered.
const std::vector<RouterChoice>& routerChoices();

/// Throws std::invalid_argument naming the known routers.
const RouterChoice& requireRouter(const std::string& name);

}  // namespace moescope
