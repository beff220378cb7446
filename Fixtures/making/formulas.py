"""What each filter computes, in double precision, by numpy, scipy and, for CLAHE, OpenCV.

Images are arrays of rows, columns and channels on the scale of their samples, `white` is the largest
sample. A result is not rounded. Where a formula has a step, a sample within 0.05 level of 255 of it may
fall on either side: then there are two results.
"""

import math

import cv2
import numpy
from scipy import ndimage

LUMA = {"rec709": [0.2126, 0.7152, 0.0722], "rec601": [0.299, 0.587, 0.114]}


# Alpha and light

def has_alpha(image):
    return image.shape[2] % 2 == 0


def colors(image):
    return image[..., :-1] if has_alpha(image) else image


def with_colors(image, new):
    """The new colours with the image's alpha, if it has one."""
    return numpy.concatenate([new, image[..., -1:]], axis=2) if has_alpha(image) else new


def linear_light(v):
    return numpy.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4)


def encoded(v):
    v = numpy.clip(v, 0, 1)
    return numpy.where(v <= 0.0031308, v * 12.92, 1.055 * v ** (1 / 2.4) - 0.055)


def premultiplied(image, white):
    return with_colors(image, colors(image) * image[..., -1:] / white) if has_alpha(image) else image


def straight(image, white):
    if not has_alpha(image):
        return image
    alpha = image[..., -1:]
    return with_colors(image, numpy.where(alpha > 0, colors(image) * white / numpy.where(alpha > 0, alpha, 1), 0))


def mixed(image, white, linear, change):
    """Does what mixes pixels on premultiplied colour, in linear light if that is asked for."""
    if linear:
        image = with_colors(image, linear_light(colors(image) / white) * white)
    image = straight(change(premultiplied(image, white)), white)
    if linear:
        image = with_colors(image, encoded(colors(image) / white) * white)
    return numpy.clip(image, 0, white)


def luma(image, weights="rec709"):
    c = colors(image)
    return c @ numpy.array(LUMA[weights]) if c.shape[2] == 3 else c[..., 0]


def gray(image, values):
    return with_colors(image, values[..., None])


def each_channel(image, change):
    return numpy.stack([change(image[..., c]) for c in range(image.shape[2])], axis=2)


def point(image, white, curve):
    return numpy.clip(with_colors(image, curve(colors(image) / white) * white), 0, white)


# Geometry

def sinc(x):
    return numpy.sinc(x)


def cubic(x, b, c):
    x = abs(x)
    near = ((12 - 9 * b - 6 * c) * x**3 + (-18 + 12 * b + 6 * c) * x**2 + 6 - 2 * b) / 6
    far = ((-b - 6 * c) * x**3 + (6 * b + 30 * c) * x**2 - (12 * b + 48 * c) * x + 8 * b + 24 * c) / 6
    return numpy.where(x < 1, near, numpy.where(x < 2, far, 0))


KERNELS = {
    "box": (0.5, lambda x: ((x > -0.5) & (x <= 0.5)).astype(float)),
    "triangle": (1, lambda x: numpy.maximum(1 - abs(x), 0)),
    "catmull-rom": (2, lambda x: cubic(x, 0, 0.5)),
    "mitchell": (2, lambda x: cubic(x, 1 / 3, 1 / 3)),
    "lanczos2": (2, lambda x: numpy.where(abs(x) < 2, sinc(x) * sinc(x / 2), 0)),
    "lanczos3": (3, lambda x: numpy.where(abs(x) < 3, sinc(x) * sinc(x / 3), 0)),
}


def resampling_matrix(source, result, kernel):
    scale = source / result
    centers = (numpy.arange(result)[:, None] + 0.5) * scale
    if kernel == "nearest":
        return (numpy.floor(centers) == numpy.arange(source)[None, :]).astype(float)
    distances = (numpy.arange(source)[None, :] + 0.5 - centers) / max(scale, 1)
    weights = KERNELS[kernel][1](distances)
    return weights / weights.sum(axis=1, keepdims=True)


def resize(image, white, linear, width, height, kernel="lanczos3"):
    rows = resampling_matrix(image.shape[0], height, kernel)
    columns = resampling_matrix(image.shape[1], width, kernel)
    return mixed(image, white, linear, lambda s: each_channel(s, lambda plane: rows @ plane @ columns.T))


def rotate(image, white, angle, kernel="catmull-rom"):
    """Each place of a canvas that holds the corners from the source around it; outside it is white or nothing."""
    radians = math.radians(angle)
    s, c = math.sin(radians), math.cos(radians)
    h, w = image.shape[:2]
    width = math.ceil(abs(w * c) + abs(h * s) - 1e-9)
    height = math.ceil(abs(w * s) + abs(h * c) - 1e-9)
    outside = 0 if has_alpha(image) else white
    radius, weight = KERNELS[kernel]
    radius = math.ceil(radius)

    def turn(source):
        dy, dx = numpy.mgrid[0:height, 0:width] + 0.5
        dy, dx = dy - height / 2, dx - width / 2
        x, y = c * dx + s * dy + w / 2 - 0.5, c * dy - s * dx + h / 2 - 0.5
        column, row = numpy.floor(x).astype(int), numpy.floor(y).astype(int)
        total, sum_ = 0, 0
        for j in range(1 - radius, radius + 1):
            for i in range(1 - radius, radius + 1):
                weights = weight(column + i - x) * weight(row + j - y)
                inside = (column + i >= 0) & (column + i < w) & (row + j >= 0) & (row + j < h)
                samples = source[numpy.clip(row + j, 0, h - 1), numpy.clip(column + i, 0, w - 1)]
                sum_ = sum_ + weights[..., None] * numpy.where(inside[..., None], samples, outside)
                total = total + weights
        return sum_ / total[..., None]

    return mixed(image, white, False, turn)


def pad(image, white, width, height, color):
    h, w = image.shape[:2]
    pixel = [value / 255 * white for value in color] + [white] * has_alpha(image)
    canvas = numpy.tile(numpy.array(pixel), (height, width, 1))
    top, left = (height - h) // 2, (width - w) // 2
    canvas[top:top + h, left:left + w] = image
    return canvas


def trim(image, white, threshold):
    differs = (abs(image - image[0, 0]) > math.floor(threshold * white / 255)).any(axis=2)
    if not differs.any():
        return image
    rows, columns = numpy.flatnonzero(differs.any(axis=1)), numpy.flatnonzero(differs.any(axis=0))
    return image[rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1]


# Colour

def matrix(image, white, weights):
    return numpy.clip(with_colors(image, colors(image) @ numpy.array(weights).T), 0, white)


def saturation(image, white, factor):
    return matrix(image, white, numpy.eye(3) * factor + (1 - factor) * numpy.array([LUMA["rec709"]] * 3))


def sepia(image, white, amount):
    tint = numpy.array([[0.393, 0.769, 0.189], [0.349, 0.686, 0.168], [0.272, 0.534, 0.131]])
    return matrix(image, white, tint * amount + numpy.eye(3) * (1 - amount))


def rounded(values):
    return numpy.floor(values + 0.5)


def histogram(image, white, side=0.0):
    values = numpy.clip(rounded(luma(image) + side), 0, white).astype(int)
    return values, numpy.bincount(values.ravel(), minlength=int(white) + 1)


# Which bin of a histogram a luma halfway between two belongs to is a step too: in levels of the image's depth.
SIDES = (0.0, -0.05, 0.05)


def threshold(image, white, level):
    slack = 0.05 / 255 * white
    return [gray(image, numpy.where(luma(image) + side >= level, white, 0.0)) for side in (-slack, slack)]


def otsu(image, white):
    """The level between two bins where the variance between both classes is largest."""
    _, counts = histogram(image, white)
    bins = numpy.arange(len(counts))
    below, above = numpy.cumsum(counts) - counts, counts.sum() - (numpy.cumsum(counts) - counts)
    first = numpy.cumsum(counts * bins) - counts * bins
    with numpy.errstate(divide="ignore", invalid="ignore"):
        variance = below * above * (first / below - ((counts * bins).sum() - first) / above) ** 2
    variance[(below == 0) | (above == 0)] = -1
    return threshold(image, white, int(numpy.argmax(variance)) - 0.5)


def posterize(image, white, levels):
    slack = 0.05 / 255
    return [point(image, white, lambda v: rounded((v + side) * (levels - 1)) / (levels - 1)) for side in (-slack, slack)]


def normalize(image, white, clip):
    values = numpy.sort(histogram(image, white)[0].ravel())
    cut = int(clip * values.size)
    low, high = int(values[cut]), int(values[-1 - cut])
    return image if low >= high else point(image, white, lambda v: (v * white - low) / (high - low))


def moved(image, white, old, new):
    """Each colour channel moves by as much as its luma."""
    return numpy.clip(with_colors(image, colors(image) + (new - old)[..., None]), 0, white)


def equalize(image, white):
    return [equalized(image, white, side) for side in SIDES]


def equalized(image, white, side):
    values, counts = histogram(image, white, side)
    darkest = numpy.flatnonzero(counts)[0]
    rest = values.size - counts[darkest]
    if rest == 0:
        return image
    table = rounded((numpy.cumsum(counts) - counts[darkest]) / rest * white)
    return moved(image, white, values, table[values])


def clahe(image, white, clip, tiles=8):
    return [locally_equalized(image, white, clip, tiles, side) for side in SIDES]


def locally_equalized(image, white, clip, tiles, side):
    values, _ = histogram(image, white, side)
    kind = numpy.uint8 if white == 255 else numpy.uint16
    new = cv2.createCLAHE(clip, (tiles, tiles)).apply(values.astype(kind))
    return moved(image, white, values, new.astype(float))


# Neighbourhood

def gaussian(samples, sigma):
    return each_channel(samples, lambda plane: ndimage.gaussian_filter(
        plane, sigma, mode="nearest", radius=math.ceil(3 * sigma)))


def gaussian_blur(image, white, linear, sigma):
    return mixed(image, white, linear, lambda samples: gaussian(samples, sigma))


def box_blur(image, white, linear, radius):
    return mixed(image, white, linear, lambda samples: each_channel(
        samples, lambda plane: ndimage.uniform_filter(plane, 2 * radius + 1, mode="nearest")))


def unsharp(image, white, linear, sigma, amount=1, threshold=0):
    def sharpened(samples, least):
        difference = samples - gaussian(samples, sigma)
        return samples + numpy.where(abs(difference) > least, amount * difference, 0)

    sides = [threshold - 0.05, threshold + 0.05] if threshold else [-1]
    return [mixed(image, white, linear, lambda samples: sharpened(samples, side / 255 * white)) for side in sides]


def convolve(image, white, linear, kernel, divisor):
    return mixed(image, white, linear, lambda samples: each_channel(
        samples, lambda plane: ndimage.correlate(plane, numpy.array(kernel, float) / divisor, mode="nearest")))


def rank(image, radius, filter_):
    return each_channel(image, lambda plane: filter_(plane, 2 * radius + 1, mode="nearest"))


def sobel(image, white):
    v = luma(image)
    return numpy.clip(gray(image, numpy.hypot(
        ndimage.sobel(v, 0, mode="nearest"), ndimage.sobel(v, 1, mode="nearest"))), 0, white)


def laplacian(image, white):
    return numpy.clip(gray(image, abs(ndimage.laplace(luma(image), mode="nearest"))), 0, white)


def shifted(image, dy, dx):
    """The image seen from a place beside, its border repeated."""
    h, w = image.shape[:2]
    return image[numpy.clip(numpy.arange(h) + dy, 0, h - 1)][:, numpy.clip(numpy.arange(w) + dx, 0, w - 1)]


def bilateral(image, white, space, range_):
    def mean(samples):
        samples = samples * 255 / white
        radius = math.ceil(2 * space)
        total, sums = 0, 0
        for dy in range(-radius, radius + 1):
            for dx in range(-radius, radius + 1):
                other = shifted(samples, dy, dx)
                distance = ((colors(samples) - colors(other)) ** 2).sum(axis=2, keepdims=True)
                weight = numpy.exp(-(dx * dx + dy * dy) / (2 * space**2) - distance / (2 * range_**2))
                total, sums = total + weight, sums + weight * other
        return sums / total * white / 255

    return mixed(image, white, False, mean)


def nl_means(image, white, strength, patch=3, search=10):
    def mean(samples):
        samples = samples * 255 / white
        margin = patch + search
        h, w = samples.shape[:2]
        wide = numpy.pad(samples, ((margin, margin), (margin, margin), (0, 0)), mode="edge")
        total, sums = 0, 0
        for dy in range(-search, search + 1):
            for dx in range(-search, search + 1):
                def part(y, x, m):
                    return wide[margin + y - m:margin + y + h + m, margin + x - m:margin + x + w + m]

                squares = ((colors(part(0, 0, patch)) - colors(part(dy, dx, patch))) ** 2).mean(axis=2)
                distance = ndimage.uniform_filter(squares, 2 * patch + 1)[patch:patch + h, patch:patch + w]
                weight = numpy.exp(-distance / strength**2)[..., None]
                total, sums = total + weight, sums + weight * part(dy, dx, 0)
        return sums / total * white / 255

    return mixed(image, white, False, mean)


# Every filter

class Case:
    """A filter as the command line names it, and what it computes."""

    def __init__(self, name, specification, formula, levels=1, wide_levels=None, linear=False, between=False):
        self.name = name
        self.specification = specification
        self.formula = formula
        self.linear = linear
        # Whether all between the results is right: where steps of other samples count too.
        self.between = between
        # The allowed differences at 8 and at 16 bits.
        self.levels = levels
        self.wide_levels = 16 * levels if wide_levels is None else wide_levels

    def results(self, image, white):
        """One result, or one for each side of a step."""
        results = self.formula(image.astype(float), white)
        return results if isinstance(results, list) else [results]


def mixing_cases(linear):
    suffix = "_linear" if linear else ""

    def case(name, specification, change, **keys):
        return Case(name + suffix, specification, lambda i, w: change(i, w, linear), linear=linear, **keys)

    def half(n):
        return max(math.floor(n / 2 + 0.5), 1)

    return [
        case("resize", "resize:50%", lambda i, w, l: resize(i, w, l, half(i.shape[1]), half(i.shape[0]))),
        case("box-blur", "box-blur:3", lambda i, w, l: box_blur(i, w, l, 3)),
        case("gaussian-blur", "gaussian-blur:2.5", lambda i, w, l: gaussian_blur(i, w, l, 2.5)),
        case("gaussian-blur_reduced", "gaussian-blur:6", lambda i, w, l: gaussian_blur(i, w, l, 6)),
        case("gaussian-blur_wide", "gaussian-blur:12", lambda i, w, l: gaussian_blur(i, w, l, 12),
             levels=2, wide_levels=514),
        case("unsharp", "unsharp:2,amount=0.8", lambda i, w, l: unsharp(i, w, l, 2, 0.8)),
        case("convolve", "convolve:1 2 1 / 2 4 2 / 1 2 1", lambda i, w, l: convolve(
            i, w, l, [[1, 2, 1], [2, 4, 2], [1, 2, 1]], 16)),
    ]


def cases(small, canvas):
    """All filters; `small` is what some are resized to, `canvas` holds the image: width and height."""
    return mixing_cases(False) + mixing_cases(True) + kernel_cases(*small) + [
        Case("pad", f"pad:{canvas[0]}x{canvas[1]},color=#204060", lambda i, w: pad(i, w, *canvas, [32, 64, 96]), 0),
    ] + CASES


def kernel_cases(width, height):
    return [
        Case("resize_" + kernel, f"resize:{width}x{height},fit=fill,kernel={kernel}",
             lambda i, w, kernel=kernel: resize(i, w, False, width, height, kernel)) for kernel in ["nearest", *KERNELS]
    ]


CASES = [
    Case("crop", "crop:20x9+3+5", lambda i, w: i[5:14, 3:23], 0),
    Case("rotate", "rotate:90", lambda i, w: i[::-1].transpose(1, 0, 2), 0),
    Case("rotate_angle", "rotate:25", lambda i, w: rotate(i, w, 25)),
    Case("flip", "flip:horizontal", lambda i, w: i[:, ::-1], 0),
    Case("trim", "trim:threshold=20", lambda i, w: trim(i, w, 20), 0),
    Case("grayscale", "grayscale", lambda i, w: gray(i, luma(i))),
    Case("grayscale_rec601", "grayscale:rec601", lambda i, w: gray(i, luma(i, "rec601"))),
    Case("brightness", "brightness:1.2", lambda i, w: point(i, w, lambda v: v * 1.2)),
    Case("contrast", "contrast:1.3", lambda i, w: point(i, w, lambda v: (v - 0.5) * 1.3 + 0.5)),
    Case("gamma", "gamma:1.8", lambda i, w: point(i, w, lambda v: v ** (1 / 1.8))),
    Case("saturation", "saturation:1.4", lambda i, w: saturation(i, w, 1.4)),
    Case("levels", "levels:black=0.1,white=0.9,gamma=1.2", lambda i, w: point(
        i, w, lambda v: numpy.clip((v - 0.1) / 0.8, 0, 1) ** (1 / 1.2))),
    Case("invert", "invert", lambda i, w: point(i, w, lambda v: 1 - v)),
    Case("threshold", "threshold:0.5", lambda i, w: threshold(i, w, 0.5 * w), 0),
    Case("threshold_otsu", "threshold:otsu", otsu, 0),
    Case("posterize", "posterize:4", lambda i, w: posterize(i, w, 4)),
    Case("sepia", "sepia:0.8", lambda i, w: sepia(i, w, 0.8)),
    Case("normalize", "normalize:clip=1", lambda i, w: normalize(i, w, 0.01)),
    Case("equalize", "equalize", equalize, between=True),
    Case("clahe", "clahe:clip=3", lambda i, w: clahe(i, w, 3), 2, wide_levels=514, between=True),
    Case("unsharp_threshold", "unsharp:2,amount=0.8,threshold=3", lambda i, w: unsharp(i, w, False, 2, 0.8, 3)),
    Case("median", "median:2", lambda i, w: rank(i, 2, ndimage.median_filter), 0),
    Case("median_wide", "median:4", lambda i, w: rank(i, 4, ndimage.median_filter), 0),
    Case("erode", "erode:3", lambda i, w: rank(i, 3, ndimage.minimum_filter), 0),
    Case("dilate", "dilate:3", lambda i, w: rank(i, 3, ndimage.maximum_filter), 0),
    Case("sobel", "sobel", sobel),
    Case("laplacian", "laplacian", laplacian),
    Case("emboss", "emboss", lambda i, w: convolve(i, w, False, [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]], 1)),
    Case("bilateral", "bilateral:space=3,range=25", lambda i, w: bilateral(i, w, 3, 25)),
    Case("nl-means", "nl-means:strength=8,patch=2,search=5", lambda i, w: nl_means(i, w, 8, 2, 5)),
]
