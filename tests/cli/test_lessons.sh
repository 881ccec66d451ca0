#!/usr/bin/env bash
# test_lessons.sh PROGRAM: lessons from the command line: packed into one file and read from it, hostile archives, handouts, films, and pages that
# are not there. Run with a display.
. "$(dirname "$0")/checks.sh"
export OMP_NUM_THREADS=1 XDG_RUNTIME_DIR=$folder
cd "$folder"
small='"corpus": "procedural", "width": 32, "heads": 2, "experts": 4, "expert-width": 16, "layers": 1, "context": 16, "batch": 1, "probe-tokens": 256'

# ---- a lesson with a session and a picture ---------------------------------------------------------------------------------------
mkdir own
"$program" train --corpus procedural --width 32 --heads 2 --experts 4 --expert-width 16 --layers 1 --context 16 --batch 1 --probe-tokens 256 --steps 4 --session own/run.moescope >log 2>&1 || fail "a session: $(cat log)"
python3 - <<'PNG'
import struct, zlib
def chunk(kind, data): return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
rows = b"".join(b"\0" + bytes([200, 40, 40] * 40) for _ in range(20))
open("own/red.png", "wb").write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 40, 20, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
PNG
lesson() {  # title, words of the first page
  cat <<LESSON
---
title: $1
shows: three pages
---
# One
$2 ![a red box](red.png)
\`\`\`json
{"state": {"sides": [{"knobs": {$small, "router": "topk"}}]}, "views": ["load_bars"], "controls": ["concentration"], "train_to": 3,
 "task": {"predict": "entropy", "within": 0.1, "concentration": 0}}
\`\`\`
# Two
Words of the second page.
\`\`\`json
{"session": "run.moescope", "views": ["score_polygon", "load_bars"]}
\`\`\`
# Three
An invented checkpoint.
\`\`\`json
{"checkpoint": "synthetic", "views": ["score_heatmap"]}
\`\`\`
LESSON
}
lesson "A lesson" "Words of the first page." >own/mine.en.md
lesson "Eine Lektion" "Worte der ersten Seite." >own/mine.de.md
lesson "Une leçon" "Mots de la première page." >own/mine.fr.md  # a third language is one file
echo note >own/unused.txt
"$program" lessons --pack own -o mine.moelesson >said 2>log || fail "packing: $(cat said log)"
[ "$(cat said)" = "mine.moelesson: 5 files" ] || fail "packing says: $(cat said)"
grep -qF "unused.txt is left out" log || fail "what is left out is not said: $(cat log)"
[ "$(python3 -c 'import zipfile; print(*sorted(zipfile.ZipFile("mine.moelesson").namelist()))')" = "mine.de.md mine.en.md mine.fr.md red.png run.moescope" ] || fail "what is in the archive"
cp mine.moelesson first && "$program" lessons --pack own -o mine.moelesson --force >/dev/null 2>&1 && cmp -s first mine.moelesson || fail "two archives of the same files differ"

# ---- on paper and as a film ------------------------------------------------------------------------------------------------------
"$program" lessons --handout mine.moelesson -o mine.pdf >said 2>log || fail "a handout: $(cat said log)"
[ "$(pdfinfo mine.pdf 2>/dev/null | awk '/^Pages/ {print $2}')" = 3 ] || ! command -v pdfinfo >/dev/null || fail "sheets: $(pdfinfo mine.pdf)"
python3 - <<'PDF' || fail "the words of the handout are no text, or its entropy of four equal experts is not log 4 = 1.386"
import re, shutil, subprocess, zlib
if shutil.which("pdftotext"):
    text = subprocess.run(["pdftotext", "mine.pdf", "-"], capture_output=True, text=True).stdout
    assert "Words of the second page." in text and "concentration 0: 1.386 nats" in text, text
else:
    assert re.search(rb"/ToUnicode", open("mine.pdf", "rb").read())
PDF
mkdir german && cp own/run.moescope own/red.png german && cp own/mine.en.md german/mine.de.md
"$program" lessons --handout german/mine.de.md -o german.pdf >said 2>log || fail "a German handout: $(cat said log)"
if command -v pdftotext >/dev/null; then
  pdftotext german.pdf - | grep -qF "Konzentration 0: 1.386 nats" || fail "a German handout speaks English: $(pdftotext german.pdf -)"
fi
"$program" render mine.moelesson -o mine.mp4 --size 640x360 --fps 4 >said 2>log || fail "a film: $(cat said log)"
grep -qF "leaves its picture red.png out" log || fail "a picture that is left out is not said: $(cat log)"
seconds=$(ffprobe -v error -show_entries format=duration -of csv=p=0 mine.mp4)
# 2.5 s of words on each page, 9 s for the task
python3 -c "assert abs($seconds - (3 * 2.5 + 9)) < 0.6" || fail "the film lasts $seconds s"
frames=$(python3 -c "import json; r = json.load(open('mine.json')); assert sum(r['pages']) == r['frame_count'] == len(r['frames']); print(r['frame_count'])") || fail "the record of a lesson's film"
for frame in 3 $((frames - 1)); do
  "$program" render mine.json --frame $frame -o again-$frame.png >said 2>log && grep -q "the same pixels" said || fail "frame $frame of a lesson's film once more: $(cat said log)"
done
cmp -s again-3.png "again-$((frames - 1)).png" && fail "the first page's frame is the last page's"
refuse "a frame that the lesson's film has not" 2 "$frames is no frame of this film" render mine.json --frame "$frames" -o none.png
refuse "a lesson as a picture" 2 "is no film" render mine.moelesson -o mine.png
refuse "an option that means nothing to it" 2 "a lesson says itself what it shows" render mine.moelesson -o other.mp4 --steps 5
refuse "a film that is there" 1 "is there already" render mine.moelesson -o mine.mp4
refuse "a handout that is there" 1 "mine.pdf is there already; expected another name, or --force" lessons --handout mine.moelesson -o mine.pdf
refuse "a lesson file that is there" 1 "mine.moelesson is there already; expected another name, or --force" lessons --pack own -o mine.moelesson
refuse "a handout that is no PDF" 2 "does not end in .pdf" lessons --handout mine.moelesson -o mine.txt
refuse "a lesson that is not there" 2 "there is no lesson 'nothing'" lessons --handout nothing -o x.pdf
refuse "an output for nothing" 2 "nothing to write" lessons -o x.pdf

# ---- pages -----------------------------------------------------------------------------------------------------------------------
for page in 0 x -1; do refuse "page $page" 2 "--page" window --lesson concentration --page "$page"; done
refuse "a page behind the last" 2 "99 is no page of this lesson; expected 1 to 5" window --lesson concentration --page 99
refuse "a lesson of no name" 2 "there is no lesson 'nothing'" window --lesson nothing
refuse "a file of another kind" 2 "expected a .moelesson" window own/unused.txt
"$program" window mine.moelesson --page 2 --fresh --screenshot page.png >said 2>&1 || fail "a page of an archive: $(cat said)"
[ -s page.png ] || fail "no picture of a page"

# ---- archives that are none, or hostile ------------------------------------------------------------------------------------------
python3 - <<'ZIPS'
import struct, zipfile
words = open("own/mine.en.md", "rb").read()
plain = words.replace(b"![a red box](red.png)", b"").replace(b'"session": "run.moescope", ', b"")
def write(name, members, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(name + ".moelesson", "w", method) as archive:
        for member, data in members: archive.writestr(member, data)
write("good", [("mine.en.md", plain)])
write("upwards", [("../mine.en.md", plain)])
write("absolute", [("/tmp/mine.en.md", plain)])
write("inner", [("folder/mine.en.md", plain)])
write("backslash", [("..\\mine.en.md", plain)])
write("hidden", [(".mine.en.md", plain)])
write("other", [("mine.en.md", plain), ("run.sh", b"#!/bin/sh")])
write("packed", [("mine.en.md", plain)], zipfile.ZIP_LZMA)
write("two", [("mine.en.md", plain), ("yours.en.md", plain)])
write("none", [("red.png", open("own/red.png", "rb").read())])
write("missing", [("mine.en.md", words), ("red.png", open("own/red.png", "rb").read())])
write("many", [(f"a{i}.en.md", plain) for i in range(600)])
write("large", [("mine.en.md", b"x" * (3 << 20))])
write("broken", [("mine.en.md", b"no lesson")])
write("line", [("mine\n.sh", plain)])
import warnings; warnings.simplefilter("ignore")
write("twice", [("mine.en.md", plain), ("mine.en.md", plain)])
good = open("good.moelesson", "rb").read()
open("cut.moelesson", "wb").write(good[:len(good) // 2])
open("empty.moelesson", "wb").write(b"")
open("noise.moelesson", "wb").write(bytes(range(256)) * 8)
at = good.index(b"PK\x01\x02")
def patched(name, offsets):
    data = bytearray(good)
    for offset, value in offsets: struct.pack_into("<I", data, offset, value)
    open(name + ".moelesson", "wb").write(data)
patched("bomb", [(at + 24, 1000000), (22, 1000000)])   # states more than the bytes can be, less than a lesson's most
patched("liar", [(at + 24, 10), (22, 10)])             # expands to more than it states
data = bytearray(good); data[60] ^= 0xFF
open("flipped.moelesson", "wb").write(data)
ZIPS
hostile() { refuse "$1" 1 "$2" lessons --handout "$1.moelesson" -o hostile.pdf; }
for name in upwards absolute inner backslash hidden other; do hostile $name "without a folder"; done
hostile packed "by method 14"
hostile two "two lessons, mine and yours"
hostile none "no lesson in it"
hostile missing "shows run.moescope, which is not beside it"
hostile many "600 members; expected 1 to 500"
hostile large "expected at most 1048576"
hostile broken "mine.en.md, line 1: expected '---'"
hostile line "member 'mine?.sh'"
hostile twice "twice.moelesson"
for name in cut empty noise bomb liar flipped; do hostile $name "$name.moelesson: "; done
mkfifo pipe.moelesson && refuse "a pipe" 1 "not a regular file" lessons --handout pipe.moelesson -o hostile.pdf
[ ! -e hostile.pdf ] && [ ! -e mine.en.md ] && [ ! -e ../mine.en.md ] || fail "something was written"
[ -z "$(find "${TMPDIR:-/tmp}" -maxdepth 1 -name 'moescope-lesson-*' -newer own/unused.txt 2>/dev/null)" ] || fail "folders of archives are left: $(ls -d "${TMPDIR:-/tmp}"/moescope-lesson-*)"
mkdir empty both
lesson "A lesson" "Words." >both/mine.en.md && lesson "Another" "Words." >both/yours.en.md && cp own/red.png own/run.moescope both
refuse "a folder with two lessons" 1 "both: two lessons, mine and yours" lessons --pack both -o x.moelesson
refuse "a folder without a lesson" 1 "no lesson in it" lessons --pack empty -o x.moelesson
refuse "packing under another name" 2 "does not end in .moelesson" lessons --pack own -o x.zip
exit $((failures > 0))
