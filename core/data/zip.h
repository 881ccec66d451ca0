#pragma once
// Members of a ZIP archive, as numpy.savez writes them. Files come from strangers: sizes are checked before memory is taken.
// Format: PKWARE's APPNOTE.TXT (end of central directory, central directory, local headers; methods 0 and 8).

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace moescope {

struct ZipMember {
  std::string name;
  int method = 0;             ///< 0 stored, 8 deflate
  std::uint32_t checksum = 0; ///< CRC-32 of the expanded bytes
  std::uint64_t packed = 0;   ///< bytes in the archive
  std::uint64_t size = 0;     ///< bytes expanded, as the archive states
  std::uint64_t begin = 0;    ///< first packed byte
};

/// Members of an archive in memory, checked to lie inside it and to state a size that their packed bytes can expand to. Throws
/// std::runtime_error that begins with `file`.
std::vector<ZipMember> zipMembers(std::span<const std::uint8_t> archive, const std::string& file);

/// Expands one member bit by bit. Nothing larger than what is asked for is taken from memory.
class ZipReader {
 public:
  ZipReader(std::span<const std::uint8_t> archive, const ZipMember& member, const std::string& file);
  ~ZipReader();
  ZipReader(const ZipReader&) = delete;
  ZipReader& operator=(const ZipReader&) = delete;

  /// Exactly the next to.size() bytes; throws std::runtime_error where the member ends before or is damaged.
  void read(std::span<std::uint8_t> to);
  std::uint64_t left() const;
  /// After the last byte: throws std::runtime_error unless the checksum holds.
  void finish() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace moescope
