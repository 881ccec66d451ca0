#!/usr/bin/env bash
# test_film.sh PROGRAM: films from the command line. Every frame is there, two renders are equal, any frame can be made again to the
# pixel, Ctrl-C and kill -9 leave films that play, and nothing is overwritten. Run with a display.
. "$(dirname "$0")/checks.sh"
export OMP_NUM_THREADS=1 XDG_RUNTIME_DIR=$folder
small=(--width 32 --heads 2 --experts 4 --expert-width 16 --layers 1 --context 16 --batch 1 --probe-tokens 256 --corpus procedural)
short=("${small[@]}" --steps 6)
cd "$folder"

film() { "$program" render "$@" >said 2>log || fail "$*: $(cat said log)"; }
frames() { ffprobe -v error -count_frames -select_streams v -show_entries stream=nb_read_frames -of csv=p=0 "$1"; }
duration() { ffprobe -v error -show_entries format=duration -of csv=p=0 "$1"; }

# ---- frames, sizes, kinds --------------------------------------------------------------------------------------------------------
film "${short[@]}" --view load_bars --size 320x240 --frames 5 -o five.mp4
[ "$(frames five.mp4)" = 5 ] || fail "five frames: $(frames five.mp4)"
film grassmannian "${short[@]}" --size 320x240 --seconds 1 --fps 12 -o second.webm
[ "$(frames second.webm)" = 12 ] && [[ $(duration second.webm) == 1.0* ]] || fail "a second of 12 frames: $(frames second.webm), $(duration second.webm)"
film "${short[@]}" --view load_bars --size 320x240 --frames 3 -o three.gif
[ "$(frames three.gif)" = 3 ] || fail "a GIF: $(frames three.gif)"
film "${short[@]}" --view load_bars --size 321x241 --fps 30 --frames 2 -o series
[ "$(ls series | tr '\n' ' ')" = "film.json frame-00000.png frame-00001.png " ] || fail "a series: $(ls series)"
[ -e five.json ] && [ ! -e five.part.mp4 ] && [ ! -e five.whole.mp4 ] || fail "what lies beside a film: $(ls)"
"$program" render "${short[@]}" --view load_bars --size 320x240 --frames 2 -o said.mp4 --json >said 2>log || fail "JSON"
python3 -c 'import json; film = json.load(open("said")); assert film["frames"] == 2 and film["width"] == 320 and film["record"] == "said.json", film' || fail "JSON: $(cat said)"

# ---- presets: two sides, time that moves, scripts --------------------------------------------------------------------------------
"$program" presets --json >presets || fail "presets"
python3 -c '
import json
presets = json.load(open("presets"))
assert len(presets) >= 10 and all(0 < preset["seconds"] < 30 and preset["shows"] and preset["name"] for preset in presets)' || fail "presets say what their films show"
cat >script.md <<'SCRIPT'
# Two routers
```json
{"steps": 6, "views": ["load_bars"], "state": {"compares": true, "sides": [{"knobs": {"corpus": "procedural", "router": "topk", "width": 32, "heads": 2,
 "experts": 4, "expert-width": 16, "layers": 1, "context": 16, "batch": 1, "probe-tokens": 256}}, {"knobs": {"router": "grmoe"}}]}}
```
## 0
Before training
```json
{"step": 0}
```
## 0:00.4
After six steps
```json
{"step": 6}
```
SCRIPT
film script.md --size 640x360 -o sides.mp4
[ "$(frames sides.mp4)" = 12 ] || fail "a script: $(frames sides.mp4)"

# ---- the same again --------------------------------------------------------------------------------------------------------------
decoded() { ffmpeg -v error -i "$1" -f framemd5 - | grep -v '^#'; }
film script.md --size 640x360 -o again.mp4
[ "$(decoded sides.mp4)" = "$(decoded again.mp4)" ] || fail "two renders of one script differ"
film sides.json --frame 7 -o seven.png
grep -q "the same pixels" said || fail "frame 7 is not the same: $(cat said)"
film script.md --size 640x360 --fps 30 -o pictures
cmp -s seven.png pictures/frame-00007.png || fail "frame 7 of the film is not frame 7 of the series"
python3 - <<'PYTHON'
import json
record = json.load(open("sides.json"))
record["frames"][7] = "0" * 16
json.dump(record, open("changed.json", "w"))
record["corpora"][0] = "0" * 16
json.dump(record, open("other-text.json", "w"))
assert record["frame_count"] == 12 and record["program"].startswith("Moescope") and record["device"] and record["encoder"] == "libx264", record
assert record["script"]["state"]["sides"][0]["knobs"]["seed"] == 1
PYTHON
[ $? -eq 0 ] || fail "the record of a film"
refuse "a frame that is another one" 1 "is not to the pixel what went into the film" render changed.json --frame 7 -o other1.png
refuse "other text" 1 "the text to train on is not the one" render other-text.json --frame 7 -o other2.png
refuse "a frame that is not there" 2 "12 is no frame of this film; expected 0 to 11" render sides.json --frame 12 -o other3.png

# ---- refused at once -------------------------------------------------------------------------------------------------------------
long=("${small[@]}" --steps 1000000 --view load_bars)
refuse "an unknown ending" 2 "ends in .avi; expected .mp4, .webm or .gif" render "${long[@]}" --fps 30 -o x.avi
refuse "an unknown ending of a script's film" 2 "ends in .mov; expected .mp4, .webm or .gif" render script.md -o x.mov
refuse "only an ending" 2 "'.mp4' is only an ending" render "${long[@]}" -o .mp4
refuse "only an ending of a picture" 2 "'.png' is only an ending" render "${long[@]}" -o .png
refuse "a script in the record's place" 1 "script.json is there and is no record of a film" render script.json --force -o script.mp4 < <(echo '{"moescope_film": 1, "views": ["load_bars"], "keys": [{}]}' >script.json)
refuse "an odd size" 2 "321x240 is odd" render "${long[@]}" --size 321x240 -o x.mp4
refuse "too fast a GIF" 2 "at most 50" render "${long[@]}" --fps 60 -o x.gif
refuse "a film that is there" 1 "five.mp4 is there already" render "${long[@]}" -o five.mp4
rm five.mp4
refuse "its record" 1 "five.json is there already" render "${long[@]}" -o five.mp4
refuse "frames that are there" 1 "frame-0000" render "${long[@]}" --fps 30 -o series
refuse "a folder that is not there" 1 "none/x.part.mp4: cannot be written" render "${long[@]}" -o none/x.mp4
refuse "a script that is not there" 1 "none.md: cannot be read" render none.md -o x.mp4
refuse "a script with a slip" 1 "slip.json: /keys" render slip.json -o x.mp4 < <(echo '{"moescope_film": 1, "views": ["load_bars"]}' >slip.json)
refuse "knobs for two models" 2 "this film shows two models" render script.md --router soft -o x.mp4
[ ! -e x.mp4 ] && [ ! -e x.part.mp4 ] && [ ! -e none ] || fail "a refusal left something behind: $(ls)"
film "${short[@]}" --view load_bars --size 320x240 --frames 2 -o CAPITAL.MP4
[ "$(frames CAPITAL.MP4)" = 2 ] && [ -e CAPITAL.json ] || fail "an ending in capital letters: $(ls)"
film "${short[@]}" --view load_bars --size 320x240 --frames 2 -o sides.mp4 --force
[ "$(frames sides.mp4)" = 2 ] || fail "--force"

# ---- stopped ---------------------------------------------------------------------------------------------------------------------
for ending in mp4 webm; do
  "$program" render "${short[@]}" --view load_bars --size 320x240 --fps 10 --frames 100000 -o killed.$ending >/dev/null 2>&1 &
  film=$!
  for _ in $(seq 600); do [ -e killed.part.$ending ] && [ "$(stat -c %s killed.part.$ending)" -gt 60000 ] && break; sleep 0.1; done
  kill -KILL $film
  wait $film 2>/dev/null
  count=$(frames killed.part.$ending)
  [ "${count:-0}" -ge 10 ] && [ ! -e killed.$ending ] || fail "kill -9 of $ending must leave a film that plays: $count frames"
  refuse "a film that was cut off stays" 1 "of a film that was cut off" render "${short[@]}" -o killed.$ending
done

python3 - "$program" "${short[@]}" <<'PYTHON' || fail "Ctrl-C"
import json, os, signal, subprocess, sys, time
signal.signal(signal.SIGINT, signal.SIG_DFL)
nowhere = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY")}
for name, environment in ("stopped", None), ("hidden", nowhere):  # and where the program makes a display for itself
    part = f"{name}.part.mp4"
    run = subprocess.Popen([sys.argv[1], "render", *sys.argv[2:], "--view", "load_bars", "--size", "320x240", "--frames", "100000", "-o", f"{name}.mp4"],
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True)
    while run.poll() is None and (not os.path.exists(part) or os.path.getsize(part) < 20000): time.sleep(0.1)
    os.killpg(run.pid, signal.SIGINT)  # as a terminal does: everything that belongs to the command gets it
    out, err = run.communicate(timeout=60)
    assert run.returncode == 1 and "stopped after" in err and f"{name}.mp4 plays them" in err, (name, run.returncode, out, err)
    said = int(err.split("stopped after ")[1].split()[0])
    count = int(subprocess.check_output(f"ffprobe -v error -count_frames -show_entries stream=nb_read_frames -of csv=p=0 {name}.mp4", shell=True))
    assert said == count == json.load(open(f"{name}.json"))["frame_count"], (said, count)
    assert not os.path.exists(part)
PYTHON
exit $((failures > 0))
