#include "app/window/token_strip.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>

#include "app/window/language.h"
#include "views/flat_view.h"
#include "views/palette.h"

namespace moescope {
namespace {

QColor toQt(const Color& color) { return QColor::fromRgbF(color[0], color[1], color[2]); }

int sequenceLength(std::uint8_t lead) { return lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 0; }

}  // namespace

std::vector<Character> charactersOf(const std::uint8_t* bytes, int count) {
  std::vector<Character> characters;
  for (int i = 0; i < count;) {
    const int length = sequenceLength(bytes[i]);
    bool whole = length > 0 && i + length <= count;
    for (int j = 1; whole && j < length; ++j) whole = (bytes[i + j] & 0xC0) == 0x80;
    Character character;
    character.first = i;
    if (!whole)
      character.text = "·";
    else if (bytes[i] == '\n')
      character.text = "↵";
    else if (bytes[i] == ' ')
      character.text = " ";
    else if (bytes[i] < 32 || bytes[i] == 127)
      character.text = "·";
    else
      character.text = QString::fromUtf8(reinterpret_cast<const char*>(bytes + i), length);
    i += whole ? length : 1;
    characters.push_back(std::move(character));
  }
  return characters;
}

std::vector<Character> charactersOf(const Probe& probe, int start, int count) {
  if (probe.labels.empty()) return charactersOf(probe.bytes.data() + start, count);
  std::vector<Character> tokens;
  for (int i = 0; i < count; ++i)
    tokens.push_back({QString::fromStdString(probe.labels[static_cast<std::size_t>(start + i)]), i});
  return tokens;
}

TokenStrip::TokenStrip(Controller& controller) : controller_(controller) {
  setObjectName("tokenStrip");
  QFont font = this->font();
  font.setFamilies({"DejaVu Sans Mono", "Noto Sans Mono CJK SC", "monospace"});
  setFont(font);  // its size: palette.cpp
  setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
  setAccessibleName(tr("Tokens by leading expert"));
  setAccessibleDescription(
      tr("A stretch of the probe's text, each token coloured by the expert with its largest gate; a click selects the token"));
  connect(&controller_, &Controller::sceneChanged, this, qOverload<>(&QWidget::update));
}

void TokenStrip::setTheme(const Theme& theme) {
  theme_ = theme;
  update();
}

void TokenStrip::setLines(int lines) {
  if (lines == lines_) return;
  lines_ = lines;
  updateGeometry();
}

double TokenStrip::lineHeight() const { return fontMetrics().height() + 5; }

QSize TokenStrip::sizeHint() const { return {200, static_cast<int>(lines_ * lineHeight()) + 8}; }

void TokenStrip::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::FontChange) updateGeometry();
}

void TokenStrip::setDomain(int domain) {
  domain_ = domain;
  update();
}

void TokenStrip::layOut() {
  glyphs_.clear();
  const Scene& scene = controller_.scene();
  if (!scene.snapshot || !scene.routing) return;
  const Probe& probe = *scene.snapshot->probe;
  const auto begin = std::find(probe.domain.begin(), probe.domain.end(), domain_);
  if (begin == probe.domain.end()) return;
  const int start = static_cast<int>(begin - probe.domain.begin());
  const int count = static_cast<int>(std::find_if(begin, probe.domain.end(), [&](int d) { return d != domain_; }) - begin);
  const double line = lineHeight();
  double x = 4, y = 4;
  for (const Character& character : charactersOf(probe, start, count)) {
    const double advance = std::max(6, fontMetrics().horizontalAdvance(character.text)) + (probe.labels.empty() ? 1.5 : 6.0);
    if (x + advance > width() - 4) {
      x = 4;
      y += line;
      if (y + line > height()) break;
    }
    glyphs_.push_back({character.text, start + character.first, {x, y, advance, line - 2}});
    x += advance;
  }
}

void TokenStrip::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), toQt(backgroundColor(theme_)));
  layOut();
  const Scene& scene = controller_.scene();
  if (glyphs_.empty()) {
    painter.setPen(toQt(mutedColor(theme_)));
    const bool captured = scene.snapshot && scene.snapshot->capture;
    painter.drawText(rect(), Qt::AlignCenter,
                     captured ? tr("a capture tells which experts a token was given, not its text: there are no tokens to show")
                              : tr("the probe's tokens, coloured by expert"));
    return;
  }
  const RowMatrix& gates = scene.routing->gates;
  for (const Glyph& glyph : glyphs_) {
    Eigen::Index leader = 0;
    const float sum = gates.row(glyph.token).sum(), share = gates.row(glyph.token).maxCoeff(&leader) / sum;
    const bool faint = scene.selection.leavesOutExpert(static_cast<int>(leader));
    // The greater the leading expert's share of the gates, the fuller the colour; a token without any expert has none.
    const double fullness = sum > 0.0f ? (faint ? 0.08 : 0.15 + 0.6 * share) : 0.0;
    const Color fill = mix(backgroundColor(theme_), expertColor(static_cast<int>(leader), theme_), fullness);
    painter.fillRect(glyph.place, toQt(fill));
    if (scene.selection.hasToken(glyph.token)) {
      painter.setPen(QPen(toQt(accentColor(theme_)), 2));
      painter.drawRect(glyph.place);
    }
    painter.setPen(toQt(faint ? mutedColor(theme_) : inkOn(fill)));
    painter.drawText(glyph.place, Qt::AlignCenter, glyph.text);
  }
}

int TokenStrip::tokenAt(const QPointF& position) const {
  for (const Glyph& glyph : glyphs_)
    if (glyph.place.contains(position)) return glyph.token;
  return -1;
}

void TokenStrip::mousePressEvent(QMouseEvent* event) { controller_.select({-1, tokenAt(event->position()), -1, {}}); }

bool TokenStrip::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip) return QWidget::event(event);
  const auto* help = static_cast<QHelpEvent*>(event);
  if (const int token = tokenAt(help->pos()); token >= 0)
    QToolTip::showText(help->globalPos(), QString::fromStdString(describeToken(controller_.scene(), token)), this);
  return true;
}

}  // namespace moescope
