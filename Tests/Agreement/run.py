"""Compares every filter with its formula in double precision, on whole photographs and on noise.

usage: run.py PIXLOOM DIR_OF_PHOTOGRAPHS [PATTERN_OF_FILTERS]

Prints for each filter and input the largest difference of a sample, premultiplied, in levels of the
input's depth, and what is allowed; a difference above it makes the exit code 1. Filters whose formula takes
minutes see a part of the image.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

import cv2
import numpy

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "Fixtures"))
from making import formulas  # noqa: E402

SLOW = ("bilateral", "nl-means")
FORMATS = [("rgb8", 3, 8), ("rgba8", 4, 8), ("rgb16", 3, 16), ("rgba16", 4, 16)]


def photograph(path, channels, depth):
    """The whole of it; at 16 bits at half its size, so that they hold more than 8 did."""
    samples = cv2.imread(str(path))[..., ::-1].astype(float) / 255
    if depth == 16:
        h, w = samples.shape[0] // 2, samples.shape[1] // 2
        samples = samples[:2 * h, :2 * w].reshape(h, 2, w, 2, 3).mean(axis=(1, 3))
    if channels == 4:
        h, w = samples.shape[:2]
        y, x = numpy.mgrid[0:h, 0:w]
        alpha = numpy.clip(1.6 - numpy.hypot(y / h - 0.5, x / w - 0.5) / 0.4, 0, 1)
        alpha[: h // 6, -w // 6:] = 1
        samples = numpy.concatenate([samples, alpha[..., None]], axis=2)
    return samples


def noise(seed, channels):
    return numpy.random.default_rng(seed).random((801, 1281, channels))


def write(path, samples):
    order = [2, 1, 0, 3][: samples.shape[2]]
    assert cv2.imwrite(str(path), samples[..., order])


def read(path):
    samples = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    if samples.ndim == 2:
        return samples[..., None]
    if samples.shape[2] == 4:
        samples = samples[..., [2, 1, 0, 3]]
    elif samples.shape[2] == 3:
        samples = samples[..., ::-1]
    return samples


def channels_like(samples, wanted):
    """OpenCV reads gray with alpha as four channels."""
    if samples.shape[2] == wanted:
        return samples
    assert samples.shape[2] == 4 and wanted == 2
    return samples[..., [0, 3]]


def worst_difference(found, expected, white, between):
    if between:
        found = channels_like(found, expected[0].shape[2])
        nearest = numpy.clip(found, numpy.min(expected, axis=0), numpy.max(expected, axis=0))
        return worst_difference(found, [nearest], white, False)
    smallest = None
    for result in expected:
        found_ = channels_like(found, result.shape[2]).astype(float)
        assert found_.shape == result.shape, (found_.shape, result.shape)
        difference = abs(formulas.premultiplied(found_, white) - formulas.premultiplied(result, white))
        smallest = difference if smallest is None else numpy.minimum(smallest, difference)
    return smallest.max()


def main():
    tool, photographs, *pattern = sys.argv[1:]
    path = sorted(pathlib.Path(photographs).iterdir())[2]
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        inputs = []
        for seed, (format_, channels, depth) in enumerate(FORMATS):
            white = (1 << depth) - 1
            for name, samples in ((f"photograph {format_}", photograph(path, channels, depth)),
                                  (f"noise {format_}", noise(seed, channels))):
                samples = numpy.floor(samples * white + 0.5).astype(numpy.uint8 if depth == 8 else numpy.uint16)
                inputs.append((name, samples, white))
        print("filter".ljust(46), "allowed 8/16", *(name.split()[0][:5] + " " + name.split()[1] for name, _, _ in inputs), sep="  ")
        for case in formulas.cases((301, 173), (2600, 1700)):
            if pattern and not re.search(pattern[0], case.specification):
                continue
            row = []
            for name, samples, white in inputs:
                if case.name.startswith(SLOW):
                    samples = samples[:200, :300]
                source, target = folder / "source.png", folder / "out"
                write(source, samples)
                subprocess.run(
                    [tool, source, "-o", target, "--overwrite", "always", "--quiet", "--mode", "threads", "--jobs", "1", "--filter",
                     case.specification, *["--linear"] * case.linear], check=True)
                worst = worst_difference(read(target / "source.png"), case.results(samples, white), white, case.between)
                allowed = case.levels if white == 255 else case.wide_levels
                failed += worst > allowed + 1e-6
                row.append(f"{worst:.3f}" + ("!" if worst > allowed + 1e-6 else " "))
            label = case.specification + (" --linear" if case.linear else "")
            print(label.ljust(46), f"{case.levels}/{case.wide_levels}".ljust(12), *(cell.rjust(12) for cell in row), sep="  ", flush=True)
    print(f"{failed} of the results differ by more than is allowed")
    # Not the comparison, which is numpy's, and no exit code.
    sys.exit(1 if failed else 0)


main()
