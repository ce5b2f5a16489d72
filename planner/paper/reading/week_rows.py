"""One entry of a week as plain values, and the words weeks are written in."""

import datetime as dt
import re
from dataclasses import dataclass

from planner.paper.reading.problems import Problem
from planner.vietnamese import HalfDay, Unreadable, fold, nearest_date, parse_partial_date, parse_weekday

HALF_DAYS = {
    "sang": HalfDay.MORNING, "buoi sang": HalfDay.MORNING, "s": HalfDay.MORNING, "am": HalfDay.MORNING,
    "chieu": HalfDay.AFTERNOON, "buoi chieu": HalfDay.AFTERNOON, "c": HalfDay.AFTERNOON, "pm": HalfDay.AFTERNOON,
    "toi": HalfDay.EVENING, "buoi toi": HalfDay.EVENING,
    "ca ngay": HalfDay.ALL_DAY, "sang chieu": HalfDay.ALL_DAY, "ngay": HalfDay.ALL_DAY, "ca ngay dem": HalfDay.ALL_DAY,
}  # fmt: skip
_KINDS = (
    ("duty", r"^(?:phan cong )?truc\b(?! tuyen| tiep)|\btruc (?:co quan|ban|lanh dao|le|tet|cuoi tuan)"),
    ("delegate", r"^uy quyen|\buy quyen (?:cho|dong chi)"),
    ("receive", r"^(?:don|tiep)\b"),
    ("field", r"^(?:di co so|kiem tra|khao sat|tham\b|lam viec (?:voi|tai) (?!co quan))"),
    ("work", r"^lam viec(?: tai)? co quan|^hoi y|^giao ban noi bo"),
    ("attend", r"^(?:du|tham du|phat bieu)\b"),
)
_TEXTS = ("content", "place", "leaders", "preparing", "escort", "car")


@dataclass(frozen=True, slots=True)
class WeekRow:
    """One entry of a week on a day. Without `starts` the half-day stands for the hour; `ends` may be unknown."""

    sheet: str
    line: int
    on: dt.date | None = None
    starts: dt.time | None = None
    ends: dt.time | None = None
    half_day: HalfDay = HalfDay.ALL_DAY
    kind: str = "other"
    content: str = ""
    place: str = ""
    leaders: str = ""
    preparing: str = ""
    escort: str = ""
    car: str = ""
    problems: tuple[Problem, ...] = ()


def kind_of(content: str) -> str:
    """What sort of entry the words tell: attend, field, receive, delegate, work, duty or other."""
    folded = fold(content)
    return next((kind for kind, pattern in _KINDS if re.search(pattern, folded)), "other")


def parted(written: str) -> tuple[str, str]:
    """ "Thứ Hai, 14/7" and "Thứ Hai (14/7)" as weekday and day; either may be missing."""
    match = re.match(
        r"\s*([^\d/]*?(?:\b[2-7]\b)?)[\s,(:-]*(?:ngày\s*)?(\d{1,2}[/.\-].*?)?\)?\s*$", written, re.I
    )
    if match is None:
        return "", written
    return match[1].strip(" ,(:-"), (match[2] or "").strip()


def dated(weekday_text: str, day_text: str, *, near: dt.date) -> dt.date:
    """The date meant; without a year the nearest that falls on the weekday. Raises Unreadable."""
    weekday = parse_weekday(weekday_text) if weekday_text else None
    found = parse_partial_date(day_text)
    if found.full is not None:
        if weekday is not None and found.full.weekday() != weekday:
            raise Unreadable(day_text)
        return found.full
    if found.day is None or found.month is None:
        raise Unreadable(day_text)
    return nearest_date(found.day, found.month, near=near, weekday=weekday)


def as_json(row: WeekRow) -> dict[str, str]:
    """The entry as plain values to store; empty fields are left out."""
    plain = {
        "on": row.on.isoformat() if row.on else "",
        "starts": row.starts.isoformat("minutes") if row.starts else "",
        "ends": row.ends.isoformat("minutes") if row.ends else "",
        "half_day": row.half_day.value,
        "kind": row.kind,
        **{name: getattr(row, name) for name in _TEXTS},
    }
    return {name: value for name, value in plain.items() if value}


def from_json(stored: dict[str, str], *, sheet: str, line: int) -> WeekRow:
    """The entry as it was stored."""
    content, place, leaders, preparing, escort, car = (stored.get(name, "") for name in _TEXTS)
    return WeekRow(
        sheet=sheet,
        line=line,
        on=dt.date.fromisoformat(stored["on"]) if stored.get("on") else None,
        starts=dt.time.fromisoformat(stored["starts"]) if stored.get("starts") else None,
        ends=dt.time.fromisoformat(stored["ends"]) if stored.get("ends") else None,
        half_day=HalfDay(stored["half_day"]),
        kind=stored["kind"],
        content=content,
        place=place,
        leaders=leaders,
        preparing=preparing,
        escort=escort,
        car=car,
    )
