#include "app/window/lesson_player.h"

#include <QApplication>
#include <QCloseEvent>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <utility>

#include "app/window/concentration_slider.h"
#include "app/window/language.h"
#include "app/window/number_box.h"
#include "core/checkpoint/synthetic_checkpoint.h"
#include "core/reading/lens_table.h"

namespace moescope {
namespace {

constexpr double kLarger = 1.3;
constexpr int kLeastWidth = 12;  // lines of the title
constexpr int kLeastWords = 4;   // lines of the page's words that stay in sight
constexpr double kSmaller[] = {1.3, 1.2, 1.1, 1.0};  // where words are many and room is little, before they scroll

QString withUnit(double value, const Metric& metric) {
  if (!std::isfinite(value)) return LessonPlayer::tr("not a number");
  return QString::number(value, 'g', 4) + (metric.unit.empty() ? "" : " " + QString::fromStdString(metric.unit));
}

QString labelOf(const Metric& metric) { return localised(metric.label).trimmed(); }

}  // namespace

LessonPlayer::LessonPlayer(Controller& controller, QWidget* window)
    : QDockWidget(tr("Lesson"), window), controller_(controller), window_(window), views_(new PageViews(controller)) {
  setObjectName("dock-lesson");
  auto* holder = new QWidget;
  auto* layout = new QVBoxLayout(holder);
  const auto label = [&](const char* name) {
    auto* made = new QLabel;
    made->setObjectName(name);
    made->setWordWrap(true);
    layout->addWidget(made);
    return made;
  };
  title_ = label("lessonTitle");
  words_ = new QTextBrowser;
  words_->setObjectName("lessonWords");
  words_->setAccessibleName(tr("Words of this page"));
  words_->setOpenExternalLinks(true);
  layout->addWidget(words_, 1);
  task_ = label("lessonTask");
  prediction_ = new QWidget;
  auto* asked = new QHBoxLayout(prediction_);
  asked->setContentsMargins(0, 0, 0, 0);
  guess_ = new NumberBox;
  guess_->setObjectName("lessonGuess");
  guess_->setAccessibleName(tr("What you expect"));
  guess_->setToolTip(tr("Say a number before it is shown"));
  guess_->setRange(-1e6, 1e6);
  guess_->setDecimals(3);
  auto* tell = new QPushButton(tr("Show"));
  tell->setObjectName("lessonJudge");
  tell->setToolTip(tr("The number as it is, beside the one that you said"));
  connect(tell, &QPushButton::clicked, this, &LessonPlayer::judgePrediction);
  connect(guess_->findChild<QLineEdit*>(), &QLineEdit::returnPressed, this, &LessonPlayer::judgePrediction);
  asked->addWidget(guess_, 1);
  asked->addWidget(tell);
  layout->addWidget(prediction_);
  wait_ = label("lessonWait");
  auto* row = new QHBoxLayout;
  const auto button = [&](const QString& text, const char* name, const QString& help, auto action) {
    auto* made = new QPushButton(text);
    made->setObjectName(name);
    made->setToolTip(help);
    connect(made, &QPushButton::clicked, this, action);
    row->addWidget(made);
    return made;
  };
  back_ = button(tr("Back"), "lessonBack", tr("The page before"), &LessonPlayer::back);
  count_ = new QLabel;
  count_->setObjectName("lessonCount");
  count_->setAlignment(Qt::AlignCenter);
  row->addWidget(count_, 1);
  next_ = button(tr("Next"), "lessonNext", tr("The next page; after the last the lesson ends"),
                 [this] { page_ + 1 < static_cast<int>(lesson_.pages.size()) ? next() : end(); });
  layout->addLayout(row);
  close_ = new QPushButton(tr("Leave the lesson"));
  close_->setObjectName("lessonEnd");
  close_->setToolTip(tr("The window as it was before the lesson"));
  connect(close_, &QPushButton::clicked, this, &LessonPlayer::end);
  layout->addWidget(close_);
  setWidget(holder);
  connect(&controller_, &Controller::sceneChanged, this, &LessonPlayer::follow);
  connect(&controller_, &Controller::statusChanged, this, &LessonPlayer::follow);
  fitText();
  hide();
}

void LessonPlayer::start(const Lesson& lesson, int page) {
  if (!runs()) before_ = controller_.document();
  models_.clear();
  open(lesson, page);
}

LessonPlayer::UnderWay LessonPlayer::handOver() {
  UnderWay given{std::exchange(lesson_, {}), page_, before_, models_, std::move(made_)};
  if (given.lesson.pages.empty()) return given;
  unmark();
  hide();
  Q_EMIT ended();
  return given;
}

void LessonPlayer::takeOver(UnderWay given) {
  if (given.lesson.pages.empty()) return;
  before_ = std::move(given.before);
  models_ = std::move(given.models);
  made_ = std::move(given.made);
  for (const Lesson& each : lessons())
    if (given.lesson.folder.empty() && each.name == given.lesson.name && each.language == spokenLanguage()) {
      open(each, given.page);
      return;
    }
  open(given.lesson, given.page);
}

void LessonPlayer::open(const Lesson& lesson, int page) {
  const bool ran = runs();
  lesson_ = lesson;
  page_ = std::clamp(page, 0, static_cast<int>(lesson_.pages.size()) - 1);
  show();
  raise();
  if (!ran) Q_EMIT started();
  showPage();
}

void LessonPlayer::end() {
  if (!runs()) return;
  lesson_ = {};
  unmark();
  hide();
  const Document before = before_;
  controller_.perform({tr("Leave the lesson").toStdString(), "", [before](Document& document) {
                         const bool dark = document.dark;
                         const double textScale = document.textScale;
                         document = before;
                         document.dark = dark;
                         document.textScale = textScale;
                       }});
  Q_EMIT ended();
}

/// Words to be read from some way off: a third larger than the rest of the window.
void LessonPlayer::fitText() {
  QFont font = QApplication::font();
  font.setPointSizeF(font.pointSizeF() * kLarger);
  for (QWidget* widget : std::initializer_list<QWidget*>{words_, task_, wait_, guess_}) widget->setFont(font);
  font.setPointSizeF(font.pointSizeF() * kLarger);
  font.setBold(true);
  title_->setFont(font);
  fitWidth();
  fitWords();
}

/// Never so wide that the views go short.
void LessonPlayer::fitWidth() {
  setMinimumWidth(std::min(kLeastWidth * QFontMetrics(title_->font()).height(), window_->width() * 2 / 5));
}

/// As large as leaves all of them in sight.
void LessonPlayer::fitWords() {
  for (QLabel* label : {title_, task_, wait_})
    label->setMinimumHeight(
        std::max(0, label->heightForWidth(widget()->width() - 2 * widget()->layout()->contentsMargins().left())));
  words_->setMinimumHeight(kLeastWords * QFontMetrics(QApplication::font()).height());
  QFont font = QApplication::font();
  for (const double larger : kSmaller) {
    font.setPointSizeF(QApplication::font().pointSizeF() * larger);
    words_->setFont(font);
    words_->document()->setTextWidth(words_->viewport()->width());
    if (words_->document()->size().height() <= words_->viewport()->height()) return;
  }
}

void LessonPlayer::resizeEvent(QResizeEvent* event) {
  QDockWidget::resizeEvent(event);
  widget()->layout()->activate();
  fitWidth();
  fitWords();
}

void LessonPlayer::setPresented(bool presented) {
  for (QWidget* button : {back_, next_, close_}) button->setVisible(!presented);
}

void LessonPlayer::changeEvent(QEvent* event) {
  // Once the widgets inside have got the new style's font themselves.
  if (close_ && (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange))
    QMetaObject::invokeMethod(this, &LessonPlayer::fitText, Qt::QueuedConnection);
  QDockWidget::changeEvent(event);
}

void LessonPlayer::closeEvent(QCloseEvent* event) {
  end();
  QDockWidget::closeEvent(event);
}

void LessonPlayer::goTo(int page) {
  if (!runs()) return;
  page_ = std::clamp(page, 0, static_cast<int>(lesson_.pages.size()) - 1);
  showPage();
}

/// The page's document, but for what is the person's own: theme, size of text, device, places of docks. Going back to a page of
/// another model goes back to that model; one that the lesson has not shown yet begins at step 0, whatever was trained before.
void LessonPlayer::showPage() {
  const LessonPage& page = shown();
  reached_ = judged_ = false;
  verdict_.clear();
  title_->setText(QString::fromStdString(page.title).toHtmlEscaped());
  words_->setMarkdown(QString::fromStdString(page.words));
  showPictures();
  count_->setText(tr("%1 of %2").arg(page_ + 1).arg(lesson_.pages.size()));
  setWindowTitle(QString::fromStdString(lesson_.title));
  back_->setEnabled(page_ > 0);
  next_->setText(page_ + 1 < static_cast<int>(lesson_.pages.size()) ? tr("Next") : tr("End"));
  const std::string checkpoint = page.syntheticCheckpoint ? syntheticCheckpoint() : "";
  const std::string session = page.session.empty() ? "" : lesson_.folder + "/" + page.session;
  const int first = static_cast<int>(firstOfModel(lesson_, static_cast<std::size_t>(page_)));
  const auto known = models_.find(first);
  const bool trains = checkpoint.empty() && session.empty(), anew = trains && known == models_.end();
  const std::uint64_t model = anew ? freshModel() : trains ? known->second : 0;
  if (anew) controller_.on(0).beginAnew(model);
  controller_.perform({lesson_.title + ": " + page.title, "", [&page, model, checkpoint, session](Document& document) {
                         const Document own = std::move(document);
                         document = page.document;
                         document.dark = own.dark;
                         document.textScale = own.textScale;
                         document.layout.docks = own.layout.docks;
                         for (std::size_t i = 0; i < document.sides.size(); ++i) {
                           document.sides[i].knobs.device = own.sides[i].knobs.device;
                           document.sides[i].model = own.sides[i].model;
                         }
                         if (model) document.sides[0].model = model;
                         if (!checkpoint.empty()) document.sides[0].source = {SideSource::Kind::Checkpoint, checkpoint, ""};
                         if (!session.empty()) document.sides[0].source = {SideSource::Kind::Session, "", "", session};
                       }});
  if (trains) models_[first] = controller_.document().sides[0].model;
  if (page.keepsTraining)
    controller_.play();
  else if (page.trainTo > 0)
    controller_.playUntil(page.trainTo);
  else
    controller_.pause();
  views_->number()->setMeasure(page.task ? page.task->measure : "entropy");
  views_->number()->setVisible(page.task || !page.document.hiddenControls.contains("concentration"));
  mark();
  follow();
  widget()->layout()->activate();
  fitWords();
  Q_EMIT pageShown();
}

/// No wider than the words.
void LessonPlayer::showPictures() {
  for (const std::string& name : shown().pictures) {
    const QImage picture(QString::fromStdString(lesson_.folder + "/" + name));
    if (picture.isNull()) controller_.notice(tr("%1: this picture cannot be read").arg(QString::fromStdString(name)));
    const int room =
        std::min(words_->viewport()->width() - 2 * static_cast<int>(words_->document()->documentMargin()), picture.width());
    words_->document()->addResource(
        QTextDocument::ImageResource, QUrl(QString::fromStdString(name)),
        picture.isNull() ? picture : picture.scaledToWidth(std::max(1, room), Qt::SmoothTransformation));
  }
}

/// Its folder, made when it is first asked for; empty where it cannot be.
std::string LessonPlayer::syntheticCheckpoint() {
  if (!made_) made_ = std::make_unique<QTemporaryDir>();
  const std::filesystem::path folder = made_->filePath("SYNTHETIC").toStdString();
  try {
    if (!std::filesystem::exists(folder / "trace.safetensors")) writeSyntheticCheckpoint(folder);
    return folder.string();
  } catch (const std::exception& error) {
    controller_.notice(QString::fromStdString(error.what()));
    return {};
  }
}

void LessonPlayer::unmark() {
  for (const QPointer<Highlight>& mark : marks_) delete mark.data();
  marks_.clear();
}

void LessonPlayer::mark() {
  unmark();
  for (const std::string& name : shown().highlighted) {
    QWidget* target = views_->findChild<QWidget*>("page-pair-" + QString::fromStdString(name));
    if (!target) target = views_->findChild<QWidget*>("page-" + QString::fromStdString(name));
    if (!target) target = views_->findChild<QWidget*>("page-knob-" + QString::fromStdString(name));
    if (target && qobject_cast<ConcentrationSlider*>(target->parentWidget())) target = target->parentWidget();  // with its words
    if (target && target->parentWidget()) marks_.push_back(new Highlight(target));
  }
}

bool LessonPlayer::isReady() const {
  const LessonPage& page = shown();
  const SnapshotPointer& snapshot = controller_.scene().snapshot;
  if (page.trainTo > 0 && (!snapshot || snapshot->step < page.trainTo)) return false;
  return !page.task || (page.task->kind == LessonTask::Kind::Reach ? reached_ : judged_);
}

bool LessonPlayer::isThere() const {
  const LessonPage& page = shown();
  const SnapshotPointer& snapshot = controller_.scene().snapshot;
  if (!snapshot || !controller_.scene().routing) return false;
  if (page.syntheticCheckpoint) return snapshot->checkpoint != nullptr;
  if (!page.session.empty()) return controller_.session() != nullptr;
  return !snapshot->checkpoint && snapshot->router == page.document.sides[0].knobs.router && snapshot->step >= page.trainTo;
}

const LessonPage* LessonPlayer::following() const {
  const auto next = static_cast<std::size_t>(page_) + 1;
  return next < lesson_.pages.size() ? &lesson_.pages[next] : nullptr;
}

QString LessonPlayer::waitText() const {
  const LessonPage& page = shown();
  const SnapshotPointer& snapshot = controller_.scene().snapshot;
  const std::int64_t step = snapshot ? snapshot->step : 0;
  return page.trainTo > step ? tr("The model trains: step %1 of %2").arg(step).arg(page.trainTo) : QString();
}

QString LessonPlayer::taskText() {
  const LessonPage& page = shown();
  if (!page.task) return {};
  const Metric& metric = metricNamed(page.task->measure);
  if (page.task->kind == LessonTask::Kind::Predict) {
    if (judged_) return verdict_;
    const double concentration = lensSetting("concentration").get(page.task->lens);
    const QString asked =
        tr("Your turn: what will <b>%1</b> be at concentration %2?").arg(labelOf(metric).toHtmlEscaped()).arg(concentration);
    if (page.task->lens == controller_.scene().lens) return asked;  // the number now is the one that is asked for
    return asked + " " +
           tr("It is %1 now.").arg(withUnit(measured(controller_.scene(), page.task->measure, controller_.scene().lens), metric));
  }
  const double value = measured(controller_.scene(), page.task->measure, controller_.scene().lens);
  if (isReached(*page.task, value) && waitText().isEmpty()) reached_ = true;
  const QString wanted = page.task->least && page.task->greatest
                             ? tr("from %1 to %2").arg(*page.task->least).arg(*page.task->greatest)
                         : page.task->least ? tr("at least %1").arg(*page.task->least)
                                            : tr("at most %1").arg(*page.task->greatest);
  return tr("Your turn: bring <b>%1</b> to %2. It is %3.").arg(labelOf(metric).toHtmlEscaped(), wanted, withUnit(value, metric)) +
         (reached_ ? " <b>✓ " + tr("done") + "</b>" : "");
}

void LessonPlayer::follow() {
  if (!runs()) return;
  const auto show = [](QLabel* label, const QString& text) {
    if (label->text() != text) label->setText(text);
    label->setVisible(!text.isEmpty());
  };
  show(wait_, waitText());
  show(task_, taskText());
  views_->number()->setSecret(shown().task && shown().task->kind == LessonTask::Kind::Predict && !judged_ &&
                              shown().task->lens == controller_.scene().lens);
  prediction_->setVisible(shown().task && shown().task->kind == LessonTask::Kind::Predict && !judged_);
  next_->setDefault(isReady());
}

/// The number first, then the picture that has it.
void LessonPlayer::judgePrediction() {
  if (!runs() || !shown().task || judged_) return;
  const LessonTask& task = *shown().task;
  const double value = measured(controller_.scene(), task.measure, task.lens), said = guess_->value();
  const Metric& metric = metricNamed(task.measure);
  if (!std::isfinite(value)) {
    verdict_ = tr("This model has no such number now; go on.");
  } else {
    const bool near = std::abs(said - value) <= task.within;
    verdict_ =
        (near ? "<b>✓ " + tr("Near enough.") + "</b> " : "<b>" + tr("Not quite.") + "</b> ") +
        tr("You said %1; %2 is %3.").arg(QString::number(said, 'g', 4), labelOf(metric).toHtmlEscaped(), withUnit(value, metric));
  }
  judged_ = true;
  const Lens lens = task.lens;
  controller_.perform(changeLens(controller_.active(), translated("Lens"), [lens](Lens& changed) { changed = lens; }));
  follow();
}

}  // namespace moescope
