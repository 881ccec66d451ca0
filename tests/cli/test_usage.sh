#!/usr/bin/env bash
# test_usage.sh PROGRAM: a command line that cannot be meant ends with 2 and one line that names what is wrong, in every command, before a
# display is opened or a file is touched. The manual page tells which options there are.
. "$(dirname "$0")/checks.sh"
unset DISPLAY WAYLAND_DISPLAY
export HOME=$folder XDG_CONFIG_HOME=$folder/config OMP_NUM_THREADS=1
cd "$folder" || exit 1
python3 - "$program" <<'PYTHON' || fail "see above"
import concurrent.futures, fcntl, os, pty, re, struct, subprocess, sys, termios

program = sys.argv[1]

def run(*words):
    return subprocess.run([program, *words], capture_output=True, text=True, timeout=60)

options = {}  # of each command: names and what they take
for line in re.sub(r"\\(-|fI|fR)", lambda found: "-" if found[1] == "-" else "", run("manual").stdout).splitlines():
    if begun := re.match(r"\.SS moescope (\S+)", line):
        options[begun[1]] = []
    elif option := re.match(r"\.B (?:-\w, )?(--[\w-]+) ?(.*)", line):
        list(options.values())[-1].append(option.groups())
assert {"window", "train", "render", "bingham", "reproduce", "export", "analyze"} <= set(options), options.keys()
assert sum(map(len, options.values())) > 250

failures = 0
cases = []  # arguments, what the line must hold
finite = set()  # options that were given NaN
for number, (command, own) in enumerate(options.items()):
    wrong = []
    for name, takes in own:
        if takes.startswith("FLOAT") and (name, takes) not in finite:  # NaN lies in no range
            finite.add((name, takes))
            cases.append(([command, name, "nan"], name))
        bounds = re.search(r" in \[(\S+) - (\S+)\]|:(\S+) to (\S+)", takes)
        if re.match(r"U?INT|FLOAT", takes) and not bounds and " or " not in takes:
            print(f"FAIL {command} {name}: takes any number, and no range is said")
            failures += 1
        if bounds and number % 2:
            wrong.append(([command, f"{name}={float(bounds[2] or bounds[4]) * 10 + 1:.0f}"], name))
        elif re.match(r"U?INT|FLOAT", takes):
            wrong.append(([command, f"{name}=nonsense"], name))
        elif takes.startswith("TEXT:{"):
            wrong.append(([command, f"{name}=nonsense"], name))
    cases.append(wrong[number % len(wrong)] if wrong else ([command, "--no-such-option"], "--no-such-option"))  # CLI11 checks them all alike
cases += [
    (["window", "--group", "Nope"], "expected one of Stage, Explore, Experts, Layers"),
    (["window", "--page", "3"], "--lesson"),
    (["window", "--lesson", "none"], "--lesson"),
    (["window", "no-file.txt"], "expected a .moelesson"),
    (["render", "--option", "none", "-o", "x"], "--option"),
    (["render", "none", "-o", "x"], "none"),
    (["bingham", "--spectrum", "16,12", "--dimension", "1"], "2 eigenvalues do not fit in dimension 1; expected at most"),
    (["bingham", "--spectrum", "1,nan", "--dimension", "4"], "finite"),
    (["bingham", "--spectrum", "1,,2", "--dimension", "4"], "--spectrum: expected finite numbers with a comma between each two, found '' in '1,,2'"),
    (["bingham", "--spectrum", "", "--dimension", "4"], "--spectrum: expected finite numbers with a comma between each two, found '' in ''"),
    (["train", "--steps", "2.5"], "--steps: '2.5' is no whole number; expected 1 to 10000000"),
    (["analyze", "x", "--concentration", "1,nan"], "--concentration: 'nan' is no number; expected 0 to 1000000"),
    (["analyze", "x", "--gating-mass", "nan"], "--gating-mass: 'nan' is no number; expected 1e-06 to 1"),
    (["train", "--learning-rate", "inf"], "--learning-rate: 'inf' is out of range"),
    (["train", "--steps", "abc"], "--steps: 'abc' is no whole number; expected 1 to 10000000"),
    (["train", "--jsonl", ""], "--jsonl: expected a text, found ''"),
    (["analyze", "x", "--trace", ""], "--trace: expected a text, found ''"),
    (["angles", "a.npy", "b.npy", "--tolerance", "nan"], "--tolerance: 'nan' is no number; expected 0 to 1"),
    (["analyze", "x", "--jacobian-probes", "5"], "--jacobian-probes: '5': expected 0, or 32 to 4096"),
    (["sweep", "--gating", "top-k", "--gating-k", "9", "--experts", "8"], "--gating-k: 9 of 8 experts cannot be kept; expected 1 to 8"),
    (["export", "x.moescope", "--what", "model", "-o", "x.csv"], ".safetensors"),
    (["lessons", "-o", "x.pdf"], "--handout"),
    (["analyze", "x", "--layers", "x.txt"], ".csv"),
    (["reproduce", "coupling", "--shard", "9/8"], "9/8"),
]
with concurrent.futures.ThreadPoolExecutor(2) as pool:
    for (words, text), ended in zip(cases, pool.map(lambda case: run(*case[0]), cases)):
        said = ended.stdout + ended.stderr
        if ended.returncode != 2 or text not in said or said.count("\n") != 1:
            print(f"FAIL {' '.join(words)}: status {ended.returncode}, wanted 2 and '{text}' in one line: {said}")
            failures += 1

def on_terminal(columns, *words):
    screen, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen([program, *words], stdout=terminal)
    os.close(terminal)
    said = b""
    try:
        while part := os.read(screen, 65536):
            said += part
    except OSError:  # Linux ends so when the last writer has gone
        pass
    process.wait(60)
    return said.decode().replace("\r\n", "\n")

def check_help(said, columns, names, where):
    global failures
    longest = max(said.splitlines(), key=len)
    missing = [name for name, _ in names if not re.search(re.escape(name) + r"(?![\w-])", said)]
    if len(longest) > columns or missing:
        print(f"FAIL {where}: a line of {len(longest)} columns '{longest}', not told: {missing}")
        failures += 1

for command, own in options.items():
    check_help(run(command, "--help").stdout, 100, own, f"{command} --help")
check_help(run("--help").stdout, 100, [(command, "") for command in options], "--help")
check_help(on_terminal(72, "window", "--help"), 72, options["window"], "window --help on a narrow terminal")
print(f"{len(cases)} command lines")
sys.exit(failures > 0)
PYTHON
made=$(ls -A "$folder" | grep -v '^config$')
[ -z "$made" ] || fail "files were made: $made"
exit $((failures > 0))
