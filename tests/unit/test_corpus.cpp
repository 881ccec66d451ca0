// Corpora, probe and bad input.

#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <fstream>

#include "core/data/corpus.h"
#include "core/engine/knobs.h"
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

}  // namespace

class TestCorpus : public QObject {
  Q_OBJECT
 private Q_SLOTS:
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
