#include "app/bench_film.h"

#include <unistd.h>

#include <filesystem>

#include "app/bench_timing.h"
#include "app/film/film_painter.h"
#include "app/film/film_record.h"
#include "app/film/film_writer.h"

namespace moescope {
namespace {

constexpr FilmShape kShape{1920, 1080, 30};

FilmScript benchScript() {
  return filmScriptFromJson(
      R"({"moescope_film": 1, "title": "A film of two routers", "steps": 20, "views": ["score_polygon", "load_bars"],
    "state": {"compares": true, "sides": [{"knobs": {"corpus": "procedural", "router": "topk"}}, {"knobs": {"router": "grmoe"}}]},
    "keys": [{"concentration": 0.0625, "caption": "The concentration moves"}, {"time": 4, "concentration": 16}]})");
}

}  // namespace

std::function<FilmTimes()> filmBench(int frames) {
  const FilmScript script = benchScript();
  std::array<std::shared_ptr<const Timeline>, 2> sides;
  for (std::size_t side = 0; side < 2; ++side)
    sides[side] = record(script.keys[0].document.sides[side].knobs, planOf(script, 0), [](long) { return true; }).timeline;
  const auto painter = std::make_shared<FilmPainter>(script, sides, kShape);
  const std::string path =
      (std::filesystem::temp_directory_path() / ("moescope-bench-" + std::to_string(getpid()) + ".mp4")).string();
  return [painter, path, frames] {
    FilmTimes times;
    const double scene = painter->sceneSeconds(), drawing = painter->drawSeconds();
    times.wall = milliseconds([&] {
      FilmWriter writer(path, kShape, true);
      for (int frame = 0; frame < frames; ++frame)
        writer.add(std::make_shared<const Image>(painter->draw(timeOf(frame, kShape))));
      writer.finish();
      times.encoding = 1e3 * writer.busySeconds() / frames;
    }) / frames;
    times.scene = 1e3 * (painter->sceneSeconds() - scene) / frames;
    times.drawing = 1e3 * (painter->drawSeconds() - drawing) / frames;
    std::filesystem::remove(path);
    return times;
  };
}

}  // namespace moescope
