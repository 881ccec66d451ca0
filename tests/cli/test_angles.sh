#!/usr/bin/env bash
# moescope angles: closed forms, and one line for bad input.
set -u
program=$1
failures=0
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

matrix() {  # file, shape, then doubles as hexadecimal big-endian words
  local file=$1 dictionary="{'descr': '>f8', 'fortran_order': False, 'shape': $2, }" word
  shift 2
  { printf '\x93NUMPY\x01\x00'; printf "\\x$(printf %02x ${#dictionary})\\x00"; printf '%s' "$dictionary"
    for word in "$@"; do printf "$(sed 's/../\\x&/g' <<<"$word")"; done; } >"$file"
}
expect() {  # description, wanted exit status, wanted text, command...
  local description=$1 status=$2 text=$3 output actual
  shift 3
  output=$("$@" 2>&1)
  actual=$?
  if [ "$actual" -ne "$status" ] || ! grep -qF -- "$text" <<<"$output" || { [ "$status" -ne 0 ] && [ "$(wc -l <<<"$output")" -ne 1 ]; }; then
    echo "FAIL $description: status $actual (wanted $status, '$text'), output: $output"
    failures=$((failures + 1))
  fi
}

zero=0000000000000000 one=3ff0000000000000 two=4000000000000000
matrix "$folder/axis.npy" "(2,)" $one $zero
matrix "$folder/diagonal.npy" "(2, 1)" $two $two
matrix "$folder/vertical.npy" "(2,)" $zero $one
matrix "$folder/twice.npy" "(2, 2)" $one $two $zero $zero
matrix "$folder/space.npy" "(3,)" $one $zero $zero
matrix "$folder/nothing.npy" "(2,)" $zero $zero
matrix "$folder/short.npy" "(9,)" $one
cd "$folder"

expect "45 degrees" 0 "45.000000000" "$program" angles axis.npy diagonal.npy
expect "pi/4" 0 "0.78539816339745" "$program" angles axis.npy diagonal.npy
expect "chordal = sin 45 degrees" 0 "chordal          0.70710678118655" "$program" angles axis.npy diagonal.npy
expect "a right angle" 0 "90.000000000" "$program" angles axis.npy vertical.npy
expect "an infinite distance is null in JSON" 0 '"value": null' "$program" angles axis.npy vertical.npy --json
expect "the rank found" 0 "twice.npy: rank 1 of 2 columns in dimension 2" "$program" angles twice.npy axis.npy
expect "JSON carries the rank" 0 '"rank": 1' "$program" angles twice.npy axis.npy --json
expect "different dimensions" 1 "space.npy: 3 rows, expected 2 as in axis.npy" "$program" angles axis.npy space.npy
expect "a zero matrix" 1 "nothing.npy: " "$program" angles axis.npy nothing.npy
expect "a header that lies" 1 "short.npy: .npy header states 9 x 1 items of 8 bytes, but 8 bytes follow" "$program" angles axis.npy short.npy
expect "a missing file" 1 "absent.npy" "$program" angles axis.npy absent.npy
expect "one file only" 2 "second" "$program" angles axis.npy
expect "an unknown option" 2 "--nonsense" "$program" angles axis.npy axis.npy --nonsense
exit $((failures > 0))
