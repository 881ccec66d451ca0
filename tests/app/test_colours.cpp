// Words of widgets against what they stand on, as the application's palette has them.

#include <QApplication>
#include <QPalette>
#include <QTest>

#include "app/window/main_window.h"
#include "tests/support/test_class.h"
#include "views/palette.h"

using namespace moescope;

namespace {

Color toColor(const QColor& color) { return {color.redF(), color.greenF(), color.blueF()}; }

}  // namespace

class TestColours : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void words_of_widgets_can_be_read_in_both_themes() {
    const std::pair<QPalette::ColorRole, QPalette::ColorRole> pairs[] = {
        {QPalette::WindowText, QPalette::Window},     {QPalette::Text, QPalette::Base},
        {QPalette::Text, QPalette::AlternateBase},    {QPalette::ButtonText, QPalette::Button},
        {QPalette::ToolTipText, QPalette::ToolTipBase}, {QPalette::PlaceholderText, QPalette::Base},
        {QPalette::HighlightedText, QPalette::Highlight}, {QPalette::Link, QPalette::Window},
        {QPalette::LinkVisited, QPalette::Base},      {QPalette::Link, QPalette::Base}};
    for (const bool dark : {true, false}) {
      applyPalette({dark});
      const QPalette palette = QApplication::palette();
      for (const QPalette::ColorGroup group : {QPalette::Active, QPalette::Inactive, QPalette::Disabled})
        for (const auto& [words, under] : pairs) {
          const double contrast = contrastOf(toColor(palette.color(group, words)), toColor(palette.color(group, under)));
          QVERIFY2(
              contrast >= 4.5,
              qPrintable(
                  QString("dark %1, group %2: role %3 on %4 has %5").arg(dark).arg(group).arg(words).arg(under).arg(contrast)));
        }
    }
    applyPalette({});
  }
};

MOESCOPE_TEST(TestColours)
#include "test_colours.moc"
