"""Captures of routing as engines write them, by numpy and json, and what their measures are, computed here.

usage: captures.py OUTPUT. One set of ids [tokens, layers, k] in every format; expected.safetensors holds ids and, for layer L,
load.L, together.L and scalars.L: CV, MaxVio, Gini, entropy of the load, churn. The tokens are two sequences of 30 and 11.
"""
import base64
import json
import os
import sys

import numpy
from safetensors.numpy import save_file

folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)
path = lambda name: os.path.join(folder, name)
TOKENS, LAYERS, CHOSEN, EXPERTS, FIRST = 41, 3, 2, 8, 30
dice = numpy.random.default_rng(5)
likes = dice.random((LAYERS, EXPERTS)) + 0.05
likes[1, 3] = 0  # an expert that is never chosen
ids = numpy.array([[dice.choice(EXPERTS, CHOSEN, replace=False, p=likes[l] / likes[l].sum()) for l in range(LAYERS)] for _ in range(TOKENS)])
ids[0, 0] = [EXPERTS - 1, 0]

numpy.save(path("int32.npy"), ids.astype(numpy.int32))
numpy.save(path("bytes.npy"), ids.astype(numpy.uint8))
numpy.save(path("big_fortran.npy"), numpy.asfortranarray(ids.astype(">i8")))
numpy.save(path("one_layer.npy"), ids[:, 1].astype(numpy.int16))
numpy.savez(path("stored.npz"), ids.astype(numpy.int64))
numpy.savez_compressed(path("deflated.npz"), other=numpy.arange(3.0), routed_experts=ids.astype(numpy.int32))
encode = lambda part: base64.b64encode(part.astype("<i4").tobytes()).decode()
parts = [ids[:FIRST], ids[FIRST:]]
with open(path("sglang.json"), "w") as file:
    json.dump([{"text": "a", "meta_info": {"id": 1, "routed_experts": encode(part)}} for part in parts], file)
with open(path("vllm.json"), "w") as file:
    json.dump({"id": "x", "choices": [{"index": i, "token_ids": [1, [2]], "routed_experts": part.tolist()} for i, part in enumerate(parts)]}, file)
with open(path("nested.json"), "w") as file:
    json.dump(ids.tolist(), file)

expected = {"ids": ids.astype(numpy.int32)}
for layer in range(LAYERS):
    own = ids[:, layer]
    chosen = numpy.zeros((TOKENS, EXPERTS))
    numpy.put_along_axis(chosen, own, 1, axis=1)
    load = chosen.sum(0) / chosen.sum()
    pairs = [(t, t + 1) for t in range(TOKENS - 1) if t != FIRST - 1]
    expected[f"load.{layer}"] = load
    expected[f"together.{layer}"] = chosen.T @ chosen / TOKENS
    expected[f"scalars.{layer}"] = numpy.array([
        load.std() / load.mean(),
        load.max() / load.mean() - 1,
        numpy.abs(load[:, None] - load).mean() / (2 * load.mean()),
        -sum(p * numpy.log(p) for p in load if p > 0),
        numpy.mean([len(set(own[a]) - set(own[b])) / CHOSEN for a, b in pairs]),
    ])
save_file({name: numpy.ascontiguousarray(array) for name, array in expected.items()}, path("expected.safetensors"))
