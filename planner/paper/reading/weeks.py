"""A week as an office publishes it, as plain entries: days without a year, hours written five ways, or none."""

import datetime as dt
import re
from dataclasses import replace

from planner.paper import marks
from planner.paper.reading import prose
from planner.paper.reading.problems import Doubt, NoHeadRow, Problem, SecrecyMark
from planner.paper.reading.sheets import Row, Sheet, Value, address, decoded, is_error, read, text
from planner.paper.reading.week_rows import HALF_DAYS, WeekRow, dated, kind_of, parted
from planner.vietnamese import (
    HalfDay,
    Unreadable,
    fold,
    half_day_of,
    parse_times,
)

_LONGEST = dt.timedelta(days=62)  # a file holds a week, at most a month or two
ALL_DAY_ENDS = dt.time(17)  # "cả ngày" with an hour of beginning only

_COLUMNS = {
    "weekday": r"thu|thu trong tuan|t",
    "day": r"(thu )?ngay( thang( nam)?)?|ngay thu|date",
    "half_day": r"buoi|session",
    "hour": r"(thoi )?gio|gio hop|thoi gian|bat dau|time|luc",
    "content": r"noi dung.*|cong viec.*|cong tac|noi dung cong tac|content|su kien",
    "place": r"dia diem.*|noi hop|phong( hop)?|tai|place",
    "leaders": r"chu tri.*|lanh dao.*|thanh phan( chinh)?|nguoi chu tri|du|chair.*",
    "preparing": r"chuan bi.*|(don vi|co quan|phong) chuan bi.*|don vi (tham muu|chu tri chuan bi).*|prepar.*",
    "escort": r"ldvp.*|lanh dao van phong.*|van phong (du|theo doi).*|thao doi.*",
    "car": r"xe.*|phuong tien|lai xe|car",
    "note": r"ghi chu.*",
}
_COMPILED = {name: re.compile(pattern) for name, pattern in _COLUMNS.items()}
# "lãnh đạo văn phòng" would pass for "lãnh đạo", so the escort is asked first
_ORDER = ("escort", "preparing", *(name for name in _COLUMNS if name not in ("escort", "preparing")))


def read_week(content: bytes, *, near: dt.date) -> tuple[WeekRow, ...]:
    """Every entry of a week, as a table (XLSX, CSV) or as prose (text); a day without a year takes the year nearest to `near`
    in which it falls on the weekday written beside it.

    Raises FileTooLarge, NotATable, NoHeadRow, SecrecyMark.
    """
    rows: list[WeekRow] = []
    heads = 0
    for sheet in read(content):
        _refuse_marks(sheet)
        found = _find_head(sheet)
        if found is not None and not sheet.is_hidden:
            heads += 1
            rows.extend(_Walk(sheet, *found, near).rows())
    if not heads:
        rows = prose.entries(decoded(content), near=near) if content[:2] != b"PK" else []
    if not rows:
        raise NoHeadRow()
    return _of_one_time(rows)


def _of_one_time(rows: list[WeekRow]) -> tuple[WeekRow, ...]:
    """The rows, those doubted whose weekday points to another year than that of the others."""
    days = sorted(row.on for row in rows if row.on is not None)
    if not days:
        return tuple(rows)
    middle = days[len(days) // 2]
    return tuple(_doubted(row) if row.on and abs(row.on - middle) > _LONGEST else row for row in rows)


def _doubted(row: WeekRow) -> WeekRow:
    problem = Problem(Doubt.WRONG, "week_day_wrong", value=f"{row.on:%d/%m}")
    return replace(row, on=None, problems=(*row.problems, problem))


def _refuse_marks(sheet: Sheet) -> None:
    for row in sheet.rows:
        for column in row.filled():
            if marks.is_marked(row.text(column)):
                raise SecrecyMark(cell=address(row.line, column), sheet=sheet.name)


def _find_head(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    """The line of the head and its columns; a week needs a content and a day."""
    best: tuple[int, dict[str, int]] | None = None
    for row in sheet.rows[:60]:
        columns: dict[str, int] = {}
        for column in row.filled():
            folded = fold(row.text(column))
            what = next((name for name in _ORDER if _COMPILED[name].fullmatch(folded)), None)
            if what is not None:
                columns.setdefault(what, column)
        fits = "content" in columns and {"day", "weekday", "hour"} & columns.keys()
        if fits and (best is None or len(columns) > len(best[1])):
            best = (row.line, columns)
    return best


class _Walk:
    """Walks down a week; day, weekday and half-day hold until the next is written (merged cells)."""

    def __init__(self, sheet: Sheet, head_line: int, columns: dict[str, int], near: dt.date) -> None:
        self.sheet, self.head_line, self.columns, self.near = sheet, head_line, columns, near
        self.on: dt.date | None = None
        self.day_problem: Problem | None = None
        self.half_day: HalfDay | None = None

    def rows(self) -> list[WeekRow]:
        return [read for row in self.sheet.rows if row.line > self.head_line and (read := self._row(row))]

    def _row(self, row: Row) -> WeekRow | None:
        if len(row.filled()) == 1 and self._take_title(row.text(row.filled()[0])):
            return None
        problems: list[Problem] = []
        has_day = self._take_day(row)
        self._take_half_day(row, has_day=has_day)
        content = self._text(row, "content")
        if not content and not any(self._text(row, name) for name in ("hour", "place", "leaders")):
            return None
        if self.on is None and self.day_problem is None:
            return None  # a remark between the head and the first day
        if self.day_problem:
            problems.append(self.day_problem)
        if not content:
            problems.append(self._problem(Doubt.WRONG, "week_content_missing", row, "content"))
        starts, ends, half_day = self._hours(row, problems)
        return WeekRow(
            sheet=self.sheet.name,
            line=row.line,
            on=self.on,
            starts=starts,
            ends=ends,
            half_day=half_day,
            kind=kind_of(content),
            content=" ".join(content.split()),
            place=self._text(row, "place"),
            leaders=self._text(row, "leaders"),
            preparing=self._text(row, "preparing"),
            escort=self._text(row, "escort"),
            car=self._text(row, "car"),
            problems=tuple(problems),
        )

    def _take_title(self, written: str) -> bool:
        """True for a row that only names the day ("Thứ Hai, ngày 14/7") or the half-day of the rows below."""
        if half_day := HALF_DAYS.get(fold(written)):
            self.half_day = half_day
            return True
        try:
            self.on = dated(*parted(" ".join(written.split())), near=self.near)
        except Unreadable:
            return False
        self.day_problem = self.half_day = None
        return True

    def _take_day(self, row: Row) -> bool:
        """The row's own day, when it names one; else the one above still holds."""
        written = " ".join(filter(None, (self._text(row, "weekday"), self._day_text(row)))).strip()
        if not written:
            return False
        try:
            self.on, self.day_problem = self._day(row), None
        except Unreadable:
            column = "day" if self._day_text(row) else "weekday"
            self.on, self.day_problem = None, self._problem(Doubt.WRONG, "week_day_wrong", row, column)
        return True

    def _day(self, row: Row) -> dt.date:
        value = self._value(row, "day")
        if isinstance(value, dt.datetime):
            return value.date()
        if isinstance(value, dt.date):
            return value
        weekday_text, day_text = self._text(row, "weekday"), self._day_text(row)
        if not day_text:
            weekday_text, day_text = parted(weekday_text)
        elif not weekday_text:
            weekday_text, day_text = parted(day_text)
        return dated(weekday_text, day_text, near=self.near)

    def _day_text(self, row: Row) -> str:
        return self._text(row, "day").replace("\n", " ")

    def _take_half_day(self, row: Row, *, has_day: bool) -> None:
        written = self._text(row, "half_day")
        if written or has_day:
            self.half_day = HALF_DAYS.get(fold(written))

    def _hours(self, row: Row, problems: list[Problem]) -> tuple[dt.time | None, dt.time | None, HalfDay]:
        """Beginning and end as far as they are written, and the half-day."""
        begins, ends = self._written_hours(row, problems)
        if begins is None:
            return None, None, self.half_day or HalfDay.ALL_DAY
        if self.half_day in (HalfDay.AFTERNOON, HalfDay.EVENING) and begins.hour < 7:
            begins = begins.replace(hour=begins.hour + 12)  # "1h30" in the afternoon
            ends = ends.replace(hour=ends.hour + 12) if ends and ends.hour < 12 else ends
        half_day = half_day_of(begins, ends)
        if self.half_day is HalfDay.ALL_DAY and begins < ALL_DAY_ENDS:
            return begins, ends or ALL_DAY_ENDS, HalfDay.ALL_DAY
        if self.half_day not in (None, half_day) and ends is None:
            problems.append(self._problem(Doubt.UNCLEAR, "week_half_day_contradicts", row, "half_day"))
        return begins, ends, half_day

    def _written_hours(self, row: Row, problems: list[Problem]) -> tuple[dt.time | None, dt.time | None]:
        value = self._value(row, "hour")
        if isinstance(value, dt.datetime):
            return value.time(), None
        if isinstance(value, dt.time):
            return value, None
        written = self._text(row, "hour").replace("\n", " ")
        spoken = re.match(r"(?:buổi\s+)?(sáng|chiều|tối|cả ngày)\b[\s:,(]*(.*?)\)?$", written, re.IGNORECASE)
        if spoken:
            self.half_day, written = HALF_DAYS[fold(spoken[1])], spoken[2]
        try:
            return parse_times(written) if written else (None, None)
        except Unreadable:
            problems.append(self._problem(Doubt.WRONG, "week_hour_wrong", row, "hour"))
            return None, None

    def _value(self, row: Row, name: str) -> Value:
        column = self.columns.get(name)
        return row.values[column] if column is not None and column < len(row.values) else None

    def _text(self, row: Row, name: str) -> str:
        value = self._value(row, name)
        return "" if is_error(value) else text(value).strip(" -–")

    def _problem(self, doubt: Doubt, code: str, row: Row, name: str) -> Problem:
        column = self.columns.get(name, self.columns["content"])
        return Problem(doubt, code, address(row.line, column), row.text(column)[:120])
