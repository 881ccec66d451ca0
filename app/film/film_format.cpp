#include "app/film/film_format.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <stdexcept>

#include "app/film/libav.h"

namespace moescope {
namespace {

struct KindRow {
  FilmKind kind;
  const char* ending;
  std::vector<const char*> encoders;  ///< the first that is there is used
};

const std::vector<KindRow>& kinds() {
  static const std::vector<KindRow> rows = {{FilmKind::Mp4, ".mp4", {"libx264"}}, {FilmKind::WebM, ".webm", {"libvpx-vp9", "libsvtav1", "libaom-av1"}}, {FilmKind::Gif, ".gif", {"gif"}}};
  return rows;
}

constexpr int kMostGifRate = 50;  // beyond, a frame is shorter than 2/100 s, and players show it for 10/100 s instead

std::string sizeText(int width, int height) { return std::to_string(width) + "x" + std::to_string(height); }

}  // namespace

FilmKind filmKindOf(const std::string& path) {
  std::string ending = std::filesystem::path(path).extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(), [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  for (const KindRow& row : kinds())
    if (ending == row.ending) return row.kind;
  if (ending.empty()) return FilmKind::Pictures;
  throw std::invalid_argument("'" + path + "' ends in " + ending + "; expected .mp4, .webm or .gif, or a folder for pictures");
}

void requireShape(FilmKind kind, const FilmShape& shape) {
  const bool subsampled = kind == FilmKind::Mp4 || kind == FilmKind::WebM;
  if (subsampled && (shape.width % 2 != 0 || shape.height % 2 != 0))
    throw std::invalid_argument(sizeText(shape.width, shape.height) + " is odd; a film of this kind takes even sizes, such as " +
                                sizeText(shape.width + shape.width % 2, shape.height + shape.height % 2));
  if (kind == FilmKind::Gif && shape.rate > kMostGifRate)
    throw std::invalid_argument(std::to_string(shape.rate) + " frames per second are too many for a GIF; expected at most " + std::to_string(kMostGifRate));
}

std::string encoderOf(FilmKind kind) {
  for (const KindRow& row : kinds())
    if (row.kind == kind)
      for (const char* name : row.encoders)
        if (avcodec_find_encoder_by_name(name)) return name;
  return {};
}

void requireEncoder(FilmKind kind) {
  if (kind == FilmKind::Pictures || !encoderOf(kind).empty()) return;
  std::string wanted, there;
  for (const KindRow& row : kinds()) {
    if (row.kind == kind)
      for (const char* name : row.encoders) wanted += (wanted.empty() ? "" : ", ") + std::string(name);
    else if (!encoderOf(row.kind).empty())
      there += std::string(row.ending) + ", ";
  }
  throw std::runtime_error("libavcodec " + codecLibrary() + " has no encoder for this film (" + wanted + "); expected " + there + "or a folder for pictures");
}

std::vector<FilmCodec> filmCodecs() {
  std::vector<FilmCodec> codecs;
  for (const KindRow& row : kinds()) codecs.push_back({row.ending, encoderOf(row.kind)});
  return codecs;
}

std::string codecLibrary() {
  const unsigned version = avcodec_version();
  return std::to_string(AV_VERSION_MAJOR(version)) + "." + std::to_string(AV_VERSION_MINOR(version)) + "." + std::to_string(AV_VERSION_MICRO(version));
}

}  // namespace moescope
