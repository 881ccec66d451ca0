#pragma once
// Text to train on: a list of domains (a language, a kind of text), each a run of bytes.

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/reading/snapshot.h"

namespace moescope {

struct Domain {
  std::string name;                 ///< what a person reads: "German", "C++"
  std::vector<std::uint8_t> bytes;  ///< UTF-8 or any bytes
};

struct Corpus {
  std::string name;                 ///< "debian", "procedural" or the folder
  std::vector<Domain> domains;      ///< at least one, none empty
  bool synthetic = false;           ///< made by a program: screens must say so
  std::vector<std::string> notes;   ///< what a person should know: domains missing, files cut or skipped
};

/// The text could not be used; what() is one line: the path, the place, what was expected.
class CorpusError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// "debian", "procedural", or a folder with one sub-folder or file for each domain. Throws CorpusError. Where the machine
/// has too little of "debian", the procedural corpus comes instead, with a note that says so.
Corpus loadCorpus(const std::string& name, const std::string& root = "/");

/// 16 hexadecimal digits that tell it from other text: of the domains' names and bytes.
std::string contentHash(const Corpus& corpus);

/// Real text of the machine: the Debian FAQ and Debian Reference by language, C++ headers, Python sources. Domains that
/// are not installed are left out and noted; with fewer than two of them, throws CorpusError naming the packages.
/// `root`: where the machine's file system begins, for tests.
Corpus debianCorpus(const std::string& root = "/");
/// Several small formal languages, the same bytes for the same seed on every machine.
Corpus proceduralCorpus(std::uint64_t seed = 1);
Corpus folderCorpus(const std::string& folder);

/// Bytes held out of training: the last tenth of each domain.
struct CorpusSplit {
  std::vector<Domain> training, heldOut;
};
CorpusSplit splitCorpus(const Corpus& corpus, int context);

/// A probe of `tokens` bytes (rounded down to whole sequences, at least one for each domain) from the held-out part, the
/// domains in equal shares, evenly spread. Deterministic.
Probe makeProbe(const Corpus& corpus, const CorpusSplit& split, int tokens, int context);

}  // namespace moescope
