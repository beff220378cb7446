"""What other decoders make of a file, as arrays of rows, columns and the four samples of RGBA."""

import subprocess
import warnings

import cv2
import numpy as np
import PIL
from PIL import Image, ImageOps

# Pillow's own limit is lower than ours, and big images are no error here.
Image.MAX_IMAGE_PIXELS = None
warnings.filterwarnings("ignore")

FORMATS = {"PNG", "JPEG", "WEBP", "GIF", "TIFF"}
LOSSY_TOLERANCE = 2


def versions():
    """What is compared with."""
    yield f"Pillow {PIL.__version__}, OpenCV {cv2.__version__}"
    yield "dwebp " + _output("dwebp", "-version").decode().split()[0]
    yield subprocess.run(["djpeg", "-version"], stdin=subprocess.DEVNULL, capture_output=True).stderr.decode().splitlines()[0]


def pillow_format(path):
    """The format of a file whose first frame Pillow reads, or None."""
    try:
        with Image.open(path) as image:
            image.load()
            return "JPEG" if image.format == "MPO" else image.format
    except Exception:
        return None


def our_pixels(path):
    """The pixels of a PNG file of ours, which has 8 or 16 bits and no orientation."""
    pixels = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    if pixels.dtype == np.uint16:
        return _rgba_of_opencv(pixels)
    with Image.open(path) as image:
        return _rgba_of_pillow(image)


def of(path, form, ours):
    """The decoders that a file is compared with, how far they may be, and their pixels."""
    if ours.dtype == np.uint16:
        yield "OpenCV", 0, _rgba_of_opencv(cv2.imread(str(path), cv2.IMREAD_UNCHANGED))
        return
    with Image.open(path) as image:
        frame_count = getattr(image, "n_frames", 1)
        orientation = image.getexif().get(0x0112, 1)
        is_lossy = form == "JPEG" or form == "TIFF" and image.info.get("compression") == "jpeg"
        if form == "WEBP":
            is_lossy = b"VP8 " in path.read_bytes()[:4096] if frame_count > 1 else _is_vp8(path)
        pillow = _rgba_of_pillow(ImageOps.exif_transpose(image))
    yield "Pillow", LOSSY_TOLERANCE if is_lossy else 0, pillow
    if form == "JPEG":
        yield "djpeg", 0, _upright(_portable_map(_output("djpeg", "-pnm", path)), orientation)
    if form == "WEBP" and frame_count == 1 and is_lossy:
        yield "dwebp", 0, _upright(_portable_map(_output("dwebp", "-quiet", "-pam", path, "-o", "-")), orientation)


def difference(first, second):
    """The largest difference of two samples, or what says that there is nothing to compare."""
    if first.dtype != second.dtype or first.shape != second.shape:
        return float("inf")
    return int(np.abs(first.astype(np.int32) - second.astype(np.int32)).max())


def _rgba_of_pillow(image):
    if image.mode in ("I;16", "I;16B", "I", "F"):
        return np.repeat(np.asarray(image)[:, :, np.newaxis], 4, axis=2)
    if image.mode == "CMYK":
        image = image.convert("RGB")
    return np.asarray(image.convert("RGBA"))


def _rgba_of_opencv(pixels):
    opaque = np.iinfo(pixels.dtype).max
    if pixels.ndim == 2:
        pixels = np.repeat(pixels[:, :, np.newaxis], 3, axis=2)
    if pixels.shape[2] == 3:
        pixels = np.dstack([pixels, np.full(pixels.shape[:2], opaque, pixels.dtype)])
    return pixels[:, :, [2, 1, 0, 3]]


def _portable_map(file):
    """The pixels of a PGM, PPM or PAM file in RGBA."""
    kind, rest = file.split(b"\n", 1)
    if kind == b"P7":
        header, samples = rest.split(b"ENDHDR\n", 1)
        fields = dict(line.split(b" ", 1) for line in header.splitlines())
        width, height, depth = (int(fields[name]) for name in (b"WIDTH", b"HEIGHT", b"DEPTH"))
    else:
        size, _, samples = rest.split(b"\n", 2)
        width, height = map(int, size.split())
        depth = 3 if kind == b"P6" else 1
    pixels = np.frombuffer(samples, np.uint8).reshape(height, width, depth)
    if depth == 1:
        pixels = np.repeat(pixels, 3, axis=2)
    if pixels.shape[2] == 3:
        pixels = np.dstack([pixels, np.full((height, width), 255, np.uint8)])
    return pixels


def _upright(pixels, orientation):
    """Turns pixels as their EXIF orientation says (Exif 2.32, tag Orientation)."""
    image = Image.fromarray(np.ascontiguousarray(pixels))
    image.getexif()[0x0112] = orientation
    return np.asarray(ImageOps.exif_transpose(image))


def _is_vp8(path):
    """Whether the image of a still WebP file is coded with loss: chunks are walked as RFC 9649 has them."""
    file = path.read_bytes()
    offset = 12
    while offset + 8 <= len(file):
        if file[offset:offset + 4] in (b"VP8 ", b"VP8L"):
            return file[offset:offset + 4] == b"VP8 "
        count = int.from_bytes(file[offset + 4:offset + 8], "little")
        offset += 8 + count + count % 2
    return False


def _output(*command):
    return subprocess.run([str(word) for word in command], capture_output=True, check=True).stdout
