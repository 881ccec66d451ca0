"""Tiny random checkpoints of every family by Hugging Face transformers, with what its router and experts computed.

usage: generate.py TORCH_FOLDER OUTPUT. Each OUTPUT/NAME holds a checkpoint and oracle.safetensors: for each MoE layer L
hidden.L (T x d), weights.L (T x N, 0 where not chosen), output.L (T x d, routed experts only), block.L (T x d, the whole MoE
block), jacobian.L (N x d x d, of each expert's output by its input at token 0, by autograd) and, where the family has one,
shared.L (T x d, the shared expert, its gate included).
"""
import json
import os
import sys

sys.setdlopenflags(os.RTLD_LAZY)  # the CUDA libraries may be empty: stub_cuda.sh
sys.path.append(sys.argv[1])
import torch
import transformers
from safetensors.torch import load_file, save_file
from transformers.integrations.mxfp4 import convert_moe_packed_tensors

SIZE = dict(hidden_size=24, num_hidden_layers=2, num_attention_heads=2, num_key_value_heads=2, vocab_size=64,
            max_position_embeddings=64, pad_token_id=0, num_experts_per_tok=3)
MLA = dict(q_lora_rank=8, kv_lora_rank=8, qk_rope_head_dim=4, qk_nope_head_dim=8, v_head_dim=8, first_k_dense_replace=1,
           n_routed_experts=8, moe_intermediate_size=16, intermediate_size=20, n_shared_experts=2, n_group=4, topk_group=2)
FAMILIES = {
    "mixtral": dict(num_local_experts=8, intermediate_size=20),
    "qwen2_moe": dict(num_experts=8, moe_intermediate_size=20, intermediate_size=16, shared_expert_intermediate_size=12),
    "qwen3_moe": dict(num_experts=8, moe_intermediate_size=20, intermediate_size=16, norm_topk_prob=True, head_dim=12),
    "olmoe": dict(num_experts=8, intermediate_size=20),
    "deepseek_v2": dict(MLA, topk_method="group_limited_greedy", routed_scaling_factor=1.5),
    "deepseek_v3": dict(MLA, routed_scaling_factor=2.5, norm_topk_prob=True),
    "gpt_oss": dict(num_local_experts=8, intermediate_size=20, head_dim=12, layer_types=["full_attention"] * 2),
}
TENSORS = "model.safetensors"


def make(family, **other):
    config = transformers.AutoConfig.for_model(family, **{**SIZE, **FAMILIES[family], **other})
    model = transformers.AutoModelForCausalLM.from_config(config, dtype=torch.float32).eval()
    with torch.no_grad():
        for name, tensor in list(model.named_parameters()) + list(model.named_buffers()):
            if ".mlp." in name and tensor.is_floating_point():
                tensor.normal_(0, 0.4)
    return model


def observe(model, folder):
    """Runs the model on random tokens and writes oracle.safetensors."""
    seen = {}

    def flat(tensor):
        return tensor.reshape(-1, tensor.shape[-1]).clone().contiguous()

    def experts(layer):
        def hook(module, given, named, output):
            hidden, chosen, weights = (list(given) + list(named.values()))[:3]
            if weights.shape[-1] != 8:  # one weight for each chosen expert
                weights = torch.zeros(flat(hidden).shape[0], 8).scatter_(1, chosen, weights)
            seen[f"hidden.{layer}"] = flat(hidden)
            seen[f"weights.{layer}"] = weights.clone().contiguous()
            seen[f"output.{layer}"] = flat(output)
        return hook

    def keep(name, change=lambda tensor: tensor):
        def hook(module, given, output):
            seen[name] = change(flat(output[0] if isinstance(output, tuple) else output))
        return hook

    for layer, decoder in enumerate(model.model.layers):
        block = decoder.mlp
        if not hasattr(block, "experts"):
            continue
        block.experts.register_forward_hook(experts(layer), with_kwargs=True)
        block.register_forward_hook(keep(f"block.{layer}"))
        for name in ("shared_expert", "shared_experts"):
            if hasattr(block, name):
                getattr(block, name).register_forward_hook(keep(f"shared.{layer}"))
        if hasattr(block, "shared_expert_gate"):
            block.shared_expert_gate.register_forward_hook(keep(f"gate.{layer}", torch.sigmoid))
    with torch.no_grad():
        model(torch.randint(1, 64, (3, 16)))
    assert seen, folder
    for name in [name for name in seen if name.startswith("gate.")]:
        seen[name.replace("gate", "shared")] *= seen.pop(name)
    hidden = {name: tensor for name, tensor in seen.items() if name.startswith("hidden.")}
    jacobians = {}
    for name, tokens in hidden.items():
        layer = int(name.split(".")[1])
        call = model.model.layers[layer].mlp.experts.forward  # without hooks
        jacobians[f"jacobian.{layer}"] = torch.stack([
            torch.autograd.functional.jacobian(lambda h: call(h[None], torch.tensor([[e]]), torch.ones(1, 1))[0], tokens[0]) for e in range(8)])
    seen.update(jacobians)
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


torch.manual_seed(1)
for family in FAMILIES:
    write(family, family)
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
