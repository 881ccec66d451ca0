// What the model expects after a place of the text that somebody typed.

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <vector>

#include "core/reading/prompt.h"
#include "views/flat_view.h"
#include "views/plot.h"
#include "views/registry.h"

namespace moescope {
namespace {

constexpr int kMostBars = 12;

std::string nameOf(int byte) {
  if (byte == ' ') return "space";
  if (byte == '\n') return "line end";
  if (byte == '\t') return "tab";
  if (byte > 32 && byte < 127) return std::string(1, static_cast<char>(byte));
  char name[8];
  std::snprintf(name, sizeof name, "0x%02X", byte);
  return name;
}

class NextByte : public FlatView {
 protected:
  std::string title() const override { return "Next byte"; }
  bool showsTokens(const Scene&) const override { return false; }

  void draw(const Scene& scene) override {
    const PromptReading* prompt = scene.prompt.get();
    if (!prompt || !prompt->snapshot || scene.promptPlace < 0 || scene.promptPlace >= prompt->next.rows()) {
      say(caption(scene, "what the model expects after a byte of a text of one's own"),
          prompt && !prompt->failure.empty() ? "the text could not be read: " + prompt->failure : "type a text into the box below the views");
      return;
    }
    const auto chances = prompt->next.row(scene.promptPlace);
    const std::vector<std::uint8_t>& bytes = prompt->snapshot->probe->bytes;
    const auto place = static_cast<std::size_t>(scene.promptPlace);
    const int before = bytes[place], follows = place + 1 < bytes.size() && (place + 1) % static_cast<std::size_t>(prompt->part) != 0 ? bytes[place + 1] : -1;
    const Rect area = caption(scene, "probability of the byte that follows \"" + nameOf(before) + "\" at this concentration" +
                                         (follows >= 0 ? "; framed: the one that does" : ""));
    std::vector<int> order(256);
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return chances[a] > chances[b]; });
    const double em = canvas().em(), row = 1.5 * em, names = canvas().textWidth("line end", 0.9) + em, numbers = canvas().textWidth("100.0 %", 0.85) + em;
    const int bars = std::clamp(static_cast<int>(area.height / row), 1, kMostBars);
    const double most = std::max(1e-6f, chances[order.front()]), room = std::max(em, area.width - names - numbers);
    for (int i = 0; i < bars; ++i) {
      const int byte = order[static_cast<std::size_t>(i)];
      const double y = area.y + area.height - (i + 0.5) * row, width = room * chances[byte] / most;
      const Rect bar{area.x + names, y - 0.4 * row, std::max(1.0, width), 0.8 * row};
      canvas().rect(bar, expertColor(1, theme()), 0.85);
      if (byte == follows) canvas().frame(bar, accentColor(theme()), 2.0);
      canvas().text({area.x + names - 0.5 * em, y}, nameOf(byte), {textColor(theme()), 0.9, Align::Right});
      canvas().text({bar.x + bar.width + 0.4 * em, y}, formatted("%.1f %%", 100 * chances[byte]), {mutedColor(theme()), 0.85});
      hit(Rect{area.x, y - row / 2, area.width, row}, {-1, -1, -1, "byte " + std::to_string(byte) + " (" + nameOf(byte) + formatted("): %.3f %%", 100 * chances[byte])});
    }
  }
};

std::string nextInNumbers(const Scene& scene) {
  if (!scene.prompt || !scene.prompt->snapshot) return "no text yet";
  return formatted("perplexity a byte = exp(loss) = exp(%.3f nats)", scene.prompt->loss) + formatted(" = %.2f; as trained ", std::exp(scene.prompt->loss)) +
         formatted("%.2f", std::exp(scene.prompt->lossAsTrained));
}

DataTable numbersOf(const Scene& scene) {
  const PromptReading* prompt = scene.prompt.get();
  if (!prompt || !prompt->snapshot || scene.promptPlace < 0 || scene.promptPlace >= prompt->next.rows()) throw std::runtime_error("no text of one's own is there");
  DataTable table{{{"byte", ""}, {"probability", ""}}, {}};
  for (int byte = 0; byte < 256; ++byte) table.add({byte, static_cast<double>(prompt->next(scene.promptPlace, byte))});
  table.about = {{"loss_nats_per_byte", prompt->loss}, {"loss_as_trained_nats_per_byte", prompt->lossAsTrained}};
  return table;
}

}  // namespace

ViewDeclaration declareNextByte() {
  return {"next_byte", "Next byte", "What the model expects after a byte of the text that you typed, read at this concentration; the likeliest bytes first",
          [] { return std::make_unique<NextByte>(); }, numbersOf, "Routing", {}, {},
          {"The probabilities that the model gives each of the 256 bytes to come next, after the marked byte of your text, routed as the lens says.", nextInNumbers,
           "Move the concentration: does the model become surer, or only different? Compare the perplexity beside your text."}};
}

}  // namespace moescope
