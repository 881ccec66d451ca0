#include "app/window/key_frames.h"

#include <signal.h>

#include <QCoreApplication>
#include <QDir>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalBlocker>
#include <QTemporaryFile>
#include <QVBoxLayout>
#include <algorithm>
#include <stdexcept>
#include <utility>

#include "app/window/language.h"
#include "core/data/output_file.h"

namespace moescope {
namespace {

enum Column { kTime, kCaption, kConcentration, kStep, kColumns };

QTableWidgetItem* fixedCell(const QString& text) {
  auto* item = new QTableWidgetItem(text);
  item->setFlags(item->flags() & ~Qt::ItemIsEditable);
  return item;
}

/// The views that the document shows.
std::vector<std::string> viewsOf(const Document& document) {
  if (!document.layout.filling.empty()) return {document.layout.filling};
  std::vector<std::string> views;
  const std::string group = document.layout.group.empty() ? viewRegistry().front().group : document.layout.group;
  for (const ViewDeclaration& view : viewRegistry())
    if (view.group == group) views.push_back(view.name);
  return views;
}

}  // namespace

KeyFrames::KeyFrames(Controller& controller, QWidget* parent) : QDialog(parent), controller_(controller) {
  setWindowTitle(tr("Key frames of a film"));
  auto* layout = new QVBoxLayout(this);
  auto* words = new QLabel(
      tr("The film goes from one key frame to the next. It is drawn from a training of its own with the same knobs and seed."));
  words->setWordWrap(true);
  layout->addWidget(words);
  table_ = new QTableWidget(0, kColumns);
  table_->setObjectName("keyFrames");
  table_->setAccessibleName(tr("Key frames"));
  table_->setHorizontalHeaderLabels({tr("Time (s)"), tr("Caption"), tr("Concentration"), tr("Step")});
  table_->horizontalHeader()->setSectionResizeMode(kCaption, QHeaderView::Stretch);
  table_->verticalHeader()->hide();
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  connect(table_, &QTableWidget::cellChanged, this, &KeyFrames::edited);
  layout->addWidget(table_);
  state_ = new QLabel;
  state_->setWordWrap(true);
  layout->addWidget(state_);
  auto* row = new QHBoxLayout;
  const auto button = [&](const QString& text, const QString& help, auto action) {
    auto* made = new QPushButton(text);
    made->setToolTip(help);
    made->setAutoDefault(false);
    connect(made, &QPushButton::clicked, this, action);
    row->addWidget(made);
    return made;
  };
  button(tr("Add key frame"), tr("The film comes to what the window shows now, a while after the key frame before"),
         [this] { addKeyFrame(); });
  button(tr("Remove"), tr("Takes the chosen key frame away"), [this] { removeChosen(); });
  button(tr("Save script…"), tr("A file that moescope render makes the same film of"), [this] {
    const QString path = QFileDialog::getSaveFileName(this, tr("Save script"), "film-script.json", tr("Film scripts (*.json)"));
    if (path.isEmpty()) return;
    try {
      saveScript(path.toStdString());
    } catch (const std::exception& error) {
      refuse(error);
    }
  });
  render_ = button(tr("Render film…"), tr("Trains anew and draws the film, in a program of its own"), [this] {
    const QString path = QFileDialog::getSaveFileName(this, tr("Render film"), "film.mp4", tr("Films (*.mp4 *.webm *.gif)"));
    if (path.isEmpty()) return;
    try {
      render(path);
    } catch (const std::exception& error) {
      refuse(error);
    }
  });
  cancel_ = button(tr("Stop rendering"), tr("What is drawn by then is a film"),
                   [this] { ::kill(static_cast<pid_t>(process_.processId()), SIGINT); });  // what is drawn by then is a film
  layout->addLayout(row);
  resize(720, 360);
  connect(&process_, &QProcess::finished, this, &KeyFrames::ended);
  fill();
}

void KeyFrames::refuse(const std::exception& error) {
  state_->setText(QString::fromUtf8(error.what()));
  Q_EMIT noticed(state_->text());
}

bool KeyFrames::addKeyFrame() {
  const Scene& scene = controller_.scene();
  if (!scene.snapshot) {
    Q_EMIT noticed(tr("There is nothing to film yet"));
    return false;
  }
  FilmKey key{keys_.empty() ? 0.0 : keys_.back().time + kApart, controller_.document(), "", ""};
  key.document.layout.docks.clear();  // places in the window are no part of a film
  for (Side& side : key.document.sides)
    if (side.source.kind == SideSource::Kind::Training) side.cursor = {false, kFilmGeneration, scene.snapshot->step};
  keys_.push_back(std::move(key));
  fill();
  return true;
}

void KeyFrames::take(std::vector<FilmKey> keys) {
  keys_ = std::move(keys);
  fill();
}

void KeyFrames::removeChosen() {
  const auto row = table_->currentRow();
  if (row < 0 || row >= static_cast<int>(keys_.size())) return;
  keys_.erase(keys_.begin() + row);
  if (!keys_.empty()) keys_.front().time = 0.0;
  fill();
}

void KeyFrames::fill() {
  const QSignalBlocker blocker(table_);
  table_->setRowCount(static_cast<int>(keys_.size()));
  for (int row = 0; row < table_->rowCount(); ++row) {
    const FilmKey& key = keys_[static_cast<std::size_t>(row)];
    const Side& side = key.document.sides[0];
    table_->setItem(row, kTime, row == 0 ? fixedCell("0") : new QTableWidgetItem(QString::number(key.time)));
    table_->setItem(row, kCaption, new QTableWidgetItem(QString::fromStdString(key.caption)));
    table_->setItem(row, kConcentration, fixedCell(QString::number(static_cast<double>(side.lens.concentration), 'g', 4)));
    table_->setItem(row, kStep, fixedCell(side.cursor.live ? "–" : QString::number(side.cursor.step)));
  }
  render_->setEnabled(!keys_.empty() && !renders());
  cancel_->setEnabled(renders());
}

void KeyFrames::edited(int row, int column) {
  FilmKey& key = keys_.at(static_cast<std::size_t>(row));
  if (column == kCaption) key.caption = table_->item(row, column)->text().toStdString();
  if (column == kTime) {
    bool good = false;
    const double seconds = table_->item(row, column)->text().replace(',', '.').toDouble(&good);
    if (good && seconds > keys_[static_cast<std::size_t>(row - 1)].time)
      key.time = seconds;
    else
      state_->setText(tr("The time of a key frame is in seconds, and after the key frame before"));
    fill();
  }
}

FilmScript KeyFrames::script() const {
  if (keys_.empty()) throw std::runtime_error(translated("there are no key frames yet: File, Add key frame"));
  FilmScript script{0, viewsOf(keys_.front().document), keys_};
  for (const FilmKey& key : keys_) script.steps = std::max(script.steps, static_cast<long>(key.document.sides[0].cursor.step));
  return filmScriptFromJson(toJson(script));  // says what makes no film
}

void KeyFrames::saveScript(const std::string& path) const { writeFileAtomically(path, toJson(script()) + "\n"); }

void KeyFrames::render(const QString& path) {
  if (renders()) throw std::runtime_error(translated("a film is being rendered already"));
  QTemporaryFile file(QDir::tempPath() + "/moescope-XXXXXX.json");
  file.setAutoRemove(false);
  if (!file.open())
    throw std::runtime_error(translated("the film's script cannot be written: ") + file.errorString().toStdString());
  script_ = file.fileName();
  film_ = path;
  saveScript(script_.toStdString());
  const double seconds = keys_.back().time;
  QStringList words = {"render",  script_,  "-o",         path,
                       "--force", "--json", "--language", QString::fromStdString(spokenLanguage())};
  if (seconds == 0.0) words += {"--seconds", "5"};
  process_.start(QCoreApplication::applicationFilePath(), words);
  state_->setText(tr("Training and drawing ") + path + tr("; the window may be used meanwhile"));
  fill();
}

/// Of what failed the last line says why.
void KeyFrames::ended() {
  const QJsonObject film = QJsonDocument::fromJson(process_.readAllStandardOutput()).object();
  const QString failed = QString::fromUtf8(process_.readAllStandardError()).trimmed();
  const bool made = process_.exitStatus() == QProcess::NormalExit && process_.exitCode() == 0;
  state_->setText(made ? tr("%1: %2 s, %3 frames, %4 MB")
                             .arg(film["film"].toString())
                             .arg(film["seconds"].toDouble(), 0, 'f', 1)
                             .arg(film["frames"].toInteger())
                             .arg(film["bytes"].toDouble() / 1e6, 0, 'f', 1)
                       : failed.section('\n', -1));
  Q_EMIT noticed(state_->text());
  QFile::remove(script_);
  fill();
}

}  // namespace moescope
