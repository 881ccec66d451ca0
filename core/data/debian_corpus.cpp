// Real, multilingual and parallel text that packages bring: the Debian FAQ and the Debian Reference, beside C++ headers and
// Python sources.

#include "core/data/corpus.h"
#include "core/data/files.h"
#include "core/words/words.h"

namespace moescope {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kDomainBytes = 512 * 1024;  // so that domains are near in size

struct Language {
  const char *name, *code;
};
constexpr Language kLanguages[] = {{"English", "en"}, {"German", "de"},  {"French", "fr"},   {"Italian", "it"},
                                   {"Dutch", "nl"},   {"Russian", "ru"}, {"Japanese", "ja"}, {"Chinese", "zh-cn"}};

/// Text of one file, cut to what a domain takes; none, and a note, where the file cannot be read.
std::vector<std::uint8_t> textOf(const fs::path& file, std::size_t limit, std::vector<std::string>& notes) {
  try {
    return readFile(file, limit).bytes;
  } catch (const std::runtime_error& error) {
    notes.push_back(translated("%1 (skipped)", error.what()));
    return {};
  }
}

void append(Domain& domain, const std::vector<std::uint8_t>& bytes) {
  const std::size_t room = kDomainBytes - std::min(kDomainBytes, domain.bytes.size());
  domain.bytes.insert(domain.bytes.end(), bytes.begin(),
                      bytes.begin() + static_cast<std::ptrdiff_t>(std::min(room, bytes.size())));
}

/// HTML to text: tags dropped, the head, scripts and styles too, runs of white space become one space.
std::vector<std::uint8_t> stripTags(const std::vector<std::uint8_t>& html) {
  std::vector<std::uint8_t> text;
  const std::string page(html.begin(), html.end());
  const std::size_t body = page.find("<body");
  bool inTag = false, space = false;
  for (std::size_t i = body == std::string::npos ? 0 : body; i < page.size(); ++i) {
    const char c = page[i];
    if (c == '<') inTag = true;
    if (!inTag) {
      const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
      if (!blank || !space) text.push_back(static_cast<std::uint8_t>(blank ? ' ' : c));
      space = blank;
    }
    if (c == '>') inTag = false;
  }
  return text;
}

Domain languageDomain(const Language& language, const fs::path& root, std::vector<std::string>& notes) {
  Domain domain{language.name, {}};
  const std::string code = language.code;
  const fs::path faq = root / "usr/share/doc/debian/FAQ";
  const fs::path plain = faq / ("debian-faq." + code + ".txt.gz");
  if (fs::is_regular_file(plain)) {
    append(domain, textOf(plain, kDomainBytes, notes));
  } else {
    for (const fs::path& page : filesUnder(faq / code, notes))
      if (page.extension() == ".html") append(domain, stripTags(textOf(page, kDomainBytes, notes)));
  }
  const fs::path reference = root / "usr/share/debian-reference" / ("debian-reference." + code + ".txt.gz");
  if (fs::is_regular_file(reference)) append(domain, textOf(reference, kDomainBytes, notes));
  return domain;
}

Domain sourceDomain(const std::string& name, const fs::path& folder, bool (*wanted)(const fs::path&),
                    std::vector<std::string>& notes) {
  Domain domain{name, {}};
  std::vector<std::string> leftOut;  // links within packages are no news: what counts is how much text is found
  for (const fs::path& file : filesUnder(folder, leftOut)) {
    if (domain.bytes.size() >= kDomainBytes) break;
    if (wanted(file)) append(domain, textOf(file, kDomainBytes / 8, notes));  // no one file fills the domain
  }
  return domain;
}

fs::path newestPython(const fs::path& root) {
  fs::path newest;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(root / "usr/lib", error))
    if (entry.path().filename().string().starts_with("python3.")) newest = std::max(newest, entry.path());
  return newest.empty() ? root / "usr/lib/python3" : newest;
}

}  // namespace

Corpus debianCorpus(const std::string& rootFolder) {
  const fs::path root = rootFolder;
  Corpus corpus;
  corpus.name = "debian";
  std::vector<Domain> found;
  for (const Language& language : kLanguages) found.push_back(languageDomain(language, root, corpus.notes));
  found.push_back(sourceDomain(
      "C++", root / "usr/include/c++", [](const fs::path& file) { return file.extension() == ".h" || !file.has_extension(); },
      corpus.notes));
  found.push_back(sourceDomain(
      "Python", newestPython(root), [](const fs::path& file) { return file.extension() == ".py"; }, corpus.notes));
  constexpr std::size_t kLeast = 4096;
  for (Domain& domain : found) {
    if (domain.bytes.size() >= kLeast)
      corpus.domains.push_back(std::move(domain));
    else
      corpus.notes.push_back(translated("%1: not installed on this machine", domain.name));
  }
  if (corpus.domains.size() < 2)
    throw CorpusError(
        translated("corpus debian: fewer than two domains found; install the packages debian-faq and debian-reference"));
  return corpus;
}

}  // namespace moescope
