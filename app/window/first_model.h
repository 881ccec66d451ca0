#pragma once
// A briefly trained model that is kept from the first start, or from before it, so that the next one begins with a picture that
// has something to say.

#include <QObject>
#include <QString>
#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/knobs/knobs.h"
#include "core/training/model_store.h"

namespace moescope {

class Controller;

class FirstModel : public QObject {
  Q_OBJECT
 public:
  static constexpr std::int64_t kSteps = 300;

  /// Of these knobs, in a folder that is made when it is needed. `steps`: of training that a model has at least to be kept.
  FirstModel(std::filesystem::path folder, const Knobs& knobs, std::int64_t steps = kSteps);
  /// Trains one now and keeps it, where none of these knobs is kept yet: the first start then has it too. False: one was kept.
  /// `progress` hears of each step, from 0. Throws std::runtime_error.
  static bool prepare(const std::filesystem::path& folder, const Knobs& knobs, std::int64_t steps,
                      const std::function<void(std::int64_t)>& progress);
  /// Of this user: a cache, whose loss costs nothing but time.
  static std::filesystem::path folderOfTheUser();

  /// What training begins with; none: nothing is kept yet. A file that cannot be used, or was trained on other text than there is
  /// now, goes, and training begins with a new model: fault() says why.
  std::optional<ModelToContinue> toContinue() const;
  /// Keeps a model of side A's first run once it has the steps, where none is kept yet.
  void follow(Controller& controller);
  /// "300 of them trained beforehand", while side A's model is that one or goes on from it; else empty.
  QString mark(const Controller& controller) const;
  /// Why what was kept is not used; empty: it is, or there is none.
  QString fault() const;

 private:
  struct Shared {
    std::atomic<bool> refused = false;
    std::string why;  ///< written before `refused`
  };
  std::filesystem::path found() const;
  void consider(Controller& controller);

  std::filesystem::path folder_;
  Knobs knobs_;
  std::int64_t steps_, begins_ = 0;  ///< step of what was kept before this start
  std::uint64_t model_ = 0;          ///< side A's first one
  bool done_ = false, said_ = false;
  std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
};

}  // namespace moescope
