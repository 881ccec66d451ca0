#include "app/window/export_menu.h"

#include <QFileDialog>
#include <QFileInfo>
#include <array>
#include <stdexcept>

#include "app/window/language.h"
#include "app/window/notices.h"
#include "core/data/output_file.h"
#include "core/timeline/export.h"

namespace moescope {
namespace {

using Writer = void (*)(const Scene&, const std::string&);

struct Export {
  const char *entry, *title, *name, *filters;
  Writer write;
};
constexpr std::array<Export, 2> kExports = {{{translatable("Export &metrics…"), translatable("Export metrics"), "metrics.csv",
                                              translatable("CSV (*.csv);;JSON Lines (*.jsonl)"), writeMetricsOf},
                                             {translatable("Export s&napshot…"), translatable("Export snapshot"), "snapshot.npz",
                                              translatable("NumPy archive (*.npz)"), writeSnapshotOf}}};

}  // namespace

void writeMetricsOf(const Scene& scene, const std::string& path) {
  const bool csv = path.ends_with(".csv");
  if (!csv && !path.ends_with(".jsonl")) throw std::runtime_error(translated("%1: ends in neither .csv nor .jsonl", path));
  if (!scene.steps || scene.steps->empty()) throw std::runtime_error(translated("There are no training steps to export"));
  const DataTable table = metricsTable(*scene.steps);
  writeFileAtomically(path, csv ? csvOf(table) : jsonLinesOf(table));
}

void writeSnapshotOf(const Scene& scene, const std::string& path) {
  if (!path.ends_with(".npz")) throw std::runtime_error(translated("%1: does not end in .npz", path));
  if (!scene.snapshot) throw std::runtime_error(translated("There is no snapshot to export yet"));
  writeFileAtomically(path, snapshotNpz(*scene.snapshot));
}

void addExportMenu(QMenu* file, QWidget* window, Controller& controller) {
  for (const Export& each : kExports)
    file->addAction(tr(each.entry), window, [&each, window, &controller] {
      QString chosen;
      QString path = QFileDialog::getSaveFileName(window, tr(each.title), each.name, tr(each.filters), &chosen);
      if (path.isEmpty()) return;
      if (QFileInfo(path).suffix().isEmpty()) path += chosen.mid(chosen.indexOf("(*") + 2).remove(')');
      saying(controller, [&] {
        each.write(controller.scene(), path.toStdString());
        return tr("Saved: ") + path;
      });
    })->setObjectName(QString("export-") + each.name);
}

}  // namespace moescope
