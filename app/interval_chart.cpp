#include "app/interval_chart.h"

#include <QImage>
#include <QPainter>
#include <algorithm>
#include <cmath>
#include <map>

#include "app/chart_fonts.h"
#include "app/window/picture_file.h"
#include "views/plot.h"

namespace moescope {
namespace {

constexpr int kPanelWidth = 760, kPanelHeight = 520, kHead = 80, kFoot = 44, kLegendRow = 34, kLegendWidth = 380, kText = 18;
const QColor kColours[] = {{0, 114, 178}, {213, 94, 0},   {0, 158, 115}, {204, 121, 167},
                           {110, 90, 0},  {86, 180, 233}, {90, 90, 90},  {120, 60, 160}};

/// Colours go round after eight names and shapes change then.
struct Look {
  QColor colour;
  int shape = 0;
  bool hollow = false;
};

using Looks = std::map<std::string, Look>;

void drawMark(QPainter& painter, QPointF at, const Look& look) {
  painter.setPen(look.hollow ? QPen(look.colour, 2) : QPen(Qt::NoPen));
  painter.setBrush(look.hollow ? QColor(Qt::white) : look.colour);
  constexpr double r = 6.0;
  if (look.shape % 3 == 0) painter.drawEllipse(at, r, r);
  else if (look.shape % 3 == 1) painter.drawRect(QRectF(at.x() - r, at.y() - r, 2 * r, 2 * r));
  else painter.drawPolygon(QPolygonF({{at.x(), at.y() - r - 1}, {at.x() + r + 1, at.y() + r}, {at.x() - r - 1, at.y() + r}}));
}

struct Range {
  double low = INFINITY, high = -INFINITY;

  void take(double value) {
    if (!std::isfinite(value)) return;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  void widen() {
    if (!(low <= high)) low = 0.0, high = 1.0;
    const double room = high > low ? 0.06 * (high - low) : std::max(0.5 * std::fabs(high), 0.5);
    low -= room;
    high += room;
  }
};

double half(double value) { return std::isfinite(value) ? value : 0.0; }

class PanelPainter {
 public:
  PanelPainter(QPainter& painter, const ChartPanel& panel, const QRectF& area)
      : painter_(painter), panel_(panel), inner_(area.adjusted(108, 48, -24, -70)) {
    for (const ChartSeries& series : panel.series)
      for (const ChartPoint& point : series.points) {
        if (!drawn(point)) continue;
        for (const double side : {-1.0, 1.0}) {
          x_.take(place(std::max(point.x + side * half(point.xHalf), panel.logarithmic ? 0.5 * point.x : -INFINITY)));
          y_.take(point.y + side * half(point.yHalf));
        }
      }
    if (panel.reference) y_.take(*panel.reference);
    x_.widen();
    y_.widen();
  }

  void draw(const Looks& looks) {
    drawFrame();
    for (const ChartSeries& series : panel_.series) drawSeries(series, looks.at(series.name));
  }

 private:
  double place(double x) const { return panel_.logarithmic ? std::log10(x) : x; }
  bool drawn(const ChartPoint& point) const {
    return std::isfinite(point.x) && std::isfinite(point.y) && (!panel_.logarithmic || point.x > 0.0);
  }
  double px(double x) const { return inner_.left() + inner_.width() * (place(x) - x_.low) / (x_.high - x_.low); }
  double py(double y) const { return inner_.bottom() - inner_.height() * (y - y_.low) / (y_.high - y_.low); }

  std::vector<double> xTicks() const {
    if (!panel_.logarithmic) return niceTicks({x_.low, x_.high, ""}, 6);
    std::vector<double> ticks;
    for (int power = static_cast<int>(std::floor(x_.low)); power <= static_cast<int>(std::ceil(x_.high)); ++power)
      for (const double factor : {1.0, 2.0, 5.0}) {
        const double at = factor * std::pow(10.0, power);
        if (std::log10(at) >= x_.low && std::log10(at) <= x_.high) ticks.push_back(at);
      }
    return ticks;
  }

  void drawFrame() {
    QFont font = painter_.font();
    font.setBold(true);
    painter_.save();
    painter_.setFont(font);
    painter_.setPen(Qt::black);
    painter_.drawText(QRectF(inner_.left(), inner_.top() - 40, inner_.width(), 34), Qt::AlignLeft | Qt::AlignVCenter,
                      QString::fromStdString(panel_.title));
    painter_.restore();
    for (const double at : niceTicks({y_.low, y_.high, ""}, 6)) {
      painter_.setPen(QPen(QColor(225, 225, 225), 1));
      painter_.drawLine(QPointF(inner_.left(), py(at)), QPointF(inner_.right(), py(at)));
      painter_.setPen(QColor(60, 60, 60));
      painter_.drawText(QRectF(inner_.left() - 90, py(at) - 14, 82, 28), Qt::AlignRight | Qt::AlignVCenter,
                        QString::number(at, 'g', 6));
    }
    for (const double at : xTicks()) {
      painter_.setPen(QPen(QColor(225, 225, 225), 1));
      painter_.drawLine(QPointF(px(at), inner_.top()), QPointF(px(at), inner_.bottom()));
      painter_.setPen(QColor(60, 60, 60));
      painter_.drawText(QRectF(px(at) - 60, inner_.bottom() + 4, 120, 26), Qt::AlignHCenter | Qt::AlignVCenter,
                        QString::number(at, 'g', 6));
    }
    painter_.setPen(Qt::black);
    painter_.drawText(QRectF(inner_.left(), inner_.bottom() + 32, inner_.width(), 28), Qt::AlignHCenter | Qt::AlignVCenter,
                      QString::fromStdString(panel_.xLabel));
    painter_.save();
    painter_.translate(inner_.left() - 84, inner_.center().y());
    painter_.rotate(-90);
    painter_.drawText(QRectF(-inner_.height() / 2, -14, inner_.height(), 28), Qt::AlignCenter,
                      QString::fromStdString(panel_.yLabel));
    painter_.restore();
    if (!panel_.reference) return;
    painter_.setPen(QPen(Qt::black, 1.5, Qt::DashLine));
    painter_.drawLine(QPointF(inner_.left(), py(*panel_.reference)), QPointF(inner_.right(), py(*panel_.reference)));
  }

  void drawSeries(const ChartSeries& series, const Look& look) {
    QPolygonF line;
    for (const ChartPoint& point : series.points)
      if (drawn(point)) line << QPointF(px(point.x), py(point.y));
    painter_.setPen(QPen(look.colour, 2, look.hollow ? Qt::DashLine : Qt::SolidLine));
    painter_.drawPolyline(line);
    for (const ChartPoint& point : series.points) {
      if (!drawn(point)) continue;
      QColor pale = look.colour;
      pale.setAlpha(110);
      painter_.setPen(QPen(pale, 1.5));
      if (half(point.yHalf) > 0.0)
        painter_.drawLine(QPointF(px(point.x), py(point.y - point.yHalf)), QPointF(px(point.x), py(point.y + point.yHalf)));
      if (half(point.xHalf) > 0.0 && !panel_.logarithmic)
        painter_.drawLine(QPointF(px(point.x - point.xHalf), py(point.y)), QPointF(px(point.x + point.xHalf), py(point.y)));
      drawMark(painter_, {px(point.x), py(point.y)}, look);
    }
  }

  QPainter& painter_;
  const ChartPanel& panel_;
  QRectF inner_;
  Range x_, y_;
};

Looks looksOf(const std::vector<ChartPanel>& panels, std::vector<std::string>& order) {
  Looks looks;
  int next = 0;
  for (const ChartPanel& panel : panels)
    for (const ChartSeries& series : panel.series) {
      if (looks.contains(series.name)) continue;
      order.push_back(series.name);
      const auto twin = looks.find(series.twin);
      Look look = twin != looks.end() ? twin->second : Look{kColours[next % 8], next / 8};
      look.hollow = twin != looks.end();
      next += !look.hollow;
      looks.emplace(series.name, look);
    }
  return looks;
}

}  // namespace

void writeIntervalChart(const std::string& title, const std::string& foot, const std::vector<ChartPanel>& panels,
                        const std::string& path) {
  const auto application = applicationForFonts();
  std::vector<std::string> names;
  const Looks looks = looksOf(panels, names);
  const int count = static_cast<int>(panels.size()),
            across = count > 4   ? 4
                     : count > 1 ? 2
                                 : 1,
            down = (count + across - 1) / across;
  const bool pairs = std::any_of(looks.begin(), looks.end(), [](const auto& look) { return look.second.hollow; });
  const int width = std::max(across * kPanelWidth, 1500), fitting = (width - 60) / kLegendWidth,
            legendAcross = pairs ? fitting - fitting % 2 : fitting,
            legendRows = (static_cast<int>(names.size()) + legendAcross - 1) / legendAcross;
  const double panelWidth = static_cast<double>(width) / across;
  QImage image(width, kHead + down * kPanelHeight + legendRows * kLegendRow + kFoot, QImage::Format_RGB32);
  image.fill(Qt::white);
  {
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    QFont font("DejaVu Sans");
    font.setBold(true);
    for (int size = 28; size >= 16; --size) {
      font.setPixelSize(size);
      if (QFontMetrics(font).horizontalAdvance(QString::fromStdString(title)) <= width - 60) break;
    }
    painter.setFont(font);
    painter.drawText(QRectF(30, 14, width - 60, 50), Qt::AlignVCenter, QString::fromStdString(title));
    font.setPixelSize(kText);
    font.setBold(false);
    painter.setFont(font);
    for (int p = 0; p < count; ++p)
      PanelPainter(painter, panels[static_cast<std::size_t>(p)],
                   QRectF(p % across * panelWidth, kHead + p / across * kPanelHeight, panelWidth, kPanelHeight))
          .draw(looks);
    const int top = kHead + down * kPanelHeight;
    for (int n = 0; n < static_cast<int>(names.size()); ++n) {
      const QPointF at(50 + n % legendAcross * kLegendWidth, top + (n / legendAcross + 0.5) * kLegendRow);
      drawMark(painter, at, looks.at(names[static_cast<std::size_t>(n)]));
      painter.setPen(Qt::black);
      painter.drawText(QRectF(at.x() + 16, at.y() - 15, kLegendWidth - 30, 30), Qt::AlignVCenter,
                       QString::fromStdString(names[static_cast<std::size_t>(n)]));
    }
    painter.setPen(QColor(70, 70, 70));
    painter.drawText(QRectF(30, image.height() - kFoot, width - 60, kFoot), Qt::AlignVCenter, QString::fromStdString(foot));
  }
  writePictureAtomically(image, path);
}

}  // namespace moescope
