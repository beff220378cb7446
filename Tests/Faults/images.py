"""Images that are cut, swollen or none at all: promises 25 to 27, 29, 30 and 33."""

import gzip
import struct
import zlib
from pathlib import Path

from harness import Bench, Result, check, fault, hashes, write_png

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, *chunks: bytes) -> bytes:
    """A gray PNG of these chunks between its header and its end."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return SIGNATURE + chunk(b"IHDR", header) + b"".join(chunks) + chunk(b"IEND", b"")


def pixels(width: int, height: int) -> bytes:
    return zlib.compress((b"\0" + bytes(width)) * height)


def zeros(count: int) -> bytes:
    """A zlib stream of a thousandth of its content."""
    packer = zlib.compressobj(9)
    part = bytes(1 << 20)
    return b"".join(packer.compress(part) for _ in range(count >> 20)) + packer.flush()


def convert_both(bench: Bench, images: Path, folder: Path, *options) -> Result:
    """Converts in both modes, which must come to the same."""
    results = [
        bench.convert(images, folder / mode, *options, mode=mode).expect(0, 1)
        for mode in ["threads", "processes"]]
    outcomes = [
        {outcome["source"]: (outcome["status"], outcome.get("error", {}).get("kind"))
         for outcome in result.outcomes} for result in results]
    check(outcomes[0] == outcomes[1], "the modes came to different outcomes")
    check(hashes(folder / "threads") == hashes(folder / "processes"), "the outputs are not the same")
    return results[1]


def kinds(result: Result) -> dict[str, str]:
    """The kind of each failure, or the status, by the name of the file."""
    return {
        Path(outcome["source"]).name: outcome.get("error", {}).get("kind", outcome["status"])
        for outcome in result.outcomes}


@fault(25, "headers that claim up to 2^31 - 1 pixels a side", "refused in 50 ms, nothing allocated")
def dimension_bombs(bench: Bench, folder: Path) -> int:
    images = folder / "in"
    images.mkdir()
    sides = [(30_000, 30_000), (65_535, 65_535), (1, 1 << 30), ((1 << 31) - 1, (1 << 31) - 1)]
    for width, height in sides:
        data = png(width, height, chunk(b"IDAT", pixels(8, 8)))
        (images / f"{width}x{height}.png").write_bytes(data)
    result = convert_both(bench, images, folder)
    check(set(kinds(result).values()) <= {"too-large", "malformed"}, f"{kinds(result)}")
    for outcome in result.outcomes:
        spent = outcome["stages"].get("decode", 0)
        check(spent < 50_000_000, f"{outcome['source']}: {spent / 1e6:.0f} ms")
    check(result.summary["peakMemoryBytes"] < 200 << 20, "memory was taken")
    return 2 * len(sides)


@fault(26, "text and profiles that inflate to 200 MB", "the image converts, in little memory")
def metadata_bombs(bench: Bench, folder: Path) -> int:
    images = folder / "in"
    images.mkdir()
    bomb = zeros(200 << 20)
    extra = {
        "zTXt": b"a\0\0" + bomb, "iTXt": b"a\0\1\0\0\0" + bomb, "iCCP": b"a\0\0" + bomb}
    for name, body in extra.items():
        data = png(8, 8, chunk(name.encode(), body), chunk(b"IDAT", pixels(8, 8)))
        (images / f"{name}.png").write_bytes(data)
    for metadata in ["icc", "keep"]:
        result = convert_both(bench, images, folder / metadata, "--metadata", metadata)
        check(set(kinds(result).values()) == {"converted"}, f"{kinds(result)}")
        peak = result.summary["peakMemoryBytes"]
        check(peak < 150 << 20, f"peak memory of {peak >> 20} MiB")
    return 4 * len(extra)


@fault(27, "pixels too many, too few, in 50,000 chunks", "ignored, malformed, in linear time")
def odd_pixel_data(bench: Bench, folder: Path) -> int:
    images = folder / "in"
    images.mkdir()
    whole = pixels(100, 100)
    stored = zlib.compress((b"\0" + bytes(300)) * 170, 0)
    files = {
        "more.png": png(100, 100, chunk(b"IDAT", pixels(100, 150))),
        "bomb.png": png(100, 100, chunk(b"IDAT", zeros(200 << 20))),
        "less.png": png(100, 100, chunk(b"IDAT", pixels(100, 50))),
        "bytes.png": png(100, 100, *(chunk(b"IDAT", whole[i:i + 1]) for i in range(len(whole)))),
        "chunks.png": png(300, 170, *(chunk(b"IDAT", stored[i:i + 1]) for i in range(len(stored)))),
        "empty.png": png(100, 100, *[chunk(b"IDAT", b"")] * 50_000, chunk(b"IDAT", whole)),
    }
    for name, data in files.items():
        (images / name).write_bytes(data)
    result = convert_both(bench, images, folder)
    found = kinds(result)
    check(found.pop("less.png") == "malformed", "less.png is not malformed")
    check(set(found.values()) == {"converted"}, f"{found}")
    slow = max(outcome["stages"].get("decode", 0) for outcome in result.outcomes)
    check(slow < 2_000_000_000, f"decoding took {slow / 1e9:.1f} s")
    check(result.summary["peakMemoryBytes"] < 150 << 20, "memory was taken")
    return 2 * len(files)


@fault(29, "files cut at 1 %, 50 % and near their end", "failed, but for a PNG with all its pixels")
def truncation(bench: Bench, folder: Path) -> int:
    images = folder / "in"
    images.mkdir()
    count = 0
    for photo in [next(bench.photos.glob("*.png")), next(bench.photos.glob("*.jpg"))]:
        data = photo.read_bytes()
        for cut in [len(data) // 100, len(data) // 2, -100, -12, -8, -1]:
            (images / f"{cut}{photo.suffix}").write_bytes(data[:cut])
            count += 1
    result = convert_both(bench, images, folder)
    for name, kind in kinds(result).items():
        # The end chunk of a PNG has twelve bytes.
        is_whole = name in ("-12.png", "-8.png", "-1.png")
        check(kind == ("converted" if is_whole else "malformed"), f"{name}: {kind}")
    for outcome in result.outcomes:
        # Of the last one only a byte of the end chunk's checksum is missing.
        is_quiet = outcome["status"] == "failed" or outcome["source"].endswith("/-1.png")
        check(is_quiet or outcome.get("warnings"), f"{outcome['source']}: no warning")
    return 2 * count


@fault(30, "files that are no images, and wrong extensions", "told by their first bytes")
def no_images(bench: Bench, folder: Path) -> int:
    images = folder / "in"
    images.mkdir()
    photo = next(bench.photos.glob("*.jpg")).read_bytes()
    others = {
        "page.png": b"<!DOCTYPE html><html><body>404</body></html>", "empty.png": b"",
        "drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>", "short.png": b"\x89P",
        "packed.png": gzip.compress(b"x" * 1000)}
    for name, data in others.items():
        (images / name).write_bytes(data)
    (images / "photo.png").write_bytes(photo)
    found = kinds(convert_both(bench, images, folder))
    check(found.pop("photo.png") == "converted", "a JPEG file called .png was not converted")
    check(set(found.values()) == {"skipped"}, f"in a folder: {found}")
    for name in others:
        result = bench.convert(images / name, folder / "named").expect(1)
        check(set(kinds(result).values()) == {"unsupported-format"}, f"named: {kinds(result)}")
    return 3 * len(others) + 2


@fault(33, "0x0, 1x1, 1x65535, 65535x1, windows larger than the image", "handled")
def odd_sizes(bench: Bench, folder: Path) -> int:
    images = folder / "in"
    images.mkdir()
    sides = [(1, 1), (1, 65_535), (65_535, 1), (2, 3)]
    for width, height in sides:
        write_png(images / f"{width}x{height}.png", width, height)
    (images / "0x0.png").write_bytes(png(0, 0, chunk(b"IDAT", zlib.compress(b""))))
    chains = ["median:9", "box-blur:200", "unsharp:20", "clahe", "resize:1x1", "rotate:90"]
    for number, chain in enumerate(chains):
        result = convert_both(bench, images, folder / str(number), "--filter", chain)
        found = kinds(result)
        check(found.pop("0x0.png") == "malformed", "an image without pixels is not malformed")
        check(set(found.values()) == {"converted"}, f"{chain}: {found}")
    return 2 * len(chains) * (len(sides) + 1)
