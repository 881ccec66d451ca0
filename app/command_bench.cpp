// moescope bench: speed as ratios against named baselines, measured in turns within one run.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <random>

#include "app/bench_checkpoint.h"
#include "app/bench_film.h"
#include "app/bench_frame.h"
#include "app/bench_soak.h"
#include "app/bench_subspaces.h"
#include "app/bench_timing.h"
#include "app/commands.h"
#include "app/display.h"
#include "app/document/scene_assembly.h"
#include "app/json_output.h"
#include "app/options.h"
#include "core/reading/routing.h"
#include "core/session/session_source.h"
#include "core/session/session_writer.h"
#include "core/timeline/memory.h"
#include "core/experiments/torch_angles.h"
#include "core/training/trainer.h"
#include "core/geometry/grassmann.h"
#include "core/geometry/grassmann_pairs.h"
#include "views/offscreen.h"
#include "views/token_cloud.h"

#include <vtkNew.h>
#include <vtkRenderWindow.h>

namespace moescope {
namespace {

struct Timing {
  double median = 0.0, low = 0.0, high = 0.0;  ///< milliseconds; low and high: quartiles
};

struct BenchRow {
  std::string what, baseline;
  Timing ours, theirs;
  double tokens = 0.0;  ///< that one measurement trains on; 0: none
  double bytes = 0.0;   ///< that one measurement reads; 0: none
  FilmTimes film{};     ///< medians of a film's frame; wall 0: none
  double scene = 0.0, building = 0.0, drawing = 0.0;  ///< medians of a view's frame; drawing 0: none
  double memory = 0.0, steps = 0.0;  ///< bytes that a time line of so many steps holds beside its snapshot; 0: none
  double ratio() const { return theirs.median / ours.median; }  ///< above 1: faster than the baseline
};

Timing summary(std::vector<double> times) {
  std::sort(times.begin(), times.end());
  const auto at = [&](double share) { return times[static_cast<std::size_t>(share * static_cast<double>(times.size() - 1))]; };
  return {at(0.5), at(0.25), at(0.75)};
}

/// Both in turns, so that what else the machine does hits both alike.
BenchRow compare(std::string what, std::string baseline, int rounds, const std::function<void()>& ours,
                 const std::function<void()>& theirs) {
  std::vector<double> a, b;
  for (int i = -3; i < rounds; ++i) {  // the first three warm up
    const double mine = milliseconds(ours), other = milliseconds(theirs);
    if (i < 0) continue;
    a.push_back(mine);
    b.push_back(other);
  }
  return {std::move(what), std::move(baseline), summary(a), summary(b)};
}

std::shared_ptr<Snapshot> randomSnapshot(int tokens, int experts, int dimension) {
  std::mt19937 dice(1);
  std::normal_distribution<float> normal;
  auto snapshot = std::make_shared<Snapshot>();
  LayerSnapshot layer;
  layer.hidden = RowMatrix::NullaryExpr(tokens, dimension, [&] { return normal(dice); });
  layer.scores = RowMatrix::NullaryExpr(tokens, experts, [&] { return normal(dice); });
  layer.logPrior = Eigen::VectorXd::Constant(experts, -std::log(experts));
  layer.spectra = Eigen::MatrixXd::Constant(experts, 4, 10.0);
  snapshot->layers.push_back(std::move(layer));
  return snapshot;
}

BenchRow plainRow(int rounds) {
  const auto snapshot = randomSnapshot(4096, 64, 64);
  Lens lens;
  lens.concentration = 1.3f;
  return compare(
      "slider to all metrics, 4096 tokens x 64 experts, one core", "the same by one plain matrix step after another", rounds,
      [&] { evaluate(*snapshot, lens); }, [&] { evaluatePlainly(*snapshot, lens); });
}

/// A run with an analysis of each layer, as the window has it.
void trainInto(Timeline& timeline, Trainer& trainer, int steps) {
  for (int i = 0; i < steps; ++i) timeline.append(0, trainer.step());
  timeline.append(trainer.snapshot());
  for (int layer = 0; layer < trainer.knobs().layers; ++layer)
    timeline.append(std::make_shared<const ExpertAnalysis>(analyse(trainer.analysisInput(layer), {})));
}

std::string tokensOf(const Snapshot& snapshot) { return std::to_string(snapshot.layers[0].scores.rows()) + " tokens"; }

/// From a moved slider to every view of the window drawn again, against drawing the same views with nothing changed.
BenchRow repaintRow(int rounds) {
  Knobs knobs;
  knobs.corpus = "procedural";
  Trainer trainer(knobs);
  Timeline timeline;
  trainInto(timeline, trainer, 50);
  Scene scene = sceneAt(timeline, 0, Timeline::kEnd, {});
  std::vector<double> grid;
  for (int i = -20; i <= 20; ++i) grid.push_back(std::exp2(i / 4.0));
  scene.curve = std::make_shared<const ConcentrationCurve>(
      concentrationCurve(scene.snapshot->layers[0], ConcentrationReading::Tempered, grid));
  Offscreen offscreen;
  std::vector<std::unique_ptr<View>> views;
  for (const ViewDeclaration& declaration : viewRegistry()) views.push_back(declaration.make());
  const auto draw = [&](bool changed) {
    if (changed) {
      scene.lens.concentration = scene.lens.concentration > 8.0f ? 0.1f : scene.lens.concentration * 1.1f;
      scene.routing = std::make_shared<const Routing>(evaluate(*scene.snapshot, scene.lens));
    }
    for (const auto& view : views) {
      if (changed) offscreen.layOut(*view, scene, Theme{}, 400, 300);
      offscreen.redraw(*view);
    }
  };
  return compare(
      "slider to all " + std::to_string(views.size()) + " views repainted, 400 x 300 each, " + tokensOf(*scene.snapshot),
      "drawing the same views with nothing changed", rounds, [&] { draw(true); }, [&] { draw(false); });
}

/// A long run's steps on a time line; the values are of no matter for the time.
void fillSteps(Timeline& timeline, std::int64_t steps, int layers) {
  const std::vector<double> each(static_cast<std::size_t>(layers), 0.5);
  StepMetrics step{0, 2.0, 2.0, each, each, each, each, each, each, "topk"};
  for (step.step = 1; step.step <= steps; ++step.step) {
    step.loss = 2.0 + std::sin(static_cast<double>(step.step));
    timeline.append(0, step);
  }
}

/// What the window does when another step has come, scene and training view, after a long run against after a short one.
std::vector<BenchRow> frameRows(int rounds) {
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
  std::vector<BenchRow> rows;
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

BenchRow sliderRow(int rounds) {
  const auto snapshot = randomSnapshot(4096, 64, 64);
  Lens lens;
  float alpha = 1.0f;
  const auto ours = [&] {
    lens.concentration = alpha = alpha > 8.0f ? 0.1f : alpha * 1.1f;
    evaluate(*snapshot, lens);
  };
  // The least that any such change must do: read and write the matrix once.
  RowMatrix copy;
  const auto theirs = [&] { copy = snapshot->layers[0].scores * alpha; };
  return compare("slider to all metrics, 4096 tokens x 64 experts, one core", "scaling the score matrix alone", rounds, ours,
                 theirs);
}

BenchRow stepRow(const std::string& router, Dispatch baselineDispatch, const std::string& baselineRouter,
                 const std::string& baseline, int rounds) {
  Knobs knobs, other;
  knobs.corpus = other.corpus = "procedural";
  knobs.router = router;
  other.router = baselineRouter;
  Trainer ours(knobs), theirs(other, baselineDispatch);
  BenchRow row = compare(
      "training step, " + router + ", 512 tokens, width 64, 2 layers, 8 experts", baseline, rounds, [&] { ours.step(); },
      [&] { theirs.step(); });
  row.tokens = knobs.batch * knobs.context;
  return row;
}

/// LibTorch's rows with and without the sines that full accuracy needs; ours always has it.
std::vector<BenchRow> angleRows(int rounds) {
  const std::vector<Eigen::MatrixXd> bases = benchSubspaces();
  const std::string what = "angles of all 2016 pairs of 64 subspaces, rank 16 of 128, double";
  const auto ours = [&] { principalAnglesOfAllPairs(bases); };
  const auto plainly = [&] {
    for (std::size_t i = 0; i < bases.size(); ++i)
      for (std::size_t j = i + 1; j < bases.size(); ++j) principalAngles(bases[i], bases[j]);
  };
  return {compare(what, "LibTorch's batched svdvals of cosines alone (error to 1e-8)", rounds, ours,
                  [&] { principalAnglesByTorch(bases, false); }),
          compare(what, "LibTorch's batched svdvals of cosines and sines", std::max(5, rounds / 5), ours,
                  [&] { principalAnglesByTorch(bases, true); }),
          compare(what, "the plain twin, pair by pair", std::max(5, rounds / 10), ours, plainly)};
}

BenchRow snapshotRow(int rounds) {
  Knobs knobs;
  knobs.corpus = "procedural";
  Trainer trainer(knobs);
  return compare(
      "snapshot of the probe, " + tokensOf(*trainer.snapshot()), "one training step of 512 tokens", rounds,
      [&] { trainer.snapshot(); }, [&] { trainer.step(); });
}

BenchRow checkpointRow(int rounds) {
  BenchCheckpoint checkpoint;
  BenchRow row = compare(
      "all 32 experts of a bf16 checkpoint as floats, page cache, one thread",
      "read() of the same bytes into a buffer of one expert", std::min(rounds, 15), [&] { checkpoint.readExperts(); },
      [&] { checkpoint.readPlainly(); });
  row.bytes = static_cast<double>(checkpoint.bytes());
  return row;
}

/// A frame takes as long as its slowest part where drawing and encoding do not wait for each other and have cores of their own.
BenchRow filmRow(int rounds) {
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
  return row;
}

/// A view in a hidden window that stays, as in the program's own: what lies on the GPU stays there.
class StandingView {
 public:
  StandingView(const std::string& name, int width, int height) {
    for (const ViewDeclaration& declaration : viewRegistry())
      if (declaration.name == name) view_ = declaration.make();
    window_->SetOffScreenRendering(1);
    window_->SetMultiSamples(kSamples);
    window_->SetSize(width, height);
    window_->AddRenderer(view_->renderer());
  }
  ~StandingView() { window_->RemoveRenderer(view_->renderer()); }
  StandingView(const StandingView&) = delete;
  StandingView& operator=(const StandingView&) = delete;
  View& view() { return *view_; }
  void draw(const Scene& scene, const Theme& theme) {
    view_->update(scene, theme);
    window_->Render();
    window_->WaitForCompletion();
  }

 private:
  std::unique_ptr<View> view_;
  const vtkNew<vtkRenderWindow> window_;
};

/// Tokens that a vertex shader places, and those that are placed as this renderer is best served, each against the same placed by
/// the processor.
std::vector<BenchRow> cloudRowsOf(const std::string& name, int tokens, int experts, const GatingRule& rule, int rounds) {
  const auto snapshot = randomSnapshot(tokens, experts, 16);
  auto probe = std::make_shared<Probe>();
  probe->labels.resize(static_cast<std::size_t>(tokens));
  probe->domain.assign(static_cast<std::size_t>(tokens), 0);
  probe->domainNames = {"random"};
  probe->context = tokens;
  snapshot->probe = probe;
  snapshot->layers[0].routerDirections = RowMatrix::Random(experts, 16).rowwise().normalized();
  Timeline timeline;
  timeline.append(SnapshotPointer(snapshot));
  Scene scene = sceneAt(timeline, 0, Timeline::kEnd, {});
  scene.lens.gating = rule;
  std::vector<std::shared_ptr<const Routing>> positions;
  std::vector<float> concentrations;
  for (float alpha = 0.2f; alpha < 8.0f; alpha *= 1.3f) {
    scene.lens.concentration = alpha;
    concentrations.push_back(alpha);
    positions.push_back(std::make_shared<const Routing>(evaluate(*snapshot, scene.lens)));
  }
  StandingView chosen(name, 480, 360), shader(name, 480, 360), processor(name, 480, 360);
  TokenCloud::of(shader.view().renderer())->drawOnAnyRenderer();
  Theme plain;
  plain.plainClouds = true;
  std::size_t at = 0;
  const auto draw = [&](StandingView& view, const Theme& theme) {
    at = (at + 1) % positions.size();
    scene.lens.concentration = concentrations[at];
    scene.routing = positions[at];
    view.draw(scene, theme);
  };
  const std::string what = "slider to " + name + " drawn, 480 x 360, " + std::to_string(tokens) + " tokens x " +
                           std::to_string(experts) + " experts" + (rule.policy == GatingPolicy::TopK ? ", top 2: " : ", soft: ");
  const auto row = [&](const std::string& by, StandingView& ours) {
    return compare(
        what + by, "the same, tokens placed by the processor", rounds, [&] { draw(ours, Theme{}); },
        [&] { draw(processor, plain); });
  };
  return {row("vertex shader", shader), row("as chosen for this renderer", chosen)};
}

std::vector<BenchRow> cloudRows(int rounds) {
  std::vector<BenchRow> rows;
  for (const std::string name : {"score_polygon", "expert_subspaces"})
    for (const auto& [tokens, experts] : {std::pair(2048, 8), std::pair(2048, 64), std::pair(4096, 512)})
      for (const GatingRule& rule : {GatingRule{GatingPolicy::Soft}, GatingRule{GatingPolicy::TopK, 2}})
        for (BenchRow& row : cloudRowsOf(name, tokens, experts, rule, rounds)) rows.push_back(std::move(row));
  return rows;
}

using BenchRows = std::vector<BenchRow>;

/// A row for each view of the default layout, and one for the slider's step that changes them all.
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

/// By the names that --only takes.
const std::vector<std::pair<std::string, std::function<BenchRows(int)>>>& benchTable() {
  static const std::vector<std::pair<std::string, std::function<BenchRows(int)>>> table = {
      {"slider",
       [](int rounds) {
         return BenchRows{sliderRow(rounds), plainRow(rounds), repaintRow(rounds)};
       }},
      {"clouds", cloudRows},
      {"training",
       [](int rounds) {
         return BenchRows{
             stepRow("topk", Dispatch::PlainLoop, "topk", "the same model with one plain loop over experts", rounds),
             stepRow("grmoe", Dispatch::PlainLoop, "grmoe", "the same model with one plain loop over experts", rounds),
             stepRow("grmoe", Dispatch::Fused, "topk", "the same model with a linear top-k router", rounds)};
       }},
      {"snapshot", [](int rounds) { return BenchRows{snapshotRow(rounds)}; }},
      {"checkpoint", [](int rounds) { return BenchRows{checkpointRow(rounds)}; }},
      {"angles", angleRows},
      {"frame", frameStepRows},
      {"frames", frameRows},
      {"film", [](int rounds) { return BenchRows{filmRow(rounds)}; }},
      {"scrub",
       [](int rounds) {
         return BenchRows{scrubRow(rounds), sessionScrubRow(rounds)};
       }},
      {"saving", [](int rounds) { return BenchRows{savingRow(rounds)}; }},
  };
  return table;
}

std::vector<std::string> benchNames() {
  std::vector<std::string> names;
  for (const auto& [name, rows] : benchTable()) names.push_back(name);
  return names;
}

/// `only`: names; empty: all of them.
void bench(const std::vector<std::string>& only, int rounds, bool json) {
  requireDisplay();
  BenchRows rows;
  for (const auto& [name, make] : benchTable())
    if (only.empty() || std::find(only.begin(), only.end(), name) != only.end())
      for (BenchRow& row : make(rounds)) rows.push_back(std::move(row));
  if (json) {
    nlohmann::json list = nlohmann::json::array();
    for (const BenchRow& row : rows)
      list.push_back({{"what", row.what}, {"milliseconds", row.ours.median}, {"quartiles", {row.ours.low, row.ours.high}},
                      {"baseline", row.baseline}, {"baseline_milliseconds", row.theirs.median},
                      {"baseline_quartiles", {row.theirs.low, row.theirs.high}}, {"speed_up", row.ratio()}});
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (rows[i].bytes > 0.0)
        list[i].update({{"gigabytes_per_second", rows[i].bytes / rows[i].ours.median / 1e6},
                        {"baseline_gigabytes_per_second", rows[i].bytes / rows[i].theirs.median / 1e6}});
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (rows[i].steps > 0.0) list[i].update({{"bytes", rows[i].memory}, {"bytes_per_step", rows[i].memory / rows[i].steps}});
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (const FilmTimes& film = rows[i].film; film.wall > 0.0)
        list[i].update({{"frames_per_second", 1e3 / film.wall},
                        {"scene_milliseconds", film.scene},
                        {"drawing_milliseconds", film.drawing},
                        {"encoding_milliseconds", film.encoding}});
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (rows[i].drawing > 0.0)
        list[i].update({{"scene_milliseconds", rows[i].scene},
                        {"building_milliseconds", rows[i].building},
                        {"drawing_milliseconds", rows[i].drawing}});
    printReport(list);
    return;
  }
  std::printf("median of %d rounds, quartiles in brackets; ratio above 1: faster than the baseline\n", rounds);
  for (const BenchRow& row : rows) {
    std::printf("%-68s %8.3f ms [%.3f, %.3f]\n", row.what.c_str(), row.ours.median, row.ours.low, row.ours.high);
    std::printf("    against %-60s %8.3f ms [%.3f, %.3f]   ratio %.2f\n", row.baseline.c_str(), row.theirs.median, row.theirs.low,
                row.theirs.high, row.ratio());
    if (row.tokens > 0.0)
      std::printf("    %.0f tokens/s against %.0f tokens/s\n", row.tokens / row.ours.median * 1e3,
                  row.tokens / row.theirs.median * 1e3);
    if (row.steps > 0.0) std::printf("    %.0f bytes for the steps: %.2f bytes a step\n", row.memory, row.memory / row.steps);
    if (const FilmTimes& film = row.film; film.wall > 0.0)
      std::printf("    %.1f frames/s; a frame's scene takes %.1f ms, its drawing %.1f ms, its encoding %.1f ms\n",
                  1e3 / film.wall, film.scene, film.drawing, film.encoding);
    if (row.drawing > 0.0)
      std::printf("    scene %.2f ms, building %.2f ms, drawing %.2f ms\n", row.scene, row.building, row.drawing);
    if (row.bytes > 0.0)
      std::printf("    %.2f GB/s of the file against %.2f GB/s (as floats twice that is written)\n",
                  row.bytes / row.ours.median / 1e6, row.bytes / row.theirs.median / 1e6);
  }
}

}  // namespace

void addBenchCommand(CLI::App& program) {
  CLI::App* command = program.add_subcommand("bench", "Speed, as ratios against named baselines measured in the same run");
  struct Options {
    int rounds = 50;
    double soak = 0.0;
    std::vector<std::string> only;
    bool json = false;
  };
  auto options = std::make_shared<Options>();
  command->add_option("--rounds", options->rounds, "Measurements of each [50]")->check(CLI::Range(5, 100000));
  command->add_flag("--json", options->json, "Print JSON");
  command->add_option("--only", options->only, "Of the measurements these, by comma [all]")
      ->delimiter(',')
      ->check(CLI::IsMember(benchNames()));
  CLI::Option* soaks = command->add_option(
      "--soak", options->soak,
      "Instead: train in a window without a person for so many minutes; memory, frame time and steps a second of each, as CSV");
  soaks->check(CLI::Range(1.0, 10000.0))->excludes("--rounds")->excludes("--only");
  command->callback([options] {
    if (options->soak > 0.0) return soak(options->soak, options->json);
    bench(options->only, options->rounds, options->json);
  });
}

}  // namespace moescope
