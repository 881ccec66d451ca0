#pragma once
// What a run recorded, for other programs: docs/export.md names every column and array.

#include <span>
#include <string>

#include "core/data/data_table.h"
#include "core/reading/snapshot.h"
#include "core/timeline/step_metrics.h"

namespace moescope {

/// A row for each step: step, router, then every row of stepQuantities(), of those per layer one column a layer ("entropy_nats_layer_1").
/// A value that a step did not measure, or a layer that it had not, is nothing.
DataTable metricsTable(std::span<const StepMetrics> steps);

/// A snapshot's arrays as a .npz archive. What a router does not have (frames, spectra, ...) is no array there. Throws
/// std::runtime_error for one beyond 4 GiB.
std::string snapshotNpz(const Snapshot& snapshot);

}  // namespace moescope
