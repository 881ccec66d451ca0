#include "app/bench_row.h"

#include <algorithm>
#include <utility>

#include "app/bench_frame.h"

namespace moescope {

BenchRows frameStepRows(int rounds) {
  const auto step = frameBench();
  for (int i = 0; i < 3; ++i) step();  // warms up
  std::vector<FrameStep> steps;
  for (int i = 0; i < rounds; ++i) steps.push_back(step());
  const auto of = [&](const auto& time) {
    std::vector<double> times;
    for (const FrameStep& each : steps) times.push_back(time(each));
    return summary(std::move(times));
  };
  const std::string size = ", " + std::to_string(kFrameWidth) + " x " + std::to_string(kFrameHeight),
                    again = "drawing it again with nothing changed";
  const double scene = of([](const FrameStep& each) { return each.scene; }).median;
  BenchRows rows;
  for (std::size_t v = 0; v < steps.front().views.size(); ++v) {
    BenchRow row{"frame of " + steps.front().views[v].view + size, again,
                 of([v](const FrameStep& each) { return each.views[v].building + each.views[v].drawing; }),
                 of([v](const FrameStep& each) { return each.views[v].again; })};
    row.building = of([v](const FrameStep& each) { return each.views[v].building; }).median;
    row.drawing = of([v](const FrameStep& each) { return each.views[v].drawing; }).median;
    rows.push_back(std::move(row));
  }
  const auto sum = [&](auto part) {
    return of([part](const FrameStep& each) {
      double total = 0.0;
      for (const FrameTimes& view : each.views) total += part(view);
      return total;
    });
  };
  BenchRow whole{"slider to the " + std::to_string(steps.front().views.size()) +
                     " views of the default layout in a window of 1440 x 900 (a frame has 33 ms)",
                 again, of([](const FrameStep& each) {
                   double total = each.scene;
                   for (const FrameTimes& view : each.views) total += view.building + view.drawing;
                   return total;
                 }),
                 sum([](const FrameTimes& view) { return view.again; })};
  whole.scene = scene;
  whole.building = sum([](const FrameTimes& view) { return view.building; }).median;
  whole.drawing = sum([](const FrameTimes& view) { return view.drawing; }).median;
  rows.push_back(std::move(whole));
  return rows;
}

/// A frame takes as long as its slowest part where drawing and encoding do not wait for each other and have cores of their own.
BenchRows filmRows(int rounds) {
  constexpr int kFrames = 30;
  const auto film = filmBench(kFrames);
  film();  // warms up
  std::vector<double> wall, apart, scene, drawing, encoding;
  for (int i = 0; i < std::max(3, rounds / 10); ++i) {
    const FilmTimes times = film();
    wall.push_back(times.wall);
    apart.push_back(times.apart());
    scene.push_back(times.scene);
    drawing.push_back(times.drawing);
    encoding.push_back(times.encoding);
  }
  BenchRow row{"a frame of a 1080p film of two sides, two views each: H.264 in MP4", "the times of its parts one after another",
               summary(wall), summary(apart)};
  row.film = {row.ours.median, summary(scene).median, summary(drawing).median, summary(encoding).median};
  return {row};
}

}  // namespace moescope
