// Frames of films: the same time gives the same pixels, and they are those of the window.

#include <QTest>
#include <algorithm>

#include "app/document/scene_assembly.h"
#include "app/film/film_painter.h"
#include "app/window/about_button.h"
#include "app/window/view_tile.h"
#include "tests/app/window_fixture.h"
#include "tests/support/planted_scene.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

const FilmShape kShape{640, 480, 30};

std::shared_ptr<Timeline> planted(double spectrum) {
  auto timeline = std::make_shared<Timeline>();
  testing::PlantedShape shape;
  shape.spectrum = spectrum;
  const auto snapshot = testing::plantedSnapshot(shape);
  snapshot->generation = kFilmGeneration;
  testing::fillTimeline(*timeline, snapshot);
  return timeline;
}

FilmScript script(const std::string& views, bool compares) {
  return filmScriptFromJson(
      R"({"moescope_film": 1, "title": "A title", "views": [)" + views + R"(], "state": {"compares": )" +
      (compares ? "true" : "false") +
      R"(, "sides": [{}, {}]}, "keys": [{"concentration": 0.25, "caption": "below"}, {"time": 2, "concentration": 4, "caption": "below"}]})");
}

std::vector<std::uint8_t> part(const Image& image, const Tile& tile) {
  std::vector<std::uint8_t> pixels;
  for (int y = tile.height - 1; y >= 0; --y) {
    const auto row =
        image.pixels.begin() + 3 * (static_cast<std::ptrdiff_t>(image.height - 1 - tile.y - y) * image.width + tile.x);
    pixels.insert(pixels.end(), row, row + 3 * tile.width);
  }
  return pixels;
}

/// What is wrong with a window's picture beside one that was drawn without it; empty: every pixel is the same.
std::string faultOf(const QImage& window, const Image& picture) {
  if (window.width() != picture.width || window.height() != picture.height) return "another size";
  for (int y = 0; y < picture.height; ++y)
    for (int x = 0; x < picture.width; ++x) {
      const std::uint8_t* drawn = &picture.pixels[std::size_t(3) * std::size_t((picture.height - 1 - y) * picture.width + x)];
      const QRgb seen = window.pixel(x, y);
      if (qRed(seen) == drawn[0] && qGreen(seen) == drawn[1] && qBlue(seen) == drawn[2]) continue;
      const auto text = [](int red, int green, int blue) {
        return std::to_string(red) + "," + std::to_string(green) + "," + std::to_string(blue);
      };
      return "pixel " + std::to_string(x) + "," + std::to_string(y) + " is " + text(qRed(seen), qGreen(seen), qBlue(seen)) +
             ", without a window " + text(drawn[0], drawn[1], drawn[2]);
    }
  return "";
}

/// What the window shows of a view, and the theme that it is drawn with.
std::pair<QImage, Theme> tileOf(const ViewDeclaration& declaration, Controller& controller, int side) {
  ViewTile tile(declaration, controller, side);
  tile.resize(480, 360);
  Theme theme;
  tile.setTheme(theme);
  tile.show();
  if (!QTest::qWaitForWindowExposed(&tile)) return {};
  tile.drawNow();
  theme.pixelRatio = tile.devicePixelRatioF();
  theme.corner = tile.findChild<AboutButton*>()->side();
  return {tile.picture(), theme};
}

}  // namespace

class TestFilmPainter : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void the_same_time_gives_the_same_pixels_whatever_was_drawn_before() {
    const auto timeline = planted(12.0);
    FilmPainter painter(script(R"("score_polygon", "expert_subspaces", "concentration_curve")", false), {timeline, nullptr},
                        kShape),
        other(script(R"("score_polygon", "expert_subspaces", "concentration_curve")", false), {timeline, nullptr}, kShape);
    const Image middle = painter.draw(1.0);
    const Image end = painter.draw(2.0);
    QVERIFY(middle.pixels != end.pixels);
    QVERIFY(painter.draw(1.0).pixels == middle.pixels);
    QVERIFY(painter.draw(1.0).pixels == middle.pixels);  // nothing has changed: nothing is drawn
    QVERIFY(other.draw(2.0).pixels == end.pixels);
  }

  void a_film_says_that_it_shows_what_was_recorded() {
    const auto timeline = planted(12.0);
    FilmPainter painter(script(R"("load_bars")", false), {timeline, nullptr}, kShape);
    const Image frame = painter.draw(0.0);
    const Tile below = tilesOf({0, 64, 640, 480 - 64 - 58}, 1, 1, 4)[0][0];
    Scene scene =
        sceneAt(*timeline, kFilmGeneration, Timeline::kEnd, script(R"("load_bars")", false).keys[0].document.sides[0].lens);
    const auto view = std::find_if(viewRegistry().begin(), viewRegistry().end(), [](const ViewDeclaration& each) {
                        return each.name == "load_bars";
                      })->make();
    Offscreen offscreen;
    for (const bool recorded : {true, false}) {
      scene.recorded = recorded;
      const Image alone = offscreen.render(*view, scene, {}, below.width, below.height);
      QCOMPARE(part(frame, below) == part(alone, {0, 0, below.width, below.height}), recorded);
    }
  }

  void two_sides_stand_side_by_side_and_each_shows_its_own_run() {
    const auto strong = planted(12.0), weak = planted(2.0);
    FilmPainter alike(script(R"("score_heatmap")", true), {strong, strong}, kShape),
        apart(script(R"("score_heatmap")", true), {strong, weak}, kShape);
    const auto tiles = tilesOf({0, 98, 640, 480 - 98 - 58}, 2, 1, 4);
    const Image same = alike.draw(1.0), different = apart.draw(1.0);
    QVERIFY(part(same, tiles[0][0]) == part(same, tiles[1][0]));
    QVERIFY(part(different, tiles[0][0]) == part(same, tiles[0][0]));
    QVERIFY(part(different, tiles[1][0]) != part(same, tiles[1][0]));
  }

  void tiles_lie_inside_their_area_and_not_on_each_other() {
    for (const int sides : {1, 2})
      for (int views = 1; views <= 17; ++views)
        for (const Tile& area : {Tile{0, 60, 1280, 600}, Tile{3, 10, 641, 399}}) {
          std::vector<Tile> all;
          for (const auto& side : tilesOf(area, sides, views, 4)) {
            QCOMPARE(side.size(), std::size_t(views));
            all.insert(all.end(), side.begin(), side.end());
          }
          for (std::size_t i = 0; i < all.size(); ++i) {
            const Tile& a = all[i];
            QVERIFY(a.width >= 40 && a.height >= 40 && a.x >= area.x && a.y >= area.y && a.x + a.width <= area.x + area.width &&
                    a.y + a.height <= area.y + area.height);
            for (std::size_t j = 0; j < i; ++j) {
              const Tile& b = all[j];
              QVERIFY(a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y);
            }
          }
        }
  }

  void what_cannot_be_read_stops_the_film_with_its_time() {
    FilmPainter painter(script(R"("load_bars")", false), {std::make_shared<Timeline>(), nullptr}, kShape);
    try {
      painter.draw(1.5);
      QFAIL("nothing was thrown");
    } catch (const std::runtime_error& error) {
      QVERIFY(std::string(error.what()).find("at 1.5 s of the film") != std::string::npos);
    }
  }

  void tiles_of_both_sides_have_the_pixels_of_the_same_document_without_a_window() {
    Document document = documentOf(smallKnobs());
    document.sides[0].knobs.router = "topk";
    document.sides[1] = document.sides[0];
    document.sides[1].knobs.router = "grmoe";
    document.sides[0].lens.concentration = document.sides[1].lens.concentration = 2.0f;
    document.compares = true;
    Controller controller(document);
    QTRY_VERIFY_WITH_TIMEOUT(controller.scene().routing && controller.on(1).scene().routing && controller.on(1).scene().beside,
                             60000);
    controller.engine().playUntil(6);
    controller.on(1).engine().playUntil(6);
    QTRY_VERIFY_WITH_TIMEOUT(
        controller.scene().snapshot->step == 6 && controller.on(1).scene().snapshot->step == 6 && controller.settled(), 60000);
    std::array<Scene, 2> scenes;
    for (const int side : {0, 1})
      scenes[std::size_t(side)] = assembleScene(*controller.on(side).timeline(), controller.document(), side);
    putBeside(scenes[0], scenes[1]);
    for (const char* name : {"load_bars", "expert_subspaces"}) {
      const ViewDeclaration& declaration = *std::find_if(viewRegistry().begin(), viewRegistry().end(),
                                                         [&](const ViewDeclaration& view) { return view.name == name; });
      for (const int side : {0, 1}) {
        const auto [window, theme] = tileOf(declaration, controller, side);
        Offscreen offscreen;
        const auto view = declaration.make();
        const auto drawn = [&](const Scene& scene) {
          return faultOf(window, offscreen.render(*view, scene, theme, window.width(), window.height()));
        };
        const std::string fault = drawn(scenes[std::size_t(side)]);
        QVERIFY2(fault.empty(), (name + std::string(", side ") + "AB"[side] + ": " + fault).c_str());
        QVERIFY(!drawn(scenes[std::size_t(1 - side)]).empty());
      }
    }
  }

  void a_tile_of_the_window_has_the_pixels_of_a_picture_without_one() {
    Controller controller(documentOf(smallKnobs()));
    for (const ViewDeclaration& declaration : viewRegistry()) {
      if (declaration.name != "score_polygon" && declaration.name != "load_bars" && declaration.name != "expert_subspaces")
        continue;
      QTRY_VERIFY_WITH_TIMEOUT(controller.scene().routing != nullptr, 60000);
      auto [window, theme] = tileOf(declaration, controller, 0);
      Offscreen offscreen;
      const auto view = declaration.make();
      const Image picture = offscreen.render(*view, controller.scene(), theme, window.width(), window.height());
      const std::string fault = faultOf(window, picture);
      QVERIFY2(fault.empty(), (declaration.name + ": " + fault).c_str());
      theme.textScale = 1.05;
      QVERIFY(!faultOf(window, offscreen.render(*view, controller.scene(), theme, window.width(), window.height()))
                   .empty());  // a picture that is another one
    }
  }
};

MOESCOPE_TEST(TestFilmPainter)
#include "test_film_painter.moc"
