// A GIF: its frames are put aside, packed, until the colours of all of them are known.

#include <fcntl.h>
#include <unistd.h>
#include <zstd.h>

#include <cerrno>
#include <stdexcept>

#include "app/film/frame_sink.h"
#include "app/film/palette.h"
#include "app/film/video_encoder.h"
#include "core/data/output_file.h"
#include "core/words/words.h"

namespace moescope {
namespace {

constexpr std::size_t kColours = 255;  // and one that is transparent, for what stays from frame to frame

/// Pictures on the disk, read in the order in which they came. The file has no name, so that nothing of it stays.
class PictureStore {
 public:
  explicit PictureStore(const std::string& beside) : path_(beside + ".frames") {
    file_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file_ < 0) throw WriteError(path_, errno);
    ::unlink(path_.c_str());
  }
  ~PictureStore() { ::close(file_); }
  PictureStore(const PictureStore&) = delete;
  PictureStore& operator=(const PictureStore&) = delete;

  void add(const std::vector<std::uint8_t>& pixels) {
    packed_.resize(ZSTD_compressBound(pixels.size()));
    const std::size_t size = ZSTD_compress(packed_.data(), packed_.size(), pixels.data(), pixels.size(), 1);
    if (ZSTD_isError(size)) throw std::runtime_error(path_ + ": " + ZSTD_getErrorName(size));
    for (std::size_t done = 0; done < size;) {
      const ssize_t written = ::write(file_, packed_.data() + done, size - done);
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) throw WriteError(path_, errno);
      done += static_cast<std::size_t>(written);
    }
    sizes_.push_back(size);
  }
  std::size_t count() const { return sizes_.size(); }
  void rewind() { ::lseek(file_, 0, SEEK_SET), next_ = 0; }
  void next(std::vector<std::uint8_t>& pixels) {
    packed_.resize(sizes_.at(next_++));
    for (std::size_t done = 0; done < packed_.size();) {
      const ssize_t got = ::read(file_, packed_.data() + done, packed_.size() - done);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) throw std::runtime_error(translated("%1: cannot be read again", path_));
      done += static_cast<std::size_t>(got);
    }
    const std::size_t size = ZSTD_decompress(pixels.data(), pixels.size(), packed_.data(), packed_.size());
    if (size != pixels.size()) throw std::runtime_error(translated("%1: cannot be read again", path_));
  }

 private:
  std::string path_;
  int file_ = -1;
  std::vector<std::uint8_t> packed_;
  std::vector<std::size_t> sizes_;
  std::size_t next_ = 0;
};

class GifSink : public FrameSink {
 public:
  GifSink(const std::string& path, const FilmShape& shape) : path_(path), shape_(shape), store_(path) {}

  void add(const Image& frame) override {
    count_.add(frame);
    store_.add(frame.pixels);
  }

  void finish() override {
    const FilmPalette palette(count_, kColours);
    const auto configure = [&](AVCodecContext& codec) {
      codec.width = shape_.width;
      codec.height = shape_.height;
      codec.pix_fmt = AV_PIX_FMT_PAL8;
      codec.time_base = {1, 100};
      codec.framerate = {shape_.rate, 1};
    };
    VideoEncoder encoder(path_, {"gif",
                                 encoderOf(FilmKind::Gif),
                                 configure,
                                 {},
                                 {{"final_delay", std::to_string(timeOf(store_.count()) - timeOf(store_.count() - 1))}}});
    Image image{shape_.width, shape_.height,
                std::vector<std::uint8_t>(static_cast<std::size_t>(shape_.width) * static_cast<std::size_t>(shape_.height) * 3)};
    store_.rewind();
    for (std::size_t i = 0; i < store_.count(); ++i) {
      store_.next(image.pixels);
      fill(encoder.frame(), image, palette);
      encoder.encode(timeOf(i), timeOf(i + 1) - timeOf(i));
    }
    encoder.finish();
  }

 private:
  /// In hundredths of a second, rounded: no error adds up.
  std::int64_t timeOf(std::size_t frame) const {
    return (static_cast<std::int64_t>(frame) * 200 + shape_.rate) / (2 * shape_.rate);
  }

  static void fill(AVFrame& frame, const Image& image, const FilmPalette& palette) {
    auto* colours = reinterpret_cast<std::uint32_t*>(frame.data[1]);
    for (std::size_t i = 0; i < 256; ++i) colours[i] = 0;  // transparent
    for (std::size_t i = 0; i < palette.colours().size(); ++i) {
      const Rgb& colour = palette.colours()[i];
      colours[i] =
          0xFF000000u | static_cast<std::uint32_t>(colour[0]) << 16 | static_cast<std::uint32_t>(colour[1]) << 8 | colour[2];
    }
    for (int y = 0; y < image.height; ++y) {
      const std::uint8_t* from = image.pixels.data() + static_cast<std::ptrdiff_t>(image.height - 1 - y) * image.width * 3;
      std::uint8_t* to = frame.data[0] + static_cast<std::ptrdiff_t>(y) * frame.linesize[0];
      for (int x = 0; x < image.width; ++x, from += 3) to[x] = palette.nearest(from[0], from[1], from[2]);
    }
  }

  std::string path_;
  FilmShape shape_;
  ColourCount count_;
  PictureStore store_;
};

class PictureSink : public FrameSink {
 public:
  explicit PictureSink(std::string folder) : folder_(std::move(folder)) {}
  void add(const Image& frame) override {
    char name[24];
    std::snprintf(name, sizeof name, "/frame-%05d.png", frames_++);
    writePng(frame, folder_ + name);
  }
  void finish() override {}

 private:
  std::string folder_;
  int frames_ = 0;
};

}  // namespace

std::unique_ptr<FrameSink> makeGifSink(const std::string& path, const FilmShape& shape) {
  return std::make_unique<GifSink>(path, shape);
}
std::unique_ptr<FrameSink> makePictureSink(const std::string& folder) { return std::make_unique<PictureSink>(folder); }

}  // namespace moescope
