"""Fetch the pinned front-end files into static/vendor/ (and the tests' own) with their licences and sums.

A developer runs it by hand after changing a version or an icon below; nothing runs it at run time.
It needs `npm` on the PATH (only `npm pack`, no install) and the standard library.

    python deploy/vendor.py            # fetch everything anew
    python deploy/vendor.py --check    # compare the files with their vendor.json
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
TEST_VENDOR = ROOT / "tests" / "browser" / "vendor"
SUBSETS = ("latin", "vietnamese")
WEIGHTS = (400, 600, 700)
ICONS = """
archive armchair arrow-down arrow-left arrow-right arrow-up arrow-up-down badge-check ban bell building-2
calendar-check calendar-clock calendar-days calendar-plus calendar-range calendar-x camera car chart-column
check chevron-down chevron-left chevron-right chevron-up circle circle-alert circle-check circle-dot
circle-help circle-user circle-x clock copy door-open download ellipsis external-link eye eye-off file-check
file-plus file-text filter flag gauge gavel grip-vertical hand history hourglass house id-card inbox info
key-round landmark languages layout-grid link list list-checks list-ordered lock log-in log-out mail
mail-check mail-warning mail-x map-pin menu mic minus monitor moon move network octagon-alert paperclip
pencil phone plus presentation printer projector qr-code refresh-cw repeat rotate-cw save scan-line search
send server settings shield shield-check split star sun sun-moon table tag ticket trash-2 triangle-alert tv
undo-2 upload user user-check user-cog user-plus user-x users users-round utensils video video-off volume-2
wifi wifi-off x
""".split()  # noqa: SIM905 (a list of a hundred words reads better unquoted)


@dataclass(frozen=True)
class Package:
    """One npm package at one version and the files of it that are served."""

    npm: str
    name: str
    version: str
    licence: str
    files: tuple[tuple[str, str], ...]
    """Pairs of path inside the package and path inside the folder <name>-<version>."""
    home: Path = VENDOR

    @property
    def folder(self) -> Path:
        return self.home / f"{self.name}-{self.version}"


PACKAGES = (
    Package(
        npm="@fontsource/be-vietnam-pro",
        name="be-vietnam-pro",
        version="5.3.0",
        licence="OFL-1.1",
        files=tuple(
            (f"files/be-vietnam-pro-{subset}-{weight}-normal.woff2", f"{subset}-{weight}.woff2")
            for subset in SUBSETS
            for weight in WEIGHTS
        ),
    ),
    Package(
        npm="lucide-static",
        name="lucide",
        version="1.62.0",
        licence="ISC",
        files=tuple((f"icons/{icon}.svg", f"{icon}.svg") for icon in ICONS),
    ),
    Package(
        npm="axe-core",
        name="axe-core",
        version="4.14.1",
        licence="MPL-2.0",
        files=(("axe.min.js", "axe.min.js"),),
        home=TEST_VENDOR,
    ),
)


def fetch(package: Package) -> None:
    """Write the package's files, LICENSE and vendor.json; an earlier copy of the version is replaced."""
    with tempfile.TemporaryDirectory() as scratch:
        spec = f"{package.npm}@{package.version}"
        subprocess.run(["npm", "pack", "--silent", spec], cwd=scratch, check=True)
        (archive,) = Path(scratch).glob("*.tgz")
        with tarfile.open(archive) as pack:
            wanted = {**dict(package.files), "LICENSE": "LICENSE"}
            contents = {target: read(pack, source) for source, target in wanted.items()}
    package.folder.mkdir(parents=True, exist_ok=True)
    for stale in package.folder.iterdir():
        stale.unlink()
    for target, content in contents.items():
        (package.folder / target).write_bytes(content)
    note = {
        "name": package.name,
        "version": package.version,
        "licence": package.licence,
        "files": {target: digest(contents[target]) for target in sorted(contents)},
    }
    (package.folder / "vendor.json").write_text(json.dumps(note, indent=1) + "\n")


def read(pack: tarfile.TarFile, path: str) -> bytes:
    """One file of the package, as it is."""
    member = pack.extractfile(f"package/{path}")
    if member is None:
        raise SystemExit(f"{path} is no file in the package")
    return member.read()


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def wrong_files() -> list[str]:
    """Paths under both vendor folders that are missing, changed or in no vendor.json."""
    wrong = []
    folders = [path for home in (VENDOR, TEST_VENDOR) for path in home.iterdir() if path.is_dir()]
    for folder in sorted(folders):
        note = json.loads((folder / "vendor.json").read_text())
        found = {str(p.relative_to(folder)): p for p in folder.rglob("*") if p.is_file()}
        found.pop("vendor.json")
        sums = {path: digest(file.read_bytes()) for path, file in found.items()}
        wrong += [
            f"{folder.name}/{path}"
            for path in sorted(sums.keys() | note["files"].keys())
            if sums.get(path) != note["files"].get(path)
        ]
    return wrong


if __name__ == "__main__":
    if "--check" not in sys.argv:
        for one in PACKAGES:
            fetch(one)
    if problems := wrong_files():
        raise SystemExit("\n".join(problems))
