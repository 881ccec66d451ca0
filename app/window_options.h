#pragma once
// The window, or a picture of it, for the commands that open one.

#include <string>

#include "app/document/document.h"

namespace moescope {

struct WindowOptions {
  std::string screenshot, size = "1440x900";  ///< size: of the window and its pictures, in pixels of the screen
  std::string sweepFolder;
  std::string checkpoint, trace;  ///< shown instead of training; empty: none
  CaptureReading reading;         ///< of a capture
  std::string session;            ///< the same
  bool lensGiven = false, gatingGiven = false;  ///< on the command line: these win over the family's own gating
  std::string lesson;    ///< name or file; empty: none
  int lessonPage = 1;
  bool presents = false;  ///< the window begins in presenter mode
  std::string language;  ///< of the interface, a code; empty: of the settings, or the system's
  std::string group;     ///< of views to begin with; empty: the first
  long afterSteps = 200, atStep = -1;  ///< atStep: that pictures show; -1: the newest
  int sweepFrames = 90;
  bool paused = false;
  bool prepares = false;  ///< trains the model that the window begins with, and opens none
  bool fresh = false;  ///< start as on the first day: no remembered theme, layout, knobs
  bool themeGiven = false, scaleGiven = false, sizeGiven = false,
       knobsGiven = false;  ///< on the command line: these win over what is remembered
};

/// Returns when the window is closed or its pictures are written. Throws std::runtime_error with one line.
void openWindow(const Document& document, const WindowOptions& options);

}  // namespace moescope
