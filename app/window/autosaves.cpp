#include "app/window/autosaves.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <QDateTime>
#include <QStandardPaths>
#include <algorithm>
#include <string>

#include "app/window/language.h"
#include "app/window/settings_file.h"
#include "core/session/session_reader.h"

namespace moescope {
namespace {

namespace fs = std::filesystem;

const std::string kBeginning = "autosave ", kEnding = ".moescope";
constexpr const char* kBudgetKey = "autosave_megabytes";
constexpr std::uint64_t kMegabyte = 1 << 20, kLargestBudget = 1u << 24;  // of megabytes
constexpr int kShareOfOne = 4;  // a fourth

std::uint64_t sizeOf(const fs::path& file) {
  std::uint64_t sum = 0;
  for (const char* part : {"", "-wal", "-shm"}) {
    std::error_code none;
    if (const std::uintmax_t size = fs::file_size(file.string() + part, none); !none) sum += size;
  }
  return sum;
}

fs::path lockOf(const fs::path& session) { return session.string() + "-lock"; }

}  // namespace

bool isWritten(const fs::path& session) {
  const int lock = ::open(lockOf(session).c_str(), O_RDONLY | O_CLOEXEC);
  if (lock < 0) return false;
  const bool taken = ::flock(lock, LOCK_SH | LOCK_NB) != 0;
  ::close(lock);
  return taken;
}

QString bytesInWords(std::uint64_t bytes) {
  const double megabytes = static_cast<double>(bytes) / static_cast<double>(kMegabyte);
  return megabytes < 1000.0 ? tr("%1 MB").arg(megabytes, 0, 'f', megabytes < 10.0 ? 1 : 0)
                            : tr("%1 GB").arg(megabytes / 1024.0, 0, 'f', 1);
}

Autosaves Autosaves::ofTheUser() {
  const QSettings stored = settingsFile();
  bool known = false;
  const std::uint64_t megabytes = stored.value(kBudgetKey).toULongLong(&known);
  const QString folder = stored.value(kFolderKey).toString();
  return {folder.isEmpty() ? folderOfTheFirstDay() : fs::path(folder.toStdString()),
          known && megabytes <= kLargestBudget ? megabytes * kMegabyte : kDefaultBudget};
}

fs::path Autosaves::folderOfTheFirstDay() {
  return (QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + "/moescope/sessions").toStdString();
}

void Autosaves::storeBudget() const {
  QSettings stored = settingsFile();
  stored.setValue(kBudgetKey, static_cast<qulonglong>(budget_ / kMegabyte));
}

std::uint64_t Autosaves::budgetOfOne() const { return budget_ / kShareOfOne; }

std::shared_ptr<SessionRecorder> Autosaves::begin(int side) const {
  const std::string when =
      QDateTime::currentDateTime().toString("yyyy-MM-dd hh-mm-ss-zzz").toStdString() + (side == 0 ? "" : " B");
  fs::path file = folder_ / (kBeginning + when + kEnding);
  for (int number = 2; fs::exists(file); ++number) file = folder_ / (kBeginning + when + " " + std::to_string(number) + kEnding);
  SessionSettings settings;
  settings.budget = budgetOfOne();
  return std::make_shared<SessionRecorder>(file, settings);
}

std::vector<Autosave> Autosaves::list() const {
  std::vector<std::pair<fs::file_time_type, Autosave>> found;
  std::error_code none;
  for (fs::directory_iterator each(folder_, none), end; !none && each != end; each.increment(none)) {
    const std::string name = each->path().filename().string();
    if (!name.starts_with(kBeginning) || !name.ends_with(kEnding) || !each->is_regular_file(none)) continue;
    const bool written = isWritten(each->path());
    found.push_back({fs::last_write_time(each->path(), none),
                     {each->path(), sizeOf(each->path()), written,
                      !written && fs::exists(lockOf(each->path()), none) && !isEmptySession(each->path())}});
  }
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return std::tie(a.first, a.second.file) < std::tie(b.first, b.second.file); });
  std::vector<Autosave> all;
  for (auto& [time, save] : found) all.push_back(std::move(save));
  return all;
}

std::uint64_t Autosaves::bytes() const {
  std::uint64_t sum = 0;
  for (const Autosave& save : list()) sum += save.bytes;
  return sum;
}

int Autosaves::prune(const fs::path& shown) const {
  const std::vector<Autosave> all = list();
  std::uint64_t sum = 0;
  for (const Autosave& save : all) sum += save.bytes;
  int gone = 0;
  for (const Autosave& save : all) {
    if (sum <= budget_) break;
    std::error_code failed;
    if (save.written || save.file == shown || !fs::remove(save.file, failed)) continue;
    for (const char* part : {"-wal", "-shm", "-lock"}) fs::remove(save.file.string() + part, failed);
    sum -= save.bytes;
    ++gone;
  }
  return gone;
}

}  // namespace moescope
