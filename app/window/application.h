#pragma once
// The Qt application: where an exception in a slot or event handler ends, where a signal from outside becomes a close, and what
// makes every number look the same whatever the user's locale.

#include <QApplication>
#include <QString>
#include <QTranslator>

namespace moescope {

class Application : public QApplication {
  Q_OBJECT
 public:
  Application(int& count, char** arguments);
  /// Qt's own words ("Cancel", a dialog of files) in the language that is spoken now, where Qt's translations are installed.
  void sayQtWords();
  /// Delivers the event; what it throws is said by failed(), and the application goes on.
  bool notify(QObject* receiver, QEvent* event) override;
  /// SIGTERM, SIGHUP and SIGINT: ending(), then the windows close and the event loop ends. A second one ends the program at once.
  void closeOnSignals();

 Q_SIGNALS:
  void failed(const QString& line);
  void ending();

 private:
  QTranslator qtWords_;
  void report(const QString& line);
};

}  // namespace moescope
