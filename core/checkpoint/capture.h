#pragma once
// Captures of routing from production engines: which experts each token was given, without hidden states or weights.
//   .npy, .npz   integers [tokens, layers, k], or [tokens, k] for one layer (in .npz: members routed_experts,
//   prompt_routed_experts
//                and completion_routed_experts, or the only one)
//   JSON         every "routed_experts" in a response (also "prompt_routed_experts", which all choices share, and
//                "completion_routed_experts"): nested lists; base64 of a .npy (vLLM); base64 of plain integers, int32 unless
//                "routed_experts_dtype" says otherwise, whose shape the file does not tell (SGLang); or {data, shape, dtype} with
//                base64, base85 or lists as data (Dynamo). Or bare nested lists. Several responses, in one value or one a line,
//                become several sequences. MoE Atlas's traces too (capture_records.h).
//   CSV          columns layer and expert, perhaps token and phase: llama.cpp's moe-trace and its kin (capture_records.h)
// What stands for no token, what is repeated and what is left aside is counted and named in `notes`. Files come from strangers:
// sizes are capped and checked before memory is taken, and each fault is one line.

#include <cstdint>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "core/checkpoint/reading_notes.h"

namespace moescope {

inline constexpr std::uint64_t kLargestCapture = std::uint64_t{1} << 30;  ///< bytes of the file
inline constexpr std::int64_t kMostCapturedIds = std::int64_t{1} << 28;   ///< 1 GiB in memory
inline constexpr int kMostCapturedExperts = 4096;

/// What a base64 capture may hold; 0: whatever the data gives.
struct CaptureShape {
  std::int64_t tokens = 0, layers = 0, chosen = 0;
  bool operator==(const CaptureShape&) const = default;
};

/// What a person says of a capture: what its file does not tell, and what of it counts.
struct CaptureReading {
  CaptureShape shape = {};         ///< 0: as the file tells
  int experts = 0;                 ///< N; 0: as the file tells, else the largest id + 1
  bool withoutIdentical = false;   ///< padding, and all but the first of other identical rows, are left out
  std::string type =
      {};  ///< of ids that are plain bytes with no dtype beside them, as capturedType() takes it; empty: as the bytes tell
  bool operator==(const CaptureReading&) const = default;
};

/// One way in which ids that lie in a row can be read.
struct CaptureOffer {
  std::string type;           ///< of their numbers; empty: that is known
  std::int64_t ids = 0;       ///< of the first such sequence
  CaptureShape proposal = {};  ///< proposedShape() of them
};

/// A capture whose ids lie in a row, and whose shape, or type of numbers, neither the file nor a checkpoint tells.
class CaptureUntold : public std::runtime_error {
 public:
  CaptureUntold(const std::string& line, std::vector<CaptureOffer> offers)
      : std::runtime_error(line), offers(std::move(offers)) {}
  std::vector<CaptureOffer> offers;  ///< at least one, the likeliest first
};

/// Whether a token was read (prompt) or written (answer) by the model, where the file tells.
enum class CapturedPart : std::uint8_t { Unsaid, Prompt, Answer };

/// Neighbouring tokens of one sequence that have the same ids in every layer, which real tokens all but never have.
struct IdenticalRows {
  std::int64_t first = 0, tokens = 0;
  bool padding = false;  ///< at an end of the sequence, the same experts in every layer; else the first may be a real token
  bool operator==(const IdenticalRows&) const = default;
};

struct RoutingCapture {
  std::string file;
  std::string format = {};  ///< "NumPy array", "NumPy archive", "JSON", "CSV"
  std::int64_t tokens = 0;
  int layers = 0, chosen = 0;
  int experts = 0;                   ///< largest id + 1
  std::vector<std::int64_t> starts;  ///< first token of each sequence, rising from 0
  std::vector<std::int32_t> ids;     ///< tokens x layers x chosen, in [0, experts)
  std::int64_t padding = 0;          ///< tokens left out that carry no routing: ids of -1, or one id k times in every layer
  std::vector<CapturedPart> parts = {};  ///< of each token; empty where the file tells of none
  std::int64_t repeated =
      0;  ///< tokens left out since another sequence begins with the same, or since their prompt stands alone too
  std::int64_t leftOut = 0;          ///< tokens of identical rows left out on request (CaptureReading::withoutIdentical)
  std::vector<IdenticalRows> identical = {};  ///< still among the tokens; rising
  std::vector<std::int64_t> gaps = {};  ///< tokens, rising, between which and the one before others of the sequence were left out
  ReadingNotes notes = {};
  int expertsTold = 0;               ///< as the file says; 0: it does not
  std::vector<int> layerNumbers = {};  ///< as the file counts, rising; empty: from 0
  std::int32_t id(std::int64_t token, int layer, int place) const {
    return ids[static_cast<std::size_t>((token * layers + layer) * chosen + place)];
  }
};

/// `shapes`: those that are possible; where there are any, what is read must fit one, and flat data exactly one. `experts`: ids
/// must lie below; 0: below kMostCapturedExperts. Throws std::runtime_error with one line: file, place, expectation.
/// `type`: CaptureReading::type; where the file tells all types itself, a note says so.
RoutingCapture readCapture(const std::filesystem::path& file, const std::vector<CaptureShape>& shapes, int experts,
                           const std::string& type = {});

/// By what a person says of it.
RoutingCapture readCapture(const std::filesystem::path& file, const CaptureReading& reading);

/// Experts that a capture is of, and where that is from: "as given", "as the file says", "largest id + 1".
struct CapturedExperts {
  int count = 0;
  std::string from;
};
CapturedExperts expertsOf(const RoutingCapture& capture, const CaptureReading& reading);

/// The same of a file's bytes; the fuzzer's entry.
RoutingCapture parseCapture(std::span<const std::uint8_t> bytes, const std::string& file, const std::vector<CaptureShape>& shapes,
                            int experts, const std::string& type = {});

inline constexpr std::int32_t kPaddingId = -1,
                              kForeignId = -2;  ///< as a capture writes padding; every other number outside int32's natural ones
/// A number as it is kept until ids are checked: itself from 0 to the largest int32, kPaddingId, or kForeignId.
std::int32_t capturedId(std::int64_t number);

/// The ids of one sequence as they lie in the file: shape of two or three dimensions, or empty for flat data.
struct CapturedSequence {
  std::vector<std::int64_t> shape;
  std::vector<std::int32_t> ids;
  CapturedPart part = CapturedPart::Unsaid;
  int prompt = -1;           ///< place of the prompt that this answers, before it in the same list; -1: none
  bool typeAssumed = false;  ///< the file does not say of which type its numbers are: taken as int32
  bool typeTold = false;     ///< by a person
  int experts = 0;           ///< as the file says; 0: it does not
  std::vector<int> layerNumbers = {};  ///< as the file counts; empty: it does not say
};

/// "[2, 3]"
std::string shapeText(const std::vector<std::int64_t>& shape);

/// What the JSON holds (capture_json.cpp), prompts before their answers; `type` as of readCapture(). Throws as parseCapture.
std::vector<CapturedSequence> sequencesFromJson(std::span<const std::uint8_t> bytes, const std::string& file,
                                                const std::string& type, ReadingNotes& notes);

}  // namespace moescope
