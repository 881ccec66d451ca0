#pragma once
// A stretch of the probe's text, each character coloured by its leading expert.

#include <QWidget>
#include <vector>

#include "app/window/controller.h"

namespace moescope {

class TokenStrip : public QWidget {
  Q_OBJECT
 public:
  explicit TokenStrip(Controller& controller);
  void setTheme(const Theme& theme);
  void setDomain(int domain);
  /// How many lines of text it is high.
  void setLines(int lines);
  QSize sizeHint() const override;

 protected:
  void changeEvent(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  bool event(QEvent* event) override;

 private:
  struct Glyph {
    QString text;
    int token = 0;  ///< of the character's first byte
    QRectF place;
  };
  void layOut();
  double lineHeight() const;
  int tokenAt(const QPointF& position) const;

  Controller& controller_;
  Theme theme_;
  int domain_ = 0, lines_ = 3;
  std::vector<Glyph> glyphs_;
};

/// Bytes to characters: whole UTF-8 sequences together, white space and control characters as symbols, broken bytes as ·.
struct Character {
  QString text;
  int first = 0;  ///< index of its first byte
};
std::vector<Character> charactersOf(const std::uint8_t* bytes, int count);
/// The same of a probe's tokens from `start` on: whole labels where its tokens are not bytes.
std::vector<Character> charactersOf(const Probe& probe, int start, int count);

}  // namespace moescope
