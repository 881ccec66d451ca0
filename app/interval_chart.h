#pragma once
// Measured points with their intervals as one picture of panels, for slides.

#include <optional>
#include <string>
#include <vector>

namespace moescope {

struct ChartPoint {
  double x = 0.0, y = 0.0, xHalf = 0.0, yHalf = 0.0;  ///< halves of intervals; not finite or 0: none
};

/// One colour and one shape, the same in every panel for the same name.
struct ChartSeries {
  std::string name;
  std::vector<ChartPoint> points;  ///< joined in their order
  std::string twin;                ///< a series before it whose colour and shape it has, hollow and dashed; "": its own
};

struct ChartPanel {
  std::string title, xLabel, yLabel;
  bool logarithmic = false;         ///< the x axis; points at x <= 0 are left out
  std::optional<double> reference;  ///< y of a dashed line
  std::vector<ChartSeries> series;
};

/// PNG, white, written atomically; needs no display. Points that are not finite are left out. Throws std::runtime_error with the
/// path.
void writeIntervalChart(const std::string& title, const std::string& foot, const std::vector<ChartPanel>& panels,
                        const std::string& path);

}  // namespace moescope
