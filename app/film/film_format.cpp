#include "app/film/film_format.h"

#include <filesystem>
#include <stdexcept>

#include "app/film/libav.h"
#include "core/data/output_file.h"
#include "core/words/words.h"

namespace moescope {
namespace {

struct EncoderRow {
  const char *name, *codec;
};

struct KindRow {
  FilmKind kind;
  const char* ending;
  std::vector<EncoderRow> encoders;  ///< the first that is there is used
};

const std::vector<KindRow>& kinds() {
  static const std::vector<KindRow> rows = {
      {FilmKind::Mp4, ".mp4", {{"libx264", "h264"}}},
      {FilmKind::WebM, ".webm", {{"libvpx-vp9", "vp9"}, {"libsvtav1", "av1"}, {"libaom-av1", "av1"}}},
      {FilmKind::Gif, ".gif", {{"gif", "gif"}}}};
  return rows;
}

constexpr int kMostGifRate = 50;  // beyond, a frame is shorter than 2/100 s, and players show it for 10/100 s instead

/// Null: the name has none of these endings.
const KindRow* rowOf(const std::string& path) {
  const std::string ending = "." + endingOf(path);
  for (const KindRow& row : kinds())
    if (ending == row.ending) return &row;
  return nullptr;
}

std::string sizeText(int width, int height) { return std::to_string(width) + "x" + std::to_string(height); }

}  // namespace

bool hasFilmEnding(const std::string& path) { return rowOf(path) != nullptr; }

FilmKind filmKindOf(const std::string& path) {
  const std::string ending = std::filesystem::path(path).extension().string();
  if (hasFilmEnding(path)) {
    if (ending.empty())
      throw std::invalid_argument(translated("'%1' is only an ending; expected a name before it, such as film%2", path,
                                             std::filesystem::path(path).filename().string()));
    return rowOf(path)->kind;
  }
  if (ending.empty()) return FilmKind::Pictures;
  throw std::invalid_argument(
      translated("'%1' ends in %2; expected .mp4, .webm or .gif, or a folder for pictures", path, ending));
}

void requireShape(FilmKind kind, const FilmShape& shape) {
  const bool subsampled = kind == FilmKind::Mp4 || kind == FilmKind::WebM;
  if (subsampled && (shape.width % 2 != 0 || shape.height % 2 != 0))
    throw std::invalid_argument(translated("%1 is odd; a film of this kind takes even sizes, such as %2",
                                           sizeText(shape.width, shape.height),
                                           sizeText(shape.width + shape.width % 2, shape.height + shape.height % 2)));
  if (kind == FilmKind::Gif && shape.rate > kMostGifRate)
    throw std::invalid_argument(translated("%1 frames per second are too many for a GIF; expected at most %2",
                                           std::to_string(shape.rate), std::to_string(kMostGifRate)));
}

std::string encoderOf(FilmKind kind, const std::string& codec) {
  for (const KindRow& row : kinds())
    if (row.kind == kind)
      for (const EncoderRow& encoder : row.encoders)
        if ((codec.empty() || codec == encoder.codec) && avcodec_find_encoder_by_name(encoder.name)) return encoder.name;
  return {};
}

void requireEncoder(FilmKind kind, const std::string& codec) {
  if (kind == FilmKind::Pictures && codec.empty()) return;
  if (!encoderOf(kind, codec).empty()) return;
  std::string wanted, there;
  for (const KindRow& row : kinds()) {
    if (row.kind == kind) {
      for (const EncoderRow& encoder : row.encoders)
        if (codec.empty() || codec == encoder.codec) wanted += (wanted.empty() ? "" : ", ") + std::string(encoder.name);
    } else if (!encoderOf(row.kind).empty()) {
      there += std::string(row.ending) + ", ";
    }
  }
  if (wanted.empty())
    throw std::invalid_argument(
        translated("%1 is no codec of a film with this ending; expected h264 for .mp4, vp9 or av1 for .webm", codec));
  throw std::runtime_error(translated("libavcodec %1 has no encoder for this film (%2); expected %3or a folder for pictures",
                                      codecLibrary(), wanted, there));
}

std::vector<FilmCodec> filmCodecs() {
  std::vector<FilmCodec> codecs;
  for (const KindRow& row : kinds()) codecs.push_back({row.ending, encoderOf(row.kind)});
  return codecs;
}

std::string codecLibrary() {
  const unsigned version = avcodec_version();
  return std::to_string(AV_VERSION_MAJOR(version)) + "." + std::to_string(AV_VERSION_MINOR(version)) + "." +
         std::to_string(AV_VERSION_MICRO(version));
}

}  // namespace moescope
