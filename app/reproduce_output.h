#pragma once
// What `moescope reproduce` writes and prints.

#include <string>
#include <vector>

#include "app/reproduce_lab.h"
#include "core/experiments/finding.h"

namespace moescope {

/// What became of an arm, means over seeds.
struct ArmSummary {
  std::string name;
  double learningRate = 0.0;
  Interval heldOutLoss, loadVariation;        ///< nats per byte or squared error; CV of hard loads
  Interval information, purity, recovery;     ///< of the planted task; no values elsewhere, nor recovery without frames
  Interval randomRecovery;                    ///< what random subspaces would recover
  int collapsed = 0;                          ///< seeds, by hard load
};

std::vector<ArmSummary> armSummaries(const Lab& lab);

/// One table on one task.
struct TableReport {
  std::string table;
  LabOptions options;
  std::vector<Finding> findings;
  std::vector<ArmSummary> arms;
};

/// "synthetic task with planted subspaces" or "corpus: debian".
std::string headingOf(const LabOptions& options);

/// TABLE_TASK.json, .csv, _arms.csv, .md and .png in the output folder, each written atomically.
void writeReport(const TableReport& report);

/// For a person, on standard output, at once. Throws as flushStandardOutput.
void print(const TableReport& report);
/// For machines: {"table", "tasks": [a report for each task]}.
void printJson(const std::vector<TableReport>& reports);

}  // namespace moescope
