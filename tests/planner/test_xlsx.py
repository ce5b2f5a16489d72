"""Spreadsheets that print as an office expects and never run what somebody typed."""

import datetime as dt
from io import BytesIO

from openpyxl import load_workbook

from planner.paper.xlsx import Column, Table, marked, workbook
from tests.planner.sheets import xlsx

COLUMNS = [
    Column("STT", 6),
    Column("Họ và tên", 30),
    Column("Ngày sinh", 12, "dd/mm/yyyy"),
    Column("SĐT", 14),
]
TABLE = Table(
    COLUMNS,
    [("Các đồng chí Tỉnh ủy viên",), (1, "Lê Văn An", dt.date(1971, 2, 5), "0912345678")],
    name="Đại biểu: BCH/BTV",
    titles=["DANH SÁCH ĐẠI BIỂU", "(Kèm theo Giấy mời)"],
)


def opened(content):
    return load_workbook(BytesIO(content))


def test_a_table_has_titles_a_head_groups_and_rows():
    (sheet,) = opened(workbook(TABLE)).worksheets

    assert sheet.title == "Đại biểu  BCH BTV"
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["DANH SÁCH ĐẠI BIỂU", None, None, None],
        ["(Kèm theo Giấy mời)", None, None, None],
        [None, None, None, None],
        ["STT", "Họ và tên", "Ngày sinh", "SĐT"],
        ["Các đồng chí Tỉnh ủy viên", None, None, None],
        [1, "Lê Văn An", dt.datetime(1971, 2, 5), "0912345678"],
    ]
    assert sheet["C6"].number_format == "dd/mm/yyyy"


def test_a_sheet_is_ready_to_print():
    (sheet,) = opened(workbook(TABLE)).worksheets

    setup = sheet.page_setup
    assert (setup.orientation, setup.paperSize, setup.fitToWidth, setup.fitToHeight) == (
        "landscape",
        9,
        1,
        0,
    )
    assert sheet.sheet_properties.pageSetUpPr.fitToPage is True
    assert (sheet.print_title_rows, sheet.freeze_panes) == ("$4:$4", "A5")
    assert [sheet.column_dimensions[letter].width for letter in "ABCD"] == [6, 30, 12, 14]
    assert {str(merge) for merge in sheet.merged_cells.ranges} == {"A1:D1", "A2:D2", "A5:D5"}


def test_typed_text_never_becomes_a_formula():
    evil = ['=HYPERLINK("http://x","y")', "+1", "-1", "@SUM(A1)", "#N/A", "\x07=1+1", "=cmd|' /C calc'!A0"]

    (sheet,) = opened(workbook(Table([Column("Tên")], [(text,) for text in evil]))).worksheets

    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert [cell.data_type for cell in cells] == ["s"] * len(evil)
    assert [cell.number_format for cell in cells] == ["@"] * len(evil)
    assert cells[0].value == evil[0]


def test_sheets_of_one_name_are_told_apart():
    assert opened(workbook(TABLE, TABLE)).sheetnames == ["Đại biểu  BCH BTV", "Đại biểu  BCH BTV 2"]


def test_the_marked_file_keeps_the_rows_and_adds_what_became_of_them():
    content = xlsx(("STT", "Họ và tên"), (1, "Lê Văn An"), (2, "=1+1"), name="DS")

    book = opened(
        marked(
            content, {("DS", 3): ("wrong", "Sai", "=thiếu tên")}, ("Kết quả nhập", "Lý do nhập"), {"DS": 1}
        )
    )

    assert [[cell.value for cell in row] for row in book["DS"].iter_rows()] == [
        ["STT", "Họ và tên", "Kết quả nhập", "Lý do nhập"],
        [1, "Lê Văn An", None, None],
        [2, "=1+1", "Sai", "=thiếu tên"],
    ]
    assert book["DS"]["D3"].data_type == "s"
