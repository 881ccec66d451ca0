// Whatever bytes come as a .moelesson: it is refused with std::runtime_error, or its files lie in their folder, are of the kinds
// that a lesson has, and are no more and no larger than the reader allows.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

#include "app/document/lesson_archive.h"

namespace fs = std::filesystem;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const int file = memfd_create("fuzzed", 0);
  if (file < 0 || write(file, data, size) != static_cast<ssize_t>(size)) std::abort();
  try {
    const moescope::TemporaryFolder folder;
    const std::vector<std::string> names = moescope::unpackLesson("/proc/self/fd/" + std::to_string(file), folder.path());
    std::size_t there = 0;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder.path())) {
      if (!entry.is_regular_file() || entry.is_symlink() || entry.path().parent_path() != folder.path()) std::abort();
      if (entry.file_size() > 1040 * size) std::abort();
      ++there;
    }
    if (there != names.size()) std::abort();
  } catch (const std::runtime_error&) {
  }
  close(file);
  return 0;
}
