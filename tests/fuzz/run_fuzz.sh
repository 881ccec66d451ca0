#!/usr/bin/env bash
# Fuzzes the safetensors header reader for MOESCOPE_FUZZ_SECONDS (5 unless set) and prints how many inputs it ran.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 - "$work" <<'PY'
import json, struct, sys
def write(name, header, data):
    text = json.dumps(header).encode()
    open(f"{sys.argv[1]}/{name}", "wb").write(struct.pack("<Q", len(text)) + text + data)
write("one", {"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}, bytes(8))
write("two", {"__metadata__": {"format": "pt"}, "a": {"dtype": "BF16", "shape": [2, 2], "data_offsets": [0, 8]},
              "b": {"dtype": "F8_E4M3", "shape": [], "data_offsets": [8, 9]}}, bytes(9))
PY
cd "$work"
"$1" -max_total_time="${MOESCOPE_FUZZ_SECONDS:-5}" -max_len=4096 -print_final_stats=1 "$work" >log 2>&1 || { tail -40 log; exit 1; }
grep -E "number_of_executed_units|Done" log
