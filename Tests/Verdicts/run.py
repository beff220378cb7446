#!/usr/bin/env python3
"""Makes one part of a run slow at a time, and looks whether the verdict names it.

usage: run.py PIXLOOM [WORD...]

With words, only the cases whose names have one of them. Each case runs five times in threads and
five times in processes (PIXLOOM_ROUNDS changes that), and the verdict must be right each time. Times
decide, so nothing else should be at work on the machine. Ends with 1 if a verdict is wrong.
"""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from cases import CASES, CORES, Case

ROUNDS = int(os.environ.get("PIXLOOM_ROUNDS", 5))
PHOTO_COUNT = 120
FIXTURES = Path(__file__).resolve().parents[2] / "Fixtures" / "photos"


def make_photos(folder: Path) -> list[Path]:
    """As many photographs as a run needs to tell anything, which are copies of few."""
    folder.mkdir()
    originals = sorted(path for path in FIXTURES.rglob("*") if path.is_file())
    made = []
    for number in range(PHOTO_COUNT):
        original = originals[number % len(originals)]
        made.append(folder / f"{number:03}{original.suffix}")
        shutil.copyfile(original, made[-1])
    return made


def verdict(pixloom: Path, case: Case, mode: str, photos: list[Path], folder: Path) -> dict:
    """The summary of one run."""
    folder.mkdir()
    try:
        with case.inputs(photos, folder) as given:
            run = subprocess.run(
                [pixloom, *given.words, "-o", folder / "out", "--mode", mode, "--json",
                 "--progress", "never", "--quiet", *case.options],
                stdin=given.descriptor if given.descriptor is not None else subprocess.DEVNULL,
                capture_output=True, text=True, timeout=120)
        if run.returncode != 0:
            raise SystemExit(f"{case.name}: exit {run.returncode}: {run.stderr.strip()[:300]}")
        return json.loads(run.stdout.splitlines()[-1])["summary"]
    finally:
        shutil.rmtree(folder)


def reason_to_leave_out(case: Case) -> str | None:
    if case.needs_root and (os.geteuid() != 0 or not os.path.exists("/dev/fuse")):
        return "needs root and /dev/fuse"
    if CORES < case.least_cores:
        return f"needs {case.least_cores} cores"
    return None


def main(arguments: list[str]) -> int:
    if not arguments:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    pixloom = Path(arguments[0]).resolve()
    words = arguments[1:]
    wrong = 0
    with contextlib.ExitStack() as stack:
        root = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pixloom-verdicts-")))
        photos = make_photos(root / "photos")
        print(f"{'case':<32} {'mode':<10} {'right':<8} the last sentence", flush=True)
        for case in CASES:
            if words and not any(word in case.name for word in words):
                continue
            if reason := reason_to_leave_out(case):
                print(f"{case.name:<32} left out: {reason}", flush=True)
                continue
            for mode in ["threads", "processes"]:
                summaries = [
                    verdict(pixloom, case, mode, photos, root / "run") for _ in range(ROUNDS)]
                named = Counter(summary["bottleneck"] for summary in summaries)
                right = named[case.bottleneck]
                wrong += ROUNDS - right
                mark = "" if right == ROUNDS else f"  WRONG: {dict(named)}"
                print(f"{case.name:<32} {mode:<10} {right} of {ROUNDS:<3} "
                      f"{summaries[-1]['verdict']}{mark}", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
