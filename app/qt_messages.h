#pragma once
// What Qt has to say, for a person.

namespace moescope {

/// From here on, what Qt would abort or leave this program for (a platform that cannot be had, a display that is gone) ends it
/// with one line on standard error and status 1. Everything else Qt says stays as it is.
void installQtMessages();

}  // namespace moescope
