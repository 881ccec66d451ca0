#pragma once
// Where the frames of a film go, one kind of file each. Used by one thread.

#include <memory>
#include <string>

#include "app/film/film_format.h"
#include "views/offscreen.h"

namespace moescope {

class FrameSink {
 public:
  virtual ~FrameSink() = default;
  /// The next frame, of the film's size. Throws std::runtime_error with one line.
  virtual void add(const Image& frame) = 0;
  /// Everything that was added is in the file, which is whole. Throws as add().
  virtual void finish() = 0;
};

/// Writes to `path`, which is taken away where it is there. After a kill an MP4 or WebM plays up to its last whole second, a
/// folder has its pictures, and a GIF has nothing: its colours are chosen from all frames. Throws std::runtime_error with one
/// line.
std::unique_ptr<FrameSink> makeVideoSink(FilmKind kind, const std::string& path, const FilmShape& shape);
std::unique_ptr<FrameSink> makeGifSink(const std::string& path, const FilmShape& shape);
/// frame-00000.png and on, in a folder that is there.
std::unique_ptr<FrameSink> makePictureSink(const std::string& folder);

/// An MP4 of fragments as an ordinary one that players may show before they have it all: the same coded frames.
void remuxMp4(const std::string& fragments, const std::string& path);

}  // namespace moescope
