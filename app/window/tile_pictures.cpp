#include "app/window/tile_pictures.h"

#include <QApplication>
#include <QClipboard>
#include <QCursor>
#include <QFileDialog>
#include <QOpenGLContext>
#include <array>
#include <cmath>
#include <stdexcept>

#include "app/window/language.h"
#include "app/window/notices.h"
#include "app/window/view_picture.h"

namespace moescope {
namespace {

constexpr double kRatio = 2.0;  // pixels of a picture for each device-independent one of the tile

struct Kind {
  const char *filter, *ending;
  bool transparent;
};
constexpr std::array<Kind, 6> kKinds = {{{translatable("PNG (*.png)"), ".png", false},
                                         {translatable("PNG, nothing behind (*.png)"), ".png", true},
                                         {translatable("SVG (*.svg)"), ".svg", false},
                                         {translatable("SVG, nothing behind (*.svg)"), ".svg", true},
                                         {translatable("PDF (*.pdf)"), ".pdf", false},
                                         {translatable("PDF, nothing behind (*.pdf)"), ".pdf", true}}};

/// A view of its own, which stands where the tile's stands, and what it is to draw.
struct Twin {
  std::unique_ptr<View> view;
  PictureOrder order;
};

Twin twinOf(const ViewTile& tile, bool transparent, double ratio) {
  if (!tile.drawn()) throw std::runtime_error(translated("This view has not drawn anything yet"));
  std::unique_ptr<View> view = tile.differs() ? tile.declaration().makeDifference() : tile.declaration().make();
  if (view->hasCamera()) view->setCamera(tile.camera());
  Theme theme = tile.theme();
  theme.titles = true;  // the tile's stands outside of it
  theme.transparent = transparent;
  theme.pixelRatio = ratio;
  const auto pixels = [ratio](int length) { return static_cast<int>(std::lround(ratio * length)); };
  return {std::move(view), {*tile.drawn(), theme, pixels(tile.width()), pixels(tile.height())}};
}

/// VTK draws in a context of its own: Qt is told that none of its is current any more.
std::unique_ptr<Offscreen> surfaceBesideQt() {
  if (QOpenGLContext* mine = QOpenGLContext::currentContext()) mine->doneCurrent();
  return std::make_unique<Offscreen>();
}

QString sizeText(const QImage& image) { return tr("%1x%2 pixels").arg(image.width()).arg(image.height()); }

QString copyOf(const ViewTile& tile) {
  const QImage image = pictureOf(tile);
  QApplication::clipboard()->setImage(image);
  return tr("Copied: picture of %1, %2").arg(localised(tile.declaration().title), sizeText(image));
}

void askAndSave(ViewTile& tile) {
  QStringList filters;
  for (const Kind& kind : kKinds) filters.append(tr(kind.filter));
  QString chosen = filters.front();
  QString path = QFileDialog::getSaveFileName(&tile, tr("Save picture"), QString::fromStdString(tile.declaration().name) + ".png",
                                              filters.join(";;"), &chosen);
  if (path.isEmpty()) return;
  const Kind& kind = kKinds[static_cast<std::size_t>(std::max<qsizetype>(0, filters.indexOf(chosen)))];
  if (pictureEnding(path.toStdString()).empty()) path += kind.ending;
  saying(tile.controller(), [&] {
    writePictureOf(tile, kind.transparent, path.toStdString());
    return tr("Saved: ") + path;
  });
}

}  // namespace

QImage pictureOf(const ViewTile& tile, bool transparent) {
  const Twin twin = twinOf(tile, transparent, kRatio);
  const auto surface = surfaceBesideQt();
  return viewImage(*twin.view, twin.order, *surface);
}

void writePictureOf(const ViewTile& tile, bool transparent, const std::string& path) {
  const bool vector = pictureEnding(path) != "png";
  Twin twin = twinOf(tile, transparent, vector ? 1.0 : kRatio);
  if (vector) twin.order.title = translated(tile.declaration().title);
  std::unique_ptr<Offscreen> surface;
  writeViewPicture(
      *twin.view, twin.order, [&]() -> Offscreen& { return surface ? *surface : *(surface = surfaceBesideQt()); }, path);
}

void addPictureActions(QMenu& menu, ViewTile& tile) {
  menu.addSection(tr("Picture"));
  menu.addAction(tr("&Copy picture"), &tile, [&tile] { saying(tile.controller(), [&tile] { return copyOf(tile); }); });
  menu.addAction(tr("&Save picture…"), &tile, [&tile] { askAndSave(tile); });
}

void addCopyPicture(QMenu* menu, QWidget* window, Controller& controller, const std::function<QImage()>& whole) {
  QAction* copy = menu->addAction(tr("Copy pictu&re"));
  copy->setObjectName("copyPicture");
  copy->setShortcut(QKeySequence::Copy);
  copy->setToolTip(tr("Of the view below the pointer, else of the whole window"));
  QObject::connect(copy, &QAction::triggered, window, [&controller, whole] {
    QWidget* below = QApplication::widgetAt(QCursor::pos());
    while (below && !qobject_cast<ViewTile*>(below)) below = below->parentWidget();
    saying(controller, [&] {
      if (below) return copyOf(*qobject_cast<ViewTile*>(below));
      const QImage image = whole();
      QApplication::clipboard()->setImage(image);
      return tr("Copied: picture of the whole window, ") + sizeText(image);
    });
  });
}

}  // namespace moescope
