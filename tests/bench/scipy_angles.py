"""scipy_angles.py FILE SUBSPACES DIMENSION ROUNDS: milliseconds of SciPy's subspace_angles over all pairs of the orthonormal bases in
FILE (doubles, column by column), one number a line on standard output. The first line is the sum of all angles, for comparison.
Called by `moescope bench-peers`, which takes turns with it: one pass for each line on standard input."""
import os
import sys
import time

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # matrices this small only lose by more
import numpy
from scipy.linalg import subspace_angles

count, dimension = int(sys.argv[2]), int(sys.argv[3])
bases = [basis.T for basis in numpy.fromfile(sys.argv[1]).reshape(count, -1, dimension)]


def all_pairs():
    return [subspace_angles(bases[i], bases[j]) for i in range(count) for j in range(i + 1, count)]


print(repr(float(numpy.sum(all_pairs()))), flush=True)
for _ in range(int(sys.argv[4])):
    sys.stdin.readline()
    start = time.perf_counter()
    all_pairs()
    print((time.perf_counter() - start) * 1e3, flush=True)
