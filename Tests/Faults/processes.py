"""Workers that die, hang, lie and leak: promises 1 to 4, 7 to 12, 15 and 19."""

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

from harness import (
    Bench, Run, Skipped, check, check_gone, check_same, fault, hashes, kill, need, need_root,
    write_png)


@fault(1, "kill -9 of random workers in runs of 1,000 images", "exit 0, same output")
def kill_random_workers(bench: Bench, folder: Path) -> int:
    images = bench.images(folder / "in", 1000)
    expected = bench.reference(images)
    start = time.monotonic()
    bench.convert(images, folder / "rehearsal").expect(0)
    seconds = time.monotonic() - start
    killed = 0
    while killed < 200:
        output = folder / f"out-{killed}"
        run = bench.start(images, output)
        run.await_workers(2)
        while run.is_going and killed < 200:
            if workers := run.workers():
                killed += kill(bench.random.choice(workers))
            time.sleep(bench.random.uniform(0, seconds / 100))
        run.end().expect(0)
        check_same(output, expected)
    return killed


def one_bad_image(
    bench: Bench, folder: Path, lie: str, *options: str, environment: dict | None = None
) -> dict:
    """Runs 30 good images and one that the worker lies about; gives the error of that one."""
    folder.mkdir(exist_ok=True)
    images = bench.images(folder / "in", 30)
    write_png(images / "bad.png", 41, 23)
    expected = bench.reference(images)
    environment = environment or bench.lying_worker(f"{lie}-on-41x23", folder)
    result = bench.convert(images, folder / "out", *options, env=environment).expect(1)
    check_same(folder / "out", expected, without={"bad.png"})
    failures = result.failures()
    check(list(failures) == ["bad.png"], f"{lie}: {len(failures)} images failed")
    return failures["bad.png"]


@fault(2, "an image that crashes every worker", "fails by its signal after 1 + retries attempts")
def crash_on_one_image(bench: Bench, folder: Path) -> int:
    for lie, name in [("crash", "SIGSEGV"), ("abort", "SIGABRT"), ("exit", "exited with code 0")]:
        error = one_bad_image(bench, folder / lie, lie, "--retries", "2")
        check(error["kind"] == "worker-crashed", f"{lie}: {error['kind']}")
        check(name in error["message"], f"{lie}: {error['message']}")
        check(error["attempts"] == 3, f"{lie}: {error['attempts']} attempts")
    return 9


@fault(3, "no worker can start", "a bounded number of tries, then exit 4 with the reason")
def no_worker(bench: Bench, folder: Path) -> int:
    images = bench.images(folder / "in", 20)
    not_executable = folder / "not-executable"
    not_executable.write_bytes(b"")
    limited = folder / "limited"
    limited.mkdir()
    cases = [
        (bench.with_worker(folder / "missing"), "no such file"),
        (bench.with_worker(not_executable), "permission denied"),
        (bench.with_worker(Path("/bin/true")), "ended before it was ready"),
        (bench.lying_worker("another-program", folder), "no pixloom-worker"),
        (bench.lying_worker("wrong-version", folder), "version 0.0.1"),
        (bench.lying_worker("exit-at-once", folder), "exited with code 3"),
        # Enough for the executable, and not for the segment.
        (bench.script_worker(f'ulimit -v 300000; exec {bench.worker} "$@"', limited),
         "mmap: cannot allocate memory"),
    ]
    for environment, reason in cases:
        start = time.monotonic()
        result = bench.convert(images, folder / "out", "--memory", "1G", env=environment).expect(4)
        check(reason in result.errors, f"'{reason}' is not said: {result.last_words}")
        check(time.monotonic() - start < 10, f"{reason}: it took more than 10 s")
        check(not hashes(folder / "out"), f"{reason}: something was converted")
    return len(cases)


@fault(4, "kill -9 of workers at each system call of their loop", "never a hang, no wrong output")
def kill_at_system_calls(bench: Bench, folder: Path) -> int:
    strace = need("strace")
    images = bench.images(folder / "in", 16)
    expected = bench.reference(images)
    codes = []
    for number in range(1, 21):
        place = folder / str(number)
        place.mkdir()
        environment = bench.script_worker(
            f"exec {strace} -D -qqq -o /dev/null -e trace=read,write "
            f'-e inject=read,write:signal=KILL:when={number} {bench.worker} "$@"', place)
        result = bench.convert(images, place / "out", env=environment).expect(0, 1, 4)
        check(
            all(error["kind"] == "worker-crashed" for error in result.failures().values()),
            f"call {number}: {result.failures()}")
        if result.code == 0:
            check_same(place / "out", expected)
        else:
            check(
                all(expected[name] == value for name, value in hashes(place / "out").items()),
                f"call {number}: a wrong output")
        codes.append(result.code)
    check(0 in codes, f"no run came to its end: exit codes {codes}")
    return len(codes)


@fault(7, "servers that are silent for 60 s", "the same workers live on")
def silent_server(bench: Bench, folder: Path) -> int:
    photo = next(bench.photos.glob("*.jpg"))
    listener = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    names = folder / "list"
    # Each is given up after ten seconds, and one I/O thread takes one after the other.
    names.write_text("".join(f"{address}/{number}.png\n" for number in range(6)) + f"{photo}\n")
    command = bench.command("x", folder / "out", "--io-jobs", "1", "--retries", "0", "-j", "2")
    command[1:2] = ["--files-from", names]
    with listener:
        start = time.monotonic()
        run = Run(command)
        before = run.await_workers(2)
        while run.is_going and time.monotonic() - start < 55:
            check(
                sorted(run.workers()) == sorted(before),
                "workers were replaced while nothing happened")
            time.sleep(1)
        if time.monotonic() - start < 55:
            raise Skipped(f"this build downloads nothing: {run.end().last_words}")
        result = run.end().expect(1)
    check(time.monotonic() - start > 59, "the servers were not waited for")
    check(set(hashes(folder / "out")) == {photo.name}, "the file behind them was not converted")
    check(len(result.failures()) == 6, f"{len(result.failures())} failures")
    return 6


@fault(8, "SIGSTOP to a worker", "killed at the deadline, replaced, the image retried")
def stop_workers(bench: Bench, folder: Path) -> int:
    images = bench.images(folder / "in", 200)
    expected = bench.reference(images)
    stopped = attempt = 0
    while stopped < 4 and attempt < 40:
        attempt += 1
        run = bench.start(images, folder / f"out-{attempt}", "--timeout", "2s")
        workers = run.await_workers(2)
        time.sleep(bench.random.uniform(0, 0.1))
        stopped += any([kill(worker, signal.SIGSTOP) for worker in workers])
        run.end().expect(0)
        check_gone(workers)
        check_same(folder / f"out-{attempt}", expected)
    return stopped


@fault(9, "a worker that spins for ever", "killed at the deadline, the image fails as timed-out")
def spin(bench: Bench, folder: Path) -> int:
    for lie in ["spin", "stop"]:
        error = one_bad_image(bench, folder / lie, lie, "--timeout", "1s", "--retries", "1")
        check(error["kind"] == "timed-out", f"{lie}: {error['kind']}")
        check(error["attempts"] == 2, f"{lie}: {error['attempts']} attempts")
    return 4


@fault(10, "a worker that takes all memory", "its image fails, the run goes on")
def out_of_memory(bench: Bench, folder: Path) -> int:
    limited = folder / "limited"
    limited.mkdir()
    lie = limited / "misbehave-hog-on-41x23"
    lie.symlink_to(bench.misbehaving)
    environment = bench.script_worker(f'ulimit -v 2000000; exec {lie} "$@"', limited)
    error = one_bad_image(
        bench, folder / "ulimit", "hog", "--memory", "256M", environment=environment)
    check(error["kind"] == "worker-crashed", f"address space: {error}")
    group = Path("/sys/fs/cgroup/memory/pixloom-faults")
    if os.geteuid() != 0 or not group.parent.exists():
        return 3
    group.mkdir(exist_ok=True)
    try:
        (group / "memory.limit_in_bytes").write_text(str(200 << 20))
        grouped = folder / "grouped"
        grouped.mkdir()
        environment = bench.script_worker(
            f'echo $$ > {group}/cgroup.procs; exec {lie} "$@"', grouped)
        error = one_bad_image(
            bench, folder / "cgroup", "hog", "--memory", "256M", environment=environment)
        check(error["kind"] == "out-of-memory", f"cgroup: {error}")
        check(str(200 << 20) in error["message"], f"cgroup: {error}")
    except OSError as error:
        raise Skipped(f"the memory cgroup cannot be used: {error}") from None
    finally:
        group.rmdir()
    return 3 + error["attempts"]


@fault(11, "a worker that replies nonsense", "killed, the image fails as protocol")
def nonsense(bench: Bench, folder: Path) -> int:
    lies = [
        "wrong-number", "long-reply", "short-reply", "too-large", "other-format", "flood", "close"]
    for lie in lies:
        error = one_bad_image(bench, folder / lie, lie, "--retries", "1")
        check(error["kind"] == "protocol", f"{lie}: {error}")
        check(error["attempts"] == 2, f"{lie}: {error['attempts']} attempts")
    # These lie at all times, so that the image after the one with two replies has the trouble.
    images = bench.images(folder / "in", 60)
    expected = bench.reference(images)
    bench.convert(
        images, folder / "twice", env=bench.lying_worker("twice", folder)).expect(0)
    check_same(folder / "twice", expected)
    bench.convert(
        images, folder / "clock", env=bench.lying_worker("clock", folder)).expect(0)
    check_same(folder / "clock", expected)
    # A worker that never reads can claim anything, but not stop the run.
    bench.convert(
        images, folder / "deaf", env=bench.lying_worker("deaf", folder)).expect(0, 1)
    return 2 * len(lies) + 3 * 60


@fault(12, "a worker that writes over its memory after its reply", "the encoders never crash")
def scribble(bench: Bench, folder: Path) -> int:
    images = bench.images(folder / "in", 90)
    environment = bench.lying_worker("scribble", folder)
    formats = ["png", "jpeg"]
    for format in formats:
        output = folder / format
        result = bench.convert(images, output, "--format", format, env=environment).expect(0)
        check(len(hashes(output)) == 90, f"{format}: {len(hashes(output))} outputs")
        check(len(result.outcomes) == 90, f"{format}: {len(result.outcomes)} outcomes")
    return 90 * len(formats)


@fault(15, "descriptors, an environment and core files", "none of them reach a worker")
def leaks_into_workers(bench: Bench, folder: Path) -> int:
    need_root()
    leaked = [os.open("/dev/null", os.O_RDONLY) for _ in range(20)]
    run = bench.start(
        "-", folder / "out.png", stdin=subprocess.PIPE, pass_fds=leaked,
        env={**os.environ, "SECRET": "1"})
    workers = run.await_workers(2)
    time.sleep(1)
    for worker in workers:
        place = Path(f"/proc/{worker}")
        names = {
            int(number.name): os.readlink(number) for number in (place / "fd").iterdir()}
        check(sorted(names) == [0, 1, 2, 3], f"descriptors {names}")
        check(names[3].startswith("socket:"), f"descriptor 3 is {names[3]}")
        check((place / "environ").read_bytes() == b"", "an environment")
        limits = (place / "limits").read_text()
        core = next(line for line in limits.splitlines() if line.startswith("Max core"))
        check(core.split()[4] == "0", core)
        check((place / "oom_score_adj").read_text() == "500\n", "oom_score_adj")
    run.process.stdin.write(next(bench.photos.glob("*.jpg")).read_bytes())
    run.process.stdin.close()
    run.end().expect(0)
    for number in leaked:
        os.close(number)
    return len(workers)


@fault(19, "10,000 images of which 1 % crash", "descriptors, threads and memory stay flat")
def many_crashes(bench: Bench, folder: Path) -> int:
    images = folder / "in"
    images.mkdir()
    good = write_png(folder / "good.png", 16, 16)
    bad = write_png(folder / "bad.png", 41, 23)
    for number in range(10_000):
        os.link(bad if number % 100 == 50 else good, images / f"{number:05}.png")
    run = bench.start(
        images, folder / "out", "--retries", "0",
        env=bench.lying_worker("crash-on-41x23", folder))
    run.await_workers(2)
    samples = []
    while run.is_going:
        if sample := resources(run.process.pid):
            samples.append(sample)
        time.sleep(0.05)
    result = run.end().expect(1)
    failures = result.failures()
    check(len(failures) == 100, f"{len(failures)} images failed")
    check(len(hashes(folder / "out")) == 9_900, "outputs are missing")
    check(len(samples) >= 8, "the run was too short to be looked at")
    quarter = len(samples) // 4
    early, late = samples[quarter:2 * quarter], samples[-quarter - 1:-1]
    for key, slack in [("descriptors", 8), ("threads", 2), ("kilobytes", 4096)]:
        first = max(sample[key] for sample in early)
        last = max(sample[key] for sample in late)
        check(last <= first + slack, f"{key} grew from {first} to {last}")
    return 100


def is_output(descriptor: Path) -> bool:
    """Whether it is an output that waits for its name, of which there are now more, now fewer."""
    try:
        return "/out/#" in os.readlink(descriptor)
    except FileNotFoundError:
        return True


def resources(process: int) -> dict[str, int] | None:
    """What a process holds now; nothing once it has ended."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
        return {
            "descriptors": sum(not is_output(entry) for entry in Path(f"/proc/{process}/fd").iterdir()),
            "threads": len(os.listdir(f"/proc/{process}/task")),
            "kilobytes": int(status.split("VmRSS:")[1].split()[0]),
        }
    except (FileNotFoundError, ProcessLookupError, IndexError):
        return None
