#!/bin/sh
# Makes the presets' pictures anew: make_pictures.sh PROGRAM. Needs a display, or xvfb-run in front.
set -eu
cd "$(dirname "$0")"
for file in *.json; do
  name=${file%.json}
  "$1" render "$name" -o "$name.png" --size 480x300 --text-scale 1
done
