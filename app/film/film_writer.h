#pragma once
// Writes a film on a thread of its own, behind a queue of a few frames: drawing does not wait for encoding, nor the other way
// round.

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "app/film/film_format.h"
#include "app/film/frame_sink.h"

namespace moescope {

using FramePointer = std::shared_ptr<const Image>;

/// The film as it is on the disk.
struct FilmReport {
  std::string path;
  std::int64_t frames = 0;
  std::uint64_t bytes = 0;
  std::vector<std::string> hashes;  ///< ContentHash of each frame's pixels, before they were encoded
  std::string note;                 ///< what a person should know of the file; empty: nothing
};

/// While it is written a film is PATH's name with .part before its ending, and plays up to the last second whatever ends the
/// program; the film that it may replace stays until the new one is whole. A folder gets its pictures at once.
class FilmWriter {
 public:
  static constexpr std::size_t kQueue = 4;                   ///< frames
  static constexpr std::uint64_t kLeastFree = 64ull << 20;   ///< bytes of the disk that are left to others

  /// Begins the film. Throws as requireFilm() does.
  FilmWriter(const std::string& path, const FilmShape& shape, bool replace);
  /// Without finish(): what was written stays as the part, if it holds a frame.
  ~FilmWriter();
  FilmWriter(const FilmWriter&) = delete;
  FilmWriter& operator=(const FilmWriter&) = delete;

  /// Waits while the queue is full. Throws what went wrong in writing frames before; std::runtime_error where the disk is nearly
  /// full: the frames that were added are then still there to be finished.
  void add(FramePointer frame);
  /// Whether add() would wait.
  bool full() const;
  /// Seconds that the thread was busy.
  double busySeconds() const;
  /// Waits for all frames and makes the file whole. Throws std::runtime_error; the part then stays, and the line names it.
  FilmReport finish();

 private:
  void run();
  void requireHealthy() const;
  void stop();
  void makeWhole();

  const std::string path_;
  const FilmShape shape_;
  const FilmKind kind_;
  std::string part_;
  std::unique_ptr<FrameSink> sink_;
  FilmReport report_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<FramePointer> queue_;
  std::exception_ptr broken_;   ///< the sink failed
  std::string nearlyFull_;      ///< the disk
  double busy_ = 0.0;
  bool ending_ = false, finished_ = false;
  std::thread thread_;
};

/// To be asked before long work: whether this film can be begun. Throws std::invalid_argument for a shape or ending that cannot
/// be, std::runtime_error where there is a film, a part of one or its frames already and `replace` is false, no encoder, no
/// folder or too little room; one line each.
void requireFilm(const std::string& path, const FilmShape& shape, bool replace);

/// "film.part.mp4" of "film.mp4"; of a folder the folder.
std::string partOfFilm(const std::string& path);
/// "film.json" of "film.mp4"; of a folder "film.json" in it.
std::string sidecarOf(const std::string& path);
/// Bytes that may be written where a path is or would be. Throws std::runtime_error for a folder that is not there.
std::uint64_t freeBytes(const std::string& path);

}  // namespace moescope
