#!/usr/bin/env bash
# test_resume.sh PROGRAM: a reproduction that is killed mid-way goes on where it was. Finished runs are not run again, and the table
# equals that of an uninterrupted one. Meanwhile, and without a terminal, a line tells how far it is.
. "$(dirname "$0")/checks.sh"
table=("$program" reproduce asymmetry --task planted --seeds 2 --steps 100)
"${table[@]}" -o "$folder/whole" >"$folder/expected" 2>"$folder/log" || fail "the uninterrupted one: $(cat "$folder/log")"
total=$(ls "$folder"/whole/runs/*.json | wc -l)
[ "$total" -ge 12 ] || fail "too few runs to be cut short: $total"
results() { ls "$folder"/cut/runs/*.json 2>/dev/null | wc -l; }
"${table[@]}" --jobs 1 -o "$folder/cut" >"$folder/killed" 2>"$folder/progress" &
reproduction=$!
for _ in $(seq 600); do [ "$(results)" -ge 4 ] && break; sleep 0.05; done
for _ in $(seq 100); do read -r worker _ <"/proc/$reproduction/task/$reproduction/children" && break; sleep 0.02; done
kill -STOP "$worker"  # no run ends while the next line of progress is due
sleep 11
grep -Eq "^planted task: [0-9]+/$total runs, [0-9.]+ (s|min|h) left\$" "$folder/progress" || fail "a line of progress in ten seconds: $(cat "$folder/progress")"
kill -KILL "$reproduction"
wait "$reproduction" 2>/dev/null
for _ in $(seq 100); do kill -0 "$worker" 2>/dev/null || break; sleep 0.05; done
kill -KILL "$worker" 2>/dev/null && fail "a worker outlives the reproduction"
finished=$(results)
[ "$finished" -ge 4 ] && [ "$finished" -lt "$total" ] || fail "not mid-way: $finished of $total runs"
[ -s "$folder/killed" ] && fail "a table of a part of the runs: $(cat "$folder/killed")"
stamps() { stat -c '%n %i %y' "$@"; }
mapfile -t old < <(ls "$folder"/cut/runs/*.json)
before=$(stamps "${old[@]}")
"${table[@]}" -o "$folder/cut" >"$folder/resumed" 2>"$folder/log" || fail "the second start: $(cat "$folder/log")"
[ "$before" = "$(stamps "${old[@]}")" ] || fail "a finished run was run again"
trained=$(grep -o '^[0-9]* runs trained' "$folder/log" | awk '{sum += $1} END {print sum}')
[ "$trained" -eq $((total - finished)) ] || fail "$finished of $total were there, $trained trained: $(cat "$folder/log")"
cmp "$folder/expected" "$folder/resumed" || fail "the table differs from the uninterrupted one"
for file in asymmetry_planted.csv asymmetry_planted.json asymmetry_planted_arms.csv asymmetry_planted.png; do
  cmp "$folder/whole/$file" "$folder/cut/$file" || fail "$file differs from the uninterrupted one"
done
exit $((failures > 0))
