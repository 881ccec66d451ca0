#pragma once
// The tokens of a view, drawn by a vertex shader from their scores (shaders/token_cloud.vert): the lens is a few uniforms, so
// that moving a slider sends nothing but these. Where OpenGL cannot, the view draws them itself.

#include <vtkBoundingBox.h>
#include <vtkNew.h>
#include <vtkProp.h>
#include <vtkRenderWindow.h>
#include <vtkRenderer.h>

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/metrics/row_matrix.h"
#include "views/canvas.h"
#include "views/scene.h"
#include "views/token_colours.h"

namespace moescope {

/// As the shader reads a token; floats, for they travel as such.
struct CloudToken {
  float number = 0.0f;  ///< among the tokens that its leading expert leads
  float leader = -1.0f; ///< -1: no expert works on it; it is not drawn in a plane
  float colour = -1.0f; ///< 65536 red + 256 green + blue, each 0 to 255; -1: that of its entropy
  float mark = 0.0f;    ///< Mark, + 8 where it is faint whatever its gates
  float x = 0.0f, y = 0.0f, z = 0.0f, unused = 0.0f;  ///< in space
};

/// A colour as CloudToken has it.
float packed(const Color& colour);

/// Where a lens finds the gates of a token: in the scores, or given.
struct CloudRule {
  enum Policy { Soft, TopK, TopP, Threshold, Given };
  enum Rank { ByLogit, ByShare, ByAffinity };
  Policy policy = Given;
  Rank rank = ByLogit;
  int kept = 1;                 ///< TopK
  float mass = 1.0f, threshold = 0.0f;
  bool normalised = true,
       affinity = false;  ///< a gate is divided by the sum of the kept ones; else it is the probability, or exp(logit)
  float scaling = 1.0f;
  Eigen::VectorXf bias;         ///< N, added to the rank; empty: none
  const RowMatrix* values = nullptr;  ///< T x N: scores, or with Given the gates
  std::shared_ptr<const void> owner;  ///< of the values
};

/// The rule of a scene's lens. Given where the gates of one token depend on other tokens, or are kept as they were.
CloudRule cloudRuleOf(const Scene& scene);

struct CloudPicture {
  CloudRule rule;
  float concentration = 1.0f, baseFactor = 1.0f;
  std::vector<CloudToken> tokens;                 ///< T
  std::vector<std::array<float, 4>>
      experts;  ///< N: corner on the unit circle, what is added to the score, what is added to the rank
  std::vector<float> discs;                       ///< N: radius of a corner's disc; empty in space
  std::vector<int> selected;                      ///< experts; tokens of a gate below a quarter for all of these are faint
  bool spatial = false;
  Point centre;
  double radius = 1.0, size = 1.0, ratio = 1.0;   ///< size: of a mark; in space half the width of a point, device pixels
  std::array<double, 2> opacity{1.0, 0.1};        ///< in sight, and faint
  std::array<Color, 256> shades{};                ///< of entropies from 0 to log N
};

/// A scene's tokens without a place: colour and mark, which of them are faint for their domain or for being others than the
/// selected ones, and the experts without corners.
CloudPicture cloudPictureOf(const Scene& scene, const TokenColours& colours);

/// The greatest number of experts that the shader takes.
inline constexpr int kMostCloudExperts = 512;

class TokenCloud : public vtkProp {
 public:
  static TokenCloud* New();
  vtkTypeMacro(TokenCloud, vtkProp);

  /// Draws this from now on; `plainly` is called instead, within the first picture, where the shader cannot draw it. In space it
  /// fills `plain`, which was empty when the picture was begun and is therefore drawn at once.
  void show(CloudPicture picture, std::function<void()> plainly, vtkProp* plain = nullptr);
  void clear() { shows_ = false; }
  /// In an earlier picture the shader could not, or for its drawback() did not, draw in this window: the view need not build what
  /// show() takes.
  bool drawsNoneIn(vtkRenderWindow* window) const;
  /// From now on the shader draws on a software renderer too, for all its drawback().
  void drawOnAnyRenderer() { onAnyRenderer_ = true; }
  /// That of a view that has one; null: it has none.
  static TokenCloud* of(vtkRenderer* renderer);

  /// Why the shader cannot draw in a window that has drawn before; empty: it can.
  static std::string fault(vtkRenderWindow* window);
  /// Why the shader does not draw there although it could: a software renderer runs it on the processor, one vertex after the
  /// other, where it computes every token's gates anew that evaluate() has by then. Empty: it does.
  static std::string drawback(vtkRenderWindow* window);
  /// Bytes that were sent to the GPU for the clouds of this process so far, uniforms not counted.
  std::size_t sent() const { return sent_; }

  int RenderOverlay(vtkViewport* viewport) override;
  int RenderTranslucentPolygonalGeometry(vtkViewport* viewport) override;
  vtkTypeBool HasTranslucentPolygonalGeometry() override { return shows_ && picture_.spatial; }
  double* GetBounds() override;
  void ReleaseGraphicsResources(vtkWindow* window) override;

 protected:
  TokenCloud();
  ~TokenCloud() override;

 private:
  struct Resources;
  bool draw(vtkViewport* viewport);
  int drawOrLeave(vtkViewport* viewport);

  bool shows_ = false, onAnyRenderer_ = false;
  CloudPicture picture_;
  std::function<void()> plainly_;
  vtkProp* plain_ = nullptr;
  std::unique_ptr<Resources> resources_;
  std::array<double, 6> bounds_{};
  std::size_t sent_ = 0;
};

}  // namespace moescope
