#!/usr/bin/env bash
# test_film_colours.sh MAKE_FILM: a film of flat colour patches says BT.709 in all four tags and gives the colours back within 3 when it
# is decoded by the standard's own formula; and what cannot become a whole film is refused by name, with nothing left behind.
. "$(dirname "$0")/checks.sh"

# Pictures with a patch of 32 x 32 for each colour: FILE WIDTH HEIGHT
cat >"$folder/patches.py" <<'PYTHON'
import struct, zlib
COLOURS = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (128, 128, 128), (0, 0, 0), (230, 159, 0), (86, 180, 233), (24, 24, 27), (64, 64, 64), (192, 192, 192), (255, 255, 0)]
def write(path, width=32 * len(COLOURS), height=32):
    rows = b"".join(b"\0" + b"".join(bytes(COLOURS[min(x // 32, len(COLOURS) - 1)]) for x in range(width)) for y in range(height))
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
PYTHON
frames() {  # folder, name, count, further arguments of write()
  mkdir -p "$1"
  (cd "$folder" && python3 -c "
import patches
for i in range($3): patches.write('$1/$2-%05d.png' % i${4:+, $4})")
}

frames "$folder/one folder" frame 5
"$program" "$folder/one folder" 30 "$folder/film.mp4" || fail "the film of patches"
tags=$(ffprobe -v error -select_streams v -show_entries stream=color_range,color_space,color_transfer,color_primaries,nb_frames,pix_fmt,r_frame_rate -of default=nw=1 "$folder/film.mp4" | sort | tr '\n' ' ')
wanted="color_primaries=bt709 color_range=tv color_space=bt709 color_transfer=bt709 nb_frames=5 pix_fmt=yuv420p r_frame_rate=30/1 "
[ "$tags" = "$wanted" ] || fail "tags: $tags"
ffmpeg -v error -i "$folder/film.mp4" -frames:v 1 -f rawvideo -pix_fmt yuv420p "$folder/raw" || fail "decoding"
(cd "$folder" && python3 - <<'PYTHON') || fail "the colours are not those of the pictures"
import patches
width, height = 32 * len(patches.COLOURS), 32
raw = open("raw", "rb").read()
assert len(raw) == width * height * 3 // 2, len(raw)
blue, red = raw[width * height:][:width * height // 4], raw[width * height * 5 // 4:]
wrong = []
for i, colour in enumerate(patches.COLOURS):  # ITU-R BT.709-6, limited range, at the middle of each patch
    x, y = 32 * i + 16, 16
    luma = (raw[y * width + x] - 16) / 219
    cb, cr = ((plane[y // 2 * (width // 2) + x // 2] - 128) / 224 for plane in (blue, red))
    r, b = luma + 2 * (1 - 0.2126) * cr, luma + 2 * (1 - 0.0722) * cb
    g = (luma - 0.2126 * r - 0.0722 * b) / 0.7152
    got = [255 * v for v in (r, g, b)]
    if max(abs(a - c) for a, c in zip(got, colour)) > 3: wrong.append((colour, [round(v, 1) for v in got]))
assert not wrong, wrong
PYTHON

frames "$folder/odd" view 2 "33, 31"
"$program" "$folder/odd/view" 12.5 "$folder/odd.mp4" || fail "an odd size"
size=$(ffprobe -v error -show_entries stream=width,height,r_frame_rate -of csv=p=0 "$folder/odd.mp4")
[ "$size" = "34,32,25/2" ] || fail "an odd size: $size"

# As refuse, and the folder is as it was.
refuse_cleanly() {
  local before
  before=$(ls "$folder")
  refuse "$@"
  [ "$before" = "$(ls "$folder")" ] || fail "$1: left something behind: $(ls "$folder")"
}
mkdir "$folder/empty"
refuse_cleanly "no pictures" 1 "no pictures" "$folder/empty" 30 "$folder/none.mp4"
frames "$folder/gap" frame 4
rm "$folder/gap/frame-00002.png"
refuse_cleanly "a gap" 1 "frame-00002.png is missing" "$folder/gap" 30 "$folder/none.mp4"
frames "$folder/two" a 2
frames "$folder/two" b 2
refuse_cleanly "two series" 2 "name one of" "$folder/two" 30 "$folder/none.mp4"
frames "$folder/mixed" frame 2
(cd "$folder" && python3 -c "import patches; patches.write('mixed/frame-00002.png', 64, 64)")
refuse_cleanly "two sizes" 1 "frame-00002.png: not of the same size" "$folder/mixed" 30 "$folder/none.mp4"
frames "$folder/cut" frame 3
truncate -s 60 "$folder/cut/frame-00001.png"
refuse_cleanly "a picture that is cut" 1 "could not be made" "$folder/cut" 30 "$folder/none.mp4"
refuse_cleanly "no rate" 2 "frames per second" "$folder/two/a" fast "$folder/none.mp4"
refuse_cleanly "a folder that is not there" 1 "could not be made" "$folder/two/a" 30 "$folder/nowhere/none.mp4"
cp "$folder/film.mp4" "$folder/keep.mp4"
refuse_cleanly "a film that is there stays" 1 "could not be made" "$folder/cut" 30 "$folder/keep.mp4"
cmp -s "$folder/film.mp4" "$folder/keep.mp4" || fail "a film that fails must leave the old one"
exit $((failures > 0))
