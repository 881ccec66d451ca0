#include "core/checkpoint/capture_reader.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <stdexcept>

#include "core/checkpoint/capture_measures.h"
#include "core/checkpoint/capture_repeats.h"
#include "core/checkpoint/token_counts.h"
#include "core/words/words.h"

namespace moescope {
namespace {

constexpr int kStretches = 64;
constexpr std::streamsize kLookedAt = 1 << 20;  // bytes

Eigen::VectorXd presence(const CaptureMeasures& measures) { return measures.together.diagonal(); }

}  // namespace

bool looksLikeCapture(const std::filesystem::path& file) {
  std::error_code failed;
  if (!std::filesystem::is_regular_file(file, failed)) return false;
  std::string start(static_cast<std::size_t>(kLookedAt), '\0');
  std::ifstream stream(file, std::ios::binary);
  stream.read(start.data(), kLookedAt);
  start.resize(static_cast<std::size_t>(stream.gcount()));
  if (start.starts_with("\x93NUMPY") || start.starts_with("PK\x03\x04")) return true;
  const std::string end = file.extension().string();
  if (end == ".npy" || end == ".npz" || end == ".jsonl" || end == ".ndjson" || end == ".csv") return true;
  if (end != ".json") return false;
  return !std::filesystem::exists(file.parent_path() / "config.json", failed) ||
         start.find("routed_experts") != std::string::npos || start.find("\"activations\"") != std::string::npos;
}

std::vector<CaptureShape> captureShapes(const MoeCheckpoint& checkpoint) {
  const CaptureShape all{0, checkpoint.modelLayers(), checkpoint.chosen()},
      routed{0, static_cast<std::int64_t>(checkpoint.moeLayers().size()), checkpoint.chosen()};
  return all == routed ? std::vector{all} : std::vector{all, routed};
}

RoutingCapture readCaptureOf(const MoeCheckpoint& checkpoint, const std::filesystem::path& file, const CaptureReading& reading) {
  RoutingCapture capture =
      readCapture(file, reading.shape == CaptureShape{} ? captureShapes(checkpoint) : std::vector{reading.shape},
                  checkpoint.experts(), reading.type);
  if (reading.withoutIdentical) leaveOutIdenticalRows(capture);
  return capture;
}

int captureLayer(const RoutingCapture& capture, const MoeCheckpoint& checkpoint, int layer) {
  const std::vector<int>& routed = checkpoint.moeLayers();
  if (capture.layers == checkpoint.modelLayers()) return layer;
  if (capture.layers == static_cast<int>(routed.size()))
    return static_cast<int>(std::find(routed.begin(), routed.end(), layer) - routed.begin());
  throw std::runtime_error(translated("%1: expected %2 layers as in the model or %3 with a router, found %4", capture.file,
                                      std::to_string(checkpoint.modelLayers()), std::to_string(routed.size()),
                                      std::to_string(capture.layers)));
}

CaptureReader::CaptureReader(const std::filesystem::path& file, std::uint64_t generation, const MoeCheckpoint* checkpoint,
                             const CaptureReading& reading)
    : capture_(checkpoint ? readCaptureOf(*checkpoint, file, reading) : readCapture(file, reading)),
      generation_(generation),
      name_(file.filename().string()) {
  const CapturedExperts told = expertsOf(capture_, reading);
  experts_ = told.count;
  expertsFrom_ = translated(told.from);
  if (checkpoint) {
    experts_ = checkpoint->experts();
    expertsFrom_ = translated("as in %1", checkpoint->family());
    captureLayer(capture_, *checkpoint, checkpoint->moeLayers().front());  // throws where the layers do not fit
    if (capture_.layers != checkpoint->modelLayers()) capture_.layerNumbers = checkpoint->moeLayers();
  }
  for (int layer = 0; layer < capture_.layers; ++layer) loads_.push_back(loadsOf(capture_, layer, experts_));
}

SnapshotPointer CaptureReader::snapshot(int layer) const {
  auto captured = std::make_shared<CapturedRouting>();
  captured->tokens = capture_.tokens;
  captured->sequences = static_cast<std::int64_t>(capture_.starts.size());
  captured->chosen = capture_.chosen;
  captured->experts = experts_;
  captured->expertsFrom = expertsFrom_;
  captured->padding = capture_.padding;
  captured->repeated = capture_.repeated;
  captured->identical = identicalTokens(capture_);
  captured->leftOut = capture_.leftOut;
  captured->loads = loads_;
  captured->layer = layer;
  if (captured->routed()) {
    const CaptureMeasures measures = measureCapture(capture_, layer, experts_);
    captured->together = {measures.together, presence(measures), presence(measures)};
    captured->along = alongTokens(layer);
    const int after = nextRouted(layer);
    int before = layer - 1;
    while (before >= 0 && loads_[static_cast<std::size_t>(before)].size() == 0) --before;
    if (after < layers() || before >= 0) {
      captured->before = after < layers() ? layer : before;
      captured->after = after < layers() ? after : layer;
      captured->onwards = following(captured->before, captured->after);
    }
  }
  auto origin = std::make_shared<CheckpointOrigin>();
  origin->name = name_;
  origin->family = "capture";
  origin->format = capture_.format;
  for (int l = 0; l < layers(); ++l) origin->layerNumbers.push_back(number(l));
  origin->experts = experts_;
  origin->chosen = capture_.chosen;
  origin->rule = translated("experts as the engine chose them; %1 of them, %2", std::to_string(experts_), expertsFrom_);
  origin->tokens = translated("%1 in %2", tokensText(capture_.tokens), sequencesText(captured->sequences));
  origin->notes = capture_.notes.lines();
  if (!captured->routed())
    origin->notes.push_back(translated("layer %1 of this capture is not routed: every token carries the same id %2 times",
                                       std::to_string(number(layer)), std::to_string(capture_.chosen)));
  auto probe = std::make_shared<Probe>();
  probe->domainNames = {"capture"};
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->generation = generation_;
  snapshot->router = "capture";
  snapshot->trainingLoss = snapshot->heldOutLoss = std::numeric_limits<double>::quiet_NaN();
  snapshot->probe = probe;
  snapshot->layers.resize(static_cast<std::size_t>(layers()));
  snapshot->checkpoint = origin;
  snapshot->capture = captured;
  return snapshot;
}

JointChoices CaptureReader::following(int before, int after) const {
  JointChoices joint{Eigen::MatrixXd::Zero(experts_, experts_), loads_[static_cast<std::size_t>(before)] * capture_.chosen,
                     loads_[static_cast<std::size_t>(after)] * capture_.chosen};
  for (std::int64_t t = 0; t < capture_.tokens; ++t)
    for (int i = 0; i < capture_.chosen; ++i)
      for (int j = 0; j < capture_.chosen; ++j) joint.share(capture_.id(t, before, i), capture_.id(t, after, j)) += 1.0;
  joint.share /= static_cast<double>(capture_.tokens);
  return joint;
}

Eigen::MatrixXd CaptureReader::alongTokens(int layer) const {
  const int stretches = static_cast<int>(std::min<std::int64_t>(kStretches, capture_.tokens));
  Eigen::MatrixXd along = Eigen::MatrixXd::Zero(stretches, experts_);
  for (int s = 0; s < stretches; ++s) {
    const std::int64_t begin = stretchBegin(capture_.tokens, stretches, s), end = stretchBegin(capture_.tokens, stretches, s + 1);
    for (std::int64_t t = begin; t < end; ++t)
      for (int i = 0; i < capture_.chosen; ++i) along(s, capture_.id(t, layer, i)) += 1.0;
    along.row(s) /= static_cast<double>((end - begin) * capture_.chosen);
  }
  return along;
}

/// Beside its load, which a snapshot has, what its choices tell of those of the next routed layer.
LayerOfExperts CaptureReader::summary(int layer) const {
  LayerOfExperts result{.number = number(layer), .experts = experts_, .load = loads_[static_cast<std::size_t>(layer)]};
  const int after = nextRouted(layer);
  if (result.load.size() == 0 || after == layers()) return result;
  const JointChoices joint = following(layer, after);
  result.onwards = toldOfNext(joint);
  result.onwardsByChance = toldByChance(joint, capture_.tokens);
  return result;
}

int CaptureReader::nextRouted(int layer) const {
  int after = layer + 1;
  while (after < layers() && loads_[static_cast<std::size_t>(after)].size() == 0) ++after;
  return after;
}

AnalysisPointer CaptureReader::analysis(int, const AnalysisSettings&, const std::function<bool(int)>&) const {
  throw std::logic_error("a capture has no experts to analyse");
}

}  // namespace moescope
