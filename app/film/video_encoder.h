#pragma once
// One encoder of libavcodec and the file that its packets go to.

#include <functional>
#include <string>

#include "app/film/libav.h"

namespace moescope {

class VideoEncoder {
 public:
  struct Plan {
    const char* muxer;
    std::string encoder;
    std::function<void(AVCodecContext&)> configure;  ///< size, pixels, time base
    libav::OptionPairs codecOptions, muxerOptions;
  };
  /// Opens the file and writes its head. Throws std::runtime_error with one line: the path and what failed.
  VideoEncoder(std::string path, const Plan& plan);

  /// To be filled before encode(); what was in it is gone.
  AVFrame& frame();
  /// `at`: in units of the codec's time base, rising. `duration` in the same. What the encoder has ready goes to the file at
  /// once.
  void encode(std::int64_t at, std::int64_t duration);
  /// Takes what the encoder still holds and ends the file.
  void finish();

 private:
  void send(const AVFrame* frame);
  void requireWritten();

  std::string path_;
  libav::Output output_;
  libav::Codec codec_;
  libav::Frame frame_;
  libav::Packet packet_;
  AVStream* stream_ = nullptr;
};

}  // namespace moescope
