#pragma once
// Opens sessions off the UI thread; what is shown stays until one is read.

#include <QObject>
#include <QString>
#include <array>

#include "app/window/controller.h"

namespace moescope {

class SessionOpener : public QObject {
  Q_OBJECT
 public:
  explicit SessionOpener(Controller& controller) : controller_(controller) {}
  ~SessionOpener() override;

  /// Shows the session on the active side: with the whole of its own Document, or beside another side with what that says of it.
  /// The last one that is asked for on a side is shown.
  void open(const QString& file) { start(controller_.active(), file, true); }
  /// The same with the Document as it is, which wants this session.
  void reopen(int side, const QString& file) { start(side, file, false); }
  static bool isSession(const QString& path) { return path.endsWith(".moescope"); }

 Q_SIGNALS:
  void progressed(const QString& line);
  /// `note`: what a person should know of it; may be empty.
  void opened(const QString& file, const QString& note);
  void failed(int side, const QString& line);

 private:
  void start(int side, const QString& file, bool withDocument);
  void take(int side, std::shared_ptr<SessionSource> session, bool withDocument);

  Controller& controller_;
  std::array<int, 2> asked_{};
};

}  // namespace moescope
