#include "app/reproduce_chart.h"

#include <QImage>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "app/chart_fonts.h"
#include "app/window/picture_file.h"

namespace moescope {
namespace {

constexpr int kWidth = 1600, kRow = 76, kHead = 90, kFoot = 60, kPlotLeft = 860, kPlotWidth = 440;

QColor colourOf(const std::string& verdict) {
  if (verdict == "reproduced" || verdict == "holds") return QColor(0, 120, 90);
  if (verdict == "undecided") return QColor(110, 110, 110);
  return QColor(190, 70, 0);
}

void dot(QPainter& painter, double x, double y, const QColor& colour) {
  painter.setPen(Qt::NoPen);
  painter.setBrush(colour);
  painter.drawEllipse(QPointF(x, y), 6.0, 6.0);
}

/// The interval on a scale of its own, with the bound as a dashed line.
void drawInterval(QPainter& painter, const Finding& row, double top) {
  const double half = std::isfinite(row.interval.half) ? row.interval.half : 0.0;
  const double low = std::min(row.interval.mean - half, row.bound), high = std::max(row.interval.mean + half, row.bound);
  const double margin = std::max(0.12 * (high - low), 1e-9), span = high - low + 2 * margin, y = top + 0.36 * kRow;
  const auto x = [&](double value) { return kPlotLeft + kPlotWidth * (value - low + margin) / span; };
  painter.setPen(QPen(QColor(200, 200, 200), 1));
  painter.drawLine(QPointF(kPlotLeft, y), QPointF(kPlotLeft + kPlotWidth, y));
  painter.setPen(QPen(Qt::black, 1.5, Qt::DashLine));
  painter.drawLine(QPointF(x(row.bound), top + 4), QPointF(x(row.bound), top + 0.62 * kRow));
  painter.setPen(QPen(colourOf(row.verdict), 4));
  painter.drawLine(QPointF(x(row.interval.mean - half), y), QPointF(x(row.interval.mean + half), y));
  dot(painter, x(row.interval.mean), y, colourOf(row.verdict));
  painter.setPen(QColor(70, 70, 70));
  const double at = std::clamp(x(row.bound), kPlotLeft + 60.0, kPlotLeft + kPlotWidth - 60.0);
  painter.drawText(QRectF(at - 120, top + 0.6 * kRow, 240, 22), Qt::AlignCenter, "bound " + QString::number(row.bound, 'g', 3));
}

/// One square for each seed that ran, filled where it collapsed.
void drawSeeds(QPainter& painter, const Finding& row, double top) {
  const double side =
      std::min(26.0, static_cast<double>(kPlotWidth) / static_cast<double>(std::max<std::size_t>(1, row.values.size())) - 4.0);
  double left = kPlotLeft;
  for (const double collapsed : row.values) {
    if (!std::isfinite(collapsed)) continue;
    painter.setPen(QPen(QColor(90, 90, 90), 1.5));
    painter.setBrush(collapsed > 0.0 ? QBrush(QColor(60, 60, 60)) : QBrush(Qt::white));
    painter.drawRect(QRectF(left, top + 10, side, side));
    left += side + 4.0;
  }
}

void drawRow(QPainter& painter, const Finding& row, double top) {
  painter.setPen(Qt::black);
  painter.drawText(QRectF(30, top, kPlotLeft - 60, kRow), Qt::AlignVCenter | Qt::TextWordWrap, QString::fromStdString(row.claim));
  if (row.counts)
    drawSeeds(painter, row, top);
  else if (row.interval.count > 0)
    drawInterval(painter, row, top);
  painter.setPen(colourOf(row.verdict));
  QFont bold = painter.font();
  bold.setBold(true);
  painter.save();
  painter.setFont(bold);
  painter.drawText(QRectF(kPlotLeft + kPlotWidth + 30, top + 4, 260, 0.36 * kRow), Qt::AlignVCenter,
                   QString::fromStdString(row.verdict));
  painter.restore();
  painter.setPen(QColor(70, 70, 70));
  painter.drawText(QRectF(kPlotLeft + kPlotWidth + 30, top + 0.38 * kRow, 260, 0.6 * kRow), Qt::AlignVCenter | Qt::TextWordWrap,
                   QString::fromStdString(row.measured));
  painter.setPen(QPen(QColor(225, 225, 225), 1));
  painter.drawLine(QPointF(30, top + kRow), QPointF(kWidth - 30, top + kRow));
}

}  // namespace

void writeClaimsChart(const std::string& title, const std::vector<Finding>& findings, const std::string& path) {
  const auto application = applicationForFonts();
  QImage image(kWidth, kHead + kRow * static_cast<int>(findings.size()) + kFoot, QImage::Format_RGB32);
  image.fill(Qt::white);
  {
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    QFont font("DejaVu Sans");
    font.setPixelSize(30);
    font.setBold(true);
    painter.setFont(font);
    painter.drawText(QRectF(30, 20, kWidth - 60, 50), Qt::AlignVCenter, QString::fromStdString(title));
    font.setPixelSize(17);
    font.setBold(false);
    painter.setFont(font);
    for (std::size_t i = 0; i < findings.size(); ++i) drawRow(painter, findings[i], kHead + kRow * static_cast<double>(i));
    painter.setPen(QColor(70, 70, 70));
    painter.drawText(
        QRectF(30, image.height() - kFoot, kWidth - 60, kFoot), Qt::AlignVCenter,
        "Dot and bar: mean with 95 % interval over seeds, each row on its own scale. Squares: seeds, filled where an expert died or entropy rose.");
  }
  writePictureAtomically(image, path);
}

}  // namespace moescope
