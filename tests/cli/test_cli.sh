#!/usr/bin/env bash
# The command line as a user meets it: results, exit statuses, one line for bad input.
set -u
program=$1
failures=0

expect() {  # description, wanted exit status, wanted text, command...
  local description=$1 status=$2 text=$3
  shift 3
  local output actual
  output=$("$@" 2>&1)
  actual=$?
  if [ "$actual" -ne "$status" ] || ! grep -qF -- "$text" <<<"$output"; then
    echo "FAIL $description: status $actual (wanted $status), output: $output"
    failures=$((failures + 1))
  fi
  if [ "$status" -ne 0 ] && [ "$(wc -l <<<"$output")" -ne 1 ]; then
    echo "FAIL $description: bad input must get one line, got: $output"
    failures=$((failures + 1))
  fi
}

expect "closed form in dimension 4" 0 "1.85031853038918" "$program" bingham --spectrum 3,3 --dimension 4
expect "JSON carries the normaliser" 0 '"log_normaliser": 1.85031853038918' "$program" bingham --spectrum 3,3 --dimension 4 --json
expect "too many eigenvalues" 2 "3 eigenvalues do not fit in dimension 2; expected at most as many as it has" "$program" bingham --spectrum 1,2,3 --dimension 2
expect "a spectrum too wide" 2 "at most 20000" "$program" bingham --spectrum 1e9 --dimension 2
expect "not a number" 2 "spectrum" "$program" bingham --spectrum one --dimension 2
expect "a whole number with an exponent" 2 "'1000000000' is out of range; expected 1 to 10000000" "$program" train --steps 1e9
expect "a fraction of a step" 2 "--steps" "$program" train --steps 1.5e0
expect "an unknown option" 2 "--nonsense" "$program" bingham --spectrum 1 --dimension 2 --nonsense
expect "a mistyped option" 2 "bingham: unknown option '--dimensoin', did you mean '--dimension'?" "$program" bingham --spectrum 1 --dimensoin 2
expect "a mistyped option with its value" 2 "did you mean '--steps'?" "$program" train --stpes=5
expect "a mistyped option where another is required" 2 "did you mean '--output'?" "$program" render --ouptut pictures
expect "a mistyped command" 2 "unknown command 'trian', did you mean 'train'?" "$program" trian
expect "the beginning of a command" 2 "did you mean 'reproduce'?" "$program" repro grmoe
expect "a command that is like none" 2 "unknown command 'zzzzzzz' (see" "$program" zzzzzzz
expect "a path that is not there" 2 "./nowhere/model: no such command, file or folder" "$program" ./nowhere/model
expect "options without a command go to the window" 2 "'1x1' is not a size" "$program" --fresh --size 1x1
expect "the help of the whole program" 0 "reproduce" "$program" --help
expect "the doctor names the corpus" 0 "real text" "$program" doctor
expect "the doctor speaks JSON" 0 '"what": "LibTorch"' "$program" doctor --json

# JSON on standard output and nothing else; what a person should know goes to standard error.
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/one" && head -c 60000 /usr/include/stdio.h >"$folder/one/only.txt"
small=(--width 32 --heads 2 --experts 4 --expert-width 16 --layers 1 --context 16 --batch 1 --probe-tokens 256 --steps 2 --corpus "$folder/one")
json() {  # description, text that standard error must hold, arguments...
  local description=$1 note=$2
  shift 2
  "$program" "$@" --json >"$folder/out" 2>"$folder/notes" || { echo "FAIL $description: $(cat "$folder/notes")"; failures=$((failures + 1)); }
  python3 -c 'import json, sys; json.load(open(sys.argv[1]))' "$folder/out" 2>/dev/null || { echo "FAIL $description: standard output is no JSON: $(head -3 "$folder/out")"; failures=$((failures + 1)); }
  [ -z "$note" ] || grep -qF -- "$note" "$folder/notes" || { echo "FAIL $description: '$note' is not on standard error"; failures=$((failures + 1)); }
}
json "train" "only one domain" train "${small[@]}"
json "sweep" "only one domain" sweep "${small[@]}"
json "render" "only one domain" render "${small[@]}" --view load_bars --size 300x200 -o "$folder/pictures"
json "bingham" "" bingham --spectrum 1,2 --dimension 4
json "doctor" "" doctor
exit $((failures > 0))
