#include "app/window/layout_menu.h"

#include <QInputDialog>
#include <QStandardPaths>
#include <exception>

#include "app/window/language.h"

namespace moescope {
namespace {

constexpr int kKeys = 9;  // of one's own layouts that have a key

QString asked(QWidget* parent, const QString& title, const QString& before) {
  bool given = false;
  const QString name =
      QInputDialog::getText(parent, title, tr("Name of the layout:"), QLineEdit::Normal, before, &given).trimmed();
  return given ? name : QString();
}

/// What fails is said, and nothing changed.
template <typename Work>
void orSay(Controller& controller, Work work) {
  try {
    work();
  } catch (const std::exception& error) {
    controller.notice(QString::fromStdString(error.what()));
  }
}

}  // namespace

OwnLayouts LayoutMenu::ofTheUser() {
  return OwnLayouts((QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + "/moescope/layouts").toStdString());
}

LayoutMenu::LayoutMenu(Controller& controller, OwnLayouts kept, std::function<QString()> state,
                       std::function<void(const Layout&)> place, QWidget* parent)
    : QMenu(tr("&Layouts of your own"), parent),
      controller_(controller),
      kept_(std::move(kept)),
      state_(std::move(state)),
      place_(std::move(place)) {
  setObjectName("layouts");
  connect(this, &QMenu::aboutToShow, this, &LayoutMenu::fill);
  fill();
}

void LayoutMenu::fill() {
  clear();
  qDeleteAll(findChildren<QMenu*>(Qt::FindDirectChildrenOnly));  // of layouts as they were
  QAction* save = addAction(tr("&Keep this layout…"), this, [this] {
    if (const QString name = asked(this, tr("Keep layout"), {}); !name.isEmpty()) keep(name);
  });
  save->setObjectName("keepLayout");
  save->setShortcut(QKeySequence("Ctrl+L"));
  addSeparator();
  int number = 0;
  for (const std::string& name : kept_.names()) addOwn(name, ++number);
  if (number == 0) addAction(tr("none is kept yet"))->setEnabled(false);
}

/// Not while one of its own entries is at work.
void LayoutMenu::fillSoon() { QMetaObject::invokeMethod(this, &LayoutMenu::fill, Qt::QueuedConnection); }

void LayoutMenu::addOwn(const std::string& name, int number) {
  const QString title = QString::fromStdString(name).replace('&', "&&");
  QAction* shown = addAction(title, this, [this, name] { show(name); });
  shown->setObjectName("layout-" + QString::fromStdString(name));
  if (number <= kKeys) shown->setShortcut(QKeySequence(QString("Ctrl+Alt+%1").arg(number)));
  QMenu* change = addMenu("   " + title + tr(": rename, delete"));
  change->addAction(tr("Rename…"), this, [this, name] {
    if (const QString to = asked(this, tr("Rename layout"), QString::fromStdString(name)); !to.isEmpty()) rename(name, to);
  });
  change->addAction(tr("Delete"), this, [this, name] { remove(name); });
}

void LayoutMenu::show(const std::string& name) {
  orSay(controller_, [&] {
    const KeptLayout kept = kept_.read(name);
    if (controller_.perform(showLayout(name, kept))) place_(kept.layout);
  });
}

void LayoutMenu::keep(const QString& name) {
  orSay(controller_, [&] {
    kept_.keep(name.toStdString(), state_().toStdString());
    controller_.notice(tr("The layout is kept: ") + name);
  });
  fillSoon();
}

void LayoutMenu::rename(const std::string& from, const QString& to) {
  orSay(controller_, [&] { kept_.rename(from, to.toStdString()); });
  fillSoon();
}

void LayoutMenu::remove(const std::string& name) {
  orSay(controller_, [&] { kept_.remove(name); });
  fillSoon();
}

}  // namespace moescope
