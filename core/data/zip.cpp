#include "core/data/zip.h"

#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <stdexcept>

#include "core/words/words.h"

namespace moescope {
namespace {

constexpr std::size_t kEndBytes = 22, kCentralBytes = 46, kLocalBytes = 30, kLongestComment = 65535;
constexpr std::uint32_t kEndMark = 0x06054b50, kCentralMark = 0x02014b50, kLocalMark = 0x04034b50;
constexpr std::uint64_t kGreatestExpansion = 1032;  // deflate: 258 bytes from two bits

std::uint64_t number(std::span<const std::uint8_t> bytes, std::size_t at, std::size_t width) {
  std::uint64_t value = 0;
  for (std::size_t i = width; i-- > 0;) value = value << 8 | bytes[at + i];
  return value;
}

std::size_t endOfDirectory(std::span<const std::uint8_t> archive, const std::string& file) {
  if (archive.size() >= kEndBytes) {
    const std::size_t last = archive.size() - kEndBytes, first = last > kLongestComment ? last - kLongestComment : 0;
    for (std::size_t at = last + 1; at-- > first;)
      if (number(archive, at, 4) == kEndMark && at + kEndBytes + number(archive, at + 20, 2) == archive.size()) return at;
  }
  throw std::runtime_error(translated("%1: expected the directory of a ZIP archive at its end: is it truncated?", file));
}

}  // namespace

std::vector<ZipMember> zipMembers(std::span<const std::uint8_t> archive, const std::string& file) {
  const std::size_t end = endOfDirectory(archive, file);
  const std::uint64_t count = number(archive, end + 10, 2);
  std::uint64_t at = number(archive, end + 16, 4);
  std::vector<ZipMember> members;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::string who = file + ": ZIP member " + std::to_string(i + 1) + ": ";
    if (at > end || end - at < kCentralBytes || number(archive, at, 4) != kCentralMark)
      throw std::runtime_error(translated("%1expected its entry in the directory", who));
    const std::size_t nameBytes = number(archive, at + 28, 2),
                      after = nameBytes + number(archive, at + 30, 2) + number(archive, at + 32, 2);
    if (end - at - kCentralBytes < after) throw std::runtime_error(translated("%1its entry is longer than the directory", who));
    ZipMember member;
    member.name.assign(reinterpret_cast<const char*>(archive.data()) + at + kCentralBytes, nameBytes);
    member.method = static_cast<int>(number(archive, at + 10, 2));
    member.checksum = static_cast<std::uint32_t>(number(archive, at + 16, 4));
    member.packed = number(archive, at + 20, 4);
    member.size = number(archive, at + 24, 4);
    const std::uint64_t local = number(archive, at + 42, 4);
    if (member.packed == 0xffffffff || member.size == 0xffffffff || local == 0xffffffff)
      throw std::runtime_error(translated("%1expected less than 4 GB", who));
    if (number(archive, at + 8, 2) & 1) throw std::runtime_error(translated("%1is encrypted", who));
    if (member.method != 0 && member.method != Z_DEFLATED)
      throw std::runtime_error(
          translated("%1expected method 0 (stored) or 8 (deflate), found %2", who, std::to_string(member.method)));
    if (local > end || end - local < kLocalBytes || number(archive, local, 4) != kLocalMark)
      throw std::runtime_error(translated("%1expected its header inside the file", who));
    member.begin = local + kLocalBytes + number(archive, local + 26, 2) + number(archive, local + 28, 2);
    if (member.begin > end || end - member.begin < member.packed)
      throw std::runtime_error(translated("%1ends behind the file", who));
    const bool possible = member.method == 0 ? member.size == member.packed : member.size <= kGreatestExpansion * member.packed;
    if (!possible)
      throw std::runtime_error(translated("%1states %2 bytes, which its %3 packed ones cannot expand to", who,
                                          std::to_string(member.size), std::to_string(member.packed)));
    members.push_back(std::move(member));
    at += kCentralBytes + after;
  }
  return members;
}

struct ZipReader::State {
  std::string place;
  ZipMember member;
  std::span<const std::uint8_t> packed;
  z_stream stream{};
  std::uint64_t left = 0;
  uLong checksum = 0;
};

ZipReader::ZipReader(std::span<const std::uint8_t> archive, const ZipMember& member, const std::string& file)
    : state_(std::make_unique<State>()) {
  state_->place = file + ": ZIP member \"" + member.name.substr(0, 60) + "\"";
  state_->member = member;
  state_->packed = archive.subspan(member.begin, member.packed);
  state_->left = member.size;
  state_->checksum = crc32(0, nullptr, 0);
  state_->stream.next_in = const_cast<Bytef*>(state_->packed.data());
  state_->stream.avail_in = static_cast<uInt>(member.packed);
  if (member.method != 0 && inflateInit2(&state_->stream, -MAX_WBITS) != Z_OK)
    throw std::runtime_error(translated("%1: zlib cannot start", state_->place));
}

ZipReader::~ZipReader() {
  if (state_->member.method != 0) inflateEnd(&state_->stream);
}

void ZipReader::read(std::span<std::uint8_t> to) {
  State& s = *state_;
  if (to.size() > s.left) throw std::runtime_error(translated("%1: ends too early", s.place));
  if (to.empty()) return;
  if (s.member.method == 0) {
    std::memcpy(to.data(), s.packed.data() + (s.member.size - s.left), to.size());
  } else {
    s.stream.next_out = to.data();
    s.stream.avail_out = static_cast<uInt>(to.size());
    const int status = inflate(&s.stream, Z_SYNC_FLUSH);
    if (s.stream.avail_out > 0 || (status != Z_OK && status != Z_STREAM_END))
      throw std::runtime_error(translated("%1: its packed bytes are damaged or expand to less than stated", s.place));
  }
  s.left -= to.size();
  s.checksum = crc32(s.checksum, to.data(), static_cast<uInt>(to.size()));
}

std::uint64_t ZipReader::left() const { return state_->left; }

void ZipReader::finish() const {
  if (state_->left > 0)
    throw std::runtime_error(translated("%1: %2 bytes follow the array", state_->place, std::to_string(state_->left)));
  if (static_cast<std::uint32_t>(state_->checksum) != state_->member.checksum)
    throw std::runtime_error(translated("%1: its checksum is wrong", state_->place));
}

}  // namespace moescope
