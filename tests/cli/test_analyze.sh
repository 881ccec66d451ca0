#!/usr/bin/env bash
# test_analyze.sh PROGRAM ORACLE DEPENDENCIES: analyze on a tiny checkpoint of every family, with the oracle's hidden states as
# trace, with the trace that docs/trace.md's example writes, and on what cannot be read.
. "$(dirname "$0")/checks.sh"
oracle=$2 dependencies=$3
most_lines=3

# One of each layout and of each kind of router.
for family in mixtral mixtral_stacked mixtral_gelu qwen2_moe qwen2_moe_bf16 qwen3_moe qwen3_moe_stacked_fp8 qwen3_moe_int4 qwen3_moe_nvfp4 olmoe_sharded deepseek_v2 deepseek_v3 deepseek_v3_fp8 \
  deepseek_v3_stacked_sharded gpt_oss gpt_oss_clamped gpt_oss_mxfp4 kimi_k25 qwen3_5_moe deepseek_v4 nemotron_h llama4 phimoe granitemoeshared dbrx kolibri1; do
  checkpoint=$oracle/$family
  "$program" analyze "$checkpoint" --trace "$checkpoint/oracle.safetensors" --rank 3 --json >"$folder/$family.json" 2>"$folder/log" || fail "$family: $(cat "$folder/log")"
  python3 - "$folder/$family.json" <<'PYTHON' || fail "$family: the report is wrong"
import json, sys
report = json.load(open(sys.argv[1]))
assert report["layers"], "no layer"
assert all(set(note) == {"kind", "text"} for note in report["notes"])
assert any(note["kind"] == "not read" and "a trace has no such tensors: " in note["text"] for note in report["notes"])
for layer in report["layers"]:
    trace = layer["trace"]
    n = layer["experts"]
    assert abs(sum(trace["load"]) - 1) < 1e-9
    assert all(abs(layer["weight_subspaces"]["overlap"][e][e] - 1) < 1e-9 for e in range(n))
    entropies = [at["entropy_of_probabilities_nats"] for at in trace["routing"]]
    assert all(b <= a + 1e-6 for a, b in zip(entropies, entropies[1:])), entropies
    for at in trace["routing"]:
        assert at["entropy_lower_bound_nats"] - 1e-5 <= at["entropy_of_probabilities_nats"] <= at["entropy_upper_bound_nats"] + 1e-5
    assert trace["jacobians"]["method"] == "exact" and "without_jacobians" not in trace
    shared = layer.get("shared_expert")
    if shared:
        assert len(shared["jacobian_alignment"]) == len(shared["weight_overlap"]) == len(trace["load"]) == n == 8
        assert shared["gated"] == report["family"].startswith(("qwen2", "qwen3_next", "qwen3_5", "qwen4")) == ("mean_gate" in shared)
PYTHON
done

# Singular values of Jacobians where they are asked for, of every expert and of the layer.
"$program" analyze "$oracle/mixtral" --trace "$oracle/mixtral/oracle.safetensors" --spectra 3 --json >"$folder/spectra.json" || fail "spectra"
python3 - "$folder/spectra.json" "$folder/mixtral.json" <<'PYTHON' || fail "the spectra are wrong"
import json, sys
with_spectra, without = (json.load(open(name)) for name in sys.argv[1:3])
assert all("jacobian_spectrum" not in layer["trace"] for layer in without["layers"])
for layer in with_spectra["layers"]:
    spectrum = layer["trace"]["jacobian_spectrum"]
    assert spectrum["experts"]["jacobians"] == 3 * layer["experts"] and spectrum["layer"]["jacobians"] == 3, spectrum
    for each in spectrum.values():
        assert len(each["decay"]) == layer["width"] and each["decay"][0] == 1 and each["decay"] == sorted(each["decay"], reverse=True)
        assert 1 <= each["effective_rank"] <= layer["width"] and 1 / layer["width"] <= each["leading_share"] <= 1 and each["leading"] > 0
PYTHON
"$program" analyze "$oracle/mixtral" --trace "$oracle/mixtral/oracle.safetensors" --spectra 3 | grep -q "Jacobian of the layer, gates held: effective rank" || fail "spectra in words"

# The table of all layers against what transformers routed, and against the choice without the correction bias, computed apart.
"$program" analyze "$oracle/deepseek_v3" --trace "$oracle/deepseek_v3/oracle.safetensors" --layers "$folder/table.csv" >"$folder/log" 2>&1 || fail "the table of layers: $(cat "$folder/log")"
"$program" analyze "$oracle/deepseek_v3" --trace "$oracle/deepseek_v3/oracle.safetensors" --layers "$folder/table.json" --json >/dev/null || fail "the table of layers as JSON"
"$dependencies/oracle/venv/bin/python" - "$folder" "$oracle/deepseek_v3" <<'PYTHON' || fail "the table of layers is wrong"
import csv, json, sys
import numpy
from safetensors.numpy import load_file
rows = list(csv.DictReader(open(sys.argv[1] + "/table.csv")))
oracle, model = load_file(sys.argv[2] + "/oracle.safetensors"), load_file(sys.argv[2] + "/model.safetensors")
assert [(row["layer"], row["expert"]) for row in rows] == [("1", str(e)) for e in range(8)]
chosen = oracle["weights.1"] != 0
load = chosen.sum(0) / chosen.sum()
assert numpy.allclose([float(row["load"]) for row in rows], load, atol=1e-6)
assert abs(float(rows[0]["load_cv_of_assignments"]) - load.std() / load.mean()) < 1e-6 and float(rows[0]["dead_experts"]) == (load < 0.1 / 8).sum()
router = model["model.layers.1.mlp.gate.weight"].astype(float)
scores = 1 / (1 + numpy.exp(-oracle["hidden.1"] @ router.T))
p = scores / scores.sum(1, keepdims=True)
entropy = -(p * numpy.log(p)).sum(1)
assert abs(float(rows[0]["mean_entropy_nats"]) - entropy.mean()) < 1e-5 and abs(float(rows[0]["effective_experts"]) - numpy.exp(entropy).mean()) < 1e-4
shared = []
for token, own in zip(scores, chosen):  # of four groups of two the two whose sums are largest
    groups = numpy.argsort(-token.reshape(4, 2).sum(1))[:2]
    best = sorted((e for e in range(8) if e // 2 in groups), key=lambda e: -token[e])[:3]
    shared.append(len(set(best) & set(numpy.flatnonzero(own))) / len(set(best) | set(numpy.flatnonzero(own))))
assert abs(float(rows[0]["choices_shared_without_bias"]) - numpy.mean(shared)) < 1e-6
units = router / numpy.linalg.norm(router, axis=1, keepdims=True)
cosines = units @ units.T - 9 * numpy.eye(8)
assert numpy.allclose([float(row["nearest_router_cosine"]) for row in rows], cosines.max(1), atol=1e-5)
rank = scores + model["model.layers.1.mlp.gate.e_score_correction_bias"].astype(float)
margin = [token[own].min() - token[~own].max() for token, own in zip(rank, chosen)]
assert abs(float(rows[0]["choice_margin"]) - numpy.mean(margin)) < 1e-5
mean = lambda values: values.mean() if len(values) else numpy.nan  # of an expert that no token chose there is none
assert numpy.allclose([float(row["tokens_entropy_nats"]) for row in rows], [mean(entropy[own]) for own in chosen.T], atol=1e-5, equal_nan=True)
assert numpy.allclose([float(row["tokens_effective_experts"]) for row in rows], [mean(numpy.exp(entropy[own])) for own in chosen.T], atol=1e-4, equal_nan=True)
assert all(name not in rows[0] for name in ("told_of_next_layer_bits", "shared_over_routed", "lift_log2_0")), rows[0]  # one layer, nothing asked for
table = json.load(open(sys.argv[1] + "/table.json"))["layers"][0]
assert numpy.allclose(table["load"], load, atol=1e-6) and table["layer"] == 1
assert type(table["dead_experts"]) is int and table["dead_experts"] == (load < 0.1 / 8).sum()
head, first = (line.split() for line in open(sys.argv[1] + "/log").read().splitlines()[-2:])
assert first[head.index("dead_experts")] == str((load < 0.1 / 8).sum()), (head, first)  # a count has no decimals
PYTHON
# What follows in the next layer, and shared experts' outputs, against numpy.
"$program" analyze "$oracle/qwen2_moe" --trace "$oracle/qwen2_moe/oracle.safetensors" --shared-norms --layers "$folder/next.json" >/dev/null || fail "the table with shared norms"
"$program" analyze "$oracle/qwen2_moe" --trace "$oracle/qwen2_moe/oracle.safetensors" --json >"$folder/shared.json" || fail "the report of shared experts"
refuse "shared norms where nothing is shared" 1 "none of these layers has shared experts" analyze "$oracle/mixtral" --trace "$oracle/mixtral/oracle.safetensors" --shared-norms --layers "$folder/none.csv"
"$dependencies/oracle/venv/bin/python" - "$folder" "$oracle/qwen2_moe" <<'PYTHON' || fail "the next layer, or the shared experts, are wrong"
import json, sys
import numpy
from safetensors.numpy import load_file
oracle = load_file(sys.argv[2] + "/oracle.safetensors")
layers = json.load(open(sys.argv[1] + "/next.json"))["layers"]
report = json.load(open(sys.argv[1] + "/shared.json"))["layers"]
first, second = (oracle[f"weights.{l}"] != 0 for l in (0, 1))
both = first.T.astype(float) @ second / len(first)
found = layers[0]["next_layer"]
assert found["layer"] == 1 and numpy.allclose(found["tokens_of_both"], both) and "next_layer" not in layers[1]
q, alone = both / both.sum(1, keepdims=True), second.mean(0) / second.mean(0).sum()
with numpy.errstate(divide="ignore", invalid="ignore"):
    told = numpy.nansum(numpy.where(q > 0, q * numpy.log2(q / alone), 0), 1)
chosen = first.any(0)
assert numpy.allclose(numpy.array(found["told_bits"], dtype=float)[chosen], told[chosen])
for layer, own in zip(layers, report):
    assert abs(layer["shared_over_routed"]["mean"] - own["shared_expert"]["output_norm_over_routed"]["mean"]) < 1e-5
PYTHON
# Lift over domains against numpy; domains of 16 tokens in a row are permuted by runs of 16.
"$dependencies/oracle/venv/bin/python" - "$folder" "$oracle/deepseek_v3" <<'PYTHON' || fail "writing a trace with domains"
import sys
import numpy
from safetensors.numpy import load_file, save_file
tensors = load_file(sys.argv[2] + "/oracle.safetensors")
tensors["domains"] = (numpy.arange(48) % 3).astype(numpy.int32)
tensors["domain_names"] = numpy.frombuffer("German\nC++\nsums".encode(), dtype=numpy.uint8).copy()
save_file(tensors, sys.argv[1] + "/domains.safetensors")
PYTHON
for format in csv json; do
  "$program" analyze "$oracle/deepseek_v3" --trace "$folder/domains.safetensors" --layers "$folder/lift.$format" >"$folder/log" || fail "lift as $format"
done
grep -Eq 'lift of experts over 3 domains: 999 permutations of 48 tokens, the greatest \|z\| of [0-9]+ tests' "$folder/log" || fail "the lift must be said: $(cat "$folder/log")"
"$dependencies/oracle/venv/bin/python" - "$folder" "$oracle/deepseek_v3" <<'PYTHON' || fail "the lift over domains is wrong"
import csv, json, sys
import numpy
from safetensors.numpy import load_file
chosen = load_file(sys.argv[2] + "/oracle.safetensors")["weights.1"] != 0
domain = numpy.arange(48) % 3
table = json.load(open(sys.argv[1] + "/lift.json"))
assert table["domain_lift"]["domains"] == ["German", "C++", "sums"] and table["domain_lift"]["permutations"] == 999
lift, z, p = (numpy.array(table["layers"][0]["domain_lift"][name], dtype=float) for name in ("log2", "z", "p"))
counts = numpy.array([chosen[domain == d].sum(0) for d in range(3)], dtype=float)
with numpy.errstate(divide="ignore", invalid="ignore"):
    expected = numpy.log2(counts / counts.sum(1, keepdims=True) / (counts.sum(0) / counts.sum()))
assert numpy.allclose(lift[counts > 0], expected[counts > 0], atol=1e-9) and numpy.isnan(lift[counts == 0]).all()
n = chosen.sum(0)
varies = (n > 0) & (n < 48)  # an expert that all tokens chose, or none, cannot be tested
assert numpy.isnan(z[:, ~varies]).all() and numpy.isnan(p[:, ~varies]).all() and table["domain_lift"]["tests"] == 3 * varies.sum() > 0
z, p, counts, n, chosen, lift = z[:, varies], p[:, varies], counts[:, varies], n[varies], chosen[:, varies], lift[:, varies]
deviation = numpy.sqrt(16 * 32 * n * (48 - n) / (48 ** 2 * 47))
assert numpy.allclose(z, (counts - 16 * n / 48) / deviation, atol=1e-9)
dice = numpy.random.default_rng(0)
maxima = []
for _ in range(2000):
    dealt = dice.permutation(domain)
    maxima.append(max(abs(numpy.array([chosen[dealt == d].sum(0) for d in range(3)]) - 16 * n / 48).max(0) / deviation))
expected = [[(numpy.array(maxima) >= abs(value) - 1e-9).mean() for value in row] for row in z]
assert abs(p - expected).max() < 0.06, abs(p - expected).max()
rows = list(csv.DictReader(open(sys.argv[1] + "/lift.csv")))
assert numpy.allclose([float(row["lift_p_C__"]) for row, tested in zip(rows, varies) if tested], p[1], atol=1e-6)
PYTHON
refuse "a table of another kind" 2 "ends in neither .csv nor .json" analyze "$oracle/mixtral" --layers "$folder/table.txt"

# A GGUF file as any other checkpoint.
"$program" analyze "$oracle/gguf/qwen3moe.gguf" --layer 0 --json | grep -q '"family": "qwen3_moe"' || fail "a GGUF file"

# The mean overlap of routed subspaces by its definition, computed apart; few tokens, so that some experts must be left out.
for family in qwen3_moe mixtral deepseek_v2 deepseek_v3 gpt_oss; do
  "$program" analyze "$oracle/$family" --trace "$oracle/$family/oracle.safetensors" --rank 3 --tokens 12 --json >"$folder/few.json" 2>"$folder/log" || fail "$family, few tokens: $(cat "$folder/log")"
  "$dependencies/oracle/venv/bin/python" - "$folder/few.json" "$oracle/$family/oracle.safetensors" <<'PYTHON' || fail "$family: the mean overlap is not its definition"
import json, sys
import numpy
from safetensors.numpy import load_file
report, oracle = json.load(open(sys.argv[1])), load_file(sys.argv[2])
assert any(note["kind"] == "not read" and "36 of 48 tokens" in note["text"] for note in report["notes"]), report["notes"]
rank, left_out = 3, 0
for layer in report["layers"]:
    number = layer["layer"]
    hidden, weights = oracle[f"hidden.{number}"].astype(float), oracle[f"weights.{number}"].astype(float)
    hidden, weights = hidden[::len(hidden) // 12], weights[::len(weights) // 12]
    weights = weights / weights.sum(1, keepdims=True)
    bases = {}
    for expert in range(weights.shape[1]):
        own = weights[:, expert] > 0
        if own.sum() <= rank:
            continue
        w = weights[own, expert] / weights[own, expert].sum()
        centred = numpy.sqrt(w)[:, None] * (hidden[own] - w @ hidden[own])
        bases[expert] = numpy.linalg.svd(centred, full_matrices=False)[2][:rank]
    pairs = [(a, b) for a in bases for b in bases if a < b]
    mean = numpy.mean([((bases[a] @ bases[b].T) ** 2).sum() / rank for a, b in pairs]) if pairs else None
    said = layer["trace"]["routed_subspaces"]
    assert said["experts_left_out"] == [e for e in range(weights.shape[1]) if e not in bases], said["experts_left_out"]
    assert said["pairs"] == len(pairs) and "principal angles" in said["definition"]
    assert (mean is None) == (said["mean_overlap"] is None) and (mean is None or abs(mean - said["mean_overlap"]) < 1e-4), (mean, said["mean_overlap"])
    left_out += len(said["experts_left_out"])
    assert all(row[e] is None for e in said["experts_left_out"] for row in said["overlap"])
assert left_out > 0, "no expert was left out: nothing was tried"
PYTHON
done

# A pruned model: the last two experts of its second layer are gone.
python3 - "$oracle/qwen3_moe" "$folder/pruned" "$folder/seventh.json" <<'PYTHON'
import json, os, shutil, struct, sys
os.makedirs(sys.argv[2])
shutil.copy(sys.argv[1] + "/config.json", sys.argv[2])
data = open(sys.argv[1] + "/model.safetensors", "rb").read()
size = struct.unpack("<Q", data[:8])[0]
header, kept, body = json.loads(data[8:8 + size]), {}, b""
for name, entry in header.items():
    if name == "__metadata__" or name.startswith(("model.layers.1.mlp.experts.6.", "model.layers.1.mlp.experts.7.")):
        continue
    begin, end = entry["data_offsets"]
    raw, shape = data[8 + size + begin:8 + size + end], entry["shape"]
    if name == "model.layers.1.mlp.gate.weight":
        raw, shape = raw[:len(raw) * 6 // 8], [6, shape[1]]
    kept[name] = dict(entry, shape=shape, data_offsets=[len(body), len(body) + len(raw)])
    body += raw
text = json.dumps(kept).encode()
open(sys.argv[2] + "/model.safetensors", "wb").write(struct.pack("<Q", len(text)) + text + body)
json.dump([[[0, 7, 1], [1, 7, 2]]] * 3, open(sys.argv[3], "w"))
PYTHON
"$program" analyze "$folder/pruned" --trace "$oracle/qwen3_moe/oracle.safetensors" --json >"$folder/pruned.json" || fail "a model whose layers have different numbers of experts"
python3 - "$folder/pruned.json" <<'PYTHON' || fail "a pruned model: the report is wrong"
import json, sys
report = json.load(open(sys.argv[1]))
assert [layer["experts"] for layer in report["layers"]] == [len(layer["trace"]["load"]) for layer in report["layers"]] == [8, 6] and report["experts"] == 8
assert any(note["kind"] == "assumed" and "6 rows in layer 1" in note["text"] for note in report["notes"]), report["notes"]
PYTHON
"$program" analyze "$folder/pruned" >"$folder/report" && grep -q "6 to 8 experts" "$folder/report" || fail "the heading of a pruned model"
"$program" analyze "$folder/pruned" --layer 1 --trace "$folder/seventh.json" --json >"$folder/log" 2>&1 && fail "a capture with an expert that the layer does not have"
grep -q "expert 7, but layer 1 has 6 experts" "$folder/log" || fail "the expert that the layer does not have: $(cat "$folder/log")"

# Values that are not finite: named, and null or "not a number" wherever they reach.
python3 - "$oracle/qwen3_moe" "$folder/nan" <<'PYTHON'
import json, os, shutil, struct, sys
os.makedirs(sys.argv[2])
shutil.copy(sys.argv[1] + "/config.json", sys.argv[2])
data = bytearray(open(sys.argv[1] + "/model.safetensors", "rb").read())
size = struct.unpack("<Q", data[:8])[0]
begin, end = json.loads(data[8:8 + size])["model.layers.1.mlp.experts.3.up_proj.weight"]["data_offsets"]
data[8 + size + begin:8 + size + end] = struct.pack("<f", float("nan")) * ((end - begin) // 4)
open(sys.argv[2] + "/model.safetensors", "wb").write(data)
PYTHON
"$program" analyze "$folder/nan" --trace "$oracle/qwen3_moe/oracle.safetensors" --layer 1 --json >"$folder/nan.json" || fail "a checkpoint with values that are not finite"
python3 - "$folder/nan.json" <<'PYTHON' || fail "values that are not finite: the report is wrong"
import json, sys
report = json.load(open(sys.argv[1]))
assert {"kind": "not finite", "text": 'tensor "model.layers.1.mlp.experts.3.up_proj.weight": 480 of 480 values; what depends on them is not a number'} in report["notes"], report["notes"]
trace = report["layers"][0]["trace"]
assert trace["jacobians"]["mean_absolute"] is None and trace["jacobians"]["mean_absolute_z"] is None
assert all(trace["jacobians"]["alignment"][3][e] is None and trace["jacobians"]["alignment"][e][3] is None for e in range(8))
assert trace["jacobians"]["alignment"][0][1] is not None and trace["score_activation"][3]["spearman"] is None
PYTHON
"$program" analyze "$folder/nan" --trace "$oracle/qwen3_moe/oracle.safetensors" --layer 1 >"$folder/report" || fail "the same as text"
grep -q "Jacobian alignment, mean |cos|  *not a number" "$folder/report" || fail "the text must say that the alignment is not a number"
grep -q 'not finite: tensor "model.layers.1.mlp.experts.3.up_proj.weight": 480 of 480 values' "$folder/report" || fail "the text must name the tensor"
grep -qi "nan\b" <(sed "s|$folder/nan||" "$folder/report") && fail "nan in the report"

LD_LIBRARY_PATH="$dependencies/oracle/stubs" "$dependencies/oracle/venv/bin/python" "$(dirname "$0")/../oracle/trace_example.py" "$dependencies/torch" "$oracle/mixtral" "$folder/trace.safetensors" >/dev/null 2>"$folder/log" || fail "the example of docs/trace.md: $(tail -1 "$folder/log")"
"$program" analyze "$oracle/mixtral" --trace "$folder/trace.safetensors" | grep -q "with the trace's 120 tokens" || fail "the example's trace"
"$program" analyze "$oracle/mixtral" -o "$folder/report.json" >/dev/null && grep -q '"family": "mixtral"' "$folder/report.json" || fail "the report as a file"

"$program" analyze "$oracle/deepseek_v3_fp8" --trace "$oracle/deepseek_v3_fp8/oracle.safetensors" --jacobian-memory 2 >"$folder/report" || fail "Jacobians in passes"
grep -q "by 32 random directions on 48 shared tokens, every expert read 6 times" "$folder/report" || fail "the report must say how Jacobians were taken"
"$program" analyze "$oracle/mixtral" --trace "$oracle/mixtral/oracle.safetensors" --jacobian-memory 0 --json | grep -q without_jacobians || fail "no memory for Jacobians"

mkfifo "$folder/pipe" "$folder/pipe.safetensors"
refuse "a named pipe" 1 "$folder/pipe: not a regular file" analyze "$folder/pipe"
refuse "a named pipe as a trace" 1 "$folder/pipe.safetensors: not a regular file" analyze "$oracle/mixtral" --trace "$folder/pipe.safetensors"
refuse "no checkpoint" 1 "$folder/nowhere" analyze "$folder/nowhere"
refuse "no such layer" 2 "expected all or one of" analyze "$oracle/mixtral" --layer 77
refuse "a trace that is a checkpoint" 1 "hidden.L" analyze "$oracle/mixtral" --trace "$oracle/mixtral/model.safetensors"
mkdir "$folder/python"
cat >"$folder/python/tensors.py" <<'PYTHON'
import json, struct
def write(path, tensors):
    header, data = {}, b""
    for name, (kind, shape, raw) in tensors.items():
        header[name] = {"dtype": kind, "shape": shape, "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    open(path, "wb").write(struct.pack("<Q", len(text)) + text + data)
PYTHON
export PYTHONPATH="$folder/python"
python3 - "$folder" <<'PYTHON'
import struct, sys
from tensors import write
f = sys.argv[1]
hidden = ("F32", [3, 24], struct.pack("<72f", *[0.1 * i for i in range(72)]))
write(f + "/wide.safetensors", {"hidden.0": ("F32", [2, 5], struct.pack("<10f", *range(10)))})
write(f + "/ids.safetensors", {"hidden.0": hidden, "expert_ids.0": ("I64", [3, 2], struct.pack("<6q", 0, 1, 2, 8, 1, 0))})
write(f + "/floats.safetensors", {"hidden.0": hidden, "expert_ids.0": ("F32", [3, 2], struct.pack("<6f", *range(6)))})
write(f + "/logits.safetensors", {"hidden.0": hidden, "router_logits.0": ("F32", [3, 7], struct.pack("<21f", *range(21)))})
write(f + "/nan.safetensors", {"hidden.0": ("F32", [1, 24], struct.pack("<24f", *([float("nan")] * 24)))})
write(f + "/tokens.safetensors", {"hidden.0": hidden, "hidden.1": ("F32", [2, 24], struct.pack("<48f", *range(48)))})
PYTHON
python3 - "$folder" "$oracle/mixtral" <<'PYTHON' || fail "the small inputs could not be made"
import json, math, os, random, shutil, struct, sys
from tensors import write
f, mixtral = sys.argv[1:]
random.seed(5)
hidden = ("F32", [40, 24], struct.pack("<960f", *[random.gauss(0, 1) for _ in range(960)]))
logits = [random.gauss(0, 3) for _ in range(320)]
write(f + "/other_logits.safetensors", {"hidden.0": hidden, "router_logits.0": ("F32", [40, 8], struct.pack("<320f", *logits))})
os.link(f + "/other_logits.safetensors", f + "/unnamed_trace")
ids = [e for _ in range(40) for e in (1, 6)]
write(f + "/negative_gates.safetensors", {"hidden.0": hidden, "expert_ids.0": ("I64", [40, 2], struct.pack("<80q", *ids)),
                                          "gates.0": ("F32", [40, 2], struct.pack("<80f", *[0.5, -0.25] * 40))})
# The routing of these logits by Mixtral's rule, computed apart: the k best of the softmax, divided by their sum.
chosen = json.load(open(mixtral + "/config.json"))["num_experts_per_tok"]
load, weight, entropy = [0.0] * 8, [0.0] * 8, 0.0
for t in range(40):
    row = logits[8 * t : 8 * t + 8]
    p = [math.exp(l - max(row)) for l in row]
    p = [x / sum(p) for x in p]
    best = sorted(range(8), key=lambda e: -p[e])[:chosen]
    entropy -= sum(x * math.log(x) for x in p) / 40
    for e in best:
        load[e] += 1 / (40 * chosen)
        weight[e] += p[e] / sum(p[b] for b in best) / 40
cv = lambda values: math.sqrt(sum((v - 0.125) ** 2 for v in values) / 8) / 0.125
json.dump({"load": load, "cv": cv(load), "weights": cv(weight), "entropy": entropy}, open(f + "/expected.json", "w"))
config = open(mixtral + "/config.json").read()
for name, text in (("infinite", config.replace("{", '{"time_step_limit": [0.0, Infinity], "other": NaN, ', 1)), ("layers", json.dumps(json.loads(config) | {"num_hidden_layers": 5})),
                   ("nul", json.dumps(json.loads(config) | {"model_type": "no\0such\nmodel"})), ("broken", config.replace("{", "{\n nan", 1))):
    os.mkdir(f + "/" + name)
    shutil.copy(mixtral + "/model.safetensors", f + "/" + name)
    open(f"{f}/{name}/config.json", "w").write(text)
PYTHON
"$program" analyze "$oracle/mixtral" --layer 0 --trace "$folder/other_logits.safetensors" --json >"$folder/other.json" 2>"$folder/log" || fail "a trace of other logits: $(cat "$folder/log")"
"$program" analyze "$oracle/mixtral" --layer 0 --trace "$folder/other_logits.safetensors" --layers "$folder/other_layers.json" --json >/dev/null || fail "the layers of a trace of other logits"
python3 - "$folder" <<'PYTHON' || fail "numbers of a trace of other logits are not all of these logits"
import json, sys
expected, report, layers = (json.load(open(f"{sys.argv[1]}/{name}.json")) for name in ("expected", "other", "other_layers"))
trace, row = report["layers"][0]["trace"], layers["layers"][0]
near = lambda a, b: abs(a - b) < 1e-5
assert all(map(near, trace["load"], expected["load"])) and all(map(near, row["load"], expected["load"]))
assert near(trace["load_cv_of_assignments"], expected["cv"]) and near(row["load_cv_of_assignments"], expected["cv"])
assert near(trace["load_cv_of_weights"], expected["weights"]), (trace["load_cv_of_weights"], expected)
one = next(at for at in trace["routing"] if at["concentration"] == 1)
assert near(one["entropy_of_probabilities_nats"], expected["entropy"]) and near(row["mean_entropy_nats"], expected["entropy"])
assert near(one["load_cv_applied"], expected["weights"]), one
assert trace["traced_logits"]["tokens"] == 40 and trace["traced_logits"]["tokens_with_other_experts"] > 20 and trace["traced_logits"]["greatest_difference"] > 1
for notes in (report["notes"], layers["notes"]):
    said = [note["text"] for note in notes if note["kind"] == "contradicting"]
    assert len(said) == 1 and f"other experts at {trace['traced_logits']['tokens_with_other_experts']} of 40 tokens" in said[0], said
PYTHON
"$program" analyze "$folder/infinite" 2>&1 | grep -q "2 MoE layers" || fail "a config.json with an infinity: $("$program" analyze "$folder/infinite" 2>&1 | head -2)"
"$program" analyze "$folder/layers" 2>&1 | grep -q 'missing: .*"num_hidden_layers" gives 5 layers, and there are tensors of 2: no tensor is of layer 2 to 4; are files missing?' || fail "layers without tensors are not said"
refuse "a config.json that is no JSON" 1 "$folder/broken/config.json: not JSON at byte 5 (line 2): syntax error" analyze "$folder/broken"
refuse "a model_type with NUL and a new line" 1 'model_type "no\0such\nmodel" is not known; expected one of' analyze "$folder/nul"
refuse "a name with a new line" 1 'no\nsuch: no such file or folder' analyze $'no\nsuch'
refuse "a trace by another name" 1 "that is named .safetensors" analyze "$oracle/mixtral" --trace "$folder/unnamed_trace"
refuse "negative gates" 1 "gates.0: expected numbers of at least 0, found 40 others in 80" analyze "$oracle/mixtral" --layer 0 --trace "$folder/negative_gates.safetensors" --json
refuse "more experts than there are" 2 "--gating-k: 4096 of 8 experts cannot be kept; expected 1 to 8" analyze "$oracle/mixtral" --gating top-k --gating-k 4096
refuse "a trace of another width" 1 "hidden.0: expected width 24" analyze "$oracle/mixtral" --layer 0 --trace "$folder/wide.safetensors" --json
refuse "an expert that is not there" 1 "expected ids from 0 to 7" analyze "$oracle/mixtral" --layer 0 --trace "$folder/ids.safetensors" --json
refuse "ids that are no integers" 1 "expert_ids.0: expected integers" analyze "$oracle/mixtral" --trace "$folder/floats.safetensors" --json
refuse "logits of other experts" 1 "expected 8 columns" analyze "$oracle/mixtral" --layer 0 --trace "$folder/logits.safetensors" --json
refuse "not a number" 1 "finite" analyze "$oracle/mixtral" --layer 0 --trace "$folder/nan.safetensors" --json
refuse "layers of different lengths" 1 "3 tokens as in the other layers" analyze "$oracle/mixtral" --trace "$folder/tokens.safetensors" --json
exit $((failures > 0))
