#include "core/checkpoint/safetensors.h"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>

#include "core/checkpoint/ggml_blocks.h"
#include "core/checkpoint/gguf.h"
#include "core/checkpoint/number_formats.h"
#include "core/data/files.h"
#include "core/data/json_text.h"
#include "core/geometry/stop_scope.h"
#include "core/words/words.h"

namespace moescope {
namespace {

namespace fs = std::filesystem;
static_assert(std::endian::native == std::endian::little, "safetensors are little-endian");

constexpr std::size_t kAtOnce = 1 << 18;  // bytes that are read before they are converted: they stay in the cache

/// An open file that is read where it is asked for. It may shrink meanwhile, or its name vanish; then there is an exception,
/// where a mapping would end the program.
class ReadFile {
 public:
  explicit ReadFile(const fs::path& path) : path_(path) {
    requireRegularFile(path);
    handle_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);  // and a pipe that takes its place does not wait
    if (handle_ < 0) throw std::runtime_error(path.string() + ": " + std::strerror(errno));
    struct stat status {};
    const bool regular = ::fstat(handle_, &status) == 0 && S_ISREG(status.st_mode);
    size_ = regular ? static_cast<std::uint64_t>(status.st_size) : 0;
    if (size_ > 0) return;
    ::close(handle_);
    throw std::runtime_error(translated("%1: expected a safetensors file, found %2", path.string(),
                                        regular ? translated("an empty file") : translated("something that is no file")));
  }
  ~ReadFile() { ::close(handle_); }
  ReadFile(const ReadFile&) = delete;
  ReadFile& operator=(const ReadFile&) = delete;

  std::uint64_t size() const { return size_; }
  const fs::path& path() const { return path_; }
  /// Tells the system that so much will be read from there.
  void announce(std::uint64_t at, std::size_t bytes) const {
    ::posix_fadvise(handle_, static_cast<off_t>(at), static_cast<off_t>(bytes), POSIX_FADV_WILLNEED);
  }

  void read(std::uint64_t at, std::span<std::uint8_t> to) const {
    while (!to.empty()) {
      const ssize_t got = ::pread(handle_, to.data(), to.size(), static_cast<off_t>(at));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0)
        throw std::runtime_error(
            translated("%1: byte %2 cannot be read: %3", path_.string(), std::to_string(at), std::strerror(errno)));
      if (got == 0) {
        struct stat now {};
        const bool known = ::fstat(handle_, &now) == 0;  // where the read stopped may lie far behind the file's end
        throw std::runtime_error(
            translated("%1: the file ends at byte %2, expected %3: it has become shorter since it was opened", path_.string(),
                       std::to_string(known ? static_cast<std::uint64_t>(now.st_size) : at), std::to_string(size_)));
      }
      at += static_cast<std::uint64_t>(got);
      to = to.subspan(static_cast<std::size_t>(got));
    }
  }

 private:
  fs::path path_;
  int handle_ = -1;
  std::uint64_t size_ = 0;
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
  if (failed || size > kLargestHeader)
    throw std::runtime_error(translated("%1: cannot be read, or larger than 100 MB", path.string()));
  std::string text(size, '\0');
  if (!file.read(text.data(), static_cast<std::streamsize>(size)))
    throw std::runtime_error(translated("%1: cannot be read", path.string()));
  return text;
}

/// Deep JSON would make a recursive reader overflow the stack: refuse it, and duplicates, while reading.
nlohmann::json shallowJson(const fs::path& path) {
  return readJson(jsonText(path), path.string(), 8,
                  [&] { return translated("%1: JSON nested deeper than 8; expected weight_map", path.string()); });
}

}  // namespace

struct Safetensors::State {
  struct Place {
    TensorEntry entry;
    const ReadFile* file = nullptr;
    std::uint64_t begin = 0;  ///< of its data in the file
  };
  fs::path path;
  std::optional<std::string> config;
  std::vector<std::unique_ptr<const ReadFile>> files;
  std::map<std::string, Place> tensors;

  void addFile(const fs::path& path) {
    stopIfWanted();
    files.push_back(std::make_unique<const ReadFile>(path));
    const ReadFile& file = *files.back();
    std::vector<std::uint8_t> beginning(std::min<std::uint64_t>(8, file.size()));
    file.read(0, beginning);
    const std::uint64_t length = safetensorsHeaderLength(beginning, file.size(), path.string());
    std::string header(length, '\0');
    file.read(8, {reinterpret_cast<std::uint8_t*>(header.data()), header.size()});
    for (const auto& [name, entry] : parseSafetensorsHeader(header, file.size() - 8 - length, path.string()))
      if (!tensors.emplace(name, Place{entry, &file, 8 + length + entry.begin}).second)
        throw std::runtime_error(translated("%1: tensor \"%2\" is also in another shard", path.string(), name));
  }

  void addGguf(const fs::path& path) {
    files.push_back(std::make_unique<const ReadFile>(path));
    const ReadFile& file = *files.back();
    const GgufHeader header =
        readGgufHeader([&](std::uint64_t at, std::span<std::uint8_t> to) { file.read(at, to); }, file.size(), path.string());
    config = configOfGguf(header, path.string()).dump();
    for (const auto& [name, entry] : renamedFromGguf(header, path.string()))
      tensors.emplace(name, Place{entry, &file, header.dataBegin + entry.begin});
  }

  void addShards(const fs::path& index) {
    const nlohmann::json json = shallowJson(index);
    if (!json.is_object() || !json.contains("weight_map") || !json["weight_map"].is_object())
      throw std::runtime_error(translated("%1: expected an object \"weight_map\" from tensor to file", index.string()));
    std::map<std::string, std::string> fileOf;
    std::map<std::string, bool> shards;
    for (const auto& [name, value] : json["weight_map"].items()) {
      if (!value.is_string())
        throw std::runtime_error(translated("%1: weight_map of \"%2\": expected a file name", index.string(), name));
      const auto shard = value.get<std::string>();
      if (shard.empty() || shard == "." || shard == ".." || shard.find_first_of("/\\") != std::string::npos ||
          shard.find('\0') != std::string::npos)
        throw std::runtime_error(
            translated("%1: weight_map of \"%2\": expected a plain file name in the same folder", index.string(), name));
      shards[shard] = true;
      fileOf[name] = shard;
    }
    for (const auto& [shard, unused] : shards) addFile(index.parent_path() / shard);
    for (const auto& [name, shard] : fileOf)
      if (!tensors.count(name))
        throw std::runtime_error(translated("%1: tensor \"%2\" is not in %3", index.string(), name, shard));
  }
};

Safetensors::Safetensors(const fs::path& path) : state_(std::make_unique<State>()) {
  state_->path = path;
  if (!fs::exists(path)) throw std::runtime_error(translated("%1: no such file or folder", path.string()));
  if (isGguf(path)) state_->addGguf(path);
  else if (!fs::is_directory(path)) state_->addFile(path);
  else if (fs::exists(path / "model.safetensors.index.json")) state_->addShards(path / "model.safetensors.index.json");
  else if (fs::exists(path / "model.safetensors")) state_->addFile(path / "model.safetensors");
  else
    throw std::runtime_error(
        translated("%1: expected model.safetensors or model.safetensors.index.json in this folder", path.string()));
}
Safetensors::~Safetensors() = default;

bool Safetensors::contains(const std::string& name) const { return state_->tensors.count(name) > 0; }

const TensorEntry& Safetensors::entry(const std::string& name) const {
  const auto found = state_->tensors.find(name);
  if (found == state_->tensors.end())
    throw std::runtime_error(translated("%1: there is no tensor \"%2\"", state_->path.string(), name));
  return found->second.entry;
}

std::vector<std::string> Safetensors::names() const {
  std::vector<std::string> all;
  for (const auto& [name, unused] : state_->tensors) all.push_back(name);
  return all;
}

std::uint64_t Safetensors::byteCount(const std::string& name) const {
  const TensorEntry& tensor = entry(name);
  return tensor.end - tensor.begin;
}

void Safetensors::readBytes(const std::string& name, std::uint64_t first, std::span<std::uint8_t> to) const {
  const std::uint64_t held = byteCount(name);
  if (first > held || to.size() > held - first)
    throw std::runtime_error(translated("%1: tensor \"%2\" holds %3 bytes, not as many as were expected", state_->path.string(),
                                        name, std::to_string(held)));
  const State::Place& place = state_->tensors.at(name);
  constexpr std::size_t most = 4 << 20;  // between two questions whether to stop
  for (std::size_t done = 0; done < to.size(); done += most) {
    stopIfWanted();
    place.file->read(place.begin + first + done, to.subspan(done, std::min(most, to.size() - done)));
  }
}

void Safetensors::readInto(const std::string& name, std::int64_t first, std::span<float> to) const {
  const TensorEntry& tensor = entry(name);
  requireElements(name, first, static_cast<std::int64_t>(to.size()));
  if (to.empty()) return;
  const State::Place& place = state_->tensors.at(name);
  const std::string who = state_->path.string() + ": tensor \"" + name + "\"";
  const bool packed = isGgmlPacking(tensor.type);
  const GgmlBlock block = packed ? ggmlBlock(tensor.type) : GgmlBlock{1, static_cast<int>(widthOf(tensor))};
  const auto values = static_cast<std::size_t>(block.values), bytes = static_cast<std::size_t>(block.bytes);
  if (static_cast<std::size_t>(first) % values || to.size() % values)
    throw std::runtime_error(translated("%1: expected whole blocks of %2 values (%3)", who, std::to_string(values), tensor.type));
  const std::size_t most = std::max<std::size_t>(1, kAtOnce / bytes) * values;
  std::uint64_t at = place.begin + static_cast<std::uint64_t>(first) / values * bytes;
  if (to.size() > most) place.file->announce(at, to.size() / values * bytes);
  std::vector<std::uint8_t> buffer(std::min(to.size(), most) / values * bytes);
  for (std::size_t done = 0; done < to.size(); done += most) {
    stopIfWanted();
    const std::span<float> part = to.subspan(done, std::min(most, to.size() - done));
    const std::span<std::uint8_t> stored(buffer.data(), part.size() / values * bytes);
    place.file->read(at, stored);
    if (packed) unpackGgml(tensor.type, stored.data(), part);
    else toFloats(tensor.type, stored.data(), part, who);
    at += stored.size();
  }
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
    throw std::runtime_error(translated("%1: tensor \"%2\" holds %3 numbers, not as many as were expected", state_->path.string(),
                                        name, std::to_string(held)));
}

std::vector<float> Safetensors::read(const std::string& name) const { return read(name, 0, entry(name).count()); }
const fs::path& Safetensors::path() const { return state_->path; }
const std::optional<std::string>& Safetensors::config() const { return state_->config; }

}  // namespace moescope
