"""The cases: what is made slow, and what the verdict must name."""

import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from slow_disk import slow_disk
from slow_list import slow_list
from slow_server import slow_server


@dataclass
class Input:
    """The words that name the inputs, and what standard input is."""

    words: list
    descriptor: int | None = None


@dataclass
class Case:
    name: str
    bottleneck: str
    options: list[str]
    # Makes the inputs of photographs, in an empty folder.
    inputs: Callable[[list[Path], Path], contextlib.AbstractContextManager[Input]]
    needs_root: bool = False
    least_cores: int = 1


@contextlib.contextmanager
def memory(photos: list[Path], folder: Path) -> Iterator[Input]:
    """The photographs in a folder; they have just been written, so no disk is waited for."""
    yield Input([photos[0].parent])


def disk(seconds: float, heads: int):
    @contextlib.contextmanager
    def inputs(photos: list[Path], folder: Path) -> Iterator[Input]:
        with slow_disk(folder / "disk", photos, seconds, heads) as disk:
            yield Input([disk])

    return inputs


def server(seconds: float):
    @contextlib.contextmanager
    def inputs(photos: list[Path], folder: Path) -> Iterator[Input]:
        with slow_server(photos, seconds) as root:
            listed = folder / "addresses"
            listed.write_text("".join(f"{root}/{photo.name}\n" for photo in photos))
            yield Input(["--files-from", listed])

    return inputs


@contextlib.contextmanager
def search(photos: list[Path], folder: Path) -> Iterator[Input]:
    with slow_list(photos, 0.02) as descriptor:
        yield Input(["--files-from", "-"], descriptor)


CORES = len(os.sched_getaffinity(0))
HALF = ["-s", "50%"]

CASES = [
    Case("a slow server", "network", HALF, server(1.5)),
    Case("a slow server, one I/O thread", "ioThreads", [*HALF, "--io-jobs", "1"], server(0.02)),
    Case("a slow disk", "disk", HALF, disk(0.01, heads=1), needs_root=True),
    Case("a slow disk, one I/O thread", "ioThreads", [*HALF, "--io-jobs", "1"],
         disk(0.01, heads=8), needs_root=True),
    Case("a slow search for inputs", "source", HALF, search),
    Case("one lane", "lanes", [*HALF, "-j", "1"], memory, least_cores=2),
    Case("too little memory", "memory", [*HALF, "-j", "4", "--memory", "8M"], memory),
    Case("a heavy median", "median", [*HALF, "--filter", "median:9"], memory),
    Case("--png-effort small", "encode", ["-f", "png", "--png-effort", "small"], memory),
    Case("small results of large images", "decode", ["-s", "10%"], memory),
]
