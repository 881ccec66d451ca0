#include "app/window/language_switch.h"

#include <exception>
#include <utility>

#include "app/window/application.h"
#include "app/window/language.h"

namespace moescope {

LanguageSwitch::LanguageSwitch(std::unique_ptr<MainWindow> window) : window_(std::move(window)) { heed(); }

/// Queued: the menu or dialog in which a language is chosen goes with its window.
void LanguageSwitch::heed() {
  connect(
      window_.get(), &MainWindow::languageWanted, this, [this](const QString& code) { change(code.toStdString()); },
      Qt::QueuedConnection);
}

/// The new window is on the screen before the old one goes, so that there always is one: without a window Qt would quit.
void LanguageSwitch::change(const std::string& code) {
  const std::string before = spokenLanguage();
  if (const QString why = window_->whyNoSuccessor(); !why.isEmpty()) return window_->controller().notice(why);
  try {
    speak(code);
  } catch (const std::exception& error) {
    return window_->controller().notice(QString::fromUtf8(error.what()));
  }
  if (spokenLanguage() == before) return;
  if (auto* application = qobject_cast<Application*>(qApp)) application->sayQtWords();
  window_ = window_->successor();
  heed();
}

}  // namespace moescope
