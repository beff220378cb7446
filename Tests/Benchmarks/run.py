"""Measures pixloom and its peers on the same images, in turn, and prints a table for each work.

usage: run.py PIXLOOM PHOTOS [WORK...]

PHOTOS is what photos.py made. All programs take their turn in each round, so that what else the
machine does falls on all of them; the median of the rounds counts. The first round warms up the
file cache and is not counted. Environment: ROUNDS (3), JOBS (2), IMAGES (15), PEERS.
"""

import itertools
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import peers

ROUNDS = int(os.environ.get("ROUNDS", "3"))
JOBS = os.environ.get("JOBS", "2")
IMAGES = int(os.environ.get("IMAGES", "15"))
PEERS = os.environ.get("PEERS", " ".join([*peers.LIBRARIES, *peers.PROGRAMS])).split()

WORKS = {
    "resize": ("photographs-png", IMAGES, ["--filter", "resize:50%"]),
    "blur": ("photographs-png", IMAGES, ["--filter", "gaussian-blur:5"]),
    "median": ("photographs-png", IMAGES, ["--filter", "median:2"]),
    "gray": ("icons", IMAGES * 400, ["--filter", "grayscale"]),
    "thumbnail": ("photographs-jpeg", IMAGES * 8, ["-s", "256x256", "-f", "jpeg"]),
}
"""Folder, number of images, options of pixloom."""

MODES = ("threads", "processes")


class Program:
    """One row of a table: how it is run, how long it took, how many bytes it wrote."""

    def __init__(self, name, command, prints_seconds=False):
        self.name, self.command, self.prints_seconds = name, command, prints_seconds
        self.seconds, self.byte_count = [], 0

    def run(self, source, image_count):
        """Runs once, into a new folder."""
        folder = tempfile.mkdtemp(dir=source.parent)
        begin = time.perf_counter()
        ended = subprocess.run([*self.command, source, *self.target(folder)], capture_output=True, text=True)
        elapsed = time.perf_counter() - begin
        if ended.returncode != 0:
            raise SystemExit(f"{self.name} ended with {ended.returncode}: {ended.stderr.strip()[-500:]}")
        files = [path for path in pathlib.Path(folder).rglob("*.*") if path.is_file() and ".pixloom" not in path.parts]
        if len(files) != image_count:
            raise SystemExit(f"{self.name} wrote {len(files)} files for {image_count} images")
        self.byte_count = sum(path.stat().st_size for path in files)
        return float(ended.stdout) if self.prints_seconds else elapsed

    def target(self, folder):
        return [folder] if self.prints_seconds else ["-o", folder]


def programs(pixloom, work):
    """pixloom in both modes, then the peers that can do this work."""
    options = WORKS[work][2]
    for mode in MODES:
        yield Program(f"pixloom, {mode}", [pixloom, "convert", "-j", JOBS, "--mode", mode, "--quiet", *options])
    script = pathlib.Path(peers.__file__)
    for peer in PEERS:
        if peers.can(peer, work):
            yield Program(peer, [sys.executable, script, peer, work, JOBS], prints_seconds=True)


def linked(images, count, folder):
    """A folder of `count` hard links: some of the images, or all of them more than once."""
    folder.mkdir(parents=True)
    for number, path in zip(range(count), itertools.cycle(images)):
        os.link(path, folder / f"{number:05}{path.suffix}")
    return folder


def measured(pixloom, photos, work, scratch):
    folder, count, _ = WORKS[work]
    images = sorted((photos / folder).iterdir())
    rows = list(programs(pixloom, work))
    source = linked(images, count, scratch / work / "source")
    byte_count = sum(path.stat().st_size for path in source.iterdir())
    for turn in range(ROUNDS + 1):
        for row in rows:
            seconds = row.run(source, count)
            if turn > 0:
                row.seconds.append(seconds)
    print(f"\n{work}: {count} images, {min(count, len(images))} different, of {folder}, {byte_count / 1e6:.1f} MB")
    print(f"  {'':20} {'images/s':>9} {'slowest':>9} {'fastest':>9} {'MB out':>8}   {'pixloom is':>10}  {'its bytes':>9}")
    ours = rows[0]
    for row in rows:
        rates = sorted(count / seconds for seconds in row.seconds)
        speed = statistics.median(row.seconds) / statistics.median(ours.seconds)
        size = ours.byte_count / row.byte_count
        print(f"  {row.name:20} {statistics.median(rates):9.1f} {rates[0]:9.1f} {rates[-1]:9.1f} "
              f"{row.byte_count / 1e6:8.2f}   {speed:8.2f} ×  {size:7.3f} ×", flush=True)


def machine():
    with open("/proc/cpuinfo") as lines:
        model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    return f"{model}, {len(os.sched_getaffinity(0))} cores, Linux {platform.release()}, Python {platform.python_version()}"


if __name__ == "__main__":
    pixloom, photos = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    print(f"{machine()}; {JOBS} jobs, median of {ROUNDS} rounds")
    absent = [peer for peer in peers.PROGRAMS if not shutil.which(peer)]
    if absent:
        print(f"not installed and left out: {', '.join(absent)}")
    # Nothing is removed before the last run: for minutes after that, ext4 looks at each free inode
    # twice before it makes a file of it, which costs more than the whole work on icons.
    with tempfile.TemporaryDirectory(dir=photos) as scratch:
        for work in sys.argv[3:] or WORKS:
            measured(pixloom, photos, work, pathlib.Path(scratch))
