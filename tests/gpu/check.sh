#!/bin/sh
# Builds the science without a window and checks a GPU's work against the CPU's: every kernel against its twin, training of every
# router, and how fast both are; then the views with shaders, drawn through EGL, against the processor's (needs VTK 9.1 and EGL; else it says
# that these were not drawn). Needs an NVIDIA GPU, CMake, ninja, a C++20 compiler, Eigen, nlohmann-json, zlib and LibTorch
# with CUDA; under 10 minutes. Usage: check.sh [--twins]   (--twins: no GPU; its computations, on the CPU)
#   CMAKE_PREFIX_PATH   where Eigen, nlohmann-json and zlib are, when not with the system's
#   MOESCOPE_TORCH      LibTorch's folder with lib/ and include/; else what ./run fetched, else the one inside python3's torch
#   MOESCOPE_BUILD      where to build; else build/gpu
set -eu
source=$(cd "$(dirname "$0")/../.." && pwd)
build=${MOESCOPE_BUILD:-$source/build/gpu}
torch=${MOESCOPE_TORCH:-}
if [ -z "$torch" ]; then
  torch=$source/build/deps/torch/torch
  [ -e "$torch/lib/libtorch_cpu.so" ] || torch=$(python3 -c 'import torch; print(torch.__path__[0])') || {
    echo "check.sh: LibTorch is neither in build/deps nor in python3; set MOESCOPE_TORCH" >&2
    exit 1
  }
fi
if [ "${1:-}" != --twins ]; then
  card=$(nvidia-smi --query-gpu=name,driver_version --format=csv,noheader 2>/dev/null | head -n 1) || true
  [ -n "$card" ] || { echo "check.sh: nvidia-smi finds no NVIDIA GPU here; --twins runs the same computations on the CPU" >&2; exit 1; }
  echo "GPU: $card"
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
{ cmake -S "$source" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DMOESCOPE_WINDOW=OFF -DMOESCOPE_TORCH="$torch" &&
  cmake --build "$build" --target gpu_check; } >"$log" 2>&1 || { tail -n 60 "$log" >&2; echo "check.sh: the build failed" >&2; exit 1; }
left_out=$(sed -n 's/^-- \(draw_check is left out: .*\)/\1/p' "$log")
status=0
"$build/tests/gpu/gpu_check" "$@" || status=1
if [ -n "$left_out" ]; then
  echo "views with shaders: not drawn; $left_out"
elif cmake --build "$build" --target draw_check >"$log" 2>&1; then
  drawn=0
  "$build/tests/gpu/draw/draw_check" || drawn=$?
  [ "$drawn" -eq 0 ] || [ "$drawn" -eq 77 ] || status=1  # 77: it could not draw, and said why
else
  tail -n 20 "$log" >&2
  echo "views with shaders: not drawn; draw_check could not be built"
  status=1
fi
exit "$status"
