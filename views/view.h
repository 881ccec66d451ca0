#pragma once
// A view is a pure function of a Scene: it owns one VTK scene, draws it anew and remembers nothing of the one before.

#include <vtkRenderer.h>
#include <vtkSmartPointer.h>

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/data/data_table.h"
#include "views/camera.h"
#include "views/scene.h"
#include "views/view_option.h"

namespace moescope {

/// Colours and sizes of everything drawn.
struct Theme {
  bool dark = true;
  double textScale = 1.0;  ///< 1 = normal window, 1.5 = projector; in a small view text grows less, so that a picture is left
  bool titles = true;      ///< false where the window shows the view's title itself
  double corner = 0.0;     ///< side of a square in the upper right corner that no words enter: a button stands there
  double pixelRatio =
      1.0;  ///< device pixels per device-independent one: a view is laid out in the latter and drawn that much sharper

  bool transparent = false;  ///< nothing lies behind what is drawn
  bool plainClouds = false;  ///< the processor places every token, as where OpenGL cannot (views/token_cloud.h)

  bool operator==(const Theme&) const = default;
};

/// The pixel ratio for a picture of this many pixels: 1 up to 1200 x 900, beyond as much as it is larger, so that what is drawn
/// grows with it.
double pictureRatio(int width, int height);

/// What lies under the pointer. -1: nothing of that kind.
struct Pick {
  int expert = -1, token = -1, domain = -1;
  std::string text;  ///< the number under the pointer with its name and unit
  int other = -1;    ///< the second expert, where what lies there is a pair
};

struct VectorDrawing;

class View {
 public:
  virtual ~View() = default;
  virtual vtkRenderer* renderer() = 0;
  virtual void update(const Scene& scene, const Theme& theme) = 0;
  /// As update(), and what it drew: shapes and words; of a 3-D view all but what the camera sees.
  virtual VectorDrawing drawingOf(const Scene& scene, const Theme& theme) = 0;
  /// Display coordinates in pixels, origin at the renderer's lower left.
  virtual Pick pick(int x, int y) = 0;
  /// What lies inside an outline of such coordinates, each once: tokens where there are some, else experts, else domains.
  virtual Selection within(const std::vector<std::array<double, 2>>& /*outline*/) { return {}; }
  /// Whether the mouse turns and moves the camera (3-D) or the view is a fixed chart.
  virtual bool hasCamera() const { return false; }
  Camera camera();
  /// Shown with the next picture.
  void setCamera(const Camera& camera);
};

/// What somebody reads who asks of a view "what is this?".
struct Explanation {
  std::string definition;                             ///< of what is drawn, one to three sentences
  std::function<std::string(const Scene&)> formula;   ///< with the scene's numbers in it; called with a snapshot and its routing
  std::string lookFor;                                ///< one or two sentences
};

/// What a view can show of a capture, which tells choices of experts only.
enum class OfCaptures { Nothing, RoutedLayer, Everything };
/// Whether a view is to show what a checkpoint's shared experts add, which takes reading all its experts.
bool wantsSharedNorms(const std::map<std::string, std::map<std::string, std::string>>& viewOptions);

/// Why a scene's capture cannot be shown so; empty: it can, or the scene has none.
std::string whyNotOfCapture(const Scene& scene, OfCaptures shown);

struct ViewDeclaration {
  std::string name, title, help;  ///< name: stable id for the command line and layouts
  std::function<std::unique_ptr<View>()> make;
  std::function<DataTable(const Scene&)> numbers = {};  ///< what the picture shows; see dataBehind()
  std::string group = "Routing";  ///< views of one group are shown together
  std::vector<ViewOption> options = {};
  std::function<std::unique_ptr<View>()> makeDifference =
      {};  ///< draws what the scene beside has more than the scene; none: it would mean nothing
  Explanation about = {};
  OfCaptures captures = OfCaptures::Nothing;
};

/// The numbers that a view draws of a scene, whatever the picture's size, with what they were read from. Throws
/// std::runtime_error with the sentence that stands in the picture's place where there is none.
DataTable dataBehind(const ViewDeclaration& view, const Scene& scene);

/// Every view, in the order of the default layout.
const std::vector<ViewDeclaration>& viewRegistry();

}  // namespace moescope
