// Corpora, probe and bad input.

#include <QTemporaryDir>
#include <QTest>
#include <sys/stat.h>
#include <zlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "core/data/content_hash.h"
#include "core/data/corpus.h"
#include "core/data/files.h"
#include "core/knobs/knobs.h"
#include "tests/support/test_class.h"

using namespace moescope;
namespace fs = std::filesystem;

namespace {

void write(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
}

std::string errorOf(const std::string& folder, int context = 16) {
  try {
    splitCorpus(folderCorpus(folder), context);
  } catch (const CorpusError& error) {
    return error.what();
  }
  return "no error";
}

std::string notesOf(const Corpus& corpus) {
  std::string all;
  for (const std::string& note : corpus.notes) all += note + '\n';
  return all;
}

void writeGzip(const fs::path& file, const std::string& text) {
  const gzFile stream = gzopen(file.c_str(), "wb");
  gzwrite(stream, text.data(), static_cast<unsigned>(text.size()));
  gzclose(stream);
}

/// Text that gzip cannot make much smaller.
std::string mixedText(std::size_t bytes) {
  std::string text;
  for (std::uint64_t state = 1; text.size() < bytes; state = state * 6364136223846793005u + 1442695040888963407u)
    text += static_cast<char>('a' + (state >> 33) % 26);
  return text;
}

std::string refusalOf(const fs::path& file) {
  try {
    requireRegularFile(file);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "none";
}

}  // namespace

class TestCorpus : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void the_content_hash_tells_bytes_names_and_where_a_domain_ends() {
    const auto corpus = [](const std::string& name, const std::string& first, const std::string& second) {
      return Corpus{"", {{name, {first.begin(), first.end()}}, {"b", {second.begin(), second.end()}}}};
    };
    const std::string hash = contentHash(corpus("a", "abc", "def"));
    QCOMPARE(hash.size(), std::size_t(16));
    QCOMPARE(contentHash(corpus("a", "abc", "def")), hash);
    for (const Corpus& other :
         {corpus("x", "abc", "def"), corpus("a", "abd", "def"), corpus("a", "ab", "cdef"), corpus("a", "abcdef", "")})
      QVERIFY(contentHash(other) != hash);
    QCOMPARE(ContentHash().value(), std::uint64_t(0xcbf29ce484222325u));  // FNV-1a of nothing
  }
  void a_machine_without_the_packages_gets_synthetic_text_and_is_told() {
    const Corpus corpus = loadCorpus("debian", "/nowhere");
    QVERIFY(corpus.synthetic);
    QCOMPARE(corpus.name, std::string("procedural"));
    QVERIFY(corpus.notes.front().find("debian-faq") != std::string::npos);
    QVERIFY(corpus.notes.front().find("synthetic") != std::string::npos);
    QVERIFY_EXCEPTION_THROWN(debianCorpus("/nowhere"), CorpusError);
    QVERIFY_EXCEPTION_THROWN(loadCorpus("/nowhere"), CorpusError);  // a named folder is never replaced
  }

  void procedural_text_is_the_same_everywhere_and_its_arithmetic_is_right() {
    const Corpus corpus = proceduralCorpus(1);
    QVERIFY(corpus.synthetic);
    QCOMPARE(corpus.domains.size(), std::size_t(6));
    const std::string text(corpus.domains[0].bytes.begin(), corpus.domains[0].bytes.end());
    int a = 0, b = 0, c = 0, lines = 0;
    char operation = 0;
    for (std::size_t at = 0; lines < 500; at = text.find('\n', at) + 1, ++lines) {
      QCOMPARE(std::sscanf(text.c_str() + at, "%d %c %d = %d", &a, &operation, &b, &c), 4);
      QCOMPARE(c, operation == '+' ? a + b : operation == '-' ? a - b : a * b);
    }
    QVERIFY(corpus.domains[1].bytes == proceduralCorpus(1).domains[1].bytes);
    QVERIFY(corpus.domains[1].bytes != proceduralCorpus(2).domains[1].bytes);
  }

  void brackets_are_balanced() {
    const Corpus corpus = proceduralCorpus(5);
    std::string open;
    for (const char c : corpus.domains[1].bytes) {
      if (c == '(' || c == '[' || c == '{') open += c == '(' ? ')' : c == '[' ? ']' : '}';
      if (c != ')' && c != ']' && c != '}') continue;
      QVERIFY(!open.empty() && open.back() == c);
      open.pop_back();
    }
    QVERIFY(open.empty());
  }

  void held_out_text_is_the_end_and_never_trained_on() {
    QTemporaryDir folder;
    std::string text;
    for (int i = 0; i < 1000; ++i) text += static_cast<char>(i % 251);
    write(fs::path(folder.path().toStdString()) / "one.txt", text);
    const CorpusSplit split = splitCorpus(folderCorpus(folder.path().toStdString()), 16);
    QCOMPARE(split.training[0].bytes.size() + split.heldOut[0].bytes.size(), text.size());
    QCOMPARE(split.heldOut[0].bytes.size(), std::size_t(100));
    QCOMPARE(split.heldOut[0].bytes.back(), static_cast<std::uint8_t>(text.back()));
  }

  void probe_has_equal_shares_of_whole_sequences() {
    const Corpus corpus = proceduralCorpus(1);
    const Probe probe = makeProbe(corpus, splitCorpus(corpus, 64), 2048, 64);
    QVERIFY(probe.bytes.size() <= 2048 && probe.bytes.size() % 64 == 0);
    std::vector<int> count(6);
    for (int domain : probe.domain) ++count[static_cast<std::size_t>(domain)];
    for (int share : count) QCOMPARE(share, count[0]);
    QVERIFY(probe.synthetic);
  }

  void bad_folders_get_one_clear_line() {
    QTemporaryDir folder;
    const fs::path root = folder.path().toStdString();
    QVERIFY(errorOf((root / "none").string()).find("no such corpus folder") != std::string::npos);
    QVERIFY(errorOf(root.string()).find("the folder is empty") != std::string::npos);
    write(root / "empty.txt", "");
    QVERIFY(errorOf(root.string()).find("empty.txt") != std::string::npos);
    write(root / "short.txt", "too short");
    const std::string line = errorOf(root.string());
    QVERIFY(line.find("'short' has 9 bytes; expected at least 34") != std::string::npos);
    QVERIFY(line.find('\n') == std::string::npos);
    QVERIFY(errorOf((root / "short.txt").string()).find("not a folder") != std::string::npos);
  }

  void one_domain_binary_and_empty_files_are_noted_and_used() {
    QTemporaryDir folder;
    const fs::path root = folder.path().toStdString();
    write(root / "blob.bin", std::string(5000, '\0'));
    write(root / "void.txt", "");
    const Corpus corpus = folderCorpus(root.string());
    QCOMPARE(corpus.domains.size(), std::size_t(1));
    const std::string notes = corpus.notes[0] + corpus.notes[1] + corpus.notes[2];
    QVERIFY(notes.find("binary") != std::string::npos);
    QVERIFY(notes.find("void.txt") != std::string::npos);
    QVERIFY(notes.find("only one domain") != std::string::npos);
  }

  void a_huge_file_is_cut_and_noted() {
    QTemporaryDir folder;
    const fs::path file = fs::path(folder.path().toStdString()) / "huge.txt";
    write(file, "start");
    fs::resize_file(file, std::uintmax_t(8) << 30);  // sparse
    const Corpus corpus = folderCorpus(folder.path().toStdString());
    QVERIFY(corpus.domains[0].bytes.size() <= std::size_t(4) << 20);
    QVERIFY(corpus.notes[0].find("cut") != std::string::npos);
  }

  void what_is_no_regular_file_is_named_before_it_is_opened() {
    QTemporaryDir folder;
    const fs::path root = folder.path().toStdString(), pipe = root / "pipe";
    QCOMPARE(mkfifo(pipe.c_str(), 0600), 0);
    QCOMPARE(refusalOf(pipe), pipe.string() + ": not a regular file (a named pipe)");
    QCOMPARE(refusalOf(root), root.string() + ": not a regular file (a folder)");
    QCOMPARE(refusalOf("/dev/zero"), std::string("/dev/zero: not a regular file (a character device)"));
    QCOMPARE(refusalOf(root / "none"), (root / "none").string() + ": no such file");
    write(root / "text", "text");
    fs::create_symlink("text", root / "link");
    QCOMPARE(refusalOf(root / "link"), std::string("none"));
    QVERIFY_EXCEPTION_THROWN(readFile(pipe, 10), std::runtime_error);
  }

  void all_that_is_left_out_of_a_folder_is_named() {
    QTemporaryDir folder;
    const fs::path root = folder.path().toStdString();
    write(root / "german" / "one.txt", "eins");
    QCOMPARE(mkfifo((root / "german" / "pipe").c_str(), 0600), 0);
    fs::create_directory_symlink(root / "german", root / "german" / "loop");
    fs::create_symlink("nowhere", root / "german" / "dangling");
    QCOMPARE(mkfifo((root / "top").c_str(), 0600), 0);
    const Corpus corpus = folderCorpus(root.string());
    const std::string notes = notesOf(corpus);
    QCOMPARE(std::string(corpus.domains.at(0).bytes.begin(), corpus.domains.at(0).bytes.end()), std::string("eins"));
    for (const char* wanted : {"german/pipe: not a regular file (a named pipe)", "german/loop: a link to a folder",
                               "german/dangling: a link to nothing", "/top: neither a file nor a folder"})
      QVERIFY2(notes.find(wanted) != std::string::npos, (std::string(wanted) + " is missing from " + notes).c_str());
  }

  void the_first_files_of_a_fault_are_named_and_the_others_counted() {
    QTemporaryDir folder;
    const fs::path root = folder.path().toStdString();
    for (int i = 0; i < 5; ++i) write(root / "french" / ("file" + std::to_string(i)), "caf\xE9 au lait");
    write(root / "german" / "whole", "stra\xC3\x9F" "e");
    const std::string notes = notesOf(folderCorpus(root.string()));
    QVERIFY2(notes.find("domain 'french', not UTF-8, used as bytes: " + (root / "french/file0").string() + " at byte 3; ") !=
                 std::string::npos,
             notes.c_str());
    QVERIFY2(notes.find("file2 at byte 3; and 2 more\n") != std::string::npos, notes.c_str());
    QVERIFY2(notes.find("german") == std::string::npos, notes.c_str());
  }

  void invalid_utf8_is_found_where_it_starts() {
    const auto at = [](const std::string& text) {
      return firstInvalidUtf8({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    };
    QCOMPARE(at(""), std::size_t(0));
    QCOMPARE(at("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"), std::size_t(10));  // 1, 2, 3 and 4 bytes, all valid
    QCOMPARE(at("ab\xC3"), std::size_t(2));                                          // cut short
    QCOMPARE(at("ab\xC0\xAF"), std::size_t(2));                                      // overlong
    QCOMPARE(at("ab\xE0\x80\xAF"), std::size_t(2));
    QCOMPARE(at("ab\xED\xA0\x80"), std::size_t(2));  // a surrogate
    QCOMPARE(at("ab\xF4\x90\x80\x80"), std::size_t(2));  // above U+10FFFF
    QCOMPARE(at("ab\x80"), std::size_t(2));
  }

  void compressed_text_that_ends_too_soon_or_is_longer_than_a_domain_is_named() {
    QTemporaryDir folder;
    const fs::path root = folder.path().toStdString();
    writeGzip(root / "whole.gz", mixedText(50000));
    writeGzip(root / "short.gz", mixedText(50000));
    fs::resize_file(root / "short.gz", fs::file_size(root / "short.gz") / 2);
    writeGzip(root / "long.gz", std::string(std::size_t(5) << 20, 'a'));  // a few KiB on the disk
    const Corpus corpus = folderCorpus(root.string());
    const std::string notes = notesOf(corpus);
    QVERIFY2(notes.find("short.gz: its gzip data ends too soon") != std::string::npos, notes.c_str());
    QVERIFY2(notes.find("long.gz after 4194304 bytes") != std::string::npos, notes.c_str());
    QVERIFY2(notes.find("whole.gz") == std::string::npos, notes.c_str());
    QCOMPARE(corpus.domains.size(), std::size_t(2));
  }

  void files_beyond_a_full_domain_are_named_and_no_character_is_cut() {
    QTemporaryDir folder;
    const fs::path root = folder.path().toStdString();
    std::string text = "x";
    while (text.size() < (std::size_t(4) << 20) + 10) text += "\xC3\xA9";
    write(root / "french" / "a.txt", text);
    write(root / "french" / "b.txt", "never read");
    const Corpus corpus = folderCorpus(root.string());
    const std::string notes = notesOf(corpus);
    QCOMPARE(corpus.domains.at(0).bytes.size(), (std::size_t(4) << 20) - 1);
    QVERIFY2(notes.find("not read, since 4 MiB are reached: " + (root / "french/b.txt").string()) != std::string::npos,
             notes.c_str());
    QVERIFY2(notes.find("UTF-8") == std::string::npos, notes.c_str());
  }

  void domains_of_the_same_name_are_told_apart() {
    QTemporaryDir folder;
    const fs::path root = folder.path().toStdString();
    write(root / "german.txt", "eins");
    write(root / "german.md", "zwei");
    write(root / "dutch.txt", "drie");
    std::vector<std::string> names;
    for (const Domain& domain : folderCorpus(root.string()).domains) names.push_back(domain.name);
    QCOMPARE(names, (std::vector<std::string>{"dutch", "german.md", "german.txt"}));
  }

  void an_unreadable_file_of_the_machine_is_skipped_and_named() {
    QTemporaryDir folder;
    const fs::path root = folder.path().toStdString();
    for (const char* code : {"en", "de", "fr"}) {
      fs::create_directories(root / "usr/share/debian-reference");
      writeGzip(root / "usr/share/debian-reference" / ("debian-reference." + std::string(code) + ".txt.gz"), mixedText(20000));
    }
    const fs::path broken = root / "usr/share/debian-reference/debian-reference.fr.txt.gz";
    fs::resize_file(broken, 1000);
    const Corpus corpus = debianCorpus(root.string());
    QCOMPARE(corpus.domains.size(), std::size_t(2));
    QVERIFY2(notesOf(corpus).find("debian-reference.fr.txt.gz: its gzip data ends too soon") != std::string::npos,
             notesOf(corpus).c_str());
  }

  void knobs_out_of_range_name_the_knob_and_the_range() {
    Knobs knobs;
    requireValid(knobs);
    for (const KnobDeclaration& knob : knobTable()) {
      if (!knob.get) continue;
      Knobs bad;
      knob.set(bad, knob.maximum + 1.0);
      if (knob.get(bad) <= knob.maximum) continue;  // a switch
      try {
        requireValid(bad);
        QFAIL(knob.name.c_str());
      } catch (const std::invalid_argument& error) {
        QVERIFY(std::string(error.what()).find(knob.name) != std::string::npos);
      }
    }
    knobs.width = 66;
    QVERIFY_THROWS_EXCEPTION(std::invalid_argument, requireValid(knobs));
    QVERIFY(needsNewModel(Knobs{}, knobs));
    Knobs rate;
    rate.learningRate = 1e-4;
    rate.router = "soft";
    QVERIFY(!needsNewModel(Knobs{}, rate));
  }
};

MOESCOPE_TEST(TestCorpus)
#include "test_corpus.moc"
