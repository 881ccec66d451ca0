#include "core/checkpoint/safetensors_writer.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>

namespace moescope {
namespace {

constexpr std::size_t kAlignment = 8;  // of the data's beginning

/// Bytes of one element; 0 for a tensor without any.
std::size_t width(const TensorToWrite& tensor) {
  std::size_t count = 1;
  for (const std::int64_t size : tensor.shape) count *= static_cast<std::size_t>(size);
  return count ? tensor.bytes.size() / count : 0;
}

std::string littleEndian(std::uint64_t value) {
  std::string bytes(8, '\0');
  for (std::size_t i = 0; i < 8; ++i) bytes[i] = static_cast<char>(value >> (8 * i));
  return bytes;
}

}  // namespace

std::string safetensorsBytes(std::vector<TensorToWrite> tensors, const std::map<std::string, std::string>& metadata) {
  std::sort(tensors.begin(), tensors.end(), [](const TensorToWrite& a, const TensorToWrite& b) {
    return std::tuple(width(b), a.name) < std::tuple(width(a), b.name);
  });
  nlohmann::json header = {{"__metadata__", metadata}};
  std::size_t end = 0;
  for (const TensorToWrite& tensor : tensors) {
    const std::size_t begin = std::exchange(end, end + tensor.bytes.size());
    header[tensor.name] = {{"dtype", tensor.type}, {"shape", tensor.shape}, {"data_offsets", {begin, end}}};
  }
  std::string text = header.dump();
  text.resize((text.size() + kAlignment - 1) / kAlignment * kAlignment, ' ');
  std::string file = littleEndian(text.size());
  file.reserve(file.size() + text.size() + end);
  file += text;
  for (const TensorToWrite& tensor : tensors)
    file.append(reinterpret_cast<const char*>(tensor.bytes.data()), tensor.bytes.size());
  return file;
}

}  // namespace moescope
