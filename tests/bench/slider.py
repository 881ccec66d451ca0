"""slider.py LIBRARY TORCH_SITE FILE TOKENS EXPERTS ROUNDS THREADS: milliseconds of all numbers of one position of the concentration
slider, top-2 gates, of the scores in FILE (floats, row by row), one number a line on standard output. LIBRARY: numpy or torch. The
first line is the mean entropy, the load's coefficient of variation and the mean of the lower bound at concentration 1.3, for comparison.
All tokens are read at once: in parts of 1,024 to 16,384 tokens NumPy takes as long or longer.
Called by `moescope bench-peers`, which takes turns with it: one measurement for each line on standard input."""
import math
import os
import sys
import time

library, site, file = sys.argv[1:4]
tokens, experts, rounds, threads = map(int, sys.argv[4:8])
os.environ["OPENBLAS_NUM_THREADS"] = str(threads)
import numpy

scores = numpy.fromfile(file, dtype=numpy.float32).reshape(tokens, experts)


def bounds(xp, span, gap, floor):
    """E2 and E3, in doubles as they are defined; at small `span` the former is log N."""
    small = xp.exp(-span)
    c = span * small / (1 - small)
    point = xp.clip(floor(experts * (c - small) / (1 - small)), 1, experts - 1)

    def two_levels(m, span):
        low = xp.exp(-span) * (experts - m)
        return xp.log(m + low) + span * low / (m + low)

    least = xp.minimum(two_levels(point, span), two_levels(xp.clip(point + 1, 1, experts - 1), span))
    return least.mean(), two_levels(1.0, gap).mean()


def by_numpy(concentration):
    logits = concentration * scores
    top = numpy.partition(logits, (experts - 2, experts - 1), axis=1)
    largest = top[:, -1:]
    weights = numpy.exp(logits - largest)
    total = weights.sum(1, keepdims=True)
    probabilities = weights / total
    entropy = numpy.log(total[:, 0]) - (probabilities * (logits - largest)).sum(1)
    chosen = numpy.argpartition(logits, experts - 2, axis=1)[:, -2:]
    kept = numpy.take_along_axis(probabilities, chosen, 1)
    kept /= kept.sum(1, keepdims=True)
    gates = numpy.zeros_like(probabilities)
    numpy.put_along_axis(gates, chosen, kept, 1)
    applied = -(kept * numpy.log(kept)).sum(1)
    load, probability = gates.mean(0, dtype=numpy.float64), probabilities.mean(0, dtype=numpy.float64)
    lower, upper = bounds(numpy, (largest[:, 0] - logits.min(1)).astype(numpy.float64), (top[:, -1] - top[:, -2]).astype(numpy.float64), numpy.floor)
    return numbers(numpy, entropy, applied, load, probability, lower, upper)


def numbers(xp, entropy, applied, load, probability, lower, upper):
    found = []
    for mean, each in ((probability, entropy), (load, applied)):
        spread = float(mean.std() if xp is numpy else mean.std(unbiased=False))
        sure = float(-(mean * xp.log(xp.clip(mean, 1e-300, None))).sum())
        found += [float(each.mean()), float(xp.exp(each).mean()), spread * experts, float(mean.max()) * experts - 1, sure / math.log(experts), sure - float(each.mean())]
    return found[0], found[8], float(lower)


def by_torch(concentration):
    logits = concentration * data
    top, chosen = logits.topk(2, dim=1)
    logs = torch.log_softmax(logits, 1)
    probabilities = logs.exp()
    entropy = -(probabilities * logs).sum(1)
    kept = torch.softmax(top, 1)
    gates = torch.zeros_like(probabilities).scatter_(1, chosen, kept)
    applied = -(kept * kept.log()).sum(1)
    load, probability = gates.mean(0, dtype=torch.float64), probabilities.mean(0, dtype=torch.float64)
    lower, upper = bounds(torch, (top[:, 0] - logits.amin(1)).double(), (top[:, 0] - top[:, 1]).double(), torch.floor)
    return numbers(torch, entropy, applied, load, probability, lower, upper)


if library == "torch":
    sys.setdlopenflags(os.RTLD_LAZY | os.RTLD_GLOBAL)  # the CUDA wheel without CUDA's libraries binds lazily
    sys.path.insert(0, site)
    import torch

    torch.set_num_threads(threads)
    torch.set_grad_enabled(False)
    data = torch.from_numpy(scores)
run = by_torch if library == "torch" else by_numpy
print(*run(1.3), flush=True)
for _ in range(rounds):
    sys.stdin.readline()
    time.sleep(0.01)  # until the other program's threads have stopped spinning
    start = time.perf_counter()
    run(1.7)
    print((time.perf_counter() - start) * 1e3, flush=True)
