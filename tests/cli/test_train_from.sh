#!/usr/bin/env bash
# test_train_from.sh PROGRAM DEPENDENCIES: a model that is saved goes on as if it had never been left, PyTorch reads it, and what is no such model is refused.
. "$(dirname "$0")/checks.sh"
dependencies=$2
export OMP_NUM_THREADS=1
mkdir "$folder/text"
for i in $(seq 400); do echo "Line $i is no other line: $((i * i % 977)), $((i * 31 % 101))."; done >"$folder/text/numbers.txt"
small=(--width 32 --heads 2 --experts 4 --expert-width 16 --layers 2 --context 16 --batch 2 --probe-tokens 256 --corpus "$folder/text" --device cpu)
cd "$folder"

# ---- exactly as if it had never been left ------------------------------------------------------------------------------------------
for router in topk grmoe; do
  "$program" train --router $router --steps 260 "${small[@]}" --jsonl whole.jsonl --save-model whole.safetensors --force >/dev/null 2>log || fail "$router: $(cat log)"
  "$program" train --router $router --steps 60 "${small[@]}" --save-model cut.safetensors --force >/dev/null 2>log || fail "$router, cut: $(cat log)"
  "$program" train --from cut.safetensors --steps 200 --jsonl rest.jsonl --save-model rest.safetensors --force >/dev/null 2>log || fail "$router, from: $(cat log)"
  [ "$(wc -l <rest.jsonl)" -eq 200 ] && cmp <(tail -200 whole.jsonl) rest.jsonl || fail "$router: 200 steps differ"
  cmp whole.safetensors rest.safetensors || fail "$router: the models differ"
done

# ---- PyTorch -----------------------------------------------------------------------------------------------------------------------
"$program" train --router topk --steps 40 "${small[@]}" --save-model torch.safetensors --json >report.json 2>log || fail "for PyTorch: $(cat log)"
"$program" train --from torch.safetensors --steps 1 --jsonl step.jsonl --save-model next.safetensors >/dev/null 2>log || fail "one step: $(cat log)"
LD_LIBRARY_PATH="$dependencies/oracle/stubs" "$dependencies/oracle/venv/bin/python" "$(dirname "$0")/../oracle/model_step.py" "$dependencies/torch" torch.safetensors step.jsonl next.safetensors \
  "$folder/text/numbers.txt" >said 2>log || fail "PyTorch: $(tail -3 log)"
grep -q "^40 topk parameters that AdamW trains: $(python3 -c 'import json; print(json.load(open("report.json"))["parameters"])')\$" said || fail "the example: $(cat said)"

# ---- other knobs, other text, no model ---------------------------------------------------------------------------------------------
"$program" train --from torch.safetensors --learning-rate 0.001 --router relu --steps 2 --json >report.json 2>log || fail "other knobs: $(cat log)"
python3 -c 'import json; r = json.load(open("report.json")); assert r["router"] == "relu" and r["step"] == 42 and r["from"]["step"] == 40, r' || fail "other knobs: the report"
refuse "knobs of another model" 2 "--experts: another than that of torch.safetensors would need a new model; expected no --experts" train --from torch.safetensors --experts 8 --steps 1
refuse "no file" 1 "none.safetensors" train --from none.safetensors --steps 1
head -c 5000 torch.safetensors >torn.safetensors
refuse "a torn file" 1 "torn.safetensors: " train --from torn.safetensors --steps 1
head -c 100000 /dev/zero >zeros.safetensors
refuse "zeros" 1 "zeros.safetensors: " train --from zeros.safetensors --steps 1
most_lines=2  # a note on the text before
refuse "a model into a folder" 1 "$folder/text: cannot be written: Is a directory" train --steps 1 "${small[@]}" --save-model "$folder/text"
most_lines=1
echo "One more line." >>"$folder/text/numbers.txt"
refuse "other text" 1 "it was trained on other text of the corpus $folder/text" train --from torch.safetensors --steps 1
"$program" train --from torch.safetensors --other-text --steps 1 >/dev/null 2>log && grep -q "^note: torch.safetensors: it was trained on other text" log || fail "other text, accepted: $(cat log)"

# ---- whatever ends it --------------------------------------------------------------------------------------------------------------
"$program" train --router topk --learning-rate 1000 --steps 60 --corpus procedural --jsonl diverged.jsonl --save-model diverged.safetensors >/dev/null 2>said
[ $? -eq 1 ] && grep -q "not finite at step" said && [ "$(wc -l <said)" -eq 1 ] || fail "divergence: $(cat said)"
# What diverged may do so again at its next step; the file is that of the last step that did not.
[ "$(python3 -c '
import json, struct
file = open("diverged.safetensors", "rb")
print(json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))["__metadata__"]["step"])')" = "$(wc -l <diverged.jsonl)" ] || fail "the last good model is of another step"
"$program" train --steps 1000000 "${small[@]}" --jsonl ended.jsonl --save-model ended.safetensors >/dev/null 2>log &
run=$!
for _ in $(seq 200); do [ -s ended.jsonl ] && [ "$(wc -l <ended.jsonl)" -gt 20 ] && break; sleep 0.05; done
kill -TERM "$run"
wait "$run"
[ $? -eq 1 ] || fail "asked to end: a status that says so"
grep -q "stopped after .* of 1000000 steps" log || fail "asked to end: $(cat log)"
"$program" train --from ended.safetensors --steps 1 --json >report.json 2>log || fail "after its end: $(cat log)"
[ "$(python3 -c 'import json; print(json.load(open("report.json"))["from"]["step"])')" -eq "$(wc -l <ended.jsonl)" ] || fail "asked to end: the model is of another step"
exit $((failures > 0))
