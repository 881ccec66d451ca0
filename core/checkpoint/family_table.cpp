#include "core/checkpoint/family_table.h"

#include <algorithm>
#include <sstream>

#include "core/words/words.h"

namespace moescope {
namespace {

using enum RouterRule;

constexpr const char* kMixtralExperts = "num_local_experts num_experts";
constexpr const char* kQwenExperts = "num_experts num_local_experts";

/// What families with DeepSeek-V3's router share; rows change what is theirs.
constexpr Family likeDeepseek3(const char* types, double scaling, const char* others = "") {
  Family row{.types = types, .others = others, .rule = GroupedSigmoid};
  row.correctionBias = true;
  row.renormalise = {"norm_topk_prob", 1.0};
  row.groups = {"n_group", 1.0};
  row.keptGroups = {"topk_group", 1.0};
  row.scaling = {"routed_scaling_factor", scaling};
  row.scoring = "sigmoid";
  row.method = "noaux_tc";
  return row;
}

constexpr Family changed(Family row, void (*change)(Family&)) {
  change(row);
  return row;
}

constexpr Family refusedFamily(const char* types, const char* why) {
  return {.types = types, .check = FamilyCheck::Refused, .refused = why};
}

constexpr Family kFamilies[] = {
    {.types = "mixtral",
     .rule = RenormalisedSoftmax,
     .experts = kMixtralExperts,
     .units = "intermediate_size",
     .blocks = "block_sparse_moe mlp"},
    {.types = "minimax",
     .others = "minimax_text_01 minimax_m1",
     .rule = RenormalisedSoftmax,
     .experts = kMixtralExperts,
     .units = "intermediate_size",
     .blocks = "block_sparse_moe mlp"},
    {.types = "arctic",
     .rule = RenormalisedSoftmax,
     .experts = kMixtralExperts,
     .units = "intermediate_size",
     .blocks = "block_sparse_moe",
     .check = FamilyCheck::Table},
    {.types = "qwen2_moe", .experts = "num_experts", .sharedGate = true, .renormalise = {"norm_topk_prob", 0.0}},
    {.types = "qwen3_moe", .experts = kQwenExperts, .renormalise = {"norm_topk_prob", 0.0}},
    {.types = "qwen3_next", .experts = kQwenExperts, .sharedGate = true, .renormalise = {"norm_topk_prob", 1.0}},
    {.types = "qwen3_5_moe qwen3_5_moe_text", .rule = RenormalisedSoftmax, .experts = kQwenExperts, .sharedGate = true},
    {.types = "qwen4_exp_text",
     .others = "qwen4_exp",
     .experts = kQwenExperts,
     .sharedGate = true,
     .renormalise = {"norm_topk_prob", 1.0}},
    {.types = "qwen3_vl_moe qwen3_vl_moe_text",
     .rule = RenormalisedSoftmax,
     .experts = kQwenExperts,
     .layout = StackedLayout::Either},
    {.types = "qwen3_omni_moe_thinker qwen3_omni_moe_text",
     .others = "qwen3_omni_moe",
     .rule = RenormalisedSoftmax,
     .experts = kQwenExperts},
    {.types = "olmoe", .experts = kQwenExperts, .units = "intermediate_size", .renormalise = {"norm_topk_prob", 0.0}},
    {.types = "flex_olmo", .experts = kQwenExperts, .units = "intermediate_size", .renormalise = {"norm_topk_prob", 0.0}},
    {.types = "mellum", .experts = "num_local_experts num_experts", .renormalise = {"norm_topk_prob", 1.0}},
    {.types = "lara_mini", .experts = kQwenExperts, .renormalise = {"norm_topk_prob", 1.0}},
    {.types = "jamba", .experts = kQwenExperts, .units = "intermediate_size", .blocks = "feed_forward", .routers = "router"},
    {.types = "dbrx",
     .rule = RenormalisedSoftmax,
     .experts = "ffn_config.moe_num_experts",
     .units = "ffn_config.ffn_hidden_size",
     .chosen = "ffn_config.moe_top_k",
     .blocks = "ffn",
     .routers = "router.layer",
     .layout = StackedLayout::Flat,
     .fused = "experts.mlp.w1",
     .stackedUp = "experts.mlp.v1",
     .stackedDown = "experts.mlp.w2",
     .activationKey = "ffn_config.ffn_act_fn.name"},
    {.types = "deepseek_v2",
     .others = "deepseek_ocr2_text unlimited_ocr_text",
     .rule = GroupedSoftmax,
     .experts = "n_routed_experts num_experts",
     .scaling = {"routed_scaling_factor", 1.0},
     .scoring = "softmax"},
    changed(likeDeepseek3("deepseek_v3", 2.5, "kimi_k2 kimi_k25"),
            [](Family& row) { row.groups.otherwise = 8, row.keptGroups.otherwise = 4; }),
    likeDeepseek3("deepseek_v32", 2.5),
    likeDeepseek3("glm4_moe glm4v_moe_text", 1.0, "glm4v_moe"),
    likeDeepseek3("glm4_moe_lite", 1.8),
    likeDeepseek3("glm_moe_dsa", 2.5),
    changed(likeDeepseek3("glm5_next_text", 2.5, "glm5_next"),
            [](Family& row) { row.activation = ActivationRule::ClampedBefore, row.limit.otherwise = 10.0; }),
    changed(likeDeepseek3("dots1", 1.0), [](Family& row) { row.renormalise.otherwise = 0.0; }),
    likeDeepseek3("dots3_note_text", 1.0, "dots3_note"),
    likeDeepseek3("mimo_v2_flash", 1.0),
    likeDeepseek3("solar_open", 1.0),
    changed(likeDeepseek3("exaone_moe", 2.5), [](Family& row) { row.experts = "num_experts"; }),
    likeDeepseek3("axk1", 2.5),
    changed(likeDeepseek3("axk2", 2.5), [](Family& row) { row.outsideGroups.otherwise = 0.0; }),
    likeDeepseek3("sarvam_moe sarvam_mla", 2.5),
    changed(likeDeepseek3("beam", 2.5), [](Family& row) { row.experts = "num_experts"; }),
    changed(likeDeepseek3("hy_v4", 2.827, "hy_v4_vl hy_v4_vl_text"),
            [](Family& row) {
              row.activation = ActivationRule::ClampedBefore, row.sharedUnclamped = true, row.limit.otherwise = 10.0;
            }),
    changed(likeDeepseek3("bailing_hybrid", 2.5, "bailing_moe_v2 bailing_moe_linear"),
            [](Family& row) {
              row.experts = "num_experts";
              row.chosen = "num_experts_per_token num_experts_per_tok";
              row.renormalise = {"moe_renormalize norm_topk_prob", 1.0};
              row.groups = {"num_expert_group n_group", 1.0};
            }),
    changed(likeDeepseek3("kimi_linear", 2.446),
            [](Family& row) {
              row.experts = "num_experts";
              row.chosen = "num_experts_per_token";
              row.renormalise = {"moe_renormalize", 1.0};
              row.groups = {"num_expert_group", 1.0};
              row.blocks = "block_sparse_moe";
            }),
    changed(likeDeepseek3("nemotron_h", 1.0),
            [](Family& row) {
              row.blocks = "mixer", row.activation = ActivationRule::NamedWithoutGate, row.activationKey = "mlp_hidden_act",
              row.defaultActivation = "relu2";
            }),
    {.types = "minimax_m2",
     .rule = BiasedSigmoid,
     .experts = kMixtralExperts,
     .units = "intermediate_size",
     .blocks = "block_sparse_moe",
     .correctionBias = true,
     .scoring = "sigmoid"},
    {.types = "minimax_m3_vl_text",
     .others = "minimax_m3_vl",
     .rule = BiasedSigmoid,
     .experts = kMixtralExperts,
     .units = "intermediate_size",
     .blocks = "block_sparse_moe mlp",
     .correctionBias = true,
     .activation = ActivationRule::ClampedSwiGlu,
     .scaling = {"routed_scaling_factor", 2.0},
     .scoring = "sigmoid"},
    {.types = "hy_v3",
     .rule = BiasedSigmoid,
     .experts = "num_experts",
     .routers = "router.gate",
     .correctionBias = true,
     .scaling = {"router_scaling_factor", 2.826}},
    {.types = "afmoe",
     .rule = BiasedSigmoid,
     .experts = "num_experts",
     .routers = "router.gate",
     .correctionBias = true,
     .scaling = {"route_scale", 1.0}},
    {.types = "lfm2_moe",
     .rule = GroupedSigmoid,
     .experts = "num_experts",
     .blocks = "feed_forward",
     .correctionBias = true,
     .correctionBiasIf = "use_expert_bias",
     .renormalise = {"norm_topk_prob", 1.0},
     .scaling = {"routed_scaling_factor", 1.0},
     .addedToSum = {"", 1e-6}},
    {.types = "laguna",
     .rule = BiasedSigmoid,
     .experts = "num_experts",
     .correctionBias = true,
     .scaling = {"moe_routed_scaling_factor", 1.0},
     .logitCap = {"moe_router_logit_softcapping", 0.0}},
    {.types = "flint", .rule = Sigmoid, .experts = "num_experts", .renormalise = {"norm_topk_prob", 1.0}},
    {.types = "cohere2_moe",
     .rule = SoftmaxOfChosen,
     .experts = kQwenExperts,
     .units = "intermediate_size",
     .selection = "expert_selection_fn",
     .combination = "shared_expert_combination_strategy",
     .renormalise = {"norm_topk_prob", 1.0}},
    {.types = "kolibri1",
     .rule = BiasedLogits,
     .experts = "num_local_experts num_experts",
     .correctionBias = true,
     .renormalise = {"norm_topk_prob", 0.0}},
    {.types = "deepseek_v4",
     .rule = SqrtSoftplus,
     .experts = "n_routed_experts num_local_experts",
     .blocks = "ffn mlp",
     .correctionBias = true,
     .activation = ActivationRule::ClampedBefore,
     .scaling = {"routed_scaling_factor", 1.5},
     .limit = {"swiglu_limit", 10.0},
     .scoring = "sqrtsoftplus"},
    {.types = "gpt_oss",
     .rule = SoftmaxOfChosen,
     .experts = kMixtralExperts,
     .units = "intermediate_size",
     .routers = "router gate",
     .routerBias = true,
     .layout = StackedLayout::Interleaved,
     .expertBiases = true,
     .activation = ActivationRule::ClampedSwiGlu},
    {.types = "granitemoe granitemoeshared granitemoehybrid",
     .rule = SoftmaxOfChosen,
     .experts = "num_local_experts",
     .units = "intermediate_size",
     .blocks = "block_sparse_moe",
     .routers = "router.layer",
     .fused = "input_linear.weight",
     .stackedDown = "output_linear.weight"},
    {.types = "granitemoe_swa",
     .rule = SoftmaxOfChosen,
     .experts = "num_local_experts",
     .units = "intermediate_size",
     .blocks = "block_sparse_moe",
     .routers = "router"},
    {.types = "jetmoe",
     .rule = SoftmaxOfChosen,
     .experts = "num_local_experts",
     .units = "intermediate_size",
     .routers = "router.layer",
     .fused = "input_linear.weight",
     .stackedDown = "output_linear.weight",
     .activationKey = "activation_function"},
    {.types = "aria_text",
     .others = "aria",
     .rule = SoftmaxOfChosen,
     .experts = "moe_num_experts",
     .units = "intermediate_size",
     .chosen = "moe_topk",
     .routers = "router",
     .layout = StackedLayout::InOut,
     .fused = "experts.fc1.weight",
     .stackedDown = "experts.fc2.weight"},
    {.types = "hunyuan_v1_moe",
     .others = "hunyuan",
     .rule = RenormalisedSoftmax,
     .experts = kQwenExperts,
     .units = "intermediate_size",
     .chosen = "moe_topk",
     .routers = "gate.wg"},
    {.types = "ernie4_5_moe",
     .rule = BiasedSoftmax,
     .experts = "moe_num_experts",
     .chosen = "moe_k",
     .correctionBias = true,
     .renormalise = {"", 1.0},
     .leastSum = {"moe_norm_min", 1e-12}},
    {.types = "mistral4",
     .rule = TopTwoGroupedSoftmax,
     .renormalise = {"norm_topk_prob", 1.0},
     .scaling = {"routed_scaling_factor", 1.0},
     .groups = {"n_group", 1.0},
     .keptGroups = {"topk_group", 1.0},
     .outsideGroups = {"", 0.0}},
    {.types = "mistral_large4_text",
     .others = "mistral_large4",
     .rule = TopTwoGroupedSoftmax,
     .blocks = ". mlp",
     .renormalise = {"", 1.0},
     .scaling = {"routed_scaling_factor", 1.0},
     .groups = {"n_group", 1.0},
     .keptGroups = {"topk_group", 1.0},
     .outsideGroups = {"", 0.0}},
    {.types = "llama4 llama4_text",
     .rule = InputSigmoid,
     .experts = "num_local_experts",
     .units = "intermediate_size",
     .blocks = "feed_forward",
     .routers = "router",
     .layout = StackedLayout::InOut},
    {.types = "phimoe",
     .rule = SparseMixer,
     .experts = "num_local_experts",
     .units = "intermediate_size",
     .blocks = "block_sparse_moe mlp",
     .routers = "gate router",
     .nearness = {"router_jitter_noise", 0.01}},
    {.types = "grok-1 grok",
     .rule = CappedSoftmax,
     .experts = "num_local_experts num_experts",
     .units = "moe_intermediate_size intermediate_size",
     .blocks = "block_sparse_moe",
     .activationKey = "hidden_act hidden_activation",
     .defaultActivation = "gelu_pytorch_tanh",
     .logitCap = {"router_logit_softcapping", 30.0},
     .check = FamilyCheck::Table},
    {.types = "openai_privacy_filter",
     .rule = SoftmaxOfChosen,
     .experts = kMixtralExperts,
     .units = "intermediate_size",
     .routers = "router",
     .routerBias = true,
     .layout = StackedLayout::InOut,
     .expertBiases = true,
     .activation = ActivationRule::ClampedSwiGlu},
    {.types = "step3p5 step3p7",
     .rule = BiasedSigmoid,
     .experts = "n_routed_experts moe_num_experts",
     .chosen = "num_experts_per_tok moe_top_k",
     .blocks = "moe",
     .correctionBias = true,
     .fused = "gate_proj.weight",
     .stackedUp = "up_proj.weight",
     .stackedDown = "down_proj.weight",
     .activation = ActivationRule::ClampedAfter,
     .limitsByLayer = "swiglu_limits",
     .sharedLimitsByLayer = "swiglu_limits_shared",
     .scaling = {"moe_router_scaling_factor", 1.0}},
    {.types = "inkling2_text",
     .others = "inkling2",
     .rule = BiasedSigmoid,
     .correctionBias = true,
     .layout = StackedLayout::RowsInTurn,
     .fused = "experts.w13_weight",
     .stackedDown = "experts.w2_weight",
     .activation = ActivationRule::SoftCapped,
     .scaling = {"route_scale routed_scaling_factor", 8.0},
     .scoring = "sigmoid"},
    {.types = "gemma4_text gemma4",
     .rule = RenormalisedSoftmax,
     .experts = "num_experts",
     .chosen = "top_k_experts",
     .blocks = ".",
     .routers = "router.proj",
     .inputNorm = "pre_feedforward_layernorm_2.weight",
     .routerScale = "router.scale",
     .expertScale = "router.per_expert_scale",
     .activationKey = "hidden_activation",
     .defaultActivation = "gelu_pytorch_tanh"},
    {.types = "longcat_flash",
     .rule = BiasedSoftmax,
     .units = "expert_ffn_hidden_size moe_intermediate_size",
     .chosen = "moe_topk num_experts_per_tok",
     .routers = "router.classifier",
     .correctionBias = true,
     .identities = {"zero_expert_num", 256.0},
     .scaling = {"routed_scaling_factor", 6.0}},
    {.types = "ernie4_5_vl_moe ernie4_5_vl_moe_text",
     .others = "ernie4_5_moe_vl",
     .rule = BiasedSoftmax,
     .experts = "moe_num_experts num_experts",
     .chosen = "moe_k num_experts_per_tok",
     .correctionBias = true,
     .picturesApart = true,
     .renormalise = {"", 1.0},
     .leastSum = {"moe_norm_min", 1e-12}},
    refusedFamily("diffusion_gemma",
                  translatable("it has two stacks of layers, one that encodes and one that denoises, with experts in each")),
    refusedFamily("zaya", translatable("its router is a small network with a state that passes from layer to layer")),
    refusedFamily("inkling inkling_text inkling_mm_model", translatable("its router weighs routed and shared experts together")),
    refusedFamily(
        "inkling2_loop inkling2_loop_text",
        translatable("it runs through the same layers several times, so that a layer has more than one routing of a token")),
    refusedFamily("muse_spark", translatable("its experts lie between two projections and norms of their own")),
    refusedFamily("switch_transformers nllb_moe",
                  translatable("its experts have a capacity, so that a token's routing depends on the other tokens")),
    refusedFamily("doge", translatable("its experts are single vectors found by a product of keys")),
};

}  // namespace

std::span<const Family> familyTable() { return kFamilies; }

const Family* familyNamed(const std::string& type) {
  for (const Family& family : kFamilies) {
    for (const char* types : {family.types, family.others}) {
      const std::vector<std::string> words = wordsOf(types);
      if (std::find(words.begin(), words.end(), type) != words.end()) return &family;
    }
  }
  return nullptr;
}

std::vector<std::string> wordsOf(const char* text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

}  // namespace moescope
