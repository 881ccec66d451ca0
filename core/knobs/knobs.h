#pragma once
// Everything that changes training. Declared once in knobTable(): panel, command line, session and help come from it.

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "core/knobs/setting.h"

namespace moescope {

struct Knobs {
  std::string router = "grmoe";    ///< a name of the router registry
  std::string corpus = "debian";   ///< "debian", "procedural", or a folder
  std::string device = "auto";     ///< "auto", "cpu" or "cuda"
  std::uint64_t seed = 1;
  int layers = 2;                  ///< transformer blocks, each with one MoE layer
  int width = 64;                  ///< residual width, multiple of heads
  int heads = 4;
  int experts = 8;
  int expertWidth = 128;           ///< hidden units of each SwiGLU expert
  int topK = 2;                    ///< experts per token in training, where the router chooses
  int context = 128;               ///< tokens per sequence
  int batch = 4;                   ///< sequences per step
  double learningRate = 3e-3;      ///< of AdamW: the highest, where a schedule changes it
  std::string schedule = "constant";  ///< "constant" or "cosine"; see learningRateAt()
  int warmUpSteps = 0;             ///< over which the learning rate rises from 0
  int scheduleSteps = 2000;        ///< at which a cosine has reached a tenth
  double weightDecay = 0.01;       ///< of AdamW
  double firstBeta = 0.9;          ///< of AdamW: memory of the mean gradient, per step
  double secondBeta = 0.95;        ///< of AdamW: memory of the mean squared gradient, per step
  double auxiliaryWeight = 0.01;   ///< noisy top-k and Switch: weight of their balancing loss
  double logSumWeight = 0.001;     ///< z-loss: weight of mean (logsumexp)^2
  double biasRate = 0.001;         ///< loss-free bias: how far it moves a step
  double sequenceWeight = 0.001;   ///< loss-free bias on logits: weight of Switch's loss within each sequence
  double centroidRate = 0.01;      ///< online K-Means: how far a centroid moves to the mean of its tokens a step
  std::string centroidStart = "tokens";  ///< online K-Means: "tokens", "noise" or "plusplus"
  bool unitCentroids = true;       ///< online K-Means: means are of tokens of unit length
  double balanceWeight = 0.1;      ///< GrMoE: beta_u of KL(mean gate || uniform)
  bool posterior = false;          ///< GrMoE: gates are the amortised posterior q(e | token)
  double posteriorWeight = 0.01;   ///< GrMoE: beta of KL(q || p)
  double spectrumWeight = 1e-4;    ///< GrMoE: gamma of the mean eigenvalue
  double diversityWeight = 0.0;    ///< GrMoE: delta of the mean overlap of frames
  double capacityFactor = 0.0;     ///< an expert takes this times its fair share of a batch's assignments; 0: all (dropless)
  int sharedExpertWidth = 0;       ///< hidden units of an expert that works on every token; 0: none
  bool centreTokens = true;        ///< subtract the running mean before routing
  bool couplingAware = false;      ///< linear routers: a row learns only from the tokens its expert was given
  int frameRank = 4;               ///< GrMoE: rank r of each expert's frame
  int probeTokens = 2048;          ///< rounded down to whole sequences
  int snapshotEvery = 5;           ///< steps between snapshots while playing

  bool operator==(const Knobs&) const = default;
};

/// One row of the table.
struct KnobDeclaration : Setting<Knobs> {
  bool rebuilds = false;  ///< a change starts a new model
  bool often = false;     ///< one of the few that people change most: panels show it first
  bool later =
      false;  ///< younger than the first files that hold knobs: one without it has the default, which is what was done then
  std::vector<std::string> routers = {};  ///< those that use it, by name, added with the router's choices; empty: all

  bool usedBy(const std::string& router) const {
    return routers.empty() || std::find(routers.begin(), routers.end(), router) != routers.end();
  }
};

/// The router's choices are those of core/routers, which this folder does not know: whoever offers them adds them.
const std::vector<KnobDeclaration>& knobTable();

/// Throws std::invalid_argument with the knob's name, its value and the range that was expected.
void requireValid(const Knobs& knobs);

/// The learning rate of a step, counted from 0: rises in proportion over the warm-up; then constant, or along half a cosine to a
/// tenth at scheduleSteps, where it stays.
double learningRateAt(const Knobs& knobs, std::int64_t step);

/// Whether going from one to the other needs a new model (shape, seed or device changed).
bool needsNewModel(const Knobs& from, const Knobs& to);

}  // namespace moescope
