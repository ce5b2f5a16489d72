"""Jobs that tests queue for a real worker, by dotted name."""

import time
from pathlib import Path


def note(path: str) -> str:
    """Adds a line to the file at `path`."""
    with Path(path).open("a", encoding="utf-8") as file:
        file.write("done\n")
    return "Noted."


def begin_and_hang_once(path: str) -> str:
    """The first run writes "begun" and never ends; the next one writes "done"."""
    file = Path(path)
    if file.exists():
        return note(path)
    file.write_text("begun\n", encoding="utf-8")
    while True:
        time.sleep(0.1)
