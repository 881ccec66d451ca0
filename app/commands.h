#pragma once
// One function per sub-command: it adds its options to the program's command line and what to do when it is chosen.

#include <CLI/CLI.hpp>

namespace moescope {

/// Exit status of a command line that could not be understood.
inline constexpr int kBadUsage = 2;

void addWindowCommand(CLI::App& program);
void addTrainCommand(CLI::App& program);
void addSweepCommand(CLI::App& program);
void addRenderCommand(CLI::App& program);
void addBinghamCommand(CLI::App& program);
void addAnglesCommand(CLI::App& program);
void addBenchCommand(CLI::App& program);
void addPresetsCommand(CLI::App& program);
void addLessonsCommand(CLI::App& program);
void addDoctorCommand(CLI::App& program);
void addAnalyzeCommand(CLI::App& program);
void addReproduceCommand(CLI::App& program);
void addBenchPeersCommand(CLI::App& program);
void addSessionCommand(CLI::App& program);
void addExportCommand(CLI::App& program);
/// The last: it describes the others.
void addManualCommands(CLI::App& program);

}  // namespace moescope
