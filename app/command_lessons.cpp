// moescope lessons: what the program can teach.

#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/display.h"
#include "app/document/lesson_file.h"
#include "app/json_output.h"
#include "app/lesson_handout.h"
#include "app/lesson_record.h"
#include "app/options.h"

namespace moescope {
namespace {

void listLessons(bool json) {
  if (!json) {
    for (const Lesson& lesson : lessons())
      std::printf("%-22s %s  %s (%zu pages)\n%-22s     %s\n", lesson.name.c_str(), lesson.language.c_str(), lesson.title.c_str(),
                  lesson.pages.size(), "", lesson.shows.c_str());
    return;
  }
  nlohmann::json list = nlohmann::json::array();
  for (const Lesson& lesson : lessons())
    list.push_back({{"name", lesson.name},
                    {"title", lesson.title},
                    {"language", lesson.language},
                    {"pages", lesson.pages.size()},
                    {"shows", lesson.shows}});
  printReport(list);
}

Lesson lessonOf(const std::string& word) {
  try {
    return lessonNamed(word, "en");
  } catch (const std::invalid_argument& error) {
    throw CLI::ValidationError("--handout", error.what());
  }
}

void makeHandout(const std::string& word, const std::string& output, bool force) {
  if (!output.ends_with(".pdf"))
    throw CLI::ValidationError("-o", "'" + output + "' does not end in .pdf, the one format of a handout");
  const Lesson lesson = lessonOf(word);
  requireNewFile(output, force);
  requireDisplay();
  speakAs(lesson);
  writeHandout(lesson, output);
  std::printf("%s: %zu sheets of %s\n", output.c_str(), lesson.pages.size(), lesson.title.c_str());
}

void makeArchive(const std::string& folder, const std::string& output, bool force) {
  if (!output.ends_with(".moelesson")) throw CLI::ValidationError("-o", "'" + output + "' does not end in .moelesson");
  requireNewFile(output, force);
  const PackedLesson packed = packLessonFolder(folder, output);
  for (const std::string& name : packed.leftOut) std::fprintf(stderr, "note: %s is left out: no page shows it\n", name.c_str());
  std::printf("%s: %zu files\n", output.c_str(), packed.files.size());
}

}  // namespace

void addLessonsCommand(CLI::App& program) {
  CLI::App* command = program.add_subcommand(
      "lessons",
      "List the lessons, or make a handout or one file of one; `moescope window --lesson NAME` opens one, `moescope render NAME -o FILM.mp4` films it");
  struct Options {
    bool json = false, force = false;
    std::string handout, pack, output;
  };
  auto options = std::make_shared<Options>();
  CLI::Option* json = command->add_flag("--json", options->json, "Print JSON");
  CLI::Option* output = command->add_option("-o,--output", options->output, "The .pdf or .moelesson to write");
  CLI::Option* handout = command
                             ->add_option("--handout", options->handout,
                                          "Write a PDF with a sheet for each page of this lesson: NAME, NAME.LANGUAGE or a file")
                             ->needs(output)
                             ->excludes(json);
  CLI::Option* pack =
      command
          ->add_option("--pack", options->pack, "Pack a folder with NAME.LANGUAGE.md and what its pages show into one .moelesson")
          ->needs(output)
          ->excludes(json)
          ->excludes(handout);
  addForceOption(command, options->force);
  command->callback([options, output, handout, pack] {
    if (output->count() > 0 && handout->count() == 0 && pack->count() == 0)
      throw CLI::ValidationError("-o", "nothing to write; expected --handout or --pack");
    if (handout->count() > 0) return makeHandout(options->handout, options->output, options->force);
    if (pack->count() > 0) return makeArchive(options->pack, options->output, options->force);
    listLessons(options->json);
  });
}

}  // namespace moescope
