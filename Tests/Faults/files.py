"""Disks, names and inputs that misbehave: promises 34 to 37 and 41 to 45."""

import os
import subprocess
import threading
import time
from pathlib import Path

from harness import (
    Bench, Run, Skipped, check, check_same, check_whole, fault, hashes, need, temporaries,
    write_png)
from memory import in_mount_namespace

# One image at a time, and only outputs are written: so a number means the same call each time.
ALONE = ["--jobs", "1", "--io-jobs", "1"]

# The calls that give an output its name: which one it is, is up to the file system.
NAMING = "linkat,rename,renameat,renameat2"


@fault(34, "no space on the disk of the outputs", "no-space, finished files whole, none half")
def no_space(bench: Bench, folder: Path) -> int:
    images = bench.images(folder / "in", 60)
    expected = bench.reference(images)
    output = folder / "out"
    output.mkdir()
    # The outputs are copied out of the mount before it goes.
    script = (
        f"mount -t tmpfs -o size=256k tmpfs '{output}'; COMMAND && code=0 || code=$?; "
        f"cp -a '{output}' '{folder}/kept'; exit $code")
    result = Run(in_mount_namespace(script, bench.command(images, output))).end().expect(1, 75)
    kinds = {error["kind"] for error in result.failures().values()}
    check(kinds == {"no-space"}, f"failures: {kinds}")
    check_whole(folder / "kept", expected)
    check(hashes(folder / "kept") != {}, "nothing was finished")
    check(not temporaries(folder / "kept"), "temporary files are left")
    return len(result.failures())


@fault(35, "EIO, ENOSPC, EDQUOT from calls of the write path", "fails by name, never half an output")
def failing_calls(bench: Bench, folder: Path) -> int:
    strace = need("strace")
    images = bench.images(folder / "in", 40)
    expected = bench.reference(images)
    times = 0
    # Calls are counted in each thread. The one that stores makes one of each an image; the first
    # ones of the main thread are the dynamic loader's. Of three that sync two are the ledger's.
    calls = {name: [15, 20, 30] for name in ["write", "close", NAMING]}
    if bench.has_ledger:
        calls["fdatasync"] = [16, 19, 31]
    for call, numbers in calls.items():
        bitten = 0
        options = [*ALONE, "--quiet"]
        if "sync" in call:
            options += ["--durability", "each"]
        for error in ["EIO", "ENOSPC", "EDQUOT"]:
            for number in numbers:
                output = folder / f"{call}-{error}-{number}"
                command = [
                    strace, "-f", "-qqq", "-o", "/dev/null", "-e", f"trace={call}",
                    "-e", f"inject={call}:error={error}:when={number}",
                    *bench.command(images, output, *options, mode="threads")]
                command.remove("--json")
                result = Run(command).end()
                if result.code == 127:  # It met the dynamic loader.
                    continue
                result.expect(0, 1, 4, 75)
                check_whole(output, expected)
                check(not temporaries(output), f"{call} {error}: temporary files are left")
                missing = len(expected) - len(hashes(output))
                check(
                    (missing > 0) == (result.code != 0),
                    f"{call} {error}: exit {result.code}, {missing} outputs are missing")
                bitten += missing > 0
                times += 1
        check(bitten >= 3, f"{call}: {bitten} of 9 injections had an effect")
    return times


@fault(36, "kill -9 at every system call of the write path", "the old bytes or the new bytes")
def kill_while_writing(bench: Bench, folder: Path) -> int:
    strace = need("strace")
    images = bench.images(folder / "in", 1)
    new = bench.reference(images)
    name = next(iter(new))
    output = folder / "out"
    times = 0
    for replacing in [True, False]:
        for call in ["openat", "write", "close", NAMING, "mkdir,mkdirat"]:
            for number in range(1, 60):
                output.mkdir(exist_ok=True)
                if replacing:
                    (output / name).write_bytes(b"old")
                else:
                    (output / name).unlink(missing_ok=True)
                command = [
                    strace, "-f", "-qqq", "-o", "/dev/null", "-e", f"trace={call}",
                    "-e", f"inject={call}:signal=KILL:when={number}",
                    *bench.command(
                        images, output, *ALONE, "--overwrite", "always" if replacing else "never",
                        mode="threads")]
                code = Run(command).end().code
                found = (output / name).read_bytes() if (output / name).exists() else None
                check(
                    found == (b"old" if replacing else None) or hashes(output)[name] == new[name],
                    f"{call} {number}: mixed")
                if code == 0:
                    break
                times += 1
    bench.convert(images, output, "--overwrite", "always").expect(0)
    check_same(output, new)
    return times


@fault(37, "output folder read-only, a file, not to be made", "exit 4 before the first image")
def bad_output(bench: Bench, folder: Path) -> int:
    images = bench.images(folder / "in", 5)
    (folder / "file").write_bytes(b"")
    bench.convert(images, folder / "file").expect(2, 4)
    bench.convert(images, folder / "file" / "below").expect(4)
    (folder / "mount").mkdir()
    script = f"mount -t tmpfs -o ro tmpfs '{folder}/mount'; exec COMMAND"
    for output in [folder / "mount", folder / "mount" / "below"]:
        Run(in_mount_namespace(script, bench.command(images, output))).end().expect(4)
    bench.convert(images, folder / "made" / "by" / "it").expect(0)
    return 4


@fault(41, "names with any byte", "bytes preserved, reports escape them")
def odd_names(bench: Bench, folder: Path) -> int:
    inputs = folder / "in"
    inputs.mkdir()
    names = [
        b"-o", b"--help.png", b"a\nb.png", b"\xff\xfe.png", "ü.png".encode(),
        "u\u0308.png".encode(), b"a b'\"$(x).png", b"x" * 251 + b".png", b"\x1b[31m.png",
        b"%41.png", b"{n}.png", b"a\\b.png", b"*.png"]
    original = write_png(folder / "a.png", 9, 9)
    for name in names:
        os.link(original, os.fsencode(inputs) + b"/" + name)
    result = bench.convert(inputs, folder / "out").expect(0)
    found = set(os.listdir(os.fsencode(folder / "out"))) - {b".pixloom"}
    wanted = {name for name in names if name != b"-o"} | {b"-o.png"}
    check(found == wanted or found == set(names), f"names: {sorted(found ^ set(names))[:4]}")
    check(len(result.outcomes) == len(names), f"{len(result.outcomes)} lines")
    check("\x1b" not in result.errors, "a name reached the terminal")
    return len(names)


@fault(42, "the output is the input, or lies in it", "refused, or never read as an input")
def output_in_input(bench: Bench, folder: Path) -> int:
    images = bench.images(folder / "in", 10)
    before = hashes(images)
    bench.convert(images, images).expect(2)
    check(hashes(images) == before, "the inputs changed")
    inside = images / "out"
    expected = bench.reference(images)
    bench.convert(images, inside).expect(0)
    check_same(inside, expected)
    bench.convert(images, inside, "--overwrite", "always").expect(0)
    check_same(inside, expected)
    return 3


@fault(43, "inputs that are no files, vanish or change", "one outcome each, no hang")
def changing_inputs(bench: Bench, folder: Path) -> int:
    images = bench.images(folder / "in", 20)
    expected = bench.reference(images)
    fifo = folder / "fifo.png"
    os.mkfifo(fifo)
    result = Run(bench.command(fifo, folder / "fifo-out")).end(20).expect(1, 2)
    check(not hashes(folder / "fifo-out"), "a fifo was converted")
    # The same fifo come across in a folder, and a socket's and a dangling link's name.
    os.mkfifo(images / "fifo.png")
    os.symlink("nowhere", images / "dangling.png")
    result = bench.convert(images, folder / "folder-out").expect(0, 1)
    check_same(folder / "folder-out", expected)
    # A list names files of which half have vanished.
    names = folder / "list"
    paths = [str(path) for path in sorted(images.glob("0*"))]
    missing = [f"{path}.gone.png" for path in paths]
    names.write_text("\n".join(paths + missing) + "\n")
    command = bench.command("--files-from", folder / "list-out")
    command[1:2] = ["--files-from", names]
    result = Run(command).end().expect(1)
    check(len(result.failures()) == 20, f"{len(result.failures())} failed")
    check(len(result.outcomes) == 40, f"{len(result.outcomes)} outcomes")
    changed = truncated_while_read(bench, folder)
    return 3 + 20 + changed


def truncated_while_read(bench: Bench, folder: Path) -> int:
    """Cuts and mends a file in a loop while it is converted; every outcome must be one of two."""
    images = folder / "changing"
    images.mkdir()
    photo = (bench.photos / "kitchen_still_life.png").read_bytes()
    for number in range(200):
        (images / f"{number:03}.png").write_bytes(photo)
    stop = threading.Event()

    def cut_and_mend():
        while not stop.is_set():
            path = images / f"{bench.random.randrange(200):03}.png"
            with open(path, "r+b") as file:
                file.truncate(len(photo) // 2)
                file.seek(0)
                file.write(photo)

    thread = threading.Thread(target=cut_and_mend)
    thread.start()
    try:
        result = bench.convert(images, folder / "changing-out")
    finally:
        stop.set()
        thread.join()
    result.expect(0, 1)
    kinds = {error["kind"] for error in result.failures().values()}
    check(kinds <= {"changed", "malformed", "io"}, f"failures: {kinds}")
    check(len(result.outcomes) == 200, f"{len(result.outcomes)} outcomes")
    return len(result.failures())


@fault(44, "100,000 files, a list of 1,000,000 lines", "first output in 2 s, memory independent of it")
def many_inputs(bench: Bench, folder: Path) -> int:
    original = write_png(folder / "a.png", 4, 4)
    peaks = {}
    for count in [1_000, 100_000]:
        inputs = folder / str(count)
        for number in range(count):
            if number % 1000 == 0:
                place = inputs / f"{number // 1000:03}"
                place.mkdir(parents=True)
                # File systems limit the links of one file.
                copy = write_png(place / f"{number:06}.png", 4, 4)
            else:
                os.link(copy, place / f"{number:06}.png")
        for mode in ["threads", "processes"]:
            start = time.monotonic()
            output = folder / f"out-{mode}-{count}"
            run = bench.start(
                inputs, output, "--quiet", mode=mode, stdout=subprocess.DEVNULL)
            while run.is_going and not any(output.rglob("*.png")):
                time.sleep(0.02)
            first = time.monotonic() - start
            check(first < 2, f"{count} files: the first output came after {first:.1f} s")
            peaks[mode, count] = peak_while(run, stop_after=10)
    for mode in ["threads", "processes"]:
        limit = 1.1 * peaks[mode, 1_000] + 24 * 100_000 / 1024
        peak = peaks[mode, 100_000]
        check(peak < limit, f"{mode}: peak of {peak} kB, {limit:.0f} allowed")
    for count in [1_000, 1_000_000]:
        names = folder / f"list-{count}"
        with open(names, "w") as file:
            file.writelines(f"{original}?{number}\n" for number in range(count))
        command = bench.command("x", folder / "none", "--dry-run", "--quiet", "--format", "png")
        command[1:2] = ["--files-from", "-"]
        run = Run(command, stdin=open(names), stdout=subprocess.DEVNULL)
        peaks[f"list {count}"] = peak_while(run, stop_after=60)
    limit = 1.1 * peaks["list 1000"] + 24 * 1_000_000 / 1024
    peak = peaks["list 1000000"]
    check(peak < limit, f"list: peak of {peak} kB, {limit:.0f} allowed")
    return 1_100_000


def peak_while(run: Run, stop_after: float) -> int:
    """The most kilobytes that a run had resident; it is ended after some seconds."""
    peak = 0
    end = time.monotonic() + stop_after
    while run.is_going:
        try:
            status = Path(f"/proc/{run.process.pid}/status").read_text()
            peak = max(peak, int(status.split("VmHWM:")[1].split()[0]))
        except (FileNotFoundError, ProcessLookupError, IndexError):
            break
        if time.monotonic() > end:
            run.process.terminate()
            break
        time.sleep(0.02)
    run.end()
    return peak


@fault(45, "a run interrupted, then a changed parameter", "only what is missing or stale is made")
def changed_parameter(bench: Bench, folder: Path) -> int:
    if not bench.has_ledger:
        raise Skipped("this build has no ledger")
    images = bench.images(folder / "in", 100)
    output = folder / "out"
    run = bench.start(images, output)
    while run.is_going and len(hashes(output)) < 30:
        time.sleep(0.005)
    run.process.terminate()
    run.end().expect(0, 143)
    result = bench.convert(images, output).expect(0)
    statuses = [outcome["status"] for outcome in result.outcomes]
    check(statuses.count("up-to-date") > 0, "nothing was up to date")
    check_same(output, bench.reference(images))
    result = bench.convert(images, output, "--quality", "61").expect(0)
    check_same(output, bench.reference(images, "--quality", "61"))
    result = bench.convert(images, output, "--quality", "61").expect(0)
    check(
        all(outcome["status"] == "up-to-date" for outcome in result.outcomes),
        "the same command made something again")
    return 3
