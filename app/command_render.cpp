// moescope render: pictures of the views and films, without a window.

#include <algorithm>
#include <set>
#include <tuple>

#include "app/commands.h"
#include "app/options.h"
#include "app/render_film.h"
#include "app/render_request.h"

namespace moescope {
namespace {

void parseSize(RenderOptions& options) {
  if (options.size.empty()) options.size = options.isFilm() ? "1280x720" : "1200x900";
  if (readFilmSize(options.size, options.width, options.height) && options.width >= 64 && options.height >= 64 &&
      options.width <= 8192 && options.height <= 8192)
    return;
  throw CLI::ValidationError(
      "--size",
      "'" + options.size + "' is not a size; expected WIDTHxHEIGHT from 64x64 to 8192x8192, or 720p, 1080p, 1440p or 4k");
}

/// `was`: the first side before the command line's own options.
void render(RenderOptions options, const Side& was) {
  chooseRenderLanguage(options);
  parseSize(options);
  if (options.run > 0 && (options.session.empty() || options.record))
    throw CLI::ValidationError("--run", "expected a session, *.moescope, one run of which is to be filmed");
  if (options.frame >= 0) return renderFrame(options);
  if (options.lesson) return renderLessonOf(options);
  chooseSteps(options);
  if (options.isFilm()) return renderFilmOf(options, was);
  if (options.scriptGiven)
    throw CLI::ValidationError("-o",
                               "'" + options.output + "' is one picture; expected a film, or --frame with the record of one");
  renderPictures(options);
}

}  // namespace

void addRenderCommand(CLI::App& program) {
  CLI::App* command = program.add_subcommand(
      "render", "Train, or read a checkpoint, then draw pictures (PNG, SVG, PDF) or a film without a window");
  auto knobs = std::make_shared<Knobs>();
  auto lens = std::make_shared<Lens>();
  auto selection = std::make_shared<Selection>();
  auto options = std::make_shared<RenderOptions>();
  auto was = std::make_shared<Side>();
  const auto take = [=] {
    if (!command->remaining().empty()) throw CLI::ExtrasError(command->get_name(), command->remaining());  // its value is no film
    beginRendering(*options, options->word);
    *was = options->document.sides[0];
    *knobs = was->knobs;
    *lens = was->lens;
    *selection = was->selection;
  };
  command
      ->add_option_function<std::string>(
          "preset", [=](const std::string& word) { options->word = word, take(); },
          "A preset (moescope presets), a lesson (moescope lessons; lesson:NAME, NAME.LANGUAGE, a .moelesson), a film script (.json, .md: docs/film.md), the record of a film or a session (.moescope); other options win over it")
      ->trigger_on_parse();
  command
      ->add_option("-o,--output", options->output,
                   "A .png, .svg or .pdf for one view, .mp4, .webm or .gif for a film, else a folder")
      ->required();
  command->add_option("--view", options->view, "Name of a view, all, or window for the whole window [all; of a film its own]");
  command->add_option("--size", options->size, "Pixels: WIDTHxHEIGHT, 720p, 1080p, 1440p or 4k [1200x900, films 1280x720]");
  command->add_option("--format", options->format, "Pictures of a folder: png, svg or pdf [png]")
      ->check(CLI::IsMember(pictureEndings()));
  command->add_flag("--transparent", options->transparent,
                    "Nothing behind what is drawn; of the themes take the one that is nearer to what will lie behind");
  command->add_option("--theme", options->theme, "dark or light [dark]")->check(CLI::IsMember({"dark", "light"}));
  command->add_option("--text-scale", options->scale, "Size of the text [1]")->check(rangeFrom(0.5, 4.0));
  addLanguageOption(command, options->language);
  command->add_option("--steps", options->steps, "Optimiser steps before the picture [200]")->check(wholeFrom(0, 10000000));
  command
      ->add_option("--frames", options->frames,
                   "Pictures of each view while the concentration glides from 1/16 to 16; of a film how many it has")
      ->check(wholeFrom(0, 100000));
  command->add_option("--fps", options->rate, "A film's frames per second [30]; a folder then gets the film as pictures")
      ->check(wholeFrom(1, 120));
  command->add_option("--codec", options->codec, "Of a film: h264 in .mp4, vp9 or av1 in .webm [the first that is here]")
      ->check(CLI::IsMember({"h264", "vp9", "av1"}));
  command->add_option("--seconds", options->seconds, "How long a film lasts, faster or slower than its script [the script's]")
      ->check(rangeFrom(0.001, kLongestFilm));
  command->add_option("--frame", options->frame, "With the record of a film: this frame, from 0, once more as a .png")
      ->check(wholeFrom(0, 1000000));
  command
      ->add_option_function<std::int64_t>(
          "--run",
          [=](std::int64_t run) {
            options->run = run;
            if (!options->word.empty()) take();
          },
          "Of a session that holds several runs: this one [the newest]")
      ->check(countFrom(1))
      ->trigger_on_parse();
  command->add_option("--from-step", options->fromStep, "Of a session: the film begins with this step [the first that is held]")
      ->check(countFrom(0));
  command->add_option("--to-step", options->toStep, "Of a session: the film ends with this step [the last]")->check(countFrom(0));
  addForceOption(command, options->replace);
  command
      ->add_option_function<std::vector<std::string>>(
          "--option",
          [options](const std::vector<std::string>& settings) {
            for (const std::string& setting : settings) {
              const std::size_t slash = setting.find('/'), equals = setting.find('=');
              if (slash == std::string::npos || equals == std::string::npos || equals < slash)
                throw CLI::ValidationError(
                    "--option", "'" + setting + "' is no option; expected VIEW/OPTION=VALUE such as score_polygon/colour=expert");
              options->viewOptions[setting.substr(0, slash)][setting.substr(slash + 1, equals - slash - 1)] =
                  setting.substr(equals + 1);
            }
          },
          "How a view draws, VIEW/OPTION=VALUE; may be given several times")
      ->type_size(1)
      ->expected(1, 100);
  command->add_flag("--no-title-line", options->noTitleLine,
                    "Leave out the line above each frame that names router, seed, step, layer and concentration");
  command->add_flag("--json", options->json, "Print the files that were written as JSON");
  addCheckpointOptions(command, options->checkpoint, options->trace, options->reading);
  addKnobOptions(command, knobs);
  addLensOptions(command, lens);
  addSelectOption(command, selection);
  command->callback([knobs, lens, selection, options, was, command] {
    Side& side = options->document.sides[0];
    side.knobs = *knobs;
    side.lens = *lens;
    side.selection = *selection;
    options->document.dark = options->theme == "dark";
    options->document.textScale = std::clamp(options->scale, kLeastTextScale, kGreatestTextScale);
    std::tie(options->lensGiven, options->gatingGiven) = lensOptionsGiven(command);
    if (options->checkpoint.empty())
      requireTogether(*knobs), requireLayer(*lens, *knobs), requireSelection(*selection, knobs->experts);
    for (const auto& [view, chosen] : options->viewOptions)
      for (const auto& [option, value] : chosen) options->document.viewOptions[view][option] = value;
    requireValid(options->document);
    options->viewGiven = command->count("--view") > 0;
    options->stepsGiven = command->count("--steps") > 0;
    options->themeGiven = command->count("--theme") > 0;
    options->scaleGiven = command->count("--text-scale") > 0;
    for (const CLI::Option* option : command->get_options())
      if (option->count() > 0 &&
          !std::set<std::string>{"preset", "--output", "--size", "--fps", "--theme", "--force", "--json", "--language"}.contains(
              option->get_name()))
        options->foreign = option->get_name();
    render(*options, *was);
  });
}

}  // namespace moescope
