#include "app/window/layer_box.h"

#include <QSignalBlocker>
#include <algorithm>
#include <utility>

#include "app/window/language.h"

namespace moescope {

LayerBox::LayerBox(Controller& controller, Words words) : controller_(controller), words_(std::move(words)) {
  setAccessibleName(tr("Layer"));
  connect(this, &QComboBox::currentIndexChanged, this, [this](int index) {
    if (index >= 0) controller_.perform(setNumber(controller_.active(), "layer", index + 1));
  });
  connect(&controller_, &Controller::documentChanged, this, &LayerBox::showScene);
  connect(&controller_, &Controller::sceneChanged, this, &LayerBox::showScene);
  showScene();
}

void LayerBox::showScene() {
  const Scene& scene = controller_.scene();
  if (!scene.snapshot) return;
  const int layers = static_cast<int>(scene.snapshot->layers.size());
  QStringList names, before;
  for (int layer = 0; layer < layers; ++layer) names.append(words_(*scene.snapshot, layer));
  for (int i = 0; i < count(); ++i) before.append(itemText(i));
  const QSignalBlocker quiet(this);
  if (names != before) clear(), addItems(names);
  setCurrentIndex(std::clamp(scene.lens.layer, 0, layers - 1));
}

}  // namespace moescope
