// Anybody's own text: a folder with one sub-folder or file for each domain.

#include <algorithm>

#include "core/data/corpus.h"
#include "core/data/files.h"

namespace moescope {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kDomainBytes = 4 * 1024 * 1024;
constexpr std::size_t kMostDomains = 64;

Domain readDomain(const fs::path& entry, std::vector<std::string>& notes) {
  Domain domain{entry.stem().string(), {}};
  const std::vector<fs::path> files = fs::is_directory(entry) ? filesUnder(entry) : std::vector<fs::path>{entry};
  for (const fs::path& file : files) {
    std::error_code ignored;
    const std::size_t room = kDomainBytes - domain.bytes.size();
    if (room == 0 || fs::file_size(file, ignored) > room)
      notes.push_back(file.string() + ": cut; a domain is at most " + std::to_string(kDomainBytes >> 20) + " MiB");
    if (room == 0) break;
    try {
      const std::vector<std::uint8_t> bytes = readFile(file, room);
      domain.bytes.insert(domain.bytes.end(), bytes.begin(), bytes.end());
    } catch (const std::runtime_error& error) {
      notes.push_back(std::string(error.what()) + " (skipped)");
    }
  }
  if (std::find(domain.bytes.begin(), domain.bytes.end(), 0) != domain.bytes.end())
    notes.push_back("domain '" + domain.name + "' holds zero bytes: it looks binary, and is used as it is");
  return domain;
}

}  // namespace

Corpus folderCorpus(const std::string& folder) {
  std::error_code error;
  if (!fs::exists(folder, error)) throw CorpusError(folder + ": no such corpus folder; expected debian, procedural or a folder of texts");
  if (!fs::is_directory(folder, error)) throw CorpusError(folder + ": not a folder; expected a folder with one sub-folder or file for each domain");
  std::vector<fs::path> entries;
  fs::directory_iterator entry(folder, error), end;
  if (error) throw CorpusError(folder + ": " + error.message());
  for (; entry != end; entry.increment(error)) {
    std::error_code ignored;
    if (entry->path().filename().string().starts_with(".")) continue;
    if (entry->is_directory(ignored) || entry->is_regular_file(ignored)) entries.push_back(entry->path());
  }
  std::sort(entries.begin(), entries.end());
  Corpus corpus;
  corpus.name = folder;
  for (const fs::path& path : entries) {
    if (corpus.domains.size() == kMostDomains) {
      corpus.notes.push_back(folder + ": only the first " + std::to_string(kMostDomains) + " domains are used");
      break;
    }
    Domain domain = readDomain(path, corpus.notes);
    if (domain.bytes.empty())
      corpus.notes.push_back(path.string() + ": empty or unreadable, left out");
    else
      corpus.domains.push_back(std::move(domain));
  }
  if (corpus.domains.empty()) {
    const std::string reason = corpus.notes.empty() ? "the folder is empty" : corpus.notes.front();
    throw CorpusError(folder + ": no text found (" + reason + "); expected one sub-folder or file for each domain");
  }
  if (corpus.domains.size() == 1) corpus.notes.push_back("only one domain: specialisation by domain cannot be measured");
  return corpus;
}

}  // namespace moescope
