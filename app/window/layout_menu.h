#pragma once
// Layouts by name: those that the program has, and those that people kept.

#include <QMenu>
#include <functional>

#include "app/document/own_layouts.h"
#include "app/window/controller.h"

namespace moescope {

class LayoutMenu : public QMenu {
  Q_OBJECT
 public:
  /// `state`: the document as JSON with the places of the views; `place`: gives them the places that a layout has.
  LayoutMenu(Controller& controller, OwnLayouts kept, std::function<QString()> state, std::function<void(const Layout&)> place,
             QWidget* parent);
  /// Of this user.
  static OwnLayouts ofTheUser();

  /// What the entries do.
  void show(const std::string& name);
  void keep(const QString& name);
  void rename(const std::string& from, const QString& to);
  void remove(const std::string& name);

 private:
  void fill();
  void fillSoon();
  void addOwn(const std::string& name, int number);

  Controller& controller_;
  OwnLayouts kept_;
  std::function<QString()> state_;
  std::function<void(const Layout&)> place_;
};

}  // namespace moescope
