#!/usr/bin/env bash
# Without an NVIDIA GPU Moescope fetches LibTorch without its 2 GB of CUDA libraries, but Python's torch is linked against
# them. Makes an empty library for each that is missing, in folder $2, for the LibTorch in $1: the oracle computes on the
# CPU and calls none of their functions (Python must bind lazily: see use_torch in generate.py).
set -euo pipefail
torch=$1 stubs=$2
mkdir -p "$stubs"
export LD_LIBRARY_PATH="$torch/lib:$(printf '%s:' "$torch"/../nvidia/*/lib "$torch"/../nvidia/*/lib64)"
for library in $(ldd "$torch"/lib/*.so | awk '/not found/ {print $1}' | sort -u); do
  g++ -shared -x c++ /dev/null -Wl,-soname,"$library" -o "$stubs/$library"
done
