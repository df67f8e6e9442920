"""The Gram matrix of differences to an origin in NumPy, in float64, stretch by stretch as it has to be where rows don't fit into memory.

usage: python3 bench/peers/gram.py ROWS COUNT STRETCH

ROWS is a file of float32, COUNT rows one after another, of which the last is the origin. Prints a JSON object: milliseconds, and the
matrix row by row. How many threads the products take is the environment's OPENBLAS_NUM_THREADS.
"""

import json
import sys
import time

import numpy


def main():
    path, count, stretch = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    rows = numpy.fromfile(path, dtype="<f4").reshape(count, -1)
    start = time.perf_counter()
    gram = numpy.zeros((count, count))
    for first in range(0, rows.shape[1], stretch):
        part = rows[:, first : first + stretch].astype(numpy.float64)
        part -= part[-1].copy()
        # NumPy sees that both are one matrix, and works out one half (dsyrk).
        gram += part @ part.T
    took = 1000 * (time.perf_counter() - start)
    json.dump({"ms": took, "gram": gram.ravel().tolist()}, sys.stdout)


main()
