"""Test pictures, and pixels as files."""

import zlib

import numpy

SEED = 20240607


def generator(name):
    """Random numbers of its own for each file, so that a new file changes no other."""
    return numpy.random.Generator(numpy.random.PCG64([SEED, zlib.crc32(name.encode())]))


def pattern(name, width, height, channels, depth):
    """Samples of 0 to 2^depth - 1: a ramp for each channel, an edge, and noise in the low bits."""
    random = generator(name)
    largest = (1 << depth) - 1
    y, x = numpy.mgrid[0:height, 0:width] / max(width, height, 2)
    ramps = [x, y, (x + y) / 2, 1 - x * y][:channels] if channels != 2 else [x, 1 - y]
    samples = numpy.stack(ramps, axis=-1) * largest
    samples[(x > 0.5) & (y > 0.2)] = largest - samples[(x > 0.5) & (y > 0.2)]
    samples += random.integers(-(largest // 8) - 1, largest // 8 + 2, samples.shape)
    if depth == 16:
        samples += random.integers(0, 256, samples.shape)
    return numpy.clip(samples, 0, largest).astype(numpy.int64)


def pam(samples, depth):
    """A PAM file: a short header in text, then rows of samples, 16 bits big-endian (pam(5))."""
    height, width, channels = samples.shape
    kind = ["GRAYSCALE", "GRAYSCALE_ALPHA", "RGB", "RGB_ALPHA"][channels - 1]
    header = f"P7\nWIDTH {width}\nHEIGHT {height}\nDEPTH {channels}\nMAXVAL {(1 << depth) - 1}\nTUPLTYPE {kind}\nENDHDR\n"
    return header.encode() + samples.astype(">u2" if depth == 16 else numpy.uint8).tobytes()


def turned_upright(samples, orientation):
    """The picture as it is to be shown (EXIF 2.32, tag 0x0112)."""
    return {
        2: lambda s: s[:, ::-1], 3: lambda s: s[::-1, ::-1], 4: lambda s: s[::-1],
        5: lambda s: s.transpose(1, 0, 2), 6: lambda s: s.transpose(1, 0, 2)[:, ::-1],
        7: lambda s: s.transpose(1, 0, 2)[::-1, ::-1], 8: lambda s: s.transpose(1, 0, 2)[::-1],
    }.get(orientation, lambda s: s)(samples)


def stored_for(upright, orientation):
    """The opposite: how a picture is stored so that it is upright after `orientation` is applied."""
    return turned_upright(upright, {6: 8, 8: 6}.get(orientation, orientation))
