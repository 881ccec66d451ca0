// moescope presets: the documents that show one idea each.

#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/document/presets.h"
#include "app/film/film_script.h"
#include "app/json_output.h"

namespace moescope {
namespace {

void listPresets(bool json) {
  if (!json) {
    for (const Preset& preset : presets())
      std::printf("%-18s %s\n%-18s %s (%ld steps; a film of %g s)\n", preset.name.c_str(), preset.title.c_str(), "",
                  preset.shows.c_str(), preset.steps, filmOf(preset).seconds());
    return;
  }
  nlohmann::json list = nlohmann::json::array();
  for (const Preset& preset : presets())
    list.push_back({{"name", preset.name},
                    {"title", preset.title},
                    {"shows", preset.shows},
                    {"steps", preset.steps},
                    {"views", preset.views},
                    {"seconds", filmOf(preset).seconds()}});
  printReport(list);
}

}  // namespace

void addPresetsCommand(CLI::App& program) {
  CLI::App* command = program.add_subcommand(
      "presets", "List the presets: each shows one idea; `moescope render NAME -o FOLDER` draws one, `-o FILM.mp4` films it");
  auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "Print JSON");
  command->callback([json] { listPresets(*json); });
}

}  // namespace moescope
