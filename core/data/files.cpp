#include "core/data/files.h"

#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <stdexcept>

#include "core/words/words.h"

namespace moescope {

namespace fs = std::filesystem;

namespace {

std::string nameOf(fs::file_type type) {
  switch (type) {
    case fs::file_type::directory: return translated("a folder");
    case fs::file_type::fifo: return translated("a named pipe");
    case fs::file_type::socket: return translated("a socket");
    case fs::file_type::character: return translated("a character device");
    case fs::file_type::block: return translated("a block device");
    default: return translated("of an unknown kind");
  }
}

/// After gzread gave no more: whether that was the end, and not a fault or data that stops in the middle.
void requireWhole(gzFile stream, const fs::path& file, std::size_t had) {
  int code = Z_OK;
  const std::string reason = gzerror(stream, &code);
  if (code == Z_OK || code == Z_STREAM_END) return;
  const std::string after = translated(" after %1 bytes", std::to_string(had));
  if (code == Z_BUF_ERROR) throw std::runtime_error(translated("%1: its gzip data ends too soon,%2", file.string(), after));
  if (code == Z_ERRNO) throw std::runtime_error(file.string() + ": " + std::strerror(errno) + after);
  throw std::runtime_error(translated("%1: broken gzip data%2 (%3)", file.string(), after,
                                      reason.substr(reason.rfind(": ") == std::string::npos ? 0 : reason.rfind(": ") + 2)));
}

/// Adds the folder's files, folder after folder in the order of their names, so that a limit always takes the same ones.
void collect(const fs::path& folder, std::size_t limit, std::vector<fs::path>& files, std::vector<std::string>& leftOut) {
  std::vector<fs::directory_entry> entries;
  std::error_code error;
  fs::directory_iterator entry(folder, error), end;
  for (; !error && entry != end; entry.increment(error)) entries.push_back(*entry);
  if (error) leftOut.push_back(folder.string() + ": " + error.message());
  std::sort(entries.begin(), entries.end());
  for (const fs::directory_entry& each : entries) {
    if (files.size() == limit) return;
    std::error_code failed;
    const bool link = each.is_symlink(failed);
    const fs::file_type type = each.status(failed).type();
    if (type == fs::file_type::regular)
      files.push_back(each.path());
    else if (type == fs::file_type::directory && !link)
      collect(each.path(), limit, files, leftOut);
    else if (type == fs::file_type::directory)
      leftOut.push_back(each.path().string() + ": a link to a folder, not followed");
    else if (type == fs::file_type::not_found)
      leftOut.push_back(translated("%1: a link to nothing", each.path().string()));
    else
      leftOut.push_back(translated("%1: not a regular file (%2)", each.path().string(), nameOf(type)));
  }
}

/// Length of the UTF-8 sequence that the bytes start with; 0: they start with none.
std::size_t utf8LengthAt(std::span<const std::uint8_t> bytes) {
  const std::uint8_t lead = bytes[0];
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF5 ? 0 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
  if (length == 0 || bytes.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((bytes[i] & 0xC0) != 0x80) return 0;
  const bool overlong = (lead == 0xE0 && bytes[1] < 0xA0) || (lead == 0xF0 && bytes[1] < 0x90);
  const bool beyond = (lead == 0xED && bytes[1] > 0x9F) || (lead == 0xF4 && bytes[1] > 0x8F);  // surrogates, above U+10FFFF
  return overlong || beyond ? 0 : length;
}

}  // namespace

void makeFolder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw std::runtime_error(translated("%1: this folder cannot be made: %2", folder.string(), error.message()));
}

void requireRegularFile(const fs::path& file) {
  std::error_code error;
  const fs::file_type type = fs::status(file, error).type();
  if (type == fs::file_type::not_found) throw std::runtime_error(translated("%1: no such file", file.string()));
  if (type == fs::file_type::none) throw std::runtime_error(file.string() + ": " + error.message());
  if (type != fs::file_type::regular)
    throw std::runtime_error(translated("%1: not a regular file (%2)", file.string(), nameOf(type)));
}

FileText readFile(const fs::path& file, std::size_t limit) {
  requireRegularFile(file);
  errno = 0;
  // zlib hands plain files through unchanged.
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> stream(gzopen(file.c_str(), "rb"), gzclose);
  if (!stream) throw std::runtime_error(file.string() + ": " + std::strerror(errno));
  FileText text;
  constexpr std::size_t kChunk = 1 << 16;
  while (text.bytes.size() <= limit) {  // one byte more than wanted tells that there is more
    const std::size_t had = text.bytes.size();
    text.bytes.resize(had + std::min(kChunk, limit + 1 - had));
    const int got = gzread(stream.get(), text.bytes.data() + had, static_cast<unsigned>(text.bytes.size() - had));
    text.bytes.resize(had + static_cast<std::size_t>(std::max(got, 0)));
    if (got > 0) continue;
    requireWhole(stream.get(), file, had);
    break;
  }
  text.cut = text.bytes.size() > limit;
  if (text.cut) text.bytes.resize(limit);
  return text;
}

std::vector<fs::path> filesUnder(const fs::path& folder, std::vector<std::string>& leftOut, std::size_t limit) {
  std::vector<fs::path> files;
  std::error_code ignored;
  if (fs::exists(folder, ignored)) collect(folder, limit + 1, files, leftOut);  // one more tells that there are more
  if (files.size() > limit) {
    files.resize(limit);
    leftOut.push_back(folder.string() + ": holds more than " + std::to_string(limit) + " files; the others are left out");
  }
  return files;
}

std::size_t firstInvalidUtf8(std::span<const std::uint8_t> bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length = utf8LengthAt(bytes.subspan(at));
    if (length == 0) return at;
    at += length;
  }
  return bytes.size();
}

}  // namespace moescope
