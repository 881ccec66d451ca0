#include <Eigen/Core>
#include <algorithm>
#include <cctype>
#include <exception>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "app/commands.h"
#include "app/decimal_commas.h"
#include "app/help_text.h"
#include "app/options.h"
#include "app/qt_messages.h"
#include "app/standard_output.h"
#include "app/suggestion.h"
#include "app/window/version.h"
#include "core/words/words.h"

namespace {

constexpr int kFailed = 1;

void declareCommands(CLI::App& program) {
  program.name("moescope");
  program.require_subcommand(1);
  moescope::wrapHelp(program);  // before the commands, which take it over
  program.set_version_flag("--version", moescope::versionText);
  moescope::addWindowCommand(program);
  moescope::addTrainCommand(program);
  moescope::addSweepCommand(program);
  moescope::addRenderCommand(program);
  moescope::addBinghamCommand(program);
  moescope::addAnglesCommand(program);
  moescope::addBenchCommand(program);
  moescope::addLessonsCommand(program);
  moescope::addPresetsCommand(program);
  moescope::addDoctorCommand(program);
  moescope::addAnalyzeCommand(program);
  moescope::addReproduceCommand(program);
  moescope::addBenchPeersCommand(program);
  moescope::addSessionCommand(program);
  moescope::addExportCommand(program);
  moescope::addManualCommands(program);
  moescope::acceptDecimalCommas(program);
  moescope::refuseEmptyTexts(program);
}

std::vector<std::string> commandNames(const CLI::App& program) {
  std::vector<std::string> names;
  for (const CLI::App* command : program.get_subcommands([](const CLI::App* command) { return !command->get_group().empty(); }))
    names.push_back(command->get_name());
  return names;
}

/// What a first word leaves unsaid: options without a command go to the window, as does a file or folder. Throws CLI::ParseError
/// for what is none of them.
std::vector<std::string> impliedBefore(const CLI::App& program, const std::string& first) {
  std::error_code ignored;
  const bool names = !program.get_subcommands([&](const CLI::App* command) { return command->get_name() == first; }).empty();
  if (names || program.get_option_no_throw(first)) return {};
  if (first.starts_with("-")) return {"window"};
  if (first.ends_with(".moescope")) return {"window", "--session"};
  if (first.ends_with(".moelesson")) return {"window", "--lesson"};
  if (std::filesystem::exists(first, ignored)) return {"window", "--checkpoint"};
  const std::string meant = moescope::didYouMean(first, commandNames(program));
  if (meant.empty() && first.find('/') != std::string::npos)
    throw CLI::ParseError(first + ": no such command, file or folder", moescope::kBadUsage);
  throw CLI::ParseError("unknown command '" + first + "'" + meant, moescope::kBadUsage);
}

/// The command line's words as CLI11 takes them, last first. No words: the window.
std::vector<std::string> wordsOf(const CLI::App& program, int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  if (words.empty()) words = {"window"};
  const std::vector<std::string> implied = impliedBefore(program, words.front());
  words.insert(words.begin(), implied.begin(), implied.end());
  std::reverse(words.begin(), words.end());
  return words;
}

std::vector<std::string> optionNames(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options())
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

/// One line for a command line that could not be understood. An option that is not known comes first, since what else is wrong
/// often follows from it.
std::string complaint(const CLI::App& program, const CLI::ParseError& error) {
  const std::vector<CLI::App*> given = program.get_subcommands();
  if (given.empty()) return std::string(error.what()) + " (see moescope --help)";
  const CLI::App& command = *given.front();
  const std::string help = " (see moescope " + command.get_name() + " --help)";
  for (const std::string& word : command.remaining()) {
    const std::string name = word.substr(0, word.find('='));
    if (name.size() > 1 && name[0] == '-' && !std::isdigit(static_cast<unsigned char>(name[1])))
      return command.get_name() + ": unknown option '" + name + "'" + moescope::didYouMean(name, optionNames(command)) + help;
  }
  return error.what() + help;
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
    std::cerr << "moescope: " << moescope::oneLine(complaint(program, error)) << '\n';
    return moescope::kBadUsage;
  } catch (const std::exception& error) {
    const std::string text = error.what();  // LibTorch's goes on with where it was raised
    std::cerr << "moescope: " << moescope::oneLine(text.substr(0, text.find("\nException raised from"))) << '\n';
    return kFailed;
  }
}

int main(int argc, char** argv) {
  moescope::prepareStandardStreams();
  moescope::installQtMessages();
  Eigen::setNbThreads(1);  // its own threads wait for each other in a busy loop, which beside an engine's takes most of the cores
  return moescope::finishStandardOutput(run(argc, argv));
}
