#!/usr/bin/env bash
# test_usage.sh PROGRAM: a command line that cannot be meant ends with 2 and one line that names what is wrong, for every option of every
# command, before a display is opened or a file is touched.
. "$(dirname "$0")/checks.sh"
unset DISPLAY WAYLAND_DISPLAY
export HOME=$folder XDG_CONFIG_HOME=$folder/config OMP_NUM_THREADS=1
cd "$folder" || exit 1
python3 - "$program" <<'PYTHON' || fail "see above"
import concurrent.futures, re, subprocess, sys

program = sys.argv[1]

def run(*words):
    return subprocess.run([program, *words], capture_output=True, text=True, timeout=60)

commands = re.findall(r"^    ([a-z-]+)\) words=", run("completion").stdout, re.M)
assert {"window", "train", "render", "bingham", "reproduce", "export"} <= set(commands), commands

cases = []  # arguments, what the line must hold
for command in commands:
    cases.append(([command, "--no-such-option"], "--no-such-option"))
    for name, kind in re.findall(r"^\s+(?:-\w,\s*)?(--[a-z0-9-]+) (\S.*)$", run(command, "--help").stdout, re.M):
        number = re.match(r"(U?INT|FLOAT|COUNT)\b", kind)
        if number:
            cases.append(([command, name, "nonsense"], name))
        if bounds := re.match(r"\S*\s*(?:in )?\[(\S+) - (\S+)\]", kind.split(":", 1)[-1]):
            for beyond in (float(bounds[1]) - 1, float(bounds[2]) * 10 + 1):
                cases.append(([command, f"{name}={beyond:.0f}"], name))
        if re.match(r"TEXT:\{", kind):
            cases.append(([command, name, "no-such-choice"], name))
drawn = ["-o", "x", "--corpus", "procedural"]
cases += [
    (["window", "--group", "Nope"], "expected one of Stage, Explore, Experts, Layers"),
    (["window", "--size", "1x1"], "--size"),
    (["window", "--language", "xx"], "--language"),
    (["window", "--lesson", "none"], "--lesson"),
    (["window", "--page", "3"], "--lesson"),
    (["window", "--screenshot", "x.jpg"], ".png"),
    (["window", "no-file.txt"], "expected a .moelesson"),
    (["window", "--top-k", "9", "--experts", "4"], "experts"),
    (["window", "--layer", "9"], "--layer"),
    (["window", "--select", "99"], "--select"),
    (["train", "--router", "none"], "router"),
    (["train", "--session", "x.txt"], ".moescope"),
    (["sweep", "--concentration", "1"], "--concentration"),
    (["sweep", "--layer", "9"], "--layer"),
    (["render", "--view", "none", *drawn], "--view"),
    (["render", "--size", "1", *drawn], "--size"),
    (["render", "--option", "none", *drawn], "--option"),
    (["render", "--view", "load_bars", "-o", "x.jpg"], ".png"),
    (["render", "none", "-o", "x"], "none"),
    (["bingham", "--spectrum", "16,12", "--dimension", "1"], "2 eigenvalues do not fit in dimension 1; expected at most"),
    (["bingham", "--spectrum", "1,nan", "--dimension", "4"], "finite"),
    (["bingham", "--dimension", "4"], "--spectrum"),
    (["angles", "a.npy"], "second"),
    (["export", "x.moescope", "--what", "model", "-o", "x.csv"], ".safetensors"),
    (["lessons", "-o", "x.pdf"], "--handout"),
    (["lessons", "--handout", "none", "-o", "x.pdf"], "--handout"),
    (["lessons", "--handout", "what-a-router-does", "-o", "x.txt"], ".pdf"),
    (["analyze", "x", "--layers", "x.txt"], ".csv"),
    (["reproduce", "none"], "none"),
    (["reproduce", "coupling", "--shard", "9/8"], "9/8"),
    (["session"], "file"),
]
failures = 0
with concurrent.futures.ThreadPoolExecutor(2) as pool:
    for (words, text), ended in zip(cases, pool.map(lambda case: run(*case[0]), cases)):
        said = ended.stdout + ended.stderr
        if ended.returncode != 2 or text not in said or said.count("\n") != 1:
            print(f"FAIL {' '.join(words)}: status {ended.returncode}, wanted 2 and '{text}' in one line: {said}")
            failures += 1
print(f"{len(cases)} command lines")
sys.exit(failures > 0)
PYTHON
[ -z "$(ls -A "$folder" | grep -v '^config$')" ] || fail "files were made: $(ls -A "$folder")"
exit $((failures > 0))
