#pragma once
// The window, and one in another language in its place as soon as that is chosen.

#include <QObject>
#include <memory>
#include <string>

#include "app/window/main_window.h"

namespace moescope {

class LanguageSwitch : public QObject {
  Q_OBJECT
 public:
  explicit LanguageSwitch(std::unique_ptr<MainWindow> window);

  MainWindow& window() { return *window_; }
  /// As speak(); the window is another one afterwards. Where the language cannot be read, or what the window is at would be lost,
  /// it stays as it is, and says so.
  void change(const std::string& code);

 private:
  void heed();

  std::unique_ptr<MainWindow> window_;
};

}  // namespace moescope
