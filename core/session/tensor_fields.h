#pragma once
// The fields of a value as named tensors of one safetensors text, and back. What is to be kept is listed once, by a function that
// is called with either of the two classes here.

#include <Eigen/Core>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/checkpoint/safetensors.h"

namespace moescope {

template <typename Number>
constexpr const char* tensorType() {
  if constexpr (std::is_same_v<Number, float>) return "F32";
  if constexpr (std::is_same_v<Number, double>) return "F64";
  if constexpr (std::is_same_v<Number, std::uint8_t>) return "U8";
  if constexpr (std::is_same_v<Number, std::int32_t>) return "I32";
  if constexpr (std::is_same_v<Number, std::int64_t>) return "I64";
  if constexpr (std::is_same_v<Number, std::uint64_t>) return "U64";
}

template <typename Value>
concept EigenArray = requires { typename Value::PlainObject; };
template <typename Value>
concept TensorNumber = std::is_arithmetic_v<Value> && !std::is_same_v<Value, bool>;

/// Numbers and flags are tensors of no dimension, texts their bytes, arrays of Eigen row-major. NAME of a list of texts or arrays
/// holds them one after another, NAME.shape the length or rows and columns of each.
class FieldWriter {
 public:
  template <TensorNumber Number>
  void operator()(const std::string& name, Number value) {
    put(name, tensorType<Number>(), {}, &value, sizeof value);
  }
  void operator()(const std::string& name, bool value) { (*this)(name, static_cast<std::uint8_t>(value)); }
  void operator()(const std::string& name, const std::string& text) {
    put(name, "U8", {static_cast<std::int64_t>(text.size())}, text.data(), text.size());
  }
  template <TensorNumber Number>
  void operator()(const std::string& name, const std::vector<Number>& values) {
    put(name, tensorType<Number>(), {static_cast<std::int64_t>(values.size())}, values.data(), values.size() * sizeof(Number));
  }
  template <EigenArray Array>
  void operator()(const std::string& name, const Array& array) {
    std::vector<typename Array::Scalar> values;
    append(array, values);
    std::vector<std::int64_t> shape{array.rows(), array.cols()};
    if constexpr (Array::IsVectorAtCompileTime) shape = {array.size()};
    put(name, tensorType<typename Array::Scalar>(), shape, values.data(), values.size() * sizeof values[0]);
  }
  template <EigenArray Array>
  void operator()(const std::string& name, const std::vector<Array>& arrays) {
    std::vector<typename Array::Scalar> values;
    std::vector<std::int64_t> shapes;
    for (const Array& array : arrays) {
      append(array, values);
      shapes.insert(shapes.end(), {array.rows(), array.cols()});
    }
    (*this)(name, values);
    (*this)(name + ".shape", shapes);
  }
  void operator()(const std::string& name, const std::vector<std::string>& texts);
  template <typename Value>
  void later(const std::string& name, const Value& value) {
    (*this)(name, value);
  }
  /// `fields(writer, each)` for each, under NAME.0, NAME.1, ...
  template <typename Value, typename Fields>
  void list(const std::string& name, const std::vector<Value>& values, const Fields& fields) {
    (*this)(name + ".count", static_cast<std::int64_t>(values.size()));
    for (std::size_t i = 0; i < values.size(); ++i) within(name + "." + std::to_string(i), [&] { fields(*this, values[i]); });
  }
  /// `fields(writer, *value)` under NAME, if there is one.
  template <typename Value, typename Fields>
  void optional(const std::string& name, const std::shared_ptr<const Value>& value, const Fields& fields) {
    (*this)(name + ".count", static_cast<std::int64_t>(value ? 1 : 0));
    if (value) within(name, [&] { fields(*this, *value); });
  }
  template <typename Value, typename Fields>
  void laterOptional(const std::string& name, const std::shared_ptr<const Value>& value, const Fields& fields) {
    optional(name, value, fields);
  }
  template <typename Body>
  void within(const std::string& name, const Body& body) {
    const std::string outer = prefix_;
    prefix_ += name + ".";
    body();
    prefix_ = outer;
  }

  /// The whole safetensors text.
  std::string bytes() const;

 private:
  struct Tensor {
    std::string name, type;
    std::vector<std::int64_t> shape;
    std::vector<std::uint8_t> bytes;
  };
  template <typename Array>
  static void append(const Array& array, std::vector<typename Array::Scalar>& values) {
    for (Eigen::Index row = 0; row < array.rows(); ++row)
      for (Eigen::Index column = 0; column < array.cols(); ++column) values.push_back(array(row, column));
  }
  void put(const std::string& name, const char* type, std::vector<std::int64_t> shape, const void* data, std::size_t bytes);

  std::string prefix_;
  std::vector<Tensor> tensors_;
};

/// Each call throws std::runtime_error, "PLACE: NAME: ...", where that field is missing or of another type or shape.
class FieldReader {
 public:
  /// `bytes` must outlive it.
  FieldReader(std::string_view bytes, std::string place);

  template <TensorNumber Number>
  void operator()(const std::string& name, Number& value) {
    std::memcpy(&value, data(name, tensorType<Number>(), 0), sizeof value);
  }
  void operator()(const std::string& name, bool& value) {
    std::uint8_t flag = 0;
    (*this)(name, flag);
    require(flag <= 1, name, "0 or 1");
    value = flag == 1;
  }
  void operator()(const std::string& name, std::string& text) {
    const char* bytes = data(name, "U8", 1);
    text.assign(bytes, static_cast<std::size_t>(shape(name)[0]));
  }
  template <TensorNumber Number>
  void operator()(const std::string& name, std::vector<Number>& values) {
    const char* bytes = data(name, tensorType<Number>(), 1);
    values.resize(static_cast<std::size_t>(shape(name)[0]));
    if (!values.empty()) std::memcpy(values.data(), bytes, values.size() * sizeof(Number));
  }
  template <EigenArray Array>
  void operator()(const std::string& name, Array& array) {
    constexpr bool vector = Array::IsVectorAtCompileTime;
    const char* bytes = data(name, tensorType<typename Array::Scalar>(), vector ? 1 : 2);
    if constexpr (vector)
      array.resize(shape(name)[0]);
    else
      resize(name, array, shape(name)[0], shape(name)[1]);
    fill(array, bytes);
  }
  template <EigenArray Array>
  void operator()(const std::string& name, std::vector<Array>& arrays) {
    std::vector<std::int64_t> shapes;
    (*this)(name + ".shape", shapes);
    const char* bytes = data(name, tensorType<typename Array::Scalar>(), 1);
    std::int64_t left = shape(name)[0];
    require(shapes.size() % 2 == 0, name + ".shape", "pairs of rows and columns");
    arrays.resize(shapes.size() / 2);
    for (std::size_t i = 0; i < arrays.size(); ++i) {
      const std::int64_t rows = shapes[2 * i], columns = shapes[2 * i + 1];
      require(rows >= 0 && columns >= 0 && rows <= kLongest && columns <= kLongest && rows * columns <= left, name,
              "as much as its shapes say");
      left -= rows * columns;
      resize(name, arrays[i], rows, columns);
      fill(arrays[i], bytes);
      bytes += static_cast<std::size_t>(rows * columns) * sizeof(typename Array::Scalar);
    }
    require(left == 0, name, "as much as its shapes say");
  }
  void operator()(const std::string& name, std::vector<std::string>& texts);
  /// A field that is younger than the first files: one without it leaves the value as it is, which is what was done then.
  template <typename Value>
  void later(const std::string& name, Value& value) {
    if (tensors_.contains(prefix_ + name)) (*this)(name, value);
  }
  template <typename Value, typename Fields>
  void list(const std::string& name, std::vector<Value>& values, const Fields& fields) {
    values.resize(count(name));
    for (std::size_t i = 0; i < values.size(); ++i) within(name + "." + std::to_string(i), [&] { fields(*this, values[i]); });
  }
  template <typename Value, typename Fields>
  void optional(const std::string& name, std::shared_ptr<const Value>& value, const Fields& fields) {
    const std::size_t there = count(name);
    require(there <= 1, name + ".count", "0 or 1");
    if (!there) return;
    auto read = std::make_shared<Value>();
    within(name, [&] { fields(*this, *read); });
    value = std::move(read);
  }
  /// As optional(), of a value that is younger than the first files: one without its count has none.
  template <typename Value, typename Fields>
  void laterOptional(const std::string& name, std::shared_ptr<const Value>& value, const Fields& fields) {
    if (tensors_.contains(prefix_ + name + ".count")) optional(name, value, fields);
  }
  template <typename Body>
  void within(const std::string& name, const Body& body) {
    const std::string outer = prefix_;
    prefix_ += name + ".";
    body();
    prefix_ = outer;
  }
  void require(bool holds, const std::string& name, const std::string& expected) const;

 private:
  static constexpr std::int64_t kLongest = 1 << 24;  ///< of a dimension; rows times columns cannot overflow

  template <typename Array>
  void resize(const std::string& name, Array& array, std::int64_t rows, std::int64_t columns) const {
    require(Array::RowsAtCompileTime == Eigen::Dynamic || Array::RowsAtCompileTime == rows, name, "another number of rows");
    require(Array::ColsAtCompileTime == Eigen::Dynamic || Array::ColsAtCompileTime == columns, name, "another number of columns");
    array.resize(rows, columns);
  }
  template <typename Array>
  static void fill(Array& array, const char* bytes) {
    for (Eigen::Index row = 0; row < array.rows(); ++row)
      for (Eigen::Index column = 0; column < array.cols(); ++column, bytes += sizeof(typename Array::Scalar))
        std::memcpy(&array(row, column), bytes, sizeof(typename Array::Scalar));
  }
  const TensorEntry& entry(const std::string& name) const;
  const std::vector<std::int64_t>& shape(const std::string& name) const { return entry(name).shape; }
  const char* data(const std::string& name, const char* type, std::size_t dimensions) const;
  std::size_t count(const std::string& name);

  std::string place_, prefix_;
  TensorMap tensors_;
  std::string_view data_;
};

}  // namespace moescope
