#!/usr/bin/env bash
# test_train_session.sh PROGRAM: a run that is kept in a session goes on from it as if it had never been left, equal runs give equal
# sessions, and what happens to the disk or the program costs neither the run nor what was kept.
. "$(dirname "$0")/checks.sh"
export OMP_NUM_THREADS=1
small=(--width 32 --heads 2 --experts 4 --expert-width 16 --layers 2 --context 16 --batch 2 --probe-tokens 256 --corpus procedural --device cpu)
cd "$folder"
steps() { python3 - "$1" <<'PYTHON'
import sqlite3, sys
print(sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True).execute("SELECT max(step) FROM step").fetchone()[0])
PYTHON
}
# All that stands in a session, but for the times.
contents() { python3 - "$1" <<'PYTHON'
import sqlite3, sys
base = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
for (table,) in sorted(base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")):
    columns = [name for _, name, *_ in base.execute(f'PRAGMA table_info("{table}")') if name not in ("started", "trained_seconds")]
    for row in base.execute(f'SELECT {", ".join(columns)} FROM "{table}" ORDER BY rowid' if "WITHOUT ROWID" not in base.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0] else f'SELECT {", ".join(columns)} FROM "{table}"'):
        print(table, row)
PYTHON
}

# ---- goes on, bit for bit ----------------------------------------------------------------------------------------------------------
"$program" train --router grmoe --steps 260 "${small[@]}" --jsonl whole.jsonl >/dev/null 2>log || fail "whole: $(cat log)"
"$program" train --router grmoe --steps 60 "${small[@]}" --session run.moescope --model-every 20 >/dev/null 2>log || fail "a session: $(cat log)"
[ "$(steps run.moescope)" -eq 60 ] || fail "steps of the session: $(steps run.moescope)"
"$program" train --from run.moescope --steps 200 --jsonl rest.jsonl --session run.moescope >/dev/null 2>log || fail "from the session: $(cat log)"
grep -qx "note: added as run 2 to run.moescope" log || fail "a second run is said: $(cat log)"
cmp <(tail -200 whole.jsonl) rest.jsonl || fail "200 steps differ"
[ "$(steps run.moescope)" -eq 260 ] || fail "the session that was gone on with: $(steps run.moescope)"
"$program" train --from run.moescope@40 --steps 20 --jsonl branch.jsonl >/dev/null 2>log || fail "from a step: $(cat log)"
cmp <(sed -n 41,59p whole.jsonl) <(head -19 branch.jsonl) || fail "19 steps from step 40 differ"
refuse "a step without a model" 1 "run.moescope: no model was kept at step 7; the nearest are at" train --from run.moescope@7 --steps 1

# ---- equal runs, equal sessions ----------------------------------------------------------------------------------------------------
for name in first second; do
  "$program" train --router topk --steps 120 "${small[@]}" --evaluate-every 10 --session $name.moescope --model-every 50 >/dev/null 2>log || fail "$name: $(cat log)"
done
contents first.moescope >first.txt && contents second.moescope >second.txt
[ "$(wc -l <first.txt)" -gt 130 ] && cmp first.txt second.txt || fail "two sessions of one run differ"

# ---- whatever ends it --------------------------------------------------------------------------------------------------------------
"$program" train --router topk --learning-rate 1000 --steps 60 --corpus procedural --session diverged.moescope --jsonl diverged.jsonl >/dev/null 2>said
[ $? -eq 1 ] && [ "$(steps diverged.moescope)" -eq "$(wc -l <diverged.jsonl)" ] || fail "divergence: $(cat said)"
"$program" train --steps 1000000 "${small[@]}" --session killed.moescope --model-every 50 >/dev/null 2>log &
run=$!
sleep 4
kill -KILL "$run"
wait "$run" 2>/dev/null
"$program" train --from killed.moescope --steps 3 --session killed.moescope >/dev/null 2>log || fail "after SIGKILL: $(cat log)"
"$program" train --steps 1000000 "${small[@]}" --session held.moescope >/dev/null 2>log &
run=$!
for _ in $(seq 100); do [ -s held.moescope ] && break; sleep 0.05; done
sleep 1
refuse "a session that is written to" 1 "held.moescope: another Moescope is writing to it" train --steps 1 "${small[@]}" --session held.moescope
kill -TERM "$run"
wait "$run"
[ $? -eq 1 ] && grep -Eqx "moescope: stopped after [0-9]+ of 1000000 steps" log || fail "asked to end: $(cat log)"
refuse "another ending" 2 "'x.foo' does not end in .moescope" train --steps 1 "${small[@]}" --session x.foo
[ ! -e x.foo ] || fail "a session of another ending was made"
refuse "a session in no folder" 1 "none/x.moescope" train --steps 1 "${small[@]}" --session none/x.moescope
echo "no session at all" >foreign.moescope
refuse "no session" 1 "foreign.moescope" train --steps 1 "${small[@]}" --session foreign.moescope
[ "$(cat foreign.moescope)" = "no session at all" ] || fail "a foreign file was written to"
exit $((failures > 0))
