#include <exception>
#include <iostream>

#include "app/commands.h"

namespace {

constexpr int kFailed = 1;

void declareCommands(CLI::App& program) {
  program.name("moescope");
  program.require_subcommand(1);
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
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App program{"Moescope: the geometry of Mixture-of-Experts routing"};
  declareCommands(program);
  try {
    if (argc == 1)
      program.parse("window");
    else
      program.parse(argc, argv);
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
