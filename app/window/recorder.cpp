#include "app/window/recorder.h"

#include <QPainter>
#include <cstdio>
#include <cstring>
#include <exception>
#include <utility>

#include "app/window/language.h"

namespace moescope {

Image frameOf(const QImage& picture, int width, int height) {
  QImage whole = picture;
  whole.setDevicePixelRatio(1.0);
  if (whole.width() != width || whole.height() != height) {
    const bool cut =
        whole.width() - width >= 0 && whole.width() - width <= 1 && whole.height() - height >= 0 && whole.height() - height <= 1;
    const QImage fitting = cut ? whole : whole.scaled(width, height, Qt::KeepAspectRatio, Qt::SmoothTransformation);
    whole = QImage(width, height, QImage::Format_RGB32);
    whole.fill(Qt::black);
    QPainter painter(&whole);
    painter.drawImage(cut ? 0 : (width - fitting.width()) / 2, cut ? 0 : (height - fitting.height()) / 2, fitting);
  }
  whole = whole.convertToFormat(QImage::Format_RGB888);
  Image frame{width, height, std::vector<std::uint8_t>(std::size_t(3) * std::size_t(width) * std::size_t(height))};
  for (int y = 0; y < height; ++y)
    std::memcpy(&frame.pixels[std::size_t(3) * std::size_t(height - 1 - y) * std::size_t(width)], whole.constScanLine(y),
                std::size_t(3) * std::size_t(width));
  return frame;
}

Recorder::Recorder(QObject* parent) : QObject(parent) {
  timer_.setTimerType(Qt::PreciseTimer);
  timer_.setInterval(1000 / kRate);
  connect(&timer_, &QTimer::timeout, this, &Recorder::tick);
}

/// The window is closing: what was recorded is made whole.
Recorder::~Recorder() {
  if (!writer_) return;
  try {
    writer_->finish();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "moescope: %s\n", error.what());
  }
}

void Recorder::start(const std::string& path, std::function<QImage()> picture) {
  if (writer_) throw std::logic_error("a film is being recorded already");
  const QImage first = picture();
  const bool pictures = filmKindOf(path) == FilmKind::Pictures;
  shape_ = {pictures ? first.width() : first.width() / 2 * 2, pictures ? first.height() : first.height() / 2 * 2, kRate};
  writer_ = std::make_unique<FilmWriter>(path, shape_, true);
  picture_ = std::move(picture);
  last_ = std::make_shared<const Image>(frameOf(first, shape_.width, shape_.height));
  writer_->add(last_);
  frames_ = pictures_ = 1;
  toldSecond_ = -1;
  clock_.start();
  timer_.start();
  Q_EMIT changed();
}

double Recorder::seconds() const { return records() ? static_cast<double>(clock_.elapsed()) / 1000.0 : 0.0; }

std::int64_t Recorder::dueFrames() const { return clock_.elapsed() * kRate / 1000 + 1; }

/// As many frames as the clock says are due; where the encoder is behind, they come with a later tick.
void Recorder::tick() {
  const std::int64_t due = dueFrames();
  if (due <= frames_ || writer_->full()) return;
  try {
    // Frames that were missed show what stood on the screen then.
    for (; last_ && frames_ + 1 < due && !writer_->full(); ++frames_) writer_->add(last_);
    if (frames_ + 1 == due && !writer_->full()) {
      last_ = std::make_shared<const Image>(frameOf(picture_(), shape_.width, shape_.height));
      ++pictures_;
      writer_->add(last_);
      ++frames_;
    }
  } catch (const std::exception& error) {
    QString line = QString::fromUtf8(error.what());
    try {
      line += tr("; %1 plays what was recorded before").arg(QString::fromStdString(stop().path));
    } catch (const std::exception& unfinished) {
      line = QString::fromUtf8(unfinished.what());
    }
    Q_EMIT failed(line);
    return;
  }
  if (const std::int64_t second = clock_.elapsed() / 1000; second != toldSecond_) {
    toldSecond_ = second;
    Q_EMIT changed();
  }
}

FilmReport Recorder::stop() {
  timer_.stop();
  const std::unique_ptr<FilmWriter> writer = std::move(writer_);
  try {
    for (const std::int64_t due = dueFrames(); frames_ < due; ++frames_)
      writer->add(last_);            // where pictures or the encoder were slow, the film lasts as long all the same
  } catch (const std::exception&) {  // finish() tells of it
  }
  last_.reset();
  picture_ = nullptr;
  Q_EMIT changed();
  return writer->finish();
}

}  // namespace moescope
