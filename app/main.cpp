#include <algorithm>
#include <exception>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "app/commands.h"
#include "app/standard_output.h"
#include "app/window/version.h"

namespace {

constexpr int kFailed = 1;

void declareCommands(CLI::App& program) {
  program.name("moescope");
  program.require_subcommand(1);
  program.set_version_flag("--version", moescope::versionText);
  moescope::addWindowCommand(program);
  moescope::addTrainCommand(program);
  moescope::addSweepCommand(program);
  moescope::addRenderCommand(program);
  moescope::addBinghamCommand(program);
  moescope::addAnglesCommand(program);
  moescope::addBenchCommand(program);
  moescope::addDoctorCommand(program);
  moescope::addAnalyzeCommand(program);
  moescope::addReproduceCommand(program);
  moescope::addBenchPeersCommand(program);
  moescope::addManualCommands(program);
}

/// The command line's words as CLI11 takes them, last first. No words: the window. A first word that names no command but a
/// file or folder: the window on it.
std::vector<std::string> wordsOf(const CLI::App& program, int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  if (words.empty()) words = {"window"};
  std::error_code ignored;
  const auto commands = program.get_subcommands([&](const CLI::App* command) { return command->get_name() == words.front(); });
  if (commands.empty() && std::filesystem::exists(words.front(), ignored)) words.insert(words.begin(), {"window", "--checkpoint"});
  std::reverse(words.begin(), words.end());
  return words;
}

}  // namespace

static int run(int argc, char** argv) {
  CLI::App program{"Moescope: the geometry of Mixture-of-Experts routing"};
  declareCommands(program);
  try {
    program.parse(wordsOf(program, argc, argv));
    return 0;
  } catch (const CLI::Success& help) {
    return program.exit(help);
  } catch (const CLI::ParseError& error) {
    std::cerr << "moescope: " << error.what() << " (see moescope --help)\n";
    return moescope::kBadUsage;
  } catch (const std::exception& error) {
    std::cerr << "moescope: " << error.what() << '\n';
    return kFailed;
  }
}

int main(int argc, char** argv) {
  moescope::prepareStandardStreams();
  return moescope::finishStandardOutput(run(argc, argv));
}
