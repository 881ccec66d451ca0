#include "app/window/export_menu.h"

#include <QFileDialog>
#include <QFileInfo>
#include <array>
#include <stdexcept>

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
constexpr std::array<Export, 2> kExports = {{{"Export &metrics…", "Export metrics", "metrics.csv", "CSV (*.csv);;JSON Lines (*.jsonl)", writeMetricsOf},
                                             {"Export s&napshot…", "Export snapshot", "snapshot.npz", "NumPy archive (*.npz)", writeSnapshotOf}}};

}  // namespace

void writeMetricsOf(const Scene& scene, const std::string& path) {
  const bool csv = path.ends_with(".csv");
  if (!csv && !path.ends_with(".jsonl")) throw std::runtime_error(path + ": ends in neither .csv nor .jsonl");
  if (!scene.steps || scene.steps->empty()) throw std::runtime_error("There are no training steps to export");
  const DataTable table = metricsTable(*scene.steps);
  writeFileAtomically(path, csv ? csvOf(table) : jsonLinesOf(table));
}

void writeSnapshotOf(const Scene& scene, const std::string& path) {
  if (!path.ends_with(".npz")) throw std::runtime_error(path + ": does not end in .npz");
  if (!scene.snapshot) throw std::runtime_error("There is no snapshot to export yet");
  writeFileAtomically(path, snapshotNpz(*scene.snapshot));
}

void addExportMenu(QMenu* file, QWidget* window, Controller& controller) {
  for (const Export& each : kExports)
    file->addAction(each.entry, window, [&each, window, &controller] {
      QString chosen;
      QString path = QFileDialog::getSaveFileName(window, each.title, each.name, each.filters, &chosen);
      if (path.isEmpty()) return;
      if (QFileInfo(path).suffix().isEmpty()) path += chosen.mid(chosen.indexOf("(*") + 2).remove(')');
      saying(controller, [&] {
        each.write(controller.scene(), path.toStdString());
        return "Saved: " + path;
      });
    });
}

}  // namespace moescope
