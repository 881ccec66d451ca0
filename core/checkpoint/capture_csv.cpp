// llama.cpp's moe-trace (https://github.com/ggml-org/llama.cpp/pull/28544) and tables of the same kind.

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <utility>

#include "core/words/words.h"

#include "core/checkpoint/capture_records.h"

namespace moescope {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '"'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> fieldsOf(std::string_view line) {
  std::vector<std::string_view> fields;
  for (;;) {
    const std::size_t comma = line.find(',');
    fields.push_back(trimmed(line.substr(0, comma)));
    if (comma == std::string_view::npos) return fields;
    line.remove_prefix(comma + 1);
  }
}

std::optional<std::int64_t> wholeNumber(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failed == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

/// Lines that hold something, without remarks, each with its number from 1.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}
  bool next(std::string_view& line) {
    while (!rest_.empty()) {
      const std::size_t end = rest_.find('\n');
      line = trimmed(rest_.substr(0, end));
      rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
      ++number;
      if (!line.empty() && line.front() != '#') return true;
    }
    return false;
  }
  std::int64_t number = 0;

 private:
  std::string_view rest_;
};

/// Which field is which; -1: there is none.
struct Columns {
  int layer = -1, expert = -1, token = -1, phase = -1, part = -1;
  std::size_t all = 0;
  bool named = false;
};

std::optional<Columns> columnsOf(const std::vector<std::string_view>& first) {
  Columns columns;
  columns.all = first.size();
  for (std::size_t i = 0; i < first.size(); ++i) {
    const int at = static_cast<int>(i);
    if (first[i] == "layer") columns.layer = at;
    if (first[i] == "expert") columns.expert = at;
    if (first[i] == "token" || first[i] == "step" || first[i] == "token_idx") columns.token = at;
    if (first[i] == "phase") columns.phase = at;
    if (first[i] == "turn") columns.part = at;
  }
  columns.named = columns.layer >= 0 && columns.expert >= 0;
  if (columns.named) return columns;
  if (first.size() != 2 || !wholeNumber(first[0]) || !wholeNumber(first[1])) return std::nullopt;
  columns.layer = 0;
  columns.expert = 1;
  return columns;
}

using LayerIds = std::map<std::int32_t, std::vector<std::int32_t>>;

/// Whether no group of k ids that follow one another holds one twice.
bool groupsDiffer(const std::vector<std::int32_t>& ids, std::int64_t k) {
  std::vector<std::int64_t> last(static_cast<std::size_t>(*std::max_element(ids.begin(), ids.end())) + 1, -1);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const std::int64_t group = static_cast<std::int64_t>(i) / k;
    if (std::exchange(last[static_cast<std::size_t>(ids[i])], group) == group) return false;
  }
  return true;
}

bool possible(const LayerIds& layers, std::int64_t k) {
  return std::all_of(layers.begin(), layers.end(), [&](const auto& each) {
    return static_cast<std::int64_t>(each.second.size()) % k == 0 && groupsDiffer(each.second, k);
  });
}

/// Whether every layer begins with all experts once each, as the ranking of one token does: no router gives that to tokens in a
/// row.
bool beginsWithARanking(const LayerIds& layers, std::int64_t experts, std::int64_t k) {
  return experts > 2 * k && std::all_of(layers.begin(), layers.end(), [&](const auto& each) {
           const std::vector<std::int32_t>& ids = each.second;
           return static_cast<std::int64_t>(ids.size()) >= experts &&
                  std::set<std::int32_t>(ids.begin(), ids.begin() + experts).size() == static_cast<std::size_t>(experts);
         });
}

constexpr const char* kRanking = translatable(
    "every layer begins with all its experts once each: the tracer read llama.cpp's view of the top k without its gaps, and ids of all but the first token of a batch are wrong; record it anew");

/// k of rows that do not tell tokens.
std::int64_t chosenOf(const LayerIds& layers, const std::string& file, ReadingNotes& notes) {
  std::int64_t experts = 0;
  std::size_t least = layers.begin()->second.size();
  for (const auto& [layer, ids] : layers) {
    experts = std::max<std::int64_t>(experts, *std::max_element(ids.begin(), ids.end()) + 1);
    least = std::min(least, ids.size());
  }
  if (beginsWithARanking(layers, experts, 1) && experts >= 8)
    throw std::runtime_error(translated("%1: %2 (or say --capture-shape LAYERS,K)", file, translated(kRanking)));
  for (std::int64_t k = std::min<std::int64_t>(experts, static_cast<std::int64_t>(least)); k >= 1; --k)
    if (possible(layers, k)) {
      notes.add(
          ReadingNoteKind::Assumed,
          translated(
              "%1 experts a token: the rows do not tell where a token ends; taken as the largest number of which no token has one expert twice (else --capture-shape LAYERS,K)",
              std::to_string(k)));
      return k;
    }
  throw std::runtime_error(translated("%1: expected rows that k experts a token divide", file));
}

CapturedSequence sequenceOfLayers(LayerIds layers, const std::string& file, std::int64_t chosen, ReadingNotes& notes) {
  const std::int64_t k = chosen > 0 ? chosen : chosenOf(layers, file, notes);
  std::vector<CapturedChoice> choices;
  for (auto& [layer, ids] : layers) {
    if (static_cast<std::int64_t>(ids.size()) % k)
      throw std::runtime_error(translated("%1: layer %2: expected rows for %3 experts a token, found %4 rows", file,
                                          std::to_string(layer), std::to_string(k), std::to_string(ids.size())));
    if (!groupsDiffer(ids, k))
      throw std::runtime_error(translated("%1: layer %2: expected %3 different experts for every token", file,
                                          std::to_string(layer), std::to_string(k)));
    for (std::size_t i = 0; i < ids.size(); ++i) choices.push_back({static_cast<std::int64_t>(i) / k, layer, ids[i]});
    std::vector<std::int32_t>().swap(ids);
  }
  return sequenceOfChoices(std::move(choices), file, notes);
}

void nameColumns(const std::vector<std::string_view>& names, const Columns& columns, ReadingNotes& notes) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    const int at = static_cast<int>(i);
    const bool read = at == columns.layer || at == columns.expert || at == columns.token || at == columns.phase ||
                      at == columns.part || names[i] == "rank" || names[i] == "slot";
    if (!read) notes.add(ReadingNoteKind::NotRead, translated("column \"%1\": left aside", printable(std::string(names[i]))));
  }
}

CapturedPart partOf(std::string_view phase) {
  return phase == "prefill" || phase == "prompt"      ? CapturedPart::Prompt
         : phase == "decode" || phase == "generation" ? CapturedPart::Answer
                                                      : CapturedPart::Unsaid;
}

}  // namespace

bool holdsChoices(std::string_view text) {
  std::string_view line;
  return Lines(text).next(line) && columnsOf(fieldsOf(line));
}

std::vector<CapturedSequence> sequencesFromCsv(std::string_view text, const std::string& file, std::int64_t chosen,
                                               ReadingNotes& notes) {
  Lines lines(text);
  std::string_view line;
  lines.next(line);
  const std::vector<std::string_view> first = fieldsOf(line);
  const Columns columns = *columnsOf(first);
  if (columns.named) nameColumns(first, columns, notes);
  LayerIds byLayer;
  struct Stretch {
    CapturedPart part;
    std::string turn;
    std::vector<CapturedChoice> choices;
  };
  std::vector<Stretch> stretches;
  std::int64_t rows = 0;
  for (bool there = !columns.named || lines.next(line); there; there = lines.next(line)) {
    const std::vector<std::string_view> fields = fieldsOf(line);
    const auto fail = [&](const std::string& expected) {
      throw std::runtime_error(translated("%1, line %2: expected %3, found '%4'", file, std::to_string(lines.number), expected,
                                          printable(std::string(line))));
    };
    if (fields.size() != columns.all) fail(translated("%1 fields", std::to_string(columns.all)));
    const auto number = [&](int column, const char* what) {
      const auto read = wholeNumber(fields[static_cast<std::size_t>(column)]);
      if (!read || *read < 0) fail(translated("a whole number from 0 on as %1", what));
      return *read;
    };
    const std::int64_t layer = number(columns.layer, "layer"), expert = number(columns.expert, "expert");
    if (layer > 100'000) fail(translated("a layer below 100000"));
    if (expert >= kMostCapturedExperts) fail(translated("an expert below %1", std::to_string(kMostCapturedExperts)));
    if (++rows > kMostCapturedIds) fail(translated("at most %1 rows", std::to_string(kMostCapturedIds)));
    if (columns.token < 0) {
      byLayer[static_cast<std::int32_t>(layer)].push_back(static_cast<std::int32_t>(expert));
      continue;
    }
    const CapturedPart part = columns.phase < 0 ? CapturedPart::Unsaid : partOf(fields[static_cast<std::size_t>(columns.phase)]);
    const std::string turn(columns.part < 0 ? std::string_view() : fields[static_cast<std::size_t>(columns.part)]);
    if (stretches.empty() || stretches.back().part != part || stretches.back().turn != turn)
      stretches.push_back({part, turn, {}});
    stretches.back().choices.push_back(
        {number(columns.token, "token"), static_cast<std::int32_t>(layer), static_cast<std::int32_t>(expert)});
  }
  if (rows == 0) throw std::runtime_error(translated("%1: expected rows below the names of columns", file));
  std::vector<CapturedSequence> sequences;
  if (columns.token < 0) {
    sequences.push_back(sequenceOfLayers(std::move(byLayer), file, chosen, notes));
    return sequences;
  }
  for (Stretch& stretch : stretches) {
    sequences.push_back(sequenceOfChoices(std::move(stretch.choices), file, notes));
    sequences.back().part = stretch.part;
    const std::size_t before = sequences.size() - 1;
    if (stretch.part == CapturedPart::Answer && before > 0 && sequences[before - 1].part == CapturedPart::Prompt)
      sequences.back().prompt = static_cast<int>(before) - 1;
  }
  return sequences;
}

}  // namespace moescope
