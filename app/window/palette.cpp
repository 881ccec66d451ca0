#include "views/palette.h"

#include <QApplication>
#include <QFontInfo>
#include <QFontMetrics>
#include <QPalette>
#include <QStyleFactory>
#include <algorithm>

#include "app/window/main_window.h"
#include "views/type_scale.h"

namespace moescope {
namespace {

QColor toQt(const Color& color) { return QColor::fromRgbF(color[0], color[1], color[2]); }

}  // namespace

void applyPalette(const Theme& theme) {
  QApplication::setStyle(QStyleFactory::create("Fusion"));
  const QColor text = toQt(textColor(theme)), muted = toQt(mutedColor(theme)), base = toQt(backgroundColor(theme)),
               line = toQt(gridColor(theme));
  const QColor window = theme.dark ? QColor(32, 35, 41) : QColor(240, 240, 238),
               button = theme.dark ? QColor(48, 52, 60) : QColor(250, 250, 250);
  const QColor accent = toQt(expertColor(1, Theme{.dark = true})),
               link = toQt(mix(inkOf(expertColor(1, theme), theme), textColor(theme), 0.4));
  QPalette palette;
  palette.setColor(QPalette::Window, window);
  palette.setColor(QPalette::WindowText, text);
  palette.setColor(QPalette::Base, base);
  palette.setColor(QPalette::AlternateBase, window);
  palette.setColor(QPalette::Text, text);
  palette.setColor(QPalette::Button, button);
  palette.setColor(QPalette::ButtonText, text);
  palette.setColor(QPalette::ToolTipBase, button);
  palette.setColor(QPalette::ToolTipText, text);
  palette.setColor(QPalette::PlaceholderText, muted);
  palette.setColor(QPalette::Highlight, accent);
  palette.setColor(QPalette::HighlightedText, toQt(inkOn(expertColor(1, Theme{.dark = true}))));
  palette.setColor(QPalette::Link, link);
  palette.setColor(QPalette::LinkVisited, link);
  for (const QPalette::ColorRole role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
    palette.setColor(QPalette::Disabled, role, muted);
  QApplication::setPalette(palette);
  static const double basePoints = std::max(kLeastPoints, QFontInfo(QApplication::font()).pointSizeF());
  QFont font = QApplication::font();
  font.setPointSizeF(basePoints * theme.textScale);
  QApplication::setFont(font);
  // Sizes stand here and nowhere else: a size that a widget sets for itself would not follow the scale.
  const double points = font.pointSizeF();
  const int height = QFontMetrics(font).height();
  qApp->setStyleSheet(
      QString("QWidget { font-size: %1pt; }"
              "QLabel[headline=\"true\"] { font-size: %2pt; font-weight: bold; }"
              "QWidget#tokenStrip { font-size: %3pt; }"
              "QDockWidget { font-size: %5pt; }"  // not the application's own, for which Qt draws titles in the size of the start
              "QLabel[caption=\"true\"] { color: %4; }")
          .arg(points)
          .arg(1.7 * points)
          .arg(1.15 * points)
          .arg(muted.name())
          .arg(1.05 * points) +
      QString("QDockWidget::title { padding: %1px %2px; background: %3; }"
              "QGroupBox { font-weight: bold; border: 1px solid %4; border-radius: 5px; margin-top: %5px; padding-top: %6px; }"
              "QGroupBox::title { subcontrol-origin: margin; left: 8px; padding: 0 3px; }"
              "QMainWindow::separator { width: 3px; height: 3px; background: %4; }")
          .arg(height / 4)
          .arg(height / 2)
          .arg(window.name(), line.name())
          .arg(height * 9 / 16)
          .arg(height * 6 / 16));
}

}  // namespace moescope
