// Every word that a view draws, picks or explains passes translated(): in a language that marks what it translates no word is
// unmarked.

#include <QTest>
#include <set>
#include <utility>

#include "tests/support/hidden_view.h"
#include "tests/support/planted_scene.h"
#include "tests/support/pseudo_language.h"
#include "tests/support/test_class.h"
#include "views/difference_views.h"
#include "views/flat_view.h"
#include "views/font_metrics.h"

using namespace moescope;

namespace {

// Names that are the same in every language: of routers and checkpoints, of measures and functions in formulas, and of the
// planted domains.
const char* const kNames =
    "soft|grmoe|mixtral|Mixtral-8x7B|SYNTHETIC|planted|Bingham|Pearson|Spearman|MaxVio|SMACOF|MDS|log|cos|sin|exp|max|"
    "softmax|own text|domain [A-H]|GrMoE|topk|0x[0-9A-F]+";

Scene sceneOf(bool posterior) {
  testing::PlantedShape shape;
  shape.tokens = 128;
  shape.context = 8;
  shape.dimension = 16;
  shape.rank = 3;
  shape.experts = 8;
  shape.domains = 8;
  const auto snapshot = testing::plantedSnapshot(shape);
  for (LayerSnapshot& layer : snapshot->layers)
    if (posterior) layer.posteriorScores = layer.scores.array() + 0.3f * layer.scores.array().sin();
  return testing::sceneOf(snapshot, 1.0f);
}

/// Complete, without anything that is measured beside training, and of a checkpoint.
std::vector<Scene> scenes() {
  std::vector<Scene> all = {sceneOf(true), sceneOf(false)};
  Scene& bare = all.back();
  bare.steps = nullptr, bare.analysis = nullptr, bare.compared = nullptr, bare.analysisHistory = nullptr, bare.prompt = nullptr;
  Scene opened = all.front();
  const auto checkpoint = testing::asCheckpoint(*opened.snapshot, "Mixtral-8x7B");
  testing::showSnapshot(opened, checkpoint);
  all.push_back(opened);
  Scene pair = all.front();
  pair.selection.experts = {1, 3};
  pair.reference = std::make_shared<const Reference>(Reference{all.front().analysis, "soft"});
  all.push_back(pair);
  return all;
}

/// All that a view says at this size: drawn, and under the pointer.
std::set<std::string> saidBy(std::unique_ptr<View> view, const Scene& scene, int width, int height) {
  const testing::HiddenView stage(std::move(view), width, height);
  stage.view->update(scene, Theme{});
  std::set<std::string> all;
  std::string lines;  // of one sentence, until its marks are closed or the rest is cut
  for (const DrawnText& text : stage.texts()) {
    lines += (lines.empty() ? "" : " ") + text.words;
    if (testing::openMarks(lines) > 0 && text.words.find(kEllipsis) == std::string::npos) continue;
    all.insert(std::exchange(lines, ""));
  }
  for (int x = 0; x < width; x += 7)
    for (int y = 0; y < height; y += 7) all.insert(stage.view->pick(x, y).text);
  return all;
}

/// The words of which a line is missing: a mark that is never closed, or was never opened. A sentence that says that it is cut is
/// none. Empty: every sentence is whole.
std::string tornSentence(const std::vector<DrawnText>& texts) {
  std::string sentence;
  for (const DrawnText& text : texts) {
    if (sentence.empty() && testing::openMarks(testing::kOpens + text.words) == 0)
      return text.words;  // closes what none has opened
    sentence += (sentence.empty() ? "" : " ") + text.words;
    if (testing::openMarks(sentence) == 0 || text.words.find(kEllipsis) != std::string::npos) sentence.clear();
  }
  return sentence;
}

}  // namespace

class TestTranslatedViews : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_word_without_translation_is_found() {
    const testing::PseudoLanguage language;
    QCOMPARE(testing::untranslatedIn(translated("load ") + "E7 " + translated(" of %1", "few"), ""), std::string());
    QCOMPARE(testing::untranslatedIn(translated("load ") + "of gates", ""), std::string("gates"));
    QCOMPARE(translated("%.3f"), std::string("%.3f"));
  }

  void no_sentence_loses_a_line_where_there_is_little_room() {
    const testing::PseudoLanguage language;
    const std::vector<Scene> shown = scenes();
    for (const ViewDeclaration& view : viewRegistry()) {
      testing::HiddenView stage(view.make(), 700, 600);
      for (const Scene* scene : {&shown.front(), &shown.back()})
        for (const auto& [width, height] :
             {std::pair{180, 120}, {240, 700}, {300, 230}, {360, 250}, {440, 233}, {440, 330}, {700, 600}})
          for (const double scale : {1.0, 2.0}) {
            stage.window->SetSize(width, height);
            Theme theme;
            theme.textScale = scale;
            stage.view->update(*scene, theme);
            const std::string torn = tornSentence(stage.texts());
            QVERIFY2(torn.empty(), qPrintable(QString("%1, %2x%3, text %4: a line is missing of %5")
                                                  .arg(view.name.c_str())
                                                  .arg(width)
                                                  .arg(height)
                                                  .arg(scale)
                                                  .arg(torn.c_str())));
          }
    }
  }

  void every_word_of_every_view_is_translated_data() {
    QTest::addColumn<QString>("name");
    for (const ViewDeclaration& view : viewRegistry())
      QTest::addRow("%s", view.name.c_str()) << QString::fromStdString(view.name);
  }
  void every_word_of_every_view_is_translated() {
    QFETCH(QString, name);
    const testing::PseudoLanguage language;
    for (const ViewDeclaration& view : viewRegistry()) {
      if (view.name != name.toStdString()) continue;
      std::set<std::string> all;
      for (const Scene& scene : scenes()) {
        for (const auto& [width, height] : {std::pair{300, 230}, {700, 600}, {1180, 820}}) {
          all.merge(saidBy(view.make(), scene, width, height));
          if (!view.makeDifference) continue;
          Scene both = scene;
          both.beside = std::make_shared<const Scene>(sceneOf(false));
          all.merge(saidBy(view.makeDifference(), both, width, height));
        }
        all.insert(view.about.formula(scene));
      }
      QVERIFY(all.size() > 3);
      for (const std::string& words : all) {
        const std::string word = testing::untranslatedIn(words, kNames);
        QVERIFY2(word.empty(), ("'" + word + "' in: " + words).c_str());
      }
    }
  }
};

MOESCOPE_TEST(TestTranslatedViews)
#include "test_translated_views.moc"
