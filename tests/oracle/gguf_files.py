"""GGUF files by the gguf package, and what their numbers are, by its own unpacking.

usage: gguf_files.py OUTPUT. OUTPUT/NAME.gguf, and OUTPUT/NAME.safetensors with gate.L, up.L [N, I, d], down.L [N, d, I], router.L [N, d] and, where there are,
bias.L [N], shared_gate.L, shared_up.L and shared_down.L.
"""
import os
import sys

import gguf
import numpy
from safetensors.numpy import save_file

Type = gguf.GGMLQuantizationType
dice = numpy.random.default_rng(9)
WIDTH, UNITS, EXPERTS = 256, 512, 4
HALVES = {Type.Q2_K: (80, 82), Type.Q3_K: (108,), Type.Q4_K: (0, 2), Type.Q5_K: (0, 2), Type.Q6_K: (208,), Type.IQ4_NL: (0,), Type.IQ4_XS: (0,), Type.MXFP4: ()}  # bytes where f16 scales stand


def stored(shape, kind):
    """Numbers of this kind: what is stored, and what gguf takes it for."""
    if kind in HALVES:  # gguf packs none: any bytes are numbers, where the scales are
        size, block = gguf.GGML_QUANT_SIZES[kind]
        blocks = dice.integers(0, 256, (*shape[:-1], shape[-1] // size, block), dtype=numpy.uint8)
        if kind == Type.MXFP4:
            blocks[..., 0] = dice.integers(118, 128, blocks.shape[:-1])
        for at in HALVES[kind]:
            blocks[..., at:at + 2] = (dice.random(blocks.shape[:-1] + (1,)) * 0.01).astype(numpy.float16).view(numpy.uint8)
        packed = blocks.reshape(*shape[:-1], -1)
    else:
        packed = gguf.quants.quantize((dice.standard_normal(shape) * 0.3).astype(numpy.float32), kind)
    return packed, gguf.quants.dequantize(packed, kind).astype(numpy.float32).reshape(shape)


def write(name, architecture, kinds, numbers, bias=False, shared=False, layers=(0, 1)):
    writer = gguf.GGUFWriter(os.path.join(sys.argv[1], name + ".gguf"), architecture)
    writer.add_array("tokenizer.ggml.tokens", ["a", "b" * 70000, "c"])
    writer.add_array("tokenizer.ggml.scores", [0.5] * 1000)
    for key, value in dict(embedding_length=WIDTH, block_count=2, expert_count=EXPERTS, expert_used_count=2, feed_forward_length=64, **numbers).items():
        add = writer.add_bool if isinstance(value, bool) else writer.add_uint32 if isinstance(value, int) else writer.add_float32
        add(f"{architecture}.{key}", value)
    means = {}

    def tensor(name, meaning, shape, kind):
        packed, means[meaning] = stored(shape, kind)
        writer.add_tensor(name, packed, raw_dtype=kind)

    tensor("token_embd.weight", "unused", (8, WIDTH), Type.F16)
    for layer, (gate, up, down) in zip(layers, kinds):
        block = f"blk.{layer}."
        tensor(block + "attn_norm.weight", "unused", (WIDTH,), Type.F32)
        tensor(block + "ffn_gate_inp.weight", f"router.{layer}", (EXPERTS, WIDTH), Type.F32)
        tensor(block + "ffn_gate_exps.weight", f"gate.{layer}", (EXPERTS, UNITS, WIDTH), gate)
        tensor(block + "ffn_up_exps.weight", f"up.{layer}", (EXPERTS, UNITS, WIDTH), up)
        tensor(block + "ffn_down_exps.weight", f"down.{layer}", (EXPERTS, WIDTH, UNITS), down)
        if bias:
            tensor(block + "exp_probs_b.bias", f"bias.{layer}", (EXPERTS,), Type.F32)
        for part, shape in dict(gate=(UNITS, WIDTH), up=(UNITS, WIDTH), down=(WIDTH, UNITS)).items() if shared else ():
            tensor(f"{block}ffn_{part}_shexp.weight", f"shared_{part}.{layer}", shape, Type.Q8_0)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    del means["unused"]
    save_file(means, os.path.join(sys.argv[1], name + ".safetensors"))


os.makedirs(sys.argv[1], exist_ok=True)
write("qwen3moe", "qwen3moe", [(Type.Q4_K, Type.Q6_K, Type.Q8_0), (Type.F16, Type.BF16, Type.F32)], dict(expert_feed_forward_length=UNITS))
write("packings", "qwen3moe", [(Type.Q2_K, Type.Q3_K, Type.Q5_K), (Type.IQ4_NL, Type.IQ4_XS, Type.MXFP4)], dict(expert_feed_forward_length=UNITS))
write("older_packings", "qwen3moe", [(Type.Q4_0, Type.Q4_1, Type.Q5_0), (Type.Q5_1, Type.Q8_0, Type.Q4_0)], dict(expert_feed_forward_length=UNITS))
write("deepseek2", "deepseek2", [(Type.Q4_K, Type.Q4_K, Type.Q6_K)], dict(expert_feed_forward_length=UNITS, expert_gating_func=2, expert_weights_norm=True, expert_weights_scale=2.5),
      bias=True, shared=True, layers=(1,))
