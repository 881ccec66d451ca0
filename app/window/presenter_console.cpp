#include "app/window/presenter_console.h"

#include <QApplication>
#include <QGridLayout>
#include <QKeyEvent>
#include <QTime>
#include <exception>

#include "app/window/language.h"
#include "app/window/page_picture.h"

namespace moescope {
namespace {

constexpr double kLarge = 1.6, kNotes = 1.5;  // of the window's text: to be read at a lectern
constexpr int kNextAfter = 400;               // milliseconds: what the hall sees comes first

QLabel* labelNamed(const char* name) {
  auto* label = new QLabel;
  label->setObjectName(name);
  return label;
}

QFont scaled(double factor, bool bold = false) {
  QFont font = QApplication::font();
  font.setPointSizeF(factor * font.pointSizeF());
  font.setBold(bold);
  return font;
}

}  // namespace

QString durationText(qint64 seconds) {
  const QString minutes =
      QString("%1:%2").arg(seconds / 60 % 60, seconds < 3600 ? 1 : 2, 10, QChar('0')).arg(seconds % 60, 2, 10, QChar('0'));
  return seconds < 3600 ? minutes : QString::number(seconds / 3600) + ":" + minutes;
}

PresenterConsole::PresenterConsole(LessonPlayer& lessons, Controller& controller)
    : lessons_(lessons),
      controller_(controller),
      title_(labelNamed("consoleTitle")),
      clock_(labelNamed("consoleClock")),
      since_(labelNamed("consoleSince")),
      count_(labelNamed("consoleCount")),
      nextTitle_(labelNamed("consoleNext")),
      nextPicture_(labelNamed("consolePicture")),
      notes_(new QTextBrowser) {
  setObjectName("presenterConsole");
  setWindowTitle(tr("Moescope: notes"));
  setAttribute(Qt::WA_DeleteOnClose);
  resize(960, 540);
  notes_->setObjectName("consoleNotes");
  notes_->setAccessibleName(tr("Notes of this page"));
  nextPicture_->setAccessibleName(tr("The next page"));
  nextPicture_->setAlignment(Qt::AlignCenter);
  nextPicture_->setWordWrap(true);
  nextPicture_->setMinimumSize(160, 90);
  nextPicture_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Ignored);
  for (QLabel* label : {title_, nextTitle_}) label->setWordWrap(true);
  fitText();
  auto* grid = new QGridLayout(this);
  grid->addWidget(title_, 0, 0);
  grid->addWidget(notes_, 1, 0, 2, 1);
  grid->addWidget(nextTitle_, 0, 1, 1, 3);
  grid->addWidget(nextPicture_, 1, 1, 1, 3);
  grid->addWidget(clock_, 2, 1);
  grid->addWidget(since_, 2, 2);
  grid->addWidget(count_, 2, 3);
  grid->setColumnStretch(0, 3);
  grid->setColumnStretch(1, 1);
  grid->setColumnStretch(2, 1);
  grid->setColumnStretch(3, 1);
  grid->setRowStretch(1, 1);
  started_.start();
  connect(&lessons_, &LessonPlayer::pageShown, this, &PresenterConsole::showPage);
  connect(&lessons_, &LessonPlayer::ended, this, &PresenterConsole::showPage);
  connect(&tick_, &QTimer::timeout, this, &PresenterConsole::showTime);
  tick_.start(500);
  later_.setSingleShot(true);
  connect(&later_, &QTimer::timeout, this, &PresenterConsole::showNext);
  showPage();
  showTime();
}

/// Once the style has given the widgets inside its own size.
void PresenterConsole::fitText() {
  for (QLabel* label : {title_, clock_, since_, count_}) label->setFont(scaled(kLarge, true));
  notes_->setFont(scaled(kNotes));
}

void PresenterConsole::showTime() {
  clock_->setText(QTime::currentTime().toString("HH:mm"));
  since_->setText(durationText(started_.elapsed() / 1000));
  clock_->setToolTip(tr("The time"));
  since_->setToolTip(tr("Since this window opened"));
}

void PresenterConsole::showPage() {
  const bool runs = lessons_.runs();
  title_->setText(runs ? QString::fromStdString(lessons_.shown().title) : tr("No lesson is open"));
  notes_->setMarkdown(runs ? QString::fromStdString(lessons_.shown().notes.empty() ? translated("This page has no notes.")
                                                                                   : lessons_.shown().notes)
                           : QString());
  count_->setText(runs ? tr("page %1 of %2").arg(lessons_.page() + 1).arg(lessons_.lesson().pages.size()) : QString());
  const LessonPage* next = runs ? lessons_.following() : nullptr;
  nextTitle_->setText(next   ? tr("Next: %1").arg(QString::fromStdString(next->title))
                      : runs ? tr("This is the last page")
                             : QString());
  nextPicture_->clear();
  later_.start(kNextAfter);
}

/// Empty: there is one.
QString PresenterConsole::whyNoPicture(const LessonPage& next) const {
  if (next.syntheticCheckpoint != lessons_.shown().syntheticCheckpoint || next.session != lessons_.shown().session)
    return tr("It shows another source than this page: its picture comes with it.");
  if (next.document.sides[0].knobs == lessons_.shown().document.sides[0].knobs && !next.document.compares) return {};
  return tr("It trains a model of its own, router %1: its picture comes with it.")
      .arg(QString::fromStdString(next.document.sides[0].knobs.router));
}

void PresenterConsole::showNext() {
  const LessonPage* next = lessons_.runs() ? lessons_.following() : nullptr;
  if (!next) return;
  if (!lessons_.isThere()) return later_.start(kNextAfter);
  if (const QString why = whyNoPicture(*next); !why.isEmpty()) return nextPicture_->setText(why);
  try {
    Document document = next->document;
    document.dark = controller_.document().dark;
    document.sides[0].source = controller_.document().sides[0].source;
    nextPicture_->setPixmap(QPixmap::fromImage(
        pictureBesideQt(document, {controller_.timeline(), nullptr}, nextPicture_->size() * nextPicture_->devicePixelRatioF())));
  } catch (const std::exception& error) {
    nextPicture_->setText(QString::fromUtf8(error.what()));
  }
}

/// Before a hall text grows once this window is there.
void PresenterConsole::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
    QMetaObject::invokeMethod(this, &PresenterConsole::fitText, Qt::QueuedConnection);
}

void PresenterConsole::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  later_.start(kNextAfter);
}

}  // namespace moescope
