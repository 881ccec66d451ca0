#pragma once
// Options and output that several sub-commands share.

#include <CLI/CLI.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/checkpoint/checkpoint_reader.h"
#include "core/data/output_file.h"
#include "app/document/document.h"
#include "core/reading/lens_table.h"
#include "core/reading/selection.h"

namespace moescope {

/// One option for every row of knobSettings(), checked by its range or choices.
void addKnobOptions(CLI::App* command, const std::shared_ptr<Knobs>& knobs);

/// The same for every row of lensTable().
void addLensOptions(CLI::App* command, const std::shared_ptr<Lens>& lens);

/// --select: the expert or pair that the views highlight.
void addSelectOption(CLI::App* command, const std::shared_ptr<Selection>& selection);

/// --capture-shape, --capture-experts (`experts`: its names), --capture-dtype and --capture-without-identical, of every command
/// that opens captures. `needed`: the option without which they mean nothing; null: none.
void addCaptureOptions(CLI::App* command, CaptureReading& reading, const char* experts = "--capture-experts",
                       CLI::Option* needed = nullptr);

/// --checkpoint and --trace, and those of captures. The path may be whatever locateCheckpoint takes.
void addCheckpointOptions(CLI::App* command, std::string& checkpoint, std::string& trace, CaptureReading& reading);

/// --force, of a command that writes files which a person names: else what is there stays (requireNewFile).
void addForceOption(CLI::App* command, bool& force);

/// --step and the like: a whole number from `least` on.
CLI::Validator countFrom(std::int64_t least);
/// Of every option that takes a number: a whole one, or a finite one, in this range. NaN is in none.
CLI::Validator wholeFrom(std::int64_t least, std::int64_t greatest);
CLI::Validator rangeFrom(double least, double greatest);

/// Refuses "" for every option that takes a text: an unset variable of a shell, and not the option left out.
void refuseEmptyTexts(CLI::App& program);

/// --language: a code that languages() has, or system, which leaves `code` empty.
void addLanguageOption(CLI::App* command, std::string& code);

/// Where `checkpoint` and `trace` lie. Throws std::runtime_error with one line for what is not there.
CheckpointPlace placeOf(const std::string& checkpoint, const std::string& trace);

/// Whether --concentration, --reading, --layer or --select, and whether an option of the gating, was given.
std::pair<bool, bool> lensOptionsGiven(const CLI::App* command);

/// Throws CLI::ParseError for knobs that each are in range and do not fit together.
void requireTogether(const Knobs& knobs);
/// Throws CLI::ValidationError when the lens names a layer that a model of these knobs has not, or more experts than it has.
void requireLayer(const Lens& lens, const Knobs& knobs);

/// Throws CLI::ValidationError where top-k is to keep more than there are.
void requireGating(const GatingRule& gating, int experts);

/// Throws CLI::ValidationError when an expert is selected that a model of this many has not.
void requireSelection(const Selection& selection, int experts);

/// One line on standard error for each note.
void printNotes(const std::vector<std::string>& notes);
void printNote(const std::string& note);

/// One line that is rewritten in place, on a terminal only: how far it is and, after a few seconds, about how long it will take
/// still.
class Progress {
 public:
  Progress(std::string what, long total);
  ~Progress();
  void at(long done);

 private:
  using Clock = std::chrono::steady_clock;

  std::string what_;
  long total_;
  bool terminal_;
  Clock::time_point started_ = Clock::now();
};

/// True once Ctrl-C was pressed or the program was asked to end (SIGTERM); installed by the first call.
bool interrupted();

}  // namespace moescope
