#pragma once
// The views that the document shows alone, of whatever group, the first one largest; below them the controls that it leaves on
// show, and one large number.

#include <QWidget>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/window/concentration_slider.h"
#include "app/window/controller.h"
#include "app/window/key_number.h"
#include "app/window/knob_form.h"
#include "app/window/lens_form.h"
#include "app/window/view_pair.h"

namespace moescope {

class PageViews : public QWidget {
  Q_OBJECT
 public:
  explicit PageViews(Controller& controller);
  /// Of both sides, as far as they were shown. A tile's name: "page-" and its view's.
  std::vector<ViewTile*> tiles() const;
  void setTheme(const Theme& theme);
  KeyNumber* number() { return number_; }

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  QWidget* makeControls();
  ViewPair* pairFor(const std::string& view);
  std::vector<std::string> shown() const;
  void showDocument();
  void showControls();
  void place();

  Controller& controller_;
  Theme theme_;
  QWidget* board_ = nullptr;                ///< holds the views
  std::map<std::string, ViewPair*> pairs_;  ///< views that were shown, made when they first were
  ConcentrationSlider* slider_ = nullptr;
  LensForm* lens_ = nullptr;
  KnobForm* knobs_ = nullptr;
  KeyNumber* number_ = nullptr;
};

}  // namespace moescope
