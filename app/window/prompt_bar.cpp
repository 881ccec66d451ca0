#include "app/window/prompt_bar.h"

#include <QHBoxLayout>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QSignalBlocker>
#include <QTextBlock>
#include <QToolTip>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "app/window/language.h"
#include "app/window/token_strip.h"
#include "core/reading/derivation.h"
#include "views/palette.h"

namespace moescope {
namespace {

constexpr int kBytesMore = 160;
constexpr int kLines = 2;

QColor toQt(const Color& color) { return QColor::fromRgbF(color[0], color[1], color[2]); }

/// The ground and ink of a byte; none where no expert works on it.
QTextCharFormat formatOf(const Routing& routing, Eigen::Index byte, const Theme& theme) {
  QTextCharFormat format;
  Eigen::Index leader = 0;
  const auto gates = routing.gates.row(byte);
  const float sum = gates.sum(), share = gates.maxCoeff(&leader) / sum;
  if (!(sum > 0.0f)) return format;
  const Color fill = mix(backgroundColor(theme), expertColor(static_cast<int>(leader), theme), 0.15 + 0.6 * share);
  format.setBackground(toQt(fill));
  format.setForeground(toQt(inkOn(fill)));
  return format;
}

/// `lastByte`: of each UTF-16 unit, counted in the reading; what lies outside has no colour.
void colour(QPlainTextEdit* edit, const std::vector<int>& lastByte, const Routing* routing, const Theme& theme, int place) {
  QList<QTextEdit::ExtraSelection> colours;
  for (std::size_t i = 0; routing && i < lastByte.size();) {
    std::size_t end = i + 1;
    while (end < lastByte.size() && lastByte[end] == lastByte[i]) ++end;  // both halves of a pair
    if (lastByte[i] >= 0 && lastByte[i] < routing->gates.rows()) {
      QTextEdit::ExtraSelection one;
      one.format = formatOf(*routing, lastByte[i], theme);
      if (lastByte[i] == place) {
        one.format.setFontUnderline(true);
        one.format.setFontWeight(QFont::Bold);
      }
      one.cursor = QTextCursor(edit->document());
      one.cursor.setPosition(static_cast<int>(i));
      one.cursor.setPosition(static_cast<int>(end), QTextCursor::KeepAnchor);
      colours.append(one);
    }
    i = end;
  }
  edit->setExtraSelections(colours);
}

QPlainTextEdit* makeEdit(const char* name, const QString& accessible, const QString& placeholder) {
  auto* edit = new QPlainTextEdit;
  edit->setObjectName(name);
  edit->setAccessibleName(accessible);
  edit->setPlaceholderText(placeholder);
  edit->setToolTip(tr("%1: click a character, or go to it with the arrow keys, to follow it through all views").arg(accessible));
  edit->setTabChangesFocus(true);
  QFont font = edit->font();
  font.setFamilies({"DejaVu Sans Mono", "Noto Sans Mono CJK SC", "monospace"});
  edit->setFont(font);
  return edit;
}

bool movesCursor(int key) {
  return key == Qt::Key_Left || key == Qt::Key_Right || key == Qt::Key_Up || key == Qt::Key_Down || key == Qt::Key_Home ||
         key == Qt::Key_End;
}

}  // namespace

std::vector<int> lastBytes(const QString& text) {
  std::vector<int> last;
  int bytes = 0;
  for (qsizetype i = 0; i < text.size(); ++i) {
    const bool pair = text[i].isHighSurrogate() && i + 1 < text.size() && text[i + 1].isLowSurrogate();
    bytes += static_cast<int>(text.mid(i, pair ? 2 : 1).toUtf8().size());
    last.push_back(bytes - 1);
    if (pair) last.push_back(bytes - 1), ++i;
  }
  return last;
}

PromptBar::PromptBar(Controller& controller) : controller_(controller) {
  setObjectName("promptBar");
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(4, 2, 4, 4);
  text_ = makeEdit("promptText", tr("Text of your own"),
                   tr("Type a text of your own: each character gets the colour of its leading expert"));
  written_ = makeEdit("promptWritten", tr("What the model writes on"), tr("what the model writes on"));
  written_->setReadOnly(true);
  layout->addWidget(text_, 3);
  layout->addWidget(written_, 2);
  auto* side = new QVBoxLayout;
  auto* row = new QHBoxLayout;
  const auto button = [&](const QString& words, const char* name, const QString& help, auto action) {
    auto* made = new QPushButton(words);
    made->setObjectName(name);
    made->setToolTip(help);
    connect(made, &QPushButton::clicked, this, action);
    row->addWidget(made);
    return made;
  };
  goOn_ = button(tr("Write on"), "promptContinue", tr("The model writes %1 bytes more; again: with another seed").arg(kBytesMore),
                 [this] { takeContinuation(true); });
  stop_ = button(tr("Clear"), "promptClear", tr("Takes away what the model wrote"), [this] {
    controller_.perform(
        {tr("Clear what was written on").toStdString(), "", [](Document& document) { document.continuation.bytes = 0; }});
  });
  temperature_ = new NumberBox;
  temperature_->setObjectName("promptTemperature");
  temperature_->setAccessibleName(tr("Temperature of the next byte"));
  temperature_->setToolTip(tr("Temperature: 0 always takes the likeliest byte, 1 draws as the model expects"));
  temperature_->setRange(0.0, kGreatestTemperature);
  temperature_->setSingleStep(0.1);
  temperature_->setPrefix("T ");
  seed_ = new QSpinBox;
  seed_->setObjectName("promptSeed");
  seed_->setAccessibleName(tr("Seed of what the model writes on"));
  seed_->setToolTip(tr("Seed: the same one writes the same"));
  seed_->setRange(0, 999999);
  seed_->setPrefix(tr("seed "));
  for (QWidget* box : std::initializer_list<QWidget*>{temperature_, seed_}) row->addWidget(box);
  connect(temperature_, &QDoubleSpinBox::valueChanged, this, [this] { takeContinuation(false); });
  connect(seed_, &QSpinBox::valueChanged, this, [this] { takeContinuation(false); });
  side->addLayout(row);
  numbers_ = new QLabel;
  numbers_->setObjectName("promptNumbers");
  numbers_->setWordWrap(true);
  side->addWidget(numbers_, 1);
  layout->addLayout(side, 0);
  for (QPlainTextEdit* edit : {text_, written_}) edit->viewport()->installEventFilter(this);
  text_->installEventFilter(this);
  connect(text_, &QPlainTextEdit::textChanged, this, &PromptBar::takeText);
  connect(text_, &QPlainTextEdit::cursorPositionChanged, this, &PromptBar::takePlace);
  connect(&controller_, &Controller::documentChanged, this, &PromptBar::showDocument);
  connect(&controller_, &Controller::sceneChanged, this, &PromptBar::showReading);
  fitText();
  showDocument();
}

void PromptBar::setTheme(const Theme& theme) {
  theme_ = theme;
  showReading();
}

void PromptBar::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::FontChange && numbers_) fitText();
}

void PromptBar::fitText() {
  for (QPlainTextEdit* edit : {text_, written_}) {
    QFont font = edit->font();
    font.setPointSizeF(this->font().pointSizeF());
    edit->setFont(font);
    edit->setFixedHeight(kLines * QFontMetrics(font).lineSpacing() + 12);
  }
  numbers_->setMinimumWidth(22 * fontMetrics().averageCharWidth());
}

void PromptBar::takeText() {
  const std::string text = text_->toPlainText().toStdString();
  if (text == controller_.document().prompt) return;
  controller_.perform({tr("Own text").toStdString(), "prompt", [text](Document& document) {
                         document.prompt = text;
                         document.promptPlace = -1;
                       }});
}

void PromptBar::takeContinuation(bool anew) {
  const Continuation now = controller_.document().continuation;
  if (!anew && now.temperature == temperature_->value() && now.seed == static_cast<std::uint64_t>(seed_->value())) return;
  controller_.perform({tr("Write on").toStdString(), anew ? "" : "write-on", [this, anew](Document& document) {
                         Continuation& wanted = document.continuation;
                         wanted.temperature = temperature_->value();
                         wanted.seed = static_cast<std::uint64_t>(seed_->value());
                         if (anew && std::exchange(wanted.bytes, kBytesMore) > 0) ++wanted.seed;
                       }});
}

/// The character at the cursor, or before it at the end of the text.
void PromptBar::takePlace() {
  const std::vector<int> last = lastBytes(text_->toPlainText());
  if (last.empty()) return;
  const int place = last[std::min(last.size() - 1, static_cast<std::size_t>(text_->textCursor().position()))];
  const bool atEnd = text_->textCursor().atEnd();
  const int wanted = atEnd ? -1 : place;
  if (wanted != controller_.document().promptPlace)
    controller_.perform(
        {tr("Place in own text").toStdString(), "prompt", [wanted](Document& document) { document.promptPlace = wanted; }});
}

void PromptBar::showDocument() {
  const Document& document = controller_.document();
  const QSignalBlocker quietText(text_), quietTemperature(temperature_), quietSeed(seed_);
  if (text_->toPlainText().toStdString() != document.prompt) text_->setPlainText(QString::fromStdString(document.prompt));
  temperature_->setValue(document.continuation.temperature);
  seed_->setValue(
      static_cast<int>(std::min<std::uint64_t>(document.continuation.seed, static_cast<std::uint64_t>(seed_->maximum()))));
  goOn_->setEnabled(!document.prompt.empty() && controller_.trains());
  stop_->setEnabled(document.continuation.bytes > 0);
  text_->setEnabled(controller_.trains());
  showReading();
}

void PromptBar::showReading() {
  const Scene& scene = controller_.scene();
  const PromptReading* reading = scene.prompt.get();
  const bool read = reading && reading->snapshot && scene.promptRouting;
  std::vector<int> last = lastBytes(text_->toPlainText());
  for (int& byte : last) byte = read ? byte - reading->first : -1;
  const QSignalBlocker quiet(text_), quietWritten(written_);
  colour(text_, last, scene.promptRouting.get(), theme_, scene.promptPlace);
  QString written;
  std::vector<int> writtenLast;
  if (read && !reading->continuation.empty()) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(reading->continuation.data());
    const int count = static_cast<int>(reading->continuation.size()),
              start = static_cast<int>(reading->request.text.size()) - reading->first;
    const std::vector<Character> characters = charactersOf(bytes, count);
    for (std::size_t i = 0; i < characters.size(); ++i) {
      const int end = i + 1 < characters.size() ? characters[i + 1].first : count;
      written += characters[i].text;
      writtenLast.insert(writtenLast.end(), static_cast<std::size_t>(characters[i].text.size()), start + end - 1);
    }
  }
  if (written_->toPlainText() != written) written_->setPlainText(written);
  colour(written_, writtenLast, scene.promptRouting.get(), theme_, -1);
  const QString words = numbers();
  if (numbers_->text() != words) numbers_->setText(words), fitNumbers();
}

/// The bar is as high as all lines of the numbers, at whatever width a drawer leaves them.
void PromptBar::fitNumbers() { numbers_->setMinimumHeight(std::max(0, numbers_->heightForWidth(numbers_->width()))); }

void PromptBar::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  fitNumbers();
}

QString PromptBar::numbers() const {
  const Scene& scene = controller_.scene();
  if (controller_.session())
    return tr(
        "A recorded run is shown: its snapshots route only their own tokens. Go on with one of its models (Time menu) to read a text of your own.");
  if (!controller_.trains())
    return tr("What is shown does not train here: there are only the tokens of its trace or capture, and no text of your own.");
  if (controller_.document().prompt.empty()) return {};
  if (scene.past) return tr("An earlier step is shown; a text is read by the newest model alone.");
  if (!scene.prompt) return tr("being read…");
  const PromptReading& reading = *scene.prompt;
  if (!reading.failure.empty()) return tr("The text cannot be read: %1").arg(QString::fromStdString(reading.failure));
  QString words = std::isfinite(reading.lossAsTrained) ? tr("perplexity a byte: %1 as trained, %2 through this lens")
                                                             .arg(std::exp(reading.lossAsTrained), 0, 'f', 2)
                                                             .arg(std::exp(reading.loss), 0, 'f', 2)
                                                       : tr("one byte has no perplexity");
  if (reading.first > 0) words += tr("; the first %1 bytes are left out").arg(reading.first);
  if (reading.snapshot && static_cast<int>(reading.snapshot->probe->bytes.size()) > reading.part)
    words += tr("; read in parts of %1 bytes").arg(reading.part);
  return words;
}

/// Through all layers: which experts lead.
QString PromptBar::way(int position) const {
  const std::vector<int> last = lastBytes(text_->toPlainText());
  const auto unit = static_cast<std::size_t>(position);
  const PromptReading* reading = controller_.scene().prompt.get();
  if (unit >= last.size() || !reading || !reading->snapshot) return {};
  const int byte = last[unit] - reading->first;
  if (byte < 0 || byte >= static_cast<int>(reading->snapshot->probe->bytes.size())) return {};
  QStringList lines;
  for (const std::string& line : wayOf(*reading->snapshot, controller_.scene().lens, byte))
    lines.append(QString::fromStdString(line));
  return lines.join('\n');
}

/// The way of a character is shown where the pointer rests on it, at once where it is clicked or a key moves the cursor to it.
bool PromptBar::eventFilter(QObject* watched, QEvent* event) {
  if (watched == text_ && event->type() == QEvent::KeyRelease && movesCursor(static_cast<QKeyEvent*>(event)->key())) {
    const QString words = way(text_->textCursor().position());
    const QPoint below = text_->cursorRect().bottomLeft();
    words.isEmpty() ? QToolTip::hideText() : QToolTip::showText(text_->viewport()->mapToGlobal(below), words, text_);
    return false;
  }
  const bool rests = event->type() == QEvent::ToolTip, clicked = event->type() == QEvent::MouseButtonRelease;
  if ((!rests && !clicked) || watched != text_->viewport()) return QWidget::eventFilter(watched, event);
  const QPoint at = rests ? static_cast<QHelpEvent*>(event)->pos() : static_cast<QMouseEvent*>(event)->position().toPoint();
  const QString words = way(text_->cursorForPosition(at).position());
  words.isEmpty() ? QToolTip::hideText() : QToolTip::showText(text_->viewport()->mapToGlobal(at), words, text_);
  return rests;
}

}  // namespace moescope
