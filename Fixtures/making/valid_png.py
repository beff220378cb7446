"""PNG files that must be read, and the pixels that they must give."""

import struct
import zlib

import numpy

from . import metadata, pixels, png

ANCILLARY = b"".join([
    png.chunk(b"cHRM", struct.pack(">8I", 31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)),
    png.chunk(b"pHYs", struct.pack(">IIB", 2835, 2835, 1)),
    png.chunk(b"tIME", struct.pack(">H5B", 2024, 2, 29, 23, 59, 60)),
    png.chunk(b"tEXt", b"Title\0a short text"),
    png.chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"a compressed text" * 20)),
    png.chunk(b"iTXt", "Author\0\0\0de\0Autor\0größer".encode()),
    png.chunk(b"prVt", b"a private chunk"),
])


def palette(depth):
    """As many colours as the depth has indices, all different."""
    index = numpy.arange(1 << depth)
    return numpy.stack([index * 255 // max(1, len(index) - 1), (index * 97) % 256, 255 - index], axis=-1)


def palette_chunk(depth):
    return png.chunk(b"PLTE", palette(depth).astype(numpy.uint8).tobytes())


def decoded(samples, depth, color_type, transparency=None):
    """The pixels and the bit depth that a reader must give.

    Gray of fewer than 8 bits is spread to 8, indices become colours, and transparency becomes an
    alpha channel. `transparency` is the alpha of the first indices, or the transparent colour.
    """
    if color_type == png.PALETTE:
        colors = palette(depth)
        if transparency is not None:
            alpha = numpy.full((len(colors), 1), 255)
            alpha[:len(transparency), 0] = transparency
            colors = numpy.concatenate([colors, alpha], axis=1)
        return colors[samples[:, :, 0]], 8
    largest = (1 << max(depth, 8)) - 1
    spread = samples * (largest // ((1 << depth) - 1))
    if transparency is not None:
        opaque = (samples != numpy.array(transparency)).any(axis=2, keepdims=True)
        spread = numpy.concatenate([spread, opaque * largest], axis=2)
    return spread, max(depth, 8)


def plain(folder, name, width, height, color_type, depth, **options):
    """One file without extras."""
    samples = pixels.pattern(name, width, height, png.CHANNELS[color_type], depth)
    before = options.pop("before", b"") + (palette_chunk(depth) if color_type == png.PALETTE else b"")
    folder.image(name + ".png", png.encoded(samples, depth, color_type, before=before, **options),
                 *decoded(samples, depth, color_type))


def kinds(folder):
    """Every colour type and depth, plain and interlaced."""
    for color_type, depth in png.KINDS:
        for interlaced in (False, True):
            name = f"{png.NAMES[color_type]}{depth}{'_interlaced' if interlaced else ''}_33x17"
            plain(folder, name, 33, 17, color_type, depth, interlaced=interlaced)


def sizes(folder):
    """Sizes where passes are empty and rows shorter than a byte."""
    for width, height in [(1, 1), (2, 3), (5, 1), (1, 65), (65, 1)]:
        for color_type, depth in [(png.GRAY, 1), (png.RGB, 8), (png.RGBA, 16)]:
            for interlaced in (False, True):
                name = f"{png.NAMES[color_type]}{depth}{'_interlaced' if interlaced else ''}_{width}x{height}"
                plain(folder, name, width, height, color_type, depth, interlaced=interlaced)
    for width, height in [(65535, 1), (1, 65535)]:
        plain(folder, f"gray1_{width}x{height}", width, height, png.GRAY, 1, row_filters=(0,))


def row_filters(folder):
    """One row filter for all rows, the first included; each distance between neighbours."""
    for kind, label in enumerate(["none", "sub", "up", "average", "paeth"]):
        for color_type, depth in [(png.GRAY, 8), (png.RGB, 8), (png.RGBA, 8), (png.RGB, 16), (png.RGBA, 16)]:
            name = f"{png.NAMES[color_type]}{depth}_{label}_33x17"
            plain(folder, name, 33, 17, color_type, depth, row_filters=(kind,))


def transparency(folder):
    """A transparent colour for gray and RGB, alpha for the first half of a palette's indices."""
    for color_type, depth in png.KINDS:
        if color_type not in (png.GRAY, png.RGB, png.PALETTE):
            continue
        for interlaced in (False, True):
            name = f"{png.NAMES[color_type]}{depth}_trns{'_interlaced' if interlaced else ''}_33x17"
            samples = pixels.pattern(name, 33, 17, png.CHANNELS[color_type], depth)
            samples[4:9, 10:20] = samples[8, 16]
            if color_type == png.PALETTE:
                clear = [(40 * index) % 256 for index in range(1 << (depth - 1))]
                before = palette_chunk(depth) + png.chunk(b"tRNS", bytes(clear))
            else:
                clear = [int(sample) for sample in samples[8, 16]]
                before = png.chunk(b"tRNS", struct.pack(f">{len(clear)}H", *clear))
            folder.image(name + ".png", png.encoded(samples, depth, color_type, interlaced, before=before),
                         *decoded(samples, depth, color_type, clear))


def orientations(folder):
    """One picture, stored turned in each of the eight ways, and with two numbers that do not exist."""
    for orientation in range(10):
        name = f"rgb8_orientation{orientation}.png"
        upright = pixels.pattern("orientation", 33, 17, 3, 8)
        stored = pixels.stored_for(upright, orientation)
        exif = png.chunk(b"eXIf", metadata.exif(orientation, "<>"[orientation % 2]))
        folder.image(name, png.encoded(stored, 8, png.RGB, before=exif), stored, 8, upright=upright)


def extras(folder):
    """What may be around the pixels."""
    icc = metadata.icc_chunk(metadata.display_p3())
    plain(folder, "rgb8_icc_display_p3_33x17", 33, 17, png.RGB, 8, before=icc)
    plain(folder, "rgba16_icc_display_p3_33x17", 33, 17, png.RGBA, 16, before=icc)
    plain(folder, "palette4_icc_display_p3_33x17", 33, 17, png.PALETTE, 4, before=icc)
    plain(folder, "gray8_icc_gray_33x17", 33, 17, png.GRAY, 8, before=metadata.icc_chunk(metadata.gray_gamma_22()))
    plain(folder, "gray8_icc_of_rgb_33x17", 33, 17, png.GRAY, 8, before=icc)
    plain(folder, "rgb8_gamma_045455_33x17", 33, 17, png.RGB, 8, before=png.chunk(b"gAMA", struct.pack(">I", 45455)))
    plain(folder, "rgb8_gamma_1_33x17", 33, 17, png.RGB, 8, before=png.chunk(b"gAMA", struct.pack(">I", 100000)))
    plain(folder, "rgb8_srgb_33x17", 33, 17, png.RGB, 8, before=png.chunk(b"sRGB", b"\0"))
    plain(folder, "rgb8_ancillary_chunks_33x17", 33, 17, png.RGB, 8, before=ANCILLARY)
    plain(folder, "rgb8_text_after_pixels_33x17", 33, 17, png.RGB, 8, after=png.chunk(b"tEXt", b"Title\0after"))
    plain(folder, "rgb8_background_33x17", 33, 17, png.RGB, 8, before=png.chunk(b"bKGD", struct.pack(">HHH", 9, 99, 200)))
    plain(folder, "rgb8_idat_of_1_byte_33x17", 33, 17, png.RGB, 8, part=1)
    plain(folder, "rgb8_idat_of_100_bytes_33x17", 33, 17, png.RGB, 8, part=100)
    empty = png.chunk(b"IDAT")
    plain(folder, "rgb8_empty_idats_33x17", 33, 17, png.RGB, 8, before=empty * 3, after=empty * 3)
    plain(folder, "rgb8_5000_chunks_33x17", 33, 17, png.RGB, 8, before=png.chunk(b"prVt", b"") * 5000)
    plain(folder, "gray8_64x48", 64, 48, png.GRAY, 8)
    plain(folder, "rgb8_64x48", 64, 48, png.RGB, 8)
    plain(folder, "rgba8_64x48", 64, 48, png.RGBA, 8)


def make(folder):
    for part in (kinds, sizes, row_filters, transparency, orientations, extras):
        part(folder)
