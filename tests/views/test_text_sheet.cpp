// Words on a sheet against VTK's own text actors, one for each of the words, as the plain way to draw them.

#include <vtkActor2DCollection.h>
#include <vtkNew.h>
#include <vtkTextActor.h>
#include <vtkTextProperty.h>
#include <vtkTexturedActor2D.h>

#include <QTest>

#include "tests/support/planted_scene.h"
#include "tests/support/test_class.h"
#include "views/flat_view.h"
#include "views/offscreen.h"

using namespace moescope;

namespace {

constexpr int kWidth = 700, kHeight = 520;

/// One for all tests: with every new one X servers may reset in between.
Offscreen& surface() {
  static Offscreen offscreen;
  return offscreen;
}

vtkSmartPointer<vtkTextActor> plainActor(const DrawnText& text, const Theme& theme) {
  const auto actor = vtkSmartPointer<vtkTextActor>::New();
  vtkTextProperty* property = actor->GetTextProperty();
  property->SetFontFamily(VTK_FONT_FILE);
  property->SetFontFile(fontFile(text.bold).c_str());
  property->SetFontSize(devicePixels(text.height, theme.pixelRatio));
  property->SetColor(text.color[0], text.color[1], text.color[2]);
  property->SetJustification(text.align == Align::Left     ? VTK_TEXT_LEFT
                             : text.align == Align::Centre ? VTK_TEXT_CENTERED
                                                           : VTK_TEXT_RIGHT);
  property->SetVerticalJustificationToCentered();
  const Color background = backgroundColor(theme);
  property->SetBackgroundColor(background[0], background[1], background[2]);
  property->SetBackgroundOpacity(text.patch);
  actor->SetOrientation(text.upward ? 90.0 : 0.0);
  actor->SetInput(text.words.c_str());
  actor->GetPositionCoordinate()->SetCoordinateSystemToViewport();
  const Point at = anchorOf(text);
  actor->SetPosition(std::round(at.x * theme.pixelRatio), std::round(at.y * theme.pixelRatio));
  return actor;
}

/// Draws as another view does, and its words by VTK's text actors.
class Plainly : public View {
 public:
  explicit Plainly(std::unique_ptr<View> view) : view_(std::move(view)) {}
  vtkRenderer* renderer() override { return view_->renderer(); }
  void update(const Scene& scene, const Theme& theme) override {
    view_->update(scene, theme);
    for (const auto& sheet : sheets()) renderer()->RemoveActor2D(sheet);
    for (const auto& actor : actors_) renderer()->RemoveActor2D(actor);
    actors_.clear();
    for (const DrawnText& text : dynamic_cast<FlatView&>(*view_).texts()) {
      actors_.push_back(plainActor(text, theme));
      renderer()->AddActor2D(actors_.back());
    }
  }
  VectorDrawing drawingOf(const Scene& scene, const Theme& theme) override { return view_->drawingOf(scene, theme); }
  Pick pick(int x, int y) override { return view_->pick(x, y); }
  std::size_t words() const { return actors_.size(); }

 private:
  std::vector<vtkSmartPointer<vtkActor2D>> sheets() {
    std::vector<vtkSmartPointer<vtkActor2D>> found;
    vtkActor2DCollection* all = renderer()->GetActors2D();
    all->InitTraversal();
    while (vtkActor2D* next = all->GetNextActor2D())
      if (next->IsA("vtkTexturedActor2D") && !next->IsA("vtkTextActor")) found.emplace_back(next);
    return found;
  }

  std::unique_ptr<View> view_;
  std::vector<vtkSmartPointer<vtkTextActor>> actors_;
};

/// How many pixels are not the same.
std::size_t unlike(const Image& a, const Image& b) {
  if (a.pixels.size() != b.pixels.size()) return std::max(a.pixels.size(), b.pixels.size());
  std::size_t count = 0;
  for (std::size_t i = 0; i < a.pixels.size(); i += 3) count += !std::equal(&a.pixels[i], &a.pixels[i] + 3, &b.pixels[i]);
  return count;
}

Scene sceneOf(float concentration, int experts = 8) {
  testing::PlantedShape shape;
  shape.experts = experts;
  Scene scene = testing::sceneOf(testing::plantedSnapshot(shape), concentration);
  scene.selection.experts = {1, 3};
  return scene;
}

}  // namespace

class TestTextSheet : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void every_pixel_of_every_view_is_that_of_plain_text_actors_data() {
    QTest::addColumn<bool>("dark");
    QTest::addColumn<double>("ratio");
    QTest::newRow("dark") << true << 1.0;
    QTest::newRow("light") << false << 1.0;
    QTest::newRow("light, twice the pixels") << false << 2.0;
    QTest::newRow("dark, a fraction of pixels") << true << 1.25;
  }
  void every_pixel_of_every_view_is_that_of_plain_text_actors() {
    QFETCH(bool, dark);
    QFETCH(double, ratio);
    Theme theme;
    theme.dark = dark;
    theme.pixelRatio = ratio;
    for (const ViewDeclaration& declaration : viewRegistry()) {
      const auto view = declaration.make();
      Plainly plain(declaration.make());
      for (const float concentration : {0.7f, 3.0f}) {  // the second picture keeps what it can of the first
        const Scene scene = sceneOf(concentration);
        const Image image = surface().render(*view, scene, theme, kWidth, kHeight),
                    wanted = surface().render(plain, scene, theme, kWidth, kHeight);
        QVERIFY2(plain.words() > 2 && unlike(image, wanted) == 0, qPrintable(QString("%1 at %2: %3 of its pixels are others")
                                                                                 .arg(declaration.name.c_str())
                                                                                 .arg(concentration)
                                                                                 .arg(unlike(image, wanted))));
      }
    }
  }

  void words_that_move_change_or_go_are_drawn_as_they_are_now() {
    for (const ViewDeclaration& declaration : viewRegistry()) {
      const auto view = declaration.make();
      for (const int experts : {8, 4, 16, 4}) {
        const Scene scene = sceneOf(1.0f, experts);
        const Image image = surface().render(*view, scene, {}, kWidth, kHeight),
                    alone = surface().render(*declaration.make(), scene, {}, kWidth, kHeight);
        QVERIFY2(image.pixels == alone.pixels, qPrintable(QString("%1, %2 experts").arg(declaration.name.c_str()).arg(experts)));
      }
    }
  }
};

MOESCOPE_TEST(TestTextSheet)
#include "test_text_sheet.moc"
