#include "app/window/recent_checkpoints.h"

#include <QFileInfo>

#include "app/window/settings_file.h"

namespace moescope {
namespace {

constexpr int kMostRecent = 8;

void store(const QList<RecentCheckpoint>& recent) {
  QSettings stored = settingsFile();
  stored.remove("recent");
  stored.beginWriteArray("recent", static_cast<int>(recent.size()));
  for (int i = 0; i < recent.size(); ++i) {
    stored.setArrayIndex(i);
    stored.setValue("folder", recent[i].folder);
    stored.setValue("trace", recent[i].trace);
  }
  stored.endArray();
}

}  // namespace

QList<RecentCheckpoint> recentCheckpoints() {
  QSettings stored = settingsFile();
  QList<RecentCheckpoint> recent;
  const int count = std::min(kMostRecent, stored.beginReadArray("recent"));
  for (int i = 0; i < count; ++i) {
    stored.setArrayIndex(i);
    const RecentCheckpoint each{stored.value("folder").toString(), stored.value("trace").toString()};
    if (!each.folder.isEmpty()) recent.append(each);
  }
  return recent;
}

void rememberCheckpoint(const QString& folder, const QString& trace) {
  const RecentCheckpoint latest{QFileInfo(folder).absoluteFilePath(), trace.isEmpty() ? QString() : QFileInfo(trace).absoluteFilePath()};
  QList<RecentCheckpoint> recent = recentCheckpoints();
  recent.removeAll(latest);
  recent.prepend(latest);
  store(recent.mid(0, kMostRecent));
}

void forgetRecentCheckpoints() { store({}); }

}  // namespace moescope
