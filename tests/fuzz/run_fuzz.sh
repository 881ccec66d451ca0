#!/usr/bin/env bash
# run_fuzz.sh PROGRAM SEEDS SHARE: fuzzes a reader for SHARE per cent of MOESCOPE_FUZZ_SECONDS (5 unless set) and prints how many
# inputs it ran. SEEDS: a script that fills the folder it is given with good inputs.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 "$2" "$work"
seconds=$((${MOESCOPE_FUZZ_SECONDS:-5} * $3 / 100))
cd "$work"
"$1" -max_total_time=$((seconds > 0 ? seconds : 1)) -max_len=8192 -rss_limit_mb=2048 -print_final_stats=1 "$work" >log 2>&1 || { tail -40 log; exit 1; }
grep -E "number_of_executed_units|Done" log
