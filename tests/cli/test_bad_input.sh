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
refuse "more experts for a token than there are" 2 "expected at most experts (4)" window --top-k 9 --experts 4
CUDA_VISIBLE_DEVICES=-1 refuse "a GPU that is hidden" 1 "device cuda: LibTorch finds no usable GPU on this machine" train --device cuda --steps 1 "${made[@]}"
refuse "a fraction of a width" 2 "'64.5' is no whole number" train --width 64.5 --steps 1
refuse "a fraction of a seed" 2 "'1.5' is no whole number" train --seed 1.5 --steps 1
refuse "a seed that is no number" 2 "--seed" train --seed nan --steps 1
refuse "a screenshot in a format that is not written" 2 "does not end in .png" window --screenshot "$folder/x.jpg"
mkfifo "$folder/unread"
refuse "a named pipe that nothing reads" 1 "a named pipe that nothing reads" train --steps 1 --jsonl "$folder/unread" "${made[@]}"
refuse "a comma that may part thousands" 2 "'1,000' may be 1.000 or 1000" train --learning-rate 1,000 --steps 1
refuse "two commas" 2 "--learning-rate" train --learning-rate 0,0,5 --steps 1
taken=$("$program" train --steps 1 --learning-rate 0,05 "${made[@]}" 2>&1) || fail "a decimal comma is refused: $taken"
grep -qF "note: --learning-rate: '0,05' is taken as 0.05" <<<"$taken" || fail "what a decimal comma is taken as is not said: $taken"
refuse "an unknown router" 2 "router is 'nonsense'; expected grmoe, topk" train --router nonsense --steps 1
refuse "a width that heads do not divide" 2 "multiple of heads" train --width 33 --steps 1
refuse "an unknown option" 2 "--nonsense" sweep --nonsense
refuse "no such view" 2 "is no view" render --view nonsense -o "$folder/x.png" "${made[@]}"
refuse "no such size" 2 "is not a size" render --size huge -o "$folder/x.png" "${made[@]}"
echo '{"concentration": 1}' >"$folder/state.json"
refuse "an unknown option before a word" 2 "unknown option '--state'" render --state "$folder/state.json" --view load_bars -o "$folder/x.png"
refuse "a sweep's folder that cannot be made" 1 "/proc/none: this folder cannot be made" window --sweep /proc/none --fresh --after-steps 1
refuse "a reproduction's folder that cannot be made" 1 "/proc/none/runs: this folder cannot be made" reproduce collapse -o /proc/none
refuse "a folder that cannot be made" 1 "/proc/none" render -o /proc/none/pictures --steps 1 "${made[@]}"
refuse "a layer out of range" 2 "--layer" sweep --layer 9
refuse "an expert out of range" 2 "is no expert of this model" render --view load_bars --steps 1 --select 1,8 -o "$folder/x.png"
refuse "a pair of one expert" 2 "two different experts" render --view load_bars --steps 1 --select 2,2 -o "$folder/x.png"
refuse "a size with something behind it" 2 "is not a size" render --size 300x200x3 -o "$folder/x" "${made[@]}"
refuse "one picture for all views" 2 "is one picture; expected a folder" render -o "$folder/x.png" "${made[@]}"
refuse "one picture for frames" 2 "is one picture; expected a folder" render --view load_bars --frames 3 -o "$folder/x.png" "${made[@]}"
refuse "an ending that is none of ours" 2 "ends in .jpg; expected a .png, .svg or .pdf for one view" render --view load_bars -o "$folder/x.jpg" "${made[@]}"
refuse "a folder that is a file" 1 "this folder cannot be made" render -o "$folder/tiny/a.txt/pictures" --steps 1000000 "${made[@]}"
mkdir "$folder/folder.png"
refuse "a picture that is a folder" 1 "$folder/folder.png: a folder" render --view load_bars -o "$folder/folder.png" --steps 1000000 "${made[@]}"
[ -e "$folder/x" ] || [ -e "$folder/x.jpg" ] || [ -e "$folder/x.mp4" ] && fail "a refused output was made"
refuse "a jsonl file in no folder" 1 "$folder/none/x.jsonl" train --steps 1 --jsonl "$folder/none/x.jsonl" "${made[@]}"

# What is no regular file is never opened: a named pipe would be waited for, for ever.
mkfifo "$folder/pipe"
mkdir "$folder/checkpoint" "$folder/piped"
python3 - "$folder/checkpoint" <<'PYTHON'
import json, struct, sys
config = dict(model_type="mixtral", num_local_experts=2, num_experts_per_tok=1, hidden_size=4, intermediate_size=2, num_hidden_layers=1)
json.dump(config, open(sys.argv[1] + "/config.json", "w"))
header, data = {}, b""
for name, shape in [("gate", (2, 4))] + [(f"experts.{e}.{w}", s) for e in (0, 1) for w, s in (("w1", (2, 4)), ("w2", (4, 2)), ("w3", (2, 4)))]:
    part = struct.pack("<8f", *range(1, 9))
    header[f"model.layers.0.block_sparse_moe.{name}.weight"] = dict(dtype="F32", shape=shape, data_offsets=[len(data), len(data) + len(part)])
    data += part
text = json.dumps(header).encode()
open(sys.argv[1] + "/model.safetensors", "wb").write(struct.pack("<Q", len(text)) + text + data)
PYTHON
"$program" analyze "$folder/checkpoint" --weight-rank 1 >/dev/null 2>"$folder/log" || fail "the small checkpoint must be read: $(cat "$folder/log")"
plain=$program
program=timeout
never() {  # description, wanted text, arguments...: status 1 and one line, soon
  local description=$1 text=$2
  shift 2
  refuse "$description" 1 "$text" 20 "$plain" "$@"
}
never "a pipe as checkpoint" "$folder/pipe: not a regular file (a named pipe)" analyze "$folder/pipe"
never "a pipe as trace" "regular file" analyze "$folder/checkpoint" --trace "$folder/pipe"
never "a pipe named as safetensors" "a named pipe" render --checkpoint "$folder/checkpoint" --trace "$folder/pipe" --view load_bars -o "$folder/x.png"
never "a pipe as matrix" "$folder/pipe: not a regular file (a named pipe)" angles "$folder/pipe" "$folder/pipe"
never "a pipe opened in the window" "$folder/pipe" "$folder/pipe"
never "a pipe as corpus" "$folder/pipe: not a folder" train --steps 1 --corpus "$folder/pipe"
never "a device as capture" "/dev/zero" analyze /dev/zero
for file in config.json model.safetensors model.safetensors.index.json; do
  rm -rf "$folder/piped" && cp -r "$folder/checkpoint" "$folder/piped" && rm -f "$folder/piped/$file" && mkfifo "$folder/piped/$file"
  never "a pipe as $file" "$folder/piped/$file: not a regular file (a named pipe)" analyze "$folder/piped"
done
mkdir "$folder/texts" && cp "$folder/one/only.txt" "$folder/texts" && mkfifo "$folder/texts/pipe"
program=$plain
timeout 60 "$program" train --steps 1 "${small[@]}" --corpus "$folder/texts" 2>&1 >/dev/null | grep -q "texts/pipe: neither a file nor a folder, left out" || fail "a pipe in a corpus must be left out by name"

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
XDG_CONFIG_HOME=$folder/config "$program" --fresh --size 800x600 --after-steps 1 --screenshot "$folder/fresh.png" "${made[@]}" >/dev/null 2>"$folder/log" || fail "options without a command: $(cat "$folder/log")"
head -c 4 "$folder/fresh.png" | grep -q PNG || fail "options without a command wrote no picture"

size_of() { python3 -c 'import struct, sys; print("%dx%d" % struct.unpack(">II", open(sys.argv[1], "rb").read(24)[16:]))' "$1"; }
"$program" render --view load_bars --steps 1 --size 2401x1801 -o "$folder/large.png" "${made[@]}" >/dev/null 2>"$folder/log" || fail "a picture larger than the display: $(cat "$folder/log")"
[ "$(size_of "$folder/large.png")" = 2401x1801 ] || fail "a picture of other pixels: $(size_of "$folder/large.png")"

# Frames say what they show, in a line of their own: two films side by side can be told apart.
frames() { "$program" render --view load_bars --steps 1 --size 600x400 --frames 2 -o "$folder/$1" "${made[@]}" "${@:2}" >/dev/null 2>"$folder/log" || fail "frames $1: $(cat "$folder/log")"; }
frames titled
frames other --seed 2
frames plain --no-title-line
[ "$(size_of "$folder/titled/load_bars-00001.png")" = 600x400 ] || fail "a titled frame of other pixels"
cmp -s "$folder/titled/load_bars-00000.png" "$folder/plain/load_bars-00000.png" && fail "--no-title-line changes nothing"
"$program" render --view load_bars --steps 1 --size 600x400 --concentration 0.0625 -o "$folder/single.png" "${made[@]}" >/dev/null 2>&1
cmp "$folder/single.png" "$folder/plain/load_bars-00000.png" || fail "a frame without its title line must be the picture of that concentration"
exit $((failures > 0))
