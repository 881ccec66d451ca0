#include "app/window/session_menu.h"

#include <QCoreApplication>
#include <QFileDialog>
#include <QFileInfo>
#include <QInputDialog>
#include <QPointer>
#include <QThreadPool>
#include <exception>
#include <utility>

#include "app/document/document_json.h"
#include "app/window/language.h"
#include "app/window/settings_file.h"
#include "core/session/session_copy.h"

namespace moescope {
namespace {

constexpr int kLookMilliseconds = 2000, kMostRecent = 8;
constexpr double kGigabyte = 1 << 30;
constexpr const char *kRecentKey = "recent_sessions", *kFilter = translatable("Sessions (*.moescope)");

QStringList recentSessions() {
  return settingsFile().value(kRecentKey).toStringList().mid(0, kMostRecent);
}

void storeRecent(const QStringList& files) {
  settingsFile().setValue(kRecentKey, files.mid(0, kMostRecent));
}

/// A menu's text takes & as the mark of a shortcut.
QString inMenu(QString text) { return text.replace("&", "&&"); }

}  // namespace

SessionMenu::SessionMenu(QMenu* file, SessionOpener& opener, Controller& controller, std::shared_ptr<Autosaves> autosaves,
                         QWidget* window)
    : QObject(window), opener_(opener), controller_(controller), autosaves_(std::move(autosaves)), window_(window) {
  QAction* save = file->addAction(tr("Sa&ve session as…"), this, &SessionMenu::chooseFile);
  save->setObjectName("actionSaveSession");
  save->setShortcut(QKeySequence("Ctrl+Shift+S"));
  QAction* open = file->addAction(tr("Open sess&ion…"), this, &SessionMenu::chooseSession);
  open->setObjectName("actionOpenSession");
  open->setShortcut(QKeySequence("Ctrl+Shift+O"));
  recent_ = file->addMenu(tr("Recent sessions"));
  recent_->setObjectName("recentSessions");
  recent_->setToolTipsVisible(true);
  recent_->setProperty("listedAnew", true);  // whenever it opens
  connect(recent_, &QMenu::aboutToShow, this, &SessionMenu::listRecent);
  if (autosaves_) {
    crashed_ = file->addAction("");
    crashed_->setObjectName("actionOpenCrashed");
    connect(crashed_, &QAction::triggered, this, [this] { opener_.open(crashed_->data().toString()); });
    budget_ = file->addAction("", this, &SessionMenu::chooseBudget);
    budget_->setObjectName("actionAutosaveBudget");
    offerCrashed();
    look_.start(kLookMilliseconds);
    connect(&look_, &QTimer::timeout, this, &SessionMenu::lookAfter);
    QTimer::singleShot(0, this, &SessionMenu::lookAfter);  // once the window hears it
  }
  file->addSeparator();
  connect(file, &QMenu::aboutToShow, this, [this, save] {
    save->setEnabled(controller_.recorder() != nullptr || controller_.session() != nullptr);
    recent_->setEnabled(!recentSessions().isEmpty());
  });
  connect(&opener_, &SessionOpener::opened, this, [this](const QString& opened) {
    if (!remember_) return;
    QStringList files = recentSessions();
    files.removeAll(opened);
    files.prepend(opened);
    storeRecent(files);
  });
}

/// The newest one that did not come to an end is offered, and never opened by itself.
void SessionMenu::offerCrashed() {
  QString file;
  for (const Autosave& save : autosaves_->list())
    if (save.crashed) file = QString::fromStdString(save.file.string());
  crashed_->setVisible(!file.isEmpty());
  crashed_->setData(file);
  crashed_->setText(tr("Open what did not end: ") + inMenu(QFileInfo(file).completeBaseName()));
}

void SessionMenu::chooseSession() {
  const QString file = QFileDialog::getOpenFileName(
      window_, tr("Open a session"), autosaves_ ? QString::fromStdString(autosaves_->folder().string()) : QString(), tr(kFilter));
  if (!file.isEmpty()) opener_.open(file);
}

void SessionMenu::chooseFile() {
  QString file = QFileDialog::getSaveFileName(window_, tr("Save the session"), "run.moescope", tr(kFilter));
  if (file.isEmpty()) return;
  saveAs(SessionOpener::isSession(file) ? file : file + ".moescope");
}

void SessionMenu::saveAs(const QString& file) {
  const std::shared_ptr<SessionRecorder> recorder = controller_.session() ? nullptr : controller_.recorder();
  const std::filesystem::path from = recorder ? recorder->file() : shown();
  if (from.empty()) return controller_.notice(tr("there is no session to save: this window keeps none"));
  controller_.notice(tr("saving the session to ") + file);
  if (recorder) recorder->document(documentOfSide(controller_.active()));
  QThreadPool::globalInstance()->start([controller = QPointer(&controller_), recorder, from, file] {
    QString line;
    try {
      if (recorder && !recorder->flush())
        throw std::runtime_error(recorder->failure().empty() ? translated("%1: nothing of this run is kept yet", from.string())
                                                             : recorder->failure());
      copySession(from, file.toStdString());
      line = tr("the session is saved: ") + file;
    } catch (const std::exception& error) {
      line = tr("the session was not saved: ") + error.what();
    }
    QMetaObject::invokeMethod(
        qApp,
        [controller, line] {
          if (controller) controller->notice(line);
        },
        Qt::QueuedConnection);  // the menu may be gone by then
  });
}

void SessionMenu::setBudget(std::uint64_t bytes) {
  autosaves_->setBudget(bytes);
  if (remember_) autosaves_->storeBudget();
  for (const int side : {0, 1})
    if (const std::shared_ptr<SessionRecorder> recorder = controller_.recorderOf(side))
      recorder->setBudget(autosaves_->budgetOfOne());
  lookAfter();
}

void SessionMenu::chooseBudget() {
  bool chosen = false;
  const double gigabytes = QInputDialog::getDouble(
      window_, tr("Autosaved sessions"),
      tr("They lie in ") + QString::fromStdString(autosaves_->folder().string()) +
          tr("\nand the oldest go first. Of a run that takes more than a fourth, every second snapshot, analysis and model goes."
             "\nGigabytes of disk that all may take:"),
      static_cast<double>(autosaves_->budget()) / kGigabyte, 0.1, 16000.0, 1, &chosen);
  if (chosen) setBudget(static_cast<std::uint64_t>(gigabytes * kGigabyte));
}

std::filesystem::path SessionMenu::shown() const {
  return controller_.session() ? controller_.session()->reader()->path() : std::filesystem::path();
}

/// Now and then: what is shown goes into the session, old ones go, and a fault of the disk is said once.
void SessionMenu::lookAfter() {
  if (const int gone = autosaves_->prune(shown()); gone > 0)
    controller_.notice(tr("%1 of the oldest autosaved sessions went: their budget was full").arg(gone));
  bytes_ = autosaves_->bytes();
  budget_->setText(tr("Autosaved sessions: %1 of %2…").arg(bytesInWords(bytes_), bytesInWords(autosaves_->budget())));
  for (const int side : {0, 1}) lookAfterRun(side, kept_[static_cast<std::size_t>(side)]);
}

void SessionMenu::lookAfterRun(int side, Kept& kept) {
  const std::shared_ptr<SessionRecorder> recorder = controller_.recorderOf(side);
  if (!recorder) return;
  if (controller_.document().sides[static_cast<std::size_t>(side)].source.kind == SideSource::Kind::Training)
    if (std::string now = documentOfSide(side); now != kept.document) recorder->document(kept.document = std::move(now));
  const QString run = controller_.compares() ? tr("the run of side %1").arg(side == 0 ? "A" : "B") : tr("the run"),
                fault = QString::fromStdString(recorder->failure());
  if (const std::optional<SessionStatus> status = recorder->status(); fault.isEmpty() && status && status->lost > kept.lost) {
    kept.lost = status->lost;
    controller_.notice(tr("%1 entries of %2 could not be kept: %3")
                           .arg(kept.lost)
                           .arg(run, status->lostWhy.empty() ? tr("the disk failed, or was too slow")
                                                             : QString::fromStdString(status->lostWhy)));
  }
  if (std::exchange(kept.fault, fault) != fault)
    controller_.notice(run +
                       (fault.isEmpty() ? tr(" is kept again") : tr(" is not kept at present, and training goes on: ") + fault));
}

/// A session is the record of one side: the active one of the state that it holds.
std::string SessionMenu::documentOfSide(int side) const {
  Document document = controller_.document();
  document.active = side;
  return toJson(document);
}

QString SessionMenu::text() const {
  const std::shared_ptr<SessionRecorder> recorder = controller_.recorder();
  if (!autosaves_ || !recorder) return {};
  QString text;
  if (const std::optional<SessionStatus> status = recorder->status()) {
    text = tr("Autosave: %1 steps, %2 snapshots, %3 in %4")
               .arg(status->steps)
               .arg(status->snapshots)
               .arg(bytesInWords(status->fileBytes), QString::fromStdString(recorder->file().filename().string()));
    if (status->leftOut > 0)
      text +=
          tr("; %1 snapshots, analyses and models left out to keep to %2").arg(status->leftOut).arg(bytesInWords(status->budget));
    if (status->bytes > status->budget)
      text += tr("; the first and the newest of each kind take more than its %1").arg(bytesInWords(status->budget));
    if (status->lost > 0) text += tr("; %1 entries could not be kept").arg(status->lost);
  } else {
    text = tr("Autosave: ") +
           (recorder->failure().empty() ? tr("begins with the model") : QString::fromStdString(recorder->failure()));
  }
  return text + tr("\nAll autosaves: %1 of %2").arg(bytesInWords(bytes_), bytesInWords(autosaves_->budget()));
}

void SessionMenu::listRecent() {
  recent_->clear();
  for (const QString& file : recentSessions()) {
    const bool there = QFileInfo::exists(file);
    QAction* entry = recent_->addAction(inMenu(QFileInfo(file).completeBaseName() + (there ? QString() : tr(" (gone)"))), this,
                                        [this, file] { opener_.open(file); });
    entry->setToolTip(file);
    entry->setEnabled(there);
  }
  recent_->addSeparator();
  recent_->addAction(tr("&Clear"), this, [] { storeRecent({}); });
}

}  // namespace moescope
