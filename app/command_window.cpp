// moescope, moescope window: the window, or one picture of it.

#include <QElapsedTimer>
#include <QScreen>
#include <QTimer>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "app/commands.h"
#include "app/display.h"
#include "app/document/document_json.h"
#include "app/document/lesson_file.h"
#include "app/options.h"
#include "app/window/first_breath.h"
#include "app/window/language.h"
#include "app/window/language_switch.h"
#include "app/window/lesson_menu.h"
#include "app/window/main_window.h"
#include "app/window/picture_file.h"
#include "app/window_application.h"
#include "app/window_options.h"
#include "core/data/files.h"
#include "core/data/output_file.h"
#include "core/routers/registry.h"

namespace moescope {
namespace {

QSize parseSize(const std::string& text) {
  int width = 0, height = 0, end = 0;
  if (std::sscanf(text.c_str(), "%5dx%5d%n", &width, &height, &end) != 2 || static_cast<std::size_t>(end) != text.size() ||
      width < 640 || height < 400 || width > 8192 || height > 8192)
    throw CLI::ValidationError("--size", "'" + text + "' is not a size; expected WIDTHxHEIGHT from 640x400 to 8192x8192");
  return {width, height};
}

// Seconds for what follows a lens, the held-out loss, the curve, the analysis, of up to kFewExperts; of more as many times as
// long.
constexpr int kLongestWait = 60, kFewExperts = 64;

/// Lets the window work until all that it shows is of one step and lens. Throws std::runtime_error when it never is. The analysis
/// of a checkpoint takes its time.
void settle(MainWindow& window) {
  const int experts = window.controller().side().knobs.experts,
            longest = kLongestWait * std::max(1, (experts + kFewExperts - 1) / kFewExperts);
  QElapsedTimer waited;
  waited.start();
  while (!window.controller().settled()) {
    QApplication::processEvents(QEventLoop::WaitForMoreEvents, 50);
    if (window.controller().trains() && waited.elapsed() > 1000LL * longest)
      throw std::runtime_error("the numbers of the window did not settle within " + std::to_string(longest) +
                               " seconds; no picture was made");
  }
  QApplication::processEvents();
}

/// Numbered pictures of the whole window while the concentration glides from 1/16 to 16 on the model as it stands.
void saveSweep(MainWindow& window, const QSize& size, const WindowOptions& options) {
  for (int frame = 0; frame < options.sweepFrames; ++frame) {
    Lens lens = window.controller().lens();
    lens.concentration = static_cast<float>(std::exp2(-4.0 + 8.0 * frame / std::max(1, options.sweepFrames - 1)));
    if (!window.controller().setLens(lens))
      throw std::runtime_error("the sweep ends at concentration " + std::to_string(lens.concentration) +
                               ": this model cannot be read there");
    settle(window);
    char name[32];
    std::snprintf(name, sizeof name, "/frame-%05d.png", frame);
    writePictureAtomically(window.picture(size), options.sweepFolder + name);
  }
}

void savePictures(MainWindow& window, const QSize& size, const WindowOptions& options) {
  const QSize least = (QSizeF(window.size()) * window.devicePixelRatioF()).toSize();
  if (least.width() > size.width() + 1 || least.height() > size.height() + 1)
    throw std::runtime_error("--size " + options.size + " is too small for this size of text: the window takes " +
                             std::to_string(least.width()) + "x" + std::to_string(least.height()));
  settle(window);  // the run rests before another moment of it is shown
  if (options.atStep >= 0) {
    window.controller().perform(moveCursor(0, {false, window.controller().timeline()->current(), options.atStep}));
    settle(window);
  }
  if (const std::string& other = window.controller().scene().readingNote; !other.empty())
    throw std::runtime_error(other + "; no picture was made");
  if (!options.screenshot.empty()) {
    writePictureAtomically(window.picture(size), options.screenshot);
    const Snapshot& shown = *window.controller().scene().snapshot;
    if (!shown.checkpoint)
      std::fprintf(stderr, "%s: step %lld\n", options.screenshot.c_str(), static_cast<long long>(shown.step));
  }
  if (!options.sweepFolder.empty()) saveSweep(window, size, options);
}

/// Writes the picture once training has come so far and all that is shown belongs to that step, then quits.
void pictureWhenReady(MainWindow& window, const QSize& size, const WindowOptions& options, std::string& failure) {
  const auto end = [&failure](const std::string& line) {
    if (!line.empty()) failure = line;
    qApp->quit();
  };
  if (auto* application = qobject_cast<Application*>(qApp))
    QObject::connect(application, &Application::failed, &window, [end](const QString& line) { end(line.toStdString()); });
  auto* timer = new QTimer(&window);
  QObject::connect(timer, &QTimer::timeout, &window, [&window, size, &options, end, timer] {
    Controller& controller = window.controller();
    const EngineStatus status = controller.status();
    if (status.state == EngineState::Failed) return end(status.message);
    const SnapshotPointer& shown = controller.scene().snapshot;
    if (window.lessons().runs()) {
      if (!window.lessons().isThere()) return;
      if (window.lessons().shown().keepsTraining) controller.pause();
      if (controller.playing()) return;
    }
    const bool opened = options.session.empty() ? shown && shown->checkpoint : controller.session() != nullptr;
    const bool there =
        shown && (window.lessons().runs() ||
                  (options.checkpoint.empty() && options.session.empty() ? shown->step >= options.afterSteps : opened));
    if (!there || !window.revealed()) return;
    timer->stop();
    try {
      savePictures(window, size, options);
      end("");
    } catch (const std::exception& error) {
      end(error.what());
    }
  });
  timer->start(50);
}

/// Before a window opens.
void requireGroup(const std::string& name) {
  try {
    groupOfViews(name);
  } catch (const std::invalid_argument& error) {
    throw CLI::ValidationError("--group", error.what());
  }
}

/// What the status line says while a picture is made, where nobody reads it.
using Notes = std::shared_ptr<std::vector<std::string>>;

void keepNote(const Notes& notes, const QString& line) {
  if (!line.isEmpty()) notes->push_back(line.toStdString());
}

/// The checkpoint in place of training, read as the command line says. `notes`: null for a window that stays.
void openGiven(MainWindow& window, const Side& given, const WindowOptions& options, const Notes& notes, std::string& failure) {
  const CheckpointPlace place = placeOf(options.checkpoint, options.trace);
  QObject::connect(&window.opener(), &CheckpointOpener::opened, &window, [&window, given, &options, notes, &failure] {
    if (!options.lensGiven && !options.gatingGiven) return;
    Lens wanted = given.lens;
    if (!options.gatingGiven) wanted.gating = window.controller().lens().gating;
    if (!window.controller().setLens(wanted) && notes) {
      failure = (notes->empty() ? "the checkpoint cannot be read as was asked" : notes->back()) + "; no picture was made";
      qApp->quit();
    }
    window.controller().setSelection(given.selection);
  }, Qt::SingleShotConnection);
  if (notes) {
    window.opener().setQuestion({});  // nobody is there to answer
    QObject::connect(&window.opener(), &CheckpointOpener::failed, &window, [&failure](const QString& line) {
      failure = line.toStdString();
      qApp->quit();
    });
  }
  window.opener().open(QString::fromStdString(place.folder.string()), QString::fromStdString(place.trace.string()),
                       options.reading);
}

/// The session in place of training. A picture has nothing else to show.
void openSession(MainWindow& window, const WindowOptions& options, const Notes& kept, std::string& failure) {
  if (kept) {
    QObject::connect(&window.sessions(), &SessionOpener::opened, &window,
                     [kept](const QString&, const QString& notes) { keepNote(kept, notes); });
    QObject::connect(&window.sessions(), &SessionOpener::failed, &window, [&failure](int, const QString& line) {
      failure = line.toStdString();
      qApp->quit();
    });
  }
  window.sessions().open(QString::fromStdString(options.session));
}

/// The document of the last time, unless it no longer fits; the command line's own settings win.
Document startDocument(const Preferences& remembered, const Document& given, const WindowOptions& options) {
  if (remembered.state.isEmpty()) return given;
  try {
    Document document = documentFromJson(remembered.state.toStdString());
    if (options.knobsGiven) document.sides = given.sides;
    if (options.themeGiven) document.dark = given.dark;
    if (options.scaleGiven) document.textScale = given.textScale;
    return document;
  } catch (const std::exception&) {
    return given;  // of another version: as on the first day
  }
}

/// Before a window opens.
Lesson lessonFor(const WindowOptions& options) {
  Lesson lesson;
  try {
    lesson = lessonGiven(QString::fromStdString(options.lesson));
  } catch (const std::invalid_argument& error) {
    throw CLI::ValidationError("--lesson", error.what());
  }
  if (const int pages = static_cast<int>(lesson.pages.size()); options.lessonPage > pages)
    throw CLI::ValidationError(
        "--page", std::to_string(options.lessonPage) + " is no page of this lesson; expected 1 to " + std::to_string(pages));
  return lesson;
}

/// What a file manager hands over.
void takeFile(const std::string& file, WindowOptions& options) {
  if (isLessonFile(file))
    options.lesson = file;
  else if (SessionOpener::isSession(QString::fromStdString(file)))
    options.session = file;
  else
    throw CLI::ValidationError(
        "file", "'" + file + "' is no file that the window opens; expected a .moelesson, a .md of a lesson or a .moescope");
}

/// `forgets`: what the settings name does not count. A file of the settings' language that cannot be read keeps no window from
/// opening.
void chooseLanguage(const WindowOptions& options, bool forgets) {
  const std::string remembered = forgets ? "" : languageOfTheUser();
  try {
    speak(options.language.empty() ? remembered : options.language);
  } catch (const std::exception& error) {
    if (!options.language.empty()) throw;
    std::fprintf(stderr, "moescope: %s; the window speaks English\n", error.what());
  }
}

/// Says on standard error what it does, how far it is, and what came of it.
void prepareFirstModel(const Knobs& knobs) {
  const std::filesystem::path folder = FirstModel::folderOfTheUser();
  bool trained = false;
  {
    Progress progress("step", FirstModel::kSteps);
    trained = FirstModel::prepare(folder, knobs, FirstModel::kSteps, [&](std::int64_t step) {
      if (step == 0)
        std::fprintf(stderr, "training the model that the window begins with: %s, %lld steps\n", knobs.router.c_str(),
                     static_cast<long long>(FirstModel::kSteps));
      progress.at(static_cast<long>(step));
    });
  }
  std::fprintf(
      stderr,
      trained ? "kept in %s: the window begins with it\n" : "a model of these knobs is kept in %s already: nothing was trained\n",
      folder.c_str());
}

/// A picture of more pixels than a lecture's screen has shows the same window, sharper.
void scaleWithPicture(const QSize& size) {
  const double ratio = std::min(size.width() / 1920.0, size.height() / 1080.0);
  if (ratio > 1.0 && qEnvironmentVariableIsEmpty("QT_SCALE_FACTOR")) qputenv("QT_SCALE_FACTOR", QByteArray::number(ratio));
}

/// Whether nothing was asked for but the window itself.
bool isBare(const WindowOptions& options) {
  return options.checkpoint.empty() && options.session.empty() && options.lesson.empty() && options.group.empty() &&
         !options.presents && !options.paused && !options.lensGiven && !options.gatingGiven && !options.scaleGiven;
}

}  // namespace

void openWindow(const Document& document, const WindowOptions& options) {
  requireValid(document);
  if (!options.group.empty()) requireGroup(options.group);
  const bool picture = !options.screenshot.empty() || !options.sweepFolder.empty();
  chooseLanguage(options, picture || options.fresh);
  if (!options.checkpoint.empty()) placeOf(options.checkpoint, options.trace);  // before a window opens
  if (!options.session.empty()) requireRegularFile(options.session);
  const QSize size = parseSize(options.size);
  std::optional<Lesson> lesson;
  if (!options.lesson.empty()) lesson = lessonFor(options);
  if (!lesson && options.lessonPage > 1) throw CLI::ValidationError("--page", "is a page of a lesson; expected --lesson with it");
  if (!options.screenshot.empty() && endingOf(options.screenshot) != "png")
    throw CLI::ValidationError("--screenshot",
                               "'" + options.screenshot + "' does not end in .png, the one format that is written");
  requireWindow(picture);
  if (!options.sweepFolder.empty()) makeFolder(options.sweepFolder);
  if (picture) scaleWithPicture(size);
  WindowApplication application;
  const Preferences remembered = picture || options.fresh ? Preferences{} : Preferences::load();
  const auto autosaves = picture ? nullptr : std::make_shared<Autosaves>(Autosaves::ofTheUser());
  const Document begins = startDocument(remembered, document, options);
  const bool brief = !picture && !options.fresh && options.checkpoint.empty() && options.session.empty();
  LanguageSwitch shown(std::make_unique<MainWindow>(
      begins, kKeptModelBytes, autosaves,
      brief ? std::make_shared<FirstModel>(FirstModel::folderOfTheUser(), begins.sides[0].knobs) : nullptr));
  MainWindow& window = shown.window();
  if (remembered.known) window.restoreLayout(remembered);
  if (!options.group.empty()) window.openGroup(options.group);
  if (!remembered.known || options.sizeGiven) {
    const double ratio = window.screen()->devicePixelRatio();
    window.setWindowState(Qt::WindowNoState);  // not as large as the screen, where it was when it was closed
    window.resize(static_cast<int>(std::ceil(size.width() / ratio)), static_cast<int>(std::ceil(size.height() / ratio)));
  }
  if (!picture) {
    window.rememberOnClose();
    application->closeOnSignals();
  }
  const Notes notes = picture ? std::make_shared<std::vector<std::string>>() : nullptr;
  if (picture)
    QObject::connect(&window.controller(), &Controller::noticed, &window,
                     [notes](const QString& line) { keepNote(notes, line); });
  window.show();
  if (picture) window.controller().showRepeatably();
  if (lesson) window.lessons().start(*lesson, options.lessonPage - 1);
  if (options.presents) window.presenter().begin();
  std::string failure;
  if (!options.checkpoint.empty())
    openGiven(window, document.sides[0], options, notes, failure);
  else if (!options.session.empty())
    openSession(window, options, notes, failure);
  else if (lesson)
    ;  // its page trains
  else if (picture)
    window.controller().playUntil(options.afterSteps);
  else if (!options.paused)
    window.controller().play();
  if (picture)
    pictureWhenReady(window, size, options, failure);
  else if (!remembered.known && isBare(options) && FirstBreath::takeDue())
    new FirstBreath(window.controller(), *window.findChild<Breath*>(), &window);
  QApplication::exec();
  if (!failure.empty()) throw std::runtime_error(failure);
  if (notes) printNotes(*notes);
}

void addWindowCommand(CLI::App& program) {
  CLI::App* command = program.add_subcommand("window", "The window (what moescope without a command opens)");
  auto knobs = std::make_shared<Knobs>();
  auto lens = std::make_shared<Lens>();
  auto selection = std::make_shared<Selection>();
  auto options = std::make_shared<WindowOptions>();
  auto theme = std::make_shared<std::string>("dark");
  auto textScale = std::make_shared<double>(1.0);
  command->add_option("--theme", *theme, "dark or light [dark]")->check(CLI::IsMember({"dark", "light"}));
  command->add_option("--text-scale", *textScale, "Size of the text [1]; 1.5 for a projector")->check(rangeFrom(0.7, 2.5));
  command->add_option("--size", options->size, "Pixels of the window and its pictures, WIDTHxHEIGHT [1440x900]");
  addLanguageOption(command, options->language);
  command->add_option("--group", options->group, "Layout to begin with: Stage, Explore, Experts or Layers");
  command->add_option("--lesson", options->lesson,
                      "Open this lesson: a name (moescope lessons), a file NAME.moelesson or NAME.LANGUAGE.md");
  command->add_option_function<std::string>(
      "file", [options](const std::string& file) { takeFile(file, *options); },
      "A lesson (.moelesson, .md) or session (.moescope) to open");
  command->add_option("--page", options->lessonPage, "Page of the lesson to begin with [1]")->check(wholeFrom(1, 1000));
  command->add_flag("--present", options->presents, "Begin in presenter mode (F5)");
  addCheckpointOptions(command, options->checkpoint, options->trace, options->reading);
  command->add_option("--session", options->session, "Show this recorded session instead of training")->excludes("--checkpoint");
  CLI::Option* paused = command->add_flag("--paused", options->paused, "Do not start training");
  command->add_option("--screenshot", options->screenshot, "Write a PNG of the whole window, then quit");
  command->add_option(
      "--sweep", options->sweepFolder,
      "Write numbered PNGs of the window to this folder while the concentration glides from 1/16 to 16, then quit");
  command->add_option("--sweep-frames", options->sweepFrames, "Pictures of the sweep [90]")->check(wholeFrom(1, 100000));
  command->add_option("--after-steps", options->afterSteps, "Training steps before the pictures, exactly so many [200]")
      ->check(wholeFrom(0, 10000000))
      ->excludes(paused);
  command
      ->add_option("--at-step", options->atStep,
                   "The step that the pictures show, or the nearest before it that is held [the newest]")
      ->check(wholeFrom(0, 10000000));
  command->add_flag(
      "--prepare", options->prepares,
      "Train the model that the window begins with, keep it for the next start, then quit; nothing where it is kept already");
  command->add_flag("--fresh", options->fresh, "Start as on the first day: nothing remembered from last time");
  const std::size_t own = command->get_options().size();
  addKnobOptions(command, knobs);
  addLensOptions(command, lens);
  addSelectOption(command, selection);
  command->callback([=] {
    const auto given = command->get_options();
    options->knobsGiven = std::any_of(given.begin() + static_cast<std::ptrdiff_t>(own), given.end(),
                                      [](const CLI::Option* option) { return option->count() > 0; });
    if (options->paused) options->afterSteps = 0;
    options->sizeGiven = command->count("--size") > 0;
    options->themeGiven = command->count("--theme") > 0;
    options->scaleGiven = command->count("--text-scale") > 0;
    std::tie(options->lensGiven, options->gatingGiven) = lensOptionsGiven(command);
    if (options->checkpoint.empty())
      requireTogether(*knobs), requireLayer(*lens, *knobs), requireSelection(*selection, knobs->experts);
    Document document;
    document.sides[0].knobs = *knobs;
    document.sides[0].lens = *lens;
    document.sides[0].selection = *selection;
    if (options->prepares) return prepareFirstModel(*knobs);
    document.dark = *theme == "dark";
    document.textScale = *textScale;
    openWindow(document, *options);
  });
}

}  // namespace moescope
