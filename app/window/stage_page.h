#pragma once
// The layout that a hall can read: one large picture, the slider as wide as the window leaves, one large number, and beside the
// picture load and entropy. In a window that is low or narrow what stands beside shares one place.

#include <QComboBox>
#include <QSplitter>
#include <QTabWidget>
#include <QToolButton>
#include <QWidget>
#include <optional>
#include <utility>
#include <vector>

#include "app/window/concentration_slider.h"
#include "app/window/controller.h"
#include "app/window/entropy_meter.h"
#include "app/window/training_actions.h"
#include "app/window/view_pair.h"

namespace moescope {

class StagePage : public QWidget {
  Q_OBJECT
 public:
  StagePage(Controller& controller, TrainingActions& training);
  /// Of both sides, as far as they were shown.
  std::vector<ViewTile*> tiles() const;
  void setTheme(const Theme& theme);

  /// Of what the window has; the page itself may be wider, and scroll.
  void setRoom(int width);

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  QWidget* makeBar(TrainingActions& training);
  QComboBox* makeRouters();
  void showDocument();
  void arrange();

  Controller& controller_;
  EntropyMeter* meter_ = nullptr;
  int room_ = 1 << 20;
  QToolButton* step_ = nullptr;
  ConcentrationSlider* slider_ = nullptr;
  QComboBox* router_ = nullptr;
  std::vector<ViewPair*> views_;  ///< the hero, then those beside
  QWidget* beside_ = nullptr;     ///< tiles one above the other
  QTabWidget* tabs_ = nullptr;    ///< those that share a place
  std::optional<std::pair<bool, bool>> arranged_;  ///< with room for two places, and with a text
};

}  // namespace moescope
