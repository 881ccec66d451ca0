#!/usr/bin/env bash
# test_session_film.sh PROGRAM: the film of a recorded session shows what training anew would show, step by step; a part of it, and any
# frame of it again. Run with a display.
. "$(dirname "$0")/checks.sh"
export OMP_NUM_THREADS=1 XDG_RUNTIME_DIR=$folder
small=(--width 32 --heads 2 --experts 4 --expert-width 16 --layers 1 --context 16 --batch 1 --probe-tokens 256 --corpus procedural)
cd "$folder"
film() { "$program" render "$@" --size 320x240 --fps 10 --view load_bars >said 2>log || fail "$*: $(cat said log)"; }

"$program" train --router topk --steps 20 "${small[@]}" --evaluate-every 1 --session run.moescope >/dev/null 2>log || fail "a session: $(cat log)"
cat >script.json <<'SCRIPT'
{"moescope_film": 1, "title": "run", "steps": 20, "views": ["load_bars"], "state": {"sides": [{"knobs": {"corpus": "procedural", "router": "topk", "width": 32,
 "heads": 2, "experts": 4, "expert-width": 16, "layers": 1, "context": 16, "batch": 1, "probe-tokens": 256}}]},
 "keys": [{"time": 0, "title": "run", "step": 0, "ease": "linear"}, {"time": 2, "step": 20}]}
SCRIPT
film script.json -o trained
film run.moescope --seconds 2 -o recorded
[ "$(ls recorded/*.png | wc -l)" -eq 20 ] || fail "frames of the session: $(ls recorded)"
for frame in $(seq -f %05g 0 19); do
  cmp "trained/frame-$frame.png" "recorded/frame-$frame.png" || fail "frame $frame is not that of the step that was trained"
done
cmp -s recorded/frame-00000.png recorded/frame-00019.png && fail "nothing moves"

film run.moescope --from-step 5 --to-step 15 --seconds 1 -o part
for frame in $(seq 0 9); do  # step 5 + frame
  cmp "part/frame-0000$frame.png" "recorded/frame-$(printf %05d $((frame + 5))).png" || fail "frame $frame of a part is not that of step $((frame + 5))"
done
"$program" render part/film.json --frame 7 -o seven.png >said 2>log && grep -q "the same pixels" said && cmp seven.png part/frame-00007.png || fail "a frame again: $(cat said log)"
film run.moescope --from-step 20 --to-step 20 --frames 3 -o still.mp4
[ "$(ffprobe -v error -count_frames -show_entries stream=nb_read_frames -of csv=p=0 still.mp4)" = 3 ] || fail "a film of one step"
# A recorded run as a side of a film, beside one that is trained: as if both were.
sides() {  # what B is besides its knobs
  python3 - "$1" <<'PYTHON'
import json, sys
script = json.load(open("script.json"))
first = script["state"]["sides"][0]
script["state"] = {"compares": True, "sides": [first, dict(first, **json.loads(sys.argv[1]))]}
json.dump(script, open("sides.json", "w"))
PYTHON
}
sides '{}' && film sides.json -o both
sides '{"source": {"kind": "session", "file": "'"$folder"'/run.moescope"}}' && film sides.json -o beside
[ "$(ls beside/*.png | wc -l)" -eq 20 ] || fail "frames of both sides: $(ls beside)"
below() { ffmpeg -v error -i "$1/frame-%05d.png" -vf "crop=iw:ih*7/10:0:ih*3/10" -f framemd5 - | grep -v "^#"; }  # the lines that name both sides
[ "$(below both | wc -l)" -eq 20 ] && diff <(below both) <(below beside) || fail "side B is not that of the steps that were trained"
cmp -s both/frame-00010.png beside/frame-00010.png && fail "the session is not named"

refuse "steps that are not there" 2 "no steps 5 to 21 in this session; expected some of 0 to 20" render run.moescope --from-step 5 --to-step 21 -o x.mp4
refuse "steps from late to early" 2 "no steps 9 to 8 in this session" render run.moescope --from-step 9 --to-step 8 -o x.mp4
refuse "steps of no session" 2 "expected a session, *.moescope, whose steps are to be filmed" render script.json --from-step 5 -o x.mp4
python3 -c 'import sqlite3; base = sqlite3.connect("run.moescope"); base.execute("DELETE FROM snapshot WHERE step > 0"); base.commit(); base.close()'
film run.moescope --seconds 1 -o one
cmp one/frame-00000.png one/frame-00009.png || fail "a session with one snapshot"
[ ! -e x.mp4 ] || fail "a refusal left something behind: $(ls)"
# ---- of several runs, which one is said
"$program" train --from run.moescope --steps 5 --session run.moescope >/dev/null 2>log || fail "a second run: $(cat log)"
"$program" render run.moescope -o second.mp4 --size 320x240 --frames 2 >/dev/null 2>log || fail "the film of two runs: $(cat log)"
grep -qx "note: films run 2 of 2" log || fail "the run that is filmed is said: $(cat log)"
"$program" render --run 1 run.moescope -o first --size 320x240 --frames 2 --fps 2 >/dev/null 2>log && grep -qx "note: films run 1 of 2" log || fail "the first of two runs: $(cat log)"
"$program" render run.moescope --run 1 -o again --size 320x240 --frames 2 --fps 2 >/dev/null 2>log || fail "the run after the session: $(cat log)"
"$program" render run.moescope --run 2 -o newest --size 320x240 --frames 2 --fps 2 >/dev/null 2>log || fail "the second run: $(cat log)"
cmp first/frame-00001.png again/frame-00001.png && ! cmp -s first/frame-00001.png newest/frame-00001.png || fail "each run is its own film"
refuse "a run that is not there" 2 "no snapshot of a run 3 in this session; its runs are 1, 2" render run.moescope --run 3 -o x.mp4
refuse "a run of no session" 2 "expected a session, *.moescope, one run of which is to be filmed" render script.json --run 1 -o x.mp4
"$program" train --from run.moescope --from-run 1 --steps 1 --json >report.json 2>log && grep -qx "note: goes on from run 1, step 20" log || fail "a model of the first run: $(cat log)"
python3 -c 'import json; assert json.load(open("report.json"))["step"] == 21' || fail "the first run's model goes on"
refuse "a model of a run that is not there" 1 "no run 3" train --from run.moescope --from-run 3 --steps 1
"$program" export run.moescope --what metrics -o run.csv >/dev/null 2>log && grep -qx "note: of 2 generations the newest, 2 of run 2; --generation chooses another" log || fail "the generation that is written is said: $(cat log)"
exit $((failures > 0))
