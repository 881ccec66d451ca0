// H.264 in MP4, VP9 or AV1 in WebM.

#include <algorithm>
#include <stdexcept>

#include "app/film/frame_sink.h"
#include "app/film/video_colours.h"
#include "app/film/video_encoder.h"
#include "core/data/output_file.h"
#include "core/words/words.h"

namespace moescope {
namespace {

/// Nearly lossless for drawings: flat colours come back within 1, text has no rings.
libav::OptionPairs qualityOf(const std::string& encoder) {
  if (encoder == "libx264") return {{"preset", "veryfast"}, {"crf", "16"}, {"tune", "animation"}};
  if (encoder == "libvpx-vp9") return {{"deadline", "realtime"}, {"cpu-used", "6"}, {"row-mt", "1"}, {"crf", "18"}, {"b", "0"}};
  if (encoder == "libsvtav1") return {{"preset", "9"}, {"crf", "22"}};
  return {{"cpu-used", "8"}, {"usage", "realtime"}, {"row-mt", "1"}, {"crf", "18"}, {"b", "0"}};  // libaom-av1
}

VideoEncoder::Plan planOf(FilmKind kind, const FilmShape& shape) {
  VideoEncoder::Plan plan{kind == FilmKind::Mp4 ? "mp4" : "webm", encoderOf(kind, shape.codec), {}, {}, {}};
  plan.configure = [shape](AVCodecContext& codec) {
    codec.width = shape.width;
    codec.height = shape.height;
    codec.pix_fmt = AV_PIX_FMT_YUV420P;
    codec.time_base = {1, shape.rate};
    codec.framerate = {shape.rate, 1};
    codec.gop_size = shape.rate;  // a whole second is what a kill may lose
    codec.max_b_frames = 0;       // frames are stored in the order of time, and the film begins at 0
    codec.color_primaries = AVCOL_PRI_BT709;
    codec.color_trc = AVCOL_TRC_BT709;
    codec.colorspace = AVCOL_SPC_BT709;
    codec.color_range = AVCOL_RANGE_MPEG;
    codec.chroma_sample_location = AVCHROMA_LOC_LEFT;
  };
  plan.codecOptions = qualityOf(plan.encoder);
  if (kind == FilmKind::Mp4) plan.muxerOptions = {{"movflags", "+frag_keyframe+empty_moov+default_base_moof+write_colr"}};
  if (kind == FilmKind::WebM) plan.muxerOptions = {{"cluster_time_limit", "1000"}};
  return plan;
}

class VideoSink : public FrameSink {
 public:
  VideoSink(FilmKind kind, const std::string& path, const FilmShape& shape) : encoder_(path, planOf(kind, shape)) {}
  void add(const Image& image) override {
    AVFrame& frame = encoder_.frame();
    toBt709(image, {{frame.data[0], frame.data[1], frame.data[2]}, {frame.linesize[0], frame.linesize[1], frame.linesize[2]}});
    encoder_.encode(frames_++, 1);
  }
  void finish() override { encoder_.finish(); }

 private:
  VideoEncoder encoder_;
  std::int64_t frames_ = 0;
};

}  // namespace

std::unique_ptr<FrameSink> makeVideoSink(FilmKind kind, const std::string& path, const FilmShape& shape) {
  return std::make_unique<VideoSink>(kind, path, shape);
}

void remuxMp4(const std::string& fragments, const std::string& path) {
  AVFormatContext *opened = nullptr, *made = nullptr;
  libav::check(avformat_open_input(&opened, fragments.c_str(), nullptr, nullptr), fragments, translated("cannot be read again"));
  const libav::Input input(opened);
  libav::check(avformat_find_stream_info(opened, nullptr), fragments, translated("cannot be read again"));
  if (opened->nb_streams != 1) throw std::runtime_error(translated("%1: holds no film", fragments));
  libav::check(avformat_alloc_output_context2(&made, nullptr, "mp4", path.c_str()), path, translated("no such kind of film"));
  const libav::Output output(made);
  AVStream *from = opened->streams[0], *to = avformat_new_stream(made, nullptr);
  if (!to) throw std::bad_alloc();
  libav::check(avcodec_parameters_copy(to->codecpar, from->codecpar), path, translated("the film's head"));
  to->codecpar->codec_tag = 0;
  to->time_base = from->time_base;
  to->avg_frame_rate = from->avg_frame_rate;
  if (const int result = avio_open(&made->pb, path.c_str(), AVIO_FLAG_WRITE); result < 0)
    throw WriteError(path, AVUNERROR(result));
  libav::Options options(libav::OptionPairs{{"movflags", "+faststart+write_colr"}});
  libav::check(avformat_write_header(made, options.address()), path, translated("the film's head could not be written"));
  const libav::Packet packet(av_packet_alloc());
  int got = 0;
  while ((got = av_read_frame(opened, packet.get())) >= 0) {
    packet->stream_index = 0;
    packet->pos = -1;
    av_packet_rescale_ts(packet.get(), from->time_base, to->time_base);
    if (const int written = av_interleaved_write_frame(made, packet.get()); written < 0)
      throw WriteError(path, AVUNERROR(written));
  }
  if (got != AVERROR_EOF) libav::check(got, fragments, translated("cannot be read again"));
  libav::check(av_write_trailer(made), path, translated("the film's end could not be written"));
  if (made->pb->error < 0) throw WriteError(path, AVUNERROR(made->pb->error));
  if (const int closed = avio_closep(&made->pb); closed < 0) throw WriteError(path, AVUNERROR(closed));
}

}  // namespace moescope
