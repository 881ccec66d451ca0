#pragma once
// A part of the panel under a line that folds it away and back; whether it is open stands in the document.

#include <QToolButton>
#include <QWidget>
#include <string>

#include "app/window/controller.h"

namespace moescope {

class Fold : public QWidget {
  Q_OBJECT
 public:
  /// `part`: one of kPanelParts. `content` becomes the fold's.
  Fold(const char* part, const QString& title, QWidget* content, Controller& controller);
  /// Open whatever the document says: a lesson's page leaves few controls, and those in sight.
  void insist(bool open);

 Q_SIGNALS:
  void opened();

 private:
  void showDocument();

  Controller& controller_;
  std::string part_;
  QToolButton* head_;
  QWidget* content_;
  bool insists_ = false;
};

}  // namespace moescope
