#!/usr/bin/env python3
"""Converts folders of images to PNG in both modes, and compares the pixels with other decoders'.

usage: run.py PIXLOOM [VALID...] [--hostile FOLDER...] [--no-pixels]

PIXLOOM is the executable; one that was built with -sanitize=address shows more. VALID are folders of
images that can be read, FOLDER those of files that nobody needs to read. TIFF and GIF files are made
besides. Every file must end in one outcome, the same in both modes, and no child may die. Of a valid
file that Pillow reads, the pixels must be those of the decoders that `references.py` names, but for the
files in `disagreements.tsv`, where there is a reason. With --no-pixels only outcomes
are looked at. Ends with 1 if anything differs.

Needs Pillow, numpy and OpenCV (requirements.txt), and djpeg, dwebp and tiffcp.
"""

import argparse
import collections
import sys
import tempfile
from pathlib import Path

import making
import references
from disagreements import Disagreements
from outcomes import convert_in_both_modes, kind

KINDS_OF_DEATH = {"worker-crashed", "protocol", "cannot-start", "codec-failed", "out-of-memory", "timed-out"}
SHARE_NEAR_PILLOW = 0.99


class Findings:
    """Counts what was as it must be, and keeps what was not."""

    def __init__(self):
        self.counts = collections.Counter()
        self.faults = []

    def add(self, group, result):
        self.counts[group, result] += 1

    def fault(self, name, what):
        self.faults.append(f"{name}: {what}")

    def print(self):
        for (group, result), count in sorted(self.counts.items()):
            print(f"{count:>6}  {group}: {result}")
        for fault in self.faults:
            print(f"WRONG   {fault}")


def check_outcomes(program, folder, work, findings, group):
    """Converts a folder; returns the outputs by the names of their sources."""
    threads, processes = convert_in_both_modes(program, folder, work)
    for run in (threads, processes):
        for complaint in run.complaints:
            findings.fault(f"{group}, {run.mode}", complaint)
    names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    for name in names:
        first, second = threads.outcomes.get(name, []), processes.outcomes.get(name, [])
        if len(first) != 1 or len(second) != 1:
            findings.fault(name, f"{len(first)} and {len(second)} outcomes")
            continue
        findings.add(group, kind(first[0]))
        for difference in first[0].differences(second[0]):
            findings.fault(name, f"the modes differ: {difference}")
        if first[0].error_kind in KINDS_OF_DEATH:
            findings.fault(name, f"{first[0].error_kind}: {first[0].error_message}")
    return {name: outcomes[0] for name, outcomes in threads.outcomes.items() if len(outcomes) == 1}


def check_pixels(folder, outcomes, disagreements, findings, group, originals):
    """Compares outputs with what others make of the sources, or of what these are copies of."""
    near_pillow = collections.Counter()
    far_from_pillow = []
    for name, outcome in sorted(outcomes.items()):
        path = originals.get(name, folder / name)
        form = references.pillow_format(path)
        if form is None:
            findings.add(group, f"not read by Pillow, {kind(outcome)} by us")
            continue
        if form not in references.FORMATS:
            findings.add(group, f"{form}, a format that we do not read: {outcome.status}")
            continue
        if outcome.output is None:
            accepted = disagreements.use(name, "pixloom")
            findings.add(group, f"{form} refused" + (", as the table says" if accepted else ""))
            if not accepted:
                findings.fault(name, f"Pillow reads it, we: {outcome.error_message}")
            continue
        ours = references.our_pixels(outcome.output)
        for decoder, tolerance, expected in references.of(path, form, ours):
            difference = references.difference(ours, expected)
            if difference > tolerance and disagreements.use(name, decoder):
                findings.add(group, f"{form} other than {decoder}, as the table says")
            elif tolerance > 0:
                near_pillow[difference <= tolerance] += 1
                if difference > tolerance:
                    far_from_pillow.append(f"{name}: {difference} levels from {decoder}")
            elif difference == 0:
                findings.add(group, f"{form} equal to {decoder}")
            else:
                findings.fault(name, f"{difference} levels from {decoder}")
    total = near_pillow.total()
    if total:
        share = near_pillow[True] / total
        findings.add(group, f"lossy files within {references.LOSSY_TOLERANCE} levels of Pillow: {near_pillow[True]} of {total}")
        for line in far_from_pillow:
            print(f"far     {line}")
        if share < SHARE_NEAR_PILLOW:
            findings.fault(group, f"only {share:.1%} of the lossy files are near Pillow's pixels")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=Path)
    parser.add_argument("valid", type=Path, nargs="*")
    parser.add_argument("--hostile", type=Path, nargs="+", default=[])
    parser.add_argument("--no-pixels", action="store_true")
    options = parser.parse_args()
    program = options.program.resolve()
    disagreements = Disagreements(Path(__file__).with_name("disagreements.tsv"))
    findings = Findings()
    print("\n".join(references.versions()))
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        made = scratch / "made"
        originals = making.make(made)
        for number, folder in enumerate(options.valid + [made]):
            group = "made here" if folder == made else folder.name
            outcomes = check_outcomes(program, folder.resolve(), scratch / str(number), findings, group)
            if not options.no_pixels:
                check_pixels(folder.resolve(), outcomes, disagreements, findings, group, originals if folder == made else {})
        for number, folder in enumerate(options.hostile):
            check_outcomes(program, folder.resolve(), scratch / f"hostile{number}", findings, folder.name)
    findings.print()
    disagreements.print()
    print(f"{len(findings.faults)} wrong")
    return 1 if findings.faults else 0


if __name__ == "__main__":
    sys.exit(main())
