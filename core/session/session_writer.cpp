#include "core/session/session_writer.h"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <set>
#include <stdexcept>
#include <thread>

#include "core/session/session_lock.h"
#include "core/session/session_schema.h"
#include "core/words/words.h"

namespace moescope {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kCommitEvery{500}, kTryAgainAfter{2000};
constexpr std::size_t kMostWaiting = 100000;        // entries, some 50 MB of steps
constexpr std::size_t kMostLargeWaiting = 8;        // snapshots, analyses and models, which are large
constexpr const char* kSettings = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 16777216";

std::uint64_t sizeOf(const std::filesystem::path& file) {
  std::error_code none;
  const std::uintmax_t size = std::filesystem::file_size(file, none);
  return none ? 0 : size;
}

/// Seconds of a core that this thread has used.
double threadSeconds() {
  rusage used{};
  getrusage(RUSAGE_THREAD, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

Database openToWrite(const std::filesystem::path& file) {
  Database database(file, Database::Access::Write);
  if (isEmpty(database)) database.run("PRAGMA auto_vacuum = INCREMENTAL");  // so that it can become smaller when its budget does
  else requireSession(database);
  database.run(kSettings);
  if (database.words("PRAGMA journal_mode") != "wal")
    throw std::runtime_error(
        translated("%1: its folder has no locks that hold, and without them no session can be kept there", database.path()));
  if (isEmpty(database)) {
    Transaction transaction(database);
    makeTables(database);
    transaction.commit();
  }
  return database;
}

}  // namespace

struct SessionWriter::State {
  /// May be done again where a transaction came to nothing.
  using Job = std::function<void(SessionTables&)>;
  struct Entry {
    Job job;
    enum class Kind { Small, Step, Snapshot, Large } kind = Kind::Small;
  };

  const std::filesystem::path file;
  const SessionSettings settings;
  SessionLock lock;
  Database database;
  SessionTables tables;
  const std::uint64_t firstGeneration;
  std::int64_t run = 0;

  mutable std::mutex mutex;
  std::condition_variable work, done;
  std::deque<Entry> waiting;
  TimelineMoment newest;  // a snapshot that is not written yet, where not every one is
  std::size_t large = 0;   // of those waiting
  bool writing = false, hurried = false, stopping = false;
  bool shrinks = false;  // by the thread alone: the budget is another one since the file was made smaller
  std::uint64_t rounds = 0, failedRounds = 0;  // transactions that came to an end, and those to nothing
  Clock::time_point mayWriteSnapshot = Clock::now();
  SessionStatus status;
  std::set<std::uint64_t> begun;  // generations
  std::optional<std::pair<std::uint64_t, std::int64_t>> continues;
  std::thread thread;

  State(const std::filesystem::path& path, const SessionSettings& wanted)
      : file(path),
        settings(wanted),
        lock(path),
        database(openToWrite(path)),
        tables(database, wanted.budget),
        firstGeneration(tables.lastGeneration()) {
    status.budget = wanted.budget;
  }

  std::uint64_t numberOf(std::uint64_t generation) const { return firstGeneration + generation; }
  void begin(std::uint64_t generation);
  bool put(Entry entry, std::unique_lock<std::mutex>& held);
  Job snapshotJob(const TimelineMoment& moment) const;
  void loop();
  bool snapshotIsDue() const { return newest.snapshot && (stopping || hurried || Clock::now() >= mayWriteSnapshot); }
  void round(std::unique_lock<std::mutex>& held);
  std::string write(std::deque<Entry>& entries);
  std::string writeOne(const Entry& entry);
  void giveBack();
  void succeeded(const std::deque<Entry>& entries, double seconds);
  void failed(std::deque<Entry> entries, const std::string& why);
  void giveUp();
};

/// A generation's own row comes before its first entry.
void SessionWriter::State::begin(std::uint64_t generation) {
  if (!begun.insert(generation).second) return;
  const auto from = std::exchange(continues, std::nullopt).value_or(std::pair<std::uint64_t, std::int64_t>{0, 0});
  waiting.push_back(
      {[number = numberOf(generation), from](SessionTables& to) { to.putGeneration(number, from.first, from.second); }});
}

/// False: there was no room.
bool SessionWriter::State::put(Entry entry, std::unique_lock<std::mutex>& held) {
  const bool isLarge = entry.kind == Entry::Kind::Snapshot || entry.kind == Entry::Kind::Large;
  if (settings.everySnapshot)
    done.wait(held, [&] {
      return !status.failure.empty() || (waiting.size() < kMostWaiting && (!isLarge || large < kMostLargeWaiting));
    });
  if (waiting.size() >= kMostWaiting || (isLarge && large >= kMostLargeWaiting)) {
    ++status.lost;
    return false;
  }
  large += isLarge ? 1 : 0;
  waiting.push_back(std::move(entry));
  if (isLarge || waiting.size() == kMostWaiting / 2) work.notify_one();
  return true;
}

SessionWriter::State::Job SessionWriter::State::snapshotJob(const TimelineMoment& moment) const {
  return [number = numberOf(moment.snapshot->generation), moment](SessionTables& to) { to.putSnapshot(number, moment); };
}

void SessionWriter::State::loop() {
  std::unique_lock held(mutex);
  while (!stopping) {
    work.wait_for(held, status.failure.empty() ? kCommitEvery : kTryAgainAfter, [&] {
      return stopping || hurried ||
             (status.failure.empty() && ((settings.everySnapshot && large > 0) || waiting.size() >= kMostWaiting / 2));
    });
    if (!waiting.empty() || snapshotIsDue() || hurried) round(held);
  }
  if (!waiting.empty() || newest.snapshot) round(held);
  giveUp();
}

/// One transaction. `held` is let go meanwhile.
void SessionWriter::State::round(std::unique_lock<std::mutex>& held) {
  if (snapshotIsDue()) {
    waiting.push_back({snapshotJob(newest), Entry::Kind::Snapshot});
    newest = {};
    ++large;
  }
  std::deque<Entry> entries = std::exchange(waiting, {});
  large = 0;
  hurried = false;
  writing = true;
  held.unlock();
  const double before = threadSeconds();
  const std::string why = write(entries);
  const double seconds = threadSeconds() - before;
  const std::uint64_t bytes = sizeOf(file) + sizeOf(file.string() + "-wal");
  held.lock();
  status.fileBytes = bytes;
  writing = false;
  ++rounds;
  if (why.empty())
    succeeded(entries, seconds);
  else
    failed(std::move(entries), why);
  done.notify_all();
}

/// Why it came to nothing; empty: it stands. Entries that cannot be kept on any disk are left out, and said.
std::string SessionWriter::State::write(std::deque<Entry>& entries) {
  std::int64_t lost = 0;
  std::string why;
  try {
    if (database.hasMoved())
      return file.string() + ": was moved or deleted while it was written to; what is trained from now on is not kept";
    Transaction transaction(database);
    std::erase_if(entries, [&](const Entry& entry) {
      const std::string fault = writeOne(entry);
      if (fault.empty()) return false;
      ++lost;
      why = fault;
      return true;
    });
    transaction.commit();
    if (shrinks) giveBack();
    const std::lock_guard held(mutex);
    status.lost += lost;
    if (lost > 0) status.lostWhy = why;
    return "";
  } catch (const std::exception& error) {
    try {
      tables.reload();
    } catch (const std::exception&) {
      // The disk is worse off still: the next round tries again.
    }
    return error.what();
  }
}

/// To the disk, what thinning left empty. What cannot be done now is with the next round; until then the file is only larger.
void SessionWriter::State::giveBack() {
  try {
    database.run("PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE)");
    shrinks = false;
  } catch (const DatabaseError& error) {
    if (!error.ofTheDisk()) throw;
  }
}

/// Why the entry cannot be kept; empty: it is. Throws where the disk is at fault.
std::string SessionWriter::State::writeOne(const Entry& entry) {
  try {
    entry.job(tables);
    return "";
  } catch (const DatabaseError& error) {
    if (error.ofTheDisk()) throw;
    return error.what();
  } catch (const std::exception& error) {
    return file.string() + ": " + error.what();
  }
}

void SessionWriter::State::succeeded(const std::deque<Entry>& entries, double seconds) {
  status.failure.clear();
  status.bytes = tables.bytes();
  status.leftOut = tables.leftOut();
  bool wroteSnapshot = false;
  for (const Entry& entry : entries) {
    status.steps += entry.kind == Entry::Kind::Step ? 1 : 0;
    status.snapshots += entry.kind == Entry::Kind::Snapshot ? 1 : 0;
    wroteSnapshot = wroteSnapshot || entry.kind == Entry::Kind::Snapshot;
  }
  if (wroteSnapshot && settings.share > 0.0)
    mayWriteSnapshot =
        Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds / settings.share));
}

/// The entries wait for the next round, in front of what came meanwhile; of the large ones no more than have room.
void SessionWriter::State::failed(std::deque<Entry> entries, const std::string& why) {
  status.failure = why;
  ++failedRounds;
  for (Entry& entry : waiting) entries.push_back(std::move(entry));
  waiting.clear();
  large = 0;
  for (Entry& entry : entries) {
    const bool isLarge = entry.kind == Entry::Kind::Snapshot || entry.kind == Entry::Kind::Large;
    if (waiting.size() >= kMostWaiting || (isLarge && large >= kMostLargeWaiting)) {
      ++status.lost;
      continue;
    }
    large += isLarge ? 1 : 0;
    waiting.push_back(std::move(entry));
  }
}

void SessionWriter::State::giveUp() {
  for (const Entry& entry : waiting) status.lost += entry.kind == Entry::Kind::Small ? 0 : 1;
  waiting.clear();
}

SessionWriter::SessionWriter(const std::filesystem::path& file, const SessionRun& run, const SessionSettings& settings)
    : state_(std::make_unique<State>(file, settings)) {
  Transaction transaction(state_->database);
  state_->tables.beginRun(run);
  transaction.commit();
  state_->run = state_->tables.run();
  state_->thread = std::thread([this] { state_->loop(); });
}

SessionWriter::~SessionWriter() {
  {
    const std::lock_guard held(state_->mutex);
    state_->stopping = true;
  }
  state_->work.notify_all();
  state_->thread.join();
}

void SessionWriter::continueFrom(std::uint64_t generation, std::int64_t step) {
  const std::lock_guard held(state_->mutex);
  state_->continues = {generation, step};
}

void SessionWriter::step(std::uint64_t generation, const StepMetrics& step) {
  std::unique_lock held(state_->mutex);
  state_->begin(generation);
  state_->put(
      {[number = state_->numberOf(generation), step](SessionTables& to) { to.put(number, step); }, State::Entry::Kind::Step},
      held);
}

void SessionWriter::knobs(std::uint64_t generation, const KnobChange& change) {
  std::unique_lock held(state_->mutex);
  state_->begin(generation);
  state_->put({[number = state_->numberOf(generation), change](SessionTables& to) { to.put(number, change); }}, held);
}

void SessionWriter::snapshot(const TimelineMoment& moment) {
  State& state = *state_;
  std::unique_lock held(state.mutex);
  state.begin(moment.snapshot->generation);
  if (state.settings.everySnapshot) {
    state.put({state.snapshotJob(moment), State::Entry::Kind::Snapshot}, held);
    return;
  }
  const SnapshotPointer& before = state.newest.snapshot;
  if (before && (before->step != moment.snapshot->step || before->generation != moment.snapshot->generation)) {
    if (before->generation == moment.snapshot->generation)
      ++state.status.passedOver;
    else
      state.put({state.snapshotJob(state.newest), State::Entry::Kind::Snapshot}, held);  // the last one of its generation
  }
  state.newest = moment;
}

void SessionWriter::analysis(const AnalysisPointer& analysis, const std::shared_ptr<const ComparedEmbeddings>& compared) {
  std::unique_lock held(state_->mutex);
  state_->begin(analysis->generation);
  state_->put({[number = state_->numberOf(analysis->generation), analysis, compared](SessionTables& to) {
                 to.putAnalysis(number, analysis, compared);
               },
               State::Entry::Kind::Large},
              held);
}

void SessionWriter::failure(const AnalysisFailure& failure) {
  std::unique_lock held(state_->mutex);
  state_->begin(failure.generation);
  state_->put({[number = state_->numberOf(failure.generation), failure](SessionTables& to) { to.put(number, failure); }}, held);
}

void SessionWriter::branch(std::uint64_t generation, std::uint64_t from, std::int64_t step, const TimelineMark& mark) {
  std::unique_lock held(state_->mutex);
  state_->begun.insert(generation);
  const auto write = [number = state_->numberOf(generation), old = state_->numberOf(from), step,
                      knobs = mark.knobs](SessionTables& to) {
    to.putGeneration(number, old, step);
    for (const KnobChange& change : knobs) to.put(number, change);
  };
  state_->put({write}, held);
}

void SessionWriter::model(std::uint64_t generation, std::int64_t step, double trainedSeconds,
                          std::function<std::string()> bytes) {
  std::unique_lock held(state_->mutex);
  state_->begin(generation);
  const auto write = [number = state_->numberOf(generation), step, trainedSeconds, bytes = std::move(bytes)](SessionTables& to) {
    to.putModel(number, step, trainedSeconds, bytes());
  };
  state_->put({write, State::Entry::Kind::Large}, held);
}

void SessionWriter::document(std::string json) {
  std::unique_lock held(state_->mutex);
  state_->put({[json = std::move(json)](SessionTables& to) { to.putDocument(json); }}, held);
}

void SessionWriter::bookmarks(std::vector<Bookmark> bookmarks) {
  std::unique_lock held(state_->mutex);
  for (Bookmark& bookmark : bookmarks) bookmark.generation = state_->numberOf(bookmark.generation);
  state_->put({[bookmarks = std::move(bookmarks)](SessionTables& to) { to.putBookmarks(bookmarks); }}, held);
}

void SessionWriter::setBudget(std::uint64_t bytes) {
  std::unique_lock held(state_->mutex);
  state_->status.budget = bytes;
  const auto change = [state = state_.get(), bytes](SessionTables& to) {
    to.setBudget(bytes);
    state->shrinks = true;
  };
  state_->put({change}, held);
  state_->hurried = true;
  state_->work.notify_all();
}

bool SessionWriter::flush() {
  std::unique_lock held(state_->mutex);
  const std::uint64_t rounds = state_->rounds + (state_->writing ? 1 : 0), failed = state_->failedRounds;
  state_->hurried = true;
  state_->work.notify_all();
  state_->done.wait(held, [&] { return state_->rounds > rounds; });
  return state_->failedRounds == failed && state_->status.failure.empty();
}

SessionStatus SessionWriter::status() const {
  const std::lock_guard held(state_->mutex);
  return state_->status;
}

const std::filesystem::path& SessionWriter::path() const { return state_->file; }

std::int64_t SessionWriter::run() const { return state_->run; }

std::uint64_t SessionWriter::firstGeneration() const { return state_->firstGeneration; }

}  // namespace moescope
