#pragma once
// What a run recorded, for other programs: docs/export.md names every column and array.

#include <span>
#include <string>

#include "core/data/data_table.h"
#include "core/reading/snapshot.h"
#include "core/timeline/step_metrics.h"
#include "core/timeline/step_series.h"

namespace moescope {

/// A row for each step: step, router, then every row of stepQuantities(), of those per layer one column a layer
/// ("entropy_nats_layer_1"). A value that a step did not measure, or a layer that it had not, is nothing.
DataTable metricsTable(std::span<const StepMetrics> steps);

/// The same of a series in bounded memory, whose buckets may hold several steps: for each bucket and quantity the mean, minimum
/// and maximum of its finite values, and how many were not finite.
DataTable metricsTable(const StepSeries& series);

/// A snapshot's arrays as a .npz archive. What a router does not have (frames, spectra, ...) is no array there. Throws
/// std::runtime_error for one beyond 4 GiB.
std::string snapshotNpz(const Snapshot& snapshot);

}  // namespace moescope
