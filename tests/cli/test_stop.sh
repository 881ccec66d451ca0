#!/usr/bin/env bash
# test_stop.sh PROGRAM: Ctrl-C while analyze reads a large checkpoint, or while sweep trains, ends it soon, with one line, and
# leaves no file behind.
. "$(dirname "$0")/checks.sh"
# 8 layers of 128 experts, all zeros: a file with holes, which takes no room on the disk and minutes to analyse.
python3 - "$folder" <<'PYTHON'
import json, struct, sys
layers, experts, width = 8, 128, 1024
header, at = {}, 0
for layer in range(layers):
    for name, shape in (("gate.weight", [experts, width]), ("experts.gate_up_proj", [experts, 2 * width, width]), ("experts.down_proj", [experts, width, width])):
        size = 2
        for side in shape:
            size *= side
        header[f"model.layers.{layer}.mlp.{name}"] = {"dtype": "BF16", "shape": shape, "data_offsets": [at, at + size]}
        at += size
text = json.dumps(header).encode()
with open(sys.argv[1] + "/model.safetensors", "wb") as file:
    file.write(struct.pack("<Q", len(text)) + text)
    file.truncate(8 + len(text) + at)
json.dump(dict(model_type="olmoe", num_experts=experts, num_experts_per_tok=2, hidden_size=width, intermediate_size=width, num_hidden_layers=layers), open(sys.argv[1] + "/config.json", "w"))
PYTHON
# Ctrl-C after so many seconds; prints the exit status. Seconds, arguments... What the program prints comes on stream 3.
interrupt() {
  python3 - "$program" "$@" <<'PYTHON'
import signal, subprocess, sys, time
program, seconds, *arguments = sys.argv[1:]
signal.signal(signal.SIGINT, signal.SIG_DFL)  # a job in the background ignores it unless it says otherwise
run = subprocess.Popen([program, *arguments], stdout=3)
time.sleep(float(seconds))
assert run.poll() is None, "ended before it was stopped"
run.send_signal(signal.SIGINT)
print(run.wait(timeout=60))
PYTHON
}
interrupt 1 analyze "$folder" -o "$folder/report.json" 3>/dev/null >"$folder/status" 2>"$folder/errors"
[ "$(cat "$folder/status")" = 1 ] || fail "status: $(cat "$folder/status" "$folder/errors")"
[ "$(cat "$folder/errors")" = "moescope: stopped; nothing was written" ] || fail "one line: $(cat "$folder/errors")"
[ "$(ls "$folder" | tr '\n' ' ')" = "config.json errors model.safetensors status " ] || fail "left behind: $(ls "$folder")"

interrupt 3 sweep --corpus procedural --width 32 --steps 10000000 --csv "$folder/sweep.csv" \
  3>"$folder/table" >"$folder/status" 2>"$folder/errors"
[ "$(cat "$folder/status")" = 1 ] || fail "sweep: status $(cat "$folder/status" "$folder/errors")"
grep -qE '^moescope: stopped after [0-9]+ of 10000000 steps; no table is written$' "$folder/errors" ||
  fail "sweep: $(cat "$folder/errors")"
[ ! -e "$folder/sweep.csv" ] && [ ! -s "$folder/table" ] || fail "sweep leaves a table of fewer steps"
exit $((failures > 0))
