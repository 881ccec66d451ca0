#pragma once
// Losses and measures of both sides beside each other, and what B has more than A.

#include <QTableWidget>
#include <functional>
#include <vector>

#include "app/window/controller.h"

namespace moescope {

class PairNumbers : public QTableWidget {
  Q_OBJECT
 public:
  explicit PairNumbers(Controller& controller);
  /// After a change of the size of text: as high as all its rows, as wide as all but the rest of the last column.
  void fitText();

 private:
  struct Row {
    QString label, help;
    int digits = 3;
    std::function<double(const SideController&)> value;  ///< not a number where it has none
    const Metric* metric = nullptr;                      ///< that it is; null: it is a loss
  };
  void showScenes();
  void showSample(int row, const Row& own);

  Controller& controller_;
  std::vector<Row> rows_;
};

}  // namespace moescope
