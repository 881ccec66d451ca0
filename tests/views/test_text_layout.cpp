// Where words stand in views: never outside, never on each other, the same at every pixel ratio. Nothing is rendered: what VTK
// will draw is measured with its own text renderer.

#include <vtkActor2DCollection.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkPolyDataMapper2D.h>
#include <vtkTextProperty.h>
#include <vtkTextRenderer.h>
#include <vtkTexturedActor2D.h>

#include <QTest>
#include <cmath>
#include <map>

#include "tests/support/test_class.h"
#include "tests/support/text_stage.h"

using namespace moescope;
using namespace moescope::testing;

namespace {

/// The box in device pixels of words as VTK's font draws them.
Rect drawnBox(const DrawnText& text, double ratio) {
  const vtkNew<vtkTextProperty> property;
  property->SetFontFamily(VTK_FONT_FILE);
  property->SetFontFile(fontFile(text.bold).c_str());
  property->SetFontSize(devicePixels(text.height, ratio));
  property->SetJustification(text.align == Align::Left     ? VTK_TEXT_LEFT
                             : text.align == Align::Centre ? VTK_TEXT_CENTERED
                                                           : VTK_TEXT_RIGHT);
  property->SetVerticalJustificationToCentered();
  property->SetOrientation(text.upward ? 90.0 : 0.0);
  property->SetBackgroundOpacity(text.patch);
  int box[4] = {0, -1, 0, -1};
  vtkTextRenderer::GetInstance()->GetBoundingBox(property, text.words, box, 72, vtkTextRenderer::FreeType);
  const Point at = anchorOf(text);
  return {std::round(at.x * ratio) + box[0], std::round(at.y * ratio) + box[2], box[1] - box[0] + 1.0, box[3] - box[2] + 1.0};
}

std::vector<std::pair<std::string, Rect>> drawnByVtk(const std::vector<DrawnText>& texts, double ratio = 1.0) {
  std::vector<std::pair<std::string, Rect>> drawn;
  for (const DrawnText& text : texts) drawn.push_back({text.words, drawnBox(text, ratio)});
  return drawn;
}

/// A flat shape of a view's canvas, device pixels.
struct Shape {
  Rect bounds;
  std::vector<Point> corners;  // convex
  Color color;
  double opacity = 1.0;

  bool covers(Point at) const {
    if (!bounds.contains(at.x, at.y)) return false;
    int turns = 0;
    for (std::size_t i = 0; i < corners.size(); ++i) {
      const Point &a = corners[i], &b = corners[(i + 1) % corners.size()];
      turns += (b.x - a.x) * (at.y - a.y) - (b.y - a.y) * (at.x - a.x) >= 0.0 ? 1 : -1;
    }
    return std::abs(turns) == static_cast<int>(corners.size());
  }
};

/// All shapes that lie beneath the words, in the order in which they are drawn.
std::vector<Shape> shapesOf(vtkRenderer* renderer) {
  std::vector<Shape> shapes;
  vtkActor2DCollection* actors = renderer->GetActors2D();
  actors->InitTraversal();
  while (vtkActor2D* actor = actors->GetNextActor2D()) {
    auto* mapper = vtkPolyDataMapper2D::SafeDownCast(actor->GetMapper());
    if (!mapper || vtkTexturedActor2D::SafeDownCast(actor)) continue;
    vtkPolyData* data = mapper->GetInput();
    vtkNew<vtkIdList> ids;
    for (vtkIdType cell = 0; cell < data->GetNumberOfCells(); ++cell) {
      data->GetCellPoints(cell, ids);
      Shape shape;
      double rgba[4], bounds[6];
      data->GetPointData()->GetScalars()->GetTuple(ids->GetId(0), rgba);
      data->GetCellBounds(cell, bounds);
      shape.color = {rgba[0] / 255.0, rgba[1] / 255.0, rgba[2] / 255.0};
      shape.opacity = rgba[3] / 255.0;
      shape.bounds = {bounds[0], bounds[2], bounds[1] - bounds[0], bounds[3] - bounds[2]};
      for (vtkIdType i = 0; i < ids->GetNumberOfIds(); ++i)
        shape.corners.push_back({data->GetPoint(ids->GetId(i))[0], data->GetPoint(ids->GetId(i))[1]});
      shapes.push_back(std::move(shape));
    }
  }
  return shapes;
}

/// The share of a box in which words of a colour have a contrast of less than 4.5:1 with what lies beneath.
double illegibleShare(const Rect& box, const Color& ink, const std::vector<Shape>& shapes, const Theme& theme) {
  constexpr int across = 9, down = 5;
  int poor = 0;
  for (int i = 0; i < across; ++i)
    for (int j = 0; j < down; ++j) {
      const Point at{box.x + box.width * (i + 0.5) / across, box.y + box.height * (j + 0.5) / down};
      Color beneath = backgroundColor(theme);
      for (const Shape& shape : shapes)
        if (shape.covers(at)) beneath = mix(beneath, shape.color, shape.opacity);
      poor += contrastOf(ink, beneath) < 4.5;
    }
  return static_cast<double>(poor) / (across * down);
}

/// By how many pixels two boxes lie over each other, at their narrowest.
double overlapOf(const Rect& a, const Rect& b) {
  return std::min(std::min(a.x + a.width, b.x + b.width) - std::max(a.x, b.x),
                  std::min(a.y + a.height, b.y + b.height) - std::max(a.y, b.y));
}

/// The first fault among words in a view: which words lie outside of it or over others by more than so many pixels. Empty: none.
std::string faultOf(const std::vector<std::pair<std::string, Rect>>& texts, double width, double height, double allowed) {
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto& [words, box] = texts[i];
    if (!(box.x >= -allowed && box.y >= -allowed && box.x + box.width <= width + allowed &&
          box.y + box.height <= height + allowed))
      return "'" + words + "' leaves the view";
    for (std::size_t j = 0; j < i; ++j)
      if (overlapOf(box, texts[j].second) > allowed) return "'" + words + "' lies over '" + texts[j].first + "'";
  }
  return {};
}

std::vector<std::pair<std::string, Rect>> boxesOf(const std::vector<DrawnText>& texts) {
  std::vector<std::pair<std::string, Rect>> boxes;
  for (const DrawnText& text : texts) boxes.push_back({text.words, text.box});
  return boxes;
}

std::string pickedAt(const Stage& stage, const DrawnText& text, double ratio = 1.0) {
  return stage.view
      ->pick(static_cast<int>((text.box.x + text.box.width / 2) * ratio),
             static_cast<int>((text.box.y + text.box.height / 2) * ratio))
      .text;
}

}  // namespace

class TestTextLayout : public QObject {
  Q_OBJECT
  std::map<int, std::vector<Scene>> scenes_;  // by number of experts

 private Q_SLOTS:
  void initTestCase() {
    for (const int experts : {4, 8, 16, 64}) scenes_[experts] = scenesOf(experts);
  }

  void no_words_leave_a_view_or_lie_on_others_and_twice_the_pixels_change_nothing() {
    for (const auto& [experts, scenes] : scenes_)
      for (std::size_t s = 0; s < scenes.size(); ++s)
        for (const ViewDeclaration& declaration : viewRegistry()) {
          Stage stage(declaration.make());
          for (const Size& size : kSizes)
            for (const double scale : kScales) {
              const auto where = [&](const std::string& fault) {
                return QString("%1, %2 experts, scene %3, %4x%5, text %6: %7")
                    .arg(declaration.name.c_str())
                    .arg(experts)
                    .arg(s)
                    .arg(size.width)
                    .arg(size.height)
                    .arg(scale)
                    .arg(fault.c_str())
                    .toStdString();
              };
              const std::vector<DrawnText> once = stage.lay(scenes[s], size, scale);
              QVERIFY2(!once.empty(), where("no words").c_str());
              const std::string recorded = faultOf(boxesOf(once), size.width, size.height, 1e-3);
              QVERIFY2(recorded.empty(), where(recorded).c_str());
              const std::string drawn = faultOf(drawnByVtk(once), size.width, size.height, 1.0);
              QVERIFY2(drawn.empty(), where("drawn, " + drawn).c_str());
              const std::vector<DrawnText> twice = stage.lay(scenes[s], size, scale, 2.0);
              QVERIFY2(once.size() == twice.size(), where("other words at twice the pixels").c_str());
              for (std::size_t i = 0; i < once.size(); ++i) {
                const Rect &a = once[i].box, &b = twice[i].box;
                const double apart = std::max(
                    {std::abs(a.x - b.x), std::abs(a.y - b.y), std::abs(a.width - b.width), std::abs(a.height - b.height)});
                QVERIFY2(once[i].words == twice[i].words && apart < 1.0,
                         where(once[i].words + " stands elsewhere at twice the pixels").c_str());
              }
            }
        }
  }

  void what_is_drawn_fits_at_fractions_of_a_pixel_too() {
    for (const ViewDeclaration& declaration : viewRegistry()) {
      Stage stage(declaration.make());
      for (const double ratio : {1.25, 1.5, 2.0, 3.0})
        for (const double scale : {1.0, 2.0}) {
          const std::string fault = faultOf(drawnByVtk(stage.lay(scenes_[8][2], kSizes[2], scale, ratio), ratio),
                                            kSizes[2].width * ratio, kSizes[2].height * ratio, 2.0);
          QVERIFY2(fault.empty(),
                   qPrintable(
                       QString("%1 at %2, text %3: %4").arg(declaration.name.c_str()).arg(ratio).arg(scale).arg(fault.c_str())));
        }
    }
  }

  void words_can_be_read_on_what_lies_beneath() {
    for (const bool dark : {true, false})
      for (const int experts : {8, 64})
        for (std::size_t s = 0; s < scenes_[experts].size(); ++s)
          for (const ViewDeclaration& declaration : viewRegistry()) {
            Stage stage(declaration.make());
            Scene scene = scenes_[experts][s];
            if (s == 1) scene.viewOptions[declaration.name]["colour"] = "domain";
            if (s == 2) scene.viewOptions[declaration.name]["colour"] = "entropy";
            stage.theme.dark = dark;
            const std::vector<DrawnText> texts = stage.lay(scene, {700, 600}, 1.0);
            const std::vector<Shape> shapes = shapesOf(stage.view->renderer());
            for (const DrawnText& text : texts) {
              if (text.patch > 0.0) continue;
              const double poor = illegibleShare(drawnBox(text, 1.0), text.color, shapes, stage.theme);
              QVERIFY2(poor < 0.35, qPrintable(QString("%1, %2, %3 experts, scene %4: '%5' cannot be read in %6 of its box")
                                                   .arg(declaration.name.c_str(), dark ? "dark" : "light").arg(experts).arg(s)
                                                   .arg(text.words.c_str()).arg(poor)));
            }
          }
  }

  void a_title_takes_a_second_line_before_it_is_cut() {
    for (const ViewDeclaration& declaration : viewRegistry()) {
      Stage stage(declaration.make());
      for (const Size size :
           {Size{165, 200}, Size{240, 180}, Size{440, 233}}) {  // two sides in a third of the least window; of half of it; alone
        std::string title;
        for (const DrawnText& text : stage.lay(scenes_[8][0], size, 1.0))
          if (text.bold && (title.empty() || declaration.title.find(title + " " + text.words) == 0))
            title += (title.empty() ? "" : " ") + text.words;
        QCOMPARE(title, declaration.title);
      }
    }
  }

  void captions_follow_the_type_scale() {
    Stage stage(makeView("load_bars"));
    const auto heightOf = [&](Size size, double scale, double ratio) {
      for (const DrawnText& text : stage.lay(scenes_[8][0], size, scale, ratio))
        if (text.words.starts_with("share of") || text.words.starts_with("CV "))
          return text.height;  // the whole caption, or the short one
      return 0;
    };
    QCOMPARE(heightOf({355, 330}, 1.0, 1.0), 15);   // 11 points of 96 / 72 pixels, rounded up
    QCOMPARE(heightOf({1200, 900}, 1.0, 1.0), 19);  // 0.85 of 22
    QCOMPARE(heightOf({1200, 900}, 1.0, 3.0), 19);
    QCOMPARE(heightOf({1200, 900}, 2.5, 1.0), 47);
    QCOMPARE(heightOf({355, 330}, 2.0, 1.0), 24);   // a fifteenth of the view: the picture needs the rest
  }

  void no_words_are_smaller_than_eleven_points_nor_than_a_hall_can_read() {
    for (const int experts : {8, 64})
      for (const Scene& scene : scenes_[experts])
        for (const ViewDeclaration& declaration : viewRegistry()) {
          Stage stage(declaration.make());
          for (const Size& size : kSizes) {
            for (const DrawnText& text : stage.lay(scene, size, 1.0))
              QVERIFY2(
                  text.height * 72 >= 11 * 96,
                  qPrintable(QString("%1: '%2' is %3 high").arg(declaration.name.c_str(), text.words.c_str()).arg(text.height)));
            if (size.width < 360) continue;  // no tile of a presentation at 1920 x 1080 is smaller
            for (const DrawnText& text : stage.lay(scene, size, 1.5)) {
              const double line = 1.164 * text.height;  // DejaVu Sans: ascent and descent
              QVERIFY2(line >= 24.0,
                       qPrintable(
                           QString("%1: a line of '%2' is %3 high").arg(declaration.name.c_str(), text.words.c_str()).arg(line)));
            }
          }
        }
  }

  void no_words_stand_in_the_corner_of_the_button() {
    for (const ViewDeclaration& declaration : viewRegistry()) {
      Stage stage(declaration.make());
      stage.theme.titles = false;
      stage.theme.corner = 32.0;
      for (const Size& size : kSizes)
        for (const double scale : {1.0, 2.0})
          for (const DrawnText& text : stage.lay(scenes_[8][2], size, scale))
            QVERIFY2(!text.box.meets({size.width - 32.0, size.height - 32.0, 32.0, 32.0}),
                     (declaration.name + ": " + text.words).c_str());
    }
  }

  void a_large_picture_has_large_text() {
    QCOMPARE(pictureRatio(1200, 900), 1.0);
    QCOMPARE(pictureRatio(700, 600), 1.0);
    QCOMPARE(pictureRatio(4800, 3600), 4.0);
    QCOMPARE(pictureRatio(3840, 1800), 2.0);
  }

  void a_width_holds_what_vtk_draws_and_is_not_much_wider() {
    for (const bool bold : {false, true})
      for (const double ratio : {1.0, 1.25, 1.5, 2.0, 3.0})
        for (const int height : {8, 9, 11, 13, 17, 22, 40})
          for (const std::string words : {"bar: share of applied gates on the probe, CV 0.25", "0.00", "E3  12 %",
                                          "concentration \xce\xb1", "mean cos\xc2\xb2", "WWW iii",
                                          "5\xe2\x80\x93"
                                          "95 %",
                                          "..."}) {
            const vtkNew<vtkTextProperty> property;
            property->SetFontFamily(VTK_FONT_FILE);
            property->SetFontFile(fontFile(bold).c_str());
            property->SetFontSize(devicePixels(height, ratio));
            int box[4];
            QVERIFY(vtkTextRenderer::GetInstance()->GetBoundingBox(property, words, box, 72, vtkTextRenderer::FreeType));
            const double drawn = (box[1] - box[0] + 1) / ratio, high = (box[3] - box[2] + 1) / ratio;
            const std::string what = words + ", height " + std::to_string(height) + " at " + std::to_string(ratio) + ": " +
                                     std::to_string(drawn) + " in " + std::to_string(widthOf(words, height, bold));
            QVERIFY2(drawn < widthOf(words, height, bold) * 1.02 + 1.0, what.c_str());
            QVERIFY2(drawn > widthOf(words, height, bold) * 0.8 - 2.0, what.c_str());
            QVERIFY2(high < lineHeight(bold) * height + 1.5, (what + ", high " + std::to_string(high)).c_str());
          }
  }

  void words_are_cut_in_their_middle_and_stay_text() {
    const std::string name = "\xc3\xa4\xc3\xb6\xc3\xbc" + longName(7) + "\xe6\x97\xa5\xe6\x9c\xac";
    const std::string cut = elidedInTheMiddle(name, 120.0, 12, false);
    QVERIFY(widthOf(cut, 12, false) <= 120.0 && widthOf(cut, 12, false) > 100.0);
    QVERIFY(cut.starts_with("\xc3\xa4\xc3\xb6") && cut.ends_with("\xe6\x97\xa5\xe6\x9c\xac") &&
            cut.find("\xe2\x80\xa6") != std::string::npos);
    QVERIFY(QString::fromUtf8(cut.c_str()).toUtf8().toStdString() == cut);  // no character is broken
    QCOMPARE(elidedInTheMiddle("short", 120.0, 12, false), std::string("short"));
    QVERIFY(elidedInTheMiddle(name, 8.0, 12, false).empty());
    QVERIFY(elidedAtTheEnd("one two three four", 60.0, 12, false).starts_with("one"));
  }

  void the_canvas_keeps_words_off_words_and_numbers_whole() {
    auto told = std::make_unique<Told>();
    std::vector<bool> stood;
    told->drawing = [&](Canvas& canvas) {
      const TextStyle style{{1, 1, 1}};
      stood.push_back(canvas.text({100, 100}, "first", style));
      stood.push_back(canvas.text({104, 103}, "second", style));  // on the first
      stood.push_back(canvas.text({100, 100 + 2 * canvas.em()}, "third", style));
      stood.push_back(canvas.text({280, 50}, "1234567890", style));  // over the edge: a number is not cut
      stood.push_back(canvas.text({100, 20}, {"much too long for this place " + longName(1), "brief"}, style));
      stood.push_back(canvas.text({NAN, 50}, "nowhere", style));
    };
    Stage stage(std::move(told));
    const auto texts = stage.lay(scenes_[4][0], {300, 230}, 1.0);
    QVERIFY((stood == std::vector<bool>{true, false, true, false, true, false}));
    QCOMPARE(texts.size(), std::size_t(3));
    QCOMPARE(texts[2].words, std::string("brief"));
  }

  void long_names_are_whole_for_the_pointer_and_leave_room_for_the_picture() {
    for (const std::string name : {"score_heatmap", "score_polygon", "token_uncertainty"}) {
      Stage stage(makeView(name));
      for (const double ratio : {1.0, 2.0}) {
        Scene scene = scenes_[8][2];
        scene.viewOptions["score_polygon"]["colour"] = "domain";
        const auto texts = stage.lay(scene, {700, 600}, 1.0, ratio);
        int found = 0;
        for (const DrawnText& text : texts) {
          if (!text.words.starts_with("the d") || text.words.find("\xe2\x80\xa6") == std::string::npos) continue;
          const std::string whole = longName(text.words.back() - '0');
          QVERIFY2(pickedAt(stage, text, ratio).find(whole) != std::string::npos,
                   (name + ": " + pickedAt(stage, text, ratio)).c_str());
          QVERIFY(text.box.width < 0.36 * 700);
          ++found;
        }
        QVERIFY2(found >= 8, (name + " names " + std::to_string(found)).c_str());
      }
    }
  }

  void live_words_of_the_entropy_curve_are_clear_of_the_line_of_log_N() {
    Stage stage(makeView("concentration_curve"));
    for (const int experts : {4, 8, 64})
      for (const float alpha : {0.01f, 0.1f, 0.3f, 1.0f, 4.0f, 64.0f})
        for (const Size& size : {kSizes[0], kSizes[1], kSizes[2], kSizes[3]}) {
          Scene scene = scenes_[experts][1];
          scene.lens.concentration = alpha;
          scene.routing = std::make_shared<const Routing>(evaluate(*scene.snapshot, scene.lens));
          const auto texts = stage.lay(scene, size, 1.0);
          const auto most =
              std::find_if(texts.begin(), texts.end(), [](const DrawnText& text) { return text.words.starts_with("log N"); });
          const auto live = std::find_if(texts.begin(), texts.end(), [](const DrawnText& text) {
            return text.bold && text.words.find_first_of("0123456789") == 0;
          });
          QVERIFY2(live != texts.end() && (most != texts.end() || size.height < 300),
                   qPrintable(QString("%1 experts at %2:").arg(experts).arg(alpha) + QString::fromStdString(all(texts))));
          if (most == texts.end()) continue;  // no room for the name of the line
          const double line = most->box.y - 0.15 * 15;  // the words of log N stand on it
          QVERIFY(live->box.y > line || live->box.y + live->box.height < line);
        }
  }

  void numbers_of_bars_stand_above_the_ticks() {
    for (const bool limited : {false, true}) {
      auto snapshot = std::make_shared<Snapshot>(*scenes_[8][0].snapshot);
      Scene scene = scenes_[8][0];
      scene.lens = {};
      LayerSnapshot& layer = snapshot->layers[0];
      for (int e = 0; e < 8; ++e) layer.trainingLoad[e] = (e + 1) / 36.0;
      layer.trainingDropped = limited ? Eigen::VectorXd(0.3 * layer.trainingLoad) : Eigen::VectorXd();
      scene.snapshot = snapshot;
      Stage stage(makeView("load_bars"));
      const auto texts =
          stage.lay(scene, limited ? Size{420, 300} : Size{440, 233}, 1.0);  // limited: numbers are wider than the bars
      // Height of a share, from two ticks of the axis.
      std::map<double, double> axis;
      for (const DrawnText& text : texts)
        if (text.words.find_first_not_of("0123456789") == std::string::npos)
          axis[std::stod(text.words)] = text.box.y + text.box.height / 2;
      QVERIFY(axis.size() >= 2);
      const auto [zero, foot] = *axis.begin();
      const auto [last, top] = *axis.rbegin();
      int checked = 0;
      for (const DrawnText& text : texts) {
        if (text.words.find('.') == std::string::npos || text.words.find_first_not_of("0123456789.") != std::string::npos)
          continue;
        int expert = -1;
        for (const DrawnText& name : texts)
          if (name.words.size() == 2 && name.words[0] == 'E' &&
              std::abs(name.box.x + name.box.width / 2 - text.box.x - text.box.width / 2) < 20)
            expert = name.words[1] - '0';
        QVERIFY(expert >= 0);
        const double tick = foot + (top - foot) * (100 * layer.trainingLoad[expert] - zero) / (last - zero);
        QVERIFY2(tick < text.box.y + 1.0 || tick > text.box.y + text.box.height - 1.0, text.words.c_str());
        ++checked;
      }
      QVERIFY(checked >= 6);
    }
  }
};

MOESCOPE_TEST(TestTextLayout)
#include "test_text_layout.moc"
