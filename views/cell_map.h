#pragma once
// A map of cells, a column for each expert: what views of layers, pairs, domains and stretches by experts share.

#include <Eigen/Core>
#include <functional>
#include <string>
#include <vector>

#include "views/flat_view.h"

namespace moescope {

/// Values with what their rows are called. Not-a-number cells are struck out.
struct CellMap {
  Eigen::MatrixXd values;  ///< rows x experts, the first row above
  double minimum = 0.0, maximum = 1.0;
  bool diverging = false;  ///< blue below 0, orange above: minimum is -maximum
  std::vector<std::string> rows;    ///< a name for each row
  bool rowsAreExperts = false, rowsAreDomains = false;  ///< a selected one is marked; else none is
  int shownRow = -1;                ///< is framed
  Eigen::Array<bool, Eigen::Dynamic, Eigen::Dynamic> marked = {};  ///< rows x experts: are framed; empty: none
  std::vector<std::string> beside = {};  ///< words at the right of each row; empty: none
  std::string besideTitle = {};
  std::string rowsAre, unit;
  const char* number = "%.2f";
  std::function<Pick(int, int)> pick;  ///< of a row and a column
};

class CellMapView : public FlatView {
 protected:
  void cells(const Rect& area, CellMap map, const Selection& selection);
  Pick pickAt(Point at) override;
  std::vector<Standing> standing() const override;
  void clearScene() override { drawn_ = {}; }

 private:
  Color colourOf(double value, const CellMap& map) const;
  void rowNames(const CellMap& map, const Rect& picture, double pitch, const Selection& selection);

  /// Where the cells stand, to be picked.
  struct Drawn {
    Rect area;
    CellMap map;
  };
  Drawn drawn_;
};

/// Greatest |value| of those that are finite, at least `least`.
double reachOf(const Eigen::MatrixXd& values, double least);

}  // namespace moescope
