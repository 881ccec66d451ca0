#!/usr/bin/env bash
# test_session.sh PROGRAM: what `session` and `export` say of files that are whole, damaged or foreign, with two runs and a branch; nothing
# that is there is replaced, and nothing is left beside a file that was read.
. "$(dirname "$0")/checks.sh"
export OMP_NUM_THREADS=1
small=(--width 32 --heads 2 --experts 4 --expert-width 16 --layers 2 --context 16 --batch 2 --probe-tokens 256 --corpus procedural --device cpu --evaluate-every 10)
cd "$folder"

# run ARGUMENTS...: standard output to `said`, errors to `log`, exit status to `status`.
run() {
  "$program" "$@" >said 2>log
  status=$?
}
# expect DESCRIPTION STATUS TEXT...: each text is a whole line of `said`, or with "log: " before it of `log`.
expect() {
  local description=$1 wanted=$2 text
  [ "$status" -eq "$wanted" ] || fail "$description: status $status, wanted $wanted: $(cat said log)"
  for text in "${@:3}"; do
    if [[ $text == "log: "* ]]; then
      grep -qxF -- "${text#log: }" log || fail "$description: no line '${text#log: }' in: $(cat log)"
    else
      grep -qxF -- "$text" said || fail "$description: no line '$text' in: $(cat said)"
    fi
  done
}
# json DESCRIPTION CONDITION: of the report in `said`.
json() { python3 -c 'import json; r = json.load(open("said")); assert '"$2"', r' || fail "$1: $2"; }
# change FILE SQL: as any other program would.
change() { python3 -c 'import sqlite3, sys; base = sqlite3.connect(sys.argv[1]); base.executescript(sys.argv[2]); base.close()' "$@" || fail "$2"; }

# ---- whole: one run, then a second one that goes on from a model of the first ----------------------------------------------------
"$program" train --router topk --steps 60 "${small[@]}" --session run.moescope --model-every 20 >/dev/null 2>log || fail "a session: $(cat log)"
run session run.moescope
expect "one run" 0 "generation 1 of run 1: 60 steps (1 to 60), 7 snapshots, 1 change of knobs" "in all 7 snapshots, 0 analyses of experts, 4 models, 0 bookmarks"
grep -q "^run.moescope: [0-9.]* MB, whole$" said && grep -q "^run 1, started 20.*: Moescope .* on cpu, 1 threads, router topk, seed 1, corpus " said || fail "one run: $(cat said)"
[ "$(grep -c "^model of generation 1, step" said)" -eq 4 ] || fail "its models: $(cat said)"
[ "$(sort said | uniq -d | wc -l)" -eq 0 ] || fail "a line twice: $(cat said)"
run train --from run.moescope@40 --learning-rate 0.002 --steps 30 --evaluate-every 10 --session run.moescope --json
expect "a second run" 0 "log: note: added as run 2 to run.moescope"
json "a second run" 'r["session"] == {"file": "run.moescope", "run": 2} and r["step"] == 70'
run session run.moescope
expect "a branch has its own only" 0 "generation 2 of run 2: 30 steps (41 to 70), 4 snapshots, 1 change of knobs; branched from generation 1 at step 40" \
  "in all 11 snapshots, 0 analyses of experts, 6 models, 0 bookmarks"
run session run.moescope --json
expect "as JSON" 0
json "as JSON" 'r["whole"] and r["lost"] == [] and r["snapshots"] == 11 and [g["snapshots"] for g in r["generations"]] == [7, 4] and len(r["runs"]) == 2'
json "as JSON, the branch" 'r["generations"][1]["branched_from"] == {"generation": 1, "step": 40} and r["generations"][1]["first_step"] == 41 and r["left_out"] == {}'

# ---- export ----------------------------------------------------------------------------------------------------------------------
run export run.moescope --what metrics -o steps.csv
expect "metrics" 0 "steps.csv"
python3 - <<'PYTHON' || fail "70 steps of the branch with its origin"
import csv
rows = list(csv.DictReader(line for line in open("steps.csv") if not line.startswith("#")))
assert [int(row["step"]) for row in rows] == list(range(1, 71)), rows[:3]
PYTHON
echo precious >kept.npz
refuse "a file that is there" 1 "kept.npz is there already; expected another name, or --force" export run.moescope --what snapshot -o kept.npz
[ "$(cat kept.npz)" = precious ] || fail "it was replaced"
run export run.moescope --what snapshot --generation 1 --step 35 -o kept.npz --force
expect "replaced when asked" 0 "kept.npz" "log: note: the last snapshot up to step 35 is of step 30"
run export run.moescope --what model --step 45 -o model.safetensors
expect "a model of the origin is none of the branch's" 0 "log: note: the last model up to step 45 is of step 40"
refuse "a step below 0" 2 "'-1' is no whole number from 0 on" export run.moescope --what metrics --step -1 -o x.csv
refuse "a step that is no number" 2 "'ten' is no whole number from 0 on" export run.moescope --what metrics --step ten -o x.csv
refuse "generation 0" 2 "'0' is no whole number from 1 on" export run.moescope --what metrics --generation 0 -o x.csv
refuse "a generation that is not there" 1 "no generation 9; \`moescope session\` lists them" export run.moescope --what metrics --generation 9 -o x.csv
refuse "another ending" 2 "'x.txt' does not end in .csv or .jsonl" export run.moescope --what metrics -o x.txt

# ---- nothing is left beside what was read, and nothing of it changes --------------------------------------------------------------
before=$(sha256sum <run.moescope)
run session run.moescope
run export run.moescope --what metrics -o again.csv
[ "$(ls run.moescope*)" = run.moescope ] || fail "left beside a session: $(ls run.moescope*)"
[ "$before" = "$(sha256sum <run.moescope)" ] || fail "reading changed the session"
mkdir shut && cp run.moescope shut && chmod 555 shut && chmod 444 shut/run.moescope
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then as=(setpriv --reuid 65534 --regid 65534 --clear-groups); chmod 755 "$folder"; else as=(); fi
"${as[@]}" "$program" session shut/run.moescope >said 2>log || fail "in a folder that is read-only: $(cat log)"
[ "$(ls shut)" = run.moescope ] && head -1 said | grep -q ", whole$" || fail "in a folder that is read-only: $(ls shut) $(cat said)"
chmod 755 shut

# ---- damaged: what is whole is shown, what is lost is named, and the status says so ------------------------------------------------
cp run.moescope bad.moescope
change bad.moescope "UPDATE snapshot SET data = x'00' WHERE generation = 1 AND step = 30; DELETE FROM step WHERE generation = 1 AND step BETWEEN 22 AND 24; DELETE FROM step WHERE generation = 2 AND step = 50"
run session bad.moescope
expect "damaged" 1 "log: moescope: bad.moescope: damaged: what is lost is named above, in 3 lines" "bad.moescope: generation 1: steps 22 to 24 are not in the file" \
  "bad.moescope: generation 2: step 50 is not in the file" "generation 1 of run 1: 57 steps (1 to 60), 7 snapshots, 1 change of knobs"
grep -q "^bad.moescope: snapshot of step 30: damaged: " said && grep -q "damaged: what can be read is shown$" said || fail "damaged: $(cat said)"
[ "$(sort said | uniq -d | wc -l)" -eq 0 ] || fail "a line twice: $(cat said)"
run session bad.moescope --json
expect "damaged, as JSON" 1 "log: moescope: bad.moescope: damaged: what is lost is named above, in 3 lines"
json "damaged, as JSON" 'not r["whole"] and len(r["lost"]) == 3'
run export bad.moescope --what metrics -o bad.csv
expect "metrics with steps lost" 1 "bad.csv" "log: note: bad.moescope: generation 1: steps 22 to 24 are not in the file" \
  "log: moescope: bad.csv: written, but bad.moescope is damaged, and what is lost of it is named above"
[ "$(grep -c '^[0-9]' bad.csv)" -eq 66 ] || fail "the steps that are whole: $(wc -l bad.csv)"
run train --from bad.moescope --steps 1
expect "trained from a damaged session" 0 "log: note: bad.moescope: generation 1: steps 22 to 24 are not in the file"
# A model: 64 bytes of its weights, wherever they lie; nobody goes on with it, and an older one without a checksum is said.
cp run.moescope weights.moescope
python3 - <<'PYTHON' || fail "bytes of a model"
import sqlite3
base = sqlite3.connect("weights.moescope")
data = bytearray(base.execute("SELECT data FROM model_state WHERE generation = 2 AND step = 70").fetchone()[0])
middle = len(data) // 2
data[middle:middle + 64] = bytes(byte ^ 0x55 for byte in data[middle:middle + 64])
base.execute("UPDATE model_state SET data = ? WHERE generation = 2 AND step = 70", (bytes(data),))
base.commit()
base.close()
PYTHON
run session weights.moescope
expect "damaged weights" 1 "log: moescope: weights.moescope: damaged: what is lost is named above, in 1 line"
grep -q "^weights.moescope: model of generation 2, step 70: damaged: " said || fail "damaged weights are named: $(cat said)"
refuse "trained from damaged weights" 1 "weights.moescope: model of generation 2, step 70: damaged: " train --from weights.moescope --steps 1
head -c 20000 run.moescope >short.moescope
refuse "steps that a damaged file has lost" 1 "short.moescope: damaged: " export short.moescope --what metrics -o short.csv
refuse "damaged weights exported" 1 "weights.moescope: model of generation 2, step 70: damaged: " export weights.moescope --what model -o weights.safetensors
[ ! -e weights.safetensors ] || fail "damaged weights were written"
cp run.moescope older.moescope
"$program" export run.moescope --what model -o older.safetensors >/dev/null 2>log || fail "a model: $(cat log)"
python3 -c 'import sqlite3; base = sqlite3.connect("older.moescope"); base.execute("UPDATE model_state SET data = ? WHERE generation = 2 AND step = 70", (open("older.safetensors", "rb").read(),)); base.commit(); base.close()'
run session older.moescope
expect "a model without a checksum" 0 "older.moescope: 1 model was kept without a checksum, by an older Moescope: damage to the weights would not be noticed"
run train --from older.moescope --steps 1
expect "trained from one" 0 "log: note: older.moescope: 1 model was kept without a checksum, by an older Moescope: damage to the weights would not be noticed" \
  "log: note: goes on from run 2, step 70"
# What its beginning says is no longer a session's: nothing is laid beside it.
cp run.moescope beginning.moescope
printf 'xxx' | dd of=beginning.moescope bs=1 seek=68 conv=notrunc 2>/dev/null
run session beginning.moescope
[ "$status" -eq 1 ] && [ "$(ls beginning.moescope*)" = beginning.moescope ] || fail "left beside a damaged file: $(ls beginning.moescope*)"
size=$(stat -c %s run.moescope)
rescued=0
for part in 30 60 90; do
  head -c $((size * part / 100)) run.moescope >short.moescope
  run session short.moescope
  [ "$status" -eq 1 ] && [ "$(wc -l <log)" -eq 1 ] && grep -q "^moescope: short.moescope: " log || fail "cut to $part %: status $status, $(cat log)"
  ! grep -q "after -1" said && [ "$(sort said | uniq -d | wc -l)" -eq 0 ] || fail "cut to $part %: $(cat said)"
  grep -q "^generation 1 of run 1: [1-9]" said && rescued=$((rescued + 1))
  [ "$(ls short.moescope*)" = short.moescope ] || fail "cut to $part %: $(ls short.moescope*)"
done
[ "$rescued" -ge 1 ] || fail "nothing was rescued of what ends too soon"

# ---- foreign ---------------------------------------------------------------------------------------------------------------------
echo "no session at all" >foreign.moescope
refuse "no database" 1 "foreign.moescope: not a session" session foreign.moescope
python3 -c 'import sqlite3; base = sqlite3.connect("other.moescope"); base.execute("PRAGMA journal_mode = WAL"); base.execute("CREATE TABLE t (x)"); base.commit()'
refuse "another program's" 1 "other.moescope: not a session: a database of another program" session other.moescope
refuse "nothing there" 1 "none.moescope" session none.moescope
refuse "exported from what is no session" 1 "foreign.moescope: not a session" export foreign.moescope --what metrics -o x.csv
[ ! -e x.csv ] && [ ! -e x.txt ] || fail "files of what was refused: $(ls)"
exit $((failures > 0))
