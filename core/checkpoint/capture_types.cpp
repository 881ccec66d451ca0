#include "core/checkpoint/capture_types.h"

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>

#include "core/checkpoint/capture.h"
#include "core/checkpoint/capture_arrays.h"
#include "core/checkpoint/capture_shape.h"
#include "core/words/words.h"

namespace moescope {
namespace {

constexpr const char* kTypes[] = {"int64", "int32", "int16",
                                  "uint8"};  // the widest first, so that int64 is known before int32 is taken
constexpr const char* kUsual = "int32";

bool areIds(const std::vector<std::int32_t>& ids) {
  return !ids.empty() &&
         std::all_of(ids.begin(), ids.end(), [](std::int32_t id) { return id >= kPaddingId && id < kMostCapturedExperts; });
}

/// Zeros and -1 look alike in every width: they tell no type.
bool tellsAnExpert(const std::vector<std::int32_t>& ids) {
  return std::any_of(ids.begin(), ids.end(), [](std::int32_t id) { return id > 0; });
}

/// Whether these are rather numbers of twice the width, cut in two: every second one, their upper half, is small or 0.
bool areHalves(const std::vector<std::int32_t>& ids) {
  std::int32_t lower = 0, upper = 0;
  for (std::size_t i = 0; i < ids.size(); ++i) (i % 2 ? upper : lower) = std::max(i % 2 ? upper : lower, ids[i]);
  return 8 * upper <= lower && lower > 0;
}

struct Candidate {
  CaptureOffer offer;
  std::pair<bool, std::int32_t> doubt;  ///< areHalves(), and the largest id, which two ids taken for one make large
};

std::vector<CaptureOffer> likeliestFirst(std::vector<Candidate> candidates) {
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) { return a.doubt < b.doubt; });
  std::vector<CaptureOffer> offers;
  for (Candidate& each : candidates) offers.push_back(std::move(each.offer));
  return offers;
}

std::string namesOf(const std::vector<CaptureOffer>& offers) {
  std::string names;
  for (const CaptureOffer& each : offers) names += (names.empty() ? "" : ", ") + each.type;
  return names;
}

}  // namespace

std::string assumedType(std::span<const std::uint8_t> bytes, const std::string& place) {
  std::vector<Candidate> candidates;
  bool usual = false, wider = false;
  for (const char* name : kTypes) {
    const NpyHeader type = capturedType(name, place);
    if (bytes.size() % static_cast<std::size_t>(type.itemBytes)) continue;
    const std::vector<std::int32_t> ids = idsFromBytes(bytes, type, place);
    if (!areIds(ids)) continue;
    if (name == std::string(kUsual)) {
      if (!wider) return kUsual;
      usual = true;
    }
    wider = wider || tellsAnExpert(ids);
    candidates.push_back({{name, static_cast<std::int64_t>(ids.size()), proposedShape(ids)},
                          {areHalves(ids), *std::max_element(ids.begin(), ids.end())}});
  }
  if (candidates.empty())
    throw std::runtime_error(translated("%1: base64 without a dtype beside it, and no integers of it are expert ids below %2",
                                        place, std::to_string(kMostCapturedExperts)));
  std::vector<CaptureOffer> offers = likeliestFirst(std::move(candidates));
  const std::string names = namesOf(offers);
  if (usual)
    throw CaptureUntold(
        translated("%1: base64 without a dtype beside it could be int32 or int64; expected --capture-dtype", place),
        std::move(offers));
  throw CaptureUntold(
      translated("%1: base64 without a dtype beside it, and no int32 below %2; expected --capture-dtype (possible: %3)", place,
                 std::to_string(kMostCapturedExperts), names),
      std::move(offers));
}

bool isCaptureType(const std::string& name) {
  try {
    return capturedType(name, {}).itemBytes > 0;
  } catch (const std::runtime_error&) {
    return false;
  }
}

std::string typeOfWidth(std::uint64_t bytes, std::uint64_t ids) {
  for (const char* name : kTypes)
    if (ids * static_cast<std::uint64_t>(capturedType(name, {}).itemBytes) == bytes) return name;
  return {};
}

}  // namespace moescope
