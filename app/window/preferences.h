#pragma once
// What the window remembers from one start to the next, in the user's own settings file.

#include <QByteArray>
#include <QMap>
#include <QString>

namespace moescope {

struct Preferences {
  bool known = false;  ///< false: nothing was stored, the rest are defaults
  double textScale = 1.0;  ///< that the layout was made at
  QByteArray geometry, layout;       ///< Qt's own, may be empty; the layout is that of panel and bars
  QMap<QString, QByteArray> groups;  ///< the layout of each group of views by its name
  QString state;                     ///< the Document as JSON, may be empty

  /// Anything unreadable, out of range or (layouts) of another version counts as not stored.
  static Preferences load();
  /// False: they could not be written.
  bool store() const;
  static void forget();
};

}  // namespace moescope
