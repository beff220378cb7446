"""What the filters must give, from formulas in double precision, on a photograph and on noise."""

import numpy

from making import formulas, pixels, png

FORMATS = [("rgb8", 3, 8), ("rgba8", 4, 8), ("rgb16", 3, 16), ("rgba16", 4, 16)]
WIDTH, HEIGHT = 32, 23


def photograph(source, channels, depth):
    """The photograph at a quarter of its size, so that 16 bits hold more than 8 did; alpha is soft and hard."""
    h, w = HEIGHT * 4, WIDTH * 4
    means = source[:h, :w].astype(float).reshape(HEIGHT, 4, WIDTH, 4, 3).mean(axis=(1, 3)) / 255
    if channels == 4:
        y, x = numpy.mgrid[0:HEIGHT, 0:WIDTH]
        alpha = numpy.clip(1.6 - numpy.hypot(y - 11, x - 15) / 9, 0, 1)
        alpha[:4, -6:] = 1
        means = numpy.concatenate([means, alpha[..., None]], axis=2)
    return numpy.floor(means * ((1 << depth) - 1) + 0.5).astype(numpy.int64)


def noise(name, channels, depth):
    return pixels.generator(name).integers(0, 1 << depth, (HEIGHT, WIDTH, channels))


def commented(data, *comments):
    """A PAM file with lines of comment in its header."""
    return data.replace(b"P7\n", b"P7\n" + "".join(f"# {line}\n" for line in comments).encode(), 1)


def make(write, source):
    """`source` is the photograph that is committed, as samples of 8 bits."""
    inputs = {}
    for format_, channels, depth in FORMATS:
        inputs[f"photograph_{format_}"] = (photograph(source, channels, depth), depth)
        inputs[f"noise_{format_}"] = (noise(f"golden_{format_}", channels, depth), depth)
    for name, (samples, depth) in inputs.items():
        write(f"{name}.pam", pixels.pam(samples, depth))
    for case in formulas.cases((19, 11), (40, 31)):
        data = b""
        for name, (samples, depth) in inputs.items():
            white = (1 << depth) - 1
            for result in case.results(samples, white):
                # On a scale of 65535, whatever the depth: a 257th of a level of 8 bits.
                scaled = numpy.floor(numpy.clip(result / white, 0, 1) * 65535 + 0.5).astype(numpy.int64)
                levels = case.levels if depth == 8 else case.wide_levels
                data += commented(
                    pixels.pam(scaled, 16), f"filter {case.specification}", f"linear {int(case.linear)}",
                    f"input {name}", f"levels {levels}")
        write(f"filters/{case.name}.pam", data)
