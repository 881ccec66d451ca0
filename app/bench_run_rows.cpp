#include "app/bench_row.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "app/document/scene_assembly.h"
#include "core/session/session_source.h"
#include "core/session/session_writer.h"
#include "core/timeline/memory.h"
#include "core/training/trainer.h"
#include "views/offscreen.h"

namespace moescope {
namespace {

/// A long run's steps on a time line; the values are of no matter for the time.
void fillSteps(Timeline& timeline, std::int64_t steps, int layers) {
  const std::vector<double> each(static_cast<std::size_t>(layers), 0.5);
  StepMetrics step{0, 2.0, 2.0, each, each, each, each, each, each, "topk"};
  for (step.step = 1; step.step <= steps; ++step.step) {
    step.loss = 2.0 + std::sin(static_cast<double>(step.step));
    timeline.append(0, step);
  }
}

/// A run of so many steps whose pictures are real ones, evenly spread over it. Some have analyses of each layer beside them.
std::int64_t recordLongRun(Timeline& timeline, Trainer& trainer, std::int64_t steps) {
  constexpr int kPictures = 64, kBetweenAnalyses = 8;
  const std::int64_t apart = steps / kPictures;
  const std::vector<double> each(static_cast<std::size_t>(trainer.knobs().layers), 0.5);
  for (std::int64_t step = 1; step <= steps; ++step) {
    timeline.append(0, StepMetrics{step, 2.0 + std::sin(static_cast<double>(step)), step % 20 == 0 ? 2.0 : NAN, each, each, each,
                                   each, each, each, trainer.knobs().router});
    if (step % apart != 0) continue;
    trainer.step();
    auto snapshot = std::make_shared<Snapshot>(*trainer.snapshot());
    snapshot->step = step;
    timeline.append(SnapshotPointer(std::move(snapshot)));
    if (step / apart % kBetweenAnalyses != 0) continue;
    for (int layer = 0; layer < trainer.knobs().layers; ++layer) {
      AnalysisInput input = trainer.analysisInput(layer);
      input.step = step;
      timeline.append(std::make_shared<const ExpertAnalysis>(analyse(std::move(input), {})));
    }
  }
  return apart;
}

/// From a moved cursor to the scene with its curve and every view laid out, not yet drawn, against the same for the newest
/// moment.
BenchRow scrubRow(int rounds) {
  constexpr std::int64_t kSteps = 100000;
  Knobs knobs;
  knobs.corpus = "procedural";
  Trainer trainer(knobs);
  Timeline timeline;
  const std::int64_t apart = recordLongRun(timeline, trainer, kSteps);
  Offscreen offscreen;
  std::vector<std::unique_ptr<View>> views;
  for (const ViewDeclaration& declaration : viewRegistry()) views.push_back(declaration.make());
  Document document;
  Scene scene;
  const auto frame = [&](const Cursor& cursor) {
    document.sides[0].cursor = cursor;
    scene = assembleScene(timeline, document, 0, &scene);
    if (!scene.curve) scene.curve = curveOf(scene);
    for (const auto& view : views) offscreen.layOut(*view, scene, Theme{}, 400, 300);
  };
  std::int64_t step = 0;
  const auto scrub = [&] { frame({false, 0, step = step + apart > kSteps ? apart : step + apart}); };
  const auto live = [&] {
    scene = {};  // a new one has come
    frame({});
  };
  return compare("cursor to scene, curve and all " + std::to_string(views.size()) + " views laid out, " + std::to_string(kSteps) +
                     " steps (a frame has 33 ms)",
                 "the same for the newest step", rounds, scrub, live);
}

/// A folder for this process that goes at the end.
struct BenchFolder {
  std::filesystem::path path;
  BenchFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "moescope_bench_XXXXXX").string();
    if (!mkdtemp(name.data())) throw std::runtime_error(name + ": cannot be made");
    path = name;
  }
  ~BenchFolder() {
    std::error_code none;
    std::filesystem::remove_all(path, none);
  }
};

/// From a moved cursor to the scene, where each moment comes from the disk, against the same for one that memory holds.
BenchRow sessionScrubRow(int rounds) {
  constexpr std::int64_t kSteps = 100000;
  const BenchFolder folder;
  const std::filesystem::path file = folder.path / "long.moescope";
  Knobs knobs;
  knobs.corpus = "procedural";
  Trainer trainer(knobs);
  std::int64_t apart = 0;
  {
    SessionSettings settings;
    settings.everySnapshot = true;
    Timeline live;
    const auto writer =
        std::make_shared<SessionWriter>(file, SessionRun{"", trainer.device(), 1, knobs, knobs.corpus, ""}, settings);
    live.follow(writer);
    apart = recordLongRun(live, trainer, kSteps);
    if (!writer->flush()) throw std::runtime_error(writer->status().failure);
  }
  const auto held = std::make_shared<const SessionReader>(file);
  const auto fromDisk = timelineOf(std::make_shared<SessionReader>(file, 0));
  Document document;
  Scene scene;
  std::int64_t step = 0;
  const auto frame = [&](const Timeline& timeline) {
    step = step + apart > kSteps ? apart : step + apart;
    document.sides[0].cursor = {false, held->generations().front(), step};
    scene = assembleScene(timeline, document, 0, nullptr);
  };
  const auto inMemory = timelineOf(std::make_shared<SessionReader>(file, std::size_t{1} << 30));
  return compare(
      "cursor to scene, session of " + std::to_string(kSteps) + " steps, moments from the disk (a frame has 33 ms)",
      "the same with every moment in memory", std::max(rounds, 64), [&] { frame(*fromDisk); }, [&] { frame(*inMemory); });
}

/// What training costs more when a session is kept as the window keeps it.
BenchRow savingRow(int rounds) {
  constexpr int kSteps = 100;
  const BenchFolder folder;
  Knobs knobs;
  knobs.corpus = "procedural";
  struct Run {
    Trainer trainer;
    Timeline timeline;
    explicit Run(const Knobs& knobs) : trainer(knobs) {}
  };
  Run saved(knobs), plain(knobs);
  saved.timeline.follow(std::make_shared<SessionWriter>(folder.path / "run.moescope",
                                                        SessionRun{"", saved.trainer.device(), 1, knobs, knobs.corpus, ""}));
  const auto train = [&](Run& run) {
    for (int i = 0; i < kSteps; ++i) {
      run.timeline.append(0, run.trainer.step());
      if (run.trainer.stepNumber() % knobs.snapshotEvery == 0) run.timeline.append(run.trainer.snapshot());
    }
  };
  return compare(
      std::to_string(kSteps) + " training steps with a snapshot every " + std::to_string(knobs.snapshotEvery) +
          ", kept in a session (ratio at least 0.97)",
      "the same with no session", std::min(rounds, 15), [&] { train(saved); }, [&] { train(plain); });
}

}  // namespace

BenchRows stepFrameRows(int rounds) {
  Knobs knobs;
  knobs.corpus = "procedural";
  Trainer trainer(knobs);
  const SnapshotPointer snapshot = trainer.snapshot();
  struct Run {
    Timeline timeline;
    std::int64_t step = 0;
    std::unique_ptr<View> view;
  };
  Offscreen offscreen;
  const auto made = [&](std::int64_t steps) {
    auto run = std::make_unique<Run>();
    fillSteps(run->timeline, steps, knobs.layers);
    run->timeline.append(snapshot);
    run->step = steps;
    for (const ViewDeclaration& declaration : viewRegistry())
      if (declaration.name == "training_metrics") run->view = declaration.make();
    return run;
  };
  const auto frame = [&](Run& run) {
    const std::vector<double> each(static_cast<std::size_t>(knobs.layers), 0.5);
    run.timeline.append(0, StepMetrics{++run.step, 2.0, NAN, each, each, each, each, each, each, "topk"});
    const Scene scene = sceneAt(run.timeline, 0, Timeline::kEnd, {});
    offscreen.render(*run.view, scene, Theme{}, 400, 300);
  };
  const auto first = made(1000);
  BenchRows rows;
  for (const std::int64_t steps : {1000, 100000, 3000000}) {
    const auto run = made(steps);
    const auto series = run->timeline.bytes() - bytesOf(*snapshot);
    rows.push_back(compare(
        "frame after " + std::to_string(steps) + " steps: scene and training view, " + tokensOf(*snapshot),
        "the same after 1000 steps", rounds, [&] { frame(*run); }, [&] { frame(*first); }));
    rows.back().memory = static_cast<double>(series);
    rows.back().steps = static_cast<double>(steps);
  }
  return rows;
}

BenchRows scrubRows(int rounds) { return {scrubRow(rounds), sessionScrubRow(rounds)}; }

BenchRows savingRows(int rounds) { return {savingRow(rounds)}; }

}  // namespace moescope
