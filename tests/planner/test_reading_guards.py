"""Whatever is uploaded, the answer is a list or a refusal in plain words, never a crash."""

import datetime as dt
import io
import random
import zipfile
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from planner.paper.reading import packages
from planner.paper.reading.lists import read_people
from planner.paper.reading.problems import FileTooLarge, ImportProblem, NotATable, OldOrLocked
from planner.paper.reading.reasons import sentence
from planner.paper.reading.weeks import read_week
from tests.planner.sheets import saved, xlsx

CASES = Path(__file__).parents[1] / "cases"
TODAY = dt.date(2026, 11, 21)
HEAD = ("STT", "Họ và tên", "Ngày sinh", "Điện thoại", "Email", "Ghi chú")


def read(content):
    return read_people(content, today=TODAY)


def zipped(**parts):
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/") + ".xml", content)
    return output.getvalue()


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", NotATable),
        (b"   \n", NotATable),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, OldOrLocked),
        (b"PK\x03\x04 not a zip", NotATable),
        (zipped(word__document="<w/>"), NotATable),
        (b"%PDF-1.7 \x00\x01\x02", NotATable),
        (b"\x89PNG\r\n\x1a\n\x00\x00", NotATable),
        (b"a" * (packages.MAX_BYTES + 1), FileTooLarge),
        (zipped(xl__workbook="<x/>", xl__worksheets__sheet1=b"0" * (packages.MAX_PART + 1)), FileTooLarge),
    ],
    ids=["empty", "blank", "old", "no zip", "word", "pdf", "picture", "bytes", "bomb"],
)
def test_what_is_no_list_is_refused_by_kind(content, refusal):
    with pytest.raises(refusal) as caught:
        read(content)

    assert type(caught.value) is refusal


def test_a_list_longer_than_any_office_has_is_refused():
    rows = "".join(f"{n},Lê Văn An\n" for n in range(20_001))

    with pytest.raises(FileTooLarge):
        read(f"STT,Họ và tên\n{rows}".encode())


def test_a_cell_in_the_last_corner_of_the_sheet_costs_nothing():
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(HEAD)
    sheet.append((1, "Lê Văn An"))
    sheet["XFD90000"] = "lạc"

    assert [row.full_name for row in read(saved(book)).rows] == ["Lê Văn An"]


def test_formulas_without_a_result_and_excels_errors_are_wrong_cells():
    content = xlsx(HEAD, ("=ROW()-1", "Lê Văn An", "=DATE(1971,2,5)", "=B2&C2", "#N/A", None))

    (row,) = read(content).rows

    assert [(p.code, p.cell) for p in row.problems] == [
        ("formula_empty", "C2"),
        ("formula_empty", "D2"),
        ("formula_empty", "E2"),
    ]
    assert (row.full_name, row.birth_year, row.phones, row.email) == ("Lê Văn An", None, (), "")


def test_every_problem_of_a_list_has_a_sentence_that_names_the_cell():
    content = xlsx(HEAD, (1, "Hường", "31/2/1970", "123", "abc@", "xem lại"))

    (row,) = read(content).rows

    with translation.override("en"):
        assert [sentence(problem) for problem in row.problems] == [
            "B2: “Hường” does not look like a full name. Write family and given name only.",
            "C2: “31/2/1970” is no date of birth. Write it like 05/02/1971, or the year alone.",
            "D2: “123” is no telephone number.",
            "E2: “abc@” is no e-mail address.",
            "F2: it is not clear what the note “xem lại” means.",
        ]


def refusal_of(reading, content):
    """The words of the refusal, or nothing when the content was read."""
    try:
        reading(content)
    except ImportProblem as refusal:
        return str(refusal)
    return None


SOURCES = [(CASES / name).read_bytes() for name in ("delegates-1.xlsx", "delegates-2.xlsx", "week-table.csv")]


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), source=st.sampled_from(SOURCES), hits=st.integers(1, 40))
def test_damaged_bytes_never_crash_the_reader(seed, source, hits):
    dice = random.Random(seed)
    spoilt = bytearray(source)
    for _ in range(hits):
        spoilt[dice.randrange(len(spoilt))] = dice.randrange(256)
    del spoilt[dice.randrange(len(spoilt)) :]

    for reading in (read, lambda content: read_week(content, near=TODAY)):
        assert refusal_of(reading, bytes(spoilt)) != ""


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_damaged_parts_inside_a_whole_package_never_crash_the_reader(seed):
    dice = random.Random(seed)
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(SOURCES[0])) as old, zipfile.ZipFile(output, "w") as new:
        for name in old.namelist():
            part = bytearray(old.read(name))
            for _ in range(dice.choice((0, 0, 1, 5))):
                part[dice.randrange(len(part))] = dice.randrange(256)
            new.writestr(name, bytes(part))

    assert refusal_of(read, output.getvalue()) != ""


CELLS = st.one_of(
    st.none(),
    st.text(max_size=40),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.datetimes(dt.datetime(1900, 3, 1), dt.datetime(2100, 1, 1)),
    st.sampled_from(
        [
            "Lê Văn An",
            "I",
            "Tổng số: 5",
            "x",
            "vắng",
            "dự mục 99-1",
            "1/1/1",
            "0912345678",
            "Nam",
            "Nữ",
            "MẬT ONG",
        ]
    ),
)


@settings(max_examples=150, deadline=None)
@given(rows=st.lists(st.lists(CELLS, max_size=9), max_size=12))
def test_any_cells_under_a_head_become_rows_or_a_refusal(rows):
    from planner.paper.reading.columns import find_head
    from planner.paper.reading.sheets import Row, Sheet
    from planner.paper.reading.tables import Table

    head = (
        "STT",
        "Họ và tên",
        "Ngày sinh",
        "Giới tính",
        "Chức vụ",
        "Đơn vị",
        "Điện thoại",
        "Email",
        "Ghi chú",
    )
    sheet = Sheet("", tuple(Row.of(line, values) for line, values in enumerate([head, *rows], start=1)))
    found = find_head(sheet)
    assert found is not None

    for row in Table(sheet, found, TODAY).people():
        assert 2 <= row.line <= len(rows) + 1
        assert all(sentence(problem) for problem in row.problems)
