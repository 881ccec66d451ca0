#include "app/window/chrome.h"

namespace moescope {

void Chrome::takeAway(const std::vector<QWidget*>& widgets) {
  for (QWidget* widget : widgets) {
    Away& away = away_[widget];
    if (away.times++ > 0) continue;
    away.visible = !widget->isHidden();
    widget->hide();
  }
}

void Chrome::giveBack(const std::vector<QWidget*>& widgets) {
  for (QWidget* widget : widgets) {
    const auto found = away_.find(widget);
    if (found == away_.end() || --found->second.times > 0) continue;
    widget->setVisible(found->second.visible);
    away_.erase(found);
  }
}

void Chrome::setVisible(QWidget* widget, bool visible) {
  const auto found = away_.find(widget);
  found == away_.end() ? widget->setVisible(visible) : void(found->second.visible = visible);
}

}  // namespace moescope
