"""Names that lead elsewhere or to the same place: promises 38 to 40."""

import contextlib
import http.server
import os
import threading
from collections.abc import Iterator
from pathlib import Path

from harness import Bench, Run, Skipped, check, check_same, fault, hashes


@contextlib.contextmanager
def server(body: bytes) -> Iterator[str]:
    """The address of a server that gives the same file under every name."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments):
            pass

    listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=listener.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.server_port}"
    finally:
        listener.shutdown()
        thread.join()
        listener.server_close()


def convert_list(bench: Bench, lines: list[bytes], folder: Path, output, *options) -> Run:
    """Converts what a list names, in its order; NULs part the lines."""
    names = folder / "list"
    names.write_bytes(b"\0".join(lines))
    command = bench.command("x", output, "-0", *options)
    command[1:2] = ["--files-from", names]
    return Run(command)


def need_downloads(bench: Bench, address: str, folder: Path) -> None:
    result = convert_list(bench, [f"{address}/a.png".encode()], folder, folder / "try").end()
    if result.code != 0:
        raise Skipped(f"this build downloads nothing: {result.last_words}")


@fault(38, "names with .., %2f, %00, / and \\ in lists and URLs", "below the output folder, or a failure")
def hostile_names(bench: Bench, folder: Path) -> int:
    photo = next(bench.photos.glob("*.png")).read_bytes()
    pieces = [
        "..", "%2e%2e", "%2f", "%2F..%2F", "%00", "/", "//", "\\", "%5c", "a", ".png", "%", "?x=..",
        "#..", "%c0%ae", "\x01", " ", "~", "%2e", "."]
    output = folder / "deep" / "er" / "out"
    with server(photo) as address:
        need_downloads(bench, address, folder)
        before = {path for path in folder.rglob("*")}
        urls = [
            f"{address}/" + "".join(bench.random.choices(pieces, k=bench.random.randint(1, 8)))
            for _ in range(400)]
        lines = [url.encode() for url in urls]
        # Paths that lead out of their folder are names of inputs like others.
        image = folder / "in" / "a.png"
        image.parent.mkdir()
        image.write_bytes(photo)
        lines += [f"{folder}/in/../in/../in/{name}".encode() for name in ["a.png", "../x", ".."]]
        for template in ["{dir}/{name}.{ext}", "../{name}.{ext}", "/{name}.{ext}"]:
            target = f"{output}/{template}"
            convert_list(bench, lines, folder, target, "--retries", "0").end(60)
        result = convert_list(bench, lines, folder, output, "--retries", "0").end(60).expect(1)
    check(len(result.outcomes) == len(lines), f"{len(result.outcomes)} outcomes")
    kinds = {error["kind"] for error in result.failures().values()}
    allowed = {"bad-name", "bad-url", "collision", "exists", "not-found", "not-a-file"}
    check(kinds <= allowed, f"failures: {kinds - allowed}")
    stray = [
        path for path in folder.rglob("*")
        if path not in before and not path.is_relative_to(folder / "deep")
        and path.name != "list" and not path.is_relative_to(folder / "in")]
    check(not stray, f"written outside: {stray[:3]}")
    # A template of the caller's may say "..", a name that came in may not.
    up = [path for path in (folder / "deep").iterdir() if path.name != "er"]
    check(not up, f"written above: {up[:3]}")
    return 4 * len(lines)


@fault(39, "links planted as outputs and folders in a loop", "never followed")
def planted_links(bench: Bench, folder: Path) -> int:
    images = folder / "in"
    images.mkdir()
    bench.images(images / "sub", 200)
    expected = bench.reference(images)
    output = folder / "out"
    outside = folder / "outside"
    outside.mkdir()
    victim = outside / "victim.png"
    victim.write_bytes(b"not to be touched")
    names = sorted(expected)
    stop = threading.Event()
    swaps = 0

    def swap():
        nonlocal swaps
        while not stop.is_set():
            # The folder of the outputs becomes a link to another one, and again itself.
            with contextlib.suppress(OSError):
                os.rename(output / "sub", output / "kept")
                os.symlink(outside, output / "sub")
                swaps += 1
            with contextlib.suppress(OSError):
                if (output / "sub").is_symlink():
                    os.unlink(output / "sub")
            with contextlib.suppress(OSError):
                os.rename(output / "kept", output / "sub")
            # An output becomes a link to a file, and a temporary file too.
            name = output / bench.random.choice(names)
            with contextlib.suppress(OSError):
                os.symlink(victim, name.with_name("planted"))
                os.rename(name.with_name("planted"), name)
            for path in list((output / "sub").glob(".pixloom-*.tmp"))[:1]:
                with contextlib.suppress(OSError):
                    os.unlink(path)
                    os.symlink(victim, path)

    thread = threading.Thread(target=swap)
    thread.start()
    try:
        for _ in range(5):
            bench.convert(images, output, "--overwrite", "always").expect(0, 1)
            bench.convert(images, output, "--overwrite", "always", "--durability", "none").expect(0, 1)
    finally:
        stop.set()
        thread.join()
    check(victim.read_bytes() == b"not to be touched", "a link was written through")
    check([path.name for path in outside.iterdir()] == ["victim.png"], "a folder's link was followed")
    check(swaps > 0, "no folder was swapped")
    # What the swapper left is repaired by a run in peace.
    for name in ["kept", "sub/planted"]:
        if (output / name).is_symlink():
            (output / name).unlink()
    bench.convert(images, output, "--overwrite", "always").expect(0)
    found = hashes(output / "sub")
    wrong = [name for name in expected if found.get(Path(name).name) != expected[name]]
    check(not wrong, f"{len(wrong)} outputs are wrong in the end")
    check(victim.read_bytes() == b"not to be touched", "a link was written through in the end")
    return swaps


@fault(40, "inputs that would have one output", "found before the start, or the later one fails")
def collisions(bench: Bench, folder: Path) -> int:
    images = bench.images(folder / "in", 2)
    source = next(images.iterdir())
    for place in ["x", "y"]:
        (folder / "two" / place).mkdir(parents=True)
        os.link(source, folder / "two" / place / "a.png")
    os.link(source, folder / "two" / "x" / "a.jpg")
    cases = [(folder / "two" / "x", folder / "out", ["--format", "png"]),
             (folder / "two", f"{folder}/out/{{name}}.{{ext}}", ["--format", "png"])]
    for inputs, output, options in cases:
        result = bench.convert(inputs, output, *options).expect(2)
        check("would both be written" in result.errors, f"it says {result.last_words}")
        check(not (folder / "out").exists(), "something was made")
    flat = f"{folder}/suffixed/{{name}}.{{ext}}"
    bench.convert(folder / "two", flat, "--format", "png", "--on-collision", "suffix").expect(0)
    check(len(hashes(folder / "suffixed")) == 3, "outputs are missing")
    # Names that are known late: a list from standard input, and a URL twice.
    command = bench.command("x", folder / "late", "--format", "png")
    command[1:2] = ["--files-from", "-"]
    names = folder / "names"
    names.write_text(f"{folder}/two/x/a.png\n{folder}/two/y/a.png\n")
    with open(names) as lines:
        result = Run(command, stdin=lines).end().expect(1)
    check([error["kind"] for error in result.failures().values()] == ["collision"], "no collision")
    check(len(hashes(folder / "late")) == 1, "not one output")
    with server(source.read_bytes()) as address:
        need_downloads(bench, address, folder)
        lines = [f"{address}/b.png".encode()] * 2
        result = convert_list(bench, lines, folder, folder / "twice").end().expect(1, 2)
    check(len(hashes(folder / "twice")) <= 1, "not one output")
    return 5
