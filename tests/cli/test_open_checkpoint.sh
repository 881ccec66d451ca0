#!/usr/bin/env bash
# test_open_checkpoint.sh PROGRAM ORACLE: a checkpoint on the command line, drawn, as a bare path, and what cannot be opened.
. "$(dirname "$0")/checks.sh"
oracle=$2

draws() {  # description, picture, arguments...
  local description=$1 picture=$2
  shift 2
  "$program" "$@" >"$folder/log" 2>&1 || fail "$description: $(cat "$folder/log")"
  [ "$(head -c 4 "$picture" 2>/dev/null | tail -c 3)" = PNG ] || fail "$description: no picture"
}
refuses() {  # description, exit status, text, arguments...
  local description=$1 status=$2 text=$3 output actual
  shift 3
  output=$("$program" "$@" 2>&1)
  actual=$?
  output=$(grep -v '^QStandardPaths' <<<"$output")
  [ "$actual" -eq "$status" ] || fail "$description: status $actual, wanted $status: $output"
  grep -qF -- "$text" <<<"$output" || fail "$description: '$text' is missing from: $output"
  [ "$(grep -c . <<<"$output")" -eq 1 ] || fail "$description: more than a line: $output"
}

draws "a view with a trace" "$folder/bars.png" render --checkpoint "$oracle/qwen3_moe" --trace "$oracle/qwen3_moe/oracle.safetensors" --view load_bars -o "$folder/bars.png"
draws "the same without one" "$folder/synthetic.png" render --checkpoint "$oracle/qwen3_moe" --view load_bars -o "$folder/synthetic.png"
cmp -s "$folder/bars.png" "$folder/synthetic.png" && fail "trace and synthetic tokens give the same picture"
draws "the window on a bare path" "$folder/window.png" "$oracle/mixtral" --corpus procedural --screenshot "$folder/window.png"

mkdir "$folder/empty"
refuses "no such folder" 1 "$folder/none: no such file or folder" window --checkpoint "$folder/none"
refuses "a trace without a checkpoint" 2 "--checkpoint" window --trace "$oracle/mixtral/oracle.safetensors"
refuses "an empty folder, drawn" 1 "$folder/empty" render --checkpoint "$folder/empty" -o "$folder/pictures"
refuses "an empty folder, in the window" 1 "$folder/empty" "$folder/empty" --screenshot "$folder/none.png"
refuses "a file that is no trace" 1 "no tensor hidden.L" render --checkpoint "$oracle/mixtral" --trace "$oracle/mixtral/model.safetensors" -o "$folder/pictures"
exit $((failures > 0))
