"""Whole lists as offices have them, row by row."""

import datetime as dt
import json
from pathlib import Path

import pytest
from openpyxl import Workbook

from planner.paper.reading import people
from planner.paper.reading.lists import read_people
from planner.paper.reading.problems import NoHeadRow, SecrecyMark
from tests.planner.sheets import saved, xlsx

CASES = Path(__file__).parents[1] / "cases"
TODAY = dt.date(2026, 11, 21)
HEAD = ("STT", "Họ và tên", "Chức vụ", "Đơn vị", "Điện thoại", "Ghi chú")


def read(content):
    return read_people(content, today=TODAY)


def shown(row):
    """A row as the expected files write it: plain values, "nguyên" before former posts, problems by cell."""
    plain = {"line": row.line, **people.as_json(row)}
    plain["posts"] = [("nguyên " if post.is_former else "") + post.title for post in row.posts]
    if row.problems:
        plain["problems"] = [f"{p.doubt} {p.code} {p.cell}" for p in row.problems]
    return plain


@pytest.mark.parametrize("name", ["delegates-1", "delegates-2"])
def test_every_row_of_an_offices_list_comes_out_exactly(name):
    expected = json.loads((CASES / f"{name}.json").read_text())

    found = read((CASES / f"{name}.xlsx").read_bytes())

    assert [shown(row) for row in found.rows] == expected


@pytest.mark.parametrize(("name", "total", "groups"), [("delegates-1", 140, 6), ("delegates-2", 90, 4)])
def test_groups_and_totals_are_told_from_people(name, total, groups):
    found = read((CASES / f"{name}.xlsx").read_bytes())

    (sheet,) = found.sheets
    assert (sheet.head_line, sheet.said_total, len(found.rows), len(sheet.groups)) == (
        7,
        total,
        total,
        groups,
    )
    assert [text for _, text in sheet.skipped] == ["T/L BAN THƯỜNG VỤ", "CHÁNH VĂN PHÒNG"]


def test_a_row_survives_storing():
    rows = read((CASES / "delegates-2.xlsx").read_bytes()).rows

    again = [people.from_json(people.as_json(row), sheet=row.sheet, line=row.line) for row in rows]

    assert [people.as_json(row) for row in again] == [people.as_json(row) for row in rows]
    assert [row.note for row in again] == [row.note for row in rows]


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("Họ tên đại biểu", "name"),
        ("HỌ, CHỮ ĐỆM VÀ TÊN", "name"),
        ("Họ và tên cán bộ", "name"),
        ("Đại biểu", "name"),
        ("Full name", "name"),
    ],
)
def test_the_name_column_has_many_names(label, field):
    found = read(xlsx(("TT", label, "Chức danh"), (1, "LÊ VĂN AN", "Bí thư")))

    assert found.sheets[0].columns[field] == label
    assert found.rows[0].full_name == "Lê Văn An"


@pytest.mark.parametrize(
    ("label", "value", "attribute", "expected"),
    [
        ("Ngày, tháng, năm sinh", "5/2/1971", "born_on", dt.date(1971, 2, 5)),
        ("Sinh năm", 1971, "birth_year", 1971),
        ("Số ĐT", "0912.345.678", "phones", ("0912345678",)),
        ("Di động", 912345678, "phones", ("0912345678",)),
        ("Số điện thoại liên hệ", "0912 345 678", "phones", ("0912345678",)),
        ("Địa chỉ e-mail", "A@B.example", "email", "a@b.example"),
        ("Hộp thư công vụ", "a@b.example", "email", "a@b.example"),
        ("Phái", "Nữ", "sex", "F"),
        ("Nam/Nữ", "nam", "sex", "M"),
        ("Cơ quan, đơn vị", "SỞ TÀI CHÍNH", "unit", "Sở Tài chính"),
        ("Nơi công tác", "X. Tà Đùng", "unit", "Xã Tà Đùng"),
        ("Tên đoàn", "Đoàn xã Tà Đùng", "delegation", "Đoàn xã Tà Đùng"),
        ("Ghi chú khác", "ăn chay", "note_text", "ăn chay"),
        ("Ăn chay", "x", "note_text", "Ăn chay"),
        ("Chế độ ăn", "ăn chay", "note_text", "ăn chay"),
        ("Lý do vắng", "đi học", "note_text", "đi học"),
        ("Dự mục", "3, 4", "note_text", "dự mục 3, 4"),
        ("Người dự thay", "Lê Văn B", "note_text", "cử đồng chí Lê Văn B dự thay"),
        ("Phòng/Ban", "Ban Tổ chức", "unit", "Ban Tổ chức"),
        ("NTNS", "1971", "birth_year", 1971),
        ("Dự thay đồng chí", "Lê Văn B", "note_text", "dự thay Lê Văn B"),
    ],
)
def test_other_columns_have_many_names_too(label, value, attribute, expected):
    (row,) = read(xlsx(("STT", "Họ và tên", label), (1, "Trần Thị Bình", value))).rows

    assert getattr(row, attribute) == expected


def test_a_two_row_head_joins_its_rows():
    content = xlsx(
        ("STT", "Họ và tên", "Năm sinh", None, "Chức vụ", None, "Điện thoại", None),
        (None, None, "Nam", "Nữ", "Đảng", "Chính quyền", "Cơ quan", "Di động"),
        (1, "Lê Văn An", "1971", None, "Bí thư", "Chủ tịch HĐND", "02513822123", "0912345678"),
        (2, "Trần Thị Bình", None, "x", None, "Chuyên viên", None, None),
        merge=["C1:D1", "E1:F1", "G1:H1", "A1:A2", "B1:B2"],
    )

    first, second = read(content).rows

    assert (first.sex, first.birth_year) == ("M", 1971)
    assert [post.title for post in first.posts] == ["Bí thư", "Chủ tịch HĐND"]
    assert first.phones == ("02513822123", "0912345678")
    assert (second.sex, second.birth_year, second.problems) == ("F", None, ())


def test_a_name_may_fill_two_columns_under_one_label():
    content = xlsx(("STT", "Họ và tên", None, "Chức vụ"), (1, "NGUYỄN VĂN", "AN", "Bí thư"), merge=["B1:C1"])

    assert read(content).rows[0].full_name == "Nguyễn Văn An"


def test_family_and_given_name_may_have_columns_of_their_own():
    content = xlsx(("STT", "Họ đệm", "Tên", "Chức vụ"), (1, "Nguyễn Văn", "Mật", "Bí thư"))

    assert read(content).rows[0].full_name == "Nguyễn Văn Mật"


def test_a_numbering_row_under_the_head_is_no_person():
    content = xlsx(HEAD, ("(1)", "(2)", "(3)", "(4)", "(5)", "(6)"), (1, "Lê Văn An", "Bí thư"))

    assert [row.full_name for row in read(content).rows] == ["Lê Văn An"]


def test_a_delegations_title_stands_above_its_people():
    content = xlsx(
        HEAD,
        ("A", "ĐOÀN XÃ HÒA PHÚ"),
        (1, "Lê Văn An"),
        (None, "Đoàn đại biểu Đảng bộ phường Tân Dân: 01 đồng chí"),
        (1, "ĐOÀN VĂN BÌNH"),
        ("II. Khách mời",),
        (1, "Trần Thị Cúc"),
    )

    rows = read(content).rows

    assert [(row.group, row.full_name) for row in rows] == [
        ("ĐOÀN XÃ HÒA PHÚ", "Lê Văn An"),
        ("Đoàn đại biểu Đảng bộ phường Tân Dân", "Đoàn Văn Bình"),
        ("Khách mời", "Trần Thị Cúc"),
    ]


def test_a_title_that_names_a_unit_is_the_unit_of_its_people():
    head = ("STT", "Họ và tên", "Chức vụ")
    content = xlsx(
        head,
        ("I", "SỞ TÀI CHÍNH"),
        (1, "Lê Văn An"),
        ("II", "Đoàn đại biểu xã Hòa Phú"),
        (1, "Trần Thị Bình"),
        ("III", "Các xã, phường, đặc khu"),
        (1, "Phạm Văn Cường"),
        ("IV", "Các đồng chí Ủy viên Ban Thường vụ"),
        (1, "Hồ Thị Dung"),
    )

    assert [row.unit for row in read(content).rows] == ["Sở Tài chính", "Xã Hòa Phú", "", ""]


def test_a_title_nobody_foresaw_is_told_by_having_no_number():
    content = xlsx(
        HEAD,
        (1, "Lê Văn An"),
        (None, "HƯỚNG DẪN VIÊN VÀ TIẾP TÂN"),
        (2, "Trần Thị Bình"),
        (None, "Vũ Thị Cúc"),
    )

    assert [(row.full_name, row.group) for row in read(content).rows] == [
        ("Lê Văn An", ""),
        ("Trần Thị Bình", "HƯỚNG DẪN VIÊN VÀ TIẾP TÂN"),
        ("Vũ Thị Cúc", "HƯỚNG DẪN VIÊN VÀ TIẾP TÂN"),
    ]


def test_who_signs_below_is_no_delegate():
    content = xlsx(
        HEAD,
        (1, "Lê Văn An", "Bí thư", "Xã A"),
        (None, "NGƯỜI LẬP BIỂU", None, "T/M BAN THƯỜNG VỤ"),
        (None, "(Ký, ghi rõ họ tên)"),
        (None, "Trần Thị Bình", None, "Phạm Văn Cường"),
    )

    assert [row.full_name for row in read(content).rows] == ["Lê Văn An"]


def test_a_list_without_numbers_is_read_too():
    content = xlsx(
        ("Họ và tên", "Chức vụ"),
        ("1. Lê Văn An", "Bí thư"),
        ("- Trần Thị Bình", "Chủ tịch"),
        ("Cúc Phương Hà",),
    )

    assert [row.full_name for row in read(content).rows] == ["Lê Văn An", "Trần Thị Bình", "Cúc Phương Hà"]


def test_a_second_table_below_with_its_own_head_is_read_too():
    content = xlsx(
        HEAD,
        (1, "Lê Văn An", "Bí thư", "Xã A", "0912345678"),
        ("Tổng số: 1 đồng chí",),
        ("TT", "Họ tên", "SĐT", "Chức danh"),
        (1, "Trần Thị Bình", "0987654321", "Chuyên viên"),
    )

    assert [(row.full_name, row.phones) for row in read(content).rows] == [
        ("Lê Văn An", ("0912345678",)),
        ("Trần Thị Bình", ("0987654321",)),
    ]


def test_a_second_post_on_a_row_of_its_own_joins_the_person_above():
    content = xlsx(
        HEAD,
        (1, "Lê Văn An", "Bí thư", "Xã A"),
        (None, None, "Chủ tịch HĐND"),
        (2, "Trần Thị Bình"),
        merge=["B2:B3"],
    )

    first, second = read(content).rows

    assert [post.title for post in first.posts] == ["Bí thư", "Chủ tịch HĐND"]
    assert (second.line, second.posts) == (4, ())


def test_a_unit_merged_over_several_people_is_the_unit_of_each():
    content = xlsx(HEAD, (1, "Lê Văn An", "", "Sở Tài chính"), (2, "Trần Thị Bình"), merge=["D2:D3"])

    assert [row.unit for row in read(content).rows] == ["Sở Tài chính", "Sở Tài chính"]


def test_a_counted_row_without_a_name_is_wrong_and_an_empty_one_is_nothing():
    content = xlsx(HEAD, (1, None, "Bí thư"), (2,), (3, "Lê Văn An"))

    rows = read(content).rows

    assert [(row.line, [p.code for p in row.problems]) for row in rows] == [(2, ["name_missing"]), (4, [])]


def test_all_visible_sheets_with_a_head_are_read():
    book = Workbook()
    for title, name in (("Khối A", "Lê Văn An"), ("Ẩn", "Người Bị Giấu"), ("Khối B", "Trần Thị Bình")):
        sheet = book.create_sheet(title)
        sheet.append(HEAD)
        sheet.append((1, name))
    book["Ẩn"].sheet_state = "hidden"

    assert [(row.sheet, row.full_name) for row in read(saved(book)).rows] == [
        ("Khối A", "Lê Văn An"),
        ("Khối B", "Trần Thị Bình"),
    ]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("STT,Họ và tên,SĐT\n1,LÊ VĂN AN,0912.345.678\n", "utf-8"),
        ("STT;Họ và tên;SĐT\n1;LÊ VĂN AN;0912.345.678\n", "utf-8-sig"),
        ("STT\tHọ và tên\tSĐT\n1\tLÊ VĂN AN\t0912.345.678\n", "utf-16"),
    ],
)
def test_csv_is_read_like_a_sheet(text, encoding):
    (row,) = read(text.encode(encoding)).rows

    assert (row.line, row.full_name, row.phones) == (2, "Lê Văn An", ("0912345678",))


def test_columns_with_sensitive_data_stay_in_the_file():
    content = xlsx(
        (*HEAD, "Dân tộc", "Ngày vào Đảng", "Màu áo"),
        (1, "Lê Văn An", "", "", "", "", "Kinh", "3/2/1995", "đỏ"),
    )

    found = read(content)

    assert found.sheets[0].unused == ("Dân tộc", "Ngày vào Đảng", "Màu áo")
    assert "Kinh" not in json.dumps(people.as_json(found.rows[0]), ensure_ascii=False)


def test_a_file_without_column_names_is_refused():
    with pytest.raises(NoHeadRow):
        read(xlsx(("Lê Văn An", "Bí thư"), ("Trần Thị Bình", "Chuyên viên")))


@pytest.mark.parametrize(
    "rows",
    [
        [("MẬT",), HEAD, (1, "Lê Văn An")],
        [HEAD, (1, "Lê Văn An", "", "", "", "Tối mật")],
        [HEAD, (1, "Lê Văn An"), ("Độ mật: TUYỆT MẬT",)],
    ],
)
def test_a_cell_that_is_a_secrecy_mark_refuses_the_file(rows):
    with pytest.raises(SecrecyMark):
        read(xlsx(*rows))


def test_a_person_called_mat_is_no_secret():
    rows = read(xlsx(("STT", "Họ đệm", "Tên"), (1, "Nguyễn Văn", "MẬT"), (2, "MẬT", "An"))).rows

    assert [row.full_name for row in rows] == ["Nguyễn Văn Mật", "Mật An"]


def test_a_mark_in_a_hidden_sheet_a_print_heading_or_a_comment_refuses_too():
    from openpyxl.comments import Comment

    for spoil in (
        lambda book: book.create_sheet("x").append(("MẬT",)),
        lambda book: setattr(book.worksheets[0].oddHeader.right, "text", "TỐI MẬT"),
        lambda book: setattr(book.worksheets[0]["B2"], "comment", Comment("MẬT", "ai")),
        lambda book: book.create_sheet("TUYỆT MẬT"),
    ):
        book = Workbook()
        book.worksheets[0].append(HEAD)
        book.worksheets[0].append((1, "Lê Văn An"))
        spoil(book)
        if len(book.worksheets) > 1:
            book.worksheets[1].sheet_state = "hidden"
        with pytest.raises(SecrecyMark):
            read(saved(book))
