#pragma once
// One view in its dock: of one side, or of A and B beside each other, and where it means something what B has more than A.

#include <QWidget>
#include <array>
#include <vector>

#include "app/window/side_header.h"
#include "app/window/view_tile.h"

namespace moescope {

/// How many pictures of each view stand beside each other.
int picturesAcross(const Document& document);

class ViewPair : public QWidget {
  Q_OBJECT
 public:
  /// Tiles of B and of the difference are made when they are first shown.
  ViewPair(const ViewDeclaration& declaration, Controller& controller);

  const std::vector<ViewTile*>& tiles() const { return tiles_; }
  void setTheme(const Theme& theme);
  /// Which tiles are shown, as the document says.
  void showDocument();

 Q_SIGNALS:
  void maximiseRequested();

 private:
  enum Place { First, Second, Difference, Places };
  struct Column {
    QWidget* holder = nullptr;
    SideHeader* header = nullptr;
    ViewTile* tile = nullptr;
  };
  void make(Place place);

  const ViewDeclaration& declaration_;
  Controller& controller_;
  Theme theme_;
  std::array<Column, Places> columns_;
  std::vector<ViewTile*> tiles_;
};

}  // namespace moescope
