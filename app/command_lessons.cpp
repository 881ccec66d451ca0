// moescope lessons: what the program can teach.

#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/document/lesson.h"
#include "app/json_output.h"

namespace moescope {
namespace {

void listLessons(bool json) {
  if (!json) {
    for (const Lesson& lesson : lessons())
      std::printf("%-22s %s  %s (%zu pages)\n%-22s     %s\n", lesson.name.c_str(), lesson.language.c_str(), lesson.title.c_str(), lesson.pages.size(), "",
                  lesson.shows.c_str());
    return;
  }
  nlohmann::json list = nlohmann::json::array();
  for (const Lesson& lesson : lessons())
    list.push_back({{"name", lesson.name}, {"title", lesson.title}, {"language", lesson.language}, {"pages", lesson.pages.size()}, {"shows", lesson.shows}});
  printReport(list);
}

}  // namespace

void addLessonsCommand(CLI::App& program) {
  CLI::App* command = program.add_subcommand("lessons", "List the lessons; `moescope window --lesson NAME` opens one");
  auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "Print JSON");
  command->callback([json] { listLessons(*json); });
}

}  // namespace moescope
