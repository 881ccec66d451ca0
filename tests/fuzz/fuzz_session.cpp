// Whatever a blob of a session holds: it is refused with std::runtime_error, or what it gives is such as may be drawn.
#include <cstdlib>
#include <stdexcept>

#include "core/session/compression.h"
#include "core/session/moment_blobs.h"

using namespace moescope;

namespace {

std::shared_ptr<const Probe> plainProbe() {
  auto probe = std::make_shared<Probe>();
  probe->bytes = {'a', 'b'};
  probe->domain = {0, 0};
  probe->domainNames = {"A"};
  probe->context = 2;
  return probe;
}

void demand(bool holds) {
  if (!holds) std::abort();
}

void demandMoment(const TimelineMoment& moment) {
  for (std::size_t l = 0; l < moment.snapshot->layers.size(); ++l) {
    const LayerSnapshot& layer = moment.snapshot->layers[l];
    if (layer.scores.rows() == 0) continue;
    demand(layer.scores.rows() == 2 && layer.hidden.rows() == 2 && layer.logPrior.size() == layer.scores.cols());
    demand(layer.rule.chosen >= 1 && layer.rule.chosen <= layer.scores.cols());
    if (!moment.tracks) continue;
    for (const auto& picture : moment.tracks->layers.at(l).experts.trail)
      demand(picture->rows() == layer.scores.cols() && picture->cols() == 2);
  }
}

void demandAnalysis(const ExpertAnalysis& analysis) {
  demand(analysis.overlap.size() == 0 || analysis.overlap.rows() == analysis.experts);
  for (const int expert : analysis.withSubspace) demand(expert >= 0 && expert < analysis.experts);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  try {
    switch (data[0] % 4) {
      case 0: demand(!readProbe(compressed(bytes), "fuzzed")->domain.empty()); break;
      case 1: demandMoment(readMoment(compressed(bytes), plainProbe(), 1, "fuzzed")); break;
      case 2: demandAnalysis(*readAnalysis(compressed(bytes), 1, "fuzzed").analysis); break;
      default: demand(decompressed(bytes, "fuzzed").size() <= kLargestBlob);
    }
  } catch (const std::runtime_error&) {
  }
  return 0;
}
