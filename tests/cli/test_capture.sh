#!/usr/bin/env bash
# test_capture.sh PROGRAM ORACLE DEPENDENCIES: analyze on captures of expert ids, alone and beside a checkpoint, and on what
# cannot be read.
. "$(dirname "$0")/checks.sh"
oracle=$2 python=$3/oracle/venv/bin/python

# The experts that Hugging Face chose, as an engine would record them; dense layers hold zeros, as SGLang's do.
"$python" - "$oracle" "$folder" <<'PYTHON' || fail "writing captures"
import base64, json, sys
import numpy
from safetensors.numpy import load_file
oracle, folder = sys.argv[1:]
for family in ("mixtral", "deepseek_v3"):
    seen = load_file(f"{oracle}/{family}/oracle.safetensors")
    ids = numpy.zeros((48, 2, 3), dtype="<i4")
    for layer in (0, 1):
        if f"weights.{layer}" in seen:
            ids[:, layer] = numpy.argsort(-seen[f"weights.{layer}"], axis=1)[:, :3]
    numpy.save(f"{folder}/{family}.npy", ids)
    json.dump({"meta_info": {"routed_experts": base64.b64encode(ids.tobytes()).decode()}}, open(f"{folder}/{family}.json", "w"))
PYTHON
for family in mixtral deepseek_v3; do
  "$program" analyze "$oracle/$family" --trace "$oracle/$family/oracle.safetensors" --rank 3 --json >"$folder/trace" || fail "$family: trace"
  "$program" analyze "$oracle/$family" --trace "$folder/$family.npy" --json >"$folder/capture" || fail "$family: capture"
  "$python" - "$folder" <<'PYTHON' || fail "$family: the capture's load differs from the trace's"
import json, sys
trace, capture = (json.load(open(f"{sys.argv[1]}/{name}"))["layers"] for name in ("trace", "capture"))
assert len(trace) == len(capture) >= 1
for a, b in zip(trace, capture):
    assert max(abs(x - y) for x, y in zip(a["trace"]["load"], b["capture"]["load"])) < 1e-12
    assert b["capture"]["experts"] == 8 and b["capture"]["tokens"] == 48
PYTHON
done
"$program" analyze "$folder/deepseek_v3.npy" | grep -q "not routed" || fail "a dense layer must be named"
# 48 x 2 x 3 zeros and ids could be 2 layers of the model or 1 with a router: only the person knows.
refuse "flat data that fits two shapes" 1 "ambiguous" analyze "$oracle/deepseek_v3" --trace "$folder/deepseek_v3.json" --json
"$program" analyze "$oracle/deepseek_v3" --trace "$folder/deepseek_v3.json" --capture-shape 2,3 --json >/dev/null || fail "a shape from the command line"
"$program" analyze "$oracle/mixtral" --trace "$folder/mixtral.json" --json >"$folder/beside" || fail "a shape from the checkpoint"
"$python" -c 'import json, sys; assert "assumed" in [note["kind"] for note in json.load(open(sys.argv[1]))["notes"]]' "$folder/beside" || fail "notes of a capture beside its checkpoint"
"$program" analyze "$folder/deepseek_v3.npy" --layers "$folder/layers.csv" >/dev/null || fail "a capture's layers as a table"
"$python" - "$folder" <<'PYTHON' || fail "the table of a capture's layers is wrong"
import csv, sys
import numpy
ids = numpy.load(sys.argv[1] + "/deepseek_v3.npy")
rows = list(csv.DictReader(open(sys.argv[1] + "/layers.csv")))
n = ids.max() + 1
load = numpy.bincount(ids[:, 1].ravel(), minlength=n) / ids[:, 1].size
assert len(rows) == 2 * n and all(row["load"] == "nan" for row in rows[:n])
assert not any("entropy" in name or "cosine" in name for name in rows[0]), rows[0]  # a capture has none of these
assert numpy.allclose([float(row["load"]) for row in rows[n:]], load) and float(rows[-1]["dead_experts"]) == (load < 0.1 / n).sum()
PYTHON
"$program" analyze "$folder/mixtral.npy" -o "$folder/report.json" >/dev/null && grep -q '"churn"' "$folder/report.json" || fail "the report as a file"

# Every command that opens captures takes their shape; identical rows are counted, said and left out.
refuse "a picture of a capture without a shape" 1 "--capture-shape" render --checkpoint "$folder/mixtral.json" --view load_bars -o "$folder/bars.svg"
"$program" render --checkpoint "$folder/mixtral.json" --capture-shape 2,3 --view load_bars -o "$folder/bars.svg" >/dev/null 2>&1 && grep -q "Captured assignments\|captured assignments" "$folder/bars.svg" || fail "a picture of a capture whose shape is given"
refuse "a capture's shape for a checkpoint" 2 "expected a capture" analyze "$oracle/mixtral" --capture-shape 2,3
refuse "a capture's shape for a checkpoint's picture" 1 "told of captures only" render --checkpoint "$oracle/mixtral" --capture-without-identical --view load_bars -o "$folder/none.svg"
"$program" analyze "$oracle/captures/stale.npy" --layers "$folder/stale.csv" >/dev/null && "$program" analyze "$oracle/captures/stale.npy" --capture-without-identical --layers "$folder/left.csv" >/dev/null || fail "layers with identical rows"
"$python" - "$folder" "$oracle" <<'PYTHON' || fail "the tables with and without identical rows are wrong"
import csv, sys
import numpy
ids = numpy.load(sys.argv[2] + "/captures/stale.npy")
kept = [t for t in range(41) if not 5 < t < 25]
stale, left = (list(csv.DictReader(open(f"{sys.argv[1]}/{name}.csv"))) for name in ("stale", "left"))
n = ids.max() + 1
for layer in range(ids.shape[1]):
    whole, part = (numpy.bincount(rows[:, layer].ravel(), minlength=n) / rows[:, layer].size for rows in (ids, ids[kept]))
    rows = slice(layer * n, (layer + 1) * n)
    assert numpy.allclose([float(row["load"]) for row in stale[rows]], whole) and numpy.allclose([float(row["load_without_identical_rows"]) for row in stale[rows]], part)
    assert numpy.allclose([float(row["load"]) for row in left[rows]], part)
assert stale[0]["identical_tokens"] == "20" and stale[0]["tokens"] == "41" and left[0]["tokens"] == "22" and left[0]["identical_tokens_left_out"] == "19"
PYTHON

# What is repeated, padded or left aside is said, in text and in JSON.
for name in growing.json stale.npy padded.npy prompt_and_answer.json; do
  "$program" analyze "$oracle/captures/$name" $([ $name = growing.json ] && echo --capture-shape 3,2) >"$folder/text" || fail "$name: text"
  "$program" analyze "$oracle/captures/$name" $([ $name = growing.json ] && echo --capture-shape 3,2) --json >"$folder/json" || fail "$name: JSON"
  "$python" - "$folder" $name <<'PYTHON' || fail "$name: the report: $(head -3 "$folder/text")"
import json, sys
folder, name = sys.argv[1:]
text = open(f"{folder}/text").read()
def refused(word):
    raise ValueError(word)
report = json.load(open(f"{folder}/json"), parse_constant=refused)
kinds = [note["kind"] for note in report["notes"]]
assert report["tokens"] == 41 and all(note["text"] in text for note in report["notes"])
layer = report["layers"][0]
if name == "growing.json":
    assert report["repeated_tokens"] == 42 and report["sequences"] == 1 and "repeated" in kinds and "repeated" in text
elif name == "prompt_and_answer.json":
    assert report["prompt_tokens"] == layer["prompt"]["tokens"] == 30 and report["answer_tokens"] == layer["answer"]["tokens"] == 11
    assert "30 of prompts, 11 of answers" in text and "prompts, 30 tokens: load CV of assignments" in text
else:
    left = {"stale.npy": 22, "padded.npy": 25}[name]
    assert kinds == [{"stale.npy": "repeated", "padded.npy": "padded"}[name]], kinds
    assert layer["without_identical_rows"]["tokens"] == left and layer["load_cv_of_assignments"] > layer["without_identical_rows"]["load_cv_of_assignments"]
    assert f"without the identical rows, {left} tokens" in text and "all but impossible" in text
PYTHON
done
"$program" analyze "$oracle/captures/one_layer.npy" --json | "$python" -c '
import json, sys
layer = json.load(sys.stdin)["layers"][0]
assert layer["tokens"] == 41 and layer["co_activation"]["mean_lift"] > 0' || fail "one layer"

refuse "a capture of other k" 1 "expected ids of shape [tokens, 2, 3], found [41, 3, 2]" analyze "$oracle/mixtral" --trace "$oracle/captures/int32.npy" --json
refuse "base64 without a shape" 1 "--capture-shape" analyze "$folder/mixtral.json"
refuse "a bad shape" 2 "expected LAYERS,K" analyze "$folder/mixtral.json" --capture-shape 2,x
refuse "too few experts" 1 "expected expert ids from 0 to 3" analyze "$folder/mixtral.npy" --experts 4
refuse "no such layer" 2 "is no layer of this capture" analyze "$folder/mixtral.npy" --layer 9 --json
refuse "a trace without checkpoint" 1 "a trace needs its checkpoint" analyze "$oracle/mixtral/oracle.safetensors"
refuse "a picture" 1 "expected a capture of routing" analyze "$program"
head -c 300 "$folder/mixtral.npy" >"$folder/cut.npy"
refuse "cut short" 1 "bytes follow" analyze "$folder/cut.npy"
exit $((failures > 0))
