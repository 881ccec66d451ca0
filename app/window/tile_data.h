#pragma once
// The numbers behind a tile's picture: to the clipboard and to files.

#include <QMenu>

#include "app/window/view_tile.h"

namespace moescope {

/// What the tile shows as a .csv or .json; of a difference the numbers of both sides, in a column more. Throws std::runtime_error
/// with the path, or why there are no numbers.
void writeDataOf(const ViewTile& tile, const std::string& path);

/// "Copy data" (as CSV) and "Save data…" of this view. Failures are said in the status line.
void addDataActions(QMenu& menu, ViewTile& tile);

}  // namespace moescope
