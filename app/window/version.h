#pragma once
// What this program is and what it runs on.

#include <string>

namespace moescope {

/// Lines "Moescope 0.1.0, commit 68f4108", "LibTorch 2.11.0", "Qt 6.4.2", "VTK 9.1.0", "compiled by g++ 12.2.0": of the libraries
/// the versions that are loaded, not those it was compiled with.
std::string versionText();

/// "0.1.0".
std::string programVersion();

}  // namespace moescope
