#include "app/film/video_encoder.h"

#include <cstdlib>
#include <utility>

#include "core/data/output_file.h"
#include "core/words/words.h"

namespace moescope {

VideoEncoder::VideoEncoder(std::string path, const Plan& plan)
    : path_(std::move(path)), frame_(av_frame_alloc()), packet_(av_packet_alloc()) {
  static const bool quiet =
      (av_log_set_level(AV_LOG_QUIET), setenv("SVT_LOG", "1", 0), true);  // what goes wrong is told by exceptions
  (void)quiet;
  AVFormatContext* output = nullptr;
  libav::check(avformat_alloc_output_context2(&output, nullptr, plan.muxer, path_.c_str()), path_,
               translated("no such kind of film"));
  output_.reset(output);
  const AVCodec* encoder = avcodec_find_encoder_by_name(plan.encoder.c_str());
  if (!encoder) throw std::runtime_error(translated("%1: libavcodec has no encoder %2", path_, plan.encoder));
  codec_.reset(avcodec_alloc_context3(encoder));
  plan.configure(*codec_);
  if (output->oformat->flags & AVFMT_GLOBALHEADER) codec_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  libav::Options codecOptions(plan.codecOptions), muxerOptions(plan.muxerOptions);
  libav::check(avcodec_open2(codec_.get(), encoder, codecOptions.address()), path_,
               translated("the encoder %1 could not be opened", plan.encoder));
  codecOptions.requireTaken(path_);
  stream_ = avformat_new_stream(output, nullptr);
  if (!stream_) throw std::bad_alloc();
  stream_->time_base = codec_->time_base;
  stream_->avg_frame_rate = codec_->framerate;
  libav::check(avcodec_parameters_from_context(stream_->codecpar, codec_.get()), path_, translated("the film's head"));
  if (const int opened = avio_open(&output->pb, path_.c_str(), AVIO_FLAG_WRITE); opened < 0)
    throw WriteError(path_, AVUNERROR(opened));
  output->flags |= AVFMT_FLAG_FLUSH_PACKETS;  // a kill loses nothing that was written
  libav::check(avformat_write_header(output, muxerOptions.address()), path_, translated("the film's head could not be written"));
  muxerOptions.requireTaken(path_);
  requireWritten();
  frame_->format = codec_->pix_fmt;
  frame_->width = codec_->width;
  frame_->height = codec_->height;
  frame_->color_range = codec_->color_range;
  frame_->colorspace = codec_->colorspace;
  frame_->color_primaries = codec_->color_primaries;
  frame_->color_trc = codec_->color_trc;
  libav::check(av_frame_get_buffer(frame_.get(), 0), path_, translated("memory for a frame"));
}

AVFrame& VideoEncoder::frame() {
  libav::check(av_frame_make_writable(frame_.get()), path_, translated("memory for a frame"));
  return *frame_;
}

void VideoEncoder::encode(std::int64_t at, std::int64_t duration) {
  frame_->pts = at;
  packet_->duration = duration;
  send(frame_.get());
}

void VideoEncoder::finish() {
  send(nullptr);
  libav::check(av_write_trailer(output_.get()), path_, translated("the film's end could not be written"));
  requireWritten();
  const int closed = avio_closep(&output_->pb);
  if (closed < 0) throw WriteError(path_, AVUNERROR(closed));
}

void VideoEncoder::send(const AVFrame* frame) {
  const std::int64_t duration = packet_->duration;
  libav::check(avcodec_send_frame(codec_.get(), frame), path_, translated("a frame could not be encoded"));
  for (;;) {
    const int got = avcodec_receive_packet(codec_.get(), packet_.get());
    if (got == AVERROR(EAGAIN) || got == AVERROR_EOF) break;
    libav::check(got, path_, translated("a frame could not be encoded"));
    packet_->stream_index = stream_->index;
    if (packet_->duration == 0) packet_->duration = duration;
    av_packet_rescale_ts(packet_.get(), codec_->time_base, stream_->time_base);
    const int written = av_interleaved_write_frame(output_.get(), packet_.get());
    if (written < 0) throw WriteError(path_, AVUNERROR(written));
    requireWritten();
  }
  packet_->duration = duration;
}

/// Errors of the file are noted by libav and told late.
void VideoEncoder::requireWritten() {
  if (output_->pb->error < 0) throw WriteError(path_, AVUNERROR(output_->pb->error));
}

}  // namespace moescope
