#!/usr/bin/env bash
# train, sweep, render and window with input that cannot be used: one line, exit status 1 or 2, nothing half-written.
. "$(dirname "$0")/checks.sh"
export OMP_NUM_THREADS=1
unset DISPLAY WAYLAND_DISPLAY

mkdir -p "$folder/empty" "$folder/one" "$folder/binary" "$folder/tiny"
head -c 60000 /usr/include/stdio.h >"$folder/one/only.txt"
head -c 60000 /dev/urandom >"$folder/binary/a.bin"
head -c 60000 /dev/urandom >"$folder/binary/b.bin"
echo short >"$folder/tiny/a.txt"
echo words >"$folder/tiny/b.txt"
small=(--width 32 --heads 2 --experts 4 --expert-width 16 --layers 1 --context 16 --batch 1 --probe-tokens 256)
made=("${small[@]}" --corpus procedural)

refuse "a missing corpus" 1 "$folder/nowhere" train --steps 1 --corpus "$folder/nowhere"
refuse "an empty corpus" 1 "$folder/empty" train --steps 1 --corpus "$folder/empty"
refuse "domains too short" 1 "bytes" train --steps 1 --corpus "$folder/tiny"
refuse "a file as corpus" 1 "$folder/one/only.txt" train --steps 1 --corpus "$folder/one/only.txt/x"
refuse "a knob out of range" 2 "--experts" train --experts 3
refuse "a knob that is no number" 2 "--width" train --width wide
refuse "an unknown router" 1 "expected one of" train --router nonsense --steps 1
refuse "a width that heads do not divide" 1 "multiple of heads" train --width 33 --steps 1
refuse "an unknown option" 2 "--nonsense" sweep --nonsense
refuse "no such view" 2 "is no view" render --view nonsense -o "$folder/x.png" "${made[@]}"
refuse "no such size" 2 "is not a size" render --size huge -o "$folder/x.png" "${made[@]}"
refuse "a folder that cannot be made" 1 "/proc/none" render -o /proc/none/pictures --steps 1 "${made[@]}"
refuse "a layer out of range" 2 "--layer" sweep --layer 9
refuse "an expert out of range" 2 "is no expert of this model" render --view load_bars --steps 1 --select 1,8 -o "$folder/x.png"
refuse "a pair of one expert" 2 "two different experts" render --view load_bars --steps 1 --select 2,2 -o "$folder/x.png"
refuse "a jsonl file in no folder" 1 "$folder/none/x.jsonl" train --steps 1 --jsonl "$folder/none/x.jsonl" "${made[@]}"

# What was there stays when the new result cannot be had.
echo precious >"$folder/kept.jsonl"
"$program" train --steps 5 --learning-rate 1000 --jsonl "$folder/kept.jsonl" --corpus "$folder/empty" >/dev/null 2>&1
grep -q precious "$folder/kept.jsonl" || fail "a failed run overwrote the file that was there"
[ -e "$folder/kept.jsonl.part" ] && fail "a failed run left a part behind"

# Usable after all: one domain, binary bytes, a file of 40 GB (sparse) of which only the beginning is taken.
"$program" train --steps 2 "${small[@]}" --corpus "$folder/one" >/dev/null 2>&1 || fail "one domain must train"
"$program" train --steps 2 "${small[@]}" --corpus "$folder/binary" >/dev/null 2>&1 || fail "binary bytes must train"
mkdir "$folder/huge" && head -c 60000 /usr/include/stdio.h >"$folder/huge/b.txt"
truncate -s 40G "$folder/huge/a.txt"
(ulimit -v 12000000; timeout 60 "$program" train --steps 2 "${small[@]}" --corpus "$folder/huge" >/dev/null 2>"$folder/log") || fail "a huge file must be cut: $(cat "$folder/log")"

# Without a display the picture is drawn on a virtual one.
"$program" render --view load_bars --steps 1 --size 300x200 -o "$folder/bars.png" "${made[@]}" >/dev/null 2>"$folder/log" || fail "render without a display: $(cat "$folder/log")"
head -c 4 "$folder/bars.png" | grep -q PNG || fail "render wrote no PNG"
XDG_CONFIG_HOME=$folder/config "$program" render --view window --steps 1 --size 800x600 -o "$folder/window.png" "${made[@]}" >/dev/null 2>"$folder/log" || fail "render the window: $(cat "$folder/log")"
head -c 4 "$folder/window.png" | grep -q PNG || fail "render wrote no picture of the window"
[ -e "$folder/config/moescope" ] && fail "a picture must not write the user's settings"
exit $((failures > 0))
