// Every view says where its numbers come from, and its caption is whole where it stands in a projector's small tile.

#include <QTest>
#include <algorithm>

#include "tests/support/hidden_view.h"
#include "tests/support/planted_scene.h"
#include "tests/support/test_class.h"
#include "views/flat_view.h"
#include "views/font_metrics.h"

using namespace moescope;

namespace {

Scene plantedScene() {
  testing::PlantedShape shape;
  shape.tokens = 128;
  shape.context = 8;
  shape.dimension = 16;
  shape.rank = 3;
  shape.experts = 8;
  shape.domains = 8;
  return testing::sceneOf(testing::plantedSnapshot(shape), 1.0f);
}

Scene ofCheckpoint(const Scene& scene) {
  auto snapshot = std::make_shared<Snapshot>(*scene.snapshot);
  auto origin = std::make_shared<CheckpointOrigin>();
  origin->name = "Mixtral";
  origin->layerNumbers = {17, 31};
  snapshot->checkpoint = origin;
  Scene opened = scene;
  testing::showSnapshot(opened, snapshot);
  return opened;
}

struct Stage : testing::HiddenView {
  Stage(const ViewDeclaration& declaration, const Scene& scene, int width, int height, double scale)
      : HiddenView(declaration.make(), width, height) {
    Theme theme;
    theme.textScale = scale;
    theme.titles = false;
    theme.corner = 30.0;
    view->update(scene, theme);
  }
  bool stands(const std::string& words) const {
    const std::vector<DrawnText> all = texts();
    return std::any_of(all.begin(), all.end(), [&](const DrawnText& text) { return text.words == words; });
  }
};

}  // namespace

class TestProvenance : public QObject {
  Q_OBJECT
  const Scene live_ = plantedScene();

  std::vector<std::pair<std::string, Scene>> scenes() const {
    Scene past = live_, session = live_;
    past.past = true;
    session.recorded = true;
    return {{"live", live_}, {"recorded", past}, {"recorded", session}, {"checkpoint", ofCheckpoint(live_)}};
  }

 private Q_SLOTS:
  void every_view_says_live_recorded_or_checkpoint() {
    for (const auto& [word, scene] : scenes())
      for (const ViewDeclaration& declaration : viewRegistry())
        for (const auto& [width, height, scale] : {std::tuple{700, 600, 1.0}, {440, 233, 1.0}, {400, 290, 1.5}}) {
          const Stage stage(declaration, scene, width, height, scale);
          for (const char* each : {"live", "recorded", "checkpoint"})
            QVERIFY2(stage.stands(each) == (each == word),
                     (declaration.name + ": " + each + " at " + std::to_string(width)).c_str());
        }
  }

  void the_pointer_is_told_at_the_mark_where_the_word_has_no_room() {
    for (const auto& [word, scene] : scenes())
      for (const ViewDeclaration& declaration : viewRegistry()) {
        const Stage stage(declaration, scene, 180, 120, 1.0);
        const std::string told = stage.view->pick(14, 6).text;
        QVERIFY2(told.starts_with(word + ": "), (declaration.name + ": " + told).c_str());
      }
  }

  void the_synthetic_mark_stands_beside_it() {
    QVERIFY(live_.snapshot->probe->synthetic);
    for (const char* name : {"score_polygon", "score_heatmap", "load_bars"})
      for (const ViewDeclaration& declaration : viewRegistry())
        if (declaration.name == name) {
          const Stage stage(declaration, live_, 440, 233, 1.0);
          QVERIFY2(stage.stands(live_.snapshot->probe->syntheticMark) && stage.stands("live"), name);
        }
  }

  void captions_are_whole_in_a_small_tile_with_large_text() {
    for (const auto& [width, height, scale] : {std::tuple{400, 285, 1.5}, {440, 233, 1.0}, {600, 500, 2.0}})
      for (const ViewDeclaration& declaration : viewRegistry()) {
        const Stage stage(declaration, live_, width, height, scale);
        for (const DrawnText& text : stage.texts())
          QVERIFY2(text.words.find(kEllipsis) == std::string::npos,
                   (declaration.name + ", text " + std::to_string(scale) + ": " + text.words).c_str());
      }
  }

  void a_small_heat_map_names_every_domain() {
    for (const ViewDeclaration& declaration : viewRegistry())
      if (declaration.name == "score_heatmap")
        for (const auto& [width, height, scale] : {std::tuple{440, 233, 1.0}, {360, 270, 1.0}}) {
          const Stage stage(declaration, live_, width, height, scale);
          for (const std::string& name : live_.snapshot->probe->domainNames)
            QVERIFY2(stage.stands(name), (name + " at " + std::to_string(width)).c_str());
        }
  }

  void small_bars_keep_their_numbers_and_a_matrix_has_all_or_none() {
    for (const ViewDeclaration& declaration : viewRegistry()) {
      if (declaration.name == "load_bars")
        for (const int width : {230, 300, 440}) {
          const Stage stage(declaration, live_, width, 233, 1.0);
          int numbers = 0;
          for (int e = 0; e < 8; ++e) {
            const double percent = 100.0 * live_.routing->applied.load[e];
            numbers += stage.stands(formatted("%.1f", percent)) || stage.stands(formatted("%.0f", percent));
          }
          QVERIFY2(numbers == 8, qPrintable(QString("%1 of 8 at %2").arg(numbers).arg(width)));
        }
      if (declaration.name != "jacobian_alignment") continue;
      for (const int side : {240, 300, 400, 500, 600, 800}) {
        const Stage stage(declaration, live_, side + 120, side, 1.0);
        int inCells = 0, names = 0;
        for (const DrawnText& text : stage.texts()) {
          names += text.words.size() <= 2 && (text.words[0] == 'E' || std::isdigit(static_cast<unsigned char>(text.words[0])));
          inCells += text.words.find('.') != std::string::npos && text.words.size() <= 5 && text.align == Align::Centre;
        }
        QVERIFY2(inCells == 0 || inCells == 64, qPrintable(QString("%1 numbers at %2").arg(inCells).arg(side)));
        QVERIFY2(names >= 8, qPrintable(QString("%1 names at %2").arg(names).arg(side)));
      }
    }
  }
};

MOESCOPE_TEST(TestProvenance)
#include "test_provenance.moc"
