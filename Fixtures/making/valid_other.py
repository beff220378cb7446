"""JPEG, WebP, TIFF and GIF files that must be read, and the pixels that Pillow reads from them."""

import io

import numpy
from PIL import Image

from . import metadata, pixels


def picture(name, width=49, height=35, channels=3):
    """A smooth picture with one edge, since JPEG is bad at noise."""
    random = pixels.generator(name)
    y, x = numpy.mgrid[0:height, 0:width]
    phases = random.uniform(0, 6, (channels, 2))
    waves = [numpy.sin(x / 9 + a) + numpy.cos(y / 7 + b) + (x > width // 2) for a, b in phases]
    samples = (numpy.stack(waves, axis=-1) + 2) * 50
    return numpy.clip(samples, 0, 255).astype(numpy.uint8)


def saved(samples, **options):
    """The bytes of a file that Pillow writes."""
    mode = options.pop("mode", None)
    image = Image.fromarray(samples[:, :, 0] if samples.shape[2] == 1 else samples, mode=mode)
    target = io.BytesIO()
    image.save(target, **options)
    return target.getvalue()


def read(data):
    """The pixels that Pillow reads, with a dimension for channels; CMYK and palettes as RGB."""
    image = Image.open(io.BytesIO(data))
    if image.mode in ("CMYK", "P"):
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    samples = numpy.asarray(image)
    return samples if samples.ndim == 3 else samples[:, :, None]


def add(folder, name, data, **expected):
    folder.image(name, data, read(data), 8, **expected)


def jpeg(folder):
    color, gray = picture("jpeg"), picture("jpeg gray", channels=1)

    def write(name, samples=color, **options):
        add(folder, name, saved(samples, format="JPEG", **{"quality": 85, "subsampling": 2, **options}))

    write("gray_49x35.jpg", gray)
    for subsampling, label in enumerate(["444", "422", "420"]):
        write(f"ycc_{label}_49x35.jpg", subsampling=subsampling)
        write(f"ycc_{label}_progressive_49x35.jpg", subsampling=subsampling, progressive=True)
    write("gray_progressive_49x35.jpg", gray, progressive=True)
    write("rgb_49x35.jpg", keep_rgb=True, subsampling=0)
    write("cmyk_49x35.jpg", picture("jpeg cmyk", channels=4), mode="CMYK", subsampling=0)
    write("ycc_optimised_49x35.jpg", optimize=True)
    write("ycc_restart_rows_49x35.jpg", restart_marker_rows=1)
    write("ycc_restart_blocks_49x35.jpg", restart_marker_blocks=1)
    write("ycc_quality100_49x35.jpg", quality=100)
    write("ycc_quality5_49x35.jpg", quality=5)
    write("ycc_icc_display_p3_49x35.jpg", icc_profile=metadata.display_p3())
    write("gray_icc_49x35.jpg", gray, icc_profile=metadata.gray_gamma_22())
    write("ycc_comment_49x35.jpg", comment=b"a comment")
    for width, height in [(1, 1), (1, 65), (65, 1), (8, 8), (17, 33)]:
        write(f"ycc_{width}x{height}.jpg", picture(f"jpeg {width}", width, height))
        write(f"gray_{width}x{height}.jpg", picture(f"jpeg {width}", width, height, 1))
    write("ycc_200x150.jpg", picture("jpeg large", 200, 150))
    upright = picture("jpeg orientation")
    for orientation in range(10):
        stored = pixels.stored_for(upright, orientation)
        exif = b"Exif\0\0" + metadata.exif(orientation, "<>"[orientation % 2])
        data = saved(numpy.ascontiguousarray(stored), format="JPEG", quality=95, exif=exif)
        add(folder, f"ycc_orientation{orientation}.jpg", data,
            upright=pixels.turned_upright(read(data), orientation))


def webp(folder):
    color, alpha = picture("webp"), picture("webp alpha", channels=4)
    add(folder, "lossy_49x35.webp", saved(color, format="WEBP", quality=80))
    add(folder, "lossy_alpha_49x35.webp", saved(alpha, format="WEBP", quality=80))
    add(folder, "lossless_49x35.webp", saved(color, format="WEBP", lossless=True))
    add(folder, "lossless_alpha_49x35.webp", saved(alpha, format="WEBP", lossless=True, exact=True))
    exif = b"Exif\0\0" + metadata.exif(6)
    add(folder, "lossless_orientation6.webp", data := saved(color, format="WEBP", lossless=True, exif=exif),
        upright=pixels.turned_upright(read(data), 6))
    add(folder, "lossless_icc_49x35.webp", saved(color, format="WEBP", lossless=True, icc_profile=metadata.display_p3()))


def tiff(folder):
    color, gray, alpha = picture("tiff"), picture("tiff gray", channels=1), picture("tiff alpha", channels=4)
    for compression in ("raw", "tiff_lzw", "tiff_adobe_deflate", "packbits"):
        label = compression.removeprefix("tiff_").removeprefix("adobe_")
        add(folder, f"rgb8_{label}_49x35.tif", saved(color, format="TIFF", compression=compression))
    add(folder, "gray8_49x35.tif", saved(gray, format="TIFF", compression="raw"))
    add(folder, "rgba8_49x35.tif", saved(alpha, format="TIFF", compression="tiff_lzw"))
    add(folder, "rgb8_icc_49x35.tif", saved(color, format="TIFF", compression="raw", icc_profile=metadata.display_p3()))
    deep = pixels.pattern("tiff gray16", 49, 35, 1, 16)
    folder.image("gray16_49x35.tif", saved(deep.astype(numpy.uint16), format="TIFF", compression="tiff_lzw"), deep, 16)


def gif(folder):
    few = Image.fromarray(picture("gif")).quantize(16, dither=Image.Dither.NONE)

    def write(name, **options):
        target = io.BytesIO()
        few.save(target, format="GIF", **options)
        add(folder, name, target.getvalue())

    write("palette_49x35.gif", interlace=0)
    write("palette_interlaced_49x35.gif", interlace=1)
    write("palette_transparent_49x35.gif", transparency=3)


def make(folder):
    for part in (jpeg, webp, tiff, gif):
        part(folder)
    folder.image("png_named.jpg", *swapped(folder, "rgb8_64x48.png"))
    folder.image("jpeg_named.png", *swapped(folder, "ycc_420_49x35.jpg"))


def swapped(folder, name):
    """A file under a name that says another format."""
    data = folder.data[name]
    return data, read(data), 8
