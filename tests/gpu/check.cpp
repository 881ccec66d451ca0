// gpu_check [--twins]: what a GPU computes against what the CPU does, and how fast, as one table. Exit status 0 when everything
// agrees, 1 when something does not or there is no GPU. --twins: no GPU; the computations that it would make, on the CPU.

#include <cmath>
#include <cstdio>
#include <cstring>
#include <exception>

#include "core/training/libraries.h"
#include "tests/gpu/check.h"

namespace moescope {

void Findings::add(Finding finding) {
  failures_ += finding.holds() ? 0 : 1;
  const char* state = finding.limit == 0.0 ? "figure" : finding.holds() ? "agrees" : "FAILS";
  std::printf("%-7s %-64s %11.4g %-8s", state, finding.what.c_str(), finding.value, finding.unit.c_str());
  if (finding.limit != 0.0) std::printf(" (limit %g)", finding.limit);
  std::printf("%s%s\n", finding.note.empty() ? "" : "  ", finding.note.c_str());
  std::fflush(stdout);
}

void Findings::part(const std::string& name, const std::function<void(Findings&)>& work) {
  try {
    work(*this);
  } catch (const std::exception& error) {
    std::string line = error.what();
    add({name, NAN, 1.0, "", line.substr(0, line.find('\n'))});
  }
}

}  // namespace moescope

int main(int count, char** arguments) {
  using namespace moescope;
  const bool twins = count == 2 && std::strcmp(arguments[1], "--twins") == 0;
  if (count > 1 && !twins) {
    std::fprintf(stderr, "usage: gpu_check [--twins]\n");
    return 2;
  }
  const TorchReport report = torchReport();
  if (!report.cuda && !twins) {
    std::fprintf(stderr,
                 "gpu_check: LibTorch %s finds no usable NVIDIA GPU here; --twins runs the same computations on the CPU\n",
                 report.version.c_str());
    return 1;
  }
  const Side side = twins ? Side{"cpu", Dispatch::Grouped} : Side{"cuda", Dispatch::Fused};
  std::printf("LibTorch %s, %s against %d threads of the CPU (%s kernels)\n", report.version.c_str(),
              twins ? "its operations on the CPU" : "on the GPU", report.threads, report.kernels.c_str());
  Findings findings;
  if (!twins) checkKernels(findings);
  checkTraining(side, findings);
  if (!twins) measureTraining(side, findings);
  std::printf("%s\n",
              findings.failures() == 0 ? "everything agrees" : (std::to_string(findings.failures()) + " lines FAIL").c_str());
  return findings.failures() == 0 ? 0 : 1;
}
