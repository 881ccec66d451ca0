#!/usr/bin/env bash
# test_display.sh PROGRAM: where OpenGL or the platform cannot draw, a window and a picture are refused with one line that says what was
# found and what to do; the doctor tells the same; and a display that goes away later ends the program with a line, not a crash.
. "$(dirname "$0")/checks.sh"
export OMP_NUM_THREADS=1 XDG_RUNTIME_DIR=$folder XDG_CONFIG_HOME=$folder/config XDG_DATA_HOME=$folder/data
unset WAYLAND_DISPLAY QT_QPA_PLATFORM
most_lines=1
made=(--width 32 --heads 2 --experts 4 --expert-width 16 --layers 1 --context 16 --batch 1 --probe-tokens 256 --corpus procedural)
view=(render --view load_bars --steps 1 --size 300x200 -o "$folder/x.png" "${made[@]}")
window=(window --size 800x600 --after-steps 1 --screenshot "$folder/x.png" "${made[@]}")

Xvfb -displayfd 3 -screen 0 1280x800x24 -nolisten tcp 3>"$folder/number" 2>/dev/null &
server=$!
trap 'kill $server 2>/dev/null; rm -rf "$folder"' EXIT
for _ in $(seq 200); do [ -s "$folder/number" ] && break; sleep 0.05; done
export DISPLAY=:$(cat "$folder/number")

"$program" "${view[@]}" >"$folder/log" 2>&1 || fail "a good display, a view: $(cat "$folder/log")"
"$program" "${window[@]}" >"$folder/log" 2>&1 || fail "a good display, the window: $(cat "$folder/log")"
"$program" doctor --json 2>/dev/null | python3 -c '
import json, sys
found = {finding["what"]: finding for finding in json.load(sys.stdin)}
assert "OpenGL" in found["OpenGL"]["found"] and found["OpenGL"]["health"] != "missing", found["OpenGL"]
assert found["Display"]["found"] == "X display " + sys.argv[1] and found["Display"]["health"] == "good", found["Display"]' "$DISPLAY" || fail "the doctor on a good display"
rm -f "$folder/x.png"

# setting, wanted texts (what was found, what to do), then which of view and window cannot be had there
weak() {
  local setting=$1 found=$2 remedy=$3 kind
  shift 3
  for kind in "$@"; do
    local -n words=$kind
    refuse "$setting, $kind" 1 "$found" "${words[@]}"
    refuse "$setting, $kind" 1 "$remedy" "${words[@]}"
    [ -e "$folder/x.png" ] && fail "$setting, $kind: a picture all the same"
  done
  "$program" doctor >"$folder/report" 2>/dev/null
  [ $? -eq 1 ] || fail "$setting: the doctor must end with status 1"
  grep -A1 '^missing' "$folder/report" | grep -qF -- "$found" || fail "$setting: the doctor does not say '$found': $(grep -A1 '^missing' "$folder/report")"
}
LIBGL_ALWAYS_INDIRECT=1 weak LIBGL_ALWAYS_INDIRECT "OpenGL" "start without LIBGL_ALWAYS_INDIRECT=1" view window
MESA_GL_VERSION_OVERRIDE=2.1 weak MESA_GL_VERSION_OVERRIDE "but OpenGL 3.2 or later is needed" "start without MESA_GL_VERSION_OVERRIDE=2.1" view window
MESA_GL_VERSION_OVERRIDE=2.1 weak "the version and what provides it" "OpenGL 2.1" "on X display $DISPLAY" view window
# A software renderer, and OpenGL that draws but is too weak for the vertex shaders of token clouds: the processor places the tokens, and
# the doctor says why.
"$program" doctor >"$folder/report" 2>/dev/null
if grep -A1 ' OpenGL  ' "$folder/report" | grep -q llvmpipe; then
  grep -A1 '^limited *Tokens *placed by the processor' "$folder/report" | grep -qF "llvmpipe is a software renderer" || fail "the doctor on token clouds: $(cat "$folder/report")"
else
  grep -q '^good *Tokens *placed by a vertex shader' "$folder/report" || fail "the doctor on token clouds: $(cat "$folder/report")"
fi
MESA_GL_VERSION_OVERRIDE=3.2 "$program" doctor >"$folder/report" 2>/dev/null || fail "OpenGL 3.2 is enough: $(cat "$folder/report")"
grep -A1 '^limited *Tokens *placed by the processor' "$folder/report" | grep -qF "OpenGL 3.3 is needed, this is 3.2" || fail "the doctor on OpenGL 3.2: $(cat "$folder/report")"
MESA_GL_VERSION_OVERRIDE=3.2 "$program" "${view[@]/load_bars/score_polygon}" >"$folder/log" 2>&1 || fail "a view with OpenGL 3.2: $(cat "$folder/log")"
rm -f "$folder/x.png"
QT_QPA_PLATFORM=offscreen weak QT_QPA_PLATFORM=offscreen "Qt platform offscreen" "start without QT_QPA_PLATFORM=offscreen" window
QT_QPA_PLATFORM=minimal weak QT_QPA_PLATFORM=minimal "Qt platform minimal" "start without QT_QPA_PLATFORM=minimal" window
QT_QPA_PLATFORM=nonsense weak QT_QPA_PLATFORM=nonsense 'platform plugin "nonsense"' "start without QT_QPA_PLATFORM=nonsense" window
DISPLAY=:987 weak "a display that is not there" "could not connect to display :987" "check DISPLAY" view window
DISPLAY=:987 "$program" doctor 2>/dev/null | grep -q "^missing *Display *X display :987$" || fail "the doctor must name the display that is not there"
QT_QPA_PLATFORM=wayland WAYLAND_DISPLAY=nowhere refuse "Wayland that is not there" 1 "Qt platform wayland" "${window[@]}"
QT_XCB_GL_INTEGRATION=none QT_PLUGIN_PATH=/nowhere QT_QPA_PLATFORM=offscreen "$program" "${view[@]}" >"$folder/log" 2>&1 || fail "a view is drawn without Qt: $(cat "$folder/log")"
rm -f "$folder/x.png"

(unset DISPLAY; WAYLAND_DISPLAY=nowhere QT_QPA_PLATFORM=xcb "$program" "${window[@]}" >"$folder/log" 2>&1) || fail "a picture of the window without an X display: $(cat "$folder/log")"
rm -f "$folder/x.png"
(unset DISPLAY; failures=0; refuse "no display at all" 1 "no display to open a window on" --fresh; exit $((failures > 0))) || fail "no display at all"
(unset DISPLAY; failures=0; refuse "no display at all, in German" 1 "keine Anzeige" --fresh --language de; exit $((failures > 0))) || fail "no display at all, in German"

# A display in between that lets COUNT connections through, and cuts all of them once FILE is there; count 0: it listens and says nothing.
cat >"$folder/between.py" <<'PYTHON'
import os, select, socket, sys
number, to, count, cut = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4]
path = f"/tmp/.X11-unix/X{number}"
listener = socket.socket(socket.AF_UNIX)
if os.path.exists(path): os.remove(path)
listener.bind(path)
listener.listen()
silent, pairs = count == 0, {}
while not os.path.exists(cut):
    for each in select.select([listener, *pairs], [], [], 0.05)[0]:
        if each is listener:
            inner = listener.accept()[0]
            if silent: pairs[inner] = None
            elif count == 0: inner.close()
            else:
                outer = socket.socket(socket.AF_UNIX)
                outer.connect("/tmp/.X11-unix/X" + to.lstrip(":"))
                pairs[inner], pairs[outer], count = outer, inner, count - 1
            continue
        data = each.recv(1 << 16)
        if pairs[each] is None: continue
        if data: pairs[each].sendall(data)
        else:
            other = pairs.pop(each)
            pairs.pop(other, None)
            each.close(), other.close()
os.remove(path)
PYTHON
between() { python3 "$folder/between.py" "$1" "$DISPLAY" "$2" "$folder/cut" & for _ in $(seq 100); do [ -S "/tmp/.X11-unix/X$1" ] && break; sleep 0.05; done; }
number=$((1000 + $$ % 30000))

between $number 1
DISPLAY=:$number refuse "a display that is gone after the check" 1 "moescope: " "${window[@]}"
touch "$folder/cut"; wait %2 2>/dev/null; wait %3 2>/dev/null; rm -f "$folder/cut"

between $((number + 1)) 2
(sleep 6; touch "$folder/cut") &
DISPLAY=:$((number + 1)) "$program" window --size 800x600 --fresh "${made[@]}" >"$folder/log" 2>&1
status=$?
[ $status -eq 1 ] || fail "a display that is gone later: status $status: $(cat "$folder/log")"
# The display in between passes no shared memory on, which Qt mentions.
[ "$(grep -vc xcb_shm "$folder/log")" -eq 1 ] || fail "a display that is gone later: $(cat "$folder/log")"
exit $((failures > 0))
