"""Makes the files of this folder, all from one seed: `make fixtures` runs it.

Nothing here depends on the date, the machine or, but for one photograph, files from elsewhere. The same versions of the
packages in requirements.txt give the same bytes. Each name must fit a row of README.md.
"""

import fnmatch
import pathlib
import re
import shutil

from PIL import Image
import numpy

from making import golden, malformed, photographs, pixels, valid_other, valid_png

HERE = pathlib.Path(__file__).resolve().parent


def written(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


class ValidImages:
    """The folders `valid` and `expected`, which belong together."""

    def __init__(self):
        self.data = {}

    def image(self, name, data, samples, depth, upright=None):
        """Writes a file, the pixels that it must give, and those after its orientation is applied."""
        assert name not in self.data, f"{name} is made twice"
        self.data[name] = data
        written(HERE / "valid" / name, data)
        written(HERE / "expected" / f"{name}.pam", pixels.pam(samples, depth))
        if upright is not None:
            written(HERE / "expected/upright" / f"{name}.pam", pixels.pam(upright, depth))


def check_readme():
    """Says which files no row of README.md describes, and which rows describe no file."""
    patterns = re.findall(r"^\| `([^`]+)` \|", (HERE / "README.md").read_text(), re.MULTILINE)
    names = {str(path.relative_to(HERE)) for path in HERE.rglob("*") if path.is_file()}
    names = {name for name in names if name.split("/")[0] in FOLDERS}
    described = {pattern: fnmatch.filter(names, pattern) for pattern in patterns}
    unknown = sorted(names.difference(*described.values()))
    idle = [pattern for pattern, found in described.items() if not found]
    if unknown or idle:
        raise SystemExit(f"README.md: not described: {unknown}; describe nothing: {idle}")


FOLDERS = ("photos", "valid", "expected", "malformed", "golden")

if __name__ == "__main__":
    for folder in FOLDERS:
        shutil.rmtree(HERE / folder, ignore_errors=True)
    images = ValidImages()
    valid_png.make(images)
    valid_other.make(images)
    malformed.make(lambda name, data: written(HERE / "malformed" / name, data))
    photographs.make(lambda name, data: written(HERE / "photos" / name, data))
    photograph = numpy.array(Image.open(HERE / "making/chelsea_128x92.png"))
    golden.make(lambda name, data: written(HERE / "golden" / name, data), photograph)
    check_readme()
