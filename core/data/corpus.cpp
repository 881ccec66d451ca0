#include "core/data/corpus.h"

#include <algorithm>
#include <stdexcept>

#include "core/data/content_hash.h"
#include "core/words/words.h"

namespace moescope {
namespace {

constexpr std::size_t kHeldOutShare = 10;  // the last tenth

}  // namespace

Corpus loadCorpus(const std::string& name, const std::string& root) {
  if (name == "debian") {
    try {
      return debianCorpus(root);
    } catch (const CorpusError& error) {
      Corpus corpus = proceduralCorpus();
      corpus.notes.insert(corpus.notes.begin(), std::string(error.what()) + "; training on synthetic text instead");
      return corpus;
    }
  }
  if (name == "procedural") return proceduralCorpus();
  return folderCorpus(name);
}

std::string contentHash(const Corpus& corpus) {
  ContentHash hash;
  for (const Domain& domain : corpus.domains) {
    hash.add(domain.name);
    hash.add({reinterpret_cast<const char*>(domain.bytes.data()), domain.bytes.size()});
  }
  return hash.text();
}

CorpusSplit splitCorpus(const Corpus& corpus, int context) {
  CorpusSplit split;
  const std::size_t sequence = static_cast<std::size_t>(context) + 1;  // and the byte to predict
  for (const Domain& domain : corpus.domains) {
    const std::size_t heldOut = std::max(domain.bytes.size() / kHeldOutShare, sequence);
    if (domain.bytes.size() < heldOut + sequence)
      throw CorpusError(translated("%1: domain '%2' has %3 bytes; expected at least %4 for a context of %5", corpus.name,
                                   domain.name, std::to_string(domain.bytes.size()), std::to_string(2 * sequence),
                                   std::to_string(context)));
    const auto cut = domain.bytes.end() - static_cast<std::ptrdiff_t>(heldOut);
    split.training.push_back({domain.name, {domain.bytes.begin(), cut}});
    split.heldOut.push_back({domain.name, {cut, domain.bytes.end()}});
  }
  return split;
}

Probe makeProbe(const Corpus& corpus, const CorpusSplit& split, int tokens, int context) {
  Probe probe;
  probe.context = context;
  probe.synthetic = corpus.synthetic;
  const int domains = static_cast<int>(split.heldOut.size());
  const int sequences = std::max(1, tokens / context / domains);  // of each domain
  for (int d = 0; d < domains; ++d) {
    const Domain& domain = split.heldOut[static_cast<std::size_t>(d)];
    probe.domainNames.push_back(domain.name);
    const std::size_t room = domain.bytes.size() - static_cast<std::size_t>(context);
    for (int s = 0; s < sequences; ++s) {
      const std::size_t start = sequences == 1 ? 0 : room * static_cast<std::size_t>(s) / static_cast<std::size_t>(sequences);
      const auto first = domain.bytes.begin() + static_cast<std::ptrdiff_t>(start);
      probe.bytes.insert(probe.bytes.end(), first, first + context);
      probe.domain.insert(probe.domain.end(), static_cast<std::size_t>(context), d);
    }
  }
  return probe;
}

}  // namespace moescope
