#pragma once
// libav's C interface with owners and exceptions.

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/imgutils.h>
#include <libavutil/opt.h>
}

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "core/words/words.h"

namespace moescope::libav {

inline std::string textOf(int error) {
  char words[AV_ERROR_MAX_STRING_SIZE] = {};
  av_strerror(error, words, sizeof words);
  return words;
}

/// Throws std::runtime_error "PATH: WHAT: REASON" for a negative result; gives it back otherwise.
inline int check(int result, const std::string& path, const std::string& what) {
  if (result < 0) throw std::runtime_error(path + ": " + what + ": " + textOf(result));
  return result;
}

template <typename Type, void (*free)(Type**)>
struct FreeByAddress {
  void operator()(Type* object) const { free(&object); }
};
using Frame = std::unique_ptr<AVFrame, FreeByAddress<AVFrame, av_frame_free>>;
using Packet = std::unique_ptr<AVPacket, FreeByAddress<AVPacket, av_packet_free>>;
using Codec = std::unique_ptr<AVCodecContext, FreeByAddress<AVCodecContext, avcodec_free_context>>;
using Input = std::unique_ptr<AVFormatContext, FreeByAddress<AVFormatContext, avformat_close_input>>;

struct CloseOutput {
  void operator()(AVFormatContext* output) const {
    if (output->pb) avio_closep(&output->pb);
    avformat_free_context(output);
  }
};
using Output = std::unique_ptr<AVFormatContext, CloseOutput>;

using OptionPairs = std::vector<std::pair<const char*, std::string>>;

/// Names and values for a codec or muxer.
class Options {
 public:
  explicit Options(const OptionPairs& pairs) {
    for (const auto& [name, value] : pairs) av_dict_set(&options_, name, value.c_str(), 0);
  }
  ~Options() { av_dict_free(&options_); }
  Options(const Options&) = delete;
  Options& operator=(const Options&) = delete;
  AVDictionary** address() { return &options_; }
  /// Throws std::runtime_error for an option that nobody took: this libav does not know it.
  void requireTaken(const std::string& path) const {
    if (const AVDictionaryEntry* left = av_dict_get(options_, "", nullptr, AV_DICT_IGNORE_SUFFIX))
      throw std::runtime_error(translated("%1: this libav does not know the option %2", path, left->key));
  }

 private:
  AVDictionary* options_ = nullptr;
};

}  // namespace moescope::libav
