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
expect "too many eigenvalues" 1 "do not fit in dimension 2" "$program" bingham --spectrum 1,2,3 --dimension 2
expect "a spectrum too wide" 1 "at most 20000" "$program" bingham --spectrum 1e9 --dimension 2
expect "not a number" 2 "spectrum" "$program" bingham --spectrum one --dimension 2
expect "an unknown option" 2 "--nonsense" "$program" bingham --spectrum 1 --dimension 2 --nonsense
expect "the doctor names the corpus" 0 "real text" "$program" doctor
expect "the doctor speaks JSON" 0 '"what": "LibTorch"' "$program" doctor --json
exit $((failures > 0))
