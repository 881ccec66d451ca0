#include "core/training/training_text.h"

namespace moescope {

TrainingTextPointer loadTrainingText(const Knobs& knobs) {
  const Corpus corpus = loadCorpus(knobs.corpus);
  CorpusSplit split = splitCorpus(corpus, knobs.context);
  auto text = std::make_shared<TrainingText>();
  text->probe = std::make_shared<const Probe>(makeProbe(corpus, split, knobs.probeTokens, knobs.context));
  text->validation = std::make_shared<const Probe>(makeProbe(corpus, split, kValidationTokens, knobs.context));
  text->corpus = corpus.name;
  text->hash = contentHash(corpus);
  text->training = std::move(split.training);
  text->notes = corpus.notes;
  text->bytes = (text->probe->bytes.size() + text->validation->bytes.size()) * (1 + sizeof(int));
  for (const Domain& domain : text->training) text->bytes += domain.bytes.size();
  return text;
}

}  // namespace moescope
