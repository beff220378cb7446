"""Measures the PNG codec and those of Pillow and libvips on the same images, on one core, and prints a table.

usage: codecs.py PROGRAM... FOLDER

PROGRAM is CodecBenchmarks; one that was built without libdeflate shows libpng. FOLDER holds PNG
files. All take their turn at each image, so that what else the machine does falls on all of them.
Seconds are those of the processor. Environment: EVERY (1) takes each so-many-th file, LEVELS (1 6 9)
are Pillow's, EFFORTS (fast balanced small) ours.
"""

import collections
import io
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import time

os.environ["VIPS_CONCURRENCY"] = "1"

import PIL
import pyvips
from PIL import Image

# Otherwise libvips remembers what it has read.
pyvips.cache_set_max(0)

EVERY = int(os.environ.get("EVERY", "1"))
LEVELS = [int(level) for level in os.environ.get("LEVELS", "1 6 9").split()]
EFFORTS = os.environ.get("EFFORTS", "fast balanced small").split()

rows = collections.defaultdict(list)
"""For each work: seconds, bytes of pixels and bytes of the file, of each image."""


def measure(name, work):
    """Runs work, which returns bytes of pixels and of the file."""
    begin = time.process_time()
    pixel_count, file_count = work()
    rows[name].append((time.process_time() - begin, pixel_count, file_count))


def run_program(program, path):
    lines = subprocess.run([program, *EFFORTS, "--", path], capture_output=True, text=True, check=True).stdout.splitlines()
    for line in lines[1:]:
        work, seconds, pixel_count, file_count = line.split()
        rows[f"{lines[0]} {work}"].append((float(seconds), int(pixel_count), int(file_count)))


def write_by_pillow(image, level, pixel_count):
    file = io.BytesIO()
    image.save(file, "png", compress_level=level)
    return pixel_count, file.tell()


def run_peers(path):
    size = path.stat().st_size
    pixel_count = len(pyvips.Image.new_from_file(str(path)).write_to_memory())
    measure("libvips read", lambda: (len(pyvips.Image.new_from_file(str(path)).write_to_memory()), size))
    image = Image.open(path)
    measure("Pillow read", lambda: (image.load() and pixel_count, size))
    for level in LEVELS:
        measure(f"Pillow level {level}", lambda: write_by_pillow(image, level, pixel_count))


def main():
    *programs, folder = sys.argv[1:]
    files = sorted(pathlib.Path(folder).glob("*.png"))[::EVERY]
    for number, path in enumerate(files):
        # Nobody is always the first.
        works = [lambda p=program: run_program(p, path) for program in programs] + [lambda: run_peers(path)]
        for work in works[number % len(works):] + works[:number % len(works)]:
            work()
    version = ".".join(str(pyvips.version(part)) for part in range(3))
    print(f"{len(files)} files, {os.cpu_count()} cores ({platform.machine()}), Pillow {PIL.__version__}, libvips {version}")
    print(f"{'':44}{'MB/s':>8}{'median':>8}{'MB written':>12}")
    for name, images in rows.items():
        total = sum(pixels for _, pixels, _ in images) / sum(seconds for seconds, _, _ in images) / 1e6
        median = statistics.median(pixels / seconds for seconds, pixels, _ in images) / 1e6
        print(f"{name:44}{total:8.1f}{median:8.1f}{sum(count for _, _, count in images) / 1e6:12.3f}")


if __name__ == "__main__":
    main()
