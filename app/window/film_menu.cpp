#include "app/window/film_menu.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QStatusBar>

#include "app/window/language.h"
#include "app/window/main_window.h"
#include "app/window/view_pair.h"

namespace moescope {
namespace {

QString clockText(double seconds) {
  const int whole = static_cast<int>(seconds);
  return QString("%1:%2").arg(whole / 60).arg(whole % 60, 2, 10, QChar('0'));
}

/// Of the pair that a tile belongs to.
QRect placeIn(const QWidget& window, const ViewTile& tile) {
  const QWidget* pair = &tile;
  while (pair != &window && !qobject_cast<const ViewPair*>(pair)) pair = pair->parentWidget();
  return {pair->mapTo(&window, QPoint(0, 0)), pair->size()};
}

}  // namespace

FilmMenu::FilmMenu(QMenu* file, MainWindow& window)
    : QObject(&window), window_(window), keys_(new KeyFrames(window.controller(), &window)) {
  menu_ = file->addMenu(tr("&Record film"));
  menu_->setObjectName("recordFilm");
  menu_->setProperty("listedAnew", true);  // whenever it opens
  connect(menu_, &QMenu::aboutToShow, this, &FilmMenu::fillRecordMenu);
  fillRecordMenu();
  stop_ = file->addAction(tr("S&top recording"));
  stop_->setObjectName("stopRecording");
  stop_->setShortcut(QKeySequence("Ctrl+Shift+R"));
  connect(stop_, &QAction::triggered, this, &FilmMenu::stop);
  QAction* add = file->addAction(tr("Add &key frame"));
  add->setObjectName("addKeyFrame");
  add->setShortcut(QKeySequence("Ctrl+K"));
  connect(add, &QAction::triggered, this, [this] {
    if (keys_->addKeyFrame())
      Q_EMIT noticed(tr("Key frame %1 of the film; File, Key frames shows them all").arg(keys_->keys().size()));
  });
  QAction* show = file->addAction(tr("Ke&y frames…"));
  show->setObjectName("showKeyFrames");
  connect(show, &QAction::triggered, this, [this] {
    keys_->show();
    keys_->raise();
  });
  mark_ = new QPushButton;
  mark_->setObjectName("recorderMark");
  mark_->setToolTip(tr("Stop recording"));
  mark_->setStyleSheet("color: #ff5c5c; font-weight: bold;");
  connect(mark_, &QPushButton::clicked, this, &FilmMenu::stop);
  window.statusBar()->addPermanentWidget(mark_);
  connect(&recorder_, &Recorder::changed, this, &FilmMenu::showState);
  connect(&recorder_, &Recorder::failed, this, &FilmMenu::noticed);
  connect(keys_, &KeyFrames::noticed, this, &FilmMenu::noticed);
  showState();
}

void FilmMenu::fillRecordMenu() {
  menu_->clear();
  connect(menu_->addAction(tr("&Window…")), &QAction::triggered, this, [this] { ask(tr("the window"), {}); });
  connect(menu_->addAction(tr("&All views…")), &QAction::triggered, this, [this] { ask(tr("all views"), kAllViews); });
  const QString sides = window_.controller().compares() ? tr(", A and B") : QString();
  for (const ViewDeclaration& view : viewRegistry()) {
    const ViewTile* tile = window_.tile(view.name);
    if (!tile || tile->visibleRegion().isEmpty()) continue;
    const QString title = localised(view.title) + sides;
    connect(menu_->addAction(title + "…"), &QAction::triggered, this, [this, title, name = view.name] { ask(title, name); });
  }
}

void FilmMenu::ask(const QString& what, const std::string& view) {
  const QString path =
      QFileDialog::getSaveFileName(&window_, tr("Record %1").arg(what), "moescope.mp4", tr("Films (*.mp4 *.webm *.gif)"));
  if (path.isEmpty()) return;
  try {
    record(path.toStdString(), view);
  } catch (const std::exception& error) {
    Q_EMIT noticed(QString::fromUtf8(error.what()));
  }
}

void FilmMenu::record(const std::string& path, const std::string& view) {
  if (!view.empty() && view != kAllViews && (!window_.tile(view) || window_.tile(view)->visibleRegion().isEmpty()))
    throw std::runtime_error(view + translated(" is not shown; bring it to the front to record it"));
  recorder_.start(path, [this, view] { return pictureOf(view); });
}

QImage FilmMenu::pictureOf(const std::string& view) const {
  if (view.empty()) return window_.picture();
  if (view != kAllViews && !window_.controller().compares()) {
    ViewTile* tile = window_.tile(view);
    tile->drawNow();
    return tile->picture();
  }
  QRect area;  // of the window: with the names of both sides
  for (const ViewTile* tile : window_.findChildren<ViewTile*>())
    if (tile->window() == &window_ && tile->isVisible() && !tile->visibleRegion().isEmpty() &&
        (view == kAllViews || tile->declaration().name == view))
      area |= placeIn(window_, *tile);
  if (area.isEmpty()) throw std::runtime_error(translated("what is recorded is not in the window any more"));
  const QImage whole = window_.picture();
  const double ratio = whole.devicePixelRatio();
  return whole.copy(QRect((QPointF(area.topLeft()) * ratio).toPoint(), (QSizeF(area.size()) * ratio).toSize()));
}

void FilmMenu::stop() {
  if (!recorder_.records()) return;
  try {
    const FilmReport report = recorder_.stop();
    QString line = tr("%1: %2 s, %3 frames, %4 MB")
                       .arg(QString::fromStdString(report.path))
                       .arg(static_cast<double>(report.frames) / Recorder::kRate, 0, 'f', 1)
                       .arg(report.frames)
                       .arg(static_cast<double>(report.bytes) / 1e6, 0, 'f', 1);
    if (recorder_.pictures() < report.frames)
      line += tr("; %1 of them repeat the one before, since drawing takes longer than 1/%2 s here")
                  .arg(report.frames - recorder_.pictures())
                  .arg(Recorder::kRate);
    if (!report.note.empty()) line += "; " + QString::fromStdString(report.note);
    Q_EMIT noticed(line);
  } catch (const std::exception& error) {
    Q_EMIT noticed(QString::fromUtf8(error.what()));
  }
}

void FilmMenu::showState() {
  stop_->setEnabled(recorder_.records());
  menu_->setEnabled(!recorder_.records());
  mark_->setVisible(recorder_.records());
  mark_->setText(tr("● REC ") + clockText(recorder_.seconds()));
}

}  // namespace moescope
