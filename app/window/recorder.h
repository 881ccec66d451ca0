#pragma once
// Films what is on the screen while it happens, in real time.

#include <QElapsedTimer>
#include <QImage>
#include <QObject>
#include <QTimer>
#include <functional>
#include <memory>

#include "app/film/film_writer.h"

namespace moescope {

class Recorder : public QObject {
  Q_OBJECT
 public:
  static constexpr int kRate = 30;  ///< frames per second

  explicit Recorder(QObject* parent = nullptr);
  ~Recorder() override;

  /// `picture`: of the moment, called on this thread. Its first one fixes the film's size, made even by leaving out a last row or
  /// column; later ones of another size are fitted into it. A film that is there is replaced. Throws as FilmWriter does.
  void start(const std::string& path, std::function<QImage()> picture);
  bool records() const { return writer_ != nullptr; }
  double seconds() const;
  /// Makes the film whole. Throws std::runtime_error with one line.
  FilmReport stop();
  /// Pictures that were taken: fewer than frames where taking one took longer than a frame lasts, and the one before stood
  /// longer.
  std::int64_t pictures() const { return pictures_; }

 Q_SIGNALS:
  void changed();  ///< started, another second, stopped
  /// Recording ended by itself: one line for a person.
  void failed(const QString& line);

 private:
  void tick();
  /// As many as the clock says.
  std::int64_t dueFrames() const;

  std::unique_ptr<FilmWriter> writer_;
  std::function<QImage()> picture_;
  FilmShape shape_;
  FramePointer last_;
  QTimer timer_;
  QElapsedTimer clock_;
  std::int64_t frames_ = 0, pictures_ = 0, toldSecond_ = -1;
};

/// The picture as a frame of this size: as it is where it fits, else scaled into the middle.
Image frameOf(const QImage& picture, int width, int height);

}  // namespace moescope
