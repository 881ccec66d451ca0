#include "app/film/film_writer.h"

#include <sys/statvfs.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <stdexcept>

#include "core/data/content_hash.h"
#include "core/data/files.h"
#include "core/data/output_file.h"
#include "core/words/words.h"

namespace moescope {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kFramesBetweenChecks = 15;  // of the disk's room

std::string withInserted(const std::string& path, const char* word) {
  const fs::path whole(path);
  return (whole.parent_path() / (whole.stem().string() + word + whole.extension().string())).string();
}

std::unique_ptr<FrameSink> makeSink(FilmKind kind, const std::string& part, const FilmShape& shape) {
  switch (kind) {
    case FilmKind::Mp4:
    case FilmKind::WebM: return makeVideoSink(kind, part, shape);
    case FilmKind::Gif: return makeGifSink(part, shape);
    case FilmKind::Pictures: return makePictureSink(part);
  }
  return nullptr;
}

/// frame-00000.png and on, that lie in a folder.
std::vector<std::string> framesIn(const std::string& folder) {
  std::vector<std::string> frames;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.size() >= 15 && name.starts_with("frame-") && name.ends_with(".png") &&
        name.find_first_not_of("0123456789", 6) == name.size() - 4)
      frames.push_back(entry.path().string());
  }
  return frames;
}

std::string hashOf(const Image& image) {
  ContentHash hash;
  hash.add({reinterpret_cast<const char*>(image.pixels.data()), image.pixels.size()});
  return hash.text();
}

std::uint64_t sizeOf(const std::string& path, FilmKind kind) {
  if (kind != FilmKind::Pictures) return fs::file_size(path);
  std::uint64_t bytes = 0;
  for (const std::string& frame : framesIn(path)) bytes += fs::file_size(frame);
  return bytes;
}

}  // namespace

std::string partOfFilm(const std::string& path) {
  return filmKindOf(path) == FilmKind::Pictures ? path : withInserted(path, ".part");
}

std::string sidecarOf(const std::string& path) {
  if (filmKindOf(path) == FilmKind::Pictures) return (fs::path(path) / "film.json").string();
  return fs::path(path).replace_extension(".json").string();
}

std::uint64_t freeBytes(const std::string& path) {
  const fs::path target(path);
  const std::string folder = fs::is_directory(target) ? path : target.has_parent_path() ? target.parent_path().string() : ".";
  struct statvfs disk {};
  if (statvfs(folder.c_str(), &disk) != 0)
    throw std::runtime_error(translated("%1: %2; expected a folder to write the film to", folder, std::strerror(errno)));
  return static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize;
}

void requireFilm(const std::string& path, const FilmShape& shape, bool replace) {
  const FilmKind kind = filmKindOf(path);
  requireShape(kind, shape);
  requireEncoder(kind, shape.codec);
  if (kind == FilmKind::Pictures) {
    makeFolder(path);
    for (const std::string& frame : framesIn(path))
      if (!replace)
        throw std::runtime_error(translated("%1 is there already; expected a folder without frames, or --force", frame));
    requireWritable(path + "/film.json");
  } else {
    const std::string part = partOfFilm(path);
    if (fs::is_directory(path)) throw std::runtime_error(translated("%1: a folder; expected the name of a film", path));
    if (!replace && fs::exists(path))
      throw std::runtime_error(translated("%1 is there already; expected another name, or --force", path));
    if (!replace && fs::exists(part))
      throw std::runtime_error(
          translated("%1 is there already, of a film that was cut off; move it away, or give --force", part));
    requireWritable(part);
  }
  if (const std::uint64_t free = freeBytes(path); free < FilmWriter::kLeastFree)
    throw std::runtime_error(translated("%1: %2 MB are free on its disk; a film needs at least %3", path,
                                        std::to_string(free >> 20), std::to_string(FilmWriter::kLeastFree >> 20)));
}

FilmWriter::FilmWriter(const std::string& path, const FilmShape& shape, bool replace)
    : path_(path), shape_(shape), kind_(filmKindOf(path)), part_(partOfFilm(path)) {
  requireFilm(path_, shape_, replace);
  if (kind_ == FilmKind::Pictures)
    for (const std::string& frame : framesIn(path_)) fs::remove(frame);
  sink_ = makeSink(kind_, part_, shape_);
  thread_ = std::thread([this] { run(); });
}

FilmWriter::~FilmWriter() {
  stop();
  sink_.reset();
  if (finished_ || kind_ == FilmKind::Pictures || report_.frames > 0) return;
  std::error_code ignored;
  fs::remove(part_, ignored);
}

void FilmWriter::requireHealthy() const {
  if (broken_) std::rethrow_exception(broken_);
  if (!nearlyFull_.empty()) throw std::runtime_error(nearlyFull_);
}

void FilmWriter::add(FramePointer frame) {
  if (frame->width != shape_.width || frame->height != shape_.height)
    throw std::invalid_argument(translated("a frame of %1x%2 in a film of %3x%4", std::to_string(frame->width),
                                           std::to_string(frame->height), std::to_string(shape_.width),
                                           std::to_string(shape_.height)));
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return queue_.size() < kQueue || broken_; });
  requireHealthy();
  queue_.push_back(std::move(frame));
  changed_.notify_all();
}

bool FilmWriter::full() const {
  const std::lock_guard lock(mutex_);
  return queue_.size() >= kQueue;
}

double FilmWriter::busySeconds() const {
  const std::lock_guard lock(mutex_);
  return busy_;
}

void FilmWriter::run() {
  for (;;) {
    FramePointer frame;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return !queue_.empty() || ending_; });
      if (queue_.empty()) return;
      frame = std::move(queue_.front());
      queue_.pop_front();
      changed_.notify_all();
    }
    const auto started = std::chrono::steady_clock::now();
    std::exception_ptr failure;
    std::string nearlyFull, hash;
    try {
      sink_->add(*frame);
      hash = hashOf(*frame);
      if (report_.frames % kFramesBetweenChecks == 0)
        if (const std::uint64_t free = freeBytes(part_); free < kLeastFree)
          nearlyFull = translated("%1: %2 MB are left on its disk", path_, std::to_string(free >> 20));
    } catch (...) {
      failure = std::current_exception();
    }
    const std::chrono::duration<double> busy = std::chrono::steady_clock::now() - started;
    const std::lock_guard lock(mutex_);
    busy_ += busy.count();
    nearlyFull_ = nearlyFull;
    if (failure) {
      broken_ = failure;
      queue_.clear();
      changed_.notify_all();
      return;
    }
    ++report_.frames;
    report_.hashes.push_back(std::move(hash));
  }
}

void FilmWriter::stop() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

/// The part becomes the film. Where there is no room for an ordinary MP4 beside the fragments, these are the film: they play too.
void FilmWriter::makeWhole() {
  sink_->finish();
  sink_.reset();
  if (kind_ == FilmKind::Pictures) return;
  if (kind_ == FilmKind::Mp4) {
    const std::string whole = withInserted(path_, ".whole");
    std::error_code ignored;
    try {
      remuxMp4(part_, whole);
      fs::rename(whole, path_);
      fs::remove(part_, ignored);
      return;
    } catch (const WriteError& error) {
      fs::remove(whole, ignored);
      report_.note = translated("the film is left as fragments, which some players show only in part (%1)", error.what());
    }
  }
  fs::rename(part_, path_);
}

FilmReport FilmWriter::finish() {
  stop();
  try {
    if (broken_) std::rethrow_exception(broken_);
    if (report_.frames == 0) throw std::runtime_error(translated("stopped; no frame was drawn"));
    makeWhole();
  } catch (const std::exception& error) {
    if (kind_ == FilmKind::Gif || kind_ == FilmKind::Pictures || report_.frames == 0) throw;
    throw std::runtime_error(translated("%1; the first %2 frames, or nearly all of them, are in %3", std::string(error.what()),
                                        std::to_string(report_.frames), part_));
  }
  finished_ = true;
  report_.path = path_;
  report_.bytes = sizeOf(path_, kind_);
  return report_;
}

}  // namespace moescope
