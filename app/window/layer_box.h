#pragma once
// Which MoE layer is shown, by the number that the model has for it.

#include <QComboBox>
#include <functional>

#include "app/window/controller.h"

namespace moescope {

class LayerBox : public QComboBox {
  Q_OBJECT
 public:
  /// What a layer is called: of a snapshot, by its place in it.
  using Words = std::function<QString(const Snapshot&, int)>;
  LayerBox(Controller& controller, Words words);

 private:
  void showScene();

  Controller& controller_;
  const Words words_;
};

}  // namespace moescope
