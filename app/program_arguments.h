#pragma once

namespace moescope {

/// What main() gets when the program is called by its name alone. Qt's applications refer to it for as long as they live.
struct ProgramArguments {
  int count = 1;
  char name[9] = "moescope";
  char* values[2] = {name, nullptr};

  ProgramArguments() = default;
  ProgramArguments(const ProgramArguments&) = delete;
  ProgramArguments& operator=(const ProgramArguments&) = delete;
};

}  // namespace moescope
