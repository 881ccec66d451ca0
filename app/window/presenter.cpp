#include "app/window/presenter.h"

#include <QGuiApplication>
#include <QMenuBar>
#include <QPainter>
#include <QResizeEvent>
#include <QScreen>
#include <QStatusBar>
#include <QToolBar>
#include <algorithm>
#include <utility>

#include "app/window/language.h"

namespace moescope {
namespace {

constexpr double kHall = 1.7;            // of text, on a projector of 1920x1080: captions of views are 24 pixels high too
constexpr double kGreatestHall = 3.0;
constexpr int kLight = 28;               // pixels across, of 1080
constexpr int kFollow = 15;              // milliseconds

/// A spot of red light that lets the mouse through.
class Light : public QWidget {
 public:
  Light(QWidget* window, int across) : QWidget(window) {
    setObjectName("pointerOfLight");
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setAttribute(Qt::WA_NoSystemBackground);
    resize(across, across);
  }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QRadialGradient glow(rect().center(), width() / 2.0);
    glow.setColorAt(0.0, QColor(255, 255, 255));
    glow.setColorAt(0.25, QColor(255, 40, 40));
    glow.setColorAt(0.55, QColor(255, 0, 0, 200));
    glow.setColorAt(1.0, QColor(255, 0, 0, 0));
    painter.fillRect(rect(), glow);
  }
};

/// Black over all of the window.
class Black : public QWidget {
 public:
  explicit Black(QWidget* window) : QWidget(window) {
    setObjectName("blackScreen");
    setAccessibleName(tr("Black screen"));
    setGeometry(window->rect());
  }

 protected:
  void paintEvent(QPaintEvent*) override { QPainter(this).fillRect(rect(), Qt::black); }
};

/// Other actions have no keys that presenter mode needs, as long as this is there.
class KeysAlone {
 public:
  KeysAlone(const QMainWindow& window, const std::vector<QAction*>& owners) {
    for (QAction* action : window.findChildren<QAction*>()) {
      if (std::find(owners.begin(), owners.end(), action) != owners.end()) continue;
      QList<QKeySequence> left = action->shortcuts();
      const qsizetype before = left.size();
      for (const QAction* owner : owners)
        for (const QKeySequence& key : owner->shortcuts()) left.removeAll(key);
      if (left.size() == before) continue;
      silenced_.emplace_back(action, action->shortcuts());
      action->setShortcuts(left);
    }
  }
  ~KeysAlone() {
    for (const auto& [action, keys] : silenced_)
      if (action) action->setShortcuts(keys);
  }
  KeysAlone(const KeysAlone&) = delete;
  KeysAlone& operator=(const KeysAlone&) = delete;

 private:
  std::vector<std::pair<QPointer<QAction>, QList<QKeySequence>>> silenced_;
};

}  // namespace

double hallTextScale(const QSize& window) {
  return std::clamp(kHall * std::min(window.width() / 1920.0, window.height() / 1080.0), 1.0, kGreatestHall);
}

Presenter::Presenter(QMainWindow& window, LessonPlayer& lessons, Controller& controller, Chrome& chrome)
    : QObject(&window), window_(window), lessons_(lessons), controller_(controller), chrome_(chrome) {
  add(tr("&Presenter mode"), "present", {Qt::Key_F5}, false, [this] { presents_ ? end() : begin(); });
  add(tr("Pointer of &light"), "presentPointer", {Qt::Key_L}, true, [this] { setPointer(!points()); });
  add(tr("&Black screen"), "presentBlank", {Qt::Key_B, Qt::Key_Period}, true, [this] { setBlank(!isBlank()); });
  add(tr("&Notes on a screen of their own"), "presentNotes", {Qt::Key_N}, true, [this] { showConsole(!console_); });
  follow_.setInterval(kFollow);
  connect(&follow_, &QTimer::timeout, this, [this] {
    if (light_) light_->move(window_.mapFromGlobal(QCursor::pos()) - light_->rect().center());
  });
  connect(&lessons_, &LessonPlayer::pageShown, this, [this] { setBlank(false); });
  connect(this, &Presenter::changed, this, [this, alone = std::make_shared<std::unique_ptr<KeysAlone>>()] {
    if (presents_ && !*alone) *alone = std::make_unique<KeysAlone>(window_, keys_);
    if (!presents_) alone->reset();
  });
  window_.installEventFilter(this);
}

QAction* Presenter::add(const QString& text, const char* name, const QList<QKeySequence>& keys, bool whilePresenting,
                        const std::function<void()>& action) {
  auto* made = new QAction(text, this);
  made->setObjectName(name);
  made->setShortcuts(keys);
  made->setEnabled(!whilePresenting);
  connect(made, &QAction::triggered, this, action);
  actions_.push_back(made);
  if (whilePresenting) keys_.push_back(made);
  return made;
}

/// Without a lesson it shows what the window shows. The menu bar keeps its keys: it is there, without height.
void Presenter::begin() {
  if (presents_) return;
  presents_ = true;
  for (QAction* key : keys_) key->setEnabled(true);
  stateBefore_ = window_.windowState();
  placeBefore_ = window_.geometry();
  bars_ = {window_.statusBar()};
  for (QToolBar* bar : window_.findChildren<QToolBar*>(Qt::FindDirectChildrenOnly)) bars_.push_back(bar);
  for (QDockWidget* dock : window_.findChildren<QDockWidget*>(Qt::FindDirectChildrenOnly))
    if (dock != &lessons_) bars_.push_back(dock);
  chrome_.takeAway(bars_);
  window_.menuBar()->setMaximumHeight(0);
  lessons_.setTitleBarWidget(new QWidget);
  lessons_.setPresented(true);
  placeOnScreens();
  Q_EMIT changed();
}

void Presenter::end() {
  if (!presents_) return;
  setBlank(false);
  setPointer(false);
  showConsole(false);
  presents_ = false;
  for (QAction* key : keys_) key->setEnabled(false);
  chrome_.giveBack(bars_);
  window_.menuBar()->setMaximumHeight(QWIDGETSIZE_MAX);
  delete lessons_.titleBarWidget();
  lessons_.setTitleBarWidget(nullptr);
  lessons_.setPresented(false);
  window_.setWindowState(stateBefore_);
  if (!(stateBefore_ & (Qt::WindowMaximized | Qt::WindowFullScreen))) window_.setGeometry(placeBefore_);
  Q_EMIT changed();
}

/// The hall sees the second screen, and the lecturer's own has the notes; on a single one these come when they are asked for.
void Presenter::placeOnScreens() {
  const QList<QScreen*> screens = QGuiApplication::screens();
  const auto other = std::find_if(screens.begin(), screens.end(),
                                  [](const QScreen* screen) { return screen != QGuiApplication::primaryScreen(); });
  if (other != screens.end()) {
    window_.setWindowState(Qt::WindowNoState);
    window_.setGeometry((*other)->geometry());
    showConsole(true);
  }
  window_.setWindowState(window_.windowState() | Qt::WindowFullScreen);
}

void Presenter::showConsole(bool shown) {
  if (shown == !console_.isNull()) return;
  if (!shown) {
    PresenterConsole* console = std::exchange(console_, nullptr);
    console->close();  // it goes later: the key that ends it may be its own
    return;
  }
  console_ = new PresenterConsole(lessons_, controller_);
  lendKeysTo(console_);
  const QList<QScreen*> screens = QGuiApplication::screens();
  if (screens.size() > 1) console_->setGeometry(QGuiApplication::primaryScreen()->availableGeometry());
  console_->show();
  if (screens.size() > 1) console_->showMaximized();
  window_.activateWindow();  // keys and clicker go to the lesson
}

/// Who clicks into the notes goes on as before.
void Presenter::lendKeysTo(QWidget* console) const {
  for (QAction* action : actions_) console->addAction(action);
  for (const char* name : {"lessonNextPage", "lessonPageBefore", "actionEscape"})
    if (auto* action = window_.findChild<QAction*>(name)) console->addAction(action);
}

bool Presenter::escape() {
  if (!presents_) return false;
  if (isBlank())
    setBlank(false);
  else if (points())
    setPointer(false);
  else
    end();
  return true;
}

void Presenter::setBlank(bool blank) {
  if (blank == isBlank()) return;
  if (!blank) return delete black_.data();
  black_ = new Black(&window_);
  black_->show();
  black_->raise();
}

void Presenter::setPointer(bool shown) {
  if (shown == points()) return;
  if (!shown) {
    follow_.stop();
    return delete light_.data();
  }
  light_ = new Light(&window_, std::max(kLight / 2, kLight * window_.height() / 1080));
  light_->move(window_.mapFromGlobal(QCursor::pos()) - light_->rect().center());
  light_->show();
  light_->raise();
  follow_.start();
}

bool Presenter::eventFilter(QObject* watched, QEvent* event) {
  if (watched == &window_ && event->type() == QEvent::Resize && presents_) {
    if (black_) black_->setGeometry(window_.rect());
    Q_EMIT changed();
  }
  return QObject::eventFilter(watched, event);
}

}  // namespace moescope
