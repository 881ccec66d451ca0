#include "app/bench_soak.h"

#include <malloc.h>
#include <unistd.h>

#include <QElapsedTimer>
#include <QThread>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <tuple>
#include <vector>

#include "app/display.h"
#include "app/json_output.h"
#include "app/window/main_window.h"
#include "app/window_application.h"

namespace moescope {
namespace {

constexpr int kFrameMilliseconds = 33;
constexpr int kFramesOfLayer = 300, kFramesOfSelection = 45;  // between two changes

double residentMegabytes() {
  std::ifstream file("/proc/self/statm");
  double whole = 0.0, resident = 0.0;
  if (!(file >> whole >> resident)) throw std::runtime_error("/proc/self/statm: cannot be read");
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

struct Minute {
  double number = 0.0;
  double resident = 0.0, held = 0.0, unused = 0.0;      ///< megabytes at its end: all; of the heap in use, and free but kept
  double timeline = 0.0, models = 0.0;                  ///< megabytes of those; models: kept along the run, within their budget
  double frame = 0.0, slowFrame = 0.0;                  ///< milliseconds: median and 95th percentile
  double stepsPerSecond = 0.0;
  std::int64_t frames = 0, step = 0;
};

/// Megabytes that the program holds, and megabytes that it gave back to the heap but not to the system.
std::pair<double, double> heapMegabytes() {
  const struct mallinfo2 heap = mallinfo2();
  return {static_cast<double>(heap.uordblks + heap.hblkhd) / (1 << 20), static_cast<double>(heap.fordblks) / (1 << 20)};
}

/// What a person would do: the slider glides, now and then another layer or expert is looked at.
void act(Controller& controller, std::int64_t frame) {
  Lens lens = controller.lens();
  lens.concentration = static_cast<float>(std::exp2(3.0 * std::sin(0.02 * static_cast<double>(frame))));
  if (frame % kFramesOfLayer == 0) lens.layer = static_cast<int>(frame / kFramesOfLayer) % controller.side().knobs.layers;
  controller.setLens(lens);
  if (frame % kFramesOfSelection != 0) return;
  const auto turn = static_cast<int>(frame / kFramesOfSelection);
  controller.setSelection(turn % 3 == 0   ? Selection{}
                          : turn % 3 == 1 ? Selection{{turn % controller.experts()}, {}, {}}
                                          : Selection{{}, {turn % 256}, {}});
}

Minute minuteOf(Controller& controller, int number, std::int64_t frame, std::int64_t before) {
  Minute minute;
  std::vector<double> times;
  QElapsedTimer clock;
  clock.start();
  while (clock.elapsed() < 60000) {
    QElapsedTimer timer;
    timer.start();
    act(controller, frame + static_cast<std::int64_t>(times.size()));
    QApplication::processEvents();
    times.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
    const EngineStatus status = controller.status();
    if (status.state == EngineState::Failed)
      throw std::runtime_error("training stopped in minute " + std::to_string(number) + ": " + status.message);
    if (const qint64 left = kFrameMilliseconds - timer.elapsed(); left > 0) QThread::msleep(static_cast<unsigned long>(left));
  }
  std::sort(times.begin(), times.end());
  minute.number = number;
  minute.frames = static_cast<std::int64_t>(times.size());
  minute.frame = times[times.size() / 2];
  minute.slowFrame = times[times.size() * 95 / 100];
  minute.resident = residentMegabytes();
  std::tie(minute.held, minute.unused) = heapMegabytes();
  minute.timeline = static_cast<double>(controller.timeline()->bytes()) / (1 << 20);
  minute.models = static_cast<double>(controller.on(0).modelBytes()) / (1 << 20);
  minute.step = controller.timeline()->lastStep(controller.timeline()->current());
  minute.stepsPerSecond = 1e3 * static_cast<double>(minute.step - before) / static_cast<double>(clock.elapsed());
  return minute;
}

}  // namespace

void soak(double minutes, bool json) {
  requireWindow(true);
  WindowApplication application;
  std::string failure;
  QObject::connect(&*application, &Application::failed, &*application,
                   [&](const QString& line) { failure = line.toStdString(); });
  MainWindow window(Document{});
  window.resize(1440, 900);
  window.show();
  while (!window.revealed() || !window.controller().scene().routing)
    QApplication::processEvents(QEventLoop::WaitForMoreEvents, 50);
  window.controller().play();
  nlohmann::json list = nlohmann::json::array();
  if (!json)
    std::printf(
        "minute,resident_megabytes,heap_megabytes,heap_unused_megabytes,timeline_megabytes,models_megabytes,frame_median_milliseconds,frame_95_percent_milliseconds,frames,steps_per_second,step\n");
  std::int64_t frame = 0, step = 0;
  for (int number = 1; number <= std::max(1, static_cast<int>(std::lround(minutes))); ++number) {
    const Minute minute = minuteOf(window.controller(), number, frame, step);
    frame += minute.frames;
    step = minute.step;
    if (!failure.empty()) throw std::runtime_error("minute " + std::to_string(number) + ": " + failure);
    list.push_back({{"minute", number},
                    {"resident_megabytes", minute.resident},
                    {"heap_megabytes", minute.held},
                    {"heap_unused_megabytes", minute.unused},
                    {"timeline_megabytes", minute.timeline},
                    {"models_megabytes", minute.models},
                    {"frame_median_milliseconds", minute.frame},
                    {"frame_95_percent_milliseconds", minute.slowFrame},
                    {"frames", minute.frames},
                    {"steps_per_second", minute.stepsPerSecond},
                    {"step", minute.step}});
    if (json) continue;
    std::printf("%d,%.1f,%.1f,%.1f,%.1f,%.1f,%.2f,%.2f,%lld,%.1f,%lld\n", number, minute.resident, minute.held, minute.unused,
                minute.timeline, minute.models, minute.frame, minute.slowFrame, static_cast<long long>(minute.frames),
                minute.stepsPerSecond, static_cast<long long>(minute.step));
    std::fflush(stdout);
  }
  window.controller().pause();
  if (json) printReport(list);
}

}  // namespace moescope
