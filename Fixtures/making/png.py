"""A PNG writer that can write every kind of PNG file, and wrong ones (PNG specification, 3rd edition)."""

import struct
import zlib

import numpy

SIGNATURE = b"\x89PNG\r\n\x1a\n"

GRAY, RGB, PALETTE, GRAY_ALPHA, RGBA = 0, 2, 3, 4, 6

CHANNELS = {GRAY: 1, RGB: 3, PALETTE: 1, GRAY_ALPHA: 2, RGBA: 4}

NAMES = {GRAY: "gray", RGB: "rgb", PALETTE: "palette", GRAY_ALPHA: "gray_alpha", RGBA: "rgba"}

KINDS = [
    *((GRAY, depth) for depth in (1, 2, 4, 8, 16)),
    *((RGB, depth) for depth in (8, 16)),
    *((PALETTE, depth) for depth in (1, 2, 4, 8)),
    *((GRAY_ALPHA, depth) for depth in (8, 16)),
    *((RGBA, depth) for depth in (8, 16)),
]
"""The 15 pairs of colour type and bit depth that exist (section 11.2.1)."""

ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
"""First column, first row, step of columns and step of rows of each pass (section 8.1)."""


def chunk(kind, data=b"", crc=None):
    """A chunk, with a wrong checksum if one is given."""
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body) if crc is None else crc)


def header(width, height, depth, color_type, interlaced=False):
    """The IHDR chunk; nothing is checked."""
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, color_type, 0, 0, interlaced))


def packed(row, depth):
    """The bytes of a row of samples: the leftmost in the high bits, 16 bits big-endian."""
    if depth == 16:
        return row.astype(">u2").tobytes()
    if depth == 8:
        return row.astype(numpy.uint8).tobytes()
    bits = (row.reshape(-1, 1) >> numpy.arange(depth - 1, -1, -1)) & 1
    return numpy.packbits(bits.reshape(-1).astype(numpy.uint8)).tobytes()


def paeth(left, above, corner):
    """The neighbour that is nearest to left + above - corner (section 9.4)."""
    estimate = left + above - corner
    return min((left, above, corner), key=lambda neighbour: abs(estimate - neighbour))


def filtered(row, above, kind, distance):
    """The row after row filter `kind` (0 to 4), its kind before it."""
    result = bytearray([kind])
    for index, byte in enumerate(row):
        left = row[index - distance] if index >= distance else 0
        corner = above[index - distance] if index >= distance else 0
        prediction = (0, left, above[index], (left + above[index]) // 2, paeth(left, above[index], corner))[kind]
        result.append((byte - prediction) & 255)
    return bytes(result)


def image_data(samples, depth, row_filters=(0, 1, 2, 3, 4), interlaced=False):
    """What the IDAT chunks hold before compression; the row filters take turns."""
    channels = samples.shape[2]
    distance = max(1, channels * depth // 8)
    result = bytearray()
    for x, y, across, down in ADAM7 if interlaced else [(0, 0, 1, 1)]:
        part = samples[y::down, x::across]
        if part.size == 0:
            continue
        rows = [packed(row.reshape(-1), depth) for row in part]
        above = bytes(len(rows[0]))
        for index, row in enumerate(rows):
            result += filtered(row, above, row_filters[index % len(row_filters)], distance)
            above = row
    return bytes(result)


def encoded(samples, depth, color_type, interlaced=False, row_filters=(0, 1, 2, 3, 4), before=b"", after=b"", part=None):
    """A whole file.

    `samples` has the shape (height, width, channels); `before` and `after` are chunks around the
    image data, which is cut into IDAT chunks of `part` bytes.
    """
    height, width, _ = samples.shape
    data = zlib.compress(image_data(samples, depth, row_filters, interlaced), 9)
    part = part or len(data)
    parts = b"".join(chunk(b"IDAT", data[start:start + part]) for start in range(0, len(data), part))
    return SIGNATURE + header(width, height, depth, color_type, interlaced) + before + parts + after + chunk(b"IEND")
