#pragma once
// Metrics and snapshots of what the window shows, as files for other programs (docs/export.md).

#include <QMenu>

#include "app/window/controller.h"

namespace moescope {

/// The steps that the scene shows as a .csv or .jsonl. Throws std::runtime_error with the path, or that there are none.
void writeMetricsOf(const Scene& scene, const std::string& path);
/// The snapshot that the scene shows as a .npz. Throws likewise.
void writeSnapshotOf(const Scene& scene, const std::string& path);

/// Adds "Export metrics…" and "Export snapshot…". Failures are said in the status line.
void addExportMenu(QMenu* file, QWidget* window, Controller& controller);

}  // namespace moescope
