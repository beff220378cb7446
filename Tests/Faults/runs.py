"""Runs that are killed, interrupted, limited or two at once: promises 5, 6, 16 to 18 and 22."""

import collections
import contextlib
import json
import signal
import subprocess
import time
from pathlib import Path

from harness import (
    Bench, Run, check, check_gone, check_same, check_whole, fault, hashes, kill, need,
    shared_objects, temporaries)


def rehearse(bench: Bench, images: Path, folder: Path) -> float:
    """How long an undisturbed run takes, in seconds."""
    start = time.monotonic()
    bench.convert(images, folder).expect(0)
    return time.monotonic() - start


@fault(5, "kill -9 of the parent at 100 random moments", "clean; the same command gives the same output")
def kill_parent(bench: Bench, folder: Path) -> int:
    images = bench.images(folder / "in", 120)
    expected = bench.reference(images)
    seconds = rehearse(bench, images, folder / "rehearsal")
    killed = rounds = 0
    while killed < 100:
        output = folder / f"out-{rounds}"
        rounds += 1
        for _ in range(10):
            run = bench.start(images, output, *bench.again())
            time.sleep(bench.random.uniform(0, seconds))
            workers = run.workers()
            killed += run.is_going
            run.process.kill()
            run.process.wait()
            check_gone(workers)
            check_whole(output, expected)
        bench.convert(images, output, *bench.again()).expect(0)
        check_same(output, expected)
        check_made_once(output)
    check(not shared_objects(), f"left in /dev/shm: {shared_objects()}")
    return killed


def check_made_once(output: Path) -> None:
    """No image was converted again whose line was in the ledger."""
    ledger = output / ".pixloom" / "ledger.ndjson"
    if not ledger.exists():
        return
    counts = collections.Counter()
    for line in ledger.read_text().splitlines():
        # A line may be torn where its writer was killed.
        with contextlib.suppress(json.JSONDecodeError):
            entry = json.loads(line)
            # The line of a run tells of no image.
            counts[entry.get("output")] += entry.get("status") == "converted"
    twice = [name for name, count in counts.items() if count > 1]
    check(not twice, f"{len(twice)} images were converted twice")


@fault(6, "kill -9 between shm_open and shm_unlink", "at most one object, removed by the next run")
def kill_before_unlink(bench: Bench, folder: Path) -> int:
    strace = need("strace")
    images = bench.images(folder / "in", 4)
    times = 0
    for number in range(5):
        # An error and a signal: the call is not made, and the process ends in its place.
        command = [
            strace, "-f", "-qqq", "-o", "/dev/null", "-e", "trace=unlink",
            "-e", f"inject=unlink:error=EPERM:signal=KILL:when=1",
            *bench.command(images, folder / f"out-{number}", "--jobs", "2")]
        Run(command).end()
        left = shared_objects()
        check(len(left) <= 1, f"{len(left)} objects are left")
        times += len(left)
        bench.convert(images, folder / f"again-{number}").expect(0)
        check(not shared_objects(), "the next run did not remove the object")
    check(times == 5, f"{times} objects were left behind, so little was shown")
    return times


@fault(16, "few descriptors, 2,000 files", "exit 0, or exit 4 with the number needed")
def few_descriptors(bench: Bench, folder: Path) -> int:
    prlimit = need("prlimit")
    images = bench.images(folder / "in", 2000)
    expected = bench.reference(images)
    cases = [(64, []), (64, ["--jobs", "8", "--io-jobs", "64"]), (20, [])]
    for limit, options in cases:
        output = folder / f"out-{limit}-{len(options)}"
        command = bench.command(images, output, *options)
        result = Run([prlimit, f"--nofile={limit}", *command]).end().expect(0, 4)
        if result.code == 0:
            check_same(output, expected)
        else:
            check(any(c.isdigit() for c in result.errors), f"no number: {result.last_words}")
            check(not hashes(output), "exit 4 after the first image")
    return len(cases)


@fault(17, "SIGINT and SIGTERM, once and twice, at 100 moments", "drains in 5 s; the second ends at once")
def interrupt(bench: Bench, folder: Path) -> int:
    images = bench.images(folder / "in", 120)
    expected = bench.reference(images)
    seconds = rehearse(bench, images, folder / "rehearsal")
    sent = number = 0
    while sent < 100 and number < 1000:
        number += 1
        name = [signal.SIGINT, signal.SIGTERM][number % 2]
        # Some begin, some go on where another was stopped.
        output = folder / f"out-{number // 3}"
        # One that is stopped before its first output has not come to what an earlier one left.
        left = set(temporaries(output))
        run = bench.start(images, output, *bench.again())
        run.await_workers()
        time.sleep(bench.random.uniform(0, seconds))
        workers = run.workers()
        start = time.monotonic()
        was_going = kill(run.process.pid, name) and run.is_going
        if number % 4 >= 2:
            time.sleep(0.005)
            kill(run.process.pid, name)
        result = run.end(10).expect(0, 128 + name)
        check(time.monotonic() - start < 5, "it took more than 5 s to drain")
        check_gone(workers)
        check_whole(output, expected)
        if number % 4 < 2:
            check(set(temporaries(output)) <= left, "temporary files are left by a drained run")
        sent += was_going and result.code != 0
    bench.convert(images, output, *bench.again()).expect(0)
    check_same(output, expected)
    check(not temporaries(output), "temporary files are left by a whole run")
    return sent


@fault(18, "standard output closed, or read for one line", "the images are converted all the same")
def closed_output(bench: Bench, folder: Path) -> int:
    images = bench.images(folder / "in", 60)
    expected = bench.reference(images)
    words = " ".join(f"'{word}'" for word in bench.command(images, folder / "head"))
    subprocess.run(["sh", "-c", f"{words} | head -1 > /dev/null"], check=True, timeout=60,
        stderr=subprocess.DEVNULL)
    check_same(folder / "head", expected)
    for redirection in [">&-", "2>&-", "<&-", "<&- >&- 2>&-"]:
        output = folder / redirection.replace("&", "")
        words = " ".join(f"'{word}'" for word in bench.command(images, output))
        code = subprocess.run(["sh", "-c", f"{words} {redirection}"], timeout=60,
                              capture_output=True).returncode
        check(code == 0, f"exit {code} with {redirection}")
        check_same(output, expected)
    return 5


@fault(22, "two runs at once", "no interference")
def two_runs(bench: Bench, folder: Path) -> int:
    images = bench.images(folder / "in", 200)
    expected = bench.reference(images)
    runs = [bench.start(images, folder / f"out-{number}") for number in range(2)]
    for number, run in enumerate(runs):
        run.end().expect(0)
        check_same(folder / f"out-{number}", expected)
    # Into one folder, both write the same bytes.
    runs = [
        bench.start(images, folder / "shared", "--overwrite", "always") for _ in range(2)]
    for run in runs:
        run.end().expect(0)
    check_same(folder / "shared", expected)
    return 2
