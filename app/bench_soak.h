#pragma once
// bench --soak: the window and its engine for hours without a person.

namespace moescope {

/// Trains in a real window whose slider, layer and selection never rest, and says of every minute how much memory is resident,
/// how long frames took and how fast training was: as CSV while it runs, or as JSON at the end. To be called while there is one
/// thread.
void soak(double minutes, bool json);

}  // namespace moescope
