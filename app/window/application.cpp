#include "app/window/application.h"

#include <sys/socket.h>
#include <unistd.h>

#include <QLibraryInfo>
#include <QLocale>
#include <QSocketNotifier>
#include <clocale>
#include <csignal>
#include <exception>
#include <stdexcept>
#include <string>

#include "app/window/language.h"

namespace moescope {
namespace {

int gSignalSockets[2] = {-1, -1};  // a signal handler may do little more than write a byte

/// tr() of every class, and Qt's own words ("Cancel"), through translated(), whatever class asks.
class Words : public QTranslator {
 public:
  using QTranslator::QTranslator;
  QString translate(const char*, const char* source, const char* = nullptr, int = -1) const override {
    const std::string words = translated(source);
    return words == source ? QString() : QString::fromStdString(words);
  }
  bool isEmpty() const override { return false; }
};

void passOn(int) {
  const char byte = 1;
  [[maybe_unused]] const ssize_t written = write(gSignalSockets[0], &byte, 1);
}

}  // namespace

Application::Application(int& count, char** arguments) : QApplication(count, arguments) {
  std::setlocale(LC_NUMERIC, "C");  // Qt took the user's, and with it printf and strtod their decimal comma
  QLocale numbers = QLocale::c();
  numbers.setNumberOptions(QLocale::OmitGroupSeparator);
  QLocale::setDefault(numbers);
  sayQtWords();
  installTranslator(new Words(this));
}

void Application::sayQtWords() {
  removeTranslator(&qtWords_);
  if (qtWords_.load("qtbase_" + QString::fromStdString(spokenLanguage()), QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
    installTranslator(&qtWords_);
}

bool Application::notify(QObject* receiver, QEvent* event) {
  try {
    return QApplication::notify(receiver, event);
  } catch (const std::exception& error) {
    report(QString::fromUtf8(error.what()).section('\n', 0, 0));  // LibTorch's messages carry a stack trace
  } catch (...) {
    report(tr("an unknown error in the window"));
  }
  return false;
}

/// Queued: whoever listens may be in the midst of what failed.
void Application::report(const QString& line) {
  QMetaObject::invokeMethod(
      this, [this, line] { Q_EMIT failed(line); }, Qt::QueuedConnection);
}

void Application::closeOnSignals() {
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, gSignalSockets) != 0)
    throw std::runtime_error(translated("no sockets to hear signals with"));
  auto* notifier = new QSocketNotifier(gSignalSockets[1], QSocketNotifier::Read, this);
  connect(notifier, &QSocketNotifier::activated, this, [this, notifier] {
    notifier->setEnabled(false);
    Q_EMIT ending();
    quit();
  });
  struct sigaction action = {};
  action.sa_handler = passOn;
  action.sa_flags = SA_RESTART | static_cast<int>(SA_RESETHAND);
  for (const int signal : {SIGTERM, SIGHUP, SIGINT}) sigaction(signal, &action, nullptr);
}

}  // namespace moescope
