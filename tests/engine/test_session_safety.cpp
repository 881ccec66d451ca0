// Whatever ends the program, whatever the disk does and whatever a file holds: committed steps stay, training goes on, and what
// is lost is named.

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QTemporaryDir>
#include <QTest>
#include <atomic>
#include <csignal>
#include <fstream>
#include <random>

#include "core/data/files.h"
#include "core/session/compression.h"
#include "core/session/session_source.h"
#include "core/session/session_writer.h"
#include "tests/support/recorded_run.h"
#include "tests/support/test_class.h"

namespace {
std::atomic<bool> locksFail{false};
}

/// In the place of the system's: a folder without locks.
extern "C" int flock(int descriptor, int operation) noexcept {
  if (locksFail) {
    errno = ENOLCK;
    return -1;
  }
  return static_cast<int>(syscall(SYS_flock, descriptor, operation));
}

using namespace moescope;
using namespace moescope::testing;

namespace {

std::filesystem::path in(const QTemporaryDir& folder, const std::string& name = "a.moescope") {
  return std::filesystem::path(folder.path().toStdString()) / name;
}

SessionSettings everything() {
  SessionSettings settings;
  settings.everySnapshot = true;
  return settings;
}

/// A session of 60 steps, 13 snapshots and 12 analyses, closed.
void makeSession(const std::filesystem::path& file) {
  Timeline live;
  const auto writer = std::make_shared<SessionWriter>(file, recordedRun(), everything());
  live.follow(writer);
  record(live, 1, 0, 60);
  writer->document("{}");
  QVERIFY2(writer->flush(), writer->status().failure.c_str());
}

std::string bytesOfFile(const std::filesystem::path& file) {
  const auto read = readFile(file, std::size_t{64} << 20).bytes;
  return {read.begin(), read.end()};
}

void write(const std::filesystem::path& file, const std::string& bytes) { std::ofstream(file, std::ios::binary) << bytes; }

/// Runs SQL on a file as any other program would.
void changeBy(const std::filesystem::path& file, const std::string& sql) {
  sqlite3* connection = nullptr;
  QCOMPARE(sqlite3_open(file.c_str(), &connection), SQLITE_OK);
  char* message = nullptr;
  sqlite3_exec(connection, sql.c_str(), nullptr, nullptr, &message);
  QVERIFY2(!message, message);
  sqlite3_close(connection);
}

/// What opening the file says; empty: it opens.
std::string complaintOf(const std::filesystem::path& file) {
  try {
    const SessionReader session(file);
    return "";
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

bool isOneLineAbout(const std::string& line, const std::filesystem::path& file) {
  return line.starts_with(file.string() + ": ") && line.find('\n') == std::string::npos;
}

/// Trains for ever: says on `pipe` after which step everything was committed.
[[noreturn]] void writeForEver(const std::filesystem::path& file, int pipe) {
  Timeline live;
  const auto writer = std::make_shared<SessionWriter>(file, recordedRun(), everything());
  live.follow(writer);
  std::uint64_t generation = 1;
  for (std::int64_t step = 0;; step += 5) {
    if (step == 20) {
      const auto mark = live.mark(1);
      live.branch(2, 1, 20, *mark);
      generation = 2;
    }
    record(live, generation, step, step + 5);
    if (!writer->flush()) _exit(1);
    const std::int64_t told[2] = {static_cast<std::int64_t>(generation), step + 5};
    if (::write(pipe, told, sizeof told) != sizeof told) _exit(1);
  }
}

}  // namespace

class TestSessionSafety : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void a_program_that_is_killed_loses_no_committed_step() {
    std::mt19937 dice(17);
    int opened = 0, withSteps = 0;
    for (int kill = 0; kill < 50; ++kill) {
      const QTemporaryDir folder;
      int ends[2];
      QCOMPARE(pipe(ends), 0);
      const pid_t child = fork();
      if (child == 0) writeForEver(in(folder), ends[1]);
      ::close(ends[1]);
      usleep(std::uniform_int_distribution<useconds_t>(0, 250000)(dice));
      ::kill(child, SIGKILL);
      int state = 0;
      waitpid(child, &state, 0);
      QVERIFY(WIFSIGNALED(state));
      std::int64_t told[2] = {0, -1}, next[2];
      while (::read(ends[0], next, sizeof next) == sizeof next) std::copy(next, next + 2, told);
      ::close(ends[0]);
      if (told[1] < 0) {  // nothing was promised: there is a session, or one line that says there is none
        if (std::filesystem::exists(in(folder))) QVERIFY(complaintOf(in(folder)).find('\n') == std::string::npos);
        continue;
      }
      SessionReader session(in(folder));
      session.readAll();
      QVERIFY2(session.notes().empty(), session.notes().empty() ? "" : session.notes()[0].c_str());
      const auto generation = static_cast<std::uint64_t>(told[0]);
      QVERIFY(session.lastStep(generation) >= told[1]);
      std::int64_t steps = 0;
      session.eachStep(generation, [&](const StepMetrics& step) { return step.step == ++steps; });
      QVERIFY(steps >= told[1]);
      QVERIFY(session.snapshotStepAt(generation, told[1]) == told[1]);
      ++opened;
      withSteps += static_cast<int>(told[1]);
      { SessionWriter again(in(folder), recordedRun(), everything()); }  // and it may be gone on with
    }
    QVERIFY2(opened > 20, qPrintable(QString("only %1 of 50 had come to a step").arg(opened)));
    qInfo("50 kills, %d after a commit, %d committed steps, none lost", opened, withSteps);
  }

  void a_full_disk_is_said_and_nothing_is_lost_once_there_is_room() {
    const QTemporaryDir folder;
    Timeline live;
    const auto writer = std::make_shared<SessionWriter>(in(folder), recordedRun(), everything());
    live.follow(writer);
    record(live, 1, 0, 20);
    QVERIFY(writer->flush());
    rlimit before{};
    getrlimit(RLIMIT_FSIZE, &before);
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    rlimit small = before;
    small.rlim_cur = 4096;
    setrlimit(RLIMIT_FSIZE, &small);
    record(live, 1, 20, 40);
    const bool written = writer->flush();
    const std::string why = writer->status().failure;
    setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, handler);
    QVERIFY(!written);
    QVERIFY2(isOneLineAbout(why, in(folder)), why.c_str());
    QCOMPARE(live.lastStep(1), 40);  // training went on
    QVERIFY2(writer->flush(), writer->status().failure.c_str());
    QCOMPARE(writer->status().failure, std::string());
    QCOMPARE(writer->status().lost, 0);
    SessionReader session(in(folder));
    session.readAll();
    QVERIFY(session.notes().empty());
    QCOMPARE(session.steps(1)->steps(), 40);
    QVERIFY(session.snapshotSteps(1) == live.snapshotSteps(1));
  }

  void a_file_that_is_taken_away_is_said() {
    const QTemporaryDir folder;
    Timeline live;
    const auto writer = std::make_shared<SessionWriter>(in(folder), recordedRun(), everything());
    live.follow(writer);
    record(live, 1, 0, 10);
    QVERIFY(writer->flush());
    std::filesystem::rename(in(folder), in(folder, "elsewhere"));
    record(live, 1, 10, 20);
    QVERIFY(!writer->flush());
    QVERIFY2(writer->status().failure.find("was moved or deleted while it was written to") != std::string::npos,
             writer->status().failure.c_str());
    QCOMPARE(live.lastStep(1), 20);
  }

  void a_folder_that_cannot_be_written_to_or_has_no_locks_is_said() {
    const QTemporaryDir folder;
    const auto complaint = [&](const std::filesystem::path& file) -> std::string {
      try {
        SessionWriter(file, recordedRun());
        return "";
      } catch (const std::runtime_error& error) {
        return error.what();
      }
    };
    QVERIFY2(isOneLineAbout(complaint(in(folder, "none/a.moescope")), in(folder, "none/a.moescope")),
             complaint(in(folder, "none/a.moescope")).c_str());
    locksFail = true;
    const std::string noLocks = complaint(in(folder));
    locksFail = false;
    QVERIFY2(noLocks.find("its folder has no locks that hold") != std::string::npos, noLocks.c_str());
    QVERIFY(!std::filesystem::exists(in(folder)));
  }

  void a_session_may_be_read_where_nothing_may_be_written() {
    const QTemporaryDir folder;
    makeSession(in(folder));
    std::filesystem::permissions(in(folder), std::filesystem::perms(0444));
    std::filesystem::permissions(folder.path().toStdString(), std::filesystem::perms(0555));
    const pid_t child = fork();
    if (child == 0) {  // as somebody who has no rights there
      if (getuid() == 0 && setuid(65534) != 0) _exit(2);
      try {
        SessionReader session(in(folder));
        if (session.lastStep(1) != 60 || session.at(1, 30).snapshot->step != 30 || !session.notes().empty()) _exit(3);
      } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        _exit(4);
      }
      try {
        SessionWriter writer(in(folder), recordedRun());
        _exit(5);
      } catch (const std::runtime_error& error) {
        _exit(std::string(error.what()).find("cannot be written: Permission denied") == std::string::npos ? 6 : 0);
      }
    }
    int state = 0;
    waitpid(child, &state, 0);
    std::filesystem::permissions(folder.path().toStdString(), std::filesystem::perms::owner_all);
    QCOMPARE(WEXITSTATUS(state), 0);
  }

  void what_was_closed_cleanly_has_nothing_beside_it_after_it_was_read() {
    const QTemporaryDir folder;
    makeSession(in(folder));
    const std::string before = bytesOfFile(in(folder));
    const auto beside = [&] { return std::distance(std::filesystem::directory_iterator(folder.path().toStdString()), {}) - 1; };
    {
      const SessionReader first(in(folder));
      { SessionReader(in(folder)).readAll(); }
      QCOMPARE(first.lastStep(1), 60);
      { SessionWriter more(in(folder), recordedRun(), everything()); }  // beside a reader
      QCOMPARE(first.runs().size(), std::size_t(2));                    // who follows it
    }
    QCOMPARE(beside(), 0);
    { QVERIFY(SessionReader(in(folder)).notes().empty()); }
    write(in(folder), before);
    { SessionReader(in(folder)).readAll(); }
    QVERIFY(bytesOfFile(in(folder)) == before);
    // A file of another program is not even tidied up.
    changeBy(in(folder, "b"), "PRAGMA journal_mode = WAL; CREATE TABLE t (x)");
    const std::string foreign = bytesOfFile(in(folder, "b"));
    QVERIFY(!complaintOf(in(folder, "b")).empty());
    QVERIFY(bytesOfFile(in(folder, "b")) == foreign);
  }

  void what_is_no_session_is_refused_in_one_line() {
    const QTemporaryDir folder;
    makeSession(in(folder));
    const std::string good = bytesOfFile(in(folder));
    const auto with = [&](const std::string& sql) {
      write(in(folder, "b"), good);
      changeBy(in(folder, "b"), sql);
      return complaintOf(in(folder, "b"));
    };
    const std::vector<std::pair<std::string, std::string>> faults = {
        {"PRAGMA user_version = 2", "written by a newer Moescope (sessions of version 2; this one reads 1)"},
        {"PRAGMA application_id = 7", "not a session: a database of another program"},
        {"CREATE TRIGGER t AFTER INSERT ON step BEGIN DELETE FROM run; END", "not a session: it has \"t\", which none has"},
        {"CREATE VIEW v AS SELECT * FROM step", "not a session: it has \"v\", which none has"},
        {"CREATE INDEX i ON step (router)", "not a session: it has \"i\", which none has"},
        {"DROP TABLE bookmark", "not a session: it has no table bookmark"},
        {"DROP TABLE probe; CREATE TABLE probe (id INTEGER PRIMARY KEY, data TEXT)",
         "not a session: its table probe is another one"},
        {"DROP TABLE probe; CREATE VIEW probe AS SELECT 1 AS id, randomblob(1000000000) AS data",
         "not a session: its table probe is another one"},
        {"ALTER TABLE run ADD COLUMN more TEXT", "not a session: its table run is another one"},
    };
    for (const auto& [sql, expected] : faults) QCOMPARE(with(sql), in(folder, "b").string() + ": " + expected);
    for (const auto& [bytes, expected] : std::vector<std::pair<std::string, std::string>>{
             {"", "an empty database: no session was begun in it"},
             {std::string(50000, 'x'), "not a session: no SQLite database, or its beginning is damaged"},
             {std::string(50000, '\0'), "not a session: no SQLite database, or its beginning is damaged"}}) {
      write(in(folder, "c"), bytes);
      QCOMPARE(complaintOf(in(folder, "c")), in(folder, "c").string() + ": " + expected);
      if (bytes.empty()) continue;
      QVERIFY_THROWS_EXCEPTION(std::runtime_error, SessionWriter(in(folder, "c"), recordedRun()));
      QVERIFY(bytesOfFile(in(folder, "c")) == bytes);  // nobody's file was written over
    }
    QVERIFY(isOneLineAbout(complaintOf(in(folder, "d")), in(folder, "d")));
    QVERIFY(isOneLineAbout(complaintOf(folder.path().toStdString()), folder.path().toStdString()));
  }

  void entries_that_are_not_whole_are_named_and_the_rest_is_shown() {
    const QTemporaryDir folder;
    makeSession(in(folder));
    const std::string good = bytesOfFile(in(folder));
    const auto hex = [](const std::string& bytes) {
      static const char* digits = "0123456789abcdef";
      std::string text = "x'";
      for (const unsigned char byte : bytes) (text += digits[byte >> 4]) += digits[byte & 15];
      return text + "'";
    };
    const std::string bomb = compressed(std::string(kLargestBlob + 1, '\0'));
    const std::vector<std::pair<std::string, std::string>> faults = {
        {"UPDATE snapshot SET data = x'00' WHERE step = 30", "snapshot of step 30: damaged: "},
        {"UPDATE snapshot SET data = substr(data, 1, 500) WHERE step = 30", "snapshot of step 30: damaged: "},
        {"UPDATE snapshot SET data = " + hex(bomb) + " WHERE step = 30",
         "snapshot of step 30: claims 536870913 bytes; at most 536870912 are read"},
        {"UPDATE snapshot SET data = (SELECT data FROM snapshot WHERE step = 35) WHERE step = 30",
         "snapshot of step 30: is of step 35"},
        {"UPDATE snapshot SET probe = 9 WHERE step = 30", "the probe 9 is missing"},
        {"UPDATE analysis SET data = " + hex(compressed("{}")) + " WHERE step = 30 AND layer = 1",
         "analysis of layer 2, step 30: too short for a safetensors file"},
        {"INSERT INTO layer_step (generation, step, layer) VALUES (1, 30, 1000000000)", "step 30: has a layer 1000000000"},
        {"UPDATE knob_change SET knobs = '{}' WHERE step = 20", "knob change at step 20: knobs: "},
        {"DELETE FROM step WHERE step BETWEEN 31 AND 33", "generation 1: steps 31 to 33 are not in the file"},
        {"DELETE FROM step WHERE step = 44", "generation 1: step 44 is not in the file"},
    };
    for (const auto& [sql, expected] : faults) {
      write(in(folder, "b"), good);
      changeBy(in(folder, "b"), sql);
      SessionReader session(in(folder, "b"));
      session.readAll();
      const std::vector<std::string> notes = session.notes();
      QVERIFY2(notes.size() == 1 && isOneLineAbout(notes[0], in(folder, "b")) && notes[0].find(expected) != std::string::npos,
               qPrintable(QString::number(notes.size()) + " " + (notes.empty() ? "" : notes[0].c_str())));
      QCOMPARE(session.at(1, 45).snapshot->step, 45);
      QCOMPARE(timelineOf(std::make_shared<SessionReader>(in(folder, "b")))->latest().snapshot->step, 60);
    }
  }

  void a_generation_that_branches_from_itself_ends() {
    const QTemporaryDir folder;
    makeSession(in(folder));
    changeBy(in(folder),
             "UPDATE generation SET from_generation = 2, from_step = 50; INSERT INTO generation VALUES (2, 1, 1, 10)");
    SessionReader session(in(folder));
    session.readAll();
    QCOMPARE(session.lastStep(1), 60);
    QCOMPARE(session.lastStep(2), 10);
    QCOMPARE(session.at(2, 100).snapshot->step, 10);
  }

  void a_file_that_ends_too_soon_gives_what_is_whole() {
    const QTemporaryDir folder;
    makeSession(in(folder));
    const std::string good = bytesOfFile(in(folder));
    int rescued = 0;
    for (int cut = 1; cut < 40; ++cut) {
      write(in(folder, "b"), good.substr(0, good.size() * static_cast<std::size_t>(cut) / 40));
      try {
        SessionReader session(in(folder, "b"));
        session.readAll();
        QVERIFY(!session.notes().empty());
        for (const std::string& note : session.notes()) QVERIFY2(isOneLineAbout(note, in(folder, "b")), note.c_str());
        if (session.lastStep(1) > 0) ++rescued;
      } catch (const std::runtime_error& error) {
        QVERIFY2(isOneLineAbout(error.what(), in(folder, "b")), error.what());
      }
    }
    QVERIFY2(rescued > 20, qPrintable(QString::number(rescued)));
    qInfo("39 cuts, %d with steps that could be read", rescued);
  }

  void damage_anywhere_is_one_line_or_a_rescue() {
    const QTemporaryDir folder;
    makeSession(in(folder));
    const std::string good = bytesOfFile(in(folder));
    std::mt19937 dice(5);
    int refused = 0, rescued = 0, unharmed = 0;
    for (int trial = 0; trial < 200; ++trial) {
      std::string bad = good;
      const std::size_t at = std::uniform_int_distribution<std::size_t>(0, good.size() - 1)(dice);
      const std::size_t length = std::min<std::size_t>(trial % 2 ? 1 : 3000, good.size() - at);
      for (std::size_t i = 0; i < length; ++i) bad[at + i] = static_cast<char>(dice());
      write(in(folder, "b"), bad);
      try {
        SessionReader session(in(folder, "b"));
        session.readAll();
        for (const std::string& note : session.notes()) QVERIFY2(isOneLineAbout(note, in(folder, "b")), note.c_str());
        ++(session.notes().empty() ? unharmed : rescued);
      } catch (const std::runtime_error& error) {
        QVERIFY2(isOneLineAbout(error.what(), in(folder, "b")), error.what());
        ++refused;
      }
    }
    QVERIFY(rescued > 50);
    qInfo("200 damages: %d refused, %d rescued with what is lost named, %d in bytes that hold nothing or plain values", refused,
          rescued, unharmed);
  }
};

MOESCOPE_TEST(TestSessionSafety)
#include "test_session_safety.moc"
