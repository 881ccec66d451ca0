// Copy state and Paste state.

#include <stdexcept>

#include "app/document/document_json.h"
#include "app/window/main_window.h"

namespace moescope {

QString MainWindow::state() const {
  Document document = controller_.document();
  if (revealed_)
    for (const ViewGroup* group : groups_) document.layout.docks[group->name().toStdString()] = group->savedLayout().toBase64().toStdString();
  return QString::fromStdString(toJson(document));
}

void MainWindow::restoreStateText(const QString& json) {
  Document document = documentFromJson(json.toStdString());
  requireExperts(document);
  Side& side = document.sides[0];
  if (side.source.kind != SideSource::Kind::Training) side.knobs = controller_.side().knobs;  // it has none, and training is to stay
  if (side.source.kind == SideSource::Kind::Training && controller_.trains()) controller_.evaluated(side.lens);  // throws before anything changed
  if (!controller_.showDocument(document, "Paste state")) return say("The state was not pasted: the training goes on");
  if (revealed_)
    for (ViewGroup* group : groups_)
      if (const auto docks = document.layout.docks.find(group->name().toStdString()); docks != document.layout.docks.end())
        group->restoreLayout(QByteArray::fromBase64(QByteArray::fromStdString(docks->second)), stage_->size());
}

/// Throws std::runtime_error with one line when an expert is selected that the model will not have.
void MainWindow::requireExperts(const Document& document) const {
  const Side& side = document.sides[0];
  const SnapshotPointer shown = controller_.scene().snapshot;
  const bool training = side.source.kind == SideSource::Kind::Training;
  if (!training && !(side.source == controller_.side().source && shown && shown->checkpoint)) return;  // known once it is open
  const int experts = training ? side.knobs.experts : shown->checkpoint->experts;
  for (const int expert : side.selection.experts)
    if (expert >= experts)
      throw std::runtime_error("the state selects expert " + std::to_string(expert) + ", but the model has experts 0 to " + std::to_string(experts - 1));
}

}  // namespace moescope
