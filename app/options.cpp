#include "app/options.h"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "app/commands.h"
#include "app/window/language.h"
#include "core/checkpoint/capture_types.h"
#include "core/words/words.h"

namespace moescope {
namespace {

volatile std::sig_atomic_t gInterrupted = 0;

/// As few digits as tell it.
std::string shortest(double number) {
  char digits[32];
  const auto single = static_cast<float>(number);
  const std::to_chars_result end = static_cast<double>(single) == number ? std::to_chars(digits, digits + sizeof digits, single)
                                                                         : std::to_chars(digits, digits + sizeof digits, number);
  return {digits, end.ptr};
}

/// What it is, its choices and its default.
template <typename Owner>
std::string helpOf(const Setting<Owner>& setting) {
  const Owner defaults;
  std::string text = setting.help;
  if (!setting.unit.empty()) text += " (" + setting.unit + ")";
  for (std::size_t i = 0; i < setting.choices.size(); ++i) text += (i == 0 ? ": " : ", ") + setting.choices[i].name;
  return text + " [" + (setting.get ? shortest(setting.get(defaults)) : setting.text(defaults)) + "]";
}

std::string plain(double number) {
  char digits[32];
  std::snprintf(digits, sizeof digits, number == std::floor(number) ? "%.0f" : "%g", number);
  return digits;
}

/// The whole of the text as a number; NaN where it is none.
double numberIn(const std::string& text) {
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  return end != text.c_str() && *end == '\0' ? number : NAN;
}

void selectExperts(Selection& selection, const std::vector<int>& experts) {
  selection.experts = experts;
  if (selection.isPair() && experts.front() == experts.back())
    throw CLI::ValidationError("--select", "a pair needs two different experts");
}

/// --NAME of one row of a table, checked by it.
template <typename Owner>
void addSetting(CLI::App* command, const std::shared_ptr<Owner>& owner, const Setting<Owner>& setting, const char* group) {
  const std::string name = "--" + setting.name;
  if (setting.get) {
    CLI::Option* option = command->add_option_function<double>(
        name, [owner, set = setting.set](const double& value) { set(*owner, value); }, helpOf(setting));
    option->group(group)->type_name(setting.integral ? "INT" : "FLOAT");
    option->check(setting.integral
                      ? wholeFrom(static_cast<std::int64_t>(setting.minimum), static_cast<std::int64_t>(setting.maximum))
                      : rangeFrom(setting.minimum, setting.maximum));
    return;
  }
  const auto known = [setting](std::string& text) {
    try {
      setting.check(text);
      return std::string();
    } catch (const std::invalid_argument& error) {
      return std::string(error.what());
    }
  };
  command
      ->add_option_function<std::string>(
          name, [owner, set = setting.setText](const std::string& text) { set(*owner, text); }, helpOf(setting))
      ->check(CLI::Validator(known, ""))
      ->group(group);
}

/// "LAYERS,K" or "TOKENS,LAYERS,K". Throws CLI::ValidationError.
CaptureShape captureShape(const std::string& text) {
  std::vector<std::int64_t> sides;
  std::size_t at = 0;
  while (at <= text.size() && sides.size() < 4) {
    const std::size_t comma = std::min(text.find(',', at), text.size());
    const std::string side = text.substr(at, comma - at);
    const bool whole = !side.empty() && side.size() < 10 &&
                       std::all_of(side.begin(), side.end(), [](unsigned char c) { return std::isdigit(c); });
    if (!whole || std::stoll(side) == 0)
      throw CLI::ValidationError("--capture-shape", "expected LAYERS,K or TOKENS,LAYERS,K, found '" + text + "'");
    sides.push_back(std::stoll(side));
    at = comma + 1;
  }
  if (sides.size() == 2) return {0, sides[0], sides[1]};
  if (sides.size() == 3) return {sides[0], sides[1], sides[2]};
  throw CLI::ValidationError("--capture-shape", "expected LAYERS,K or TOKENS,LAYERS,K, found '" + text + "'");
}

/// Empty for a type that captures can have.
std::string whyNoType(const std::string& text) {
  return isCaptureType(text) ? "" : "expected an integer type such as int32 or uint8, found '" + text + "'";
}

}  // namespace

void addKnobOptions(CLI::App* command, const std::shared_ptr<Knobs>& knobs) {
  for (const KnobDeclaration& knob : knobSettings()) addSetting<Knobs>(command, knobs, knob, "Model and training");
}

void addLensOptions(CLI::App* command, const std::shared_ptr<Lens>& lens) {
  for (const LensSetting& setting : lensTable()) addSetting(command, lens, setting, "How routing is read");
}

void addSelectOption(CLI::App* command, const std::shared_ptr<Selection>& selection) {
  command
      ->add_option_function<std::vector<int>>(
          "--select", [selection](const std::vector<int>& experts) { selectExperts(*selection, experts); },
          "Expert to highlight, or two for a pair, counted from 0: 3 or 2,5 [none]")
      ->delimiter(',')
      ->expected(1, 2)
      ->check(wholeFrom(0, 100000))
      ->group("How routing is read");
}

void addCaptureOptions(CLI::App* command, CaptureReading& reading, const char* experts, CLI::Option* needed) {
  CLI::Option* shape = command->add_option_function<std::string>(
      "--capture-shape", [&reading](const std::string& text) { reading.shape = captureShape(text); },
      "LAYERS,K or TOKENS,LAYERS,K of a capture whose file does not tell");
  CLI::Option* count = command
                           ->add_option(experts, reading.experts,
                                        "Experts of a capture without checkpoint [as the file says, else largest id + 1]")
                           ->check(wholeFrom(1, kMostCapturedExperts));
  CLI::Option* without =
      command->add_flag("--capture-without-identical", reading.withoutIdentical,
                        "Leave padding, and all but the first of other identical rows, out of what a capture's numbers are of");
  CLI::Option* type =
      command
          ->add_option(
              "--capture-dtype", reading.type,
              "Type of a capture's ids that are plain base64 with no dtype beside them: uint8, int16, int32, int64 [int32, where that fits]")
          ->check(CLI::Validator(whyNoType, ""));
  for (CLI::Option* each : {shape, count, without, type}) {
    each->group("Captures");
    if (needed) each->needs(needed);
  }
}

void addCheckpointOptions(CLI::App* command, std::string& checkpoint, std::string& trace, CaptureReading& reading) {
  CLI::Option* folder = command->add_option(
      "--checkpoint", checkpoint,
      "Show a Hugging Face MoE checkpoint folder, a GGUF file or a capture (docs/trace.md) instead of training");
  command
      ->add_option("--trace", trace,
                   "Routing trace for it (docs/trace.md) [trace.safetensors in the folder, else synthetic tokens]")
      ->needs(folder);
  addCaptureOptions(command, reading, "--capture-experts", folder);
}

void addForceOption(CLI::App* command, bool& force) { command->add_flag("--force", force, "Replace files that are there"); }

void addLanguageOption(CLI::App* command, std::string& code) {
  command->add_option_function<std::string>(
      "--language",
      [&code](const std::string& given) {
        code = given == "system" ? "" : given;
        std::string known = "system";
        for (const Language& each : languages()) known += ", " + each.code;
        const bool found = (", " + known + ", ").find(", " + given + ", ") != std::string::npos;
        if (!found) throw CLI::ValidationError("--language", "'" + given + "' is no language; expected one of " + known);
      },
      "Language of what is shown: en, de or another one that there is (docs/languages.md) [the system's]");
}

CLI::Validator countFrom(std::int64_t least) {
  return {[least](const std::string& words) {
            std::int64_t number = 0;
            const bool read = CLI::detail::lexical_cast(words, number);
            return read && number >= least ? std::string()
                                           : "'" + words + "' is no whole number from " + std::to_string(least) + " on";
          },
          std::to_string(least) + " or more"};
}

CLI::Validator wholeFrom(std::int64_t least, std::int64_t greatest) {
  const std::string range = std::to_string(least) + " to " + std::to_string(greatest);
  return {[least, greatest, range](const std::string& words) {
            std::int64_t number = 0;
            if (!CLI::detail::lexical_cast(words, number)) return "'" + words + "' is no whole number; expected " + range;
            return number >= least && number <= greatest ? std::string() : "'" + words + "' is out of range; expected " + range;
          },
          range};
}

CLI::Validator rangeFrom(double least, double greatest) {
  const std::string range = plain(least) + " to " + plain(greatest);
  return {[least, greatest, range](const std::string& words) {
            const double number = numberIn(words);
            if (std::isnan(number)) return "'" + words + "' is no number; expected " + range;
            return number >= least && number <= greatest ? std::string() : "'" + words + "' is out of range; expected " + range;
          },
          range};
}

void refuseEmptyTexts(CLI::App& program) {
  for (CLI::Option* option : program.get_options())
    if (option->get_type_name().starts_with("TEXT"))
      option->check(
          CLI::Validator([](const std::string& text) { return text.empty() ? "expected a text, found ''" : std::string(); }, ""));
  for (CLI::App* command : program.get_subcommands([](CLI::App*) { return true; })) refuseEmptyTexts(*command);
}

CheckpointPlace placeOf(const std::string& checkpoint, const std::string& trace) {
  CheckpointPlace place = locateCheckpoint(checkpoint);
  if (place.folder.empty())
    throw std::runtime_error(
        checkpoint +
        ": a routing trace with no checkpoint beside it; name the checkpoint with --checkpoint and this with --trace");
  if (!trace.empty()) place.trace = trace;
  return place;
}

std::pair<bool, bool> lensOptionsGiven(const CLI::App* command) {
  const auto given = [&](std::initializer_list<const char*> names) {
    return std::any_of(names.begin(), names.end(), [&](const char* name) { return command->count(name) > 0; });
  };
  return {given({"--concentration", "--reading", "--layer"}) || command->count("--select") > 0,
          given({"--gating", "--gating-k", "--gating-mass", "--gating-threshold"})};
}

void requireTogether(const Knobs& knobs) {
  try {
    requireValid(knobs);
  } catch (const std::invalid_argument& error) {
    throw CLI::ParseError(error.what(), kBadUsage);
  }
}

void requireLayer(const Lens& lens, const Knobs& knobs) {
  if (lens.layer >= knobs.layers)
    throw CLI::ValidationError(
        "--layer", std::to_string(lens.layer + 1) + " is no layer of this model; expected 1 to " + std::to_string(knobs.layers));
  requireGating(lens.gating, knobs.experts);
}

void requireGating(const GatingRule& gating, int experts) {
  if (gating.policy == GatingPolicy::TopK && gating.k > experts)
    throw CLI::ValidationError("--gating-k", std::to_string(gating.k) + " of " + std::to_string(experts) +
                                                 " experts cannot be kept; expected 1 to " + std::to_string(experts));
}

void requireSelection(const Selection& selection, int experts) {
  for (const int expert : selection.experts)
    if (expert >= experts)
      throw CLI::ValidationError(
          "--select", std::to_string(expert) + " is no expert of this model; expected 0 to " + std::to_string(experts - 1));
}

void printNotes(const std::vector<std::string>& notes) {
  for (const std::string& note : notes) printNote(note);
}

void printNote(const std::string& note) { std::fprintf(stderr, "note: %s\n", oneLine(note).c_str()); }

Progress::Progress(std::string what, long total) : what_(std::move(what)), total_(total), terminal_(isatty(STDERR_FILENO)) {}

Progress::~Progress() {
  if (terminal_) std::fprintf(stderr, "\r\033[K");
}

void Progress::at(long done) {
  if (!terminal_) return;
  const double passed = std::chrono::duration<double>(Clock::now() - started_).count();
  char left[48] = "";
  if (passed > 3.0 && done > 0 && done < total_) {
    const double seconds = passed * static_cast<double>(total_ - done) / static_cast<double>(done);
    if (seconds < 100.0)
      std::snprintf(left, sizeof left, ", about %.0f s left", std::ceil(seconds));
    else
      std::snprintf(left, sizeof left, ", about %.0f min left", std::ceil(seconds / 60.0));
  }
  std::fprintf(stderr, "\r%s %ld / %ld (%ld %%%s)\033[K", what_.c_str(), done, total_, total_ > 0 ? 100 * done / total_ : 100,
               left);
}

bool interrupted() {
  static const bool installed = [] {
    for (const int number : {SIGINT, SIGTERM}) std::signal(number, [](int) { gInterrupted = 1; });
    return true;
  }();
  (void)installed;
  return gInterrupted != 0;
}

}  // namespace moescope
