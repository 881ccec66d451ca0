#include "views/token_cloud.h"

#include <vtk_glew.h>
#include <vtkCamera.h>
#include <vtkMatrix4x4.h>
#include <vtkObjectFactory.h>
#include <vtkOpenGLBufferObject.h>
#include <vtkOpenGLRenderWindow.h>
#include <vtkOpenGLShaderCache.h>
#include <vtkOpenGLState.h>
#include <vtkOpenGLVertexArrayObject.h>
#include <vtkPropCollection.h>
#include <vtkRenderer.h>
#include <vtkShaderProgram.h>
#include <vtkTextureObject.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <numbers>
#include <set>
#include <utility>

#include "core/reading/choosing.h"

namespace moescope {
namespace {

const std::string& shaderText(const std::string& name) {
  static const std::map<std::string, std::string> texts = {
#include "shader_files.inc"
  };
  return texts.at(name);
}

int limitOf(GLenum what) {
  GLint value = 0;
  glGetIntegerv(what, &value);
  return value;
}

/// Values in a texture that a shader reads by number, sent only when they change.
class BufferTexture {
 public:
  /// Bytes that were sent.
  template <typename Value>
  std::size_t send(vtkOpenGLRenderWindow* window, const Value* values, std::size_t count, int components) {
    const std::size_t bytes = count * components * sizeof(Value);
    texture_->SetContext(window);
    buffer_->GenerateBuffer(vtkOpenGLBufferObject::TextureBuffer);
    buffer_->Upload(values, count * components, vtkOpenGLBufferObject::TextureBuffer);
    texture_->CreateTextureBuffer(static_cast<unsigned>(count), components, VTK_FLOAT, buffer_);
    return bytes;
  }
  /// The same where they differ from what was sent last.
  template <typename Value>
  std::size_t sendChanged(vtkOpenGLRenderWindow* window, const std::vector<Value>& values, int components) {
    const auto* first = reinterpret_cast<const float*>(values.data());
    const std::size_t count = values.size() * sizeof(Value) / sizeof(float);
    if (count == last_.size() && std::memcmp(first, last_.data(), count * sizeof(float)) == 0) return 0;
    last_.assign(first, first + count);
    return send(window, first, count / static_cast<std::size_t>(components), components);
  }
  vtkTextureObject* texture() { return texture_; }
  void release(vtkWindow* window) {
    texture_->ReleaseGraphicsResources(window);
    buffer_->ReleaseGraphicsResources();
    last_.clear();
  }

 private:
  vtkNew<vtkTextureObject> texture_;
  vtkNew<vtkOpenGLBufferObject> buffer_;
  std::vector<float> last_;
};

/// Scores or gates that lie on the GPU.
struct HeldValues {
  const RowMatrix* values = nullptr;
  std::shared_ptr<const void> owner;
  BufferTexture texture;
};

constexpr std::size_t kHeldValues =
    4;  // layers, or scores and gates, between which one goes to and fro without sending them anew

}  // namespace

struct TokenCloud::Resources {
  std::vector<std::unique_ptr<HeldValues>> values;  // the one used last stands last
  BufferTexture tokens, experts, shades;
  vtkNew<vtkOpenGLVertexArrayObject> array;  // a core profile draws nothing without one
  vtkOpenGLRenderWindow* window = nullptr;   // where all this lies
  bool refused = false, slow = false;        // that window's OpenGL cannot draw it; it is a software renderer

  std::size_t hold(const CloudRule& rule) {
    const auto found = std::find_if(values.begin(), values.end(),
                                    [&](const auto& each) { return each->values == rule.values && each->owner == rule.owner; });
    if (found != values.end()) {
      std::rotate(found, found + 1, values.end());
      return 0;
    }
    if (values.size() == kHeldValues) {
      values.front()->texture.release(window);
      values.erase(values.begin());
    }
    values.push_back(std::make_unique<HeldValues>());
    values.back()->values = rule.values;
    values.back()->owner = rule.owner;
    return values.back()->texture.send(window, rule.values->data(), static_cast<std::size_t>(rule.values->size()), 1);
  }
  void release() {
    for (const auto& each : values) each->texture.release(window);
    values.clear();
    for (BufferTexture* each : {&tokens, &experts, &shades}) each->release(window);
    array->ReleaseGraphicsResources();
    window = nullptr;
    refused = slow = false;
  }
};

CloudRule cloudRuleOf(const Scene& scene) {
  const LayerSnapshot& layer = scene.snapshot->layers[static_cast<std::size_t>(scene.routing->layer)];
  const TrainedRule& trained = layer.rule;
  const GatingRule& gating = scene.lens.gating;
  CloudRule rule;
  rule.values =
      &(scene.lens.source == GateSource::Trained && layer.posteriorScores.size() > 0 ? layer.posteriorScores : layer.scores);
  rule.owner = scene.snapshot;
  const auto given = [&](const RowMatrix& gates, std::shared_ptr<const void> owner) {
    rule.policy = CloudRule::Given;
    rule.values = &gates;
    rule.owner = std::move(owner);
    return rule;
  };
  if (scene.routing->base.size() != scene.routing->gates.cols()) return given(scene.routing->gates, scene.routing);
  switch (gating.policy) {
    case GatingPolicy::Soft: rule.policy = CloudRule::Soft; return rule;
    case GatingPolicy::TopK:
      rule.policy = CloudRule::TopK;
      rule.kept = std::clamp(gating.k, 1, static_cast<int>(scene.routing->gates.cols()));
      return rule;
    case GatingPolicy::TopP:
      rule.policy = CloudRule::TopP;
      rule.mass = gating.mass;
      return rule;
    case GatingPolicy::Threshold:
      rule.policy = CloudRule::Threshold;
      rule.threshold = gating.threshold;
      return rule;
    case GatingPolicy::AsTrained: break;
  }
  if (trained.choice == TrainedRule::Choice::All) {
    rule.policy = CloudRule::Soft;
    return rule;
  }
  if (keepsTrainedGates(layer, scene.lens)) return given(layer.trainedGates, scene.snapshot);
  if (trained.choice != TrainedRule::Choice::PerToken || trained.groups > 1 || trained.capacityFactor > 0.0)
    return given(scene.routing->gates, scene.routing);
  rule.policy = CloudRule::TopK;
  rule.kept = std::clamp(trained.chosen, 1, static_cast<int>(scene.routing->gates.cols()));
  rule.bias = trained.choiceBias;
  rule.rank = rule.bias.size() == 0 ? CloudRule::ByLogit : trained.rankedByAffinity ? CloudRule::ByAffinity : CloudRule::ByShare;
  rule.normalised = trained.renormalised;
  rule.affinity = trained.affinityGates;
  rule.scaling = trained.scaling;
  return rule;
}

CloudPicture cloudPictureOf(const Scene& scene, const TokenColours& colours) {
  CloudPicture picture;
  picture.rule = cloudRuleOf(scene);
  const Routing& routing = *scene.routing;
  picture.concentration =
      choiceConcentration(scene.lens, scene.snapshot->layers[static_cast<std::size_t>(routing.layer)].rule);
  picture.baseFactor = scene.lens.reading == ConcentrationReading::Tempered ? picture.concentration : 1.0f;
  for (Eigen::Index e = 0; e < routing.gates.cols(); ++e)
    picture.experts.push_back({0.0f, 0.0f, routing.base.size() > 0 ? static_cast<float>(routing.base[e]) : 0.0f,
                               picture.rule.bias.size() > 0 ? picture.rule.bias[e] : 0.0f});
  const Selection& selection = scene.selection;
  picture.selected = selection.experts;
  const std::set<int> chosen(selection.tokens.begin(), selection.tokens.end());
  const bool asOfEntropy = colours.byEntropy() && picture.rule.policy != CloudRule::Given;
  picture.tokens.resize(static_cast<std::size_t>(routing.gates.rows()));
  for (std::size_t t = 0; t < picture.tokens.size(); ++t) {
    CloudToken& token = picture.tokens[t];
    const auto number = static_cast<Eigen::Index>(t);
    const bool faint = selection.leavesOutDomain(scene.snapshot->probe->domain[t]) ||
                       (chosen.size() > 1 && !chosen.contains(static_cast<int>(t)));
    token.mark = static_cast<float>(static_cast<int>(colours.markOf(number)) + (faint ? 8 : 0));
    if (!asOfEntropy) token.colour = packed(colours.of(number));
  }
  for (std::size_t i = 0; asOfEntropy && i < picture.shades.size(); ++i)
    picture.shades[i] = colours.ofEntropy(static_cast<double>(i) / static_cast<double>(picture.shades.size() - 1));
  return picture;
}

float packed(const Color& colour) {
  float all = 0.0f;
  for (const double part : colour) all = 256.0f * all + static_cast<float>(std::lround(std::clamp(part, 0.0, 1.0) * 255.0));
  return all;
}

vtkStandardNewMacro(TokenCloud);

TokenCloud::TokenCloud() : resources_(std::make_unique<Resources>()) {}
TokenCloud::~TokenCloud() = default;

void TokenCloud::show(CloudPicture picture, std::function<void()> plainly, vtkProp* plain) {
  plain_ = plain;
  picture_ = std::move(picture);
  plainly_ = std::move(plainly);
  shows_ = true;
  vtkBoundingBox box;
  if (picture_.spatial)
    for (const CloudToken& token : picture_.tokens) box.AddPoint(token.x, token.y, token.z);
  if (box.IsValid()) box.GetBounds(bounds_.data());
  Modified();
}

double* TokenCloud::GetBounds() { return shows_ && picture_.spatial && !picture_.tokens.empty() ? bounds_.data() : nullptr; }

TokenCloud* TokenCloud::of(vtkRenderer* renderer) {
  vtkPropCollection* props = renderer->GetViewProps();
  vtkCollectionSimpleIterator at;
  props->InitTraversal(at);
  while (vtkProp* prop = props->GetNextProp(at))
    if (auto* cloud = SafeDownCast(prop)) return cloud;
  return nullptr;
}

std::string TokenCloud::fault(vtkRenderWindow* window) {
  auto* there = vtkOpenGLRenderWindow::SafeDownCast(window);
  if (!there) return "this VTK does not draw with OpenGL";
  int major = 0, minor = 0;
  there->GetOpenGLVersion(major, minor);
  if (major * 10 + minor < 33) return "OpenGL 3.3 is needed, this is " + std::to_string(major) + "." + std::to_string(minor);
  const auto program = there->GetShaderCache()->ReadyShaderProgram(shaderText("token_cloud.vert").c_str(),
                                                                   shaderText("token_cloud.frag").c_str(), "");
  if (!program) return "the driver does not compile them";
  there->GetShaderCache()->ReleaseCurrentShader();
  return {};
}

std::string TokenCloud::drawback(vtkRenderWindow* window) {
  window->MakeCurrent();
  const auto* name = reinterpret_cast<const char*>(glGetString(GL_RENDERER));
  const std::string renderer = name ? name : "";
  for (const char* each : {"llvmpipe", "softpipe", "swr", "Software Rasterizer", "SwiftShader", "Microsoft Basic Render",
                           "GDI Generic", "Apple Software Renderer"})
    if (renderer.find(each) != std::string::npos)
      return renderer.substr(0, renderer.find(' ')) + " is a software renderer: the processor is quicker without a shader";
  return {};
}

int TokenCloud::RenderOverlay(vtkViewport* viewport) { return shows_ && !picture_.spatial ? drawOrLeave(viewport) : 0; }
int TokenCloud::RenderTranslucentPolygonalGeometry(vtkViewport* viewport) {
  return shows_ && picture_.spatial ? drawOrLeave(viewport) : 0;
}

int TokenCloud::drawOrLeave(vtkViewport* viewport) {
  if (draw(viewport)) return 1;
  if (!plainly_) return 0;
  std::exchange(plainly_, nullptr)();
  return plain_ ? plain_->RenderTranslucentPolygonalGeometry(viewport) : 0;
}

bool TokenCloud::drawsNoneIn(vtkRenderWindow* window) const {
  return window && resources_->window == window && (resources_->refused || (resources_->slow && !onAnyRenderer_));
}

bool TokenCloud::draw(vtkViewport* viewport) {
  auto* renderer = vtkRenderer::SafeDownCast(viewport);
  auto* window = vtkOpenGLRenderWindow::SafeDownCast(renderer->GetRenderWindow());
  if (picture_.tokens.empty()) return true;
  if (resources_->window != window) {
    if (resources_->window) resources_->release();
    resources_->window = window;
    resources_->refused = !fault(window).empty();
    resources_->slow = !drawback(window).empty();
  }
  const auto experts = static_cast<int>(picture_.experts.size());
  if (drawsNoneIn(window) || experts > kMostCloudExperts || picture_.rule.values->size() > limitOf(GL_MAX_TEXTURE_BUFFER_SIZE))
    return false;
  vtkShaderProgram* program = window->GetShaderCache()->ReadyShaderProgram(shaderText("token_cloud.vert").c_str(),
                                                                           shaderText("token_cloud.frag").c_str(), "");
  if (!program) return false;
  std::vector<std::array<float, 4>> shades;
  for (const Color& shade : picture_.shades)
    shades.push_back({static_cast<float>(shade[0]), static_cast<float>(shade[1]), static_cast<float>(shade[2]), 1.0f});
  sent_ += resources_->hold(picture_.rule);
  sent_ += resources_->tokens.sendChanged(window, picture_.tokens, 4);
  sent_ += resources_->experts.sendChanged(window, picture_.experts, 4);
  sent_ += resources_->shades.sendChanged(window, shades, 4);
  const std::pair<const char*, vtkTextureObject*> textures[] = {{"values", resources_->values.back()->texture.texture()},
                                                               {"tokens", resources_->tokens.texture()},
                                                               {"experts", resources_->experts.texture()},
                                                               {"shades", resources_->shades.texture()}};
  for (const auto& [name, texture] : textures) {
    texture->Activate();
    program->SetUniformi(name, texture->GetTextureUnit());
  }
  const CloudRule& rule = picture_.rule;
  program->SetUniformi("count", experts);
  program->SetUniformf("concentration", picture_.concentration);
  program->SetUniformf("baseFactor", picture_.baseFactor);
  program->SetUniformi("policy", rule.policy);
  program->SetUniformi("keptCount", rule.kept);
  program->SetUniformi("rank", rule.rank);
  program->SetUniformf("keptMass", rule.mass);
  program->SetUniformf("threshold", rule.threshold);
  program->SetUniformi("normalised", rule.normalised);
  program->SetUniformi("affinity", rule.affinity);
  program->SetUniformf("scaling", rule.scaling);
  std::array<int, kMostCloudExperts / 32> bits{};
  for (const int e : picture_.selected)
    if (e >= 0 && e < kMostCloudExperts) bits[static_cast<std::size_t>(e / 32)] |= static_cast<int>(1u << (e % 32));
  program->SetUniform1iv("selected", static_cast<int>(bits.size()), bits.data());
  program->SetUniformi("someSelected", !picture_.selected.empty());
  program->SetUniformi("spatial", picture_.spatial);
  int size[2], origin[2];
  renderer->GetTiledSizeAndOrigin(size, size + 1, origin, origin + 1);
  if (picture_.spatial) {
    const vtkNew<vtkMatrix4x4> seen;
    seen->DeepCopy(
        renderer->GetActiveCamera()->GetCompositeProjectionTransformMatrix(renderer->GetTiledAspectRatio(), -1.0, 1.0));
    seen->Transpose();
    program->SetUniformMatrix("view", seen);
  }
  std::array<float, kMostCloudExperts> discs{};
  std::copy(picture_.discs.begin(), picture_.discs.end(), discs.begin());
  program->SetUniform4fv("discs", kMostCloudExperts / 4, discs.data());
  const float centre[] = {static_cast<float>(picture_.centre.x), static_cast<float>(picture_.centre.y)},
              pixels[] = {static_cast<float>(size[0]), static_cast<float>(size[1])},
              place[] = {static_cast<float>(origin[0]), static_cast<float>(origin[1])},
              opacity[] = {static_cast<float>(picture_.opacity[0]), static_cast<float>(picture_.opacity[1])};
  program->SetUniform2f("centre", centre);
  program->SetUniform2f("viewport", pixels);
  program->SetUniform2f("origin", place);
  program->SetUniform2f("opacity", opacity);
  program->SetUniformf("radius", static_cast<float>(picture_.radius));
  program->SetUniformf("size", static_cast<float>(picture_.size));
  program->SetUniformf("ratio", static_cast<float>(picture_.ratio));
  const double mark = picture_.size * picture_.ratio, reach = picture_.spatial ? mark : 1.5 * mark + 1.0;
  const int sides = discSides(mark);
  program->SetUniformf("markRadius", static_cast<float>(mark));
  program->SetUniformf("discRadius", static_cast<float>(mark * std::sqrt(sides / (2.0 * std::numbers::pi) *
                                                                         std::sin(2.0 * std::numbers::pi / sides))));
  vtkOpenGLState* state = window->GetState();
  const vtkOpenGLState::ScopedglDepthMask depth(state);
  state->vtkglDepthMask(GL_FALSE);
  const vtkOpenGLState::ScopedglEnableDisable test(state, GL_DEPTH_TEST), blend(state, GL_BLEND);
  if (!picture_.spatial) state->vtkglDisable(GL_DEPTH_TEST);  // as FlatMapper: nothing flat lies behind anything
  state->vtkglEnable(GL_BLEND);
  state->vtkglPointSize(static_cast<float>(2.0 * reach));
  resources_->array->Bind();
  glDrawArrays(GL_POINTS, 0, static_cast<GLsizei>(picture_.tokens.size()));
  resources_->array->Release();
  state->vtkglPointSize(1.0f);
  for (const auto& [name, texture] : textures) texture->Deactivate();
  return true;
}

void TokenCloud::ReleaseGraphicsResources(vtkWindow* window) {
  if (resources_->window) resources_->release();
  Superclass::ReleaseGraphicsResources(window);
}

}  // namespace moescope
