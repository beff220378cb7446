"""Makes folders of real images out of Debian packages, which are downloaded but not installed.

usage: photos.py DIR

DIR/photographs-jpeg   15 photographs of 2560x1600 from the wallpapers of MATE and Plasma
DIR/photographs-png    the same as PNG, zlib level 6
DIR/icons              6,000 icons, most of 16 to 64 pixels
"""

import multiprocessing
import pathlib
import shutil
import subprocess
import sys
import tempfile

from PIL import Image

PACKAGES = ["mate-backgrounds", "plasma-workspace-wallpapers", "gnome-icon-theme", "oxygen-icon-theme"]


def unpacked(folder):
    """The files of the packages, in the order of their names; links are left out."""
    # With lists of its own apt needs none of the system's, which may be old or missing, nor root to
    # renew them. (Root's apt would download as another user, who may not write here.)
    lists = folder / "lists"
    lists.mkdir()
    options = ["-qq", "-o", "APT::Sandbox::User=root", "-o", f"Dir::State::Lists={lists}",
               "-o", f"Dir::Cache={folder}"]
    subprocess.run(["apt-get", "update", *options], check=True)
    subprocess.run(["apt-get", "download", *options, *PACKAGES], cwd=folder, check=True)
    for package in folder.glob("*.deb"):
        subprocess.run(["dpkg-deb", "-x", package, folder / "files"], check=True)
    return sorted(path for path in (folder / "files").rglob("*") if path.is_file() and not path.is_symlink())


def is_photograph(path):
    """Whether the size is right and the file so large that it is no drawing."""
    if path.suffix != ".jpg" or path.stat().st_size <= 250_000:
        return False
    with Image.open(path) as image:
        return image.size == (2560, 1600)


def numbered(paths, folder):
    """Copies files under numbers, so that the set is the same whatever its names."""
    folder.mkdir()
    for number, path in enumerate(paths, 1):
        shutil.copy(path, folder / f"{number:04}{path.suffix}")


def convert(paths):
    source, target = paths
    Image.open(source).convert("RGB").save(target, compress_level=6)


def make(target):
    with tempfile.TemporaryDirectory() as folder:
        files = unpacked(pathlib.Path(folder))
        numbered(filter(is_photograph, files), target / "photographs-jpeg")
        numbered([path for path in files if path.suffix == ".png" and "icons" in path.parts][:6000], target / "icons")
    photographs = sorted((target / "photographs-jpeg").iterdir())
    (target / "photographs-png").mkdir()
    with multiprocessing.Pool() as pool:
        pool.map(convert, [(path, target / "photographs-png" / f"{path.stem}.png") for path in photographs], chunksize=1)


if __name__ == "__main__":
    target = pathlib.Path(sys.argv[1])
    if not target.exists():
        # Whole or not at all: an interrupted run leaves nothing that looks finished.
        unfinished = target.with_name(target.name + ".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        make(unfinished)
        unfinished.rename(target)
    for folder in sorted(target.iterdir()):
        sizes = [path.stat().st_size for path in folder.iterdir()]
        print(f"{folder}: {len(sizes)} files, {sum(sizes) / 1e6:.1f} MB")
