#!/usr/bin/env bash
# test_window.sh PROGRAM: pictures have the pixels that were asked for and the step that was asked for; a signal keeps the settings.
. "$(dirname "$0")/checks.sh"
export XDG_CONFIG_HOME=$folder/config XDG_DATA_HOME=$folder/data
small=(--corpus procedural --device cpu --width 32 --expert-width 32 --context 32 --probe-tokens 256)
screen=(xvfb-run -a -s "-screen 0 1920x1200x24")

# scale factor, size, step: the picture's own pixels, read from its header, and the step that is said.
draws() {
  local output pixels
  output=$(QT_SCALE_FACTOR=$1 "${screen[@]}" "$program" window --size "$2" --screenshot "$folder/window.png" "${small[@]}" "${@:4}" 2>&1) || { fail "$1 $2: $output"; return; }
  pixels=$(python3 -c 'import struct, sys; print("%dx%d" % struct.unpack(">II", open(sys.argv[1], "rb").read()[16:24]))' "$folder/window.png")
  [ "$pixels" = "$2" ] || fail "scale $1: a picture of $pixels, wanted $2"
  grep -q "window.png: step $3\$" <<<"$output" || fail "wanted step $3: $output"
}
draws 1 1024x768 40 --after-steps 40
draws 1.5 1024x768 40 --after-steps 40
draws 2 1024x640 7 --after-steps 7 --group Experts
draws 1 1024x768 0 --paused --text-scale 2
refuse "a picture of a paused model after some steps" 2 "excludes" window --paused --after-steps 5 --screenshot "$folder/none.png"
refuse "a size with more behind it" 2 "is not a size" window --size 1024x768x2 --screenshot "$folder/none.png"
refuse "a corpus that is not there" 1 "/nonexistent" window --corpus /nonexistent --screenshot "$folder/none.png"
refuse "a lens that the model cannot be read through" 1 "no picture was made" window --router grmoe --reading bingham --concentration 5000 --after-steps 2 --screenshot "$folder/none.png" "${small[@]}"

# Two pictures of the same arguments are the same, whatever came between: glides and analyses made on the way hang on timing.
for group in Explore Experts; do
  for run in 1 2 3; do
    OMP_NUM_THREADS=1 "${screen[@]}" "$program" window --screenshot "$folder/$group-$run.png" --group "$group" --after-steps 60 \
      "${small[@]}" 2>/dev/null &
    [ "$run" = 2 ] || wait $!  # the second one alone, the third beside it
  done
  wait
  for run in 2 3; do
    cmp -s "$folder/$group-1.png" "$folder/$group-$run.png" || fail "$group: two pictures of the same arguments differ"
  done
done

# A signal closes the window as a person would: the settings are kept and the status is 0.
for signal in TERM HUP INT; do
  rm -rf "$XDG_CONFIG_HOME"
  "${screen[@]}" python3 - "$program" "$signal" "$XDG_CONFIG_HOME/moescope/moescope.ini" "${small[@]}" <<'PYTHON' || fail "signal $signal"
import os, signal, subprocess, sys, time
program, name, kept = sys.argv[1:4]
run = subprocess.Popen([program, "window", "--text-scale", "1.25", *sys.argv[4:]])
time.sleep(3)
assert run.poll() is None, "ended before it was stopped"
run.send_signal(getattr(signal, "SIG" + name))
status = run.wait(timeout=60)
assert status == 0, f"status {status}"
assert "text_scale=1.25" in open(kept).read(), "the settings were not kept"
PYTHON
done
exit $((failures > 0))
