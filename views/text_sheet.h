#pragma once
// All words of a view as one textured shape. The font draws words when they are to be seen, and those that stood in the picture
// before not again, wherever they stand now; nothing is sent to OpenGL once more where no words changed.

#include <vtkCellArray.h>
#include <vtkFloatArray.h>
#include <vtkNew.h>
#include <vtkPoints.h>
#include <vtkPolyData.h>
#include <vtkRenderer.h>
#include <vtkTexture.h>
#include <vtkTexturedActor2D.h>

#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "views/palette.h"

namespace moescope {

/// Where the words lie about their anchor: along them.
enum class Align { Left, Centre, Right };

/// Words as the font draws them.
struct Lettering {
  std::string words;
  int height = 0;  ///< of the font, device pixels
  bool bold = false, upward = false;
  Align align = Align::Left;
  Color color{};
  Color ground{};      ///< of the patch that lies behind the words
  double patch = 0.0;  ///< its opacity

  auto operator<=>(const Lettering&) const = default;
};

class TextSheet {
 public:
  TextSheet();
  ~TextSheet();
  TextSheet(const TextSheet&) = delete;
  TextSheet& operator=(const TextSheet&) = delete;
  /// Above what the renderer holds already.
  void addTo(vtkRenderer* renderer) {
    renderer->RemoveActor2D(actor_);
    renderer->AddActor2D(actor_);
  }

  void begin() { places_.clear(); }
  /// Words with their anchor at a device pixel: half their height up, and as they are aligned.
  void add(Lettering lettering, int x, int y);
  void end();

 private:
  /// RGBA, rows from the bottom up, and where it lies in the sheet.
  struct Stamp {
    int width = 0, height = 0;
    int left = 0, foot = 0;  ///< of its lower left corner, from the anchor
    std::vector<std::uint8_t> pixels;
    int x = 0, y = 0;        ///< and in the sheet
    bool used = false;
  };
  struct Place {
    Lettering lettering;
    int x = 0, y = 0;

    bool operator==(const Place&) const = default;
  };

  /// Tells when it is about to be drawn.
  class Actor : public vtkTexturedActor2D {
   public:
    static Actor* New();
    vtkTypeMacro(Actor, vtkTexturedActor2D);
    int RenderOverlay(vtkViewport* viewport) override {
      before();
      return vtkTexturedActor2D::RenderOverlay(viewport);
    }
    std::function<void()> before;

   protected:
    Actor() = default;
  };

  static Stamp drawn(const Lettering& lettering);
  void prepare();
  void layOut();
  void build();

  std::map<Lettering, Stamp> stamps_;   ///< of the words that were drawn last
  std::vector<Place> places_, drawn_;  ///< the words as they are, and as they were drawn last
  int width_ = 0, height_ = 0;  ///< of the sheet
  vtkNew<vtkPoints> points_;
  vtkNew<vtkFloatArray> corners_;  ///< in the texture
  vtkNew<vtkCellArray> quads_;
  vtkNew<vtkPolyData> shape_;
  vtkNew<vtkTexture> texture_;
  vtkNew<Actor> actor_;
};

}  // namespace moescope
