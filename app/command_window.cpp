// moescope, moescope window: the window, or one picture of it.

#include <QApplication>
#include <QSurfaceFormat>
#include <QTimer>
#include <QVTKOpenGLNativeWidget.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "app/commands.h"
#include "app/display.h"
#include "app/options.h"
#include "app/picture_file.h"
#include "app/window_options.h"
#include "app/window/main_window.h"
#include "app/window/window_state.h"
#include "core/routers/registry.h"

namespace moescope {
namespace {

QSize parseSize(const std::string& text) {
  int width = 0, height = 0;
  if (std::sscanf(text.c_str(), "%dx%d", &width, &height) != 2 || width < 640 || height < 400 || width > 8192 || height > 8192)
    throw CLI::ValidationError("--size", "'" + text + "' is not a size; expected WIDTHxHEIGHT from 640x400 to 8192x8192");
  return {width, height};
}

/// Numbered pictures of the whole window while the concentration glides from 1/16 to 16 on the model as it stands.
void saveSweep(MainWindow& window, const WindowOptions& options) {
  for (int frame = 0; frame < options.sweepFrames; ++frame) {
    Lens lens = window.controller().lens();
    lens.concentration = static_cast<float>(std::exp2(-4.0 + 8.0 * frame / std::max(1, options.sweepFrames - 1)));
    window.controller().setLens(lens);
    QApplication::processEvents();
    char name[32];
    std::snprintf(name, sizeof name, "/frame-%05d.png", frame);
    writePictureAtomically(window.picture(), options.sweepFolder + name);
  }
}

/// Writes the picture once training has come so far and the scene has been drawn, then quits.
void pictureWhenReady(MainWindow& window, const WindowOptions& options, std::string& failure) {
  auto* timer = new QTimer(&window);
  QObject::connect(timer, &QTimer::timeout, [&window, &options, &failure, timer] {
    const EngineStatus status = window.controller().status();
    if (status.state == EngineState::Failed) {
      failure = status.message;
      qApp->quit();
      return;
    }
    const SnapshotPointer snapshot = window.controller().scene().snapshot;
    const Scene& scene = window.controller().scene();
    if (!snapshot || !scene.curve) return;
    if (options.checkpoint.empty() ? snapshot->step < options.afterSteps : !snapshot->checkpoint || status.state == EngineState::Starting || (!scene.analysis && scene.underWay.empty()))
      return;
    if (!options.checkpoint.empty() && scene.underWay.find("Escape") != std::string::npos) return;  // the analysis is under way
    timer->stop();
    window.controller().engine().pause();
    QTimer::singleShot(500, &window, [&window, &options, &failure] {
      try {
        if (!options.screenshot.empty()) writePictureAtomically(window.picture(), options.screenshot);
        if (!options.sweepFolder.empty()) saveSweep(window, options);
      } catch (const std::exception& error) {
        failure = error.what();
      }
      qApp->quit();
    });
  });
  timer->start(100);
}

/// The checkpoint in place of training, read as the command line says.
void openGiven(MainWindow& window, const Lens& lens, const WindowOptions& options, std::string& failure) {
  const CheckpointPlace place = placeOf(options.checkpoint, options.trace);
  QObject::connect(&window.opener(), &CheckpointOpener::opened, &window, [&window, lens, &options] {
    if (!options.lensGiven && !options.gatingGiven) return;
    Lens wanted = lens;
    if (!options.gatingGiven) wanted.gating = window.controller().lens().gating;
    window.controller().setLens(wanted);
  }, Qt::SingleShotConnection);
  if (!options.screenshot.empty() || !options.sweepFolder.empty())
    QObject::connect(&window.opener(), &CheckpointOpener::failed, &window, [&failure](const QString& line) {
      failure = line.toStdString();
      qApp->quit();
    });
  window.opener().open(QString::fromStdString(place.folder.string()), QString::fromStdString(place.trace.string()));
}

/// Lens and knobs of the last time, unless the command line names its own or they no longer fit.
WindowState startState(const Preferences& remembered, const Lens& lens, const Knobs& knobs, const WindowOptions& options) {
  if (remembered.state.isEmpty() || options.knobsGiven) return {lens, knobs};
  try {
    const WindowState state = stateFromJson(remembered.state);
    requireRouter(state.knobs.router);
    requireExperts(state.lens, state.knobs.experts);
    return state;
  } catch (const std::exception&) {
    return {lens, knobs};  // of another version: as on the first day
  }
}

}  // namespace

void openWindow(const Knobs& knobs, const Lens& lens, const WindowOptions& options) {
  requireValid(knobs);
  requireRouter(knobs.router);
  if (!options.checkpoint.empty()) placeOf(options.checkpoint, options.trace);  // before a window opens
  const QSize size = parseSize(options.size);
  const bool picture = !options.screenshot.empty() || !options.sweepFolder.empty();
  requireWindow(picture);
  if (!options.sweepFolder.empty()) std::filesystem::create_directories(options.sweepFolder);
  QSurfaceFormat format = QVTKOpenGLNativeWidget::defaultFormat();
  format.setSamples(4);
  QSurfaceFormat::setDefaultFormat(format);
  int count = 1;
  char name[] = "moescope";
  char* arguments[] = {name, nullptr};
  QApplication application(count, arguments);
  const Preferences remembered = picture || options.fresh ? Preferences{} : Preferences::load();
  const WindowState start = startState(remembered, lens, knobs, options);
  const bool ownTheme = remembered.known && !options.themeGiven;
  MainWindow window(start.knobs, ownTheme ? remembered.dark : options.theme == "dark", ownTheme ? remembered.textScale : options.textScale);
  if (!options.group.empty()) window.openGroup(options.group);
  window.resize(size);
  if (remembered.known) window.restoreLayout(remembered);
  if (!picture) window.rememberOnClose();
  window.show();
  std::string failure;
  window.controller().setLens(start.lens);
  if (!options.checkpoint.empty())
    openGiven(window, lens, options, failure);
  else if (!options.paused)
    window.controller().engine().play();
  if (picture) pictureWhenReady(window, options, failure);
  QApplication::exec();
  if (!failure.empty()) throw std::runtime_error(failure);
}

void addWindowCommand(CLI::App& program) {
  CLI::App* command = program.add_subcommand("window", "The window (what moescope without a command opens)");
  auto knobs = std::make_shared<Knobs>();
  auto lens = std::make_shared<Lens>();
  auto options = std::make_shared<WindowOptions>();
  command->add_option("--theme", options->theme, "dark or light [dark]")->check(CLI::IsMember({"dark", "light"}));
  command->add_option("--text-scale", options->textScale, "Size of the text [1]; 1.5 for a projector")->check(CLI::Range(0.7, 2.5));
  command->add_option("--size", options->size, "Pixels, WIDTHxHEIGHT [1440x900]");
  command->add_option("--group", options->group, "Views to begin with: Routing or Experts");
  addCheckpointOptions(command, options->checkpoint, options->trace);
  command->add_flag("--paused", options->paused, "Do not start training");
  command->add_option("--screenshot", options->screenshot, "Write a PNG of the whole window, then quit");
  command->add_option("--sweep", options->sweepFolder, "Write numbered PNGs of the window to this folder while the concentration glides from 1/16 to 16, then quit");
  command->add_option("--sweep-frames", options->sweepFrames, "Pictures of the sweep [90]")->check(CLI::Range(1, 100000));
  command->add_option("--after-steps", options->afterSteps, "Training steps before the screenshot [200]")->check(CLI::Range(0L, 10000000L));
  command->add_flag("--fresh", options->fresh, "Start as on the first day: nothing remembered from last time");
  const std::size_t own = command->get_options().size();
  addKnobOptions(command, knobs);
  addLensOptions(command, lens);
  addSelectOption(command, lens);
  command->callback([knobs, lens, options, command, own] {
    const auto given = command->get_options();
    options->knobsGiven = std::any_of(given.begin() + static_cast<std::ptrdiff_t>(own), given.end(), [](const CLI::Option* option) { return option->count() > 0; });
    options->themeGiven = command->count("--theme") + command->count("--text-scale") > 0;
    std::tie(options->lensGiven, options->gatingGiven) = lensOptionsGiven(command);
    if (options->checkpoint.empty()) requireLayer(*lens, *knobs), requireSelection(*lens, knobs->experts);
    openWindow(*knobs, *lens, *options);
  });
}

}  // namespace moescope
