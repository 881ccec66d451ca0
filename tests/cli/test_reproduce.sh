#!/usr/bin/env bash
# reproduce: a small table end to end, a second start that trains nothing, a run that was cut short, parts that are put together, a
# surface, and bad input.
. "$(dirname "$0")/checks.sh"
table=("$program" reproduce asymmetry --seeds 2 --steps 12 --task corpus --corpus procedural -o "$folder/out")
"${table[@]}" >"$folder/first" 2>"$folder/log" || fail "the table: $(cat "$folder/log")"
grep -q "6 runs trained, 0 taken" "$folder/log" || fail "three arms of two seeds are six runs: $(cat "$folder/log")"
[ "$(wc -l <"$folder/out/asymmetry_corpus.csv")" -eq 15 ] || fail "a line for each of fourteen claims"
[ "$(head -c 8 "$folder/out/asymmetry_corpus.png" | tail -c 7)" = "$(printf 'PNG\r\n\032\n')" ] || fail "a chart as PNG beside the table"
[ "$(head -1 "$folder/out/asymmetry_corpus.md")" = "| claim | paper | measured here | verdict | rule |" ] || fail "the table as Markdown"
[ "$(grep -c '^| \(soft\|topk\|dense\) | ' "$folder/out/asymmetry_corpus.md")" -eq 3 ] || fail "a row for each arm"
cp "$folder/out/asymmetry_corpus.png" "$folder/first.png"
"${table[@]}" >"$folder/second" 2>"$folder/log" || fail "the second start"
grep -q "0 runs trained, 6 taken" "$folder/log" || fail "a second start must train nothing: $(cat "$folder/log")"
cmp -s "$folder/first" "$folder/second" || fail "the second start must print the same"
victim=$(ls "$folder"/out/runs/corpus_soft*seed2* | head -1)
echo '{"held_out' >"$victim"  # as after a crash, were files not written atomically
"${table[@]}" >"$folder/third" 2>"$folder/log" || fail "the third start"
grep -q "1 runs trained, 5 taken" "$folder/log" || fail "a broken result must be trained anew: $(cat "$folder/log")"
cmp -s "$folder/first.png" "$folder/out/asymmetry_corpus.png" || fail "the same results must give the same chart"
cmp -s "$folder/first" "$folder/third" || fail "the same seed must give the same result"
# A corpus of the same name with other bytes is another one, and comes back with the old ones.
mkdir -p "$folder/text" && for domain in one two; do seq -s " $domain " 6000 >"$folder/text/$domain.txt"; done
own=("$program" reproduce asymmetry --seeds 1 --steps 10 --task corpus --corpus "$folder/text" -o "$folder/own")
"${own[@]}" >"$folder/before" 2>"$folder/log" || fail "a folder's table: $(cat "$folder/log")"
cp "$folder/text/one.txt" "$folder/one" && echo "three more words" >>"$folder/text/one.txt"
"${own[@]}" >"$folder/changed" 2>"$folder/log" || fail "the table of changed text: $(cat "$folder/log")"
grep -q "3 runs trained, 0 taken" "$folder/log" || fail "results of other text were taken: $(cat "$folder/log")"
cp "$folder/one" "$folder/text/one.txt"
"${own[@]}" >"$folder/back" 2>"$folder/log" || fail "the table of the first text"
grep -q "0 runs trained, 3 taken" "$folder/log" || fail "the first text's results were lost: $(cat "$folder/log")"
cmp -s "$folder/before" "$folder/back" || fail "the first text's table differs"
# Both tasks: the planted one is headed as synthetic, has the oracle's row and its own questions, and leaves the other's runs alone.
"$program" reproduce asymmetry --seeds 2 --steps 12 --corpus procedural -o "$folder/out" >"$folder/both" 2>"$folder/log" || fail "both tasks: $(cat "$folder/log")"
grep -q "8 runs trained, 0 taken" "$folder/log" || fail "three arms and the oracle, two seeds each: $(cat "$folder/log")"
grep -q "0 runs trained, 6 taken" "$folder/log" || fail "runs of the corpus must not be run again: $(cat "$folder/log")"
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
assert set(losses) == {"topk", "soft", "dense", "oracle"}, losses
assert "oracle" not in [arm["arm"] for arm in corpus["arms"]], corpus' || fail "JSON of both tasks"
output=$("$program" reproduce asymmetry --task planted --corpus procedural -o "$folder/bad" 2>&1)
[ $? -eq 2 ] || fail "a corpus for the planted task: $output"
output=$("$program" reproduce asymmetry --task nonsense -o "$folder/bad" 2>&1)
[ $? -eq 2 ] || fail "an unknown task: $output"
output=$("$program" reproduce nonsense 2>&1)
[ $? -eq 2 ] || fail "an unknown table: $output"
output=$("$program" reproduce asymmetry --seeds 1 --steps 10 --corpus "$folder/nowhere" -o "$folder/bad" 2>&1)
[ $? -eq 1 ] || fail "a missing corpus: $output"
# Parts on machines of their own, put together, give what one machine gives, and training nothing.
part=(reproduce asymmetry --seeds 2 --steps 12 --task corpus --corpus procedural)
for i in 1 2 3; do
  "$program" "${part[@]}" --shard $i/3 -o "$folder/part$i" >"$folder/printed" 2>"$folder/log" || fail "part $i: $(cat "$folder/log")"
  [ ! -s "$folder/printed" ] || fail "a part has no table: $(cat "$folder/printed")"
  grep -q "^part $i/3 is done" "$folder/log" || fail "a part says that it is done: $(cat "$folder/log")"
done
[ "$(cat <(ls "$folder/part1/runs") <(ls "$folder/part2/runs") <(ls "$folder/part3/runs") | grep -vc seed1001)" -eq 6 ] || fail "every run is in one part"
output=$("$program" "${part[@]}" --merge "$folder/part1" "$folder/part3" -o "$folder/some" 2>&1)
[ $? -eq 1 ] || fail "a part that is missing: $output"
grep -q "4 of 12 runs have no result in .*_soft_.* among them" <<<"$output" || fail "what is missing is named: $output"
cp "$folder/part2/runs/$(ls "$folder/part2/runs" | head -1)" "$folder/part2/runs/cut.json"
truncate -s 40 "$folder/part2/runs/cut.json"
"$program" "${part[@]}" --merge "$folder/part1" "$folder/part2" "$folder/part3" -o "$folder/merged" >"$folder/fourth" 2>"$folder/log" || fail "merging: $(cat "$folder/log")"
grep -q "^left out: .*cut.json: expected a result" "$folder/log" || fail "a broken result is named: $(cat "$folder/log")"
[ ! -e "$folder/merged/runs/cut.json" ] || fail "a broken result is not taken"
cmp -s "$folder/first" "$folder/fourth" || fail "parts put together must print what one machine prints: $(diff "$folder/first" "$folder/fourth")"
for bad in 0/3 4/3 3 3/ a/b 1/3x; do
  output=$("$program" "${part[@]}" --shard $bad -o "$folder/bad" 2>&1)
  [ $? -eq 2 ] || fail "part $bad: $output"
done
output=$("$program" "${part[@]}" --merge "$folder/nowhere" -o "$folder/bad" 2>&1)
[ $? -eq 1 ] || fail "a folder without runs: $output"
# The surface: its duration beforehand, every cell, and the same runs again for nothing.
surface=("$program" reproduce coupling --surface --surface-experts 4 --surface-top-k 1 --surface-weights 0.1 1 --seeds 2 --steps 110 --corpus procedural -o "$folder/surface")
"${surface[@]}" >"$folder/printed" 2>"$folder/log" || fail "a surface: $(cat "$folder/log")"
grep -q "^surface: 12 runs of 110 steps to train, 0 done already; about [0-9.]* \(s\|min\)" "$folder/log" || fail "how long it takes, beforehand: $(cat "$folder/log")"
[ "$(wc -l <"$folder/surface/coupling_surface.csv")" -eq 9 ] || fail "two regions of two weights at two steps: $(cat "$folder/surface/coupling_surface.csv")"
grep -q "^4 experts, top-1, tokens not centred: more similar in [0-4] of 4 cells" "$folder/printed" || fail "a verdict for each region: $(cat "$folder/printed")"
"${surface[@]}" --json 2>"$folder/log" | python3 -c '
import glob, json, sys
report = json.load(sys.stdin)
runs = [json.load(open(name)) for name in glob.glob(sys.argv[1] + "/runs/*.json")]
assert len(runs) == 12, len(runs)
for run in runs:
    assert run["router_similarity@110"] == run["router_similarity"] and run["router_cosine_centred@110"] == run["router_cosine_centred"], run
    assert all(abs(value + 1 / 3) < 0.2 for value in run["router_cosine_centred"]), run["router_cosine_centred"]
    assert all(0 <= value <= 1 for value in run["projection_energy"] + run["router_similarity_centred"]), run
    assert all(value > 0 for value in run["max_vio_of_batches"] + run["load_cv_of_batches"] + run["max_vio_of_validation"]), run
    assert all(whole <= mean + 1e-9 for whole, mean in zip(run["max_vio_of_validation"], run["max_vio_of_batches"])), run  # the mean of maxima is above the maximum of means
    for name in ("jacobian", "layer_jacobian"):
        decay = [run[f"{name}_value_{i}"][0] for i in range(1, 17)]
        assert decay[0] == 1 and decay == sorted(decay, reverse=True), decay
        assert all(1 <= rank <= 64 for rank in run[name + "_effective_rank"]) and all(value > 0 for value in run[name + "_leading"]), run
assert [(cell["weight"], cell["step"]) for cell in report["regions"][0]["cells"]] == [(0.1, 100), (0.1, 110), (1, 100), (1, 110)], report
assert report["regions"][0]["cells"][0]["ratio"]["seeds"] == 2, report' "$folder/surface" || fail "JSON of a surface"
grep -q "0 runs trained, 12 taken" "$folder/log" || fail "a second start must train nothing: $(cat "$folder/log")"
# A sweep: its duration beforehand, a row for each arm, what follows from them, a chart, parts, and the same runs again for nothing.
sweep=("$program" reproduce uncertainty --seeds 2 --steps 12 --corpus procedural)
"${sweep[@]}" -o "$folder/sweep" >"$folder/printed" 2>"$folder/log" || fail "a sweep: $(cat "$folder/log")"
grep -q "^uncertainty: 10 runs of 12 steps to train, 0 done already; about [0-9.]* \(s\|min\)" "$folder/log" || fail "how long it takes, beforehand: $(cat "$folder/log")"
[ "$(wc -l <"$folder/sweep/uncertainty.csv")" -eq 6 ] || fail "five arms: $(cat "$folder/sweep/uncertainty.csv")"
[ "$(head -c 4 "$folder/sweep/uncertainty.png" | tail -c 3)" = PNG ] || fail "a chart of the sweep"
grep -q "^grmoe with posterior: AUROC [0-9.]* +- [0-9.]*: " "$folder/printed" || fail "what follows: $(cat "$folder/printed")"
for i in 1 2; do "${sweep[@]}" --shard $i/2 -o "$folder/half$i" 2>"$folder/log" || fail "half $i: $(cat "$folder/log")"; done
"${sweep[@]}" --merge "$folder/half1" "$folder/half2" -o "$folder/halves" >"$folder/fourth" 2>"$folder/log" || fail "merging halves: $(cat "$folder/log")"
cmp -s "$folder/printed" "$folder/fourth" || fail "halves put together must print what one machine prints: $(diff "$folder/printed" "$folder/fourth")"
"${sweep[@]}" -o "$folder/sweep" --json 2>"$folder/log" | python3 -c '
import glob, json, sys
report = json.load(sys.stdin)
assert [arm["arm"] for arm in report["arms"]] == ["topk", "soft", "switch_aux", "grmoe", "grmoe with posterior"], report
for name in glob.glob(sys.argv[1] + "/runs/*.json"):
    run = json.load(open(name))
    assert all(0 <= value <= 1 for value in run["entropy_roc"]), run["entropy_roc"]
    tenths = [sum(run[f"loss_of_tenth_{i}"]) / 2 for i in range(1, 11)]
    assert abs(sum(tenths) / 10 - run["held_out_loss"]) < 0.02, (tenths, run["held_out_loss"])' "$folder/sweep" || fail "JSON of a sweep"
grep -q "0 runs trained, 10 taken" "$folder/log" || fail "a second start must train nothing: $(cat "$folder/log")"
"$program" reproduce spectra --seeds 2 --steps 12 --corpus procedural -o "$folder/spectra" >"$folder/printed" 2>"$folder/log" || fail "spectra: $(cat "$folder/log")"
[ "$(grep -c " against dense: sigma 1 of an expert's Jacobian [0-9.]* +- [0-9.]* times" "$folder/printed")" -eq 4 ] || fail "four arms against the dense one: $(cat "$folder/printed")"
output=$("$program" reproduce kmeans --task planted -o "$folder/bad" 2>&1)
[ $? -eq 2 ] || fail "a sweep has no planted task: $output"
output=$("$program" reproduce grmoe --surface -o "$folder/bad" 2>&1)
[ $? -eq 2 ] || fail "only coupling has a surface: $output"
exit $((failures > 0))
