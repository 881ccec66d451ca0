#include "core/data/files.h"

#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <stdexcept>

namespace moescope {

namespace fs = std::filesystem;

namespace {

const char* nameOf(fs::file_type type) {
  switch (type) {
    case fs::file_type::directory: return "a folder";
    case fs::file_type::fifo: return "a named pipe";
    case fs::file_type::socket: return "a socket";
    case fs::file_type::character: return "a character device";
    case fs::file_type::block: return "a block device";
    default: return "of an unknown kind";
  }
}

}  // namespace

void requireRegularFile(const fs::path& file) {
  std::error_code error;
  const fs::file_type type = fs::status(file, error).type();
  if (type == fs::file_type::not_found) throw std::runtime_error(file.string() + ": no such file");
  if (type == fs::file_type::none) throw std::runtime_error(file.string() + ": " + error.message());
  if (type != fs::file_type::regular) throw std::runtime_error(file.string() + ": not a regular file (" + nameOf(type) + ")");
}

std::vector<std::uint8_t> readFile(const fs::path& file, std::size_t limit) {
  requireRegularFile(file);
  errno = 0;
  // zlib hands plain files through unchanged.
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> stream(gzopen(file.c_str(), "rb"), gzclose);
  if (!stream) throw std::runtime_error(file.string() + ": " + std::strerror(errno));
  std::vector<std::uint8_t> bytes;
  constexpr std::size_t kChunk = 1 << 16;
  while (bytes.size() < limit) {
    const std::size_t had = bytes.size();
    bytes.resize(had + std::min(kChunk, limit - had));
    const int got = gzread(stream.get(), bytes.data() + had, static_cast<unsigned>(bytes.size() - had));
    bytes.resize(had + static_cast<std::size_t>(std::max(got, 0)));
    if (got < 0) throw std::runtime_error(file.string() + ": broken gzip data after " + std::to_string(had) + " bytes");
    if (got == 0) break;
  }
  return bytes;
}

std::vector<fs::path> filesUnder(const fs::path& folder, std::size_t limit) {
  std::vector<fs::path> files;
  std::error_code error;
  fs::recursive_directory_iterator entry(folder, fs::directory_options::skip_permission_denied, error), end;
  for (; !error && entry != end && files.size() < limit; entry.increment(error)) {
    std::error_code ignored;
    if (entry->is_regular_file(ignored)) files.push_back(entry->path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace moescope
