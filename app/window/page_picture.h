#pragma once
// A page of a lesson, or any document with views of its own, as one picture.

#include <QImage>
#include <array>
#include <memory>

#include "app/document/document.h"
#include "core/timeline/timeline.h"

namespace moescope {

/// The views that the document shows alone, of a moment of each side's time line, with a line that says which: as a film shows
/// them, scaled to fit into `size` pixels. Drawn in a context of its own, after which none of Qt's is current. Throws
/// std::runtime_error with one line where it cannot be read so.
QImage pictureBesideQt(const Document& document, const std::array<std::shared_ptr<const Timeline>, 2>& sides, const QSize& size);

}  // namespace moescope
