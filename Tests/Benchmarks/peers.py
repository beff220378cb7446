"""Does one kind of work with another program, in processes of one thread each.

usage: peers.py PEER WORK JOBS INPUT_DIR OUTPUT_DIR

Prints the seconds that it took, without the start of Python. PEERS and WORKS name what there is.
PNG files are written with zlib level 6, as pixloom's `balanced` is comparable with.
"""

import multiprocessing
import os
import pathlib
import shutil
import subprocess
import sys
import time

LEVEL = 6


def pillow(work, source, target):
    from PIL import Image, ImageFilter
    image = Image.open(source)
    if work == "thumbnail":
        image.draft("RGB", (512, 512))
        image.thumbnail((256, 256), Image.Resampling.LANCZOS)
        image.convert("RGB").save(target, quality=80)
        return
    image = {
        "resize": lambda: image.resize((image.width // 2, image.height // 2), Image.Resampling.LANCZOS),
        "blur": lambda: image.filter(ImageFilter.GaussianBlur(5)),
        "median": lambda: image.filter(ImageFilter.MedianFilter(5)),
        "gray": lambda: image.convert("LA" if image.has_transparency_data else "L"),
    }[work]()
    image.save(target, compress_level=LEVEL)


def opencv(work, source, target):
    import cv2
    cv2.setNumThreads(1)
    if work == "thumbnail":
        image = cv2.imread(source, cv2.IMREAD_REDUCED_COLOR_4)
        scale = 256 / max(image.shape[:2])
        image = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        cv2.imwrite(target, image, [cv2.IMWRITE_JPEG_QUALITY, 80])
        return
    image = cv2.imread(source)
    image = {
        "resize": lambda: cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_LANCZOS4),
        "blur": lambda: cv2.GaussianBlur(image, (0, 0), 5),
        "median": lambda: cv2.medianBlur(image, 5),
        "gray": lambda: cv2.cvtColor(image, cv2.COLOR_BGR2GRAY),
    }[work]()
    cv2.imwrite(target, image, [cv2.IMWRITE_PNG_COMPRESSION, LEVEL])


def libvips(work, source, target, **options):
    import pyvips
    if work == "thumbnail":
        pyvips.Image.thumbnail(source, 256).jpegsave(target, Q=80)
        return
    # A median looks back further than a sequential reader keeps rows.
    image = pyvips.Image.new_from_file(source, access="random" if work == "median" else "sequential")
    image = {
        "resize": lambda: image.resize(0.5, kernel="lanczos3"),
        "blur": lambda: image.gaussblur(5),
        "median": lambda: image.median(5),
        "gray": lambda: image.colourspace("b-w"),
    }[work]()
    image.pngsave(target, compression=LEVEL, **options)


def libvips_adaptive(work, source, target):
    """libvips writes PNG without row filters unless it is told otherwise."""
    libvips(work, source, target, filter="all")


def graphicsmagick(work, sources, folder):
    options = {
        "resize": "-filter Lanczos -resize 50%", "blur": "-blur 0x5", "median": "-median 2",
        "gray": "-colorspace Gray", "thumbnail": "-size 512x512 -resize 256x256 -quality 80",
    }[work].split()
    extension = EXTENSIONS[work].removeprefix(".")
    return ["gm", "mogrify", "-create-directories", "-output-directory", folder, "-format", extension, *options, *sources]


def vipsthumbnail(work, sources, folder):
    size, suffix = ("256", ".jpg[Q=80]") if work == "thumbnail" else ("1280x1280", f".png[compression={LEVEL}]")
    return ["vipsthumbnail", "-s", size, "-o", f"{folder}/%s{suffix}", *sources]


LIBRARIES = {"pillow": pillow, "opencv": opencv, "libvips": libvips, "libvips-adaptive": libvips_adaptive}
"""Called for one image each, in a pool of processes."""

PROGRAMS = {"gm": graphicsmagick, "vipsthumbnail": vipsthumbnail}
"""Called once for each process, with its share of the images."""

EXTENSIONS = {"resize": ".png", "blur": ".png", "median": ".png", "gray": ".png", "thumbnail": ".jpg"}


def can(peer, work):
    """Whether the peer is installed and has something for this work."""
    if peer in PROGRAMS and not shutil.which(peer):
        return False
    if peer == "libvips-adaptive":
        return work != "thumbnail"
    return peer != "vipsthumbnail" or work in ("resize", "thumbnail")


def do(job):
    peer, work, source, target = job
    LIBRARIES[peer](work, source, target)


def run(peer, work, jobs, sources, folder):
    os.environ.update(VIPS_CONCURRENCY="1", OMP_NUM_THREADS="1")
    if peer in PROGRAMS:
        shares = [sources[first::jobs] for first in range(jobs)]
        children = [subprocess.Popen(PROGRAMS[peer](work, share, folder), stdout=subprocess.DEVNULL) for share in shares if share]
        if any([child.wait() for child in children]):
            raise SystemExit(f"{peer} failed")
        return
    targets = [os.path.join(folder, pathlib.Path(source).stem + EXTENSIONS[work]) for source in sources]
    with multiprocessing.Pool(jobs) as pool:
        parts = max(1, min(8, len(sources) // (4 * jobs)))
        pool.map(do, [(peer, work, *names) for names in zip(sources, targets)], chunksize=parts)


if __name__ == "__main__":
    peer, work, jobs, source, target = sys.argv[1:]
    sources = sorted(str(path.resolve()) for path in pathlib.Path(source).iterdir())
    folder = pathlib.Path(target).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    begin = time.perf_counter()
    run(peer, work, int(jobs), sources, str(folder))
    print(time.perf_counter() - begin)
