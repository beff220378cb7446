#!/usr/bin/env python3
"""Breaks things while pixloom works, and says which promises hold.

usage: run.py PIXLOOM [NUMBER...]

PIXLOOM is the executable; `pixloom-worker` and `misbehaving-worker` lie beside it. Numbers are those
of the promises; without any, all are tried. Ends with 1 if a promise is broken.
"""

import sys
import time
from pathlib import Path

from harness import FAULTS, Bench, Broken, Skipped

import environment  # noqa: F401: each module adds its faults to the table
import files  # noqa: F401
import images  # noqa: F401
import memory  # noqa: F401
import names  # noqa: F401
import processes  # noqa: F401
import runs  # noqa: F401


def main(arguments: list[str]) -> int:
    if not arguments:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    wanted = {int(number) for number in arguments[1:]}
    bench = Bench(Path(arguments[0]).resolve())
    broken = skipped = 0
    print(f"seed {bench.seed} (PIXLOOM_SEED={bench.seed} repeats it)")
    print(f"{'no':>3}  {'fault':<52} {'times':>5} {'s':>5}  result", flush=True)
    try:
        for fault in sorted(FAULTS, key=lambda fault: fault.number):
            if wanted and fault.number not in wanted:
                continue
            start = time.monotonic()
            try:
                with bench.folder() as folder:
                    times, result = fault.inject(bench, folder), "holds: " + fault.promise
            except Skipped as reason:
                times, result = 0, f"SKIPPED: {reason}"
                skipped += 1
            except Broken as reason:
                times, result = 0, f"BROKEN: {fault.promise}: {reason}"
                broken += 1
            except Exception as error:  # The suite's own fault, which shows nothing either.
                times, result = 0, f"BROKEN: the suite: {type(error).__name__}: {error}"
                broken += 1
            seconds = time.monotonic() - start
            print(
                f"{fault.number:>3}  {fault.name:<52} {times or '-':>5} {seconds:>5.0f}  {result}",
                flush=True)
    finally:
        bench.close()
    print(f"{broken} broken, {skipped} skipped")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
