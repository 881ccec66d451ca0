#include "app/qt_messages.h"

#include <unistd.h>

#include <QByteArray>
#include <QCoreApplication>
#include <QStringList>
#include <QtGlobal>
#include <cstdio>
#include <utility>

namespace moescope {
namespace {

QtMessageHandler gPrevious = nullptr;
QStringList gReasons;  // what Qt says about platforms while it starts: why it may be about to give up

[[noreturn]] void endWith(const QString& text) {
  std::fprintf(stderr, "moescope: %s (moescope doctor says what this machine can draw with)\n",
               text.simplified().toUtf8().constData());
  std::fflush(stderr);
  _exit(1);  // other threads are at work: nothing of theirs may be torn down under them
}

void oneLine(QtMsgType type, const QMessageLogContext& context, const QString& text) {
  if (text.startsWith("QStandardPaths: XDG_RUNTIME_DIR")) return;  // Qt makes a folder of its own: nothing for a person to do
  if (type == QtFatalMsg) endWith(gReasons.isEmpty() ? text : gReasons.first());
  if (text.contains("connection broke")) endWith(text);  // to X or Wayland; Qt would exit in the middle of everything
  if (QCoreApplication::startingUp() && QByteArray(context.category).startsWith("qt.qpa.")) {
    gReasons.append(text);
    return;
  }
  for (const QString& reason : std::exchange(gReasons, {})) gPrevious(QtWarningMsg, context, reason);
  gPrevious(type, context, text);
}

}  // namespace

void installQtMessages() {
  if (!gPrevious) gPrevious = qInstallMessageHandler(oneLine);
}

}  // namespace moescope
