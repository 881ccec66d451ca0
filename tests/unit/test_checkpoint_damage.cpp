// One tensor of a checkpoint that transformers wrote is dropped, renamed, reshaped, retyped or made not finite: reading it
// refuses it with one line that names it, or gives the same numbers, or says what is wrong with them. Other numbers without a
// word are the worst fault.

#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>

#include "core/checkpoint/families.h"
#include "tests/support/checkpoint_files.h"
#include "tests/support/test_class.h"

using namespace moescope;
using namespace moescope::testing;
namespace fs = std::filesystem;

namespace {

constexpr int kDamagesOfEach = 12;
constexpr const char* kDamages[] = {"dropped",    "renamed",         "flattened",       "turned",
                                    "called I32", "made not finite", "of one row fewer"};

/// Everything that is read of a checkpoint, bit by bit, and what was said of it.
struct Reading {
  std::string numbers, refusal;
  ReadingNotes notes;
  bool operator==(const Reading& other) const { return numbers == other.numbers && refusal == other.refusal; }
};

void keep(const void* data, std::size_t bytes, std::string& numbers) { numbers.append(static_cast<const char*>(data), bytes); }

template <typename Values>
void keepValues(const Values& values, std::string& numbers) {
  const Eigen::Index size = values.size();
  keep(&size, sizeof size, numbers);
  keep(values.data(), static_cast<std::size_t>(size) * sizeof(float), numbers);
}

void keepExpert(const ExpertWeights& expert, std::string& numbers) {
  for (const RowMatrix* matrix : {&expert.gate, &expert.up, &expert.down}) keepValues(*matrix, numbers);
  for (const Eigen::VectorXf* bias : {&expert.gateBias, &expert.upBias, &expert.downBias}) keepValues(*bias, numbers);
}

Reading readAll(const fs::path& folder) {
  Reading reading;
  try {
    const MoeCheckpoint checkpoint(folder);
    reading.notes = checkpoint.notes();
    for (const int layer : checkpoint.moeLayers()) {
      const RouterWeights router = checkpoint.router(layer);
      checkpoint.noteNotFinite(layer, router, reading.notes);
      keepValues(router.weight, reading.numbers);
      for (const Eigen::VectorXf* values : {&router.bias, &router.correctionBias, &router.expertScale})
        keepValues(*values, reading.numbers);
      for (int e = 0; e < checkpoint.experts(layer); ++e) {
        const ExpertWeights expert = checkpoint.expert(layer, e);
        checkpoint.noteNotFinite(layer, e, expert, reading.notes);
        keepExpert(expert, reading.numbers);
      }
      if (const std::optional<SharedExpert> shared = checkpoint.sharedExpert(layer)) {
        checkpoint.noteNotFinite(layer, *shared, reading.notes);
        keepExpert(shared->weights, reading.numbers);
        keepValues(shared->gate, reading.numbers);
      }
    }
  } catch (const std::runtime_error& error) {
    reading.refusal = error.what();
  }
  return reading;
}

FileTensors tensorsOf(const fs::path& folder) {
  const Safetensors file(folder);
  FileTensors tensors;
  for (const std::string& name : file.names()) {
    std::vector<std::uint8_t> bytes(file.byteCount(name));
    file.readBytes(name, 0, bytes);
    tensors[name] = {file.entry(name).type, file.entry(name).shape, std::string(bytes.begin(), bytes.end())};
  }
  return tensors;
}

bool ofExpertsOrRouter(const std::string& name) {
  for (const char* part : {"expert", "gate", "router", "moe", "mlp", "ffn", "mixer", "feed_forward", "bias", "shared"})
    if (name.find(part) != std::string::npos) return true;
  return false;
}

void makeNotFinite(FileTensor& tensor) {
  const float none = std::numeric_limits<float>::quiet_NaN();
  if (tensor.type == "F32") std::memcpy(tensor.bytes.data() + tensor.bytes.size() / 8 * 4, &none, sizeof none);
}

void damage(FileTensors& tensors, const std::string& name, int kind) {
  FileTensor tensor = tensors.at(name);
  tensors.erase(name);
  std::int64_t count = 1;
  for (const std::int64_t size : tensor.shape) count *= size;
  if (kind == 0) return;
  if (kind == 2) tensor.shape = {count};
  if (kind == 3) std::reverse(tensor.shape.begin(), tensor.shape.end());
  if (kind == 4 && tensor.type == "F32") tensor.type = "I32";
  if (kind == 5) makeNotFinite(tensor);
  if (kind == 6 && !tensor.shape.empty() && tensor.shape[0] > 1) {
    tensor.bytes.resize(tensor.bytes.size() / static_cast<std::size_t>(tensor.shape[0]) *
                        static_cast<std::size_t>(tensor.shape[0] - 1));
    --tensor.shape[0];
  }
  tensors[kind == 1 ? name + "_x" : name] = tensor;
}

/// Whether a line that was not said of the whole checkpoint names this tensor, the end of its name, or the matrix that it belongs
/// to.
bool says(const ReadingNotes& notes, const ReadingNotes& before, std::string name) {
  for (const std::string ending : {"_bias", "_scale_inv", "_global_scale", "_scale_2", "_scale"})
    if (name.ends_with(ending)) name.resize(name.size() - ending.size());
  const std::string end =
      name.substr(name.rfind("layers.") == std::string::npos ? 0 : name.find('.', name.rfind("layers.") + 7) + 1);
  for (const ReadingNote& note : notes.all())
    if (std::find(before.all().begin(), before.all().end(), note) == before.all().end() &&
        (note.text.find(name) != std::string::npos || note.text.find(end.substr(end.find('.') + 1)) != std::string::npos))
      return true;
  return false;
}

}  // namespace

class TestCheckpointDamage : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void a_damaged_tensor_never_gives_other_numbers_in_silence() {
    QVERIFY2(qEnvironmentVariableIsSet("MOESCOPE_ORACLE"), "run this test through ctest, which makes the oracle's checkpoints");
    std::mt19937 dice(7);
    std::map<std::string, int> ends;
    std::vector<fs::path> folders;
    for (const auto& folder : fs::directory_iterator(qgetenv("MOESCOPE_ORACLE").toStdString()))
      if (fs::exists(folder.path() / "model.safetensors") && fs::file_size(folder.path() / "model.safetensors") < 3'000'000)
        folders.push_back(folder.path());
    std::sort(folders.begin(), folders.end());
    QStringList silent;
    for (const fs::path& folder : folders) {
      const Reading whole = readAll(folder);
      QVERIFY2(whole.refusal.empty(), whole.refusal.c_str());
      const FileTensors tensors = tensorsOf(folder);
      std::vector<std::string> names;
      for (const auto& [name, tensor] : tensors)
        if (ofExpertsOrRouter(name)) names.push_back(name);
      const QTemporaryDir holder;
      const fs::path copy = holder.path().toStdString();
      fs::copy_file(folder / "config.json", copy / "config.json");
      for (int i = 0; i < kDamagesOfEach; ++i) {
        const std::string name = names[dice() % names.size()];
        const int kind = static_cast<int>(dice() % std::size(kDamages));
        FileTensors changed = tensors;
        damage(changed, name, kind);
        writeSafetensors(copy / "model.safetensors", changed);
        const Reading reading = readAll(copy);
        QVERIFY2(reading.refusal.find('\n') == std::string::npos, reading.refusal.c_str());
        const bool told = !reading.refusal.empty() || says(reading.notes, whole.notes, name), same = reading == whole;
        ++ends[!reading.refusal.empty() ? "refused" : same ? "the same" : told ? "said" : "silent"];
        if (!told && !same) silent << QString::fromStdString(folder.filename().string() + ": " + name + " " + kDamages[kind]);
      }
    }
    for (const auto& [end, count] : ends) qInfo("%s: %d", end.c_str(), count);
    QVERIFY2(silent.isEmpty(), qPrintable(silent.join("\n")));
    QVERIFY2(ends["refused"] > 300 && ends["said"] > 20, "the damages do no damage");
  }
};

MOESCOPE_TEST(TestCheckpointDamage)
#include "test_checkpoint_damage.moc"
