"""Clocks and surroundings that are not as usual: promises 54 and 55."""

import os
from pathlib import Path

from harness import Bench, Run, check, check_same, fault, need


@fault(54, "a wall clock that jumps", "deadlines are monotonic")
def jumping_clock(bench: Bench, folder: Path) -> int:
    faketime = need("faketime")
    images = bench.images(folder / "in", 60)
    expected = bench.reference(images)
    # A day in each second, forwards and backwards; the library would fake the other clock too.
    environment = {**os.environ, "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1"}
    for number, clock in enumerate(["+0 x86400", "-10y x86400", "@2038-01-19 03:14:00 x86400"]):
        output = folder / f"out-{number}"
        command = bench.command(images, output, "--timeout", "20s")
        Run([faketime, "-f", clock, *command], env=environment).end().expect(0)
        check_same(output, expected)
    return 3


@fault(55, "no environment, locale C, a folder that is gone", "works")
def bare_environment(bench: Bench, folder: Path) -> int:
    images = bench.images(folder / "in", 30)
    expected = bench.reference(images)
    environments = [{}, {"LC_ALL": "C"}, {"HOME": "/nowhere", "TMPDIR": "/nowhere"}]
    for number, environment in enumerate(environments):
        output = folder / f"out-{number}"
        bench.convert(images, output, env=environment).expect(0)
        check_same(output, expected)
    gone = folder / "gone"
    gone.mkdir()
    command = " ".join(f"'{word}'" for word in bench.command(images, folder / "out-gone"))
    Run(["sh", "-c", f"cd '{gone}'; rmdir '{gone}'; exec {command}"]).end().expect(0)
    check_same(folder / "out-gone", expected)
    check(not list(Path("/nowhere").parent.glob("nowhere*")), "something was made elsewhere")
    return len(environments) + 1
