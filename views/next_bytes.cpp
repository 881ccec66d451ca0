// What the model expects after the clicked place of somebody's own text: the likeliest next bytes as bars.

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <vector>

#include "views/flat_view.h"
#include "core/words/words.h"
#include "views/registry.h"

namespace moescope {
namespace {

constexpr int kBytes = 256;
using Distribution = std::array<double, kBytes>;

/// Of the byte after one place.
struct NextByte {
  Distribution asTrained{}, read{}, drawn{};  ///< routed as in training; through the reading's lens; that at the temperature
  int after = 0;       ///< byte of the reading that it follows
  int follows = -1;    ///< the byte that does follow in the text; -1: the text ends here
  std::int64_t step = 0;
  double concentration = 1.0, temperature = 1.0;
};

/// p^(1 / T), normalised; at temperature 0 the likeliest byte alone.
Distribution atTemperature(const Distribution& chances, double temperature) {
  Distribution drawn{};
  const double most = *std::max_element(chances.begin(), chances.end());
  if (temperature == 0.0) {
    drawn[static_cast<std::size_t>(std::max_element(chances.begin(), chances.end()) - chances.begin())] = 1.0;
    return drawn;
  }
  double sum = 0.0;
  for (int b = 0; b < kBytes; ++b) sum += drawn[b] = std::pow(chances[b] / most, 1.0 / temperature);
  for (double& chance : drawn) chance /= sum;
  return drawn;
}

double entropyOf(const Distribution& chances) {
  double entropy = 0.0;
  for (const double chance : chances)
    if (chance > 0.0) entropy -= chance * std::log(chance);
  return entropy;
}

Distribution rowOf(const RowMatrix& rows, int row) {
  Distribution chances{};
  for (int b = 0; b < kBytes; ++b) {
    chances[b] = rows(row, b);
    if (!std::isfinite(chances[b]))
      throw std::runtime_error(translated("the model's probabilities of the next byte are not finite"));
  }
  return chances;
}

/// Throws std::runtime_error with a sentence for a person where there is none.
NextByte nextByteOf(const Scene& scene) {
  if (scene.snapshot->checkpoint)
    throw std::runtime_error(translated(
        "a checkpoint is shown: of it only the MoE layers are read, on the tokens of its trace, so that no next byte of a text can be computed"));
  if (scene.past) throw std::runtime_error(translated("an earlier step is shown: a text is read by the newest model alone"));
  if (!scene.prompt)
    throw std::runtime_error(translated(
        "type a text of your own: the bytes that the model expects after the clicked place stand here. A recorded session has no model that could read it"));
  const PromptReading& reading = *scene.prompt;
  if (!reading.failure.empty()) throw std::runtime_error(translated("the text cannot be read: ") + reading.failure);
  if (!reading.snapshot || reading.next.rows() == 0)
    throw std::runtime_error(translated("the text is empty: type one, and click into it"));
  if (scene.promptPlace < 0)
    throw std::runtime_error(translated("the clicked place is not read: the first ") + std::to_string(reading.first) +
                             translated(" bytes of a text this long are left out"));
  NextByte next;
  next.after = scene.promptPlace;
  next.asTrained = rowOf(reading.nextAsTrained, next.after);
  next.read = rowOf(reading.next, next.after);
  next.drawn = atTemperature(next.read, reading.request.temperature);
  const std::vector<std::uint8_t>& bytes = reading.snapshot->probe->bytes;
  if (next.after + 1 < static_cast<int>(bytes.size())) next.follows = bytes[static_cast<std::size_t>(next.after) + 1];
  next.step = reading.step;
  next.concentration = reading.request.lens.concentration;
  next.temperature = reading.request.temperature;
  return next;
}

/// All bytes, those first that one of the two readings expects most.
std::array<int, kBytes> likeliestFirst(const NextByte& next) {
  std::array<int, kBytes> order{};
  std::iota(order.begin(), order.end(), 0);
  const auto most = [&](int b) { return std::max(next.asTrained[b], next.read[b]); };
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return most(a) > most(b); });
  return order;
}

std::string placeOf(const Scene& scene, const NextByte& next) {
  const std::uint8_t byte = scene.prompt->snapshot->probe->bytes[static_cast<std::size_t>(next.after)];
  return translated("byte ") + std::to_string(scene.prompt->first + next.after + 1) + ", " + byteName(byte);
}

class NextBytes : public FlatView {
 protected:
  std::string title() const override { return translated("Next byte"); }
  bool showsTokens(const Scene&) const override { return false; }

  void draw(const Scene& scene) override {
    NextByte next;
    try {
      next = nextByteOf(scene);
    } catch (const std::runtime_error& why) {
      return say(caption(scene, translated("what the model expects after a place of a text of your own")), why.what());
    }
    const std::string place = translated("after ") + placeOf(scene, next),
                      entropies = formatted("%.2f nats as trained", entropyOf(next.asTrained)) +
                                  formatted(", %.2f at this concentration", entropyOf(next.read));
    Rect area = caption(
        scene, {place + translated(" of your text, step ") + std::to_string(next.step) + translated(": entropy ") + entropies,
                place + ": " + entropies, place});
    const bool drawn = next.temperature != 1.0;
    std::vector<LegendEntry> entries = {{mutedColor(theme()), translated("as trained"), true, translated("trained")},
                                        {accentColor(theme()), formatted("at concentration %g", next.concentration), true,
                                         formatted("\xce\xb1 %g", next.concentration)}};
    if (drawn)
      entries.push_back({textColor(theme()), formatted("drawn at temperature %g", next.temperature), false,
                         formatted("T %g", next.temperature)});
    area = legend(area, entries);
    bars(next, area, drawn);
  }

 private:
  void bars(const NextByte& next, const Rect& area, bool drawn) {
    const double em = canvas().em(), pitch = 1.45 * em;
    const int rows = std::clamp(static_cast<int>(area.height / pitch), 1, 24);
    const std::array<int, kBytes> order = likeliestFirst(next);
    const int shown = std::max(1, rows - 1);
    std::vector<int> bytes(order.begin(), order.begin() + shown);
    std::stable_sort(bytes.begin(), bytes.end(),
                     [&](int a, int b) { return next.asTrained[a] > next.asTrained[b]; });  // a concentration moves no row
    double most = 0.0, rest = 0.0;
    for (const int byte : bytes) most = std::max({most, next.asTrained[byte], next.read[byte], drawn ? next.drawn[byte] : 0.0});
    for (int i = shown; i < kBytes; ++i) rest += next.read[order[i]];
    const double names = canvas().textWidth("newline", 0.85) + 1.2 * em, numbers = canvas().textWidth("100.0 %", 0.85) + 0.5 * em;
    const double left = area.x + names, width = std::max(2.0 * em, area.width - names - numbers), unit = width / most;
    double y = area.y + area.height - pitch / 2;
    for (const int byte : bytes) {
      const bool follows = byte == next.follows;
      canvas().rect({left, y + 0.02 * em, unit * next.asTrained[byte], 0.42 * em}, mutedColor(theme()), 0.8);
      canvas().rect({left, y - 0.46 * em, unit * next.read[byte], 0.44 * em}, accentColor(theme()));
      if (drawn) canvas().disc({left + unit * next.drawn[byte], y - 0.24 * em}, 0.24 * em, textColor(theme()));
      canvas().text({left - 0.5 * em, y}, (follows ? "\xe2\x86\x92 " : "") + byteName(static_cast<std::uint8_t>(byte)),
                    {textColor(theme()), 0.85, Align::Right, VerticalAlign::Middle, follows});
      canvas().text({left + width + 0.4 * em, y}, formatted("%.1f %%", 100 * next.read[byte]),
                    {textColor(theme()), 0.85, Align::Left});
      hit(Rect{area.x, y - pitch / 2, area.width, pitch},
          {-1, -1, -1,
           byteName(static_cast<std::uint8_t>(byte)) + (follows ? translated(", which follows in the text") : "") +
               formatted(": as trained %.3f %%", 100 * next.asTrained[byte]) +
               formatted(", at concentration %g ", next.concentration) + formatted("%.3f %%", 100 * next.read[byte]) +
               formatted(", drawn at temperature %g ", next.temperature) + formatted("with %.3f %%", 100 * next.drawn[byte])});
      y -= pitch;
    }
    if (rows > 1)
      canvas().text({area.x + area.width, y},
                    {std::to_string(kBytes - shown) + formatted(" other bytes at this concentration: %.1f %%", 100 * rest),
                     formatted("others: %.1f %%", 100 * rest)},
                    {mutedColor(theme()), 0.85, Align::Right});
  }
};

std::string inNumbers(const Scene& scene) {
  NextByte next;
  try {
    next = nextByteOf(scene);
  } catch (const std::runtime_error& why) {
    return why.what();
  }
  const int likeliest = static_cast<int>(std::max_element(next.read.begin(), next.read.end()) - next.read.begin());
  return translated("p(b) = softmax over 256 bytes of the logits after ") + placeOf(scene, next) +
         translated("; every layer's gates as trained, or through the lens") + translated("\nlikeliest: ") +
         byteName(static_cast<std::uint8_t>(likeliest)) + formatted(", p = %.4f", next.read[likeliest]) +
         formatted(" (as trained %.4f)", next.asTrained[likeliest]) +
         translated("\nat temperature T it is drawn with p(b)^(1/T) / sum of p^(1/T); T = ") + formatted("%g", next.temperature) +
         formatted(": %.4f", next.drawn[likeliest]) + translated("\nH = -sum p log p = ") +
         formatted("%.3f nats", entropyOf(next.read)) + formatted("; as trained %.3f", entropyOf(next.asTrained)) +
         formatted("; as drawn %.3f", entropyOf(next.drawn)) +
         (next.follows < 0 ? translated("\nThe text ends here")
                           : translated("\nIn the text follows ") + byteName(static_cast<std::uint8_t>(next.follows)) +
                                 formatted(", p = %.4f", next.read[next.follows]));
}

DataTable numbersOf(const Scene& scene) {
  const NextByte next = nextByteOf(scene);
  DataTable table{{{"byte", ""},
                   {"name", ""},
                   {"as_trained", ""},
                   {"through_the_lens", ""},
                   {"drawn_at_temperature", ""},
                   {"follows_in_the_text", ""}},
                  {}};
  for (const int byte : likeliestFirst(next))
    table.add({byte, byteName(static_cast<std::uint8_t>(byte)), next.asTrained[byte], next.read[byte], next.drawn[byte],
               static_cast<int>(byte == next.follows)});
  table.about = {{"after_byte", scene.prompt->first + next.after},
                 {"text_read_at_step", next.step},
                 {"text_read_at_concentration", next.concentration},
                 {"temperature", next.temperature}};
  return table;
}

}  // namespace

ViewDeclaration declareNextBytes() {
  return {
      "next_bytes",
      "Next byte",
      "The bytes that the model expects after the clicked place of a text of your own: as trained, and with every layer read at this concentration",
      [] { return std::make_unique<NextBytes>(); },
      numbersOf,
      "Routing",
      {},
      {},
      {"Probability of each byte to follow the clicked place of your own text. Grey: every layer routed as in training; coloured: through the lens, at this concentration and gating; a dot where a temperature other than 1 changes what is drawn. The arrow marks the byte that does follow in the text.",
       inNumbers,
       "Move the concentration: does the model still expect the same byte when every expert works on it equally, or one alone? A low temperature moves the dots to the likeliest byte, a high one to all."}};
}

}  // namespace moescope
