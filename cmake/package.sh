#!/usr/bin/env bash
# Makes build/package/moescope_VERSION_ARCHITECTURE.deb and a folder that runs from any place, moescope-VERSION-ARCHITECTURE.tar.gz,
# out of the finished release build. ./run package calls it.
set -euo pipefail
cd "$(dirname "$0")/.."
release=$PWD/build/release
package=$PWD/build/package
rm -rf "$package" && mkdir -p "$package"

cpack --config "$release/CPackConfig.cmake" -G DEB -B "$package/work" >"$package/cpack.log" 2>&1 || {
  echo "package: cpack failed, see $package/cpack.log: $(grep -m1 -iE 'error' "$package/cpack.log")" >&2
  exit 1
}
mv "$package"/work/*.deb "$package"/

# The folder: what the package holds, and of the distribution's libraries those that a desktop may lack.
version=$(sed -n 's/^set(CPACK_PACKAGE_VERSION "\(.*\)")$/\1/p' "$release/CPackConfig.cmake")
name=moescope-$version-$(dpkg --print-architecture)
cmake --install "$release" --prefix "$package/$name" --strip >>"$package/cpack.log" 2>&1
cmake -DFOLDER="$package/$name" -P cmake/bundle.cmake >>"$package/cpack.log" 2>&1 || {
  echo "package: the libraries of the folder could not be gathered, see $package/cpack.log" >&2
  exit 1
}
tar -C "$package" --owner=0 --group=0 -czf "$package/$name.tar.gz" "$name"  # gzip is everywhere
rm -rf "${package:?}/$name" "$package/work"
(cd "$package" && du -h ./*.deb ./*.tar.gz)
