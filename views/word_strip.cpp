#include "views/word_strip.h"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "views/canvas.h"
#include "views/palette.h"
#include "views/type_scale.h"
#include "views/vector_drawing.h"

namespace moescope {
namespace {

const int kLeastText = static_cast<int>(std::ceil(leastFontHeight(1.0)));  // the canvas writes no smaller
constexpr double kMargin = 14.0;

/// A view that draws nothing of its scene.
class WordStrip : public View {
 public:
  WordStrip(const std::vector<StripLine>& lines) : lines_(lines) {}
  vtkRenderer* renderer() override { return renderer_; }
  Pick pick(int, int) override { return {}; }
  void update(const Scene&, const Theme& theme) override {
    const Color background = backgroundColor(theme);
    renderer_->SetBackground(background[0], background[1], background[2]);
    renderer_->PreserveDepthBufferOn();  // as of flat views
    canvas_.begin(theme);
    double height = 0.0;
    for (const StripLine& line : lines_) height += 1.3 * line.size;
    double y = 0.5 * (canvas_.height() + height);
    for (const StripLine& line : lines_) {
      y -= 1.3 * line.size;
      write(line, y + 0.65 * line.size, theme);
    }
    canvas_.end();
  }
  VectorDrawing drawingOf(const Scene& scene, const Theme& theme) override {
    return recorded(canvas_, theme, [&] { update(scene, theme); });
  }

 private:
  void write(const StripLine& line, double y, const Theme& theme) {
    const double room = canvas_.width() - 2.0 * kMargin, gap = line.right.empty() || line.left.empty() ? 0.0 : 24.0;
    int height = std::max(kLeastText, static_cast<int>(std::lround(line.size)));
    const auto taken = [&] { return widthOf(line.left, height, line.bold) + gap + widthOf(line.right, height, false); };
    while (height > kLeastText && taken() > room) --height;
    const Color color = line.muted ? mutedColor(theme) : textColor(theme);
    const double rightRoom = std::min(widthOf(line.right, height, false), room);
    const auto put = [&](const std::string& words, double wide, Align align, bool bold) {
      const std::string fitting = widthOf(words, height, bold) <= wide ? words : elidedAtTheEnd(words, wide, height, bold);
      const double x = align == Align::Left ? kMargin : canvas_.width() - kMargin;
      if (!fitting.empty()) canvas_.text({x, y}, fitting, {color, height / canvas_.em(), align, VerticalAlign::Middle, bold});
    };
    put(line.right, rightRoom, Align::Right, false);
    put(line.left, room - rightRoom - gap, Align::Left, line.bold);
  }

  std::vector<StripLine> lines_;
  vtkNew<vtkRenderer> renderer_;
  Canvas canvas_{renderer_};
};

}  // namespace

Image drawWords(Offscreen& offscreen, const std::vector<StripLine>& lines, const Theme& theme, int width, int height) {
  WordStrip strip(lines);
  return offscreen.render(strip, {}, theme, width, height);
}

std::vector<std::string> wrapped(const std::string& words, double width, double size, std::size_t most) {
  std::vector<std::string> lines(1);
  std::istringstream stream(words);
  for (std::string word; stream >> word;) {
    std::string& line = lines.back();
    const std::string longer = line.empty() ? word : line + " " + word;
    if (line.empty() || lines.size() == most ||
        widthOf(longer, static_cast<int>(std::lround(size)), false) <= width - 2.0 * kMargin)
      line = longer;
    else
      lines.push_back(word);
  }
  return lines;
}

}  // namespace moescope
