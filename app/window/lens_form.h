#pragma once
// Editors for the settings of the lens that the document leaves on show, in a form; the concentration has a slider of its own
// elsewhere.

#include <QFormLayout>
#include <QWidget>
#include <functional>
#include <vector>

#include "app/window/controller.h"
#include "core/reading/lens_table.h"

namespace moescope {

class LensForm : public QWidget {
  Q_OBJECT
 public:
  /// Each editor's name: `prefix`, then the setting's.
  LensForm(Controller& controller, const QString& prefix);
  /// Whether any editor is on show.
  bool shows() const;

 private:
  QWidget* makeEditor(const LensSetting& setting);
  QWidget* makeChoice(const LensSetting& setting);
  QWidget* makeNumber(const LensSetting& setting);
  void showLens();

  Controller& controller_;
  QFormLayout* form_;
  std::vector<const LensSetting*> settings_;                ///< in the form's order
  std::vector<std::function<void(const Lens&)>> show_;  ///< what is set, in the editors
};

}  // namespace moescope
