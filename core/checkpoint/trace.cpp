#include "core/checkpoint/trace.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>
#include <sstream>
#include <stdexcept>

#include "core/words/words.h"

namespace moescope {
namespace {

std::string name(const char* what, int layer) { return std::string(what) + "." + std::to_string(layer); }

constexpr std::size_t kLongestDomainName = 40;  // bytes
constexpr std::size_t kNamedTensors = 6;        // of those that are not read

bool isInteger(const std::string& type) { return type.starts_with("I") || type.starts_with("U"); }

}  // namespace

RoutingTrace::RoutingTrace(const std::filesystem::path& file) : tensors_(file), file_(file.string()) {
  for (const std::string& tensor : tensors_.names()) {
    if (!tensor.starts_with("hidden.")) continue;
    int layer = -1;
    const char* end = tensor.data() + tensor.size();
    const auto parsed = std::from_chars(tensor.data() + 7, end, layer);
    require(parsed.ec == std::errc() && parsed.ptr == end && layer >= 0, tensor, translated("a layer number after 'hidden.'"));
    layers_.push_back(layer);
  }
  if (layers_.empty())
    throw std::runtime_error(
        translated("%1: no tensor hidden.L; a routing trace holds the hidden states of at least one layer", file_));
  std::sort(layers_.begin(), layers_.end());
  tokens_ = -1;
  for (const int layer : layers_) {
    const TensorEntry& hidden = tensors_.entry(name("hidden", layer));
    require(hidden.shape.size() == 2 && hidden.shape[0] > 0 && hidden.shape[1] > 0, name("hidden", layer),
            translated("a shape [tokens, width]"));
    if (tokens_ < 0) tokens_ = hidden.shape[0];
    require(hidden.shape[0] == tokens_, name("hidden", layer),
            translated("%1 tokens as in the other layers", std::to_string(tokens_)));
    for (const char* what : {"router_logits", "expert_ids", "gates"}) {
      if (!tensors_.contains(name(what, layer))) continue;
      const TensorEntry& entry = tensors_.entry(name(what, layer));
      require(entry.shape.size() == 2 && entry.shape[0] == tokens_ && entry.shape[1] > 0, name(what, layer),
              translated("a shape [%1, n]", std::to_string(tokens_)));
    }
    if (tensors_.contains(name("expert_ids", layer)))
      require(isInteger(tensors_.entry(name("expert_ids", layer)).type), name("expert_ids", layer), translated("integers"));
    if (tensors_.contains(name("gates", layer)))
      require(tensors_.contains(name("expert_ids", layer)) &&
                  tensors_.entry(name("gates", layer)).shape == tensors_.entry(name("expert_ids", layer)).shape,
              name("gates", layer), translated("the shape of %1", name("expert_ids", layer)));
  }
  noteUnread();
}

/// Tensors of other names, and those of layers without hidden states.
void RoutingTrace::noteUnread() {
  std::set<std::string> read = {"tokens", "domains", "domain_names", "synthetic"};
  for (const int layer : layers_)
    for (const char* what : {"hidden", "router_logits", "expert_ids", "gates"}) read.insert(name(what, layer));
  std::string unread;
  std::size_t count = 0;
  for (const std::string& tensor : tensors_.names())
    if (!read.contains(tensor) && ++count <= kNamedTensors) unread += (unread.empty() ? "" : ", ") + tensor;
  if (count > kNamedTensors) unread += " and " + std::to_string(count - kNamedTensors) + " more";
  if (count > 0) notes_.add(ReadingNoteKind::NotRead, translated("%1: a trace has no such tensors: %2", file_, unread));
  for (const std::string& domain : domainLines())
    if (domain.size() > kLongestDomainName)
      notes_.add(ReadingNoteKind::NotRead, translated("%1: domain_names: what follows the first %2 bytes of \"%3\"", file_,
                                                      std::to_string(kLongestDomainName), domain.substr(0, kLongestDomainName)));
}

ReadingNotes RoutingTrace::notesOfLimit(std::int64_t limit) const {
  ReadingNotes notes;
  if (const auto taken = static_cast<std::int64_t>(chosenTokens(limit).size()); taken < tokens_)
    notes.add(ReadingNoteKind::NotRead,
              translated("%1: %2 of %3 tokens: evenly spaced ones are read, %4 at most", file_, std::to_string(tokens_ - taken),
                         std::to_string(tokens_), std::to_string(taken)));
  return notes;
}

void RoutingTrace::require(bool holds, const std::string& tensor, const std::string& expected) const {
  if (!holds) throw std::runtime_error(translated("%1: %2: expected %3", file_, tensor, expected));
}

bool RoutingTrace::has(int layer) const { return std::binary_search(layers_.begin(), layers_.end(), layer); }

RowMatrix RoutingTrace::rows(const std::string& tensor, const std::vector<std::int64_t>& chosen) const {
  const std::int64_t columns = tensors_.entry(tensor).shape[1];
  RowMatrix matrix(static_cast<Eigen::Index>(chosen.size()), columns);
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const std::vector<float> row = tensors_.read(tensor, chosen[i] * columns, columns);
    matrix.row(static_cast<Eigen::Index>(i)) = Eigen::Map<const Eigen::RowVectorXf>(row.data(), columns);
  }
  if (!matrix.allFinite())
    require(false, tensor,
            translated("finite numbers, found %1 others in %2", std::to_string(matrix.size() - matrix.array().isFinite().count()),
                       std::to_string(matrix.size())));
  return matrix;
}

std::vector<std::int64_t> RoutingTrace::chosenTokens(std::int64_t limit) const {
  const std::int64_t taken = std::min(tokens_, std::max<std::int64_t>(1, limit));
  std::vector<std::int64_t> chosen;
  for (std::int64_t i = 0; i < taken; ++i) chosen.push_back(i * tokens_ / taken);
  return chosen;
}

std::vector<int> RoutingTrace::perToken(const std::string& tensor, std::int64_t limit, int most) const {
  if (!tensors_.contains(tensor)) return {};
  const TensorEntry& entry = tensors_.entry(tensor);
  require(entry.shape == std::vector<std::int64_t>{tokens_} && isInteger(entry.type), tensor,
          translated("integers of shape [%1]", std::to_string(tokens_)));
  std::vector<int> numbers;
  for (const std::int64_t row : chosenTokens(limit)) {
    const float number = tensors_.read(tensor, row, 1).front();
    require(number >= 0.0f && number <= static_cast<float>(most), tensor,
            translated("numbers from 0 to %1", std::to_string(most)));
    numbers.push_back(static_cast<int>(number));
  }
  return numbers;
}

bool RoutingTrace::isSynthetic() const {
  if (!tensors_.contains("synthetic")) return false;
  const TensorEntry& entry = tensors_.entry("synthetic");
  require(entry.count() == 1 && (isInteger(entry.type) || entry.type == "BOOL"), "synthetic", translated("one integer"));
  return tensors_.read("synthetic").front() != 0.0f;
}

std::vector<std::string> RoutingTrace::domainNames() const {
  std::vector<std::string> names = domainLines();
  for (std::string& name : names) name.resize(std::min(name.size(), kLongestDomainName));
  return names;
}

std::vector<std::string> RoutingTrace::domainLines() const {
  if (!tensors_.contains("domain_names")) return {};
  const TensorEntry& entry = tensors_.entry("domain_names");
  require(entry.type == "U8" && entry.shape.size() == 1 && entry.count() <= 65536, "domain_names",
          translated("at most 65536 bytes, U8"));
  std::vector<std::uint8_t> bytes(tensors_.byteCount("domain_names"));
  tensors_.readBytes("domain_names", 0, bytes);
  std::istringstream lines(std::string(bytes.begin(), bytes.end()));
  std::vector<std::string> names;
  for (std::string line; std::getline(lines, line);) names.push_back(line);
  return names;
}

TraceLayer RoutingTrace::layer(int layer, int experts, int width, std::int64_t limit) const {
  return this->layer(layer, experts, width, chosenTokens(limit));
}

TraceLayer RoutingTrace::layer(int layer, int experts, int width, const std::vector<std::int64_t>& chosen) const {
  if (!has(layer)) throw std::runtime_error(translated("%1: no tensor %2", file_, name("hidden", layer)));
  require(tensors_.entry(name("hidden", layer)).shape[1] == width, name("hidden", layer),
          translated("width %1 as in the checkpoint", std::to_string(width)));
  TraceLayer result;
  result.hidden = rows(name("hidden", layer), chosen);
  if (tensors_.contains(name("router_logits", layer))) {
    require(tensors_.entry(name("router_logits", layer)).shape[1] == experts, name("router_logits", layer),
            translated("%1 columns, one for each expert", std::to_string(experts)));
    result.logits = rows(name("router_logits", layer), chosen);
  }
  if (tensors_.contains(name("expert_ids", layer))) {
    const RowMatrix ids = rows(name("expert_ids", layer), chosen);
    require(ids.minCoeff() >= 0.0f && ids.maxCoeff() < static_cast<float>(experts), name("expert_ids", layer),
            translated("ids from 0 to %1", std::to_string(experts - 1)));
    result.experts = ids.cast<int>();
    int repeated = 0;
    for (Eigen::Index t = 0; t < result.experts.rows(); ++t) {
      const auto row = result.experts.row(t);
      const std::set<int> distinct(row.begin(), row.end());
      repeated += static_cast<Eigen::Index>(distinct.size()) < row.size() ? 1 : 0;
    }
    if (repeated > 0)
      result.notes.add(ReadingNoteKind::Repeated,
                       translated("%1: %2: %3 tokens name an expert more than once; it counts once, with its last gate", file_,
                                  name("expert_ids", layer), std::to_string(repeated)));
  }
  if (!tensors_.contains(name("gates", layer))) return result;
  result.gates = rows(name("gates", layer), chosen);
  if (const auto negative = (result.gates.array() < 0.0f).count(); negative > 0)
    require(false, name("gates", layer),
            translated("numbers of at least 0, found %1 others in %2", std::to_string(negative),
                       std::to_string(result.gates.size())));
  return result;
}

}  // namespace moescope
