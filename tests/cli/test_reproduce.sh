#!/usr/bin/env bash
# reproduce: a small table end to end, a second start that trains nothing, a run that was cut short, and bad input.
set -u
program=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0
fail() {
  echo "FAIL $1"
  failures=$((failures + 1))
}
table=("$program" reproduce asymmetry --seeds 2 --steps 12 --corpus procedural -o "$folder/out")
"${table[@]}" >"$folder/first" 2>"$folder/log" || fail "the table: $(cat "$folder/log")"
grep -q "4 runs trained, 0 taken" "$folder/log" || fail "two arms of two seeds are four runs: $(cat "$folder/log")"
[ "$(wc -l <"$folder/out/asymmetry.csv")" -eq 7 ] || fail "a line for each of six claims"
[ "$(head -c 8 "$folder/out/asymmetry.png" | tail -c 7)" = "$(printf 'PNG\r\n\032\n')" ] || fail "a chart as PNG beside the table"
cp "$folder/out/asymmetry.png" "$folder/first.png"
"${table[@]}" >"$folder/second" 2>"$folder/log" || fail "the second start"
grep -q "0 runs trained, 4 taken" "$folder/log" || fail "a second start must train nothing: $(cat "$folder/log")"
cmp -s "$folder/first" "$folder/second" || fail "the second start must print the same"
victim=$(ls "$folder"/out/runs/soft*seed2* | head -1)
echo '{"held_out' >"$victim"  # as after a crash, were files not written atomically
"${table[@]}" >"$folder/third" 2>"$folder/log" || fail "the third start"
grep -q "1 runs trained, 3 taken" "$folder/log" || fail "a broken result must be trained anew: $(cat "$folder/log")"
cmp -s "$folder/first.png" "$folder/out/asymmetry.png" || fail "the same results must give the same chart"
cmp -s "$folder/first" "$folder/third" || fail "the same seed must give the same result"
output=$("$program" reproduce nonsense 2>&1)
[ $? -eq 2 ] || fail "an unknown table: $output"
output=$("$program" reproduce asymmetry --seeds 1 --steps 10 --corpus "$folder/nowhere" -o "$folder/bad" 2>&1)
[ $? -eq 1 ] || fail "a missing corpus: $output"
exit $((failures > 0))
