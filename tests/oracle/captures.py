"""Captures of routing as engines write them, by numpy and json, and what their measures are, computed here.

usage: captures.py OUTPUT. One set of ids [tokens, layers, k] in every format; expected.safetensors holds ids and, for layer L,
load.L, together.L and scalars.L: CV, MaxVio, Gini, entropy of the load, churn. The tokens are two sequences of 30 and 11. The same
with the prefixes stale., stale_without., padded. and padded_without. for captures with rows that stand for no token.
"""
import base64
import io
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


def text(name, value):
    with open(path(name), "w") as file:
        json.dump(value, file)


def blob(part):
    memory = io.BytesIO()
    numpy.save(memory, part)
    return base64.b64encode(memory.getvalue()).decode()


def struct(part, encoder, dtype):
    return {"data": encoder(part.astype(dtype).tobytes()).decode(), "shape": list(part.shape), "dtype": dtype}


prompt, answer = parts
text("npy_blob.json", {"choices": [{"routed_experts": blob(ids.astype(numpy.int16))}]})
text("struct_base85.json", {"choices": [{"routed_experts": struct(ids, base64.b85encode, "int16")}]})
text("struct_uint8.json", {"nvext": {"engine_data": {"routed_experts": dict(struct(ids, base64.b64encode, "uint8"), start=0)}}})
text("struct_lists.json", {"routed_experts": {"shape": list(ids.shape), "data": ids.tolist()}})
text("type_behind.json", {"sgl_ext": {"routed_experts": base64.b64encode(ids.astype(numpy.uint8).tobytes()).decode(), "routed_experts_dtype": "uint8"}})
text("type_before.json", {"sgl_ext": {"routed_experts_dtype": "uint16", "routed_experts_shape": list(ids.shape), "routed_experts": base64.b64encode(ids.astype("<u2").tobytes()).decode()}})
text("prompt_and_answer.json", {"prompt_routed_experts": prompt.tolist(), "choices": [{"routed_experts": answer.tolist()}]})
text("answer_and_prompt.json", [{"choices": [{"routed_experts": blob(answer)}], "prompt_routed_experts": blob(prompt)}])
text("prompt_twice.json", {"prompt_routed_experts": prompt.tolist(), "choices": [{"routed_experts": ids.tolist()}]})
text("growing.json", {"turns": [{"routed_experts": encode(ids[:12])}, {"routed_experts": encode(prompt)}, {"routed_experts": encode(ids)}]})
numpy.savez(path("parts.npz"), routed_experts=answer, prompt_routed_experts=prompt)
stale, padded = ids.copy(), ids.copy()
stale[5:25] = stale[5]
padded[25:] = [2, 6]
numpy.save(path("stale.npy"), stale)
numpy.save(path("padded.npy"), padded)

expected = {"ids": ids.astype(numpy.int32)}


def measure(prefix, ids, kept, first):
    """Of the tokens `kept`; a sequence begins at `first` and behind each gap."""
    for layer in range(LAYERS):
        own = ids[:, layer]
        chosen = numpy.zeros((len(ids), EXPERTS))
        numpy.put_along_axis(chosen, own, 1, axis=1)
        chosen = chosen[kept]
        load = chosen.sum(0) / chosen.sum()
        pairs = [(t, t + 1) for t in range(len(ids) - 1) if kept[t] and kept[t + 1] and t + 1 != first]
        expected[f"{prefix}load.{layer}"] = load
        expected[f"{prefix}together.{layer}"] = chosen.T @ chosen / len(chosen)
        expected[f"{prefix}scalars.{layer}"] = numpy.array([
            load.std() / load.mean(),
            load.max() / load.mean() - 1,
            numpy.abs(load[:, None] - load).mean() / (2 * load.mean()),
            -sum(p * numpy.log(p) for p in load if p > 0),
            numpy.mean([len(set(own[a]) - set(own[b])) / CHOSEN for a, b in pairs]),
        ])


token = numpy.arange(TOKENS)
measure("", ids, token >= 0, FIRST)
measure("stale.", stale, token >= 0, 0)
measure("stale_without.", stale, (token <= 5) | (token >= 25), 0)
measure("padded.", padded, token >= 0, 0)
measure("padded_without.", padded, token < 25, 0)
save_file({name: numpy.ascontiguousarray(array) for name, array in expected.items()}, path("expected.safetensors"))
