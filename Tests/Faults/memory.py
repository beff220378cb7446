"""Shared memory that is small, missing, full or not enough: promises 20, 21 and 23."""

import subprocess
from pathlib import Path

from harness import Bench, Run, Skipped, check, check_same, fault, hashes, need_root, write_png


def in_mount_namespace(script: str, command: list) -> list[str]:
    """A command that sees mounts which nobody else sees."""
    need_root()
    words = " ".join(f"'{word}'" for word in command)
    if subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode != 0:
        raise Skipped("unshare -m is not allowed")
    return ["unshare", "-m", "sh", "-c", f"set -e; {script.replace('COMMAND', words)}"]


@fault(20, "/dev/shm of 1 MiB, of 64 MiB, read-only, missing", "memfd instead, said once; never SIGBUS")
def small_shared_memory(bench: Bench, folder: Path) -> int:
    images = bench.images(folder / "in", 100)
    expected = bench.reference(images)
    # Without /dev/shm itself: a /dev with nothing but what programs cannot do without.
    bare = (
        "mount -t tmpfs tmpfs /dev; mknod -m 666 /dev/null c 1 3; mknod -m 666 /dev/zero c 1 5; "
        "mknod -m 666 /dev/urandom c 1 9; mknod -m 666 /dev/random c 1 8; exec COMMAND")
    cases = {
        "1m": "mount -t tmpfs -o size=1m tmpfs /dev/shm; exec COMMAND",
        "64m": "mount -t tmpfs -o size=64m tmpfs /dev/shm; exec COMMAND",
        "read-only": "mount -t tmpfs -o ro tmpfs /dev/shm; exec COMMAND",
        "missing": bare,
    }
    for name, script in cases.items():
        output = folder / name
        command = bench.command(images, output)
        result = Run(in_mount_namespace(script, command)).end().expect(0)
        notes = result.errors.count("memfd_create")
        check(notes == 1, f"{name}: the fallback is said {notes} times")
        check_same(output, expected)
    return len(cases)


@fault(21, "/dev/shm filled by others during the run", "no SIGBUS; images convert or fail by name")
def filled_shared_memory(bench: Bench, folder: Path) -> int:
    images = bench.images(folder / "in", 150)
    for number in range(3):
        write_png(images / f"large-{number}.png", 5000, 3000)
    expected = bench.reference(images)
    times = 0
    for pause in ["0.02", "0.05", "0.1", "0.3", "0.6"]:
        output = folder / f"out-{pause}"
        script = (
            "mount -t tmpfs -o size=96m tmpfs /dev/shm; COMMAND & run=$!; "
            f"sleep {pause}; dd if=/dev/zero of=/dev/shm/fill bs=1M 2> /dev/null || true; "
            "wait $run")
        command = bench.command(images, output, "--memory", "256M")
        result = Run(in_mount_namespace(script, command)).end().expect(0, 1)
        failures = result.failures()
        kinds = {error["kind"] for error in failures.values()}
        check(kinds <= {"out-of-memory"}, f"failures: {kinds}")
        check_same(output, expected, without=set(failures))
        times += 1
    return times


@fault(23, "an image larger than --memory", "too-large with both numbers; all others convert")
def larger_than_memory(bench: Bench, folder: Path) -> int:
    images = bench.images(folder / "in", 30)
    write_png(images / "large.png", 8000, 5000)
    expected = bench.reference(images)
    for mode in ["processes", "threads"]:
        output = folder / mode
        result = bench.convert(images, output, "--memory", "32M", mode=mode).expect(1)
        failures = result.failures()
        check(list(failures) == ["large.png"], f"{mode}: {len(failures)} failed")
        error = failures["large.png"]
        check(error["kind"] == "too-large", f"{mode}: {error}")
        check(str(32 << 20) in error["message"], f"{mode}: {error['message']}")
        check_same(output, expected, without={"large.png"})
        check(len(hashes(output)) == 30, f"{mode}: outputs are missing")
    return 2
