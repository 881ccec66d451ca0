#!/usr/bin/env bash
# test_package.sh MIRROR [FOLDER]: installs build/package/moescope_*.deb in a new Debian 12 (debootstrap, as root), where no compiler is,
# runs it, removes it, and says what is left; then runs the folder of the .tar.gz from another place, without Qt and VTK. MIRROR is the
# machine's own source of Debian packages. Prints one line a check, and the seconds and sizes.
set -euo pipefail
cd "$(dirname "$0")/.."
mirror=${1:?the mirror of Debian packages} root=${2:-$(mktemp -d)/debian}
[ "$(id -u)" -eq 0 ] || { echo "test_package.sh: debootstrap needs root" >&2; exit 1; }
package=$(ls build/package/moescope_*.deb) folder=$(ls build/package/moescope-*.tar.gz)
small="--width 32 --heads 2 --experts 4 --expert-width 16 --layers 1 --context 16 --batch 1 --probe-tokens 256"

inside() { chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive bash -c "$1"; }
check() {
  if inside "$2" >"$root/check.log" 2>&1; then echo "ok    $1"; else
    echo "FAIL  $1: $(tail -n 3 "$root/check.log")"
    exit 1
  fi
}
files() { find "$root" -xdev \( -path "$root/proc" -o -path "$root/tmp" -o -path "$root/var/log" -o -path "$root/var/cache" -o -path "$root/var/lib" -o -path "$root/root" \) -prune -o -print | sort; }

[ -x "$root/bin/bash" ] || debootstrap --variant=minbase bookworm "$root" "$mirror" >/dev/null
trap 'umount "$root/proc" 2>/dev/null || true' EXIT
mountpoint -q "$root/proc" || mount -t proc proc "$root/proc"
cp "$package" "$folder" "$root/tmp/"
inside "apt-get update -qq"
# What it depends on is installed first, so that what it leaves behind can be told from that.
inside "apt-get install -y -qq --no-install-recommends libgl1-mesa-dri >/dev/null 2>&1; command -v cc && exit 1 || true"
start=$SECONDS
check "installs without a compiler" "apt-get install -y -qq --no-install-recommends /tmp/$(basename "$package")"
echo "      $((SECONDS - start)) s with all that it depends on; package $(du -h "$package" | cut -f1), folder $(du -h "$folder" | cut -f1)"
check "moescope --version" "moescope --version | grep -q LibTorch"
check "moescope doctor" "moescope doctor"
check "moescope train" "moescope train --steps 20 $small --jsonl /tmp/metrics.jsonl && [ \$(wc -l </tmp/metrics.jsonl) -eq 20 ]"
check "moescope render" "moescope render --view load_bars --steps 5 $small -o /tmp/view.png && [ -s /tmp/view.png ]"
check "the window, as a picture" "moescope window --fresh --after-steps 5 $small --screenshot /tmp/window.png && [ -s /tmp/window.png ]"
check "manual page, menu entry, file types, completion" "[ -s /usr/share/man/man1/moescope.1.gz -o -n \"\$(ls /etc/dpkg/dpkg.cfg.d 2>/dev/null)\" ] && [ -s /usr/share/applications/moescope.desktop ] && grep -q moelesson /usr/share/mime/packages/moescope.xml && grep -q vnd.moescope.lesson /usr/share/applications/moescope.desktop && bash -n /usr/share/bash-completion/completions/moescope"
files >"$root/../with"
check "is removed" "apt-get purge -y -qq moescope"
files >"$root/../without"
left=$(grep -i moescope "$root/../without" || true)
[ -z "$left" ] && echo "ok    leaves no trace" || { echo "FAIL  left behind: $left"; exit 1; }
# What a machine with a display has anyway; the rest goes.
inside "apt-mark manual xvfb xauth libgl1-mesa-dri libgl1 libegl1 libopengl0 libxext6 libfontconfig1 libdbus-1-3 libx11-xcb1 libxcb-dri3-0 >/dev/null; apt-get autoremove --purge -y -qq >/dev/null 2>&1"
check "Qt and VTK are gone" "! ls /usr/lib/*/libQt6Core.so* /usr/lib/*/libvtkCommonCore* 2>/dev/null"
check "the folder runs from another place" "cd /tmp && rm -rf elsewhere && mkdir elsewhere && tar xf $(basename "$folder") -C elsewhere && cd / && /tmp/elsewhere/moescope-*/bin/moescope train --steps 5 $small && /tmp/elsewhere/moescope-*/bin/moescope render --view load_bars --steps 5 $small -o /tmp/again.png && [ -s /tmp/again.png ]"
