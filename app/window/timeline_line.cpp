#include "app/window/timeline_line.h"

#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QStyle>
#include <QStyleOptionFocusRect>
#include <QToolTip>
#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "app/window/language.h"
#include "views/palette.h"

namespace moescope {
namespace {

constexpr double kNear = 6.0;        // pixels around a mark in which a pointer is on it
constexpr double kTickDistance = 4;  // pixels between two ticks, at least

QColor toQt(const Color& color, double opacity = 1.0) { return QColor::fromRgbF(color[0], color[1], color[2], opacity); }

int asInt(std::int64_t step) { return static_cast<int>(std::min<std::int64_t>(step, std::numeric_limits<int>::max())); }

QPolygonF flagAt(double x, double top, double size) {
  return QPolygonF({{x, top}, {x + size, top + 0.4 * size}, {x, top + 0.8 * size}});
}

QPolygonF diamondAt(const QPointF& at, double radius) {
  return QPolygonF({at + QPointF(0, -radius), at + QPointF(radius, 0), at + QPointF(0, radius), at + QPointF(-radius, 0)});
}

std::int64_t nearestOf(const std::vector<std::int64_t>& steps, std::int64_t step) {
  if (steps.empty()) return -1;
  const auto after = std::lower_bound(steps.begin(), steps.end(), step);
  if (after == steps.end()) return steps.back();
  if (after == steps.begin() || *after - step <= step - *(after - 1)) return *after;
  return *(after - 1);
}

}  // namespace

TimelineLine::TimelineLine() {
  setObjectName("timeLine");
  setOrientation(Qt::Horizontal);
  setFocusPolicy(Qt::StrongFocus);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  setAccessibleName(tr("Time line of the run"));
  setAccessibleDescription(tr(
      "The shown step of the run; left and right go to the picture before and after, Home to the start, End to the newest step, space plays the recording"));
  setToolTip(accessibleDescription());  // where nothing of the run is under the pointer
}

double TimelineLine::em() const { return fontMetrics().height(); }

QSize TimelineLine::sizeHint() const {
  const double lines = std::max<double>(1.0, static_cast<double>(picture_.run.lines.size()));
  return {static_cast<int>(20 * em()), static_cast<int>((2.1 + 0.55 * lines) * em())};
}

QSize TimelineLine::minimumSizeHint() const { return {static_cast<int>(4 * em()), sizeHint().height()}; }

void TimelineLine::show(TimelinePicture picture) {
  const bool resized = picture.run.lines.size() != picture_.run.lines.size();
  picture_ = std::move(picture);
  showing_ = true;
  setRange(0, asInt(std::max<std::int64_t>(1, picture_.run.last)));
  setValue(asInt(picture_.step));
  showing_ = false;
  if (resized) updateGeometry();
  update();
}

void TimelineLine::setTheme(const Theme& theme) {
  theme_ = theme;
  update();
}

double TimelineLine::x(std::int64_t step) const {
  const double margin = 0.5 * em(),
               share = static_cast<double>(step) / static_cast<double>(std::max<std::int64_t>(1, picture_.run.last));
  return margin + share * std::max(1.0, width() - 2 * margin);
}

std::int64_t TimelineLine::stepAt(double place) const {
  const double margin = 0.5 * em(), share = std::clamp((place - margin) / std::max(1.0, width() - 2 * margin), 0.0, 1.0);
  return static_cast<std::int64_t>(std::llround(share * static_cast<double>(std::max<std::int64_t>(1, picture_.run.last))));
}

/// The first line lies highest; above is room for names.
double TimelineLine::y(std::size_t line) const {
  return height() - (0.75 + 0.55 * static_cast<double>(picture_.run.lines.size() - 1 - line)) * em();
}

std::size_t TimelineLine::lineOf(std::uint64_t generation) const {
  for (std::size_t i = 0; i < picture_.run.lines.size(); ++i)
    if (picture_.run.lines[i].generation == generation) return i;
  return picture_.run.shown;
}

QPointF TimelineLine::placeOf(std::uint64_t generation, std::int64_t step) const {
  if (picture_.run.lines.empty()) return {};
  std::size_t line = lineOf(generation);
  if (line == picture_.run.shown) line = static_cast<std::size_t>(picture_.run.lineAt(step) - picture_.run.lines.data());
  return {x(step), y(line)};
}

void TimelineLine::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  QFont small = font();
  small.setPointSizeF(0.85 * small.pointSizeF());
  painter.setFont(small);
  if (picture_.run.lines.empty()) {
    painter.setPen(toQt(mutedColor(theme_)));
    painter.drawText(rect(), Qt::AlignCenter,
                     isEnabled() ? tr("no steps yet") : tr("what is shown does not train here: it has no steps"));
  } else {
    paintLines(painter);
    paintHeld(painter);
    paintMarks(painter);
    paintBookmarks(painter);
    paintHandle(painter);
  }
  if (!hasFocus()) return;
  QStyleOptionFocusRect focus;
  focus.initFrom(this);
  style()->drawPrimitive(QStyle::PE_FrameFocusRect, &focus, &painter, this);
}

/// Each branch from where it left, and what led to the shown moment stronger.
void TimelineLine::paintLines(QPainter& painter) const {
  const RunOverview& run = picture_.run;
  const auto draw = [&](std::size_t index, std::int64_t from, std::int64_t to, const QPen& pen) {
    painter.setPen(pen);
    painter.drawLine(QPointF(x(from), y(index)), QPointF(x(to), y(index)));
  };
  const auto leave = [&](std::size_t index, const QPen& pen) {
    const RunLine& line = run.lines[index];
    if (!line.from) return;
    painter.setPen(pen);
    painter.drawLine(QPointF(x(line.first), y(lineOf(line.from->generation))), QPointF(x(line.first), y(index)));
  };
  const QPen faint(toQt(mutedColor(theme_)), 1.5), strong(toQt(mutedColor(theme_)), 4.0, Qt::SolidLine, Qt::FlatCap),
      gone(palette().color(QPalette::Highlight), 4.0, Qt::SolidLine, Qt::FlatCap);
  for (std::size_t i = 0; i < run.lines.size(); ++i) draw(i, run.lines[i].first, run.lines[i].last, faint), leave(i, faint);
  for (std::int64_t end = run.lines[run.shown].last;;) {
    const RunLine* line = run.lineAt(end);
    const auto index = static_cast<std::size_t>(line - run.lines.data());
    draw(index, line->first, end, strong);
    leave(index, strong);
    if (picture_.step >= line->first) draw(index, line->first, std::min(end, picture_.step), gone);
    if (!line->from) break;
    end = line->from->step;
  }
}

/// Pictures as ticks, no closer than can be seen, and models as dots below.
void TimelineLine::paintHeld(QPainter& painter) const {
  const RunOverview& run = picture_.run;
  painter.setPen(QPen(toQt(textColor(theme_)), 1.0));
  double before = -2 * kTickDistance;
  for (const std::int64_t step : run.lines[run.shown].snapshots) {
    const QPointF at = placeOf(picture_.generation(), step);
    if (at.x() - before < kTickDistance) continue;
    before = at.x();
    painter.drawLine(at + QPointF(0, -0.18 * em()), at + QPointF(0, 0.18 * em()));
  }
  painter.setPen(Qt::NoPen);
  painter.setBrush(toQt(textColor(theme_)));
  for (const RunLine& line : run.lines)
    for (const std::int64_t step : line.models)
      painter.drawEllipse(QPointF(x(step), y(lineOf(line.generation)) + 0.42 * em()), 0.15 * em(), 0.15 * em());
  painter.setBrush(Qt::NoBrush);
}

/// Changed knobs as diamonds; where another router took over a line through all, with its name where there is room.
void TimelineLine::paintMarks(QPainter& painter) const {
  const QColor color = toQt(accentColor(theme_));
  double free = 0.0;
  for (const RunLine& line : picture_.run.lines)
    for (const KnobMark& mark : line.marks) {
      const QPointF at(x(mark.step), y(lineOf(line.generation)));
      painter.setPen(QPen(toQt(backgroundColor(theme_)), 1.0));
      painter.setBrush(toQt(textColor(theme_)));
      if (mark.router.empty()) {
        painter.drawPolygon(diamondAt(at, 0.24 * em()));
        continue;
      }
      painter.setPen(QPen(color, 2.0, Qt::DashLine));
      painter.drawLine(QPointF(at.x(), 0.9 * em()), QPointF(at.x(), height() - 2.0));
      painter.setPen(QPen(toQt(backgroundColor(theme_)), 1.0));
      painter.setBrush(color);
      painter.drawPolygon(diamondAt(at, 0.36 * em()));
      const QString name = QString::fromStdString(mark.router);
      const double wide = painter.fontMetrics().horizontalAdvance(name);
      if (at.x() + 3 < free || at.x() + 3 + wide > width()) continue;
      free = at.x() + 3 + wide + 0.5 * em();
      painter.setPen(toQt(textColor(theme_)));
      painter.drawText(QPointF(at.x() + 4, 1.55 * em()), name);
    }
  painter.setBrush(Qt::NoBrush);
}

/// Flags at the top, with their names where there is room.
void TimelineLine::paintBookmarks(QPainter& painter) {
  std::vector<const Bookmark*> shown;
  for (const Bookmark& each : picture_.bookmarks)
    if (picture_.run.find(each.generation)) shown.push_back(&each);
  std::sort(shown.begin(), shown.end(), [](const Bookmark* a, const Bookmark* b) { return a->step < b->step; });
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const double at = x(shown[i]->step), room = (i + 1 < shown.size() ? x(shown[i + 1]->step) : width()) - at - 0.9 * em();
    painter.setPen(QPen(toQt(accentColor(theme_)), 1.2));
    painter.drawLine(QPointF(at, 1.0), QPointF(at, placeOf(shown[i]->generation, shown[i]->step).y()));
    painter.setBrush(toQt(accentColor(theme_)));
    painter.drawPolygon(flagAt(at, 1.0, 0.7 * em()));
    const QString name =
        painter.fontMetrics().elidedText(QString::fromStdString(shown[i]->name), Qt::ElideRight, static_cast<int>(room));
    if (room < 2 * em()) continue;
    painter.setPen(toQt(textColor(theme_)));
    painter.drawText(QPointF(at + 0.8 * em(), 0.75 * em()), name);
  }
  painter.setBrush(Qt::NoBrush);
}

void TimelineLine::paintHandle(QPainter& painter) const {
  const QPointF at = placeOf(picture_.generation(), picture_.step);
  painter.setPen(QPen(toQt(textColor(theme_)), 2.0));
  painter.drawLine(QPointF(at.x(), 0.9 * em()), QPointF(at.x(), height() - 2.0));
  painter.setBrush(palette().color(QPalette::Highlight));
  painter.drawEllipse(at, 0.36 * em(), 0.36 * em());
}

/// Of the lines that reach the place the nearest one; what led to the shown moment is the shown one's.
std::size_t TimelineLine::lineUnder(const QPointF& place) const {
  const RunOverview& run = picture_.run;
  std::size_t nearest = run.shown;
  double least = std::numeric_limits<double>::infinity();
  const std::int64_t step = stepAt(place.x());
  for (std::size_t i = 0; i < run.lines.size(); ++i) {
    if (step < run.lines[i].first || step > run.lines[i].last) continue;
    const double distance = std::abs(place.y() - y(i));
    if (distance < least) least = distance, nearest = i;
  }
  return &run.lines[nearest] == run.lineAt(step) ? run.shown : nearest;
}

const Bookmark* TimelineLine::bookmarkAt(const QPointF& place) const {
  if (place.y() > 0.9 * em()) return nullptr;
  for (const Bookmark& each : picture_.bookmarks)
    if (picture_.run.find(each.generation) && place.x() >= x(each.step) - 2 && place.x() <= x(each.step) + 0.8 * em())
      return &each;
  return nullptr;
}

void TimelineLine::moveTo(std::int64_t step) {
  const RunLine* line = picture_.run.find(dragged_);
  if (!line) return;
  if (const std::int64_t held = nearestOf(line->snapshots, step); held >= 0) Q_EMIT moved(dragged_, held);
}

void TimelineLine::mousePressEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton || picture_.run.lines.empty()) return;
  if (const Bookmark* bookmark = bookmarkAt(event->position()))
    return Q_EMIT bookmarkWanted(QString::fromStdString(bookmark->name));
  dragged_ = picture_.run.lines[lineUnder(event->position())].generation;
  setSliderDown(true);
  moveTo(stepAt(event->position().x()));
}

void TimelineLine::mouseMoveEvent(QMouseEvent* event) {
  if (dragged_ != 0) moveTo(stepAt(event->position().x()));
}

void TimelineLine::mouseReleaseEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton || dragged_ == 0) return;
  dragged_ = 0;
  setSliderDown(false);
  Q_EMIT released();
}

void TimelineLine::contextMenuEvent(QContextMenuEvent* event) {
  const Bookmark* bookmark = bookmarkAt(event->pos());
  Q_EMIT menuWanted(event->globalPos(), bookmark ? QString::fromStdString(bookmark->name) : QString());
}

void TimelineLine::keyPressEvent(QKeyEvent* event) {
  switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Down: return Q_EMIT stepped(-1);
    case Qt::Key_Right:
    case Qt::Key_Up: return Q_EMIT stepped(1);
    case Qt::Key_PageUp: return Q_EMIT stepped(10);
    case Qt::Key_PageDown: return Q_EMIT stepped(-10);
    case Qt::Key_Home: return Q_EMIT startWanted();
    case Qt::Key_End: return Q_EMIT newestWanted();
    case Qt::Key_Space: return Q_EMIT playWanted();
    default: event->ignore();
  }
}

void TimelineLine::wheelEvent(QWheelEvent* event) {
  event->accept();
  if (const int turned = event->angleDelta().y(); turned != 0) Q_EMIT stepped(turned > 0 ? -1 : 1);
}

void TimelineLine::changeEvent(QEvent* event) {
  QAbstractSlider::changeEvent(event);
  if (event->type() == QEvent::FontChange) updateGeometry();
}

/// A value that assistive technology sets is a hand's.
void TimelineLine::sliderChange(SliderChange change) {
  QAbstractSlider::sliderChange(change);
  if (change != SliderValueChange || showing_ || picture_.run.lines.empty()) return;
  dragged_ = picture_.generation();
  moveTo(value());
  dragged_ = 0;
  Q_EMIT released();
}

bool TimelineLine::event(QEvent* event) {
  if (event->type() == QEvent::ShortcutOverride) {  // space is the training's elsewhere
    static const std::set<int> own = {Qt::Key_Left,     Qt::Key_Right, Qt::Key_Up,  Qt::Key_Down, Qt::Key_PageUp,
                                      Qt::Key_PageDown, Qt::Key_Home,  Qt::Key_End, Qt::Key_Space};
    const auto* key = static_cast<QKeyEvent*>(event);
    if ((key->modifiers() & ~Qt::KeypadModifier) == Qt::NoModifier && own.contains(key->key())) event->accept();
    return true;
  }
  if (event->type() != QEvent::ToolTip) return QAbstractSlider::event(event);
  const auto* help = static_cast<QHelpEvent*>(event);
  QToolTip::showText(help->globalPos(), "<p style='white-space:pre'>" + describe(help->pos()).toHtmlEscaped() + "</p>",
                     this);  // names are people's own
  return true;
}

QString TimelineLine::describe(const QPointF& place) const {
  const RunOverview& run = picture_.run;
  if (run.lines.empty()) return {};
  const std::size_t under = lineUnder(place);
  const RunLine& line = run.lines[under];
  const std::int64_t step = std::clamp<std::int64_t>(stepAt(place.x()), 0, line.last);
  QStringList lines{tr("run %1, step %2; the nearest picture that is held is of step %3")
                        .arg(line.generation)
                        .arg(step)
                        .arg(nearestOf(line.snapshots, step))};
  if (const Bookmark* bookmark = bookmarkAt(place))
    lines.append(tr("bookmark: %1 (run %2, step %3)")
                     .arg(QString::fromStdString(bookmark->name))
                     .arg(bookmark->generation)
                     .arg(bookmark->step));
  for (const RunLine& each : run.lines) {
    const auto near = [&](std::int64_t at) { return std::abs(place.x() - x(at)) <= kNear; };
    for (const KnobMark& mark : each.marks)
      if (near(mark.step))
        lines.append(tr("run %1, after step %2: %3").arg(each.generation).arg(mark.step).arg(QString::fromStdString(mark.words)));
    for (const std::int64_t model : each.models)
      if (near(model))
        lines.append(tr("run %1: the model of step %2 is kept; training can go on from it").arg(each.generation).arg(model));
    if (each.from && near(each.first))
      lines.append(
          tr("run %1 branched off from run %2 at step %3").arg(each.generation).arg(each.from->generation).arg(each.first));
  }
  if (run.leftOut > 0) lines.append(tr("%1 more branches are not drawn: choose them by the button of runs").arg(run.leftOut));
  return lines.join('\n');
}

}  // namespace moescope
