"""What the faults share: folders of images, runs of pixloom, and ways to look at both."""

import contextlib
import hashlib
import json
import os
import random
import shutil
import signal
import struct
import subprocess
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

FILTERS = ["--filter", "resize:60%", "--filter", "gaussian-blur:2"]

# No run of this suite takes nearly as long; one that does hangs.
HANG_SECONDS = 120


class Broken(Exception):
    """A promise does not hold."""


class Skipped(Exception):
    """A fault cannot be injected here."""


@dataclass
class Fault:
    number: int
    name: str
    promise: str
    inject: Callable[["Bench", Path], int]


FAULTS: list[Fault] = []


def fault(number: int, name: str, promise: str):
    """Adds a function to the table; it returns how many times it injected the fault."""

    def add(inject):
        FAULTS.append(Fault(number, name, promise, inject))
        return inject

    return add


def check(condition: bool, reason: str) -> None:
    if not condition:
        raise Broken(reason)


def need_root() -> None:
    if os.geteuid() != 0:
        raise Skipped("needs root")


def need(program: str) -> str:
    path = shutil.which(program)
    if path is None:
        raise Skipped(f"{program} is not installed")
    return path


@dataclass
class Result:
    """A run that has ended."""

    code: int
    errors: str
    outcomes: list[dict]
    summary: dict | None

    def expect(self, *codes: int) -> "Result":
        check(
            self.code in codes,
            f"exit {self.code} where {' or '.join(map(str, codes))} is promised; {self.last_words}")
        return self

    def failures(self) -> dict[str, dict]:
        """The errors of failed images, by the name of their file."""
        return {
            os.path.basename(outcome["source"]): {**outcome["error"], "attempts": outcome["attempts"]}
            for outcome in self.outcomes if outcome["status"] == "failed"
        }

    @property
    def last_words(self) -> str:
        lines = self.errors.strip().splitlines()
        return lines[-1][:200] if lines else "nothing on standard error"


class Run:
    """A run of pixloom that is going on."""

    def __init__(self, command: list, **options):
        options.setdefault("stdin", subprocess.DEVNULL)
        self.output = tempfile.TemporaryFile("w+")
        self.errors = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            [str(word) for word in command], stdout=options.pop("stdout", self.output),
            stderr=self.errors, **options)

    @property
    def is_going(self) -> bool:
        return self.process.poll() is None

    def workers(self) -> list[int]:
        return children(self.process.pid)

    def await_workers(self, count: int = 1) -> list[int]:
        """Waits until that many workers live."""
        while self.is_going:
            if len(found := self.workers()) >= count:
                return found
            time.sleep(0.001)
        return []

    def end(self, seconds: float = HANG_SECONDS) -> Result:
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise Broken(f"it had not ended after {seconds:.0f} s") from None
        self.output.seek(0)
        self.errors.seek(0)
        lines = [json.loads(line) for line in self.output if line.startswith("{")]
        outcomes = [line for line in lines if "source" in line]
        summary = next((line["summary"] for line in lines if "summary" in line), None)
        return Result(code, self.errors.read(), outcomes, summary)


class Bench:
    """The executables under test, and the folders that the faults work in."""

    def __init__(self, pixloom: Path):
        self.pixloom = pixloom
        self.misbehaving = pixloom.with_name("misbehaving-worker")
        self.worker = pixloom.with_name("pixloom-worker")
        self.photos = Path(__file__).resolve().parents[2] / "Fixtures" / "photos"
        self.seed = int(os.environ.get("PIXLOOM_SEED", random.randrange(1 << 32)))
        self.random = random.Random(self.seed)
        self.root = Path(tempfile.mkdtemp(prefix="pixloom-faults-"))
        self.count = 0
        self.has_ledger = "stale" in self._help()

    def close(self) -> None:
        shutil.rmtree(self.root, ignore_errors=True)

    @contextlib.contextmanager
    def folder(self) -> Iterator[Path]:
        """An empty folder that is removed afterwards."""
        self.count += 1
        path = self.root / str(self.count)
        path.mkdir()
        try:
            yield path
        finally:
            shutil.rmtree(path, ignore_errors=True)

    def images(self, folder: Path, count: int) -> Path:
        """A folder of `count` small photographs, which are hard links to few.

        Small ones, so that many processes begin and end while they are converted.
        """
        originals = self.root / "originals"
        if not originals.exists():
            subprocess.run(
                [self.pixloom, self.photos, "-o", f"{originals}/{{name}}.{{ext}}", "--mode",
                 "threads", "--quiet", "--filter", "resize:240x240"],
                check=True, capture_output=True)
        folder.mkdir()
        names = sorted(originals.glob("[!.]*"))
        for number in range(count):
            source = names[number % len(names)]
            os.link(source, folder / f"{number:05}{source.suffix}")
        return folder

    def command(self, inputs, output, *options, mode: str = "processes") -> list:
        return [
            self.pixloom, inputs, "-o", output, "--mode", mode, "--progress", "never", "--json",
            *FILTERS, *options]

    def start(self, inputs, output, *options, mode: str = "processes", **more) -> Run:
        return Run(self.command(inputs, output, *options, mode=mode), **more)

    def convert(self, inputs, output, *options, mode: str = "processes", **more) -> Result:
        return self.start(inputs, output, *options, mode=mode, **more).end()

    def reference(self, inputs: Path, *options) -> dict[str, str]:
        """The hashes of what an undisturbed run with threads makes of a folder."""
        with self.folder() as folder:
            self.convert(inputs, folder / "out", *options, mode="threads").expect(0, 1)
            return hashes(folder / "out")

    def lying_worker(self, lie: str, folder: Path) -> dict[str, str]:
        """An environment in which the worker lies; see Tests/MisbehavingWorker."""
        link = folder / f"misbehave-{lie}"
        link.symlink_to(self.misbehaving)
        return self.with_worker(link)

    def script_worker(self, lines: str, folder: Path) -> dict[str, str]:
        """An environment in which the worker is a shell script."""
        script = folder / "worker"
        script.write_text(f"#!/bin/sh\n{lines}\n")
        script.chmod(0o755)
        return self.with_worker(script)

    def with_worker(self, path: Path) -> dict[str, str]:
        return {**os.environ, "PIXLOOM_WORKER": str(path)}

    def again(self) -> list[str]:
        """Options with which a command can be given a second time."""
        return [] if self.has_ledger else ["--overwrite", "always"]

    def _help(self) -> str:
        return subprocess.run(
            [self.pixloom, "--help"], capture_output=True, text=True, check=True).stdout


def children(process: int) -> list[int]:
    """The living children of a process; zombies do not count."""
    found = []
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for thread in os.listdir(f"/proc/{process}/task"):
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                text = Path(f"/proc/{process}/task/{thread}/children").read_text()
                found += [int(word) for word in text.split() if is_alive(int(word))]
    return found


def is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def kill(process: int, number: int = signal.SIGKILL) -> bool:
    try:
        os.kill(process, number)
        return True
    except ProcessLookupError:
        return False


def hashes(folder: Path) -> dict[str, str]:
    """The SHA-256 of each file below a folder that is no temporary and no ledger."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and not any(
            part.startswith(".pixloom") for part in path.relative_to(folder).parts)
    } if folder.exists() else {}


def temporaries(folder: Path) -> list[Path]:
    return [path for path in folder.rglob(".pixloom-*.tmp")]


def check_same(folder: Path, expected: dict[str, str], without: set[str] = frozenset()) -> None:
    """Same output: every file as in an undisturbed run."""
    wanted = {name: value for name, value in expected.items() if name not in without}
    found = hashes(folder)
    check(
        found == wanted,
        f"{len(found)} files where {len(wanted)} are promised, "
        f"{sum(1 for name in found if wanted.get(name) != found[name])} of them different")
    check(not temporaries(folder), f"temporary files are left: {temporaries(folder)[:3]}")


def check_whole(folder: Path, expected: dict[str, str]) -> None:
    """Every file that there is, is as in an undisturbed run."""
    found = hashes(folder)
    wrong = [name for name in found if expected.get(name) != found[name]]
    check(not wrong, f"{len(wrong)} of {len(found)} files are not whole: {wrong[:3]}")


def check_gone(processes: list[int], seconds: float = 1) -> None:
    """No child lives a second after its parent."""
    end = time.monotonic() + seconds
    while living := [process for process in processes if is_alive(process)]:
        check(time.monotonic() < end, f"{len(living)} workers outlived their parent by {seconds} s")
        time.sleep(0.01)


def shared_objects() -> list[str]:
    return [name for name in os.listdir("/dev/shm") if name.startswith("pixloom-")]


def write_png(path: Path, width: int, height: int, value: int = 0x55) -> Path:
    """A gray PNG of one colour."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(
            ">I", zlib.crc32(kind + body))

    row = b"\0" + bytes([value]) * width
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(row * height, 1))
        + chunk(b"IEND", b""))
    return path
