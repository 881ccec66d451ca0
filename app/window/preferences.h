#pragma once
// What the window remembers from one start to the next, in the user's own settings file.

#include <QByteArray>
#include <QString>

namespace moescope {

struct Preferences {
  bool known = false;  ///< false: nothing was stored, the rest are defaults
  bool dark = true;
  double textScale = 1.0;
  QByteArray geometry, layout;  ///< Qt's own, may be empty
  QString state;                ///< lens and knobs as JSON, may be empty

  /// Anything unreadable or out of range counts as not stored.
  static Preferences load();
  void store() const;
  static void forget();
};

}  // namespace moescope
