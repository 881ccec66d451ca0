#!/usr/bin/env bash
# run_oracle.sh DEPENDENCIES OUTPUT: makes the oracle's checkpoints once. DEPENDENCIES (build/deps) holds torch/ and oracle/,
# which `./run test` installs.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
[ "$2/.complete" -nt "$here/generate.py" ] && [ "$2/.complete" -nt "$here/captures.py" ] && [ "$2/.complete" -nt "$here/gguf_files.py" ] && exit 0
[ -f "$1/oracle/.complete" ] && [ -f "$1/oracle/.formats" ] || { echo "Hugging Face transformers, or compressed-tensors, is not in $1/oracle: ./run test installs it"; exit 1; }
rm -rf "$2"
LD_LIBRARY_PATH="$1/oracle/stubs" "$1/oracle/venv/bin/python" "$here/generate.py" "$1/torch" "$2"
"$1/oracle/venv/bin/python" "$here/captures.py" "$2/captures"
"$1/oracle/venv/bin/python" "$here/gguf_files.py" "$2/gguf"
touch "$2/.complete"
