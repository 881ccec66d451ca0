#include "app/window/vector_picture.h"

#include <QBuffer>
#include <QFontDatabase>
#include <QFontMetricsF>
#include <QPageSize>
#include <QPainter>
#include <QPainterPath>
#include <QPdfWriter>
#include <QPolygonF>
#include <QSvgGenerator>
#include <algorithm>
#include <stdexcept>

#include "app/window/version.h"
#include "core/words/words.h"
#include "views/font_metrics.h"

namespace moescope {
namespace {

constexpr int kPixelsPerInch = 96, kDotsPerInch = 1200;  // of a picture's size; of PDF's coordinates
constexpr const char* kTallAndDeep = "_/7Agfy";          // what VTK takes the height of a line of words from

QColor colorOf(const Color& color, double opacity) {
  QColor made;
  const auto channel = [](double value) { return static_cast<float>(std::clamp(value, 0.0, 1.0)); };
  made.setRgbF(channel(color[0]), channel(color[1]), channel(color[2]), channel(opacity));
  return made;
}

/// The views' own font file under its own name, else what the system has without serifs.
QString familyOf(bool bold) {
  const std::string& file = fontFile(bold);
  const int known = file.empty() ? -1 : QFontDatabase::addApplicationFont(QString::fromStdString(file));
  const QStringList families = known < 0 ? QStringList() : QFontDatabase::applicationFontFamilies(known);
  return families.isEmpty() ? QString("sans-serif") : families.front();
}

QFont fontOf(const DrawnText& text) {
  static const QString plain = familyOf(false), heavy = familyOf(true);
  QFont font(text.bold ? heavy : plain);
  font.setBold(text.bold);
  font.setPixelSize(text.height);
  font.setHintingPreference(QFont::PreferNoHinting);
  return font;
}

class Sheet {
 public:
  /// Draws in the picture's device-independent pixels, whose y goes up; a painter's goes down.
  Sheet(QPainter& painter, const VectorPicture& picture) : painter_(painter), picture_(picture) {}

  void draw() {
    const VectorDrawing& drawing = picture_.drawing;
    const QRectF whole(0.0, 0.0, drawing.width, drawing.height);
    painter_.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing | QPainter::LosslessImageRendering);
    painter_.setClipRect(whole);
    if (!picture_.transparent) painter_.fillRect(whole, colorOf(drawing.background, 1.0));
    if (!picture_.scene.isNull()) painter_.drawImage(whole, picture_.scene);
    for (const DrawnShape& shape : drawing.shapes) this->shape(shape);
    for (const DrawnText& text : drawing.texts) words(text);
  }

 private:
  QPointF at(const Point& point) const { return {point.x, picture_.drawing.height - point.y}; }

  void shape(const DrawnShape& shape) {
    const QColor color = colorOf(shape.color, shape.opacity);
    QPen pen(Qt::NoPen);
    if (shape.thickness > 0.0) {
      pen = QPen(color, shape.thickness, Qt::SolidLine, Qt::FlatCap, Qt::RoundJoin);
      if (shape.dash > 0.0) pen.setDashPattern({shape.dash / shape.thickness, shape.dash / shape.thickness});
    }
    painter_.setPen(pen);
    painter_.setBrush(shape.thickness > 0.0 ? QBrush(Qt::NoBrush) : QBrush(color));
    if (shape.radius > 0.0) return painter_.drawEllipse(at(shape.points.front()), shape.radius, shape.radius);
    QPolygonF points;
    for (const Point& point : shape.points) points << at(point);
    if (shape.thickness > 0.0)
      painter_.drawPolyline(points);
    else
      painter_.drawPolygon(points);
  }

  /// As VTK places a line: the middle between its highest and its deepest letter in the middle of the box.
  void words(const DrawnText& text) {
    const Rect& box = text.box;
    if (text.patch > 0.0)
      painter_.fillRect(QRectF(box.x, picture_.drawing.height - box.y - box.height, box.width, box.height),
                        colorOf(picture_.drawing.background, text.patch));
    const QFont font = fontOf(text);
    const QFontMetricsF metrics(font);
    const QString words = QString::fromStdString(text.words);
    const QRectF line = metrics.tightBoundingRect(kTallAndDeep);
    const double length = text.upward ? box.height : box.width, share = text.align == Align::Left     ? 0.0
                                                                        : text.align == Align::Centre ? 0.5
                                                                                                      : 1.0;
    const QPointF start(share * (length - metrics.horizontalAdvance(words)),
                        -line.center().y());  // from the middle of the box's start
    painter_.setFont(font);
    painter_.setPen(colorOf(text.color, 1.0));
    painter_.save();
    painter_.translate(text.upward ? at({box.x + box.width / 2, box.y}) : at({box.x, box.y + box.height / 2}));
    if (text.upward) painter_.rotate(-90.0);
    painter_.drawText(start, words);
    painter_.restore();
  }

  QPainter& painter_;
  const VectorPicture& picture_;
};

/// Paints the picture on a device of that many of its own units.
void paint(QPaintDevice& device, const VectorPicture& picture, double units) {
  QPainter painter;
  if (!painter.begin(&device)) throw std::runtime_error(translated("the picture could not be encoded"));
  painter.scale(units / picture.drawing.width, units / picture.drawing.width);
  Sheet(painter, picture).draw();
  if (!painter.end()) throw std::runtime_error(translated("the picture could not be encoded"));
}

QString creator() { return QString::fromStdString(versionText()).section(QLatin1Char(0x0a), 0, 0); }

}  // namespace

QByteArray svgOf(const VectorPicture& picture, const QSize& size, const QString& title) {
  QByteArray bytes;
  QBuffer buffer(&bytes);
  QSvgGenerator generator;
  generator.setOutputDevice(&buffer);
  generator.setResolution(kPixelsPerInch);
  generator.setSize(size);
  generator.setViewBox(QRectF(0.0, 0.0, picture.drawing.width, picture.drawing.height));
  generator.setTitle(title);
  generator.setDescription(creator());
  paint(generator, picture, picture.drawing.width);
  return bytes;
}

QByteArray pdfOf(const VectorPicture& picture, const QSize& size, const QString& title) {
  QByteArray bytes;
  QBuffer buffer(&bytes);
  if (!buffer.open(QIODevice::WriteOnly)) throw std::runtime_error(translated("the picture could not be encoded"));
  QPdfWriter writer(&buffer);
  writer.setResolution(kDotsPerInch);
  writer.setPageSize(QPageSize(QSizeF(size) * 72.0 / kPixelsPerInch, QPageSize::Point, QString(), QPageSize::ExactMatch));
  writer.setPageMargins(QMarginsF());
  writer.setTitle(title);
  writer.setCreator(creator());
  paint(writer, picture, size.width() * static_cast<double>(kDotsPerInch) / kPixelsPerInch);
  return bytes;
}

}  // namespace moescope
