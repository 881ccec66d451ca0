// The panel under a person's hand: the wheel, typed numbers, what its fields show, names for a screen reader.

#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QAccessible>
#include <QApplication>
#include <QFile>
#include <QLineEdit>
#include <QLocale>
#include <QScrollBar>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QWheelEvent>
#include <nlohmann/json.hpp>

#include "app/window/main_window.h"
#include "tests/app/shown_window.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

/// One notch downwards, as the pointer over the widget's middle sends it.
void turnWheel(QWidget* widget, int notches = -1) {
  const QPointF middle = widget->rect().center();
  QWheelEvent event(middle, widget->mapToGlobal(middle), {}, {0, 120 * notches}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase,
                    false);
  QSpontaneKeyEvent::setSpontaneous(&event);  // only then does it go on to the parents
  qApp->notify(widget, &event);
}

QString valueOf(QWidget* editor) {
  if (auto* box = qobject_cast<QComboBox*>(editor)) return box->currentText();
  if (auto* box = qobject_cast<QAbstractSpinBox*>(editor)) return box->text();
  return QString::number(qobject_cast<QAbstractSlider*>(editor)->value());
}

}  // namespace

class TestPanel : public QObject {
  Q_OBJECT
  std::unique_ptr<MainWindow> window_;

  Controller& controller() { return window_->controller(); }
  ControlPanel* panel() { return window_->findChild<ControlPanel*>(); }
  QDoubleSpinBox* knob(const char* name) { return window_->findChild<QDoubleSpinBox*>(QString("knob-") + name); }
  QString message() { return window_->findChild<QLabel*>("statusMessage")->text(); }

  QList<QWidget*> editors() {
    QList<QWidget*> found;
    for (QWidget* widget : panel()->widget()->findChildren<QWidget*>())
      if (qobject_cast<QComboBox*>(widget) || qobject_cast<QAbstractSpinBox*>(widget) || qobject_cast<QSlider*>(widget))
        found.append(widget);
    return found;
  }
  void type(QAbstractSpinBox* box, const QString& text) {
    box->selectAll();
    QTest::keyClicks(box->findChild<QLineEdit*>(), text);
    QTest::keyClick(box, Qt::Key_Return);
  }

 private Q_SLOTS:
  void init() {
    QVERIFY(showWindow(window_, documentOf(smallKnobs()), {1280, 800}));
  }
  void cleanup() {
    QLocale::setDefault(numberLocale());
    window_.reset();
  }

  void the_panel_shows_the_knobs_that_the_router_uses_and_folds_away_what_is_seldom_changed() {
    const auto shown = [&](const char* name) { return !window_->findChild<QWidget*>(QString("knob-") + name)->isHidden(); };
    QVERIFY(shown("balance-weight") && shown("frame-rank") && !shown("auxiliary-weight") && !shown("z-loss-weight") &&
            !shown("coupling-aware"));
    QVERIFY(controller().perform(setWords(0, "router", "switch_aux")));
    QVERIFY(!shown("balance-weight") && !shown("frame-rank") && !shown("posterior") && shown("auxiliary-weight") &&
            shown("coupling-aware"));
    QVERIFY(controller().perform(setWords(0, "router", "soft")));
    QVERIFY(!shown("top-k") && !shown("capacity") && shown("learning-rate") && shown("centre-tokens"));
    QVERIFY(window_->findChild<QWidget*>("measures")->isVisible());
    for (const char* part : kPanelParts) {
      auto* head = window_->findChild<QToolButton*>(QString("foldHead-") + part);
      head->click();
      QVERIFY2(!controller().document().layout.open.contains(part), part);
    }
    QVERIFY(!window_->findChild<QWidget*>("measures")->isVisible() && !window_->findChild<QWidget*>("reading")->isVisible());
    QVERIFY(!window_->findChild<QWidget*>("knob-width")->isVisible() &&
            window_->findChild<QWidget*>("knob-experts")->isVisible());
    window_->findChild<QAction*>("actionUndo")->trigger();
    QVERIFY(controller().document().layout.open == std::set<std::string>{"analysis"});
    controller().perform({"Hide", "", [](Document& document) { document.hiddenControls = {"seed"}; }});
    QVERIFY(window_->findChild<QWidget*>("knob-width")->isVisible());  // a page that leaves few controls leaves them in sight
  }

  void switches_are_switches_and_small_weights_have_their_digits() {
    for (const KnobDeclaration& row : knobTable())
      QVERIFY2(row.flag == (window_->findChild<QCheckBox*>("knob-" + QString::fromStdString(row.name)) != nullptr),
               row.name.c_str());
    QCOMPARE(knob("spectrum-weight")->text(), QString("0.0001"));
    QCOMPARE(knob("learning-rate")->text(), QString("0.003"));
    QCOMPARE(knob("balance-weight")->text(), QString("0.1"));
    type(knob("spectrum-weight"), "0.000025");
    QCOMPARE(controller().side().knobs.spectrumWeight, 0.000025);
    QCOMPARE(knob("spectrum-weight")->text(), QString("0.000025"));
    type(knob("spectrum-weight"), "0");
    QCOMPARE(knob("spectrum-weight")->text(), QString("0"));
    knob("spectrum-weight")->stepUp();
    QCOMPARE(controller().side().knobs.spectrumWeight, 0.001);
    window_->findChild<QCheckBox*>("knob-posterior")->click();
    QVERIFY(controller().side().knobs.posterior);
  }

  void the_wheel_scrolls_the_panel_and_changes_nothing_under_the_pointer() {
    QVERIFY(editors().size() > 30);
    for (QWidget* editor : editors()) {
      editor->setEnabled(true);
      panel()->ensureWidgetVisible(editor);
      panel()->verticalScrollBar()->setValue(
          std::min(panel()->verticalScrollBar()->value(), panel()->verticalScrollBar()->maximum() - 100));
      const int before = panel()->verticalScrollBar()->value();
      const QString value = valueOf(editor);
      turnWheel(editor);
      QVERIFY2(valueOf(editor) == value && !editor->hasFocus(), qPrintable(editor->objectName()));
      QVERIFY2(panel()->verticalScrollBar()->value() > before, qPrintable(editor->objectName()));
    }
  }

  void the_wheel_changes_the_editor_that_has_the_focus() {
    window_->activateWindow();
    for (const char* name : {"knob-context", "knob-router"}) {
      auto* editor = window_->findChild<QWidget*>(name);
      panel()->ensureWidgetVisible(editor);
      editor->setFocus();
      QVERIFY(becomes([&] { return editor->hasFocus(); }));
      const QString value = valueOf(editor);
      turnWheel(editor);
      QVERIFY2(valueOf(editor) != value, name);
    }
  }

  void a_decimal_comma_is_a_decimal_point_in_every_locale() {
    QLocale::setDefault(QLocale(QLocale::German, QLocale::Germany));
    window_ = std::make_unique<MainWindow>(documentOf(smallKnobs()));
    window_->show();
    QVERIFY(becomes([&] { return controller().scene().routing != nullptr; }));
    auto* number = window_->findChild<QDoubleSpinBox*>("concentrationNumber");
    for (const char* typed : {"2.5", "2,5"}) {
      controller().setLens(Lens{});
      type(number, typed);
      QCOMPARE(controller().lens().concentration, 2.5f);
      QCOMPARE(number->text(), QString("2.5000"));
    }
    type(knob("balance-weight"), "0,25");
    QCOMPARE(controller().engine().knobs().balanceWeight, 0.25);
    for (QDoubleSpinBox* box : panel()->findChildren<QDoubleSpinBox*>())
      QVERIFY2(!box->text().contains(','), qPrintable(box->objectName() + " " + box->text()));
  }

  void the_number_box_shows_a_concentration_beyond_the_slider() {
    Lens lens;
    lens.concentration = 5000.0f;
    QVERIFY(controller().setLens(lens));
    QCOMPARE(window_->findChild<QDoubleSpinBox*>("concentrationNumber")->value(), 5000.0);
  }

  void a_pasted_state_s_knobs_are_shown() {
    auto state = nlohmann::json::parse(window_->state().toStdString());
    state["sides"][0]["knobs"]["experts"] = 6;
    state["sides"][0]["knobs"]["router"] = "topk";
    window_->restoreStateText(QString::fromStdString(state.dump()));
    QCOMPARE(knob("experts")->value(), 6.0);
    QCOMPARE(window_->findChild<QComboBox*>("knob-router")->currentData().toString(), QString("topk"));
    QVERIFY(becomes([&] { return controller().scene().routing->gates.cols() == 6; }));
  }

  void knobs_that_were_changed_elsewhere_are_shown() {
    Knobs knobs = smallKnobs();
    knobs.batch = 7;
    knobs.corpus = "/a/folder/of/mine";
    controller().setKnobs(knobs);
    QVERIFY(becomes([&] { return knob("batch")->value() == 7.0; }));
    QCOMPARE(window_->findChild<QComboBox*>("knob-corpus")->currentText(), QString("/a/folder/of/mine"));
  }

  void a_refused_knob_goes_back_to_what_is_in_force_and_says_why_in_sight() {
    type(knob("experts"), "4");
    QVERIFY(becomes([&] { return controller().scene().routing->gates.cols() == 4; }));
    type(knob("top-k"), "9");
    QCOMPARE(controller().engine().knobs().topK, 2);
    QCOMPARE(knob("top-k")->value(), 2.0);
    QVERIFY2(message().contains("top-k is 9") && message().contains("at most experts (4)"), qPrintable(message()));
    QVERIFY(wholeInSight(window_->findChild<QLabel*>("statusMessage")));
    type(knob("top-k"), "3");
    QCOMPARE(controller().engine().knobs().topK, 3);
    QVERIFY(message().isEmpty());
  }

  void what_the_slider_does_to_a_router_that_chooses_by_itself_is_said() {
    const auto* note = window_->findChild<QLabel*>("concentrationNote");
    QVERIFY(note->isHidden());  // GrMoE takes the k best at every concentration
    controller().perform(setWords(0, "router", "hash"));
    QTRY_VERIFY_WITH_TIMEOUT(controller().scene().snapshot->router == "hash" && note->isVisible(), 20000);
    QVERIFY(note->text().contains("hash table chooses"));
    window_->findChild<QComboBox*>("policy")->setCurrentIndex(window_->findChild<QComboBox*>("policy")->findData("top-k"));
    QTRY_VERIFY_WITH_TIMEOUT(note->isHidden(), 20000);
  }

  void the_gating_s_k_is_no_more_than_there_are_experts() {
    Lens lens;
    lens.gating.policy = GatingPolicy::TopK;
    lens.gating.k = 30;
    QVERIFY(controller().setLens(lens));
    QCOMPARE(window_->findChild<QDoubleSpinBox*>("policyParameter")->value(), 8.0);
  }

  void a_state_with_impossible_values_changes_nothing() {
    const auto good = nlohmann::json::parse(window_->state().toStdString());
    const auto refused = [&](const char* part, const char* field, nlohmann::json value, const char* words) {
      auto bad = good;
      bad["sides"][0][part][field] = std::move(value);
      try {
        window_->restoreStateText(QString::fromStdString(bad.dump()));
      } catch (const std::exception& error) {
        return std::string(error.what()).find(words) != std::string::npos && window_->state().toStdString() == good.dump(2);
      }
      return false;
    };
    QVERIFY(refused("lens", "concentration", 1e7, "concentration is 1e+07; expected 0 to 1e+06"));
    QVERIFY(refused("lens", "gating-k", 0, "gating-k is 0"));
    QVERIFY(refused("lens", "gating-mass", 1.5, "gating-mass is 1.5"));
    QVERIFY(refused("lens", "gating-threshold", -0.5, "gating-threshold is -0.5"));
    QVERIFY(refused("lens", "layer", -1, "layer is -1"));
    QVERIFY(refused("knobs", "experts", 8.5, "experts is 8.5"));
    QVERIFY(refused("knobs", "experts", 1e300, "experts is 1e+300"));
    QVERIFY(refused("knobs", "router", "no-such-router", "no-such-router"));
  }

  void the_loss_at_a_concentration_is_shown_only_when_it_was_measured_there() {
    auto* shown = window_->findChild<QLabel*>("lensLoss");
    QVERIFY(becomes([&] { return shown->text().toDouble() > 0.0; }));
    Lens lens = controller().lens();
    lens.concentration = 0.0f;
    QVERIFY(controller().setLens(lens));
    QCOMPARE(shown->text(), QString("…"));
    QVERIFY(becomes([&] { return controller().shownLoss().step >= 0 && controller().settled(); }));
    QCOMPARE(shown->text(), QString::number(controller().engine().lensLoss().loss, 'f', 3));
    QCOMPARE(controller().engine().lensLoss().lens.concentration, 0.0f);
  }

  void everything_that_can_be_used_or_looked_at_has_an_accessible_name() {
    QList<QWidget*> widgets = editors();
    for (QPushButton* button : panel()->findChildren<QPushButton*>()) widgets.append(button);
    widgets.append({window_->findChild<QWidget*>("tokenStrip"), window_->findChild<QWidget*>("stripDomain"),
                    window_->findChild<QWidget*>("groups"), window_->findChild<QWidget*>("measures")});
    for (const ViewDeclaration& view : viewRegistry()) {
      ViewTile* tile = window_->tile(view.name);
      QCOMPARE(QAccessible::queryAccessibleInterface(tile)->text(QAccessible::Name), QString::fromStdString(view.title));
      QCOMPARE(QAccessible::queryAccessibleInterface(tile)->text(QAccessible::Description), QString::fromStdString(view.help));
    }
    for (QWidget* widget : widgets) {
      QVERIFY(widget);
      QVERIFY2(!QAccessible::queryAccessibleInterface(widget)->text(QAccessible::Name).isEmpty(),
               qPrintable(widget->objectName()));
    }
    QVERIFY(QAccessible::queryAccessibleInterface(window_->findChild<QSlider*>("concentration"))
                ->text(QAccessible::Name)
                .contains("Concentration"));
  }

  void long_names_are_cut_in_the_middle_and_whole_in_the_tooltip() {
    const QString name = "the-collected-letters-of-somebody-with-a-very-long-name-1850s";
    QCOMPARE(name.size(), 61);
    QTemporaryDir corpus;
    for (const QString& domain : {name, QString("short")}) {
      QFile file(corpus.filePath(domain + ".txt"));
      QVERIFY(file.open(QIODevice::WriteOnly));
      for (int i = 0; i < 2000; ++i) file.write("Words of " + domain.toUtf8() + ", line " + QByteArray::number(i) + ".\n");
    }
    Knobs knobs = smallKnobs();
    knobs.corpus = corpus.path().toStdString();
    controller().setKnobs(knobs);
    auto* domains = window_->findChild<QComboBox*>("stripDomain");
    int index = -1;
    QVERIFY(becomes([&] { return (index = domains->findData(name, Qt::UserRole, Qt::MatchStartsWith)) >= 0; }));
    QVERIFY2(domains->itemText(index).size() <= 20 && domains->itemText(index).contains("…"),
             qPrintable(domains->itemText(index)));
    QVERIFY(domains->itemText(index).startsWith("the-coll") && name.startsWith("the-coll"));
    QCOMPARE(domains->itemData(index, Qt::ToolTipRole).toString(), domains->itemData(index).toString());
    QVERIFY(domains->width() < window_->width() / 3);
  }
};

MOESCOPE_TEST(TestPanel)
#include "test_panel.moc"
