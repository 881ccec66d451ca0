#include "app/window/checkpoint_menu.h"

#include <QFileDialog>
#include <QFileInfo>

#include "app/window/language.h"
#include "app/window/recent_checkpoints.h"

namespace moescope {
namespace {

/// A menu's text takes & as the mark of a shortcut.
QString plain(QString text) { return text.replace("&", "&&"); }

}  // namespace

CheckpointMenu::CheckpointMenu(QMenu* file, CheckpointOpener& opener, Controller& controller, QWidget* window)
    : QObject(window), opener_(opener), controller_(controller), window_(window) {
  QAction* checkpoint = file->addAction(tr("&Open checkpoint…"), this, &CheckpointMenu::chooseCheckpoint);
  checkpoint->setObjectName("openCheckpoint");
  checkpoint->setShortcut(QKeySequence::Open);
  QAction* capture = file->addAction(tr("Open ca&pture or GGUF file…"), this, &CheckpointMenu::chooseFile);
  capture->setObjectName("openFile");
  QAction* trace = file->addAction(tr("Open &trace…"), this, &CheckpointMenu::chooseTrace);
  trace->setObjectName("openTrace");
  recent_ = file->addMenu(tr("Open &recent"));
  recent_->setObjectName("recentCheckpoints");
  recent_->setToolTipsVisible(true);
  file->addSeparator();
  recent_->setProperty("listedAnew", true);  // whenever it opens
  connect(recent_, &QMenu::aboutToShow, this, &CheckpointMenu::listRecent);
  connect(file, &QMenu::aboutToShow, this, [this, trace] {
    trace->setEnabled(controller_.checkpoint() != nullptr);  // a trace goes to the checkpoint that is shown
    recent_->setEnabled(!recentCheckpoints().isEmpty());
  });
  connect(&opener_, &CheckpointOpener::opened, this, [this](const QString& folder, const QString& trace) {
    if (remember_) rememberCheckpoint(folder, trace, controller_.on(opener_.side()).shownSource().reading);
  });
}

void CheckpointMenu::chooseCheckpoint() {
  const QString folder =
      QFileDialog::getExistingDirectory(window_, tr("Open a checkpoint folder (config.json beside safetensors)"));
  if (!folder.isEmpty()) opener_.openPath(folder);
}

void CheckpointMenu::chooseFile() {
  const QString file =
      QFileDialog::getOpenFileName(window_, tr("Open a capture of routing, or a GGUF checkpoint"), {},
                                   tr("Captures and GGUF (*.npy *.npz *.json *.jsonl *.csv *.gguf);;All files (*)"));
  if (!file.isEmpty()) opener_.openPath(file);
}

void CheckpointMenu::chooseTrace() {
  const QString file = QFileDialog::getOpenFileName(window_, tr("Open a routing trace for this checkpoint"), {},
                                                    tr("Routing traces (*.safetensors)"));
  if (!file.isEmpty()) opener_.openPath(file);
}

void CheckpointMenu::listRecent() {
  recent_->clear();
  for (const RecentCheckpoint& each : recentCheckpoints()) {
    const bool there = QFileInfo::exists(each.folder) && (each.trace.isEmpty() || QFileInfo::exists(each.trace));
    const QString name =
        QFileInfo(each.folder).fileName() + (each.trace.isEmpty() ? QString() : tr(" with ") + QFileInfo(each.trace).fileName());
    QAction* entry = recent_->addAction(plain(there ? name : name + tr(" (gone)")), this,
                                        [this, each] { opener_.open(each.folder, each.trace, each.reading); });
    entry->setToolTip(each.trace.isEmpty() ? each.folder : each.folder + "\n" + each.trace);
    entry->setEnabled(there);
  }
  recent_->addSeparator();
  recent_->addAction(tr("&Clear"), this, [] { forgetRecentCheckpoints(); });
}

}  // namespace moescope
