#include "core/checkpoint/safetensors.h"

#include <bit>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/checkpoint/number_formats.h"
#include "core/data/files.h"

namespace moescope {
namespace {

namespace fs = std::filesystem;
static_assert(std::endian::native == std::endian::little, "safetensors are little-endian");

class MappedFile {
 public:
  explicit MappedFile(const fs::path& path) {
    requireRegularFile(path);
    const int handle = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);  // and a pipe that takes its place does not wait
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

/// Where a large tensor part lies: pages asked for before they are touched, and let go after, so that what is mapped stays small
/// (the file's own cache keeps them).
class AdvisedPages {
 public:
  explicit AdvisedPages(std::span<const std::uint8_t> part) {
    if (part.size() < kLeastAdvised) return;
    const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    const auto begin = reinterpret_cast<std::uintptr_t>(part.data()) & ~(page - 1);
    begin_ = reinterpret_cast<void*>(begin);
    size_ = reinterpret_cast<std::uintptr_t>(part.data()) + part.size() - begin;
    ::madvise(begin_, size_, MADV_WILLNEED);
  }
  ~AdvisedPages() {
    if (size_) ::madvise(begin_, size_, MADV_DONTNEED);
  }
  AdvisedPages(const AdvisedPages&) = delete;
  AdvisedPages& operator=(const AdvisedPages&) = delete;

 private:
  static constexpr std::size_t kLeastAdvised = 1 << 18;
  void* begin_ = nullptr;
  std::size_t size_ = 0;
};

/// Bytes of one element of a type that toFloats takes.
std::size_t widthOf(const TensorEntry& entry) {
  const auto count = static_cast<std::uint64_t>(entry.count());
  return count ? (entry.end - entry.begin) / count : 0;
}

std::string jsonText(const fs::path& path) {
  requireRegularFile(path);
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
    std::uint64_t length = 0;
    std::memcpy(&length, bytes.data(), sizeof length);
    const std::size_t header = 8 + length;
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
  if (to.empty()) return;
  const std::size_t width = widthOf(tensor);
  const auto part = bytes(name).subspan(static_cast<std::size_t>(first) * width, to.size() * width);
  const AdvisedPages pages(part);
  toFloats(tensor.type, part.data(), to, state_->path.string() + ": tensor \"" + name + "\"");
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
