#pragma once
// Safetensors: one file, or the shards that model.safetensors.index.json names. Files come from strangers:
// every size, offset and name is checked before it is used, and each fault is one line with file, place and expectation.
// Format: the safetensors README (8-byte little-endian header length, JSON header, row-major little-endian data).

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace moescope {

/// One tensor as the header describes it.
struct TensorEntry {
  std::string type;                 ///< "F32", "BF16", "F8_E4M3", ... as in the file
  std::vector<std::int64_t> shape;  ///< empty: a single number
  std::uint64_t begin = 0;          ///< first byte, counted from the end of the header
  std::uint64_t end = 0;            ///< one past the last byte
  std::int64_t count() const;       ///< number of elements
};

using TensorMap = std::map<std::string, TensorEntry>;

/// Largest header that is read, in bytes (the format's own limit).
inline constexpr std::uint64_t kLargestHeader = 100'000'000;

/// Reads the JSON header of a file that holds `dataBytes` bytes behind it. Tensors must fill the data without holes or
/// overlap. `metadata`: gets what __metadata__ says. Throws std::runtime_error that begins with `file`.
TensorMap parseSafetensorsHeader(std::string_view json, std::uint64_t dataBytes, const std::string& file,
                                 std::map<std::string, std::string>* metadata = nullptr);

/// Length of the header that follows the first 8 bytes of a file of `size` bytes. Throws as parseSafetensorsHeader().
std::uint64_t safetensorsHeaderLength(std::span<const std::uint8_t> beginning, std::uint64_t size, const std::string& file);

/// A checkpoint's tensors by name; headers are read at once, numbers when they are asked for. Reading from several threads is
/// safe.
class Safetensors {
 public:
  /// `path`: a .safetensors file, a .gguf file, whose tensors get the names that they have elsewhere (gguf.h), or a folder with
  /// model.safetensors.index.json or model.safetensors.
  explicit Safetensors(const std::filesystem::path& path);
  ~Safetensors();
  Safetensors(const Safetensors&) = delete;
  Safetensors& operator=(const Safetensors&) = delete;

  bool contains(const std::string& name) const;
  /// Throws std::runtime_error naming the folder and the tensor where there is none.
  const TensorEntry& entry(const std::string& name) const;
  std::vector<std::string> names() const;  ///< sorted
  /// Elements [first, first + count) as floats; takes BOOL, integers, F64, F32, F16, BF16, F8_E4M3, F8_E5M2, F8_E8M0 (2^(b -
  /// 127)), and of ggml's packings (isGgmlPacking()) whole blocks.
  std::vector<float> read(const std::string& name, std::int64_t first, std::int64_t count) const;
  std::vector<float> read(const std::string& name) const;
  /// Elements [first, first + to.size()) into memory that is there already.
  void readInto(const std::string& name, std::int64_t first, std::span<float> to) const;
  /// Bytes [first, first + to.size()) of the tensor as they lie in the file.
  void readBytes(const std::string& name, std::uint64_t first, std::span<std::uint8_t> to) const;
  std::uint64_t byteCount(const std::string& name) const;
  const std::filesystem::path& path() const;
  /// What config.json would say, of a GGUF file; nothing of others.
  const std::optional<std::string>& config() const;

 private:
  void requireElements(const std::string& name, std::int64_t first, std::int64_t count) const;
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace moescope
