"""The files of which another decoder makes something else, and who is right by which clause."""

import csv
import fnmatch


class Disagreements:
    """The rows of `disagreements.tsv`: file (a pattern for its name), decoder, clause, reason.

    The decoder `pixloom` stands for files that we refuse and others read.
    """

    def __init__(self, path):
        with open(path, newline="") as file:
            self.rows = list(csv.DictReader(file, dialect="excel-tab"))
        self.used = {}

    def use(self, name, decoder):
        """Whether a row allows that `decoder` makes something else of the file `name`."""
        for row in self.rows:
            if row["decoder"] == decoder and fnmatch.fnmatch("/" + name, "*/" + row["file"]):
                self.used.setdefault((row["decoder"], row["clause"], row["reason"]), []).append(name)
                return True
        return False

    def print(self):
        for (decoder, clause, reason), names in self.used.items():
            print(f"table   {decoder}, {clause}: {reason}: {', '.join(names)}")
