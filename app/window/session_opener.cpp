#include "app/window/session_opener.h"

#include <QFileInfo>
#include <QPointer>
#include <QThreadPool>
#include <exception>
#include <utility>

#include "app/document/document_json.h"
#include "app/window/autosaves.h"
#include "app/window/language.h"

namespace moescope {

namespace {

/// Its run is that of the recorded Document's active side. Theme and size of text are the room's, not the run's.
Document withRecorded(const Document& now, int side, const Document& recorded) {
  Document document = now.compares ? now : recorded;
  document.dark = now.dark;
  document.textScale = now.textScale;
  document.sides.at(static_cast<std::size_t>(side)) =
      recorded.sides[recorded.compares ? static_cast<std::size_t>(recorded.active) : 0];
  return document;
}

}  // namespace

SessionOpener::~SessionOpener() { QThreadPool::globalInstance()->waitForDone(); }

void SessionOpener::start(int side, const QString& file, bool withDocument) {
  const QString path = QFileInfo(file).absoluteFilePath();
  Q_EMIT progressed(tr("opening ") + path);
  QThreadPool::globalInstance()->start([this, side, path, withDocument, asked = ++asked_.at(static_cast<std::size_t>(side))] {
    std::shared_ptr<SessionSource> session;
    QString why;
    try {
      session = std::make_shared<SessionSource>(path.toStdString());
    } catch (const std::exception& error) {
      why = error.what();
    }
    QMetaObject::invokeMethod(
        this,
        [this, side, session, why, withDocument, asked] {
          if (asked != asked_.at(static_cast<std::size_t>(side))) return;  // another one was asked for since
          session ? take(side, session, withDocument) : Q_EMIT failed(side, why);
        },
        Qt::QueuedConnection);
  });
}

void SessionOpener::take(int side, std::shared_ptr<SessionSource> session, bool withDocument) {
  const std::filesystem::path file = session->reader()->path();
  QStringList notes;
  Document document = controller_.document();
  if (withDocument) try {
      if (const std::string kept = session->reader()->document(); !kept.empty())
        document = withRecorded(document, side, documentFromJson(kept));
    } catch (const std::exception& error) {
      notes.append(tr("its own view cannot be read (%1): it is shown as this window was").arg(error.what()));
      document = controller_.document();
    }
  if (isWritten(file)) notes.append(tr("another Moescope is writing to it: here it is read only"));
  for (const std::string& note : session->reader()->notes()) notes.append(QString::fromStdString(note));
  try {
    controller_.showSession(side, std::move(session), document);
    Q_EMIT opened(QString::fromStdString(file.string()), notes.join("; "));
  } catch (const std::exception& error) {
    Q_EMIT failed(side, QString::fromStdString(file.string()) + ": " + error.what());
  }
}

}  // namespace moescope
