#!/usr/bin/env bash
# Every package that `./run test` installs is there under the very name that ./run gives it: apt-get also takes a name that
# another package provides, and then every later ./run would ask the network for it again. Usage: test_packages.sh SOURCE
set -eu
cd "$1"
command -v dpkg-query >/dev/null || { echo "no dpkg here: nothing to compare with"; exit 77; }

eval "$(awk '/^[a-z]+_packages=\(/ {inside = 1} inside {print} /\)/ {inside = 0}' run)"
missing() {
  local package
  for package in "$@"; do
    dpkg-query -W -f='${Status}\n' "$package" 2>/dev/null | grep -qx 'install ok installed' || echo "$package"
  done
}
# A planted name must be found, or this test could not fail.
[ "$(missing libc6 no-such-package)" = no-such-package ] || { echo "a missing package is not found"; exit 1; }
[ "${#build_packages[@]}" -gt 20 ] && [ "${#corpus_packages[@]}" -gt 10 ] || { echo "the lists of ./run were not read"; exit 1; }
absent=$(missing "${build_packages[@]}" "${corpus_packages[@]}" "${test_packages[@]}" "${oracle_packages[@]}")
[ -z "$absent" ] || { echo "./run names, but no package is called so: $absent"; exit 1; }
