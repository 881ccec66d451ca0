#include "app/window/about_button.h"

#include <QEvent>
#include <QFrame>
#include <QLabel>
#include <QScreen>
#include <QVBoxLayout>
#include <algorithm>

#include "app/window/language.h"

namespace moescope {
namespace {

QString paragraph(const QString& heading, const std::string& words) {
  return "<p><b>" + heading + "</b><br>" + QString::fromStdString(words).toHtmlEscaped().replace('\n', "<br>") + "</p>";
}

}  // namespace

AboutButton::AboutButton(const ViewDeclaration& view, Controller& controller, int side, QWidget* tile)
    : QToolButton(tile), view_(view), controller_(controller), side_(side) {
  setObjectName("about-" + QString::fromStdString(view.name));
  QToolButton::setText("?");
  setAutoRaise(true);
  setCursor(Qt::ArrowCursor);
  setToolTip(tr("What is this?"));
  setAccessibleName(tr("What is %1?").arg(localised(view.title)));
  tile->installEventFilter(this);
  connect(this, &QToolButton::clicked, this, &AboutButton::tell);
  place();
}

int AboutButton::side() const { return fontMetrics().height() * 3 / 2; }

void AboutButton::place() { setGeometry(parentWidget()->width() - side(), 0, side(), side()); }

bool AboutButton::eventFilter(QObject*, QEvent* event) {
  if (event->type() == QEvent::Resize) place();
  return false;
}

void AboutButton::changeEvent(QEvent* event) {
  QToolButton::changeEvent(event);
  if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) place();
}

QString AboutButton::text() const {
  const Scene& scene = controller_.on(side_).scene();
  std::string formula = translated("waiting for the first snapshot");
  try {
    if (scene.snapshot && scene.routing && whyNotOfCapture(scene, view_.captures).empty()) formula = view_.about.formula(scene);
  } catch (const std::exception& error) {
    formula = translated("cannot be computed: ") + error.what();
  }
  return "<h3>" + localised(view_.title).toHtmlEscaped() + "</h3>" +
         paragraph(tr("What it is"), translated(view_.about.definition)) + paragraph(tr("In numbers"), formula) +
         paragraph(tr("What to look for"), translated(view_.about.lookFor));
}

/// A page beside the button that the next click or Escape takes away.
void AboutButton::tell() {
  auto* page = new QFrame(this, Qt::Popup);
  page->setObjectName("aboutPage");
  page->setAttribute(Qt::WA_DeleteOnClose);
  page->setFrameShape(QFrame::StyledPanel);
  auto* words = new QLabel(text());
  words->setWordWrap(true);
  words->setTextFormat(Qt::RichText);
  words->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  (new QVBoxLayout(page))->addWidget(words);
  const QRect screen = this->screen()->availableGeometry();
  words->setFixedWidth(std::min(34 * fontMetrics().height(), screen.width() - 80));
  page->adjustSize();
  const QPoint corner = mapToGlobal(QPoint(width(), height()));
  page->move(std::clamp(corner.x() - page->width(), screen.left(), std::max(screen.left(), screen.right() - page->width())),
             std::clamp(corner.y(), screen.top(), std::max(screen.top(), screen.bottom() - page->height())));
  page->show();
}

}  // namespace moescope
