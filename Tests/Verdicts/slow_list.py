"""A list of inputs whose writer takes its time, such as a search over a large disk."""

import contextlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def slow_list(files: list[Path], seconds: float) -> Iterator[int]:
    """Writes a line every so long; gives the descriptor to read them from."""
    reader, writer = os.pipe()
    is_over = threading.Event()

    def write() -> None:
        with contextlib.suppress(BrokenPipeError), open(writer, "w") as lines:
            for file in files:
                print(file, file=lines, flush=True)
                if is_over.wait(seconds):
                    return

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield reader
    finally:
        os.close(reader)
        is_over.set()
        thread.join()
