#include "app/window/preset_menu.h"

#include <QIcon>
#include <QProxyStyle>

#include "app/document/presets.h"
#include "app/window/language.h"

namespace moescope {
namespace {

/// Pictures that can be told apart, not icons.
class LargePictures : public QProxyStyle {
 public:
  int pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const override {
    return metric == PM_SmallIconSize ? 96 : QProxyStyle::pixelMetric(metric, option, widget);
  }
};

}  // namespace

void addPresetMenu(QMenu* file, Controller& controller, QObject* window) {
  QMenu* menu = file->addMenu(tr("Pre&sets"));
  menu->setObjectName("presets");
  menu->setToolTipsVisible(true);
  auto* style = new LargePictures;
  style->setParent(menu);
  menu->setStyle(style);
  for (const Preset& preset : presets()) {
    const QString title = localised(preset.title);
    QAction* action = menu->addAction(QIcon(":/presets/" + QString::fromStdString(preset.name) + ".png"), title);
    action->setObjectName("preset-" + QString::fromStdString(preset.name));
    action->setToolTip(localised(preset.shows));
    QObject::connect(action, &QAction::triggered, window, [&controller, &preset, title] {
      if (!controller.showDocument(preset.document, translated(preset.title))) return;
      controller.notice(title + ": " + localised(preset.shows));
      controller.play();
    });
  }
}

}  // namespace moescope
