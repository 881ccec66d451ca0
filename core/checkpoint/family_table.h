#pragma once
// The families of Mixture-of-Experts checkpoints, one row each: their model_type, keys of config.json, names of tensors, router
// rule and activation. Adding a family is adding a row. Names and defaults: the configuration, modelling and conversion sources
// of the transformers library 5.24; of Grok-1 sglang's, of Arctic vLLM's.

#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "core/checkpoint/router_rules.h"

namespace moescope {

/// How stacked experts lie in one tensor for all: [N, ...].
enum class StackedLayout {
  OutIn,        ///< gate rows before up rows [N, 2I, d], down [N, d, I]
  InOut,        ///< gate columns before up columns [N, d, 2I], down [N, I, d]
  Either,       ///< as the shapes say; refused where both fit
  Interleaved,  ///< gpt-oss: columns in turn [N, d, 2I], down [N, I, d], each with a bias; or MXFP4 rows in turn
  RowsInTurn,   ///< Inkling 2: gate and up rows in turn [N, 2I, d], down [N, d, I]
  Flat,         ///< DBRX: gate, up and the transpose of down, [N I, d] each
};

enum class ActivationRule {
  Named,                ///< what the activation's key names
  ClampedSwiGlu,        ///< gpt-oss: swiglu_alpha, swiglu_limit, up + 1
  ClampedBefore,        ///< gate and up clamped at swiglu_limit, then what the key names
  ClampedAfter,         ///< what the key names, then it and up clamped at the layer's limit
  SoftCapped,           ///< Inkling 2: mlp_gate_softcap, mlp_up_softcap
  NamedWithoutGate,     ///< no gate matrix: the named function of W_up h
};

/// How far a row was compared with the model's own code.
enum class FamilyCheck {
  Transformers,  ///< a checkpoint that the transformers library wrote and computed with
  Table,         ///< a checkpoint written from this row
  Refused,       ///< not read, for the reason given
};

/// A key of config.json and what its absence means; several names are separated by spaces, the first that is there counts. No
/// name: the family has no such key, and the value always holds.
struct ConfigKey {
  const char* names = "";
  double otherwise = 0.0;
};

struct Family {
  const char* types;                 ///< model_types, separated by spaces; the first names the family
  const char* others = "";           ///< model_types that are taken for the same, and were checked by the table only
  RouterRule rule = RouterRule::Softmax;
  const char* experts =
      "n_routed_experts num_local_experts num_experts";  ///< the first is the family's own key, others are taken for the same
  const char* units = "moe_intermediate_size";
  const char* chosen = "num_experts_per_tok experts_per_token";
  const char* blocks = "mlp";        ///< below a layer; "." is the layer itself
  const char* routers = "gate";      ///< below the block; ".weight" is [N, d]
  bool routerBias = false;           ///< ".bias" is added to the logits
  bool correctionBias = false;       ///< the router has a bias that counts for the choice only
  const char* correctionBiasIf = ""; ///< key of config.json that says whether it has
  StackedLayout layout = StackedLayout::OutIn;
  const char* fused = "experts.gate_up_proj";  ///< of stacked experts, below the block; of Flat: gate
  const char* stackedUp = "";        ///< where gate and up are stacked apart, [N, I, d] each
  const char* stackedDown = "experts.down_proj";
  bool expertBiases = false;
  ActivationRule activation = ActivationRule::Named;
  bool sharedGate = false;           ///< a shared expert's output is multiplied by the sigmoid of shared_expert_gate
  bool sharedUnclamped = false;      ///< ClampedBefore holds for routed experts only
  const char *limitsByLayer = "",
             *sharedLimitsByLayer = "";  ///< of ClampedAfter: keys of lists, where 0 and null stand for no limit
  ConfigKey identities{};            ///< how many of the router's last experts have no weights and give back what they are given
  bool picturesApart =
      false;  ///< Ernie VL: after the experts as many for pictures, with a router weight_1; routers lie [d, N], biases [2, N]
  /// Gemma 4: router and experts read one normed residual n, times the layer's tensors routerScale / sqrt(d) and inputNorm; what
  /// the experts are given tells what the router is given. expertScale, of the layer too, multiplies the weights.
  const char* inputNorm = "", *routerScale = "", *expertScale = "";
  const char* activationKey = "hidden_act";
  const char* defaultActivation = "silu";
  const char* selection = "";        ///< key by which "sigmoid" stands for the rule Sigmoid, "softmax" for the row's own
  const char* combination = "";  ///< key by which routed and shared experts' outputs are added ("sum") or averaged ("average")
  ConfigKey renormalise{}, scaling{"", 1.0}, groups{"", 1.0}, keptGroups{"", 1.0}, limit{"swiglu_limit", 7.0};
  ConfigKey leastSum{}, addedToSum{}, outsideGroups{"", -INFINITY}, logitFactor{"", 1.0}, logitCap{}, nearness{};
  const char* scoring = "";          ///< what scoring_func must say where it is there
  const char* method = "";           ///< what topk_method must say where it is there
  FamilyCheck check = FamilyCheck::Transformers;
  const char* refused = "";          ///< why it is not read
};

std::span<const Family> familyTable();
/// The row that has this model_type among its types or others; nothing where none has.
const Family* familyNamed(const std::string& type);
/// "a b c" as {"a", "b", "c"}.
std::vector<std::string> wordsOf(const char* text);

}  // namespace moescope
