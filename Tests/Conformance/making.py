"""TIFF and GIF files by Pillow, OpenCV and libtiff's tiffcp."""

import subprocess

import cv2
import numpy as np
from PIL import Image

WIDTH, HEIGHT = 131, 97

# What tiffcp has for each kind of page: compressions, with and without prediction, and shapes.
COMPRESSIONS = ["none", "lzw", "lzw:2", "zip", "zip:2", "packbits", "lzma", "lzma:2", "zstd", "zstd:2"]
SHAPES = {
    "strips": ["-s", "-r", "10"],
    "tiles": ["-t", "-w", "32", "-l", "16"],
    "planes": ["-p", "separate", "-s", "-r", "10"],
    "tiles_planes": ["-p", "separate", "-t", "-w", "16", "-l", "32"],
    "big_endian": ["-B", "-s"],
    "bigtiff": ["-8", "-s"],
}

# tiffcp separates samples of 8 bits alone, and we read no ink in planes.
SEPARABLE = {"gray_alpha8", "rgb8", "rgba8"}


def make(folder):
    """Fills a folder with files of all kinds that are meant to be read.

    Returns which file each lossless copy was made from: not every decoder has every compression.
    """
    folder.mkdir()
    pages = _tiff_pages(folder)
    originals = {}
    for name, page in pages.items():
        originals |= dict.fromkeys(_copies(name, page), page)
    originals |= dict.fromkeys(_fax(pages["bilevel"]), pages["bilevel"])
    _jpeg_in_tiff(pages)
    _tiff_orientations(folder)
    _pages(folder)
    _gifs(folder)
    return originals


def _sample_image():
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    noise = np.random.default_rng(7).integers(0, 40, (HEIGHT, WIDTH, 3))
    return (np.dstack([x * 1.7, y * 2.1, (x + y) * 0.9]) + noise).clip(0, 255).astype(np.uint8)


def _with_alpha(pixels):
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    return np.dstack([pixels, ((x * y) % 256).astype(np.uint8)])


def _tiff_pages(folder):
    """An uncompressed page of each kind."""
    pixels = _sample_image()
    color = Image.fromarray(pixels)
    images = {
        "bilevel": color.convert("1"),
        "gray8": color.convert("L"),
        "gray_alpha8": Image.fromarray(_with_alpha(pixels[:, :, 0])),
        "palette": color.quantize(200),
        "rgb8": color,
        "rgba8": Image.fromarray(_with_alpha(pixels)),
        "cmyk8": color.convert("CMYK"),
    }
    pages = {name: folder / f"{name}.tif" for name in images}
    for name, image in images.items():
        image.save(pages[name])
    for name, deep in {"gray16": pixels[:, :, 0], "rgb16": pixels}.items():
        pages[name] = folder / f"{name}.tif"
        samples = deep.astype(np.uint16) * 251 + 3
        cv2.imwrite(str(pages[name]), samples, [cv2.IMWRITE_TIFF_COMPRESSION, cv2.IMWRITE_TIFF_COMPRESSION_NONE])
    return pages


def _copy(page, name, *options):
    copy = page.with_name(f"{name}.tif")
    subprocess.run(["tiffcp", *options, page, copy], check=True, stderr=subprocess.DEVNULL)
    return copy.name


def _copies(name, page):
    """Yields copies of a page in each compression and shape."""
    for compression in COMPRESSIONS:
        if compression.endswith(":2") and name == "bilevel":
            continue
        for shape, options in SHAPES.items():
            if "planes" in shape and name not in SEPARABLE:
                continue
            yield _copy(page, f"{name}_{compression.replace(':2', '_predicted')}_{shape}", "-c", compression, *options)


def _jpeg_in_tiff(pages):
    for name in ("gray8", "rgb8"):
        for compression in ("jpeg:90", "jpeg:r:90"):
            for shape in ("strips", "tiles"):
                rows = ["-s", "-r", "16"] if shape == "strips" else SHAPES[shape]
                _copy(pages[name], f"{name}_{compression.replace(':', '_')}_{shape}", "-c", compression, *rows)
    Image.fromarray(_sample_image()).save(pages["rgb8"].with_name("rgb8_jpeg_pillow.tif"), compression="jpeg")


def _fax(page):
    """Yields copies as fax machines send them."""
    for compression in ("g3", "g3:2d", "g3:fill", "g4"):
        for fill in ("lsb2msb", "msb2lsb"):
            yield _copy(page, f"bilevel_{compression.replace(':', '_')}_{fill}", "-c", compression, "-f", fill, "-r", "20")


def _tiff_orientations(folder):
    for orientation in range(1, 9):
        Image.fromarray(_sample_image()).save(
            folder / f"rgb8_orientation{orientation}.tif", tiffinfo={274: orientation})


def _pages(folder):
    pixels = _sample_image()
    pages = [Image.fromarray(page) for page in (pixels, 255 - pixels, pixels // 2)]
    pages[0].save(folder / "rgb8_three_pages.tif", save_all=True, append_images=pages[1:], compression="tiff_lzw")


def _gifs(folder):
    color = Image.fromarray(_sample_image())
    for count in (2, 4, 16, 31, 256):
        image = color.quantize(count)
        for interlace in (0, 1):
            image.save(folder / f"colors{count}_interlace{interlace}.gif", interlace=interlace)
            image.save(folder / f"colors{count}_transparent_interlace{interlace}.gif", interlace=interlace, transparency=1)
    color.convert("L").save(folder / "gray.gif")
    color.convert("1").save(folder / "bilevel.gif")
    frames = [color.quantize(64), color.rotate(90).quantize(64), color.rotate(180).quantize(32)]
    frames[0].save(folder / "animated.gif", save_all=True, append_images=frames[1:], duration=40, loop=0)
    frames[0].save(
        folder / "animated_transparent.gif", save_all=True, append_images=frames[1:], transparency=3, disposal=2)
