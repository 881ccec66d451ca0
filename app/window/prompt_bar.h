#pragma once
// Text of one's own: typed, coloured by leading expert, and written on by the model.

#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTimer>
#include <QWidget>

#include "app/window/controller.h"
#include "app/window/number_box.h"

namespace moescope {

class PromptBar : public QWidget {
  Q_OBJECT
 public:
  explicit PromptBar(Controller& controller);
  void setTheme(const Theme& theme);
  /// The keyboard goes there.
  void focusText() { text_->setFocus(); }

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;
  void changeEvent(QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void fitText();
  void fitNumbers();
  void takeText();
  void takeContinuation(bool anew);
  void takePlace();
  void showDocument();
  void showReading();
  QString numbers() const;
  QString way(int position) const;

  Controller& controller_;
  Theme theme_;
  QPlainTextEdit *text_ = nullptr, *written_ = nullptr;
  QPushButton *goOn_ = nullptr, *stop_ = nullptr;
  NumberBox* temperature_ = nullptr;
  QSpinBox* seed_ = nullptr;
  QLabel* numbers_ = nullptr;
};

/// Index of the last byte of the character that begins at each UTF-16 unit of a text, in UTF-8.
std::vector<int> lastBytes(const QString& text);

}  // namespace moescope
