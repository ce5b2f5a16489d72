"""Fetch the fonts of paper (Liberation Serif and Sans 2.1.5) into planner/paper/fonts/ with licence, sums, coverage.

A developer runs it by hand on Debian or Ubuntu after changing the version below; nothing runs it at run time.
Debian 12's older `fonts-liberation` lacks all Vietnamese letters: only `fonts-liberation2` will do.

    uv run --no-project --with fonttools deploy/fonts.py
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import tempfile
from itertools import groupby
from pathlib import Path

from fontTools.ttLib import TTFont

FOLDER = Path(__file__).resolve().parent.parent / "planner" / "paper" / "fonts"
PACKAGE, VERSION = "fonts-liberation2", "2.1.5"
FACES = ("Serif-Regular", "Serif-Bold", "Serif-Italic", "Serif-BoldItalic", "Sans-Regular", "Sans-Bold")


def fetch() -> dict[str, bytes]:
    """The font files and their licence, by the name they get here."""
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run(["apt-get", "download", "-q", PACKAGE], cwd=scratch, check=True)
        (archive,) = Path(scratch).glob("*.deb")
        if VERSION not in archive.name:
            raise SystemExit(f"found {archive.name}, wanted version {VERSION}")
        subprocess.run(["dpkg-deb", "-x", archive.name, "."], cwd=scratch, check=True)
        fonts = Path(scratch) / "usr/share/fonts/truetype/liberation2"
        files = {f"Liberation{face}.ttf": (fonts / f"Liberation{face}.ttf").read_bytes() for face in FACES}
        return files | {"LICENSE": (Path(scratch) / "usr/share/doc" / PACKAGE / "copyright").read_bytes()}


def coverage() -> list[list[int]]:
    """The characters that every face can draw, as [first, last] code points."""
    drawn = [set(TTFont(path).getBestCmap()) for path in sorted(FOLDER.glob("*.ttf"))]
    ordered = enumerate(sorted(set.intersection(*drawn)))
    runs = (list(run) for _, run in groupby(ordered, key=lambda pair: pair[1] - pair[0]))
    return [[run[0][1], run[-1][1]] for run in runs]


def advances(face: str) -> dict[str, int]:
    """How wide each character is in a face, in thousandths of an em."""
    font = TTFont(FOLDER / f"Liberation{face}.ttf")
    units, widths = font["head"].unitsPerEm, font["hmtx"]
    return {chr(code): round(widths[name][0] * 1000 / units) for code, name in font.getBestCmap().items()}


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    contents = fetch()
    for name, content in contents.items():
        (FOLDER / name).write_bytes(content)
    note = {
        "name": PACKAGE,
        "version": VERSION,
        "licence": "OFL-1.1",
        "files": {name: hashlib.sha256(contents[name]).hexdigest() for name in sorted(contents)},
        "coverage": coverage(),
    }
    (FOLDER / "vendor.json").write_text(json.dumps(note) + "\n")
    measured = {face: advances(face) for face in FACES if "Italic" not in face}
    (FOLDER / "advances.json").write_text(
        json.dumps(measured, separators=(",", ":"), ensure_ascii=False) + "\n"
    )
