#include "app/window/first_model.h"

#include <QStandardPaths>
#include <QThreadPool>
#include <charconv>
#include <exception>
#include <fstream>
#include <iterator>

#include "app/window/controller.h"
#include "app/window/language.h"
#include "core/data/content_hash.h"
#include "core/data/files.h"
#include "core/data/output_file.h"
#include "core/knobs/knobs_json.h"
#include "core/training/model_state.h"
#include "core/training/sturdy_trainer.h"

namespace moescope {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kLargest = std::uintmax_t{1} << 30;  // bytes: what is larger would not be there in three seconds
const std::string kBeginning = "first-model-", kEnding = ".safetensors";

std::string beginningOf(const Knobs& knobs) {
  ContentHash hash;
  hash.add(knobsJson(knobs));
  return kBeginning + hash.text() + "-step-";
}

/// -1: it is none.
std::int64_t stepOf(const fs::path& file, const std::string& beginning) {
  const std::string name = file.filename().string();
  if (!name.starts_with(beginning) || !name.ends_with(kEnding)) return -1;
  const char *first = name.data() + beginning.size(), *last = name.data() + name.size() - kEnding.size();
  std::int64_t step = -1;
  const auto [end, error] = std::from_chars(first, last, step);
  return error == std::errc() && end == last ? step : -1;
}

TrainerStatePointer readState(const fs::path& file, const Knobs& knobs) {
  if (fs::file_size(file) > kLargest) throw std::runtime_error(translated("%1: too large", file.string()));
  std::ifstream stream(file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  TrainerStatePointer state = readModelState(bytes, file.string());
  if (!(state->knobs() == knobs)) throw std::runtime_error(translated("%1: has other knobs", file.string()));
  return state;
}

fs::path fileOf(const fs::path& folder, const std::string& beginning, std::int64_t step) {
  return folder / (beginning + std::to_string(step) + kEnding);
}

/// Of other knobs none stays: one is enough.
void keep(const TrainerState& state, std::int64_t step, const fs::path& folder, const std::string& beginning) {
  const fs::path file = fileOf(folder, beginning, step);
  makeFolder(folder);
  writeFileAtomically(file, modelStateBytes(state));
  for (const fs::directory_entry& other : fs::directory_iterator(folder))
    if (other.path() != file && other.path().filename().string().starts_with(kBeginning) && other.path().extension() == kEnding)
      fs::remove(other.path());
}

}  // namespace

FirstModel::FirstModel(fs::path folder, const Knobs& knobs, std::int64_t steps)
    : folder_(std::move(folder)), knobs_(knobs), steps_(steps) {
  if (const fs::path file = found(); !file.empty()) begins_ = stepOf(file, beginningOf(knobs_));
}

fs::path FirstModel::folderOfTheUser() {
  return (QStandardPaths::writableLocation(QStandardPaths::GenericCacheLocation) + "/moescope").toStdString();
}

bool FirstModel::prepare(const fs::path& folder, const Knobs& knobs, std::int64_t steps,
                         const std::function<void(std::int64_t)>& progress) {
  if (!FirstModel(folder, knobs, steps).found().empty()) return false;
  makeFolder(folder);
  requireWritable(fileOf(folder, beginningOf(knobs), steps));  // before the steps, not after them
  SturdyTrainer trainer(knobs, [](const std::string&) {});  // on which device is nothing that the model keeps
  for (progress(0); trainer->stepNumber() < steps; progress(trainer->stepNumber())) trainer.step();
  keep(*trainer->save(), steps, folder, beginningOf(knobs));
  return true;
}

/// Empty: there is none.
fs::path FirstModel::found() const {
  std::error_code none;
  for (fs::directory_iterator each(folder_, none), end; !none && each != end; each.increment(none))
    if (stepOf(each->path(), beginningOf(knobs_)) > 0) return each->path();
  return {};
}

std::optional<ModelToContinue> FirstModel::toContinue() const {
  const fs::path file = found();
  if (file.empty()) return std::nullopt;
  return ModelToContinue{{0, begins_, 0.0}, [file, knobs = knobs_, shared = shared_] {
                           try {
                             return readState(file, knobs);
                           } catch (const std::exception& error) {
                             shared->why = error.what();
                             shared->refused = true;
                             std::error_code none;
                             fs::remove(file, none);
                             return Trainer(knobs).save();
                           }
                         }};
}

void FirstModel::follow(Controller& controller) {
  model_ = controller.document().sides[0].model;
  connect(&controller, &Controller::statusChanged, this, [this, &controller] { consider(controller); });
}

QString FirstModel::fault() const { return shared_->refused ? QString::fromStdString(shared_->why) : QString(); }

QString FirstModel::mark(const Controller& controller) const {
  if (begins_ == 0 || shared_->refused || controller.active() != 0 || !controller.trains() || controller.side().model != model_)
    return {};
  return tr("%1 of them trained beforehand").arg(begins_);
}

/// On the window's thread, whenever the engine tells something.
void FirstModel::consider(Controller& controller) {
  if (const QString why = fault(); !why.isEmpty() && !std::exchange(said_, true))
    controller.notice(tr("The model that was trained beforehand is not used, a new one trains: ") + why);
  const SideController& side = controller.on(0);
  if (done_ || (begins_ > 0 && !shared_->refused) || !side.trains() || side.model() != model_ || !(side.side().knobs == knobs_))
    return;
  for (const ModelMoment& each : side.models()) {
    if (each.step < steps_ || side.timeline()->knobChanges(each.generation).size() > 1) continue;  // other knobs had a part in it
    const std::optional<ModelToContinue> stored = side.stored(each);
    if (!stored) continue;
    done_ = true;
    QThreadPool::globalInstance()->start(
        [folder = folder_, beginning = beginningOf(knobs_), step = each.step, state = stored->load()] {
          try {
            keep(*state, step, folder, beginning);
          } catch (const std::exception& error) {
            std::fprintf(stderr, "moescope: the model for the next start could not be kept: %s\n", error.what());
          }
        });
    return;
  }
}

}  // namespace moescope
