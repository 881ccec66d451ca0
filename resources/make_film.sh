#!/usr/bin/env bash
# make_film.sh FRAMES FPS OUT.mp4: a film of numbered pictures (NAME-00000.png and on, as `moescope render --frames` and
# `moescope window --sweep` write them). FRAMES is their folder, or FOLDER/NAME where it holds several series. Colours are those of the pictures, by BT.709 in
# limited range, and the film says so in all four tags. The film is written beside its place and renamed: it is whole or not there.
set -euo pipefail

stop() {
  echo "make_film.sh: $1" >&2
  exit "${2:-1}"
}

[ $# -eq 3 ] || stop "expected FRAMES FPS OUT.mp4" 2
frames=${1%/} rate=$2 film=$3
[[ $rate =~ ^[0-9]+(\.[0-9]+)?$ && ! $rate =~ ^0+(\.0+)?$ ]] || stop "'$rate' is no number of frames per second" 2
[[ $film == *.mp4 ]] || stop "'$film' does not end in .mp4" 2
command -v ffmpeg >/dev/null || stop "ffmpeg is not installed; install the package ffmpeg"

# One series without a gap: ffmpeg would end at the first gap and not say so.
if [ -d "$frames" ]; then firsts=("$frames"/*-00000.png); else firsts=("$frames-00000.png"); fi
series=()
for first in "${firsts[@]}"; do [ -e "$first" ] && series+=("${first%-00000.png}"); done
[ ${#series[@]} -gt 0 ] || stop "$frames: no pictures NAME-00000.png and on"
[ ${#series[@]} -eq 1 ] || stop "$frames: several series of pictures; name one of: ${series[*]}" 2
series=${series[0]} count=0 size=
for picture in "$series"-[0-9][0-9][0-9][0-9][0-9].png; do
  expected=$(printf '%s-%05d.png' "$series" "$count")
  [ "$picture" = "$expected" ] || stop "$expected is missing, yet $picture is there"
  this=$(od -An -tx1 -j16 -N8 "$picture")  # width and height, as the header of a PNG states them
  [ "${size:=$this}" = "$this" ] || stop "$picture: not of the same size as the pictures before it"
  count=$((count + 1))
done

read -ra bytes <<<"$size"
width=$((16#${bytes[0]}${bytes[1]}${bytes[2]}${bytes[3]})) height=$((16#${bytes[4]}${bytes[5]}${bytes[6]}${bytes[7]}))

part=$film.part
trap 'rm -f "$part"' EXIT
# 4:2:0 takes even sizes: an odd one gets its last column or row twice.
filter="format=gbrp,pad=$((width + width % 2)):$((height + height % 2)),fillborders=right=$((width % 2)):bottom=$((height % 2)):mode=smear"
filter+=",scale=in_range=full:out_color_matrix=bt709:out_range=limited:flags=accurate_rnd+full_chroma_int+full_chroma_inp,format=yuv420p"
tags=(-color_primaries bt709 -color_trc bt709 -colorspace bt709 -color_range tv)
errors=$(ffmpeg -nostdin -v error -xerror -err_detect explode -y -framerate "$rate" -start_number 0 -i "${series//%/%%}-%05d.png" -vf "$filter" \
  -c:v libx264 -crf 16 -preset medium "${tags[@]}" -movflags +faststart+write_colr -f mp4 "$part" 2>&1) ||
  stop "$film: the film could not be made: ${errors%%$'\n'*}"
mv -f "$part" "$film"
