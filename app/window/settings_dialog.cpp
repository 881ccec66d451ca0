#include "app/window/settings_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

#include "app/window/language.h"
#include "app/window/number_box.h"
#include "app/window/settings_file.h"

namespace moescope {
namespace {

constexpr const char* kThreadsKey = "threads";
constexpr int kMostThreads = 1024;
constexpr double kGigabyte = 1 << 30;
const char* const kAtOnce = translatable("at once");

}  // namespace

int threadsOfTheUser() {
  const int threads = settingsFile().value(kThreadsKey).toInt();
  return threads >= 0 && threads <= kMostThreads ? threads : 0;
}

SettingsDialog::SettingsDialog(Parts parts, QWidget* parent) : QDialog(parent), parts_(std::move(parts)) {
  setObjectName("settingsDialog");
  setWindowTitle(tr("Settings"));
  auto* layout = new QVBoxLayout(this);
  auto* form = new QFormLayout;
  layout->addLayout(form);
  addLooks(form);
  if (parts_.autosaves) addSessions(form);
  addComputing(form);
  auto* keys = new QPushButton(tr("Keys…"));
  connect(keys, &QPushButton::clicked, this, parts_.openShortcuts);
  addRow(form, tr("Keyboard"), keys, "settingsKeys", tr("The sheet of all keys, to search and to change"), tr(kAtOnce));
  reset_.push_back([this] { parts_.shortcuts.resetAll(); });
  auto* reset = new QPushButton(tr("All as on the first day"));
  reset->setObjectName("settingsReset");
  reset->setToolTip(tr("Sets everything on this page back, keys too; layouts, recent files and sessions stay"));
  connect(reset, &QPushButton::clicked, this, &SettingsDialog::resetAll);
  layout->addWidget(reset, 0, Qt::AlignLeft);
  for (QPushButton* button : findChildren<QPushButton*>()) button->setAutoDefault(false);
  connect(&parts_.controller, &Controller::documentChanged, this, &SettingsDialog::showAll);
  showAll();
}

/// `when` it takes effect stands beneath it, where that is not at once in the tooltip too.
void SettingsDialog::addRow(QFormLayout* form, const QString& label, QWidget* editor, const char* name, const QString& help,
                            const QString& when) {
  editor->setObjectName(name);
  editor->setAccessibleName(label);
  editor->setToolTip(tr("%1. Takes effect %2.").arg(help, when));
  auto* cell = new QVBoxLayout;
  cell->setSpacing(0);
  cell->addWidget(editor);
  if (when != tr(kAtOnce)) {
    auto* says = new QLabel(tr("takes effect %1").arg(when));
    says->setProperty("caption", true);
    cell->addWidget(says);
  }
  form->addRow(label, cell);
}

void SettingsDialog::addLooks(QFormLayout* form) {
  Controller& controller = parts_.controller;
  auto* theme = new QComboBox;
  theme->addItems({tr("dark"), tr("light")});
  addRow(form, tr("Theme"), theme, "settingsTheme", tr("Light words on dark, or dark words on light for a bright hall"),
         tr(kAtOnce));
  connect(theme, &QComboBox::activated, this,
          [&controller](int index) { controller.perform(setTheme(index == 0, controller.document().textScale)); });
  auto* scale = new NumberBox;
  scale->setRange(kLeastTextScale, kGreatestTextScale);
  scale->setSingleStep(0.1);
  addRow(form, tr("Size of text"), scale, "settingsTextScale", tr("1 for a laptop, 1.5 for a projector"), tr(kAtOnce));
  connect(scale, &QDoubleSpinBox::valueChanged, this,
          [&controller](double value) { controller.perform(setTheme(controller.document().dark, value)); });
  addLanguages(form);
  auto* motion = new QCheckBox(tr("tokens glide to their new places"));
  addRow(form, tr("Motion"), motion, "settingsMotion", tr("So that the eye follows a token; off: each picture comes at once"),
         tr(kAtOnce));
  const auto setMotion = [&controller](bool moves) {
    controller.perform(
        {moves ? translated("Motion") : translated("No motion"), "", [moves](Document& document) { document.motion = moves; }});
  };
  connect(motion, &QCheckBox::clicked, this, setMotion);
  show_.push_back([&controller, theme, scale, motion] {
    const Document& document = controller.document();
    const QSignalBlocker quiet(scale);
    theme->setCurrentIndex(document.dark ? 0 : 1);
    scale->setValue(document.textScale);
    motion->setChecked(document.motion);
  });
  reset_.push_back([&controller, setMotion] {
    const Document first;
    controller.perform(setTheme(first.dark, first.textScale));
    setMotion(first.motion);
  });
}

void SettingsDialog::addLanguages(QFormLayout* form) {
  auto* language = new QComboBox;
  language->addItem(tr("the system's"), QString());
  for (const Language& each : languages()) language->addItem(each.name, QString::fromStdString(each.code));
  addRow(form, tr("Language"), language, "settingsLanguage",
         tr("Of window, views and lessons; another one is a file (docs/languages.md)"), tr(kAtOnce));
  connect(language, &QComboBox::activated, this,
          [this, language](int index) { chooseLanguage(language->itemData(index).toString()); });
  show_.push_back([this, language] {
    language->setCurrentIndex(
        std::max(0, language->findData(QString::fromStdString(remember_ ? languageOfTheUser() : spokenLanguage()))));
  });
  reset_.push_back([this] { chooseLanguage({}); });
}

void SettingsDialog::chooseLanguage(const QString& code) {
  store(kLanguageKey, code.isEmpty() ? QVariant() : code);
  Q_EMIT languageChosen(code);
}

void SettingsDialog::addSessions(QFormLayout* form) {
  auto* budget = new NumberBox;
  budget->setRange(0.1, 16000.0);
  budget->setDecimals(1);
  budget->setSuffix(" GB");
  addRow(form, tr("Autosaved sessions"), budget, "settingsBudget",
         tr("Disk that sessions kept by themselves may take; the oldest go first"),
         tr("at once for old sessions, and for a run from the next one on"));
  connect(budget, &QDoubleSpinBox::valueChanged, this,
          [this](double gigabytes) { parts_.setBudget(static_cast<std::uint64_t>(gigabytes * kGigabyte)); });
  auto* folder = new QPushButton;
  folder_ = QString::fromStdString(parts_.autosaves->folder().string());
  addRow(form, tr("Their folder"), folder, "settingsFolder",
         tr("Where sessions are kept by themselves; those that are there stay where they are"), tr("at the next start"));
  connect(folder, &QPushButton::clicked, this, &SettingsDialog::chooseFolder);
  show_.push_back([this, budget, folder] {
    const QSignalBlocker quiet(budget);
    budget->setValue(static_cast<double>(parts_.autosaves->budget()) / kGigabyte);
    folder->setText(folder->fontMetrics().elidedText(folder_, Qt::ElideMiddle, 24 * folder->fontMetrics().height()));
  });
  reset_.push_back([this] {
    parts_.setBudget(Autosaves::kDefaultBudget);
    folder_ = QString::fromStdString(Autosaves::folderOfTheFirstDay().string());
    store(Autosaves::kFolderKey, {});
  });
}

void SettingsDialog::chooseFolder() {
  const QString chosen = QFileDialog::getExistingDirectory(this, tr("Folder for autosaved sessions"), folder_);
  if (chosen.isEmpty()) return;
  if (!QFileInfo(chosen).isWritable())
    return parts_.controller.notice(chosen + tr(": nothing can be written to this folder; sessions stay where they are"));
  folder_ = chosen;
  store(Autosaves::kFolderKey, chosen);
  showAll();
}

void SettingsDialog::addComputing(QFormLayout* form) {
  Controller& controller = parts_.controller;
  auto* device = new QComboBox;
  for (const KnobDeclaration& knob : knobSettings())
    if (knob.name == "device")
      for (const Choice& choice : knob.choices) device->addItem(localised(choice.words()), QString::fromStdString(choice.name));
  addRow(form, tr("Device"), device, "settingsDevice", tr("What training runs on; auto takes a GPU where there is one"),
         tr("with a new model, which a change starts"));
  const auto setDevice = [&controller](const QString& name) {
    controller.perform(setWords(controller.active(), "device", name.toStdString()));
  };
  connect(device, &QComboBox::activated, this, [device, setDevice](int index) { setDevice(device->itemData(index).toString()); });
  auto* threads = new WholeNumberBox;
  threads->setRange(0, kMostThreads);
  threads->setSpecialValueText(tr("all cores but one"));
  addRow(form, tr("Threads of training"), threads, "settingsThreads",
         tr("Cores that training may take; of A|B each side takes as many"), tr("with the next step"));
  connect(threads, &QSpinBox::valueChanged, this, [this](int count) {
    parts_.controller.useThreads(count);
    store(kThreadsKey, count);
  });
  show_.push_back([&controller, device, threads] {
    const QSignalBlocker quiet(threads);
    device->setCurrentIndex(device->findData(QString::fromStdString(controller.side().knobs.device)));
    device->setEnabled(controller.trains());
    threads->setValue(controller.threads());
  });
  reset_.push_back([&controller, threads, setDevice] {
    if (controller.trains()) setDevice(QString::fromStdString(Knobs{}.device));
    threads->setValue(0);
  });
}

void SettingsDialog::showAll() {
  for (const auto& show : show_) show();
}

void SettingsDialog::resetAll() {
  for (const auto& reset : reset_) reset();
  showAll();
}

void SettingsDialog::store(const char* key, const QVariant& value) const {
  if (!remember_) return;
  QSettings stored = settingsFile();
  value.isValid() ? stored.setValue(key, value) : stored.remove(key);
}

}  // namespace moescope
