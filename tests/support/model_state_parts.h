#pragma once
// A model's state as a file, taken apart to be changed, and what reading it says.

#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "core/checkpoint/safetensors.h"
#include "core/checkpoint/safetensors_writer.h"
#include "core/knobs/knobs_json.h"
#include "core/training/model_state.h"
#include "tests/support/training_runs.h"

namespace moescope::testing {

/// A file's tensors and entries, to change one of them.
struct Parts {
  struct Tensor {
    std::string type;
    std::vector<std::int64_t> shape;
    std::string bytes;
    bool operator==(const Tensor&) const = default;
  };
  std::map<std::string, Tensor> tensors;
  std::map<std::string, std::string> entries;

  explicit Parts(const std::string& file) {
    std::uint64_t length = 0;
    std::memcpy(&length, file.data(), 8);
    const std::string_view data = std::string_view(file).substr(8 + length);
    for (const auto& [name, entry] :
         parseSafetensorsHeader(std::string_view(file).substr(8, length), data.size(), "parts", &entries))
      tensors[name] = {entry.type, entry.shape, std::string(data.substr(entry.begin, entry.end - entry.begin))};
  }
  std::string file() const {
    std::vector<TensorToWrite> all;
    for (const auto& [name, tensor] : tensors)
      all.push_back(
          {name, tensor.type, tensor.shape, {reinterpret_cast<const std::uint8_t*>(tensor.bytes.data()), tensor.bytes.size()}});
    return safetensorsBytes(all, entries);
  }
  bool operator==(const Parts&) const = default;
  /// The same numbers in other digits are no other model.
  Parts& normalised() {
    std::string& loss = entries.at("training_loss");
    loss = std::to_string(std::stod(loss));
    entries.at("knobs") = knobsJson(readKnobsJson(entries.at("knobs"), "parts"));
    return *this;
  }
  template <typename Number>
  void set(const std::string& name, std::size_t index, Number value) {
    std::memcpy(tensors.at(name).bytes.data() + index * sizeof value, &value, sizeof value);
  }
};

/// Empty: it is read.
inline std::string refusal(const std::string& bytes) {
  try {
    readModelState(bytes, "FILE");
    return "";
  } catch (const std::exception& error) {
    return error.what();
  }
}

inline std::string stateAfter(const Knobs& knobs, int steps) {
  Trainer trainer(knobs, Dispatch::Fused, 1);
  stepsOf(trainer, steps);
  return modelStateBytes(*trainer.save());
}

}  // namespace moescope::testing
