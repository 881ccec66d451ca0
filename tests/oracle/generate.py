"""Tiny random checkpoints of every family by Hugging Face transformers, with what its router and experts computed.

usage: generate.py TORCH_FOLDER OUTPUT. Each OUTPUT/FAMILY holds a checkpoint and oracle.safetensors: for each MoE layer L
hidden.L (T x d), weights.L (T x N, 0 where not chosen) and output.L (T x d, routed experts only).
"""
import os
import sys

sys.setdlopenflags(os.RTLD_LAZY)  # the CUDA libraries may be empty: stub_cuda.sh
sys.path.append(sys.argv[1])
import torch
import transformers
from safetensors.torch import save_file

SIZE = dict(hidden_size=24, num_hidden_layers=2, num_attention_heads=2, num_key_value_heads=2, vocab_size=64,
            max_position_embeddings=64, pad_token_id=0, num_experts_per_tok=3)
MLA = dict(q_lora_rank=8, kv_lora_rank=8, qk_rope_head_dim=4, qk_nope_head_dim=8, v_head_dim=8, first_k_dense_replace=1,
           n_routed_experts=8, moe_intermediate_size=16, intermediate_size=20, n_shared_experts=1, n_group=4, topk_group=2)
FAMILIES = {
    "mixtral": dict(num_local_experts=8, intermediate_size=20),
    "qwen2_moe": dict(num_experts=8, moe_intermediate_size=20, intermediate_size=16, shared_expert_intermediate_size=12),
    "qwen3_moe": dict(num_experts=8, moe_intermediate_size=20, intermediate_size=16, norm_topk_prob=True, head_dim=12),
    "olmoe": dict(num_experts=8, intermediate_size=20),
    "deepseek_v2": dict(MLA, topk_method="group_limited_greedy", routed_scaling_factor=1.5),
    "deepseek_v3": dict(MLA, routed_scaling_factor=2.5, norm_topk_prob=True),
    "gpt_oss": dict(num_local_experts=8, intermediate_size=20, head_dim=12, layer_types=["full_attention"] * 2),
}

torch.manual_seed(1)
for family, own in FAMILIES.items():
    config = transformers.AutoConfig.for_model(family, **{**SIZE, **own})
    model = transformers.AutoModelForCausalLM.from_config(config, dtype=torch.float32).eval()
    with torch.no_grad():
        for name, tensor in list(model.named_parameters()) + list(model.named_buffers()):
            if ".mlp." in name and tensor.is_floating_point():
                tensor.normal_(0, 0.4)
    seen = {}

    def keep(layer):
        def hook(module, given, named, output):
            hidden, chosen, weights = (list(given) + list(named.values()))[:3]
            tokens = hidden.reshape(-1, hidden.shape[-1])
            if weights.shape[-1] != 8:  # one weight for each chosen expert
                weights = torch.zeros(len(tokens), 8).scatter_(1, chosen, weights)
            seen[f"hidden.{layer}"] = tokens.clone().contiguous()
            seen[f"weights.{layer}"] = weights.clone().contiguous()
            seen[f"output.{layer}"] = output.reshape(tokens.shape).clone().contiguous()
        return hook

    for layer, block in enumerate(model.model.layers):
        if hasattr(block.mlp, "experts"):
            block.mlp.experts.register_forward_hook(keep(layer), with_kwargs=True)
    with torch.no_grad():
        model(torch.randint(1, 64, (3, 16)))
    assert seen, family
    folder = os.path.join(sys.argv[2], family)
    model.save_pretrained(folder)
    save_file(seen, os.path.join(folder, "oracle.safetensors"))
    print(family, sorted(seen))
