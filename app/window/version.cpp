#include "app/window/version.h"

#include <vtkVersion.h>

#include <QtGlobal>

#include "core/training/libraries.h"
#include "version/build_version.h"

namespace moescope {
namespace {

std::string compiler() {
#if defined(__clang__)
  return std::string("clang ") + __clang_version__;
#else
  return std::string("g++ ") + __VERSION__;
#endif
}

}  // namespace

std::string programVersion() { return MOESCOPE_VERSION; }

std::string versionText() {
  return std::string("Moescope ") + MOESCOPE_VERSION + ", commit " + MOESCOPE_COMMIT + "\nLibTorch " + torchReport().version +
         "\nQt " + qVersion() + "\nVTK " + vtkVersion::GetVTKVersion() + "\ncompiled by " + compiler();
}

}  // namespace moescope
