#!/usr/bin/env python3
"""Times each filter beside OpenCV, Pillow and libvips on one thread, and prints a table; and a second one of each
filter at 8 and at 16 bits.

usage: filter_table.py PATH_OF_FilterBenchmarks [PATTERN]

2560×1600 RGB, pixels in memory, processor time of the fastest run in milliseconds. A peer
that is not installed, or has no such filter, is left out; OpenCV's Lanczos does not antialias.
Needs, for the peers: pip install numpy opencv-python-headless pillow pyvips pyvips-binary
"""
import os, re, subprocess, sys, time

os.environ["VIPS_CONCURRENCY"] = "1"
tool = sys.argv[1]
pattern = sys.argv[2] if len(sys.argv) > 2 else ""
width, height = 2560, 1600

import numpy

pixels = numpy.indices((height, width)).sum(axis=0)
noise = numpy.random.default_rng(1).integers(0, 24, (height, width, 3))
pixels = ((pixels[..., None] // numpy.array([3, 7, 11]) + noise) % 256).astype(numpy.uint8)
peers = {}
try:
    import cv2
    cv2.setNumThreads(1)
    square = lambda radius: numpy.ones((2 * radius + 1, 2 * radius + 1), numpy.uint8)
    gray = lambda: cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    blur = lambda sigma: cv2.GaussianBlur(pixels, (0, 0), sigma)

    def luma(change):
        planes = list(cv2.split(cv2.cvtColor(pixels, cv2.COLOR_RGB2YCrCb)))
        planes[0] = change(planes[0])
        return cv2.cvtColor(cv2.merge(planes), cv2.COLOR_YCrCb2RGB)

    def gradient(image):
        return cv2.convertScaleAbs(cv2.magnitude(
            cv2.Sobel(image, cv2.CV_32F, 1, 0), cv2.Sobel(image, cv2.CV_32F, 0, 1)))

    peers["OpenCV"] = {
        "resize:50%": lambda: cv2.resize(pixels, (1280, 800), interpolation=cv2.INTER_LANCZOS4),
        "resize:256x": lambda: cv2.resize(pixels, (256, 160), interpolation=cv2.INTER_LANCZOS4),
        "gaussian-blur:2": lambda: blur(2), "gaussian-blur:5": lambda: blur(5),
        "gaussian-blur:20": lambda: blur(20), "box-blur:10": lambda: cv2.blur(pixels, (21, 21)),
        "median:1": lambda: cv2.medianBlur(pixels, 3), "median:2": lambda: cv2.medianBlur(pixels, 5),
        "median:10": lambda: cv2.medianBlur(pixels, 21),
        "erode:5": lambda: cv2.erode(pixels, square(5)),
        "unsharp:2": lambda: cv2.addWeighted(pixels, 2, blur(2), -1, 0),
        "bilateral": lambda: cv2.bilateralFilter(pixels, 13, 25, 3),
        "nl-means": lambda: cv2.fastNlMeansDenoising(pixels, None, 10, 7, 21),
        "sobel": lambda: gradient(gray()), "equalize": lambda: luma(cv2.equalizeHist),
        "clahe": lambda: luma(cv2.createCLAHE(2, (8, 8)).apply),
    }
except ImportError:
    pass
try:
    from PIL import Image, ImageFilter, ImageOps
    image = Image.fromarray(pixels)
    peers["Pillow"] = {
        "resize:50%": lambda: image.resize((1280, 800), Image.LANCZOS),
        "resize:256x": lambda: image.resize((256, 160), Image.LANCZOS),
        "gaussian-blur:2": lambda: image.filter(ImageFilter.GaussianBlur(2)),
        "gaussian-blur:5": lambda: image.filter(ImageFilter.GaussianBlur(5)),
        "gaussian-blur:20": lambda: image.filter(ImageFilter.GaussianBlur(20)),
        "box-blur:10": lambda: image.filter(ImageFilter.BoxBlur(10)),
        "median:1": lambda: image.filter(ImageFilter.MedianFilter(3)),
        "unsharp:2": lambda: image.filter(ImageFilter.UnsharpMask(2, 100, 0)),
        "equalize": lambda: ImageOps.equalize(image),
    }
except ImportError:
    pass
try:
    import pyvips
    pyvips.cache_set_max(0)
    vips = pyvips.Image.new_from_memory(pixels.data, width, height, 3, "uchar")
    peers["libvips"] = {
        "resize:50%": lambda: vips.resize(0.5, kernel="lanczos3"),
        "resize:256x": lambda: vips.resize(0.1, kernel="lanczos3"),
        "gaussian-blur:2": lambda: vips.gaussblur(2), "gaussian-blur:5": lambda: vips.gaussblur(5),
        "gaussian-blur:20": lambda: vips.gaussblur(20), "sobel": lambda: vips.sobel(),
        "median:1": lambda: vips.median(3), "equalize": lambda: vips.hist_equal(),
    }
    for name, work in list(peers["libvips"].items()):
        peers["libvips"][name] = lambda work=work: work().write_to_memory()
except ImportError:
    pass


def fastest(work):
    times, end = [], time.perf_counter() + 4
    while len(times) < 2 or (len(times) < 20 and time.perf_counter() < end):
        start = time.process_time()
        work()
        times.append((time.process_time() - start) * 1000)
    return min(times)


def ours(chain, format):
    runs = "3" if chain in ("bilateral", "nl-means", "median:10") else "20"
    output = subprocess.run([tool, f"{width}x{height}", format, runs, chain],
                            capture_output=True, text=True, check=True).stdout
    return float(re.search(r"([0-9.]+) ms", output)[1])


compared = ["resize:50%", "resize:256x", "gaussian-blur:2", "gaussian-blur:5", "gaussian-blur:20", "box-blur:10",
            "median:1", "median:2", "median:10", "erode:5", "unsharp:2", "bilateral", "nl-means", "sobel", "equalize",
            "clahe"]
# What there is no peer's time for; the last copies the image.
others = ["crop:2400x1500,gravity=center", "pad:2600x1700", "rotate:90", "rotate:7", "flip:horizontal", "flip:vertical",
          "trim", "grayscale", "brightness:1.2", "contrast:1.3", "gamma:1.8", "saturation:1.4",
          "levels:black=0.1,white=0.9", "invert", "threshold:0.5", "threshold:otsu", "posterize:4", "sepia",
          "normalize", "unsharp:2,threshold=3", "convolve:1 2 1 / 2 4 2 / 1 2 1", "dilate:3", "laplacian", "emboss",
          "memcpy"]
names = set(subprocess.run([tool, "names"], capture_output=True, text=True, check=True).stdout.split())
missing = names - {re.split("[:,]", chain)[0] for chain in compared + others}
if missing:
    sys.exit(f"not in the table: {' '.join(sorted(missing))}")

print("8 bits".ljust(32), "pixloom".rjust(9), *(name.rjust(9) for name in peers), "ratio".rjust(7))
for chain in (chain for chain in compared if re.search(pattern, chain)):
    milliseconds = ours(chain, "rgb8")
    theirs = {name: fastest(work[chain]) for name, work in peers.items() if chain in work}
    cells = [f"{theirs[name]:9.2f}" if name in theirs else "–".rjust(9) for name in peers]
    ratio = f"{min(theirs.values()) / milliseconds:6.2f}×" if theirs else ""
    print(chain.ljust(32), f"{milliseconds:9.2f}", *cells, ratio, flush=True)

print("\npixloom".ljust(33), "8 bits".rjust(9), "16 bits".rjust(9), "ratio".rjust(7))
for chain in (chain for chain in compared + others if re.search(pattern, chain)):
    # Both right after each other, since the machine's speed changes.
    times = [ours(chain, "rgb8"), ours(chain, "rgb16")]
    print(chain.ljust(32), *(f"{time:9.2f}" for time in times), f"{times[1] / times[0]:6.2f}×", flush=True)
