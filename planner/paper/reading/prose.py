"""A week written as prose: a line for the day, then "- 7 giờ 30, đồng chí … dự … Điểm tại … (LĐVP: …)." """

import datetime as dt
import re

from planner.paper.reading.problems import Doubt, Problem
from planner.paper.reading.week_rows import HALF_DAYS, WeekRow, dated, kind_of, parted
from planner.vietnamese import HalfDay, Unreadable, fold, half_day_of, parse_times

_ENTRY = re.compile(
    r"^\s*[-–—•*+]?\s*(?:(?:lúc|từ)\s+)?"
    r"(?P<hour>\d{1,2}\s*(?:giờ|h|g|:)\s*(?:\d{1,2})?(?:\s*phút)?(?:\s*(?:-|–|đến)\s*\d{1,2}\s*(?:giờ|h|g|:)\s*\d{0,2})?"
    r"|(?:buổi\s+)?(?:sáng|chiều|tối)|cả ngày)\s*[,:.;–-]\s*(?P<rest>.+)$",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^\s*[-–—•*+]\s+(?P<rest>.+)$")
_PLACE = re.compile(
    r"[.;,]?\s*(?:địa điểm|điểm|nơi họp)(?:\s*:|\s+(?:tại|ở))\s*:?\s*(?P<place>[^.;(]+)|[.;]\s+tại\s+(?P<at>[^.;(]+)",
    re.IGNORECASE,
)
_ESCORT = re.compile(r"[;,.]?\s*\(\s*LĐVP\s*:?\s*(?P<escort>[^)]*)\)", re.IGNORECASE)
_PREPARING = re.compile(r"[;,.]?\s*\(\s*(?:giao\s+)?(?P<preparing>[^()]+?)\s+chuẩn bị[^()]*\)", re.IGNORECASE)
_CAR = re.compile(r"[;,.]?\s*\(\s*xe\s*:?\s*(?P<car>[^)]*)\)", re.IGNORECASE)
_LEADERS = re.compile(
    r"^(?P<leaders>(?:các\s+)?(?:đồng chí|đ/c)\s+[^.;]+?)\s+(?=(?:tham dự|dự|làm việc|tiếp|đi|kiểm tra|chủ trì|họp|thăm|khảo sát|dâng|trực|đón|phát biểu)\b)",
    re.IGNORECASE,
)
_COMRADE = re.compile(r"(?:các\s+)?(?:đồng chí|đ/c)\s+", re.IGNORECASE)


def entries(text: str, *, near: dt.date) -> list[WeekRow]:
    """The entries of a week's text, each with the line it begins on; none when no line names a day."""
    rows: list[WeekRow] = []
    on: dt.date | None = None
    for line, written, joined in _logical_lines(text):
        if (day := _day(written, near)) is not None:
            on = day
        elif on is not None:
            rows.append(_entry(joined, on, line))
    return rows


def _logical_lines(text: str) -> list[tuple[int, str, str]]:
    """(number, first line, whole text) of each paragraph: a line without a bullet or hour goes on with the one above."""
    found: list[tuple[int, str, str]] = []
    for line, written in enumerate(text.splitlines(), start=1):
        tidy = " ".join(written.split())
        if not tidy:
            continue
        begins = (
            _ENTRY.match(tidy) or _BULLET.match(tidy) or fold(tidy).startswith(("thu ", "chu nhat", "ngay "))
        )
        if begins or not found:
            found.append((line, tidy, tidy))
        else:
            found[-1] = (found[-1][0], found[-1][1], f"{found[-1][2]} {tidy}")
    return found


def _day(written: str, near: dt.date) -> dt.date | None:
    if len(written) > 60 or _ENTRY.match(written) or _BULLET.match(written):
        return None
    try:
        return dated(*parted(written.strip(" .:")), near=near)
    except Unreadable:
        return None


def _entry(written: str, on: dt.date, line: int) -> WeekRow:
    match = _ENTRY.match(written)
    bullet = _BULLET.match(written)
    content = match["rest"] if match else bullet["rest"] if bullet else written
    starts, ends, half_day, problems = _hours(match["hour"] if match else "")
    content, place = _cut(_PLACE, content, "place", "at")
    content, escort = _cut(_ESCORT, content, "escort", missing="LĐVP")
    content, preparing = _cut(_PREPARING, content, "preparing")
    content, car = _cut(_CAR, content, "car")
    kind = kind_of(content)
    leaders = _LEADERS.match(content)
    if leaders:
        content = content[leaders.end() :]
        kind = kind_of(content)
    content = content.strip(" .;,")
    return WeekRow(
        sheet="",
        line=line,
        on=on,
        starts=starts,
        ends=ends,
        half_day=half_day,
        kind=kind,
        content=content[:1].upper() + content[1:],
        place=place,
        leaders=_COMRADE.sub("", leaders["leaders"]) if leaders else "",
        preparing=preparing,
        escort=escort,
        car=car,
        problems=problems if content else (*problems, Problem(Doubt.WRONG, "week_content_missing")),
    )


def _hours(written: str) -> tuple[dt.time | None, dt.time | None, HalfDay, tuple[Problem, ...]]:
    if half_day := HALF_DAYS.get(fold(written)):
        return None, None, half_day, ()
    if not written:
        return None, None, HalfDay.ALL_DAY, ()
    try:
        starts, ends = parse_times(written)
    except Unreadable:
        return None, None, HalfDay.ALL_DAY, (Problem(Doubt.WRONG, "week_hour_wrong", value=written),)
    return starts, ends, half_day_of(starts, ends), ()


def _cut(pattern: re.Pattern[str], text: str, *names: str, missing: str = "") -> tuple[str, str]:
    """The text without what the pattern finds, and what it found."""
    match = pattern.search(text)
    if match is None:
        return text, ""
    value = next((match[name] for name in names if match[name]), "")
    return (text[: match.start()] + text[match.end() :]).strip(), value.strip(" .;,") or missing
