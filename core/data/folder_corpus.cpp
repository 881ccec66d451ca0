// Anybody's own text: a folder with one sub-folder or file for each domain.

#include <algorithm>

#include "core/data/corpus.h"
#include "core/data/files.h"
#include "core/words/words.h"

namespace moescope {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kDomainBytes = 4 * 1024 * 1024;
constexpr std::size_t kMostDomains = 64;

constexpr std::size_t kNamed = 3;  // files of one domain with the same fault that are named; the others are counted

/// Files of a domain with the same fault, as one note.
struct FaultyFiles {
  const char* fault;
  std::vector<std::string> names = {};

  void note(const std::string& domain, std::vector<std::string>& notes) const {
    if (names.empty()) return;
    std::string line = translated("domain '%1', %2: ", domain, translated(fault));
    for (std::size_t i = 0; i < std::min(kNamed, names.size()); ++i) line += (i ? "; " : "") + names[i];
    if (names.size() > kNamed) line += translated("; and %1 more", std::to_string(names.size() - kNamed));
    notes.push_back(line);
  }
};

/// Bytes before the last character where that was cut in the middle; all of them else.
std::size_t wholeCharacters(const std::vector<std::uint8_t>& bytes) {
  const std::size_t invalid = firstInvalidUtf8(bytes);
  return bytes.size() - invalid < 4 ? invalid : bytes.size();
}

/// The files of a domain, one after the other, until it is full.
class DomainReader {
 public:
  DomainReader(std::string name, std::vector<std::string>& notes) : domain_{std::move(name), {}}, notes_(notes) {}

  Domain read(const fs::path& entry) {
    std::vector<fs::path> files = {entry};
    if (fs::is_directory(entry)) files = filesUnder(entry, unread_.names);
    std::size_t next = 0;
    while (next < files.size() && !full_) add(files[next++]);
    for (; next < files.size(); ++next) beyond_.names.push_back(files[next].string());
    for (const FaultyFiles* faulty : {&unread_, &cut_, &beyond_, &notUtf8_}) faulty->note(domain_.name, notes_);
    if (std::find(domain_.bytes.begin(), domain_.bytes.end(), 0) != domain_.bytes.end())
      notes_.push_back(translated("domain '%1' holds zero bytes: it looks binary, and is used as it is", domain_.name));
    return std::move(domain_);
  }

 private:
  void add(const fs::path& file) {
    FileText text;
    try {
      text = readFile(file, kDomainBytes - domain_.bytes.size());
    } catch (const std::runtime_error& error) {
      unread_.names.push_back(error.what());
      return;
    }
    full_ = text.cut || domain_.bytes.size() + text.bytes.size() == kDomainBytes;
    if (text.cut) {
      text.bytes.resize(wholeCharacters(text.bytes));
      cut_.names.push_back(file.string() + " after " + std::to_string(text.bytes.size()) + " bytes");
    }
    if (const std::size_t at = firstInvalidUtf8(text.bytes); at < text.bytes.size())
      notUtf8_.names.push_back(file.string() + " at byte " + std::to_string(at));
    domain_.bytes.insert(domain_.bytes.end(), text.bytes.begin(), text.bytes.end());
  }

  Domain domain_;
  std::vector<std::string>& notes_;
  bool full_ = false;
  FaultyFiles unread_{translatable("left out")}, cut_{translatable("cut, since a domain is at most 4 MiB")},
      beyond_{translatable("not read, since 4 MiB are reached")}, notUtf8_{translatable("not UTF-8, used as bytes")};
};

/// The folder's files and folders by name; what is neither is noted.
std::vector<fs::path> entriesOf(const std::string& folder, std::vector<std::string>& notes) {
  std::error_code error;
  std::vector<fs::path> entries;
  fs::directory_iterator entry(folder, error), end;
  for (; !error && entry != end; entry.increment(error)) {
    if (entry->path().filename().string().starts_with(".")) continue;
    std::error_code ignored;
    if (entry->is_directory(ignored) || entry->is_regular_file(ignored))
      entries.push_back(entry->path());
    else
      notes.push_back(translated("%1: neither a file nor a folder, left out", entry->path().string()));
  }
  if (error) throw CorpusError(folder + ": " + error.message());
  std::sort(entries.begin(), entries.end());
  return entries;
}

/// The entry's name without its ending, unless another entry's would be the same.
std::string domainName(const fs::path& entry, const std::vector<fs::path>& entries) {
  const auto same = [&](const fs::path& other) { return other.stem() == entry.stem(); };
  return (std::count_if(entries.begin(), entries.end(), same) > 1 ? entry.filename() : entry.stem()).string();
}

}  // namespace

Corpus folderCorpus(const std::string& folder) {
  std::error_code error;
  if (!fs::exists(folder, error))
    throw CorpusError(translated("%1: no such corpus folder; expected debian, procedural or a folder of texts", folder));
  if (!fs::is_directory(folder, error))
    throw CorpusError(translated("%1: not a folder; expected a folder with one sub-folder or file for each domain", folder));
  Corpus corpus;
  corpus.name = folder;
  const std::vector<fs::path> entries = entriesOf(folder, corpus.notes);
  for (const fs::path& path : entries) {
    if (corpus.domains.size() == kMostDomains) {
      corpus.notes.push_back(translated("%1: only the first %2 domains are used, from '%3' on none", folder,
                                        std::to_string(kMostDomains), path.filename().string()));
      break;
    }
    Domain domain = DomainReader(domainName(path, entries), corpus.notes).read(path);
    if (domain.bytes.empty())
      corpus.notes.push_back(translated("%1: no text in it, left out", path.string()));
    else
      corpus.domains.push_back(std::move(domain));
  }
  if (corpus.domains.empty()) {
    const std::string reason = corpus.notes.empty() ? translated("the folder is empty") : corpus.notes.front();
    throw CorpusError(translated("%1: no text found (%2); expected one sub-folder or file for each domain", folder, reason));
  }
  if (corpus.domains.size() == 1)
    corpus.notes.push_back(translated("only one domain: specialisation by domain cannot be measured"));
  return corpus;
}

}  // namespace moescope
