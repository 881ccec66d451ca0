#pragma once
// What stands around the views: taken away while a lesson or a lecture runs, and brought back as it was.

#include <QWidget>
#include <map>
#include <vector>

namespace moescope {

class Chrome {
 public:
  /// Hides them. Whoever takes one away that is away already must give it back as well before it is seen.
  void takeAway(const std::vector<QWidget*>& widgets);
  void giveBack(const std::vector<QWidget*>& widgets);
  /// Shows or hides it, now or when it is back.
  void setVisible(QWidget* widget, bool visible);

 private:
  struct Away {
    int times = 0;
    bool visible = false;  ///< when it is back
  };
  std::map<QWidget*, Away> away_;
};

}  // namespace moescope
