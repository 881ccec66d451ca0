// A pair of experts is picked by clicks on the real views, and every view and the state follow.

#include <QApplication>
#include <QDockWidget>
#include <QSurfaceFormat>
#include <QTest>
#include <nlohmann/json.hpp>

#include "app/window/main_window.h"
#include "tests/app/window_fixture.h"
#include "tests/support/test_class.h"

using namespace moescope;

class TestPairSelection : public QObject {
  Q_OBJECT
  std::unique_ptr<MainWindow> window_;

  Controller& controller() { return window_->controller(); }
  const Lens& lens() { return controller().lens(); }

  /// The view, in front of its place and drawn.
  ViewTile* shown(const char* name) {
    ViewTile* tile = window_->tile(name);
    window_->findChild<QDockWidget*>(QString("dock-") + name)->raise();
    if (!becomes([&] { return tile->isVisible() && !tile->visibleRegion().isEmpty(); })) return nullptr;
    tile->drawNow();
    return tile;
  }

  QImage pictureOf(const char* name) {
    ViewTile* tile = shown(name);
    return tile ? tile->grabFramebuffer() : QImage();
  }

  /// A place in the view whose pick is what is wanted, by the widget's own coordinates.
  static QPoint placeOf(ViewTile* tile, const std::function<bool(const Pick&)>& wanted) {
    for (int y = 0; y < tile->height(); y += 2)
      for (int x = 0; x < tile->width(); x += 2)
        if (wanted(tile->view().pick(x, tile->height() - 1 - y))) return {x, y};
    return {-1, -1};
  }

  QPoint placeOfExpert(ViewTile* tile, int expert) {
    return placeOf(tile, [expert](const Pick& pick) { return pick.expert == expert && pick.other < 0; });
  }

 private Q_SLOTS:
  void init() {
    window_ = std::make_unique<MainWindow>(documentOf(smallKnobs()));
    window_->resize(1500, 950);
    window_->openGroup("Experts");
    window_->show();
    QVERIFY(becomes([&] { return controller().scene().routing && controller().scene().curve && controller().scene().analysis; }));
    QTest::qWait(100);
  }
  void cleanup() { window_.reset(); }

  void a_click_on_a_pair_selects_it_in_every_view_that_shows_pairs() {
    for (const char* name : {"principal_angles", "jacobian_alignment", "coupling_matrix", "asymmetry", "subspace_pair"}) {
      controller().select({});
      ViewTile* tile = shown(name);
      QVERIFY2(tile, name);
      Pick wanted;
      const QPoint place = placeOf(tile, [&](const Pick& pick) {
        if (pick.other < 0) return false;
        wanted = pick;
        return true;
      });
      QVERIFY2(place.x() >= 0, name);
      QVERIFY2(wanted.expert >= 0 && wanted.expert != wanted.other, name);
      QTest::mouseClick(tile, Qt::LeftButton, {}, place);
      QCOMPARE(controller().selection().expert(), wanted.expert);
      QCOMPARE(controller().selection().other(), wanted.other);
    }
  }

  void the_cell_of_row_and_column_is_that_pair_and_the_diagonal_one_expert() {
    for (const char* name : {"principal_angles", "jacobian_alignment", "coupling_matrix"}) {
      ViewTile* tile = shown(name);
      QVERIFY2(tile, name);
      const QPoint cell = placeOf(tile, [](const Pick& pick) {
        return pick.expert == 2 && pick.other == 5 && pick.text.find("angle ") == std::string::npos;
      });
      const QPoint mirrored = placeOf(tile, [](const Pick& pick) {
        return pick.expert == 5 && pick.other == 2 && pick.text.find("angle ") == std::string::npos;
      });
      const QPoint diagonal = placeOfExpert(tile, 2);
      QVERIFY2(cell.x() >= 0 && mirrored.x() >= 0 && diagonal.x() >= 0, name);
      QVERIFY2(cell.x() > diagonal.x() && std::abs(cell.y() - diagonal.y()) < 3, name);   // right of it, in its row
      QVERIFY2(mirrored.y() > diagonal.y() && std::abs(mirrored.x() - diagonal.x()) < 3, name);
      QTest::mouseClick(tile, Qt::LeftButton, {}, diagonal);
      QCOMPARE(controller().selection().expert(), 2);
      QCOMPARE(controller().selection().other(), -1);
    }
  }

  void every_view_of_experts_shows_which_pair_is_selected() {
    for (const char* name :
         {"principal_angles", "jacobian_alignment", "coupling_matrix", "asymmetry", "subspace_pair", "embeddings_compared"}) {
      controller().select({0, -1, -1, {}, 3});
      const QImage one = pictureOf(name);
      controller().select({1, -1, -1, {}, 6});
      QVERIFY2(difference(one, pictureOf(name)) > 5e-4, name);
    }
    window_->openGroup("Routing");
    for (const char* name :
         {"score_polygon", "load_bars", "grassmann_embedding", "expert_subspaces", "expert_spectra", "score_heatmap"}) {
      controller().select({0, -1, -1, {}, 3});
      const QImage one = pictureOf(name);
      controller().select({1, -1, -1, {}, 6});
      QVERIFY2(difference(one, pictureOf(name)) > 5e-4, name);
    }
  }

  void shift_click_adds_a_second_expert_and_takes_it_away() {
    window_->openGroup("Routing");
    ViewTile* bars = shown("load_bars");
    QVERIFY(bars);
    const auto click = [&](int expert, Qt::KeyboardModifiers modifiers) {
      QTest::mouseClick(bars, Qt::LeftButton, modifiers, placeOfExpert(bars, expert));
    };
    click(3, Qt::ShiftModifier);  // the first one
    QCOMPARE(controller().selection().expert(), 3);
    click(6, Qt::ControlModifier);
    QCOMPARE(controller().selection().expert(), 3);
    QCOMPARE(controller().selection().other(), 6);
    click(1, Qt::ShiftModifier);  // another second
    QCOMPARE(controller().selection().expert(), 3);
    QCOMPARE(controller().selection().other(), 1);
    click(3, Qt::ShiftModifier);  // the first leaves
    QCOMPARE(controller().selection().expert(), 1);
    QCOMPARE(controller().selection().other(), -1);
    click(5, {});
    QCOMPARE(controller().selection().expert(), 5);
    controller().extendSelection({});
    QCOMPARE(controller().selection().expert(), 5);
  }

  void the_pair_is_in_the_state_and_an_older_state_has_none() {
    controller().select({2, -1, -1, {}, 5});
    const QString state = window_->state();
    controller().select({});
    window_->restoreStateText(state);
    QCOMPARE(controller().selection().expert(), 2);
    QCOMPARE(controller().selection().other(), 5);
    window_->restoreStateText("{\"moescope_state\": 1, \"lens\": {\"concentration\": 1}, \"knobs\": " +
                              QString::fromStdString(nlohmann::json::parse(state.toStdString())["sides"][0]["knobs"].dump()) +
                              "}");
    QVERIFY(controller().selection().empty());
  }

  void an_expert_that_the_model_has_not_is_one_clear_line_and_changes_nothing() {
    controller().select({2, -1, -1, {}, 5});
    auto state = nlohmann::json::parse(window_->state().toStdString());
    const auto refused = [&](nlohmann::json experts, const char* words) {
      auto bad = state;
      bad["sides"][0]["selection"]["experts"] = std::move(experts);
      try {
        window_->restoreStateText(QString::fromStdString(bad.dump()));
      } catch (const std::runtime_error& error) {
        const std::string line = error.what();
        return line.find(words) != std::string::npos && line.find('\n') == std::string::npos &&
               controller().selection().expert() == 2 && controller().selection().other() == 5;
      }
      return false;
    };
    QVERIFY(refused({2, 8}, "experts 0 to 7"));
    QVERIFY(refused({64}, "expert 64"));
    QVERIFY(refused({5, 5}, "twice"));
    QVERIFY(refused({2, -7}, "at least 0"));
    QVERIFY(refused("two", "list of whole numbers"));
  }

  void a_pasted_pair_of_a_larger_model_waits_for_it_and_a_smaller_model_drops_it() {
    auto state = nlohmann::json::parse(window_->state().toStdString());
    state["sides"][0]["knobs"]["experts"] = 16;
    state["sides"][0]["selection"]["experts"] = {3, 12};
    window_->restoreStateText(QString::fromStdString(state.dump()));
    QVERIFY(becomes([&] { return controller().scene().routing->gates.cols() == 16; }));
    QCOMPARE(controller().selection().expert(), 3);
    QCOMPARE(controller().selection().other(), 12);
    Knobs small = smallKnobs();
    controller().setKnobs(small);
    QVERIFY(becomes([&] { return controller().scene().routing->gates.cols() == 8; }));
    QCOMPARE(controller().selection().expert(), 3);
    QCOMPARE(controller().selection().other(), -1);
    Lens layer = lens();
    layer.layer = 1;
    controller().setLens(layer);
    QCOMPARE(controller().selection().expert(), 3);
  }
};

MOESCOPE_TEST(TestPairSelection)
#include "test_pair_selection.moc"
