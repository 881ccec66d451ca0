#include "core/checkpoint/capture_repeats.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <stdexcept>
#include <string>
#include <unordered_map>

#include "core/checkpoint/token_counts.h"
#include "core/words/words.h"

namespace moescope {
namespace {

constexpr double kByChance = 1e-3;
constexpr std::int64_t kSampledTokens = 1 << 16;

/// Rows of a capture, compared whole.
class Rows {
 public:
  explicit Rows(const RoutingCapture& capture)
      : ids_(capture.ids.data()),
        layers_(capture.layers),
        chosen_(capture.chosen),
        width_(std::int64_t{capture.layers} * capture.chosen) {}
  const std::int32_t* begin(std::int64_t token) const { return ids_ + token * width_; }
  bool equal(std::int64_t a, std::int64_t b) const { return std::equal(begin(a), begin(a) + width_, begin(b)); }
  /// The same experts in every layer. False where there is one layer only.
  bool uniform(std::int64_t token) const {
    const std::int32_t* row = begin(token);
    for (std::int64_t i = chosen_; i < width_; ++i)
      if (row[i] != row[i % chosen_]) return false;
    return layers_ > 1;
  }
  std::int64_t width() const { return width_; }

 private:
  const std::int32_t* ids_;
  std::int64_t layers_, chosen_, width_;
};

/// How often two tokens have the same ids in a layer, at the layer where that is rarest: a bound on how often they have them in
/// all. Of at most 65536 tokens, evenly spaced, those that `counts` says; never 0, since a small sample may hold no such pair.
double agreementOfTwo(const RoutingCapture& capture, const std::function<bool(std::int64_t)>& counts) {
  double least = 1.0;
  const std::int64_t every = std::max<std::int64_t>(1, capture.tokens / kSampledTokens);
  for (int layer = 0; layer < capture.layers; ++layer) {
    std::unordered_map<std::uint64_t, std::int64_t> sets;
    std::int64_t tokens = 0;
    double pairs = 0.0;
    for (std::int64_t t = 0; t < capture.tokens; t += every) {
      if (!counts(t)) continue;
      std::uint64_t hash = 1469598103934665603u;  // FNV-1a
      for (int i = 0; i < capture.chosen; ++i)
        hash = (hash ^ static_cast<std::uint64_t>(capture.id(t, layer, i))) * 1099511628211u;
      pairs += 2.0 * static_cast<double>(sets[hash]++);
      ++tokens;
    }
    const double all = static_cast<double>(tokens) * static_cast<double>(tokens - 1);
    least = std::min(least, (pairs + 2.0) / (all + 2.0));
  }
  return least;
}

/// Conversations sorted by their ids: one that begins another stands directly before one that it begins.
std::vector<std::size_t> sorted(const Rows& rows, const std::vector<CapturedConversation>& conversations) {
  std::vector<std::size_t> order(conversations.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const CapturedConversation &x = conversations[a], &y = conversations[b];
    const auto [i, j] =
        std::mismatch(rows.begin(x.first), rows.begin(x.first + x.tokens), rows.begin(y.first), rows.begin(y.first + y.tokens));
    const bool xEnds = i == rows.begin(x.first + x.tokens), yEnds = j == rows.begin(y.first + y.tokens);
    if (xEnds && yEnds) return a < b;
    return xEnds || (!yEnds && *i < *j);
  });
  return order;
}

std::int64_t commonBeginning(const Rows& rows, const CapturedConversation& a, const CapturedConversation& b) {
  std::int64_t tokens = 0;
  while (tokens < std::min(a.tokens, b.tokens) && rows.equal(a.first + tokens, b.first + tokens)) ++tokens;
  return tokens;
}

/// Moves what is kept together. `kept` rise and are whole conversations.
void keepOnly(RoutingCapture& capture, const std::vector<CapturedConversation>& kept) {
  const std::int64_t width = Rows(capture).width();
  std::vector<std::int64_t> starts;
  std::int64_t tokens = 0;
  std::size_t next = 0;
  for (const CapturedConversation& one : kept) {
    for (; next < capture.starts.size() && capture.starts[next] < one.first + one.tokens; ++next)
      if (capture.starts[next] >= one.first) starts.push_back(capture.starts[next] - one.first + tokens);
    std::copy(capture.ids.begin() + one.first * width, capture.ids.begin() + (one.first + one.tokens) * width,
              capture.ids.begin() + tokens * width);
    if (!capture.parts.empty())
      std::copy(capture.parts.begin() + one.first, capture.parts.begin() + one.first + one.tokens,
                capture.parts.begin() + tokens);
    tokens += one.tokens;
  }
  capture.tokens = tokens;
  capture.starts = std::move(starts);
  capture.ids.resize(static_cast<std::size_t>(tokens * width));
  if (!capture.parts.empty()) capture.parts.resize(static_cast<std::size_t>(tokens));
}

/// A maximal run of neighbours with equal rows, two or more tokens.
struct Run {
  std::int64_t first = 0, tokens = 0;
  bool atEdge = false, uniform = false;
};

struct Neighbours {
  std::vector<Run> runs;
  std::int64_t different = 0, equal = 0;  ///< pairs of neighbours
};

Neighbours neighboursOf(const RoutingCapture& capture, const Rows& rows) {
  Neighbours result;
  for (std::size_t s = 0; s < capture.starts.size(); ++s) {
    const std::int64_t begin = capture.starts[s], end = s + 1 < capture.starts.size() ? capture.starts[s + 1] : capture.tokens;
    for (std::int64_t t = begin, last = begin; t < end; t = last) {
      for (last = t + 1; last < end && rows.equal(t, last); ++last) {
      }
      result.equal += last - t - 1;
      result.different += last < end;
      if (last - t > 1) result.runs.push_back({t, last - t, t == begin || last == end, rows.uniform(t)});
    }
  }
  return result;
}

/// Longest first: how often neighbours are equal is measured without the run in question and those named before it, and as how
/// often an equal one follows a different one, whichever is more.
std::vector<bool> beyondChance(const Neighbours& neighbours, std::int64_t tokens) {
  std::vector<std::size_t> order(neighbours.runs.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return neighbours.runs[a].tokens > neighbours.runs[b].tokens; });
  std::vector<bool> named(neighbours.runs.size(), false);
  double equal = static_cast<double>(neighbours.equal);
  const double different = static_cast<double>(neighbours.different), runs = static_cast<double>(neighbours.runs.size());
  for (const std::size_t i : order) {
    const std::int64_t length = neighbours.runs[i].tokens;
    equal -= static_cast<double>(length - 1);
    const double likely = std::max((equal + 1.0) / (equal + different + 2.0), runs / (runs + different + 1.0));
    named[i] = length > 2 && static_cast<double>(tokens) * std::pow(likely, static_cast<double>(length - 1)) < kByChance;
    if (!named[i]) break;  // what is shorter is likelier
  }
  return named;
}

}  // namespace

void mergeRepeatedConversations(RoutingCapture& capture, const std::vector<CapturedConversation>& conversations) {
  if (conversations.size() < 2) return;
  const Rows rows(capture);
  const std::vector<std::size_t> order = sorted(rows, conversations);
  const double agreement = agreementOfTwo(capture, [](std::int64_t) { return true; }),
               chances = std::pow(static_cast<double>(conversations.size()), 2.0);
  const auto byChance = [&](std::int64_t tokens) {
    return chances * std::pow(agreement, static_cast<double>(tokens)) >= kByChance;
  };
  std::vector<bool> repeated(conversations.size(), false);
  std::int64_t shared = 0, sharing = 0, taken = 0;
  for (std::size_t i = 0; i + 1 < order.size(); ++i) {
    const CapturedConversation &one = conversations[order[i]], &next = conversations[order[i + 1]];
    const std::int64_t common = commonBeginning(rows, one, next);
    if (common == 0 || byChance(common)) continue;
    if (common < one.tokens) {
      shared += common;
      ++sharing;
      continue;
    }
    repeated[order[i]] = true;
    taken += one.tokens;
  }
  for (std::size_t i = 0; i + 1 < order.size() && !capture.parts.empty(); ++i)
    if (repeated[order[i]])
      for (std::int64_t t = 0; t < conversations[order[i]].tokens; ++t)
        if (capture.parts[static_cast<std::size_t>(conversations[order[i]].first + t)] == CapturedPart::Answer)
          capture.parts[static_cast<std::size_t>(conversations[order[i + 1]].first + t)] = CapturedPart::Answer;
  if (taken > 0) {
    std::vector<CapturedConversation> kept;
    for (std::size_t i = 0; i < conversations.size(); ++i)
      if (!repeated[i]) kept.push_back(conversations[i]);
    keepOnly(capture, kept);
    capture.repeated += taken;
    capture.notes.add(ReadingNoteKind::Repeated,
                      translated("%1 of %2 (%3) are the beginning of another, as when each turn repeats the conversation so "
                                 "far: counted once",
                                 sequencesText(static_cast<std::int64_t>(conversations.size() - kept.size())),
                                 std::to_string(conversations.size()), tokensText(taken)));
  }
  if (shared > 0)
    capture.notes.add(
        ReadingNoteKind::Repeated,
        translated("%1 begin with the same tokens as another and go on otherwise: these %2 are counted each time",
                   sequencesText(sharing), tokensText(shared)));
}

void findIdenticalRows(RoutingCapture& capture) {
  const Rows rows(capture);
  const Neighbours neighbours = neighboursOf(capture, rows);
  const std::vector<bool> named = beyondChance(neighbours, capture.tokens);
  const auto edge = [&](const Run& run) { return run.atEdge && run.uniform; };
  double uniformByChance = 1.0;  // tokens that have one set in every layer
  if (std::any_of(neighbours.runs.begin(), neighbours.runs.end(), edge))
    uniformByChance = static_cast<double>(capture.tokens) *
                      std::pow(agreementOfTwo(capture, [&](std::int64_t t) { return !rows.uniform(t); }), capture.layers - 1);
  std::int64_t padding = 0, stale = 0, longest = 0, runs = 0;
  for (std::size_t i = 0; i < neighbours.runs.size(); ++i) {
    const Run& run = neighbours.runs[i];
    const bool asPadding = edge(run) && run.tokens < capture.tokens;
    if (!named[i] && !(asPadding && uniformByChance < kByChance)) continue;
    capture.identical.push_back({run.first, run.tokens, asPadding});
    (asPadding ? padding : stale) += run.tokens;
    if (asPadding) continue;
    ++runs;
    longest = std::max(longest, run.tokens);
  }
  const std::string all =
      capture.layers > 1 ? translated("all %1 layers", std::to_string(capture.layers)) : translated("the only layer");
  if (stale > 0)
    capture.notes.add(ReadingNoteKind::Repeated,
                      translated("%1 in %2 of identical rows over %3 (the longest %4): all but impossible for different "
                                 "tokens; a buffer of the engine that was not renewed, or one text token over and over",
                                 tokensText(stale), translated(runs == 1 ? "%1 run" : "%1 runs", std::to_string(runs)), all,
                                 std::to_string(longest)));
  if (padding > 0)
    capture.notes.add(ReadingNoteKind::Padded,
                      translated("%1 at the ends of sequences have the same experts in %2: all but impossible for tokens, "
                                 "usual for padding",
                                 tokensText(padding), all));
}

CapturedTokens tokensWithoutIdentical(const RoutingCapture& capture) {
  if (capture.identical.empty()) return {};
  CapturedTokens tokens(static_cast<std::size_t>(capture.tokens), true);
  for (const IdenticalRows& rows : capture.identical)
    std::fill_n(tokens.begin() + rows.first + (rows.padding ? 0 : 1), rows.tokens - (rows.padding ? 0 : 1), false);
  return tokens;
}

std::int64_t identicalTokens(const RoutingCapture& capture) {
  std::int64_t tokens = 0;
  for (const IdenticalRows& each : capture.identical) tokens += each.tokens;
  return tokens;
}

void leaveOutIdenticalRows(RoutingCapture& capture) {
  const CapturedTokens kept = tokensWithoutIdentical(capture);
  if (kept.empty()) return;
  if (std::count(kept.begin(), kept.end(), true) == 0)
    throw std::runtime_error(translated("%1: nothing is left without identical rows: all tokens are padding", capture.file));
  const std::int64_t width = Rows(capture).width();
  std::vector<std::int64_t> starts, gaps;
  std::int64_t tokens = 0;
  std::size_t next = 0;
  for (std::int64_t t = 0; t < capture.tokens; ++t) {
    bool begins = false;
    for (; next < capture.starts.size() && capture.starts[next] <= t; ++next) begins = true;
    if (begins && (starts.empty() || starts.back() != tokens)) starts.push_back(tokens);
    if (!kept[static_cast<std::size_t>(t)]) continue;
    if (t > 0 && !kept[static_cast<std::size_t>(t - 1)]) gaps.push_back(tokens);
    std::copy_n(capture.ids.begin() + t * width, width, capture.ids.begin() + tokens * width);
    if (!capture.parts.empty()) capture.parts[static_cast<std::size_t>(tokens)] = capture.parts[static_cast<std::size_t>(t)];
    ++tokens;
  }
  if (!starts.empty() && starts.back() == tokens) starts.pop_back();  // nothing of it is left
  capture.leftOut = capture.tokens - tokens;
  capture.tokens = tokens;
  capture.starts = std::move(starts);
  capture.gaps = std::move(gaps);
  capture.ids.resize(static_cast<std::size_t>(tokens * width));
  if (!capture.parts.empty()) capture.parts.resize(static_cast<std::size_t>(tokens));
  capture.identical.clear();
  capture.notes.add(ReadingNoteKind::Repeated,
                    translated("%1 of identical rows left out, as was asked for", tokensText(capture.leftOut)));
}

}  // namespace moescope
