#include "core/checkpoint/gguf.h"

#include <charconv>
#include <cstring>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "core/checkpoint/family_table.h"
#include "core/checkpoint/ggml_blocks.h"
#include "core/checkpoint/reading_notes.h"
#include "core/words/words.h"

namespace moescope {
namespace {

constexpr std::uint64_t kLongestName = 65536, kLongestText = 1 << 20;  // texts that are kept; longer ones are passed over
constexpr std::uint32_t kMostDimensions = 4;
constexpr std::size_t kAtOnce = 65536;

enum ValueType : std::uint32_t { U8, I8, U16, I16, U32, I32, F32, Bool, Text, List, U64, I64, F64, kValueTypes };

/// From byte to byte through the header, a piece of it in memory at a time.
class Cursor {
 public:
  Cursor(const ReadBytes& read, std::uint64_t size, const std::string& file) : read_(read), size_(size), file_(file) {}

  std::uint64_t at() const { return at_; }
  std::uint64_t left() const { return size_ - at_; }
  [[noreturn]] void fail(const std::string& what) const {
    throw std::runtime_error(translated("%1: byte %2: %3", file_, std::to_string(at_), what));
  }

  template <typename Number>
  Number number() {
    Number value;
    take(reinterpret_cast<std::uint8_t*>(&value), sizeof value);
    return value;
  }
  /// A length and so many bytes.
  std::string text(std::uint64_t most, const char* what) {
    const auto length = number<std::uint64_t>();
    if (length > most || length > left())
      fail(translated("%1 of %2 bytes; expected at most %3", std::string(what), std::to_string(length),
                      std::to_string(std::min(most, left()))));
    std::string value(length, '\0');
    take(reinterpret_cast<std::uint8_t*>(value.data()), value.size());
    return value;
  }
  void pass(std::uint64_t bytes) {
    if (bytes > left()) fail(translated("the file ends %1 bytes too early", std::to_string(bytes - left())));
    at_ += bytes;
  }

 private:
  void take(std::uint8_t* to, std::size_t bytes) {
    if (bytes > left()) fail(translated("the file ends in its header: is it truncated?"));
    if (bytes > kAtOnce) {
      read_(at_, {to, bytes});
    } else if (bytes > 0) {
      if (at_ < begin_ || at_ + bytes > begin_ + piece_.size()) {
        begin_ = at_;
        piece_.resize(std::min<std::uint64_t>(kAtOnce, left()));
        read_(begin_, piece_);
      }
      std::memcpy(to, piece_.data() + (at_ - begin_), bytes);
    }
    at_ += bytes;
  }

  const ReadBytes& read_;
  std::uint64_t size_, at_ = 0, begin_ = 0;
  std::vector<std::uint8_t> piece_;
  std::string file_;
};

std::uint64_t bytesOf(std::uint32_t type) {
  constexpr std::uint64_t kBytes[] = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};
  return kBytes[type];
}

double numberOf(Cursor& cursor, std::uint32_t type) {
  switch (type) {
    case U8: return cursor.number<std::uint8_t>();
    case I8: return cursor.number<std::int8_t>();
    case U16: return cursor.number<std::uint16_t>();
    case I16: return cursor.number<std::int16_t>();
    case U32: return cursor.number<std::uint32_t>();
    case I32: return cursor.number<std::int32_t>();
    case F32: return cursor.number<float>();
    case Bool: return cursor.number<std::uint8_t>() != 0;
    case U64: return static_cast<double>(cursor.number<std::uint64_t>());
    case I64: return static_cast<double>(cursor.number<std::int64_t>());
    default: return cursor.number<double>();
  }
}

std::uint32_t typeOf(Cursor& cursor, const std::string& key) {
  const auto type = cursor.number<std::uint32_t>();
  if (type >= kValueTypes)
    cursor.fail(translated("\"%1\": expected a type from 0 to 12, found %2", printable(key), std::to_string(type)));
  return type;
}

void passList(Cursor& cursor, const std::string& key) {
  const std::uint32_t type = typeOf(cursor, key);
  const auto count = cursor.number<std::uint64_t>();
  if (type == List) cursor.fail(translated("\"%1\": a list of lists", printable(key)));
  if (count > cursor.left())
    cursor.fail(translated("\"%1\": a list of %2 values does not fit into the file", printable(key), std::to_string(count)));
  if (type != Text) return cursor.pass(count * bytesOf(type));
  for (std::uint64_t i = 0; i < count; ++i) cursor.pass(cursor.number<std::uint64_t>());
}

void readValue(Cursor& cursor, GgufHeader& header) {
  const std::string key = cursor.text(kLongestName, "a key");
  const std::uint32_t type = typeOf(cursor, key);
  if (type == List) passList(cursor, key);
  else if (type == Text) header.texts[key] = cursor.text(kLongestText, "a text");
  else header.numbers[key] = numberOf(cursor, type);
}

/// Its begin and end are bytes of the data.
void readTensor(Cursor& cursor, GgufHeader& header) {
  const std::string name = cursor.text(kLongestName, "a name");
  const std::string who = "tensor \"" + printable(name) + "\": ";
  TensorEntry entry;
  const auto dimensions = cursor.number<std::uint32_t>();
  if (dimensions > kMostDimensions)
    cursor.fail(translated("%1%2 dimensions; expected at most 4", who, std::to_string(dimensions)));
  std::uint64_t values = 1;
  for (std::uint32_t i = 0; i < dimensions; ++i) {
    const auto size = cursor.number<std::uint64_t>();
    if (size == 0 || size > (1ull << 40) || __builtin_mul_overflow(values, size, &values) || values > (1ull << 50))
      cursor.fail(translated("%1its shape is too large, or empty", who));
    entry.shape.insert(entry.shape.begin(), static_cast<std::int64_t>(size));
  }
  const auto number = cursor.number<std::uint32_t>();
  entry.type = ggmlTypeName(number);
  if (entry.type.empty()) cursor.fail(translated("%1type %2 is not known", who, std::to_string(number)));
  const GgmlBlock block = ggmlBlock(entry.type);
  const std::uint64_t row = entry.shape.empty() ? 1 : static_cast<std::uint64_t>(entry.shape.back());
  if (row % static_cast<std::uint64_t>(block.values))
    cursor.fail(translated("%1rows of %2 values are no whole blocks of %3", who, std::to_string(row), entry.type));
  entry.begin = cursor.number<std::uint64_t>();
  entry.end = entry.begin + values / static_cast<std::uint64_t>(block.values) * static_cast<std::uint64_t>(block.bytes);
  if (entry.end < entry.begin) cursor.fail(translated("%1its offset is too large", who));
  if (!header.tensors.emplace(name, entry).second) cursor.fail(translated("%1occurs twice", who));
}

void checkData(const GgufHeader& header, std::uint64_t size, const std::string& file) {
  for (const auto& [name, entry] : header.tensors)
    if (header.dataBegin > size || entry.end > size - header.dataBegin)
      throw std::runtime_error(
          translated("%1: tensor \"%2\": ends at byte %3 of the data, but the file holds %4: is it truncated?", file,
                     printable(name), std::to_string(entry.end), std::to_string(size - std::min(size, header.dataBegin))));
}

/// llama.cpp's architecture and what it is elsewhere, whether its weights are divided by their sum where the metadata do not say.
struct Architecture {
  const char* name;
  const char* family;
  const char* expertUnits;  ///< below the architecture's name
  double renormalised;
};
constexpr Architecture kArchitectures[] = {
    {"llama", "mixtral", "feed_forward_length", 1},
    {"qwen2moe", "qwen2_moe", "expert_feed_forward_length", 0},
    {"qwen3moe", "qwen3_moe", "expert_feed_forward_length", 1},
    {"olmoe", "olmoe", "feed_forward_length", 0},
    {"deepseek2", "deepseek_v2", "expert_feed_forward_length", 0},
    {"glm4moe", "glm4_moe", "expert_feed_forward_length", 1},
    {"dots1", "dots1", "expert_feed_forward_length", 0},
    {"minimax-m2", "minimax_m2", "expert_feed_forward_length", 1},
};
constexpr double kSigmoid = 2;  // of expert_gating_func

const Architecture& architectureOf(const GgufHeader& header, const std::string& file) {
  const auto name = header.texts.find("general.architecture");
  if (name == header.texts.end()) throw std::runtime_error(translated("%1: expected a text \"general.architecture\"", file));
  std::string known;
  for (const Architecture& architecture : kArchitectures) {
    if (name->second == architecture.name) return architecture;
    known += (known.empty() ? "" : ", ") + std::string(architecture.name);
  }
  throw std::runtime_error(
      translated("%1: architecture \"%2\" is not known; expected one of %3", file, printable(name->second), known));
}

/// The family's row: deepseek2 is DeepSeek-V2, or V3 where scores are sigmoids.
const Family& familyOf(const GgufHeader& header, const Architecture& architecture) {
  const auto function = header.numbers.find(std::string(architecture.name) + ".expert_gating_func");
  const bool sigmoid = function != header.numbers.end() && function->second == kSigmoid;
  return *familyNamed(std::string(architecture.family) == "deepseek_v2" && sigmoid ? "deepseek_v3" : architecture.family);
}

/// What stands below a block and, behind the arrow, its name elsewhere below the MoE block.
struct Renamed {
  const char* from;
  const char* to;
};
constexpr Renamed kNames[] = {
    {"ffn_gate_inp.weight", "gate.weight"},
    {"exp_probs_b.bias", "gate.e_score_correction_bias"},
    {"ffn_gate_exps.weight", "experts.gate_exps"},
    {"ffn_up_exps.weight", "experts.up_exps"},
    {"ffn_down_exps.weight", "experts.down_exps"},
    {"ffn_gate_shexp.weight", "shared_expert.gate_proj.weight"},
    {"ffn_up_shexp.weight", "shared_expert.up_proj.weight"},
    {"ffn_down_shexp.weight", "shared_expert.down_proj.weight"},
    {"ffn_gate_inp_shexp.weight", "shared_expert_gate.weight"},
};

}  // namespace

bool isGguf(const std::filesystem::path& path) { return path.extension() == ".gguf"; }

GgufHeader readGgufHeader(const ReadBytes& read, std::uint64_t size, const std::string& file) {
  Cursor cursor(read, size, file);
  constexpr std::uint64_t kLeast = 24;  // magic, version, two counts
  if (size < 4 || cursor.number<std::uint32_t>() != 0x46554747u)
    throw std::runtime_error(translated("%1: expected a GGUF file, which begins with \"GGUF\"", file));
  if (size < kLeast)
    throw std::runtime_error(translated("%1: the file ends at byte %2, within the header of a GGUF file: is it truncated?", file,
                                        std::to_string(size)));
  const auto version = cursor.number<std::uint32_t>();
  if (version != 2 && version != 3) cursor.fail(translated("expected GGUF version 2 or 3, found %1", std::to_string(version)));
  const auto tensors = cursor.number<std::uint64_t>(), values = cursor.number<std::uint64_t>();
  if (tensors > size / 24 || values > size / 13)
    cursor.fail(translated("%1 tensors and %2 values do not fit into the file", std::to_string(tensors), std::to_string(values)));
  GgufHeader header;
  for (std::uint64_t i = 0; i < values; ++i) readValue(cursor, header);
  for (std::uint64_t i = 0; i < tensors; ++i) readTensor(cursor, header);
  const auto alignment = header.numbers.find("general.alignment");
  const auto step = alignment == header.numbers.end() ? 32.0 : alignment->second;
  if (!(step >= 1 && step <= 65536 && step == static_cast<double>(static_cast<std::uint64_t>(step))))
    cursor.fail(translated("expected a general.alignment from 1 to 65536"));
  const auto whole = static_cast<std::uint64_t>(step);
  header.dataBegin = (cursor.at() + whole - 1) / whole * whole;
  checkData(header, size, file);
  return header;
}

nlohmann::json configOfGguf(const GgufHeader& header, const std::string& file) {
  const Architecture& architecture = architectureOf(header, file);
  const Family& family = familyOf(header, architecture);
  const auto number = [&](const std::string& key) {
    const auto found = header.numbers.find(std::string(architecture.name) + "." + key);
    return found == header.numbers.end() ? nlohmann::json() : nlohmann::json(found->second);
  };
  if (const auto parts = header.numbers.find("split.count"); parts != header.numbers.end() && parts->second > 1)
    throw std::runtime_error(translated("%1: one of %2 parts; expected a whole model: join them with llama-gguf-split --merge",
                                        file, std::to_string(static_cast<int>(parts->second))));
  nlohmann::json config = {
      {"model_type", wordsOf(family.types).front()}, {"hidden_act", "silu"}, {"hidden_size", number("embedding_length")}};
  const auto set = [&](const char* names, const nlohmann::json& value) {
    if (*names && !value.is_null()) config[wordsOf(names).front()] = value;
  };
  const nlohmann::json skipped = number("nextn_predict_layers"), layers = number("block_count");
  set("num_hidden_layers",
      layers.is_null() || skipped.is_null() ? layers : nlohmann::json(layers.get<double>() - skipped.get<double>()));
  set(family.experts, number("expert_count"));
  set(family.chosen, number("expert_used_count"));
  set(family.units, number(architecture.expertUnits));
  set(family.scaling.names, number("expert_weights_scale"));
  const nlohmann::json normalised = number("expert_weights_norm"), groups = number("expert_group_count"),
                       kept = number("expert_group_used_count");
  set(family.renormalise.names, normalised.is_null() ? nlohmann::json(architecture.renormalised) : normalised);
  set(family.groups.names, groups.is_null() ? nlohmann::json(1) : groups);
  set(family.keptGroups.names, kept.is_null() ? nlohmann::json(1) : kept);
  if (family.rule == RouterRule::GroupedSoftmax) config["topk_method"] = "greedy";
  return config;
}

TensorMap renamedFromGguf(const GgufHeader& header, const std::string& file) {
  const std::string block = wordsOf(familyOf(header, architectureOf(header, file)).blocks).front();
  TensorMap renamed;
  for (const auto& [name, entry] : header.tensors) {
    TensorEntry own = entry;
    std::string elsewhere = name;
    int layer = -1;
    const char* end = name.data() + name.size();
    if (name.starts_with("blk."))
      if (const auto parsed = std::from_chars(name.data() + 4, end, layer);
          parsed.ec == std::errc() && parsed.ptr != end && layer >= 0)
        for (const auto& [from, to] : kNames)
          if (std::string_view(parsed.ptr + 1, static_cast<std::size_t>(end - parsed.ptr - 1)) == from) {
            elsewhere = "model.layers." + std::to_string(layer) + "." + block + "." + to;
            if (own.shape.size() == 1 && elsewhere.ends_with("shared_expert_gate.weight")) own.shape.insert(own.shape.begin(), 1);
          }
    if (!renamed.emplace(elsewhere, own).second)
      throw std::runtime_error(
          translated("%1: tensor \"%2\" and \"%3\" are the same", file, printable(name), printable(elsewhere)));
  }
  return renamed;
}

}  // namespace moescope
