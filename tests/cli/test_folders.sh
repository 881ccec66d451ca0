#!/bin/sh
# The arrows between folders: every #include of ours must be one that tests/folders.txt allows. Usage: test_folders.sh SOURCE
set -eu
cd "$1"

# "folder included-folder" for every include in the tree whose root is $1.
arrows() {
  (cd "$1" && grep -rEo '^#include "(core|views|app)/[^"]+"' --include='*.cpp' --include='*.h' --include='*.inc' --include='*.cu' core views app) |
    sed -E 's#^([^:]*)/[^/:]*:\#include "(.*)/[^/"]*"$#\1 \2#' | sort -u
}

# Prints what is not allowed.
forbidden() {
  arrows "$1" | while read -r from to; do
    [ "$from" = "$to" ] && continue
    allowed=$(sed -n "s#^$from:##p" tests/folders.txt)
    ok=
    for each in $allowed; do
      case $to in "$each" | "$each"/*) ok=1 ;; esac
    done
    [ -n "$ok" ] || echo "$from includes $to, which tests/folders.txt does not allow"
  done
}

# The table itself has no circle among core's folders: each may include only folders that are named above it.
seen=
while IFS=: read -r folder allowed; do
  case $folder in '#'* | '') continue ;; esac
  for each in $allowed; do
    case $each in
      core | views) ;;
      *) case " $seen " in *" $each "*) ;; *) echo "tests/folders.txt: $folder may include $each, which does not stand above it" && exit 1 ;; esac ;;
    esac
  done
  seen="$seen $folder"
done <tests/folders.txt

# A planted arrow must be found, or this test could not fail.
planted=$(mktemp -d)
trap 'rm -rf "$planted"' EXIT
mkdir -p "$planted/core/metrics" "$planted/views" "$planted/app"
echo '#include "core/training/engine.h"' >"$planted/core/metrics/wrong.h"
[ -n "$(forbidden "$planted")" ] || { echo "a planted include of core/training by core/metrics was not found" && exit 1; }

found=$(forbidden .)
[ -z "$found" ] || { echo "$found" && exit 1; }
echo "$(arrows . | wc -l) arrows between folders, all as tests/folders.txt says"
