#pragma once
// The checkpoints that were opened last, in the user's own settings file.

#include <QList>
#include <QString>

#include "core/checkpoint/capture.h"

namespace moescope {

struct RecentCheckpoint {
  QString folder, trace;  ///< absolute; `trace` may be empty
  CaptureReading reading = {};  ///< as it was read
  bool operator==(const RecentCheckpoint&) const = default;
};

/// Latest first, at most eight.
QList<RecentCheckpoint> recentCheckpoints();
void rememberCheckpoint(const QString& folder, const QString& trace, const CaptureReading& reading);
void forgetRecentCheckpoints();

}  // namespace moescope
