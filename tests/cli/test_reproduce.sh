#!/usr/bin/env bash
# reproduce: a small table end to end, a second start that trains nothing, a run that was cut short, and bad input.
. "$(dirname "$0")/checks.sh"
table=("$program" reproduce asymmetry --seeds 2 --steps 12 --task corpus --corpus procedural -o "$folder/out")
"${table[@]}" >"$folder/first" 2>"$folder/log" || fail "the table: $(cat "$folder/log")"
grep -q "4 runs trained, 0 taken" "$folder/log" || fail "two arms of two seeds are four runs: $(cat "$folder/log")"
[ "$(wc -l <"$folder/out/asymmetry_corpus.csv")" -eq 7 ] || fail "a line for each of six claims"
[ "$(head -c 8 "$folder/out/asymmetry_corpus.png" | tail -c 7)" = "$(printf 'PNG\r\n\032\n')" ] || fail "a chart as PNG beside the table"
[ "$(head -1 "$folder/out/asymmetry_corpus.md")" = "| claim | paper | measured here | verdict | rule |" ] || fail "the table as Markdown"
[ "$(grep -c '^| \(soft\|topk\) | ' "$folder/out/asymmetry_corpus.md")" -eq 2 ] || fail "a row for each arm"
cp "$folder/out/asymmetry_corpus.png" "$folder/first.png"
"${table[@]}" >"$folder/second" 2>"$folder/log" || fail "the second start"
grep -q "0 runs trained, 4 taken" "$folder/log" || fail "a second start must train nothing: $(cat "$folder/log")"
cmp -s "$folder/first" "$folder/second" || fail "the second start must print the same"
victim=$(ls "$folder"/out/runs/corpus_soft*seed2* | head -1)
echo '{"held_out' >"$victim"  # as after a crash, were files not written atomically
"${table[@]}" >"$folder/third" 2>"$folder/log" || fail "the third start"
grep -q "1 runs trained, 3 taken" "$folder/log" || fail "a broken result must be trained anew: $(cat "$folder/log")"
cmp -s "$folder/first.png" "$folder/out/asymmetry_corpus.png" || fail "the same results must give the same chart"
cmp -s "$folder/first" "$folder/third" || fail "the same seed must give the same result"
# A corpus of the same name with other bytes is another one, and comes back with the old ones.
mkdir -p "$folder/text" && for domain in one two; do seq -s " $domain " 6000 >"$folder/text/$domain.txt"; done
own=("$program" reproduce asymmetry --seeds 1 --steps 10 --task corpus --corpus "$folder/text" -o "$folder/own")
"${own[@]}" >"$folder/before" 2>"$folder/log" || fail "a folder's table: $(cat "$folder/log")"
cp "$folder/text/one.txt" "$folder/one" && echo "three more words" >>"$folder/text/one.txt"
"${own[@]}" >"$folder/changed" 2>"$folder/log" || fail "the table of changed text: $(cat "$folder/log")"
grep -q "2 runs trained, 0 taken" "$folder/log" || fail "results of other text were taken: $(cat "$folder/log")"
cp "$folder/one" "$folder/text/one.txt"
"${own[@]}" >"$folder/back" 2>"$folder/log" || fail "the table of the first text"
grep -q "0 runs trained, 2 taken" "$folder/log" || fail "the first text's results were lost: $(cat "$folder/log")"
cmp -s "$folder/before" "$folder/back" || fail "the first text's table differs"
# Both tasks: the planted one is headed as synthetic, has the oracle's row and its own questions, and leaves the other's runs alone.
"$program" reproduce asymmetry --seeds 2 --steps 12 --corpus procedural -o "$folder/out" >"$folder/both" 2>"$folder/log" || fail "both tasks: $(cat "$folder/log")"
grep -q "6 runs trained, 0 taken" "$folder/log" || fail "two arms and the oracle, two seeds each: $(cat "$folder/log")"
grep -q "0 runs trained, 4 taken" "$folder/log" || fail "runs of the corpus must not be run again: $(cat "$folder/log")"
grep -q "^==== asymmetry, synthetic task with planted subspaces ====" "$folder/both" || fail "the planted table's heading: $(cat "$folder/both")"
grep -q "^==== asymmetry, corpus: procedural ====" "$folder/both" || fail "the corpus table's heading: $(cat "$folder/both")"
grep -q "^oracle .* 1.000 +- 0.000" "$folder/both" || fail "the oracle follows the clusters: $(cat "$folder/both")"
[ "$(cut -d, -f1 "$folder/out/asymmetry_planted.csv" | sort -u | tr '\n' ' ')" = '"planted" task ' ] || fail "every line says its task"
[ "$(head -c 4 "$folder/out/asymmetry_planted.png" | tail -c 3)" = PNG ] || fail "a chart of the planted task"
"$program" reproduce asymmetry --seeds 2 --steps 12 --corpus procedural -o "$folder/out" --json 2>"$folder/log" | python3 -c '
import json, sys
report = json.load(sys.stdin)
assert [task["task"] for task in report["tasks"]] == ["planted", "corpus"], report
planted, corpus = report["tasks"]
assert planted["synthetic"] and not corpus["synthetic"], report
losses = {arm["arm"]: arm["held_out_loss"]["mean"] for arm in planted["arms"]}
assert set(losses) == {"topk", "soft", "oracle"}, losses
assert "oracle" not in [arm["arm"] for arm in corpus["arms"]], corpus' || fail "JSON of both tasks"
output=$("$program" reproduce asymmetry --task planted --corpus procedural -o "$folder/bad" 2>&1)
[ $? -eq 2 ] || fail "a corpus for the planted task: $output"
output=$("$program" reproduce asymmetry --task nonsense -o "$folder/bad" 2>&1)
[ $? -eq 2 ] || fail "an unknown task: $output"
output=$("$program" reproduce nonsense 2>&1)
[ $? -eq 2 ] || fail "an unknown table: $output"
output=$("$program" reproduce asymmetry --seeds 1 --steps 10 --corpus "$folder/nowhere" -o "$folder/bad" 2>&1)
[ $? -eq 1 ] || fail "a missing corpus: $output"
exit $((failures > 0))
