#!/usr/bin/env bash
# test_output.sh PROGRAM: what is printed arrives or the command fails; what is written line by line stays, whatever ends it. Run
# with a display (render and bench draw).
. "$(dirname "$0")/checks.sh"
export OMP_NUM_THREADS=1 XDG_RUNTIME_DIR=$folder
small=(--width 32 --heads 2 --experts 4 --expert-width 16 --layers 1 --context 16 --batch 1 --probe-tokens 256 --corpus procedural)

python3 - "$folder" <<'PYTHON'
import struct, sys
def npy(name, kind, shape, data):
    text = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    open(f"{sys.argv[1]}/{name}", "wb").write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + data)
npy("axis.npy", "<f8", "(2, 1)", struct.pack("<2d", 1, 0))
npy("vertical.npy", "<f8", "(2, 1)", struct.pack("<2d", 0, 1))
npy("capture.npy", "|u1", "(3, 1, 2)", bytes([0, 1, 1, 2, 3, 0]))
PYTHON
cd "$folder"

# ---- standard output -------------------------------------------------------------------------------------------------------------
# Every command that prints, with a full device, a pipe that nobody reads, and no standard output at all.
cat >unheard.py <<'PYTHON'
import os, subprocess, sys
read, write = os.pipe()
os.close(read)
sys.exit(subprocess.run(sys.argv[1:], stdout=write).returncode)
PYTHON
unheard() {
  local way status
  for way in $ways; do
    case $way in
      full) "$program" "$@" >/dev/full 2>said ;;
      pipe) python3 unheard.py "$program" "$@" 2>said ;;
      closed) "$program" "$@" >&- 2>said ;;
    esac
    status=$?
    grep -v "^note: " said | grep -v "^[0-9]* runs trained" >lines
    [ $status -eq 1 ] || fail "$way, $*: status $status: $(cat said)"
    [ "$(grep -c "^moescope: standard output: " lines)" -eq 1 ] && [ "$(wc -l <lines)" -eq 1 ] || fail "$way, $*: one line, got: $(cat said)"
  done
}
"$program" reproduce asymmetry --task planted --seeds 1 --steps 10 -o "$folder/table" >/dev/null 2>&1 || fail "a table"  # so that below nothing trains
for json in "" --json; do
  [ -z "$json" ] && ways="full pipe closed" || ways=full
  unheard bingham --spectrum 1,2 --dimension 4 $json
  unheard angles axis.npy vertical.npy $json
  unheard train --steps 1 "${small[@]}" $json
  unheard sweep --steps 0 "${small[@]}" $json
  unheard doctor $json
  unheard analyze capture.npy $json
  unheard reproduce asymmetry --task planted --seeds 1 --steps 10 -o "$folder/table" $json
done
unheard render --view load_bars --steps 1 --size 300x200 -o "$folder/bars.png" --force "${small[@]}"
for command in "" window bench bench-peers; do unheard $command --help; done  # what these print comes after minutes, or never

# ---- numbers that JSON cannot hold -----------------------------------------------------------------------------------------------
"$program" angles axis.npy vertical.npy --json >report 2>said || fail "a right angle"
python3 -c 'import json; assert json.load(open("report"))["distances"]["martin"]["value"] is None' || fail "an infinite distance must be null"
grep -q "^note: null in the JSON: /distances/martin/value (infinite)$" said || fail "an infinite distance must be named: $(cat said)"
"$program" bingham --spectrum 3,3 --dimension 4 --json >first && "$program" bingham --spectrum 900,-40,7 --dimension 64 --json >second
python3 -c '
import json
errors = [json.load(open(name))["relative_error_estimate"] for name in ("first", "second")]
assert errors[0] != errors[1] and all(0 <= error < 1e-12 for error in errors), errors' || fail "an error estimate that is measured"

# ---- lines of training -----------------------------------------------------------------------------------------------------------
complete() {  # file, least number of lines
  python3 - "$@" <<'PYTHON'
import json, sys
def refused(word):
    raise ValueError(word)
text = open(sys.argv[1]).read()
assert text.endswith("\n"), text[-80:]
lines = [json.loads(line, parse_constant=refused) for line in text.splitlines()]
assert len(lines) >= int(sys.argv[2]) and [line["step"] for line in lines] == list(range(1, len(lines) + 1)), len(lines)
for line in lines:
    assert len(line["dropped_share"]) == len(line["load_cv"]) == len(line["entropy_nats"]) >= 1 and line["router"]
    assert "held_out_loss_nats_per_byte" in line and isinstance(line["loss_nats_per_byte"], float)
PYTHON
}
"$program" train --router topk --learning-rate 1000 --steps 60 --jsonl diverged --corpus procedural >/dev/null 2>said
[ $? -eq 1 ] && grep -q "not finite at step" said && [ "$(wc -l <said)" -eq 1 ] || fail "divergence: $(cat said)"
step=$(grep -o "step [0-9]*" said | cut -d' ' -f2)
complete diverged $((step - 1)) || fail "a line for each step before divergence at $step"
[ -e diverged.part ] && fail "divergence leaves a part"

"$program" train --steps 1000000 --evaluate-every 7 --jsonl killed "${small[@]}" >/dev/null 2>&1 &
training=$!
for _ in $(seq 600); do [ -e killed ] && [ "$(wc -l <killed)" -ge 20 ] && break; sleep 0.05; done
kill -KILL $training
wait $training 2>/dev/null
complete killed 20 || fail "kill -9 must leave every complete line"
python3 -c '
import json
losses = [json.loads(line)["held_out_loss_nats_per_byte"] for line in open("killed")]
assert [loss is not None for loss in losses] == [i % 7 == 6 for i in range(len(losses))]' || fail "held-out loss is null where it was not measured"

(ulimit -f 4; "$program" train --steps 1000000 --jsonl full "${small[@]}" 2>&1 >/dev/null | cat >&3; exit "${PIPESTATUS[0]}") 3>said
[ $? -eq 1 ] && grep -q "^moescope: .*full: cannot be written: .*lines before stay" said && [ "$(grep -vc ^note said)" -eq 1 ] || fail "a full disk: $(cat said)"
complete full 3 || fail "a full disk must leave every complete line"
"$program" train --steps 1000000 --jsonl /dev/full "${small[@]}" >/dev/null 2>said
[ $? -eq 1 ] && grep -q "^moescope: /dev/full: cannot be written: No space left on device; the 0 lines before stay" said || fail "a full device: $(cat said)"
if mkdir disk && mount -t tmpfs -o size=64k tmpfs disk 2>/dev/null; then
  "$program" train --steps 1000000 --jsonl disk/lines "${small[@]}" >/dev/null 2>said
  [ $? -eq 1 ] && grep -q "No space left on device" said || fail "a full tmpfs: $(cat said)"
  complete disk/lines 50 || fail "a full tmpfs must leave every complete line"
  umount disk
fi

# ---- refused at the start, and lost at the end -----------------------------------------------------------------------------------
mkdir -p taken/asymmetry_planted.json.part
refuse "lines into a folder" 1 "$folder/taken: cannot be written: Is a directory" train --steps 1000000 --jsonl "$folder/taken" "${small[@]}"
refuse "a table into no folder" 1 "$folder/none/x.csv: cannot be written" sweep --steps 10000000 --csv "$folder/none/x.csv" "${small[@]}"
refuse "a report into no folder" 1 "$folder/none/x.json: cannot be written" analyze capture.npy -o "$folder/none/x.json"
refuse "results that cannot be written" 1 "asymmetry_planted.json: cannot be written" reproduce asymmetry --task planted --steps 1000000 -o "$folder/taken"
echo precious >table.csv
there="is there already; expected another name, or --force"
refuse "a table that is there" 1 "table.csv $there" sweep --steps 10000000 --csv table.csv "${small[@]}"
refuse "lines that are there" 1 "table.csv $there" train --steps 10000000 --jsonl table.csv "${small[@]}"
refuse "a model that is there" 1 "table.csv $there" train --steps 10000000 --save-model table.csv "${small[@]}"
refuse "a report that is there" 1 "table.csv $there" analyze capture.npy -o table.csv
refuse "a picture that is there" 1 "$folder/bars.png $there" render --view load_bars --steps 10000000 -o "$folder/bars.png" "${small[@]}"
mkdir pictures && touch pictures/training_metrics.png
refuse "one of several pictures" 1 "pictures/training_metrics.png $there" render --steps 10000000 -o pictures "${small[@]}"
[ "$(cat table.csv)" = precious ] || fail "what was there was replaced unasked"
(ulimit -f 0; "$program" sweep --steps 0 --csv table.csv --force "${small[@]}" 2>&1 >/dev/null | cat >&3; exit "${PIPESTATUS[0]}") 3>&1 | grep -v "^note" >lost
[ "$(cat lost)" = "moescope: table.csv: cannot be written: File too large" ] || fail "a table on a full disk: $(cat lost)"
[ "$(cat table.csv)" = precious ] && [ ! -e table.csv.part ] || fail "a table that cannot be written must leave what was there"
(ulimit -f 0; "$program" reproduce asymmetry --task planted --seeds 1 --steps 10 -o "$folder/small" 2>&1 >/dev/null | cat) | grep -v "^note" >lost
grep -q "^moescope: .*json: cannot be written: File too large; the runs before stay$" lost && [ "$(wc -l <lost)" -eq 1 ] || fail "results on a full disk: $(cat lost)"
exit $((failures > 0))
