#include "core/checkpoint/safetensors.h"

#include <Eigen/Core>
#include <bit>
#include <cmath>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace moescope {
namespace {

namespace fs = std::filesystem;
static_assert(std::endian::native == std::endian::little, "safetensors are little-endian");

class MappedFile {
 public:
  explicit MappedFile(const fs::path& path) {
    const int handle = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (handle < 0) throw std::runtime_error(path.string() + ": " + std::strerror(errno));
    struct stat status {};
    const bool regular = ::fstat(handle, &status) == 0 && S_ISREG(status.st_mode);
    size_ = regular ? static_cast<std::size_t>(status.st_size) : 0;
    void* const memory = size_ ? ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, handle, 0) : MAP_FAILED;
    ::close(handle);
    if (memory == MAP_FAILED) throw std::runtime_error(path.string() + ": expected a safetensors file, found " + (regular ? "an empty file" : "something that cannot be mapped"));
    data_ = static_cast<const std::uint8_t*>(memory);
  }
  ~MappedFile() { ::munmap(const_cast<std::uint8_t*>(data_), size_); }
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  std::span<const std::uint8_t> bytes() const { return {data_, size_}; }

 private:
  const std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
};

template <typename Stored>
Stored stored(const std::uint8_t* bytes) {
  Stored value;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

float fromF8(std::uint8_t bits, int mantissaBits, int bias, bool hasInfinity) {
  const int exponentBits = 7 - mantissaBits;
  const int exponent = (bits >> mantissaBits) & ((1 << exponentBits) - 1), mantissa = bits & ((1 << mantissaBits) - 1);
  const float sign = bits & 0x80 ? -1.0f : 1.0f;
  if (hasInfinity && exponent == (1 << exponentBits) - 1)
    return mantissa ? std::numeric_limits<float>::quiet_NaN() : sign * std::numeric_limits<float>::infinity();
  if (!hasInfinity && (bits & 0x7f) == 0x7f) return std::numeric_limits<float>::quiet_NaN();
  const float scale = static_cast<float>(1 << mantissaBits);
  return sign * (exponent ? std::ldexp(1.0f + mantissa / scale, exponent - bias) : std::ldexp(mantissa / scale, 1 - bias));
}

void toFloats(const std::string& type, const std::uint8_t* from, std::span<float> to, const std::string& place) {
  const auto convert = [&](std::size_t width, auto number) {
    for (std::size_t i = 0; i < to.size(); ++i) to[i] = static_cast<float>(number(from + i * width));
  };
  if (type == "F32") std::memcpy(to.data(), from, to.size_bytes());
  else if (type == "BF16") convert(2, [](auto* b) { return std::bit_cast<float>(static_cast<std::uint32_t>(stored<std::uint16_t>(b)) << 16); });
  else if (type == "F16") convert(2, [](auto* b) { return static_cast<float>(stored<Eigen::half>(b)); });
  else if (type == "F64") convert(8, stored<double>);
  else if (type == "F8_E4M3") convert(1, [](auto* b) { return fromF8(*b, 3, 7, false); });
  else if (type == "F8_E5M2") convert(1, [](auto* b) { return fromF8(*b, 2, 15, true); });
  else if (type == "U8" || type == "BOOL") convert(1, stored<std::uint8_t>);
  else if (type == "I8") convert(1, stored<std::int8_t>);
  else if (type == "I16") convert(2, stored<std::int16_t>);
  else if (type == "U16") convert(2, stored<std::uint16_t>);
  else if (type == "I32") convert(4, stored<std::int32_t>);
  else if (type == "U32") convert(4, stored<std::uint32_t>);
  else if (type == "I64") convert(8, stored<std::int64_t>);
  else if (type == "U64") convert(8, stored<std::uint64_t>);
  else throw std::runtime_error(place + ": numbers of dtype " + type + " cannot be read; expected f64, f32, f16, bf16, fp8 or integers");
}

/// Bytes of one element of a type that toFloats takes.
std::size_t widthOf(const TensorEntry& entry) {
  const auto count = static_cast<std::uint64_t>(entry.count());
  return count ? (entry.end - entry.begin) / count : 0;
}

std::string jsonText(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::error_code failed;
  const auto size = fs::file_size(path, failed);
  if (failed || size > kLargestHeader) throw std::runtime_error(path.string() + ": cannot be read, or larger than 100 MB");
  std::string text(size, '\0');
  if (!file.read(text.data(), static_cast<std::streamsize>(size))) throw std::runtime_error(path.string() + ": cannot be read");
  return text;
}

/// Deep JSON would make a recursive reader overflow the stack: refuse it, and duplicates, while reading.
nlohmann::json shallowJson(const fs::path& path) {
  const auto shallow = [&](int depth, nlohmann::json::parse_event_t, nlohmann::json&) {
    if (depth > 8) throw std::runtime_error(path.string() + ": JSON nested deeper than 8; expected weight_map");
    return true;
  };
  try {
    return nlohmann::json::parse(jsonText(path), shallow);
  } catch (const nlohmann::json::parse_error& error) {
    throw std::runtime_error(path.string() + ": not JSON at byte " + std::to_string(error.byte));
  }
}

}  // namespace

struct Safetensors::State {
  struct Place {
    TensorEntry entry;
    std::span<const std::uint8_t> bytes;
  };
  fs::path path;
  std::vector<std::unique_ptr<MappedFile>> files;
  std::map<std::string, Place> tensors;

  void addFile(const fs::path& file) {
    files.push_back(std::make_unique<MappedFile>(file));
    const auto bytes = files.back()->bytes();
    const TensorMap entries = parseSafetensors(bytes, file.string());
    const std::size_t header = 8 + stored<std::uint64_t>(bytes.data());
    for (const auto& [name, entry] : entries)
      if (!tensors.emplace(name, Place{entry, bytes.subspan(header + entry.begin, entry.end - entry.begin)}).second)
        throw std::runtime_error(file.string() + ": tensor \"" + name + "\" is also in another shard");
  }

  void addShards(const fs::path& index) {
    const nlohmann::json json = shallowJson(index);
    if (!json.is_object() || !json.contains("weight_map") || !json["weight_map"].is_object())
      throw std::runtime_error(index.string() + ": expected an object \"weight_map\" from tensor to file");
    std::map<std::string, std::string> fileOf;
    std::map<std::string, bool> shards;
    for (const auto& [name, value] : json["weight_map"].items()) {
      if (!value.is_string()) throw std::runtime_error(index.string() + ": weight_map of \"" + name + "\": expected a file name");
      const auto shard = value.get<std::string>();
      if (shard.empty() || shard == "." || shard == ".." || shard.find_first_of("/\\") != std::string::npos || shard.find('\0') != std::string::npos)
        throw std::runtime_error(index.string() + ": weight_map of \"" + name + "\": expected a plain file name in the same folder");
      shards[shard] = true;
      fileOf[name] = shard;
    }
    for (const auto& [shard, unused] : shards) addFile(index.parent_path() / shard);
    for (const auto& [name, shard] : fileOf)
      if (!tensors.count(name)) throw std::runtime_error(index.string() + ": tensor \"" + name + "\" is not in " + shard);
  }
};

Safetensors::Safetensors(const fs::path& path) : state_(std::make_unique<State>()) {
  state_->path = path;
  if (!fs::exists(path)) throw std::runtime_error(path.string() + ": no such file or folder");
  if (!fs::is_directory(path)) state_->addFile(path);
  else if (fs::exists(path / "model.safetensors.index.json")) state_->addShards(path / "model.safetensors.index.json");
  else if (fs::exists(path / "model.safetensors")) state_->addFile(path / "model.safetensors");
  else throw std::runtime_error(path.string() + ": expected model.safetensors or model.safetensors.index.json in this folder");
}
Safetensors::~Safetensors() = default;

bool Safetensors::contains(const std::string& name) const { return state_->tensors.count(name) > 0; }

const TensorEntry& Safetensors::entry(const std::string& name) const {
  const auto found = state_->tensors.find(name);
  if (found == state_->tensors.end()) throw std::runtime_error(state_->path.string() + ": there is no tensor \"" + name + "\"");
  return found->second.entry;
}

std::vector<std::string> Safetensors::names() const {
  std::vector<std::string> all;
  for (const auto& [name, unused] : state_->tensors) all.push_back(name);
  return all;
}

std::span<const std::uint8_t> Safetensors::bytes(const std::string& name) const {
  entry(name);
  return state_->tensors.at(name).bytes;
}

void Safetensors::readInto(const std::string& name, std::int64_t first, std::span<float> to) const {
  const TensorEntry& tensor = entry(name);
  requireElements(name, first, static_cast<std::int64_t>(to.size()));
  if (!to.empty()) toFloats(tensor.type, bytes(name).data() + static_cast<std::size_t>(first) * widthOf(tensor), to, state_->path.string() + ": tensor \"" + name + "\"");
}

std::vector<float> Safetensors::read(const std::string& name, std::int64_t first, std::int64_t count) const {
  requireElements(name, first, count);
  std::vector<float> numbers(static_cast<std::size_t>(count));
  readInto(name, first, numbers);
  return numbers;
}

void Safetensors::requireElements(const std::string& name, std::int64_t first, std::int64_t count) const {
  const std::int64_t held = entry(name).count();
  if (first < 0 || count < 0 || first > held || count > held - first)
    throw std::runtime_error(state_->path.string() + ": tensor \"" + name + "\" holds " + std::to_string(held) + " numbers, not as many as were expected");
}

std::vector<float> Safetensors::read(const std::string& name) const { return read(name, 0, entry(name).count()); }
const fs::path& Safetensors::path() const { return state_->path; }

}  // namespace moescope
