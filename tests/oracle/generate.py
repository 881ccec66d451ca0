"""Tiny random checkpoints of every family by Hugging Face transformers, with what its router and experts computed.

usage: generate.py TORCH_FOLDER OUTPUT [NAME...]. Each OUTPUT/NAME holds a checkpoint and oracle.safetensors: for each MoE layer L
hidden.L (T x d), weights.L (T x N, 0 where not chosen), output.L (T x d, routed experts only), block.L (T x d, the whole MoE
block, where nothing but experts is in it), jacobian.L (N x d x d, of each expert's output by its input at token 0, by autograd) and,
where the family has one, shared.L (T x d, the shared expert, its gate included). Factors that the block applies after its experts are
in weights, output and shared. NAME: only these of FAMILIES.
"""
import importlib
import json
import os
import re
import shutil
import sys

sys.setdlopenflags(os.RTLD_LAZY)  # the CUDA libraries may be empty: stub_cuda.sh
sys.path.append(sys.argv[1])
import torch
import transformers
from safetensors.torch import load_file, save_file
from compressed_tensors.compressors.nvfp4.helpers import unpack_fp4_from_uint8
from compressed_tensors.compressors.pack_quantized.helpers import pack_to_int32
from compressed_tensors.quantization import QuantizationArgs
from compressed_tensors.quantization.lifecycle.forward import dequantize
from transformers.integrations.finegrained_fp8 import _dequantize_fp8_weight
from transformers.integrations.mxfp4 import convert_moe_packed_tensors

# What each configuration takes that has such keys: small, three of eight experts, the first layer dense where a family has such.
SIZE = dict(hidden_size=24, num_hidden_layers=2, num_layers=2, num_attention_heads=2, num_key_value_heads=2, head_dim=12, vocab_size=64, max_position_embeddings=64,
            pad_token_id=0, bos_token_id=1, eos_token_id=2, num_experts=8, num_local_experts=8, n_routed_experts=8, moe_num_experts=8, num_experts_per_tok=3, moe_topk=3, moe_k=3,
            moe_intermediate_size=20, intermediate_size=16, shared_expert_intermediate_size=12, moe_shared_expert_intermediate_size=12, shared_experts_intermediate_size=6,
            n_shared_experts=2, num_shared_experts=2, moe_num_shared_experts=2, first_k_dense_replace=1, n_group=4, topk_group=2,
            q_lora_rank=8, kv_lora_rank=8, qk_rope_head_dim=4, qk_nope_head_dim=8, v_head_dim=8, index_n_heads=2, index_head_dim=8,
            linear_num_key_heads=2, linear_num_value_heads=2, linear_key_head_dim=8, linear_value_head_dim=8,
            linear_num_heads=2, linear_head_dim=8, mamba_num_heads=2, mamba_head_dim=8, ssm_state_size=8, n_groups=1, mamba_d_state=8, mamba_dt_rank=4, mamba_n_heads=2, mamba_n_groups=1)
MLA = dict(intermediate_size=20, moe_intermediate_size=16)
# By checkpoint's name: model_type (where it is another) and what SIZE does not say or says otherwise.
FAMILIES = {
    "mixtral": dict(intermediate_size=20),
    "qwen2_moe": dict(),
    "qwen3_moe": dict(norm_topk_prob=True),
    "olmoe": dict(intermediate_size=20),
    "deepseek_v2": dict(MLA, topk_method="group_limited_greedy", routed_scaling_factor=1.5),
    "deepseek_v3": dict(MLA, routed_scaling_factor=2.5, norm_topk_prob=True),
    "gpt_oss": dict(intermediate_size=20, layer_types=["full_attention"] * 2),
    "minimax": dict(), "minimax_m2": dict(), "qwen3_next": dict(), "qwen3_5_moe_text": dict(), "qwen3_vl_moe_text": dict(), "flex_olmo": dict(), "mellum": dict(),
    "lara_mini": dict(), "jamba": dict(use_mamba_kernels=False), "deepseek_v32": dict(), "deepseek_v4": dict(mlp_layer_types=["hash_moe", "moe"], swiglu_limit=0.5, num_key_value_heads=1, o_lora_rank=8, o_groups=2), "glm4_moe": dict(), "glm4_moe_lite": dict(),
    "glm_moe_dsa": dict(), "glm4v_moe_text": dict(rope_parameters=dict(rope_type="default", rope_theta=1e4, partial_rotary_factor=0.5, mrope_section=[1, 1, 1])), "dots1": dict(norm_topk_prob=True, routed_scaling_factor=1.3), "dots3_note_text": dict(), "mimo_v2_flash": dict(layer_types=["full_attention"] * 2), "solar_open": dict(),
    "exaone_moe": dict(mlp_layer_types=["dense", "sparse"]), "axk1": dict(), "axk2": dict(), "sarvam_moe": dict(), "sarvam_mla": dict(), "beam": dict(mlp_layer_types=["dense", "sparse"]),
    "hy_v3": dict(), "hy_v4": dict(swiglu_limit=0.5), "bailing_hybrid": dict(), "kimi_linear": dict(),
    "nemotron_h": dict(layers_block_type=["moe", "full_attention", "moe"]), "afmoe": dict(route_scale=1.7), "lfm2_moe": dict(layer_types=["full_attention"] * 2, num_dense_layers=1),
    "laguna": dict(moe_router_logit_softcapping=0.8, moe_routed_scaling_factor=1.6), "flint": dict(mlp_only_layers=[0]), "cohere2_moe": dict(),
    "cohere2_moe_sigmoid": dict(model_type="cohere2_moe", expert_selection_fn="sigmoid", shared_expert_combination_strategy="sum"), "kolibri1": dict(norm_topk_prob=True),
    "granitemoe": dict(), "granitemoeshared": dict(shared_intermediate_size=12), "granitemoehybrid": dict(layer_types=["attention"] * 2, shared_intermediate_size=12),
    "granitemoe_swa": dict(), "jetmoe": dict(kv_channels=12), "aria_text": dict(), "hunyuan_v1_moe": dict(), "ernie4_5_moe": dict(), "mistral4": dict(), "mistral_large4_text": dict(routed_scaling_factor=1.2),
    "dbrx": dict(d_model=24, n_heads=2, n_layers=2, max_seq_len=64, attn_config=dict(kv_n_heads=2, rope_theta=1e4, clip_qkv=8), ffn_config=dict(ffn_hidden_size=20, hidden_size=24, moe_num_experts=8, moe_top_k=3)),
    "minimax_m3_vl_text": dict(shared_intermediate_size=12, dense_intermediate_size=12, swiglu_limit=0.6, swiglu_alpha=1.3), "qwen4_exp_text": dict(), "glm5_next_text": dict(qk_rope_head_dim=0, swiglu_limit=0.5, first_k_dense_replace=1, mlp_layer_types=["dense", "sparse"]),
    "llama4_text": dict(), "phimoe": dict(num_experts_per_tok=2),
    "openai_privacy_filter": dict(intermediate_size=20, swiglu_limit=0.9, swiglu_alpha=1.3), "inkling2_text": dict(unpadded_vocab_size=64, mlp_gate_softcap=0.8, mlp_up_softcap=1.7, route_scale=2.0, swa_num_attention_heads=2, swa_num_key_value_heads=2, swa_head_dim=12),
    "gemma4_text": dict(enable_moe_block=True, top_k_experts=3, hidden_size_per_layer_input=0, layer_types=["full_attention"] * 2, global_head_dim=12),
    "longcat_flash": dict(moe_topk=4, expert_ffn_hidden_size=20, ffn_hidden_size=16, zero_expert_num=4, routed_scaling_factor=1.5, head_dim=4),
    "step3p7": dict(moe_router_scaling_factor=1.4, swiglu_limits=[0.6, None], swiglu_limits_shared=[0.0, 0.4], share_expert_dim=12, sliding_window=8, layer_types=["full_attention"] * 2, mlp_layer_types=["sparse"] * 2,
                    vision_config=dict(hidden_size=16, intermediate_size=16, num_hidden_layers=1, num_attention_heads=2, image_size=28)),
    "ernie4_5_vl_moe": dict(moe_intermediate_size=[20, 12], mlp_layer_types=["dense", "sparse"], moe_num_shared_experts=1, rope_parameters=dict(rope_type="default", rope_theta=1e4, mrope_section=[2, 2, 2]),
                            vision_config=dict(depth=1, hidden_size=16, intermediate_size=16, num_heads=2)),
    "qwen3_omni_moe_text": dict(rope_parameters=dict(rope_type="default", rope_theta=1e4, mrope_section=[2, 2, 2])),
}
# The language model of these is made alone, for the whole's class is large.
CLASSES = {"qwen3_omni_moe_text": ("qwen3_omni_moe", "Qwen3OmniMoeThinkerTextModel")}
TENSORS = "model.safetensors"


def decoders(model):
    inner = getattr(model, "model", getattr(model, "transformer", model))
    inner = getattr(inner, "language_model", inner)
    return inner.blocks if hasattr(inner, "blocks") else inner.layers


def blocks(model):
    """The MoE blocks, each with its layer's number and the layer."""
    for number, layer in enumerate(decoders(model)):
        if type(layer).__name__ == "Gemma4TextDecoderLayer":  # router and experts lie in the layer
            yield number, layer, layer
        for block in layer.children():
            if hasattr(block, "text_moe"):  # another block beside it is for pictures
                yield number, block, block.text_moe
            if "Attention" not in type(block).__name__ and hasattr(block, "experts") or hasattr(block, "input_linear") and hasattr(block, "router"):
                yield number, layer, block


def maker_of(name, config):
    if name in CLASSES:
        folder, kind = CLASSES[name]
        return getattr(importlib.import_module(f"transformers.models.{folder}.modeling_{folder}"), kind)._from_config
    makers = [transformers.AutoModelForCausalLM, transformers.AutoModelForImageTextToText]
    return next((maker for maker in makers if type(config) in maker._model_mapping), transformers.AutoModel).from_config


def make(name, **other):
    own = {**FAMILIES[name], **other}
    kind = own.pop("model_type", name)
    usual = transformers.AutoConfig.for_model(kind)
    whole = {key: own.pop(key) for key in ["vision_config"] if key in own}  # beside the language model
    usual = usual.text_config if whole else usual
    known = set(usual.to_dict()) | set(usual.attribute_map)
    if "qk_rope_head_dim" in known:
        known.discard("head_dim")
    own = {**{key: value for key, value in SIZE.items() if key in known}, **own}
    config = transformers.AutoConfig.for_model(kind, **(dict(whole, text_config=own) if whole else own))
    model = maker_of(name, config)(config).to(torch.float32).eval()
    size = sum(tensor.numel() for tensor in model.parameters())
    assert size < 2_000_000, (name, size)
    with torch.no_grad():
        for _, _, block in blocks(model):
            for tensor in [*block.parameters(), *block.buffers()]:
                if tensor.is_floating_point():
                    tensor.normal_(0, 0.4)
    return model


def after_experts(block):
    """What the block multiplies its experts' sum by: routed ones and shared ones."""
    if type(block).__name__ in ("BeamMoE", "LagunaSparseMoeBlock", "MiniMaxM3VLSparseMoeBlock", "Step3p7SparseMoeBlock"):
        return block.routed_scaling_factor, 1
    if type(block).__name__ == "OpenAIPrivacyFilterMLP":
        return block.num_experts, 1  # so it calls the number of chosen ones
    average = getattr(block, "shared_expert_combination_strategy", "sum") == "average"
    return (0.5, 0.5) if average else (1, 1)


def flat(tensor):
    return tensor.reshape(-1, tensor.shape[-1]).clone().contiguous()


def spread(weights, chosen, experts=8):
    return torch.zeros(weights.shape[0], experts).scatter_(1, chosen, weights)


def expert_count(block):
    return getattr(block.experts, "total_experts", 8)  # with those that have no weights


def watch_experts(seen, layer, block):
    """The hook by which the experts' inputs, weights and outputs are seen."""
    factor = after_experts(block)[0]

    def hook(module, given, named, output):
        hidden, chosen, weights = (list(given) + list(named.values()))[:3]
        if weights.shape[-1] != 8:  # one weight for each chosen expert
            weights = spread(weights, chosen, expert_count(block))
        seen[f"hidden.{layer}"] = flat(hidden)
        seen[f"weights.{layer}"] = weights.clone().contiguous() * factor
        seen[f"output.{layer}"] = flat(output) * factor
    block.experts.register_forward_hook(hook, with_kwargs=True)


def watch_llama4(seen, layer, block):
    """Weights multiply the experts' inputs, and all experts see all tokens."""
    def hook(module, given, output):
        hidden = flat(given[0])
        scores, _ = block.router(hidden)
        seen[f"hidden.{layer}"], seen[f"weights.{layer}"] = hidden, scores.clone().contiguous()
        seen[f"output.{layer}"] = flat(output[0]) - block.shared_expert(hidden)
    block.register_forward_hook(hook)


def watch_jetmoe(seen, layer, block):
    """The experts of all tokens are one product; a bias is added to their sum."""
    def hook(module, given, output):
        hidden = flat(given[0])
        best, chosen = block.router.layer(hidden).topk(3)
        seen[f"hidden.{layer}"], seen[f"weights.{layer}"] = hidden, spread(best.softmax(-1), chosen)
        seen[f"output.{layer}"] = flat(output[0] if isinstance(output, tuple) else output) - block.bias
    block.register_forward_hook(hook)


def keep(seen, name, change=lambda tensor: tensor):
    def hook(module, given, output):
        seen[name] = change(flat(output[0] if isinstance(output, tuple) else output))
    return hook


def watch(seen, layer, decoder, block):
    special = dict(Llama4TextMoe=watch_llama4, JetMoeMoE=watch_jetmoe)
    special.get(type(block).__name__, watch_experts)(seen, layer, block)
    if type(block).__name__ not in ("AXK1MoE", "JetMoeMoE", "Gemma4TextDecoderLayer", "Ernie4_5_VLMoeSparseMoeBlock"):  # these do more than add their experts
        block.register_forward_hook(keep(seen, f"block.{layer}"))
    for holder in (block, decoder):
        for name in ("shared_expert", "shared_experts", "shared_mlp"):
            if isinstance(getattr(holder, name, None), torch.nn.Module):
                factor = after_experts(block)[1]
                getattr(holder, name).register_forward_hook(keep(seen, f"shared.{layer}", lambda tensor: tensor * factor))
    if hasattr(block, "shared_expert_gate"):
        block.shared_expert_gate.register_forward_hook(keep(seen, f"gate.{layer}", torch.sigmoid))


def jacobians_of(block, token):
    if type(block).__name__ == "JetMoeMoE":
        return None
    call = block.experts.forward  # without hooks
    if type(block).__name__ == "Llama4TextMoe":
        one = lambda h, e: call(h.repeat(8, 1))[e]
    else:
        # The second has no weight: LongCat's experts do not take one alone.
        one = lambda h, e: call(h[None], torch.tensor([[e, (e + 1) % 8]]), torch.tensor([[1.0, 0.0]])).reshape(-1)
    return torch.stack([torch.autograd.functional.jacobian(lambda h: one(h, e), token) for e in range(expert_count(block))])


def observe(model, folder):
    """Runs the model on random tokens and writes oracle.safetensors."""
    seen = {}
    for number, layer, block in blocks(model):
        watch(seen, number, layer, block)
    with torch.no_grad():
        model(torch.randint(1, 64, (3, 16)), use_cache=False)
    assert seen, folder
    for name in [name for name in seen if name.startswith("gate.")]:
        seen[name.replace("gate", "shared")] *= seen.pop(name)
    for number, layer, block in blocks(model):
        if f"hidden.{number}" in seen and (found := jacobians_of(block, seen[f"hidden.{number}"][0])) is not None:
            seen[f"jacobian.{number}"] = found
    save_file(seen, os.path.join(folder, "oracle.safetensors"))
    print(os.path.basename(folder), sorted(seen))


def write(name, family, shard="1GB", **other):
    folder = os.path.join(sys.argv[2], name)
    model = make(family, **other)
    model.save_pretrained(folder, max_shard_size=shard)
    observe(model, folder)
    return model, folder


def rewrite(name, family, change, **other):
    """A checkpoint whose tensors `change(tensors)` replaces on disk, with the model's weights becoming what they mean: it
    returns the meaning of every tensor that is not stored as such."""
    folder = os.path.join(sys.argv[2], name)
    model = make(family, **other)
    model.save_pretrained(folder)
    path = os.path.join(folder, TENSORS)
    tensors = load_file(path)
    meaning = change(tensors)
    save_file({key: tensor.contiguous() for key, tensor in tensors.items()}, path, metadata={"format": "pt"})
    plain = os.path.join(folder, "meaning")  # only to be loaded by transformers
    model.save_pretrained(plain)
    kept = load_file(os.path.join(plain, TENSORS))
    kept.update({key: tensor.contiguous() for key, tensor in meaning.items()})
    save_file(kept, os.path.join(plain, TENSORS), metadata={"format": "pt"})
    loaded = transformers.AutoModelForCausalLM.from_pretrained(plain, dtype=torch.float32).eval()
    for file in os.listdir(plain):
        os.remove(os.path.join(plain, file))
    os.rmdir(plain)
    observe(loaded, folder)
    return folder


def experts_of(tensors):
    return [key for key in tensors if ".mlp." in key and key.endswith("proj.weight") or ".w1." in key or ".w2." in key or ".w3." in key]


def as_type(kind):
    def change(tensors):
        meaning = {}
        for key in tensors:
            if ".mlp." in key:
                tensors[key] = tensors[key].to(kind)
                meaning[key] = tensors[key].float()
        return meaning
    return change


def quantised(matrix):
    """128 x 128 blocks, each scaled so that its largest entry is e4m3's largest number: what is stored, the scales, the meaning."""
    rows, columns = [(size + 127) // 128 for size in matrix.shape]
    stored, scales, means = torch.empty_like(matrix, dtype=torch.float8_e4m3fn), torch.empty(rows, columns), torch.empty_like(matrix)
    for r in range(rows):
        for c in range(columns):
            part = (slice(128 * r, 128 * r + 128), slice(128 * c, 128 * c + 128))
            scales[r, c] = matrix[part].abs().max() / 448
            stored[part] = (matrix[part] / scales[r, c]).to(torch.float8_e4m3fn)
            means[part] = stored[part].float() * scales[r, c]
    return stored, scales, means


def as_fp8(tensors):
    """As DeepSeek's releases are; and a layer of multi-token prediction after the last."""
    meaning = {}
    for key in experts_of(tensors):
        tensors[key], tensors[key + "_scale_inv"], meaning[key] = quantised(tensors[key])
    for key in [key for key in tensors if key.startswith("model.layers.1.mlp.")]:
        tensors[key.replace("layers.1", "layers.2")] = tensors[key].clone()
    return meaning


def as_stacked_fp8(tensors):
    """Stacked experts with block scales; a block of gate_up_proj reaches from gate rows into up rows."""
    meaning = as_stacked(tensors)
    for key in [key for key in tensors if key.endswith("_proj")]:
        prefix, name = key.rsplit(".", 1)
        stored, scales, means = [torch.stack(each) for each in zip(*[quantised(matrix) for matrix in tensors[key]])]
        tensors[key], tensors[key + "_scale_inv"] = stored, scales
        for e in range(len(means)):
            halves = {"down_proj": means[e]} if name == "down_proj" else dict(zip(("gate_proj", "up_proj"), means[e].chunk(2)))
            for part, mean in halves.items():
                meaning[f"{prefix}.{e}.{part}.weight"] = mean.clone()
    return meaning


def as_mxfp4(tensors):
    """Random blocks and scales; what they mean is transformers' own conversion."""
    meaning = {}
    for key in [key for key in tensors if key.endswith("_proj")]:
        experts, inner, outer = tensors.pop(key).shape
        blocks = torch.randint(0, 256, (experts, outer, inner // 32, 16), dtype=torch.uint8)
        scales = torch.randint(119, 125, (experts, outer, inner // 32), dtype=torch.uint8)
        tensors[key + "_blocks"], tensors[key + "_scales"] = blocks, scales
        meaning[key] = convert_moe_packed_tensors(blocks, scales, dtype=torch.float32)
    return meaning


def as_stacked(tensors):
    """The names that transformers 5 has in memory: experts stacked, gate rows before up rows, Mixtral's prefix `mlp`."""
    meaning = {key: tensor.clone() for key, tensor in tensors.items() if "experts." in key}
    names = dict(w1="gate_proj", w3="up_proj", w2="down_proj")
    parts = {}
    for key in [key for key in tensors if ".mlp." in key or ".block_sparse_moe." in key]:
        tensor = tensors.pop(key)
        key = key.replace("block_sparse_moe", "mlp")
        if ".experts." not in key:
            tensors[key] = tensor
            continue
        prefix, number, name, _ = key.rsplit(".", 3)
        parts.setdefault(prefix, {})[names.get(name, name), int(number)] = tensor
    for prefix, own in parts.items():
        stack = {name: torch.stack([own[name, e] for e in range(8)]) for name in names.values()}
        tensors[prefix + ".gate_up_proj"] = torch.cat([stack["gate_proj"], stack["up_proj"]], dim=1)
        tensors[prefix + ".down_proj"] = stack["down_proj"]
    return meaning


def group_scales(matrix, group, largest):
    return matrix.unflatten(1, (-1, group)).abs().amax(2) / largest


def exponents(scales):
    """The powers of two that are not smaller, as microscaling formats hold them."""
    return torch.ceil(torch.log2(scales)) + 127


def meant(numbers, scales, **args):
    """What compressed-tensors takes it for."""
    scale_of_all = args.pop("global_scale", None)
    return dequantize(numbers.float(), scales.float(), args=QuantizationArgs(**args), dtype=torch.float32, global_scale=scale_of_all)


def fp8(matrix, scales, **args):
    stored = (matrix / scales.repeat_interleave(matrix.shape[1] // scales.shape[-1], -1) if scales.ndim == 2 else matrix / scales).to(torch.float8_e4m3fn)
    return stored, meant(stored, scales, num_bits=8, type="float", **args)


def fp8_tensor(matrix):
    stored, means = fp8(matrix, matrix.abs().max()[None] / 448, strategy="tensor")
    return {"": stored, "_scale": matrix.abs().max()[None] / 448}, means


def fp8_channel(matrix):
    scales = group_scales(matrix, matrix.shape[1], 448)
    stored, means = fp8(matrix, scales, strategy="channel")
    return {"": stored, "_scale": scales}, means


def fp8_exponents(matrix):
    """As DeepSeek-V3.1's: blocks of 128 x 128 whose factors are powers of two."""
    stored, scales, _ = quantised(matrix)
    scales = torch.exp2(exponents(scales) - 127).to(torch.float8_e8m0fnu)
    return {"": stored, "_scale_inv": scales}, _dequantize_fp8_weight(stored.float(), scales, [128, 128], torch.float32)


def mxfp8(matrix):
    scales = exponents(group_scales(matrix, 32, 448))
    factors = torch.exp2(scales - 127)
    stored, means = fp8(matrix, factors, strategy="group", group_size=32)
    return {"": stored, "_scale": scales.to(torch.uint8)}, means


def e2m1(matrix, group, scales, scale_of_all=None):
    packed = torch.randint(0, 256, (matrix.shape[0], matrix.shape[1] // 2), dtype=torch.uint8)
    numbers = unpack_fp4_from_uint8(packed, *matrix.shape, dtype=torch.float32)
    return packed, meant(numbers, scales, num_bits=4, type="float", strategy="tensor_group" if scale_of_all is not None else "group", group_size=group, global_scale=scale_of_all)


def nvfp4(matrix):
    """As ModelOpt writes it."""
    scales, of_all = (group_scales(matrix, 16, 6) * 300).to(torch.float8_e4m3fn), torch.tensor([1 / 300])
    packed, means = e2m1(matrix, 16, scales, 1 / of_all)
    return {"": packed, "_scale": scales, "_scale_2": of_all[0]}, means


def nvfp4_packed(matrix):
    """As compressed-tensors writes it."""
    scales, of_all = (group_scales(matrix, 16, 6) * 300).to(torch.float8_e4m3fn), torch.tensor([300.0])
    packed, means = e2m1(matrix, 16, scales, of_all)
    return {"_packed": packed, "_scale": scales, "_global_scale": of_all}, means


def mxfp4_packed(matrix):
    scales = exponents(group_scales(matrix, 32, 6))
    packed, means = e2m1(matrix, 32, torch.exp2(scales - 127))
    return {"_packed": packed, "_scale": scales.to(torch.uint8)}, means


def integers(bits, group):
    def change(matrix):
        size, most = group or matrix.shape[1], 2 ** (bits - 1) - 1
        scales = group_scales(matrix, size, most).to(torch.bfloat16)
        numbers = torch.clamp(torch.round(matrix / scales.float().repeat_interleave(size, 1)), -most - 1, most).to(torch.int8)
        args = dict(strategy="group", group_size=group) if group else dict(strategy="channel")
        means = meant(numbers, scales, num_bits=bits, type="int", **args)
        return {"_packed": pack_to_int32(numbers, bits), "_scale": scales, "_shape": torch.tensor(matrix.shape)}, means
    return change


def stored_by(store):
    def change(tensors):
        meaning = {}
        for key in experts_of(tensors):
            parts, meaning[key] = store(tensors.pop(key))
            tensors.update({key + ending: part for ending, part in parts.items()})
        return meaning
    return change


def into_shards(folder, count):
    tensors = load_file(os.path.join(folder, TENSORS))
    names, weight_map = sorted(tensors), {}
    for shard in range(count):
        file = f"model_{shard + 1:05d}-of-{count:05d}.safetensors"  # a pattern of its own: only the index tells
        save_file({name: tensors[name] for name in names[shard::count]}, os.path.join(folder, file))
        weight_map.update({name: file for name in names[shard::count]})
    os.remove(os.path.join(folder, TENSORS))
    with open(os.path.join(folder, TENSORS + ".index.json"), "w") as index:
        json.dump(dict(metadata=dict(total_size=0), weight_map=weight_map), index)


def in_whole(name, inside, model_type, prefix, change=lambda tensors: None):
    """The same text model as part of one that sees or hears: its configuration inside, its layers under another prefix."""
    folder, source = os.path.join(sys.argv[2], name), os.path.join(sys.argv[2], inside)
    os.makedirs(folder)
    tensors = {re.sub(r"^(model\.)?layers\.", prefix, key): tensor for key, tensor in load_file(os.path.join(source, TENSORS)).items()}
    change(tensors)
    save_file({key: tensor.contiguous() for key, tensor in tensors.items()}, os.path.join(folder, TENSORS))
    with open(os.path.join(source, "config.json")) as config, open(os.path.join(folder, "config.json"), "w") as whole:
        json.dump(dict(model_type=model_type, num_hidden_layers=99, text_config=json.load(config)), whole)
    shutil.copy(os.path.join(source, "oracle.safetensors"), folder)


def in_out(tensors):
    """As Qwen3-VL's releases are: experts stacked [N, in, out]."""
    for key in [key for key in tensors if ".mlp.experts." in key]:
        tensors[key] = tensors[key].transpose(1, 2)


torch.manual_seed(1)
torch.set_num_threads(1)
transformers.logging.set_verbosity_error()
transformers.logging.disable_progress_bar()
for name in sys.argv[3:] or FAMILIES:
    write(name, name)
if sys.argv[3:]:
    sys.exit()
in_whole("qwen3_5_moe", "qwen3_5_moe_text", "qwen3_5_moe", "model.language_model.layers.", as_stacked)
in_whole("qwen3_vl_moe", "qwen3_vl_moe_text", "qwen3_vl_moe", "model.language_model.layers.", in_out)
in_whole("kimi_k25", "deepseek_v3", "kimi_k25", "language_model.model.layers.")
in_whole("llama4", "llama4_text", "llama4", "language_model.model.layers.")
in_whole("gemma4", "gemma4_text", "gemma4", "model.language_model.layers.")
in_whole("inkling2", "inkling2_text", "inkling2", "model.llm.layers.")
in_whole("qwen3_omni_moe_thinker", "qwen3_omni_moe_text", "qwen3_omni_moe_thinker", "thinker.model.layers.")
for family, activation in [("mixtral", "gelu"), ("mixtral", "gelu_pytorch_tanh"), ("mixtral", "relu"), ("qwen2_moe", "gelu"), ("qwen3_moe", "gelu_pytorch_tanh"),
                           ("qwen3_moe", "relu"), ("olmoe", "gelu_new"), ("deepseek_v2", "relu2"), ("deepseek_v3", "quick_gelu")]:
    write(f"{family}_{activation}", family, hidden_act=activation)
write("gpt_oss_clamped", "gpt_oss", swiglu_limit=1.25, swiglu_alpha=1.3)
_, folder = write("olmoe_sharded", "olmoe", shard="20KB")
assert len([file for file in os.listdir(folder) if file.startswith("model-")]) > 2
rewrite("qwen2_moe_bf16", "qwen2_moe", as_type(torch.bfloat16))
rewrite("qwen2_moe_f16", "qwen2_moe", as_type(torch.float16))
rewrite("mixtral_stacked", "mixtral", as_stacked)
rewrite("olmoe_stacked_square", "olmoe", as_stacked, hidden_size=24, intermediate_size=12)  # 2I = d: [N, 2I, d] fits both ways
into_shards(rewrite("deepseek_v3_stacked_sharded", "deepseek_v3", as_stacked), 3)
rewrite("deepseek_v3_fp8", "deepseek_v3", as_fp8, hidden_size=160, moe_intermediate_size=136)
rewrite("gpt_oss_mxfp4", "gpt_oss", as_mxfp4, hidden_size=64, intermediate_size=32)
rewrite("qwen3_moe_stacked_fp8", "qwen3_moe", as_stacked_fp8, hidden_size=160, moe_intermediate_size=136)
for name, store in dict(fp8_tensor=fp8_tensor, fp8_channel=fp8_channel, fp8_exponents=fp8_exponents, mxfp8=mxfp8, nvfp4=nvfp4, nvfp4_packed=nvfp4_packed, mxfp4_packed=mxfp4_packed,
                        int4=integers(4, 32), int4_channel=integers(4, None), int8=integers(8, 32)).items():
    size = dict(hidden_size=160, moe_intermediate_size=136) if name == "fp8_exponents" else dict(hidden_size=64, moe_intermediate_size=32)
    rewrite(f"qwen3_moe_{name}", "qwen3_moe", stored_by(store), **size)
