#pragma once
// `moescope analyze CAPTURE --layers`: the loads of all layers of a capture.

#include <Eigen/Core>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/checkpoint/capture.h"

namespace moescope {

struct CaptureTableRow {
  int layer = 0;                    ///< as the file counts
  bool routed = true;
  Eigen::VectorXd load;             ///< N: share of the assignments; empty where it is not routed
  Eigen::VectorXd
      withoutIdentical;  ///< the same without padding and all but the first of other identical rows; empty where there are none
};

struct CaptureTable {
  int experts = 0;
  std::int64_t tokens = 0, tokensWithoutIdentical = 0;
  std::vector<CaptureTableRow> layers;
};

CaptureTable tableOf(const RoutingCapture& capture, int experts);

/// One row for each expert of each layer; what holds for a layer or for the file stands in each of its rows. Columns that no row
/// has a number for are left out.
std::string captureTableCsv(const CaptureTable& table, const RoutingCapture& capture);
nlohmann::json captureTableJson(const CaptureTable& table);
void printCaptureTable(const CaptureTable& table);

}  // namespace moescope
