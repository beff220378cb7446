"""What pixloom makes of a folder: its outcomes and its outputs."""

import base64
import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Outcome:
    """How one file ended."""

    status: str
    error_kind: str | None
    error_message: str | None
    output: Path | None

    def differences(self, other):
        """What is not the same in the other mode."""
        for name in ("status", "error_kind", "error_message"):
            if getattr(self, name) != getattr(other, name):
                yield f"{getattr(self, name)} and {getattr(other, name)}"
        if self.output and other.output and self.output.read_bytes() != other.output.read_bytes():
            yield f"other bytes in {self.output.name}"


def kind(outcome):
    """The outcome in a word or two, for counting."""
    return f"{outcome.status} ({outcome.error_kind})" if outcome.error_kind else outcome.status


@dataclass
class Run:
    """One run over a folder."""

    mode: str
    outcomes: dict[str, list[Outcome]]
    complaints: list[str]


def convert_in_both_modes(program, folder, work):
    """Converts everything in `folder` to PNG, below `work`."""
    return [convert(program, folder, work / mode, mode) for mode in ("threads", "processes")]


def convert(program, folder, output, mode):
    command = [
        program, folder, "-o", output / "{index}.{ext}", "-f", "png", "--png-effort", "fast", "--mode", mode, "--json",
        # Filters that undo each other, so that children have something to do.
        "--filter", "flip:vertical", "--filter", "flip:vertical",
        "--hidden", "--no-ledger", "--progress", "never", "--max-bytes", "1G", "--timeout", "10m", "--memory", "4G",
    ]
    # Swift's runtime keeps what it has allocated once.
    environment = {"ASAN_OPTIONS": "detect_leaks=0"} | os.environ
    ending = subprocess.run([str(word) for word in command], capture_output=True, env=environment)
    complaints = []
    if ending.returncode not in (0, 1):
        complaints.append(f"ended with {ending.returncode}")
    errors = ending.stderr.decode(errors="replace")
    if "Sanitizer" in errors:
        complaints.append(errors)
    outcomes = {}
    for line in ending.stdout.splitlines():
        object = json.loads(line)
        if "summary" in object:
            continue
        source = base64.b64decode(object["sourceBytes"]) if "sourceBytes" in object else object["source"].encode()
        name = os.path.relpath(os.fsdecode(source), folder)
        error = object.get("error", {})
        written = output / object["destination"] if object["status"] == "converted" else None
        outcomes.setdefault(name, []).append(
            Outcome(object["status"], error.get("kind"), error.get("message"), written))
    return Run(mode, outcomes, complaints)
