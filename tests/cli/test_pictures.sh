#!/usr/bin/env bash
# test_pictures.sh PROGRAM: pictures as PNG, SVG and PDF from the command line, with and without a display.
. "$(dirname "$0")/checks.sh"
export OMP_NUM_THREADS=1 XDG_RUNTIME_DIR=$folder
small=(--width 32 --heads 2 --experts 4 --expert-width 16 --layers 1 --context 16 --batch 1 --probe-tokens 256 --corpus procedural --steps 2)
cd "$folder"

# ---- vector pictures of flat views need no display -------------------------------------------------------------------------------
nowhere=(env -u DISPLAY -u WAYLAND_DISPLAY PATH=/nowhere)  # no Xvfb to be found either
for kind in svg pdf; do
  "${nowhere[@]}" "$program" render --view load_bars -o bars.$kind "${small[@]}" >/dev/null 2>said || fail "bars.$kind without a display: $(cat said)"
done
/usr/bin/env python3 - <<'PYTHON' || fail "the SVG of the load per expert"
import xml.etree.ElementTree as tree
root = tree.parse("bars.svg").getroot()
words = ["".join(each.itertext()).strip() for each in root.iter("{http://www.w3.org/2000/svg}text")]
assert "Load per expert" in words and "E3" in words, words
assert root.get("viewBox") == "0 0 1200 900", root.get("viewBox")
PYTHON
head -c 5 bars.pdf | grep -q "%PDF-" || fail "the PDF of the load per expert"
"${nowhere[@]}" "$program" render --view subspace_pair -o pair.svg "${small[@]}" >/dev/null 2>said && fail "a 3-D scene without a display"
[ "$(wc -l <said)" -eq 1 ] && [ ! -e pair.svg ] || fail "a 3-D scene without a display: one line, no file: $(cat said)"

# ---- all views in one call -------------------------------------------------------------------------------------------------------
for kind in svg pdf; do
  "$program" render -o all-$kind --format $kind --size 800x600 "${small[@]}" >/dev/null 2>said || fail "all views as $kind: $(cat said)"
done
"$program" render -o all-png --transparent --size 800x600 "${small[@]}" >/dev/null 2>said || fail "all views, transparent: $(cat said)"
[ "$(ls all-svg | wc -l)" -ge 17 ] && diff <(ls all-svg | sed 's/svg$/pdf/') <(ls all-pdf) && diff <(ls all-svg | sed 's/svg$/png/') <(ls all-png) || fail "the same views in every format"
python3 - <<'PYTHON' || fail "all views as SVG, PDF and transparent PNG"
import glob, xml.etree.ElementTree as tree
for name in glob.glob("all-svg/*.svg"): tree.parse(name)
for name in glob.glob("all-pdf/*.pdf"): assert open(name, "rb").read().rstrip().endswith(b"%%EOF"), name
for name in glob.glob("all-png/*.png"): assert open(name, "rb").read(26)[16:26] == (800).to_bytes(4, "big") + (600).to_bytes(4, "big") + bytes([8, 6]), name  # RGBA
PYTHON

# ---- a window of more pixels -----------------------------------------------------------------------------------------------------
"$program" render --view window --size 3840x2160 -o window.png "${small[@]}" >/dev/null 2>said || fail "a window of 3840x2160: $(cat said)"
python3 -c 'assert open("window.png", "rb").read(24)[16:24] == (3840).to_bytes(4, "big") + (2160).to_bytes(4, "big")' || fail "pixels of the window"

# ---- what cannot be --------------------------------------------------------------------------------------------------------------
refuse "a format that is not written" 2 "ends in .jpg; expected a .png, .svg or .pdf" render --view load_bars -o "$folder/bars.jpg" "${small[@]}"
refuse "frames in one vector picture" 2 "is one picture; expected a folder" render --view load_bars --frames 3 -o "$folder/frames.svg" "${small[@]}"
refuse "frames as vector pictures" 2 "frames are PNG pictures" render --frames 3 --format svg -o "$folder/frames" "${small[@]}"
refuse "one vector picture for all views" 2 "is one picture; expected a folder" render -o "$folder/all.svg" "${small[@]}"
refuse "a folder in no known format" 2 "--format" render --format tiff -o "$folder/x" "${small[@]}"
refuse "the window as SVG" 2 "expected the name of a view" render --view window -o "$folder/window.svg" "${small[@]}"
refuse "the window without background" 2 "expected the name of a view" render --view window --transparent -o "$folder/clear.png" "${small[@]}"
[ ! -e bars.jpg ] && [ ! -e all.svg ] && [ ! -e window.svg ] || fail "files of what was refused"

exit $((failures > 0))
