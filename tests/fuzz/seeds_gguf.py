import struct, sys
text = lambda words: struct.pack("<Q", len(words)) + words
number = lambda key, value: text(key) + struct.pack("<II", 4, value)
def write(name, values, tensors, data):
    infos = b"".join(text(t) + struct.pack("<I", len(shape)) + struct.pack(f"<{len(shape)}Q", *shape) + struct.pack("<IQ", kind, offset) for t, shape, kind, offset in tensors)
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(values)) + b"".join(values) + infos
    open(f"{sys.argv[1]}/{name}", "wb").write(head + bytes(-len(head) % 32) + data)
common = [text(b"general.architecture") + struct.pack("<I", 8) + text(b"qwen3moe"), number(b"qwen3moe.expert_count", 2), number(b"qwen3moe.block_count", 1),
          text(b"tokens") + struct.pack("<IIQ", 9, 8, 2) + text(b"a") + text(b"bc"), text(b"scores") + struct.pack("<IIQ", 9, 6, 2) + bytes(8)]
write("plain", common, [(b"blk.0.ffn_gate_inp.weight", (4, 2), 0, 0)], bytes(32))
write("packed", common + [number(b"general.alignment", 64)], [(b"blk.0.ffn_gate_exps.weight", (32, 1, 2), 8, 0), (b"blk.0.ffn_gate_inp_shexp.weight", (4,), 1, 96)], bytes(200))
