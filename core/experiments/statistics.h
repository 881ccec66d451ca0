#pragma once
// Means over seeds with their uncertainty.

#include <string>
#include <vector>

namespace moescope {

/// Mean and half of the 95 % interval by Student's t over independent values; half is NaN below two values.
struct Interval {
  double mean = 0.0, half = 0.0;
  int count = 0;
  double low() const { return mean - half; }
  double high() const { return mean + half; }
};

/// Values that are not finite are left out.
Interval interval95(const std::vector<double>& values);

/// The 0.975 quantile of Student's t with `degrees` >= 1 of freedom, relative error below 1e-9.
double studentQuantile975(int degrees);

/// "0.412 +- 0.031 (n 8)".
std::string text(const Interval& interval);

}  // namespace moescope
