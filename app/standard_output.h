#pragma once
// The one place that sees to it that what a command prints arrives, or that its absence is a failure.

namespace moescope {

/// Before anything else in main(). A closed pipe and a limit of a file's size become errors of the write that meets them, not the
/// silent end of the program (programs that are started from here have the system's default again). Of standard input, output and
/// error what is closed is opened so that every use fails, and no other file gets its number.
void prepareStandardStreams();

/// Writes out what was printed so far, before long work or where the reason of a failure is still known (`reason`: its errno, 0:
/// as the system says now). Throws std::runtime_error, "standard output: REASON; ...".
void flushStandardOutput(int reason = 0);

/// After everything else: writes out what C and C++ streams still hold. Returns `status`, or 1, with one line on standard
/// error, where that was 0 and standard output did not take all of what was printed.
int finishStandardOutput(int status);

}  // namespace moescope
