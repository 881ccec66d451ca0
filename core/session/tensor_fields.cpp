#include "core/session/tensor_fields.h"

#include <stdexcept>
#include <utility>

#include "core/checkpoint/safetensors_writer.h"
#include "core/words/words.h"

namespace moescope {

// ---------------------------------------------------------------- writing

void FieldWriter::operator()(const std::string& name, const std::vector<std::string>& texts) {
  std::string together;
  std::vector<std::int64_t> lengths;
  for (const std::string& text : texts) {
    together += text;
    lengths.push_back(static_cast<std::int64_t>(text.size()));
  }
  (*this)(name, together);
  (*this)(name + ".shape", lengths);
}

void FieldWriter::put(const std::string& name, const char* type, std::vector<std::int64_t> shape, const void* data,
                      std::size_t bytes) {
  const auto* begin = static_cast<const std::uint8_t*>(data);
  tensors_.push_back(
      {prefix_ + name, type, std::move(shape), bytes ? std::vector(begin, begin + bytes) : std::vector<std::uint8_t>{}});
}

std::string FieldWriter::bytes() const {
  std::vector<TensorToWrite> tensors;
  for (const Tensor& tensor : tensors_) tensors.push_back({tensor.name, tensor.type, tensor.shape, tensor.bytes});
  return safetensorsBytes(std::move(tensors), {});
}

// ---------------------------------------------------------------- reading

FieldReader::FieldReader(std::string_view bytes, std::string place) : place_(std::move(place)) {
  const std::span beginning(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  const std::uint64_t length = safetensorsHeaderLength(beginning, bytes.size(), place_);
  data_ = bytes.substr(8 + length);
  tensors_ = parseSafetensorsHeader(bytes.substr(8, length), data_.size(), place_);
}

void FieldReader::operator()(const std::string& name, std::vector<std::string>& texts) {
  std::vector<std::int64_t> lengths;
  (*this)(name + ".shape", lengths);
  std::string together;
  (*this)(name, together);
  std::size_t begin = 0;
  for (const std::int64_t length : lengths) {
    require(length >= 0 && static_cast<std::uint64_t>(length) <= together.size() - begin, name,
            translated("as much as its shapes say"));
    texts.push_back(together.substr(begin, static_cast<std::size_t>(length)));
    begin += static_cast<std::size_t>(length);
  }
  require(begin == together.size(), name, translated("as much as its shapes say"));
}

void FieldReader::require(bool holds, const std::string& name, const std::string& expected) const {
  if (!holds) throw std::runtime_error(translated("%1: %2%3: expected %4", place_, prefix_, name, expected));
}

const TensorEntry& FieldReader::entry(const std::string& name) const {
  const auto found = tensors_.find(prefix_ + name);
  require(found != tensors_.end(), name, translated("a tensor of this name"));
  return found->second;
}

const char* FieldReader::data(const std::string& name, const char* type, std::size_t dimensions) const {
  const TensorEntry& tensor = entry(name);
  require(tensor.type == type && tensor.shape.size() == dimensions, name,
          translated("%1 of %2 dimensions", std::string(type), std::to_string(dimensions)));
  for (const std::int64_t size : tensor.shape)
    require(size <= (dimensions == 1 ? std::int64_t{1} << 40 : kLongest), name, translated("a smaller shape"));
  return data_.data() + tensor.begin;
}

/// Of a list that has one tensor or more for each element.
std::size_t FieldReader::count(const std::string& name) {
  std::int64_t number = 0;
  (*this)(name + ".count", number);
  require(number >= 0 && static_cast<std::uint64_t>(number) <= tensors_.size(), name + ".count",
          translated("no more than there are tensors"));
  return static_cast<std::size_t>(number);
}

}  // namespace moescope
