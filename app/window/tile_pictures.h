#pragma once
// Pictures of single views, from the window: to the clipboard and to files.

#include <QImage>
#include <QMenu>

#include "app/window/view_tile.h"

namespace moescope {

/// What the tile shows as `render` draws it, with its title, at two pixels for each of the screen's device-independent ones.
/// Throws std::runtime_error where there is no picture yet or none can be drawn.
QImage pictureOf(const ViewTile& tile, bool transparent = false);
/// The same as a .png, .svg or .pdf. Throws std::runtime_error with the path.
void writePictureOf(const ViewTile& tile, bool transparent, const std::string& path);

/// "Copy picture" and "Save picture…" of this view. Failures are said in the status line.
void addPictureActions(QMenu& menu, ViewTile& tile);

/// The key for "Copy picture": of the view below the pointer, else of the whole window.
void addCopyPicture(QMenu* menu, QWidget* window, Controller& controller, const std::function<QImage()>& whole);

}  // namespace moescope
