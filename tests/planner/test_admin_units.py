"""The administrative units: as many as there are, each with its parent, the old ones with successors."""

import csv
import hashlib
import sqlite3
import zipfile
from collections import Counter
from pathlib import Path

from planner.vietnamese import fold, text_key, units
from planner.vietnamese.units import FormerUnit, refresh

STANDING = {unit.code: unit for unit in units.standing()}
OLD = {(len(unit.code), unit.code): unit for unit in units.former()}


def old(name: str, *, below: str) -> FormerUnit:
    """The one former unit of a name below a former unit of that name."""
    [found] = [
        unit for unit in units.former() if unit.name == name and unit.parent and OLD[_key(unit)].name == below
    ]
    return found


def _key(unit: FormerUnit) -> tuple[int, str]:
    return len(unit.parent), unit.parent


def test_the_country_has_34_provinces_and_3321_units_below_them():
    assert Counter(unit.kind for unit in units.standing()) == {
        "province": 34,
        "commune": 2621,
        "ward": 687,
        "special_zone": 13,
    }
    assert len(STANDING) == 34 + 3321
    assert {STANDING[unit.parent].kind for unit in units.standing() if unit.parent} == {"province"}


def test_before_the_reform_there_were_three_tiers():
    kinds = Counter(unit.kind for unit in units.former())

    assert (kinds["province"], kinds["district"]) == (63, 696)
    assert kinds["commune"] + kinds["ward"] + kinds["township"] == 10_035
    tiers = {"district": {2}, "commune": {3}, "ward": {3}, "township": {3}, "province": {0}}
    assert all(len(unit.parent) in tiers[unit.kind] for unit in units.former())
    assert all(unit.kind == "province" or _key(unit) in OLD for unit in units.former())


def test_every_unit_took_over_from_some_and_every_old_one_has_a_successor():
    heirs = {code for unit in units.former() for code in unit.successors}
    childless = [unit.name for unit in units.former() if unit.kind == "district" and unit.successors]

    assert heirs == STANDING.keys()
    assert all(unit.successors for unit in units.former() if unit.kind != "district")
    assert sorted(childless, key=text_key) == [
        "Huyện Bạch Long Vĩ",
        "Huyện Cồn Cỏ",
        "Huyện Côn Đảo",
        "Huyện Hoàng Sa",
        "Huyện Lý Sơn",
    ]


def test_known_mergers_are_told():
    phuoc_loc, an_hai_bac = (
        old("Xã Phước Lộc", below="Huyện Nhà Bè"),
        old("Phường An Hải Bắc", below="Quận Sơn Trà"),
    )
    ha_giang = OLD[2, "02"]

    assert [STANDING[code].name for code in an_hai_bac.successors] == ["Phường An Hải"]
    assert [STANDING[code].name for code in phuoc_loc.successors] == ["Xã Nhà Bè"]
    assert (ha_giang.name, [STANDING[code].name for code in ha_giang.successors]) == (
        "Tỉnh Hà Giang",
        ["Tỉnh Tuyên Quang"],
    )


def test_a_unit_that_goes_on_is_known_by_code_and_name():
    assert units.goes_on(OLD[2, "01"])  # Hà Nội
    assert not units.goes_on(OLD[2, "02"])  # Hà Giang
    assert sum(units.goes_on(unit) for unit in units.former() if unit.kind == "province") == 27


def test_the_units_that_offices_write_are_found_by_folded_name():
    names = {fold(unit.name) for unit in units.standing()}

    assert {"xa duy xuyen", "phuong an hai", "xa ea pal", "dac khu con dao", "xa tan phuoc 1"} <= names


def test_the_licence_and_the_source_stand_beside_the_data():
    folder = Path(units.__file__).parent

    assert "MIT License" in (folder / "LICENSE").read_text()
    assert "vietnamadminunits 1.0.4" in (folder / "SOURCE.txt").read_text()


def test_the_refresh_reads_the_package_and_writes_the_same_each_time(tmp_path: Path):
    wheel = a_small_package(tmp_path / "vietnamadminunits-1.0.4-py3-none-any.whl")

    assert refresh.refresh(wheel, tmp_path) == (3, 5)
    first = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    refresh.refresh(wheel, tmp_path)

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == first
    assert list(csv.reader((tmp_path / "former_units.csv").open())) == [
        ["code", "name", "kind", "parent", "successors"],
        ["01", "Tỉnh Cũ", "province", "", "08"],
        ["001", "Huyện Cũ", "district", "01", ""],
        ["002", "Huyện Đảo", "district", "01", "00009"],
        ["00004", "Thị trấn Cũ", "township", "001", "00004"],
        ["00005", "Xã Chia", "commune", "001", "00004 00009"],
    ]
    assert hashlib.sha256(wheel.read_bytes()).hexdigest() in (tmp_path / "SOURCE.txt").read_text()


def a_small_package(path: Path) -> Path:
    """A wheel of the real one's shape: one province, two new units, two communes and an island before."""
    database = path.with_suffix(".db")
    connection = sqlite3.connect(database)
    new = ("provinceCode", "province", "provinceKey", "wardCode", "ward", "wardKey")
    before = (*new, "districtCode", "district", "districtKey")
    connection.execute(f"CREATE TABLE admin_units ({', '.join(new)})")
    connection.execute(f"CREATE TABLE admin_units_legacy ({', '.join(before)})")
    connection.executemany(
        "INSERT INTO admin_units VALUES (?, ?, ?, ?, ?, ?)",
        [
            ("08", "Tỉnh Mới", "tinhmoi", "00004", "Xã Mới", "xamoi"),
            ("08", "Tỉnh Mới", "tinhmoi", "00009", "Đặc khu Đảo", "dackhudao"),
        ],
    )
    connection.executemany(
        "INSERT INTO admin_units_legacy VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            ("01", "Tỉnh Cũ", "tinhcu", "00004", "Thị trấn Cũ", "thitrancu", "001", "Huyện Cũ", "huyencu"),
            ("01", "Tỉnh Cũ", "tinhcu", "00005", "Xã Chia", "xachia", "001", "Huyện Cũ", "huyencu"),
            ("01", "Tỉnh Cũ", "tinhcu", None, None, None, "002", "Huyện Đảo", "huyendao"),
        ],
    )
    connection.commit()
    connection.close()
    converter = """{
        "DICT_PROVINCE_WARD_NO_DIVIDED": {"tinhmoi": {
            "xamoi": ["tinhcu_huyencu_thitrancu"], "dackhudao": ["tinhcu_huyendao_"]}},
        "DICT_PROVINCE_WARD_DIVIDED": {"tinhmoi": {"tinhcu_huyencu_xachia": [
            {"newWardKey": "xamoi"}, {"newWardKey": "dackhudao"}]}}
    }"""
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.write(database, "vietnamadminunits/data/dataset.db")
        wheel.writestr("vietnamadminunits/data/converter_2025.json", converter)
        wheel.writestr("vietnamadminunits-1.0.4.dist-info/licenses/LICENSE", "MIT License")
    database.unlink()
    return path
