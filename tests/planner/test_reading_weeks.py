"""A week's table becomes dated entries: the year from weekday and date, the half-day where no hour stands."""

import datetime as dt
from pathlib import Path

import pytest

from planner.paper.reading.problems import NoHeadRow, SecrecyMark
from planner.paper.reading.week_rows import as_json, from_json
from planner.paper.reading.weeks import read_week
from tests.planner.sheets import xlsx

CASES = Path(__file__).parents[1] / "cases"
NEAR = dt.date(2026, 11, 21)
HEAD = ("Thứ", "Ngày", "Buổi", "Giờ", "Nội dung", "Địa điểm", "Chủ trì", "Chuẩn bị")


def read(*rows, near=NEAR):
    return read_week(xlsx(HEAD, *rows), near=near)


def span(row):
    return "-".join(f"{clock:%H:%M}" if clock else "" for clock in (row.starts, row.ends))


def shown(row):
    return (row.line, f"{row.on:%d/%m/%Y}", span(row), str(row.half_day), row.kind)


def test_every_line_of_an_offices_week_comes_out_exactly():
    rows = read_week((CASES / "week-table.csv").read_bytes(), near=NEAR)

    assert [shown(row) for row in rows] == [
        (2, "14/07/2025", "08:30-", "morning", "other"),
        (3, "14/07/2025", "08:00-", "morning", "other"),
        (4, "14/07/2025", "10:00-", "morning", "other"),
        (5, "14/07/2025", "-", "morning", "attend"),
        (6, "14/07/2025", "13:30-", "afternoon", "other"),
        (7, "14/07/2025", "16:30-", "afternoon", "other"),
        (8, "15/07/2025", "-", "morning", "receive"),
        (9, "15/07/2025", "07:30-", "morning", "other"),
        (10, "15/07/2025", "14:00-", "afternoon", "field"),
        (11, "16/07/2025", "-", "all_day", "other"),
        (12, "17/07/2025", "07:30-", "morning", "other"),
        (13, "17/07/2025", "13:30-", "afternoon", "other"),
        (14, "18/07/2025", "08:00-", "morning", "receive"),
        (15, "18/07/2025", "14:00-", "afternoon", "work"),
        (16, "19/07/2025", "-", "all_day", "duty"),
    ]
    assert not any(row.problems for row in rows)
    assert rows[9].content == "Hội nghị trực tuyến quán triệt nghị quyết toàn quốc"
    assert (rows[9].place, rows[9].leaders) == ("Hội trường lớn và 166 điểm cầu", "Bí thư")
    assert rows[9].preparing == "Ban Tuyên giáo và Dân vận, Văn phòng"


@pytest.mark.parametrize(
    ("near", "year"), [(dt.date(2025, 7, 1), 2025), (dt.date(2031, 1, 1), 2031), (NEAR, 2025)]
)
def test_the_year_is_the_nearest_in_which_the_day_falls_on_that_weekday(near, year):
    (row,) = read(("Hai", "14/7", "Sáng", "8h", "Giao ban"), near=near)

    assert row.on == dt.date(year, 7, 14)


@pytest.mark.parametrize(
    ("half_day", "hour", "expected"),
    [
        ("Sáng", "7 giờ 30 phút", "07:30- morning"),
        ("Sáng", "7h30-11h", "07:30-11:00 morning"),
        ("Chiều", "1h30", "13:30- afternoon"),
        ("Chiều", "14 giờ", "14:00- afternoon"),
        ("Tối", "", "- evening"),
        ("Cả ngày", "7h30", "07:30-17:00 all_day"),
        ("", "Sáng 8h", "08:00- morning"),
        ("", "Chiều", "- afternoon"),
        ("", dt.time(8, 15), "08:15- morning"),
        ("", "20h", "20:00- evening"),
    ],
)
def test_hours_are_read_however_they_are_written(half_day, hour, expected):
    (row,) = read(("Hai", "14/7", half_day, hour, "Giao ban"))

    assert (f"{span(row)} {row.half_day}", row.problems) == (expected, ())


def test_an_entry_survives_storing():
    rows = read_week((CASES / "week-table.csv").read_bytes(), near=NEAR)

    assert tuple(from_json(as_json(row), sheet=row.sheet, line=row.line) for row in rows) == rows


def test_day_and_half_day_hold_until_the_next_is_written():
    rows = read(
        ("Hai", "14/7", "Sáng", "8h", "Một"),
        (None, None, None, "9h", "Hai"),
        (None, None, "Chiều", None, "Ba"),
        ("Ba", "15/7", None, None, "Bốn"),
    )

    assert [(row.on.day, span(row), row.half_day) for row in rows] == [
        (14, "08:00-", "morning"),
        (14, "09:00-", "morning"),
        (14, "-", "afternoon"),
        (15, "-", "all_day"),
    ]


def test_a_day_may_be_the_title_over_its_rows():
    content = xlsx(
        ("LỊCH CÔNG TÁC TUẦN",),
        ("Giờ", "Nội dung", "Địa điểm", "Lãnh đạo"),
        ("Thứ Hai, ngày 12/5/2025",),
        ("7h30", "Giao ban", "P1", "Bí thư"),
        ("Thứ Ba (13/5)",),
        ("8h", "Họp", "P2", "Phó Bí thư"),
    )

    rows = read_week(content, near=dt.date(2025, 5, 1))

    assert [(row.on, row.content, row.leaders) for row in rows] == [
        (dt.date(2025, 5, 12), "Giao ban", "Bí thư"),
        (dt.date(2025, 5, 13), "Họp", "Phó Bí thư"),
    ]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (("Ba", "14/7/2025", "Sáng", "8h", "Giao ban"), "wrong week_day_wrong B2"),
        (("Hai", "31/2", "Sáng", "8h", "Giao ban"), "wrong week_day_wrong B2"),
        (("Hai", "14/7", "Sáng", "lúc nào đó", "Giao ban"), "wrong week_hour_wrong D2"),
        (("Hai", "14/7", "Sáng", "8h", None, "P1"), "wrong week_content_missing E2"),
        (("Hai", "14/7", "Sáng", "14h", "Giao ban"), "unclear week_half_day_contradicts C2"),
    ],
)
def test_what_does_not_fit_is_named_with_its_cell(row, problem):
    (read_row,) = read(row)

    assert [f"{p.doubt} {p.code} {p.cell}" for p in read_row.problems] == [problem]


def test_a_week_with_a_secrecy_mark_is_refused():
    with pytest.raises(SecrecyMark):
        read(("Hai", "14/7", "Sáng", "8h", "MẬT"))


def test_a_table_that_is_no_week_is_refused():
    with pytest.raises(NoHeadRow):
        read_week(xlsx(("STT", "Họ và tên"), (1, "Lê Văn An")), near=NEAR)


def test_a_week_in_prose_is_read_too():
    rows = read_week((CASES / "week-prose.txt").read_bytes(), near=NEAR)

    assert [(*shown(row), row.place, row.leaders, row.preparing, row.escort) for row in rows] == [
        (2, "12/05/2025", "06:30-", "morning", "other", "nhà ăn Trung tâm hành chính", "", "Văn phòng HĐND và UBND", "LĐVP"),
        (3, "12/05/2025", "07:00-", "morning", "delegate", "trường tiểu học, xã Hỏa Lựu", "", "", ""),
        (4, "12/05/2025", "13:30-", "afternoon", "work", "", "Phó Bí thư", "", ""),
        (5, "12/05/2025", "14:00-", "afternoon", "attend", "phòng họp số 3", "Bí thư", "", "Phó Chánh Văn phòng"),
        (7, "13/05/2025", "07:30-", "morning", "attend", "phòng họp Ban Chỉ huy Quân sự", "Bí thư", "", "Phó Chánh Văn phòng"),
        (8, "13/05/2025", "13:30-", "afternoon", "attend", "phòng họp số 2 Tỉnh ủy", "Bí thư và Phó Bí thư", "", ""),
    ]  # fmt: skip
    assert rows[0].content == (
        "Thường trực hội ý cùng Thường trực HĐND, UBND, Ủy ban MTTQ. Mời các đồng chí Ủy viên Ban Thường vụ; "
        "tập thể lãnh đạo Văn phòng (thay thư mời)"
    )
    assert rows[3].content == "Dự họp thông qua phương án"


def test_prose_goes_on_over_lines_and_needs_no_year():
    text = "THỨ HAI (14/7)\n- Sáng: đồng chí Bí thư đi cơ sở\n  tại các xã\n+ 8h30-11h: Họp tại P. 2\nChủ nhật, 20/7\n- Trực cơ quan\n"

    rows = read_week(text.encode(), near=NEAR)

    assert [(f"{row.on}", span(row), str(row.half_day), row.content, row.leaders) for row in rows] == [
        ("2025-07-14", "-", "morning", "Đi cơ sở tại các xã", "Bí thư"),
        ("2025-07-14", "08:30-11:00", "morning", "Họp tại P. 2", ""),
        ("2025-07-20", "-", "all_day", "Trực cơ quan", ""),
    ]
