"""EXIF blocks and ICC profiles, small and without dates, so that they are the same each time."""

import struct

from . import png


def exif(orientation, order=">"):
    """A TIFF header with one directory of one entry: tag 0x0112, Orientation."""
    mark = {">": b"MM", "<": b"II"}[order]
    entry = struct.pack(order + "HHIHH", 0x0112, 3, 1, orientation, 0)
    return mark + struct.pack(order + "HIH", 42, 8, 1) + entry + struct.pack(order + "I", 0)


def fixed(*numbers):
    """s15Fixed16Number (ICC.1:2022, 4.6)."""
    return b"".join(struct.pack(">i", round(number * 65536)) for number in numbers)


def text(string):
    """A multiLocalizedUnicodeType of one record."""
    encoded = string.encode("utf-16-be")
    return b"mluc\0\0\0\0" + struct.pack(">II", 1, 12) + b"enUS" + struct.pack(">II", len(encoded), 28) + encoded


def profile(name, model, tags):
    """A display profile of version 4 with these tags, the required texts and the white point."""
    tags = {b"desc": text(name), b"cprt": text("CC0"), b"wtpt": b"XYZ \0\0\0\0" + fixed(0.9642, 1, 0.8249), **tags}
    table, data, start = struct.pack(">I", len(tags)), b"", 128 + 4 + 12 * len(tags)
    for tag, value in tags.items():
        table += tag + struct.pack(">II", start + len(data), len(value))
        data += value + bytes(-len(value) % 4)
    header = struct.pack(">I4sI4s4s4s12x4s4x24x", start + len(data), b"", 0x04300000, b"mntr", model, b"XYZ ", b"acsp")
    return (header + fixed(0.9642, 1, 0.8249)).ljust(128, b"\0") + table + data


SRGB_CURVE = b"para\0\0\0\0" + struct.pack(">HH", 3, 0) + fixed(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)


def display_p3():
    """Primaries of Display P3 adapted to D50, with the curve of sRGB."""
    primaries = {b"r": (0.5151, 0.2412, -0.0011), b"g": (0.2920, 0.6922, 0.0419), b"b": (0.1571, 0.0666, 0.7841)}
    tags = {primary + b"XYZ": b"XYZ \0\0\0\0" + fixed(*xyz) for primary, xyz in primaries.items()}
    return profile("Display P3", b"RGB ", {**tags, **{primary + b"TRC": SRGB_CURVE for primary in primaries}})


def gray_gamma_22():
    """Gray with a gamma of 2.2."""
    curve = b"para\0\0\0\0" + struct.pack(">HH", 0, 0) + fixed(2.2)
    return profile("Gray gamma 2.2", b"GRAY", {b"kTRC": curve})


def icc_chunk(data, compressed=None):
    """An iCCP chunk."""
    import zlib
    return png.chunk(b"iCCP", b"profile\0\0" + (compressed or zlib.compress(data, 9)))
