// Files that are written: whole or not at all, line by line, and onto a disk that takes no more.

#include <sys/resource.h>

#include <QTemporaryDir>
#include <QTest>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>

#include "core/data/output_file.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

std::string contentOf(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// While it lives, no file may grow beyond so many bytes: what a full disk does, without one.
class FileLimit {
 public:
  explicit FileLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before_);
    struct rlimit limit = before_;
    limit.rlim_cur = bytes;
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileLimit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  struct rlimit before_ {};
  void (*handler_)(int);
};

/// The message of a WriteError with this errno; else what was wrong.
template <typename Work>
std::string refusal(int reason, const Work& work) {
  try {
    work();
  } catch (const WriteError& error) {
    return error.reason() == reason ? error.what() : "another reason: " + std::string(error.what());
  }
  return "no refusal";
}

}  // namespace

class TestOutputFile : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;
  std::filesystem::path at(const char* name) const { return folder_.filePath(name).toStdString(); }
  int entries() const {
    return static_cast<int>(
        std::distance(std::filesystem::directory_iterator(folder_.path().toStdString()), std::filesystem::directory_iterator()));
  }

 private Q_SLOTS:
  void a_file_is_replaced_whole_or_stays() {
    writeFileAtomically(at("whole"), "before");
    writeFileAtomically(at("whole"), std::string(5000, 'x'));
    QCOMPARE(contentOf(at("whole")), std::string(5000, 'x'));
    std::string message;
    {
      const FileLimit limit(100);
      message = refusal(EFBIG, [&] { writeFileAtomically(at("whole"), std::string(200, 'y')); });
    }
    QCOMPARE(message.find(at("whole").string() + ": cannot be written: "), std::size_t{0});
    QCOMPARE(contentOf(at("whole")), std::string(5000, 'x'));
    QVERIFY(!std::filesystem::exists(at("whole.part")));
  }

  void a_link_stays_a_link() {
    std::filesystem::create_symlink(at("behind"), at("link"));
    std::ofstream(at("behind")) << "old";
    writeFileAtomically(at("link"), "new");
    QVERIFY(std::filesystem::is_symlink(at("link")));
    QCOMPARE(contentOf(at("behind")), std::string("new"));
  }

  void what_cannot_be_made_is_refused_before_work() {
    const int before = entries();
    const std::filesystem::path missing = at("none") / "x";
    for (const auto& ask :
         {std::function<void(std::filesystem::path)>(requireWritable),
          std::function<void(std::filesystem::path)>([](std::filesystem::path p) { LineFile file(std::move(p)); })}) {
      QVERIFY(refusal(ENOENT, [&] { ask(missing); }).find("none/x") != std::string::npos);
      QVERIFY(refusal(EISDIR, [&] { ask(folder_.path().toStdString()); }).find("cannot be written") != std::string::npos);
    }
    requireWritable(at("possible"));
    QCOMPARE(entries(), before);
  }

  void each_line_is_there_when_it_is_written() {
    std::ofstream(at("lines")) << "old";
    LineFile lines(at("lines"));
    QCOMPARE(contentOf(at("lines")), std::string("old"));  // until there is something better
    lines.write("one");
    QCOMPARE(contentOf(at("lines")), std::string("one\n"));
    lines.write("two");
    QCOMPARE(contentOf(at("lines")), std::string("one\ntwo\n"));
    lines.close();
    QVERIFY(!std::filesystem::exists(at("lines.part")));
  }

  void two_never_write_the_same_lines() {
    const auto other = [&] { return refusal(EBUSY, [&] { LineFile second(at("both")); }); };
    {
      LineFile first(at("both"));
      QVERIFY(other().find("another program is writing it") != std::string::npos);
      first.write("one");
      QVERIFY(!other().empty());  // in its place, and not closed
      QVERIFY(!refusal(EBUSY, [&] { requireWritable(at("both")); }).empty());
      first.write("two");
      QCOMPARE(contentOf(at("both")), std::string("one\ntwo\n"));
      QVERIFY(!std::filesystem::exists(at("both.part")));
    }
    LineFile next(at("both"));
    next.write("three");
    QCOMPARE(contentOf(at("both")), std::string("three\n"));
  }

  void many_that_write_one_file_at_once_leave_one_of_them_whole() {
    std::vector<std::thread> writers;
    for (char letter = 'a'; letter < 'i'; ++letter)
      writers.emplace_back([this, letter] {
        for (int i = 0; i < 40; ++i) writeFileAtomically(at("shared"), std::string(100000, letter));
      });
    for (std::thread& writer : writers) writer.join();
    const std::string kept = contentOf(at("shared"));
    QCOMPARE(kept, std::string(100000, kept.at(0)));
    QVERIFY(!std::filesystem::exists(at("shared.part")));
  }

  void a_file_without_lines_leaves_what_was_there() {
    std::ofstream(at("kept")) << "old";
    { LineFile lines(at("kept")); }
    QCOMPARE(contentOf(at("kept")), std::string("old"));
    QVERIFY(!std::filesystem::exists(at("kept.part")));
  }

  void a_full_disk_is_said_at_once_and_complete_lines_stay() {
    std::string message;
    {
      const FileLimit limit(25);
      LineFile lines(at("full"));
      lines.write("123456789");
      lines.write("123456789");
      message = refusal(EFBIG, [&] { lines.write("123456789"); });
    }
    QVERIFY2(message.find("the 2 lines before stay") != std::string::npos, message.c_str());
    QCOMPARE(contentOf(at("full")), std::string("123456789\n123456789\n"));
    LineFile device("/dev/full");
    QVERIFY(refusal(ENOSPC, [&] { device.write("x"); }).find("/dev/full: cannot be written") == 0);
  }
};

MOESCOPE_TEST(TestOutputFile)
#include "test_output_file.moc"
