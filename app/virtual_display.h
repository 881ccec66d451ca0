#pragma once
// An X display without a screen, for pictures where there is no display.

namespace moescope {

/// Starts Xvfb and sets DISPLAY and XAUTHORITY to it. It ends when this program does, however that ends, and a Ctrl-C of the
/// terminal does not reach it, so that what is being drawn can still be finished. Throws std::runtime_error, one line, where
/// there is no Xvfb or it does not start. To be called once, on the main thread, before there are others.
void startVirtualDisplay();

}  // namespace moescope
