# Sourced first by the tests of the command line: $program from the first argument, an empty $folder that goes at the end, and
# checks that count $failures. A test ends with: exit $((failures > 0))
set -u
program=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

fail() {
  echo "FAIL $1"
  failures=$((failures + 1))
}

most_lines=1  # that a refusal may take
# description, wanted exit status, wanted text, arguments...
refuse() {
  local description=$1 status=$2 text=$3 output actual
  shift 3
  output=$("$program" "$@" 2>&1)
  actual=$?
  [ "$actual" -eq "$status" ] || fail "$description: status $actual, wanted $status: $output"
  grep -qF -- "$text" <<<"$output" || fail "$description: '$text' is missing from: $output"
  [ "$(wc -l <<<"$output")" -le "$most_lines" ] || fail "$description: more than $most_lines lines: $output"
}
