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
    const CaptureReading& reading = recent[i].reading;
    if (reading == CaptureReading{}) continue;
    stored.setValue("shape", QList<QVariant>{qlonglong(reading.shape.tokens), qlonglong(reading.shape.layers),
                                             qlonglong(reading.shape.chosen)});
    stored.setValue("experts", reading.experts);
    stored.setValue("withoutIdentical", reading.withoutIdentical);
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
    RecentCheckpoint each{stored.value("folder").toString(), stored.value("trace").toString()};
    if (const QList<QVariant> shape = stored.value("shape").toList(); shape.size() == 3)
      each.reading.shape = {shape[0].toLongLong(), shape[1].toLongLong(), shape[2].toLongLong()};
    each.reading.experts = stored.value("experts").toInt();
    each.reading.withoutIdentical = stored.value("withoutIdentical").toBool();
    if (!each.folder.isEmpty()) recent.append(each);
  }
  return recent;
}

void rememberCheckpoint(const QString& folder, const QString& trace, const CaptureReading& reading) {
  const RecentCheckpoint latest{QFileInfo(folder).absoluteFilePath(),
                                trace.isEmpty() ? QString() : QFileInfo(trace).absoluteFilePath(), reading};
  QList<RecentCheckpoint> recent = recentCheckpoints();
  recent.removeIf([&](const RecentCheckpoint& each) { return each.folder == latest.folder && each.trace == latest.trace; });
  recent.prepend(latest);
  store(recent.mid(0, kMostRecent));
}

void forgetRecentCheckpoints() { store({}); }

}  // namespace moescope
