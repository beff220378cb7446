"""Compares what two builds make of the same images with every filter's example, byte for byte.

usage: builds.py PIXLOOM OTHER_PIXLOOM FIXTURES

The images have 8 and 16 bits, with and without alpha; each filter runs by the encoded values and in linear
light. A difference makes the exit code 1.
"""

import pathlib
import subprocess
import sys
import tempfile

IMAGES = ["photos/beach_dunes.jpg", "photos/kitchen_still_life.png", "photos/balloon_rgba8.png",
          "photos/moon_gray16.png", "valid/rgb16_33x17.png", "valid/rgba16_33x17.png", "valid/gray_alpha8_33x17.png"]


def example(tool, name):
    """What the manual of a filter ends with, as in: example: --filter 'invert'"""
    last = subprocess.run([tool, "filters", name], capture_output=True, text=True, check=True).stdout.splitlines()[-1]
    return last.split("'")[1]


def results(tool, images, filter_, linear, folder):
    """The bytes of each result; an image that a filter refuses has none, in either build."""
    command = [tool, *images, "-o", folder, "--quiet", "--format", "png", "--mode", "threads", "--jobs", "1", "--filter", filter_]
    subprocess.run([*command, *["--linear"] * linear], stderr=subprocess.DEVNULL)
    return {path.name: path.read_bytes() for path in pathlib.Path(folder).rglob("*") if path.is_file() and path.suffix == ".png"}


def main():
    tools, fixtures = sys.argv[1:3], pathlib.Path(sys.argv[3])
    images = [fixtures / image for image in IMAGES]
    names = subprocess.run([tools[0], "filters"], capture_output=True, text=True, check=True).stdout
    names = [line.split()[0] for line in names.splitlines() if line and not line.startswith(" ")]
    compared, different = 0, []
    for name in names:
        filter_ = example(tools[0], name)
        for linear in (False, True):
            with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
                made = [results(tool, images, filter_, linear, folder) for tool, folder in zip(tools, (first, second))]
            assert made[0], f"{filter_}: no image could be filtered"
            compared += len(made[0])
            if made[0] != made[1]:
                different.append(filter_ + " --linear" * linear)
    print(f"{compared} results of {len(names)} filters compared; different: {different or 'none'}")
    sys.exit(bool(different))


main()
