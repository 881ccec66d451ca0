#include "app/training_record.h"

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "app/document/document_json.h"
#include "app/json_output.h"
#include "app/report_json.h"
#include "app/window/version.h"
#include "core/timeline/step_quantities.h"

namespace moescope {
namespace {

constexpr std::uint64_t kGeneration = 1;  // of the time line: one run has one model

bool sameFile(const std::filesystem::path& a, const std::filesystem::path& b) {
  std::error_code none;
  return !a.empty() && !b.empty() && std::filesystem::equivalent(a, b, none);
}

}  // namespace

std::string stepLine(const StepMetrics& step) {
  nlohmann::json line = {{"step", step.step}, {"router", step.router}};
  for (const StepQuantity& quantity : stepQuantities()) {
    if (!quantity.perLayer) {
      line[quantity.name] = number(quantity.read(step, 0));
      continue;
    }
    nlohmann::json& layers = line[quantity.name] = nlohmann::json::array();
    for (std::size_t layer = 0; layer < step.entropy.size(); ++layer) layers.push_back(number(quantity.read(step, layer)));
  }
  return jsonText(line, -1);
}

TrainingRecord::TrainingRecord(const RecordFiles& files, Trainer& trainer, const ModelOrigin* origin)
    : files_(files), heldOutLoss_(std::numeric_limits<double>::quiet_NaN()) {
  if (!files.model.empty()) requireNewFile(files.model, files.replace);
  if (!files.lines.empty()) requireNewFile(files.lines, files.replace), lines_.emplace(files.lines);
  if (!files.session.empty()) beginSession(trainer, origin);
}

void TrainingRecord::beginSession(Trainer& trainer, const ModelOrigin* origin) {
  const TrainingTextPointer text = trainer.text();
  SessionSettings settings;
  settings.everySnapshot = true;
  session_ = std::make_shared<SessionWriter>(
      files_.session,
      SessionRun{programVersion(), trainer.device(), trainer.threads(), trainer.knobs(), text->corpus, text->hash}, settings);
  if (run() > 1) std::fprintf(stderr, "note: added as run %lld to %s\n", static_cast<long long>(run()), files_.session.c_str());
  if (origin && sameFile(origin->session, files_.session)) session_->continueFrom(origin->generation, origin->state->step());
  Document document;
  document.sides[0].knobs = trainer.knobs();
  session_->document(toJson(document));
  timeline_.follow(session_);
  timeline_.append(kGeneration, KnobChange{trainer.stepNumber(), trainer.knobs()});
  addSnapshot(trainer);
  keepModel(trainer);
}

void TrainingRecord::addSnapshot(Trainer& trainer) {
  auto snapshot = std::make_shared<Snapshot>(*trainer.snapshot());
  snapshot->generation = kGeneration;
  snapshot->heldOutLoss = heldOutLoss_;
  timeline_.append(SnapshotPointer(std::move(snapshot)));
}

void TrainingRecord::keepModel(const Trainer& trainer) {
  if (std::exchange(kept_, trainer.stepNumber()) == trainer.stepNumber()) return;
  session_->model(kGeneration, kept_, std::chrono::duration<double>(Clock::now() - start_).count(),
                  [state = trainer.save()] { return modelStateBytes(*state); });
}

void TrainingRecord::add(const StepMetrics& step, Trainer& trainer) {
  if (session_) {
    timeline_.append(kGeneration, step);
    if (!std::isnan(step.heldOutLoss)) {
      heldOutLoss_ = step.heldOutLoss;
      addSnapshot(trainer);
    }
    if (step.step % files_.modelEvery == 0) keepModel(trainer);
    sayFault();
  }
  if (lines_) lines_->write(stepLine(step));
}

void TrainingRecord::sayFault() {
  const std::string fault = session_->status().failure;
  if (std::exchange(fault_, fault) != fault && !fault.empty())
    std::fprintf(stderr, "note: the session is not written at present, and training goes on: %s\n", fault.c_str());
}

void TrainingRecord::close(const Trainer& trainer) {
  if (lines_) lines_->close();
  if (!files_.model.empty()) writeModelFile(files_.model, *trainer.save());
  if (!session_) return;
  keepModel(trainer);
  const bool whole = session_->flush();
  const SessionStatus status = session_->status();
  if (!whole) throw std::runtime_error("the session is not whole: " + status.failure);
  if (status.lost > 0)
    throw std::runtime_error(files_.session + ": " + std::to_string(status.lost) + " entries could not be kept" +
                             (status.lostWhy.empty() ? "" : ": " + status.lostWhy));
}

void TrainingRecord::closeAfterFailure(const Trainer& trainer) {
  try {
    close(trainer);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "note: %s\n", error.what());
  }
}

}  // namespace moescope
