#pragma once
// What the tests of the real window share.

#include <QApplication>
#include <QDropEvent>
#include <QImage>
#include <QMimeData>
#include <QTest>
#include <QUrl>
#include <QWidget>
#include <cstdlib>
#include <functional>

#include "app/document/document_json.h"

namespace moescope {

/// A model that is small enough to be made anew for each test.
inline Knobs smallKnobs() {
  Knobs knobs;
  knobs.corpus = "procedural";
  knobs.device = "cpu";
  knobs.width = 32;
  knobs.expertWidth = 32;
  knobs.context = 32;
  knobs.probeTokens = 512;
  return knobs;
}

/// Whether no part of the widget is cut off or scrolled away.
inline bool wholeInSight(const QWidget* widget) {
  return widget->isVisible() && widget->visibleRegion().boundingRect() == widget->rect();
}

/// A window's first document, with the views of routing in docks and the panel unfolded.
inline Document documentOf(const Knobs& knobs, bool dark = true, double textScale = 1.0) {
  Document document;
  document.sides[0].knobs = knobs;
  document.dark = dark;
  document.textScale = textScale;
  document.layout.group = "Routing";
  document.layout.open = {std::begin(kPanelParts), std::end(kPanelParts)};
  return document;
}

inline bool becomes(const std::function<bool()>& condition) { return QTest::qWaitFor(condition, 60000); }

/// A file or folder dropped on the window, as a file manager does it.
inline void drop(QWidget* window, const QString& path) {
  QMimeData data;
  data.setUrls({QUrl::fromLocalFile(path)});
  QDragEnterEvent enter(QPoint(50, 50), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(window, &enter);
  QVERIFY(enter.isAccepted());
  QDropEvent event(QPointF(50, 50), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(window, &event);
}

/// Share of the pixels that differ visibly; both pictures of one size.
inline double difference(const QImage& a, const QImage& b) {
  int count = 0;
  for (int y = 0; y < a.height(); ++y)
    for (int x = 0; x < a.width(); ++x) {
      const QRgb p = a.pixel(x, y), q = b.pixel(x, y);
      count += std::abs(qRed(p) - qRed(q)) + std::abs(qGreen(p) - qGreen(q)) + std::abs(qBlue(p) - qBlue(q)) > 60;
    }
  return static_cast<double>(count) / (a.width() * a.height());
}

}  // namespace moescope
