// moescope doctor: what was found on this machine and what it means.

#include <sys/sysinfo.h>
#include <unistd.h>
#include <vtkVersion.h>

#include <QtGlobal>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <thread>

#include "app/commands.h"
#include "app/display.h"
#include "app/film/film_format.h"
#include "core/checkpoint/family_table.h"
#include "core/data/corpus.h"
#include "core/training/libraries.h"
#include "views/offscreen.h"

namespace moescope {
namespace {

enum class Health { Good, Limited, Missing };

struct Finding {
  std::string what, found, meaning;
  Health health = Health::Good;
};

/// First lines of what a command prints, and whether it succeeded.
struct Output {
  bool good = false;
  std::string text;
};

Output outputOf(const std::string& command) {
  FILE* pipe = popen(command.c_str(), "r");
  if (!pipe) return {};
  Output output;
  std::array<char, 4096> buffer{};
  while (std::fgets(buffer.data(), buffer.size(), pipe) && output.text.size() < 65536) output.text += buffer.data();
  output.good = pclose(pipe) == 0;
  return output;
}

/// Empty when the command fails.
std::string resultOf(const std::string& command) {
  const Output output = outputOf(command + " 2>/dev/null");
  return output.good ? output.text : std::string();
}

/// The name of the first GPU that the driver reports, for a person.
std::string gpuName() {
  const std::string list = resultOf("nvidia-smi --query-gpu=name --format=csv,noheader");
  return list.substr(0, list.find('\n'));
}

Finding torchFinding() {
  const TorchReport report = torchReport();
  Finding finding{"LibTorch", report.version + ", " + std::to_string(report.threads) + " threads", "", Health::Good};
  finding.meaning = report.cuda ? "trains on " + gpuName() : "trains on the CPU";
  if (!report.cuda && !gpuName().empty())
    finding.meaning +=
        "; to train on " + gpuName() + " build from a checkout with ./run, which fetches LibTorch with CUDA where it finds a GPU";
  return finding;
}

/// What this program says to a hidden question, asked in a process of its own, since it may go on to a virtual display.
Output answerTo(const std::string& question) {
  const std::string self = std::filesystem::read_symlink("/proc/self/exe").string();
  Output output = outputOf("'" + self + "' doctor " + question + " 2>&1");
  while (!output.text.empty() && output.text.back() == '\n') output.text.pop_back();
  return output;
}

/// Where the tokens of a view are placed.
Finding cloudFinding() {
  const Output output = answerTo("--clouds");
  if (!output.good) return {"Tokens", "not known", "OpenGL draws nothing: see there", Health::Limited};
  if (output.text.empty()) return {"Tokens", "placed by a vertex shader", "a moved slider sends no tokens", Health::Good};
  return {"Tokens", "placed by the processor", output.text, Health::Limited};
}

/// What pictures are drawn with: the check that `render` makes.
Finding glFinding() {
  const Output output = answerTo("--gl");
  if (!output.good) {
    const std::string prefix = "moescope: ";
    const std::size_t start = output.text.find(prefix);
    return {"OpenGL", "none that draws",
            "no pictures: " + (start == std::string::npos ? output.text : output.text.substr(start + prefix.size())),
            Health::Missing};
  }
  const bool software = output.text.find("llvmpipe") != std::string::npos || output.text.find("softpipe") != std::string::npos;
  return {"OpenGL", output.text,
          software ? "drawn by the processor: right, but slower than a graphics card" : "drawn by the graphics card",
          software ? Health::Limited : Health::Good};
}

/// Where the window opens: the check that it makes itself.
Finding displayFinding() {
  if (hasDisplay() || std::getenv("QT_QPA_PLATFORM")) {
    const DrawingReport report = checkDrawing(Drawing::Window);
    if (!report.fault.empty()) return {"Display", report.place, "no window: " + report.fault, Health::Missing};
    return {"Display", report.place, "the window opens there, drawn with OpenGL " + report.version + " by " + report.renderer,
            Health::Good};
  }
  if (resultOf("command -v Xvfb").empty())
    return {"Display", "none, and no Xvfb", "no window and no pictures; install xvfb", Health::Missing};
  return {"Display", "none; Xvfb is there", "no window; render and --screenshot draw on a virtual display", Health::Limited};
}

Finding codecFinding() {
  std::string there, missing;
  for (const FilmCodec& codec : filmCodecs())
    (codec.encoder.empty() ? missing : there) +=
        (codec.encoder.empty() ? " " : ", ") + codec.ending + (codec.encoder.empty() ? "" : " by " + codec.encoder);
  return {"Films", "libavcodec " + codecLibrary() + there,
          missing.empty() ? "films of every kind can be written" : "cannot be written here:" + missing,
          missing.empty() ? Health::Good : Health::Limited};
}

Finding corpusFinding() {
  const Corpus corpus = loadCorpus("debian");
  std::size_t bytes = 0;
  std::string names;
  for (const Domain& domain : corpus.domains) {
    bytes += domain.bytes.size();
    names += (names.empty() ? "" : ", ") + domain.name;
  }
  const std::string found =
      std::to_string(corpus.domains.size()) + " domains, " + std::to_string(bytes / 1024) + " KiB: " + names;
  if (corpus.synthetic) return {"Corpus", "no Debian text", corpus.notes.front(), Health::Limited};
  return {"Corpus", found, "trains on real text", corpus.notes.empty() ? Health::Good : Health::Limited};
}

Finding machineFinding() {
  struct sysinfo info {};
  sysinfo(&info);
  const double gigabytes = static_cast<double>(info.totalram) * info.mem_unit / (1 << 30);
  char text[160];
  std::snprintf(text, sizeof text, "%u cores, %s kernels, %.1f GiB of memory", std::thread::hardware_concurrency(),
                torchReport().kernels.c_str(), gigabytes);
  return {"Processor", text, gigabytes < 2.0 ? "little memory: use fewer experts" : "",
          gigabytes < 2.0 ? Health::Limited : Health::Good};
}

std::string word(Health health) {
  switch (health) {
    case Health::Good: return "good";
    case Health::Limited: return "limited";
    case Health::Missing: return "missing";
  }
  return {};
}

void doctor(bool asJson) {
  const Finding display = displayFinding();  // first: while there is one thread
  const std::vector<Finding> findings = {
      machineFinding(),
      torchFinding(),
      {"GPU", "our kernels " + torchReport().gpuKernels, "", Health::Good},
      {"Qt", qVersion(), "", Health::Good},
      {"VTK", vtkVersion::GetVTKVersion(), "", Health::Good},
      display,
      glFinding(),
      cloudFinding(),
      codecFinding(),
      corpusFinding(),
  };
  bool missing = false;
  nlohmann::json list = nlohmann::json::array();
  for (const Finding& finding : findings) {
    missing = missing || finding.health == Health::Missing;
    list.push_back(
        {{"what", finding.what}, {"found", finding.found}, {"meaning", finding.meaning}, {"health", word(finding.health)}});
    if (!asJson) std::printf("%-8s %-10s %s%s%s\n", word(finding.health).c_str(), finding.what.c_str(), finding.found.c_str(),
                             finding.meaning.empty() ? "" : "\n                    ", finding.meaning.c_str());
  }
  if (asJson) std::cout << list.dump(2) << '\n';
  if (missing) throw std::runtime_error("something that Moescope needs is missing: see above");
}

std::string checkOf(const Family& family) {
  switch (family.check) {
    case FamilyCheck::Transformers: return "checked with transformers";
    case FamilyCheck::Table: return "by table only";
    case FamilyCheck::Refused: return "refused";
  }
  return {};
}

/// Every family of checkpoints that is known, how far it was compared with the model's own code, and its router; or why it is
/// refused.
void printFamilies(bool asJson) {
  nlohmann::json list = nlohmann::json::array();
  for (const Family& family : familyTable()) {
    const bool refused = family.check == FamilyCheck::Refused;
    const std::string rule = refused ? family.refused : describe(family.rule);
    list.push_back({{"model_types", wordsOf(family.types)},
                    {"by_table_only", wordsOf(family.others)},
                    {"check", checkOf(family)},
                    {refused ? "reason" : "router", rule}});
    if (asJson) continue;
    std::printf("%-25s  %s: %s\n", checkOf(family).c_str(), family.types, rule.c_str());
    if (*family.others) std::printf("%-25s  %s: the same\n", "by table only", family.others);
  }
  if (asJson) std::cout << list.dump(2) << '\n';
}

void printGl() {
  const DrawingReport report = requireDisplay();
  std::cout << report.renderer << ", OpenGL " << report.version << '\n';
}

void printClouds() {
  requireDisplay();
  std::cout << Offscreen().cloudFault() << '\n';
}

}  // namespace

void addDoctorCommand(CLI::App& program) {
  CLI::App* command = program.add_subcommand("doctor", "What was found on this machine, and what it means");
  struct Options {
    bool json = false, gl = false, clouds = false, families = false;
  };
  auto options = std::make_shared<Options>();
  command->add_flag("--json", options->json, "Print JSON");
  command->add_flag("--families", options->families,
                    "Print only the families of checkpoints that can be read, and how each was checked");
  command->add_flag("--gl", options->gl, "Print only what draws")->group("");
  command->add_flag("--clouds", options->clouds, "Print only why tokens are placed by the processor")->group("");
  command->callback([options] {
    if (options->families)
      printFamilies(options->json);
    else if (options->gl)
      printGl();
    else if (options->clouds)
      printClouds();
    else
      doctor(options->json);
  });
}

}  // namespace moescope
