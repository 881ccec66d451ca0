#!/usr/bin/env bash
# test_analyze.sh PROGRAM ORACLE DEPENDENCIES: analyze on a tiny checkpoint of every family, with the oracle's hidden states as
# trace, with the trace that docs/trace.md's example writes, and on what cannot be read.
. "$(dirname "$0")/checks.sh"
oracle=$2 dependencies=$3
most_lines=3

for checkpoint in "$oracle"/*/; do
  [ -f "$checkpoint/config.json" ] || continue
  family=$(basename "$checkpoint")
  "$program" analyze "$checkpoint" --trace "$checkpoint/oracle.safetensors" --rank 3 --json >"$folder/$family.json" 2>"$folder/log" || fail "$family: $(cat "$folder/log")"
  python3 - "$folder/$family.json" <<'PYTHON' || fail "$family: the report is wrong"
import json, sys
report = json.load(open(sys.argv[1]))
assert report["layers"], "no layer"
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
    assert (shared is not None) == (report["family"] in ("qwen2_moe", "deepseek_v2", "deepseek_v3"))
    if shared:
        assert len(shared["jacobian_alignment"]) == len(shared["weight_overlap"]) == len(trace["load"]) == n == 8
        assert shared["gated"] == (report["family"] == "qwen2_moe") == ("mean_gate" in shared)
PYTHON
done

LD_LIBRARY_PATH="$dependencies/oracle/stubs" "$dependencies/oracle/venv/bin/python" "$(dirname "$0")/../oracle/trace_example.py" "$dependencies/torch" "$oracle/mixtral" "$folder/trace.safetensors" >/dev/null 2>"$folder/log" || fail "the example of docs/trace.md: $(tail -1 "$folder/log")"
"$program" analyze "$oracle/mixtral" --trace "$folder/trace.safetensors" | grep -q "with the trace's 120 tokens" || fail "the example's trace"
"$program" analyze "$oracle/mixtral" -o "$folder/report.json" >/dev/null && grep -q '"family": "mixtral"' "$folder/report.json" || fail "the report as a file"

"$program" analyze "$oracle/deepseek_v3_fp8" --trace "$oracle/deepseek_v3_fp8/oracle.safetensors" --jacobian-memory 2 >"$folder/report" || fail "Jacobians in passes"
grep -q "by 32 random directions on 48 shared tokens, every expert read 6 times" "$folder/report" || fail "the report must say how Jacobians were taken"
"$program" analyze "$oracle/mixtral" --trace "$oracle/mixtral/oracle.safetensors" --jacobian-memory 0 --json | grep -q without_jacobians || fail "no memory for Jacobians"

refuse "no checkpoint" 1 "$folder/nowhere" analyze "$folder/nowhere"
refuse "no such layer" 2 "expected all or one of" analyze "$oracle/mixtral" --layer 77
refuse "a trace that is a checkpoint" 1 "hidden.L" analyze "$oracle/mixtral" --trace "$oracle/mixtral/model.safetensors"
python3 - "$folder" <<'PYTHON'
import json, struct, sys
def write(path, tensors):
    header, data = {}, b""
    for name, (kind, shape, raw) in tensors.items():
        header[name] = {"dtype": kind, "shape": shape, "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    open(path, "wb").write(struct.pack("<Q", len(text)) + text + data)
f = sys.argv[1]
hidden = ("F32", [3, 24], struct.pack("<72f", *[0.1 * i for i in range(72)]))
write(f + "/wide.safetensors", {"hidden.0": ("F32", [2, 5], struct.pack("<10f", *range(10)))})
write(f + "/ids.safetensors", {"hidden.0": hidden, "expert_ids.0": ("I64", [3, 2], struct.pack("<6q", 0, 1, 2, 8, 1, 0))})
write(f + "/floats.safetensors", {"hidden.0": hidden, "expert_ids.0": ("F32", [3, 2], struct.pack("<6f", *range(6)))})
write(f + "/logits.safetensors", {"hidden.0": hidden, "router_logits.0": ("F32", [3, 7], struct.pack("<21f", *range(21)))})
write(f + "/nan.safetensors", {"hidden.0": ("F32", [1, 24], struct.pack("<24f", *([float("nan")] * 24)))})
write(f + "/tokens.safetensors", {"hidden.0": hidden, "hidden.1": ("F32", [2, 24], struct.pack("<48f", *range(48)))})
PYTHON
refuse "a trace of another width" 1 "hidden.0: expected width 24" analyze "$oracle/mixtral" --layer 0 --trace "$folder/wide.safetensors" --json
refuse "an expert that is not there" 1 "expected ids from 0 to 7" analyze "$oracle/mixtral" --layer 0 --trace "$folder/ids.safetensors" --json
refuse "ids that are no integers" 1 "expert_ids.0: expected integers" analyze "$oracle/mixtral" --trace "$folder/floats.safetensors" --json
refuse "logits of other experts" 1 "expected 8 columns" analyze "$oracle/mixtral" --layer 0 --trace "$folder/logits.safetensors" --json
refuse "not a number" 1 "finite" analyze "$oracle/mixtral" --layer 0 --trace "$folder/nan.safetensors" --json
refuse "layers of different lengths" 1 "3 tokens as in the other layers" analyze "$oracle/mixtral" --trace "$folder/tokens.safetensors" --json
exit $((failures > 0))
