#include "app/lesson_handout.h"

#include <QAbstractTextDocumentLayout>
#include <QBuffer>
#include <QImage>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <QTextDocument>
#include <QUrl>
#include <algorithm>

#include "app/font_application.h"
#include "app/lesson_record.h"
#include "app/window/page_picture.h"
#include "app/window/version.h"
#include "core/data/output_file.h"

namespace moescope {
namespace {

constexpr int kPointsPerInch = 72, kDotsPerInch = 1200;
constexpr double kMargin = 42.0, kGap = 12.0, kTitle = 20.0, kSmall = 9.0;  // points
constexpr double kWords[] = {12.0, 11.0, 10.0, 9.0, 8.0};  // points: the largest that fits
constexpr double kLeastPicture = 150.0;                    // points high
constexpr QSize kPicture(1920, 1080);                      // pixels
constexpr std::int64_t kFurther = 0;                       // steps of a page that goes on training

QFont fontOf(double points, bool bold = false) {
  QFont font("DejaVu Sans");
  font.setPixelSize(static_cast<int>(points));  // a point is a unit of the painter
  font.setBold(bold);
  return font;
}

class Sheet {
 public:
  /// `painter` draws in points.
  Sheet(QPainter& painter, const QSizeF& size)
      : painter_(painter), area_(kMargin, kMargin, size.width() - 2 * kMargin, size.height() - 2 * kMargin) {}

  void line(const QString& words, double points, bool bold) {
    painter_.setFont(fontOf(points, bold));
    const QRectF room(area_.left(), area_.top(), area_.width(), area_.height());
    QRectF used;
    painter_.drawText(room, Qt::TextWordWrap, words, &used);
    area_.setTop(used.bottom() + kGap / 2);
  }
  void foot(const QString& words) {
    painter_.setFont(fontOf(kSmall));
    painter_.drawText(area_, Qt::AlignBottom | Qt::AlignRight, words);
    area_.setBottom(area_.bottom() - 2 * kSmall);
  }
  /// As wide as the sheet, but for what the words need.
  void pictureAndWords(const QImage& picture, QTextDocument& words) {
    const double wanted = area_.width() * picture.height() / picture.width();
    for (const double points : kWords) {
      words.setDefaultFont(fontOf(points));
      words.setTextWidth(area_.width());
      if (words.size().height() + kGap + wanted <= area_.height()) break;
    }
    const double height = std::clamp(area_.height() - kGap - words.size().height(), kLeastPicture, wanted),
                 width = height * picture.width() / picture.height();
    painter_.drawImage(QRectF(area_.left() + (area_.width() - width) / 2, area_.top(), width, height), picture);
    painter_.save();
    painter_.translate(area_.left(), area_.top() + height + kGap);
    words.drawContents(&painter_);
    painter_.restore();
  }

 private:
  QPainter& painter_;
  QRectF area_;
};

/// With the pictures that lie beside the lesson.
void fill(QTextDocument& document, const Lesson& lesson, const LessonPage& page, double width) {
  std::string words = page.words;
  document.setMarkdown(QString::fromStdString(words));
  for (const std::string& name : page.pictures) {
    const QImage picture(QString::fromStdString(lesson.folder + "/" + name));
    if (picture.isNull()) throw std::runtime_error(lesson.folder + "/" + name + ": this picture cannot be read");
    document.addResource(QTextDocument::ImageResource, QUrl(QString::fromStdString(name)),
                         picture.scaledToWidth(std::min(picture.width(), static_cast<int>(width))));
  }
}

void drawSheet(QPainter& painter, const QSizeF& size, const Lesson& lesson, std::size_t index, LessonRecorder& recorder) {
  const LessonPage& page = lesson.pages[index];
  RecordedPage recorded = recorder.page(index);
  recorded.document.dark = false;
  Sheet sheet(painter, size);
  sheet.line(QString::fromStdString(lesson.title), kSmall, false);
  sheet.line(QString::fromStdString(page.title), kTitle, true);
  const std::string answer = page.task ? answerOf(*page.task, sceneOf(recorded)).words : "";
  sheet.foot((answer.empty() ? QString() : QString("✓ %1   ·   ").arg(QString::fromStdString(answer))) +
             QString("%1 / %2").arg(index + 1).arg(lesson.pages.size()));
  QTextDocument words;
  fill(words, lesson, page, size.width() - 2 * kMargin);
  sheet.pictureAndWords(pictureBesideQt(recorded.document, recorded.timelines, kPicture), words);
}

}  // namespace

void writeHandout(const Lesson& lesson, const std::string& path) {
  requireWritable(path);
  const FontApplication fonts(true);
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  QPdfWriter writer(&buffer);
  writer.setResolution(kDotsPerInch);
  writer.setPageSize(QPageSize(QPageSize::A4));
  writer.setPageMargins(QMarginsF());
  writer.setTitle(QString::fromStdString(lesson.title));
  writer.setCreator(QString::fromStdString("Moescope " + programVersion()));
  const QSizeF size = writer.pageLayout().fullRect(QPageLayout::Point).size();
  QPainter painter(&writer);
  painter.scale(static_cast<double>(kDotsPerInch) / kPointsPerInch, static_cast<double>(kDotsPerInch) / kPointsPerInch);
  LessonRecorder recorder(lesson, kFurther);
  for (std::size_t index = 0; index < lesson.pages.size(); ++index) {
    if (index > 0) writer.newPage();
    drawSheet(painter, size, lesson, index, recorder);
  }
  if (!painter.end()) throw std::runtime_error(path + ": the handout could not be encoded");
  writeFileAtomically(path, {bytes.constData(), static_cast<std::size_t>(bytes.size())});
}

}  // namespace moescope
