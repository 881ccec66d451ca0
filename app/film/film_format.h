#pragma once
// Which kinds of film there are, what each can hold, and which of them this machine's libavcodec can encode.

#include <string>
#include <vector>

namespace moescope {

enum class FilmKind {
  Mp4,      ///< H.264
  WebM,     ///< VP9, or AV1 where it was asked for or is all there is
  Gif,      ///< 255 colours chosen from all frames
  Pictures  ///< a folder of PNG files
};

struct FilmShape {
  int width = 1280, height = 720;  ///< pixels
  int rate = 30;                   ///< frames per second
  std::string codec = {};          ///< "h264", "vp9" or "av1"; empty: the first of its kind that is here

  bool operator==(const FilmShape&) const = default;
};

/// Whether a name ends in .mp4, .webm or .gif, in small or capital letters.
bool hasFilmEnding(const std::string& path);
/// By that ending. A name without one is a folder of pictures. Throws std::invalid_argument with one line for any other, and for
/// a name that is nothing but an ending.
FilmKind filmKindOf(const std::string& path);

/// Throws std::invalid_argument with one line where a film of this kind cannot have this shape: 4:2:0 takes even sizes, GIF
/// counts time in hundredths of a second and players show at most 50 frames of it in one.
void requireShape(FilmKind kind, const FilmShape& shape);

/// The encoder that would be used, by libavcodec's name; empty: this libavcodec has none. Pictures need none and have none.
std::string encoderOf(FilmKind kind, const std::string& codec = {});
/// Throws std::runtime_error with one line that names what there is instead where a kind has no encoder here,
/// std::invalid_argument where a film of this kind cannot have this codec.
void requireEncoder(FilmKind kind, const std::string& codec = {});

struct FilmCodec {
  std::string ending, encoder;  ///< ".mp4"; "libx264", empty: none
};
/// Of MP4, WebM and GIF, in that order.
std::vector<FilmCodec> filmCodecs();
/// The libavcodec that is loaded: "59.37.100".
std::string codecLibrary();

}  // namespace moescope
