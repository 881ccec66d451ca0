// Copy state and Paste state.

#include <stdexcept>
#include <vector>

#include "app/document/document_json.h"
#include "app/window/language.h"
#include "app/window/main_window.h"

namespace moescope {

QString MainWindow::state() const {
  Document document = controller_.document();
  const QMap<QString, QByteArray> layouts = views_->layouts();
  for (auto group = layouts.begin(); group != layouts.end(); ++group)
    if (!group.value().isEmpty()) document.layout.docks[group.key().toStdString()] = group.value().toBase64().toStdString();
  return QString::fromStdString(toJson(document));
}

void MainWindow::restoreStateText(const QString& json) {
  Document document = documentFromJson(json.toStdString());
  requireExperts(document);
  for (const int index : document.compares ? std::vector<int>{0, 1} : std::vector<int>{0}) {
    Side& side = document.sides[static_cast<std::size_t>(index)];
    if (index == 1 && !controller_.compares()) continue;  // nothing of it is shown yet
    const SideController& shows = controller_.on(index);
    if (side.source.kind != SideSource::Kind::Training) side.knobs = shows.side().knobs;  // it has none, and training is to stay
    if (side.source.kind == SideSource::Kind::Training && shows.trains())
      shows.evaluated(side.lens);  // throws before anything changed
  }
  if (!controller_.showDocument(document, translated("Paste state")))
    return say(tr("The state was not pasted: the training goes on"));
  placeViews(document.layout);
}

/// Gives the views the places that a layout has for them.
void MainWindow::placeViews(const Layout& layout) {
  for (const auto& [group, places] : layout.docks)
    views_->restore(QString::fromStdString(group), QByteArray::fromBase64(QByteArray::fromStdString(places)));
}

/// Throws std::runtime_error with one line when an expert is selected that the model will not have.
void MainWindow::requireExperts(const Document& document) const {
  for (const int index : document.compares ? std::vector<int>{0, 1} : std::vector<int>{0}) {
    const Side& side = document.sides[static_cast<std::size_t>(index)];
    const bool training = side.source.kind == SideSource::Kind::Training, there = index == 0 || controller_.compares();
    const SnapshotPointer shown = there ? controller_.on(index).scene().snapshot : nullptr;
    if (!training && !(there && side.source == controller_.on(index).side().source && shown && shown->checkpoint))
      continue;  // known once it is open
    const int experts = training ? side.knobs.experts : shown->checkpoint->experts;
    for (const int expert : side.selection.experts)
      if (expert >= experts)
        throw std::runtime_error(translated("the state selects expert ") + std::to_string(expert) +
                                 translated(", but the model has experts 0 to ") + std::to_string(experts - 1));
  }
}

}  // namespace moescope
