"""Single cells of a list of people: a name, a birthday, a sex; each with what is wrong with it."""

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache

from openpyxl.utils.datetime import from_excel

from planner.paper.reading import posts
from planner.paper.reading.contacts import is_none
from planner.paper.reading.sheets import Value, text
from planner.vietnamese import (
    Unreadable,
    fold,
    normalise_name,
    parse_partial_date,
    proper_case,
    without_title,
)

_HONORIFIC = re.compile(
    r"^(?:(?:đ/c|đ\.c|dc|đồng chí|ông|bà|anh|chị|cô|ngài|mr|mrs|ms|gs|pgs|ts|ths|bs|ks|cn|ls|cv|bsck\w*|nsnd|nsưt|nggt|nhà báo|luật sư|bác sĩ|kỹ sư"
    r"|giáo sư|phó giáo sư|tiến sĩ|thạc sĩ|(?:đại|thượng|trung|thiếu) (?:tướng|tá|úy|uý)|chuẩn đô đốc|hòa thượng|hoà thượng|thượng tọa|thượng toạ|đại đức"
    r"|ni sư|ni trưởng|sư cô|linh mục|giám mục|mục sư|chuẩn úy|aht?|vợ chồng)(?:[.:,/]\s*|\s+))+(?=\S)",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^\s*(?:\d{1,4}\s*[.)]|[-*+•])\s*")  # a number or dash written into the name's cell
_WOMAN = re.compile(r"\b(?:bà|chị|cô|ni sư|ni trưởng|sư cô|mrs|ms)\b", re.IGNORECASE)
_MAN = re.compile(r"\b(?:ông|anh|mr)\b", re.IGNORECASE)
# A name ends where a line, a bracket, a comma or a spaced dash begins something else.
_NAME_END = re.compile(r"[\n(,;:]|\s[-–—]\s")
_WORD = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*\.?")
_SEAT = re.compile(
    r"\d|\b(?:đồng chí|đại diện|lãnh đạo|cử|chưa|sau|đại biểu|thành viên|cán bộ|chuyên viên|bổ sung|người|các|khuyết|văn phòng|phòng|ban|sở)\b",
    re.IGNORECASE,
)
_SEXES = {
    "nam": "M", "n": "M", "m": "M", "male": "M", "trai": "M", "ong": "M", "nu": "F", "f": "F", "female": "F", "gai": "F", "ba": "F",
}  # fmt: skip
_TWO_DIGIT_YEAR = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{2})")
_BORN_WORDS = re.compile(r"^(?:sinh|sn|ns)(?: (?:ngày|năm))?[:\s]*", re.IGNORECASE)
_EXCEL_BEGINS = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a day of the calendar, no moment
_YEARS_AS_DAYS = 1905  # where Excel shows "1980" in a cell that has the format of a date
_OLDEST_YEARS, _YOUNGEST_YEARS = 110, 14


@dataclass(frozen=True, slots=True)
class NameCell:
    """A name as written: what stands before it, the name itself, what follows."""

    full_name: str
    honorific: str = ""
    rest: str = ""
    problem: str = ""  # "", name_missing, name_unclear or open_seat

    @property
    def sex(self) -> str:
        """What "Ông" or "Bà" says: M, F or nothing."""
        return "F" if _WOMAN.search(self.honorific) else "M" if _MAN.search(self.honorific) else ""


@dataclass(frozen=True, slots=True)
class BirthCell:
    """A birthday as far as it is known: the day, or the year alone."""

    on: dt.date | None = None
    year: int | None = None
    problem: str = ""  # "", born_wrong, born_future, born_unlikely


def name(cell: str) -> NameCell:
    """The person's name out of a cell, in capital initials, with "Đ/c", ranks and brackets put aside."""
    if not cell or is_none(cell):
        return NameCell("", problem="name_missing")
    tidy = "\n".join(map(normalise_name, _BULLET.sub("", cell).split("\n")))
    if "\n" in tidy and not posts.begins_like_post(tidy.partition("\n")[2]):
        tidy = _unwrapped(tidy)
    before = _HONORIFIC.match(tidy)
    bare = tidy[before.end() :] if before else tidy
    end = _NAME_END.search(bare)
    own, rest = (bare[: end.start()], bare[end.start() :].strip(" \n,;:-–—()")) if end else (bare, "")
    full_name = without_title(proper_case(own.strip(" .-*")))
    honorific = before[0].strip(" .:,") if before else ""
    return NameCell(full_name, honorific, rest, _name_problem(own, full_name))


def _unwrapped(tidy: str) -> str:
    """A name that only ran over the cell's edge on one line again."""
    first, _, below = tidy.partition("\n")
    is_name = all(word[:1].isupper() and _WORD.fullmatch(word) for word in below.split())
    return f"{first} {below}" if is_name and len(below.split()) <= 2 else tidy


def _name_problem(own: str, full_name: str) -> str:
    words = full_name.split()
    if not words:
        return "name_missing"
    if _SEAT.search(own) and not all(word[:1].isupper() for word in own.split()):
        return "open_seat"
    if any(sign.isdigit() for sign in own):
        return "open_seat"
    if not 2 <= len(words) <= 8 or len(full_name) > 100 or not all(_WORD.fullmatch(word) for word in words):
        return "name_unclear"
    return ""


def born(value: Value, *, today: dt.date) -> BirthCell:
    """A birthday out of a date cell, a year, `05/2/1971`, `12.5.71` or words."""
    if isinstance(value, bool):
        return BirthCell(problem="born_wrong")
    if isinstance(value, dt.datetime):
        if value.year == _YEARS_AS_DAYS:
            return _born_of_number((value - _EXCEL_BEGINS).days, today)
        return _likely(value.date(), value.year, today)
    if isinstance(value, dt.date):
        return _likely(value, value.year, today)
    if isinstance(value, int | float):
        return _born_of_number(value, today)
    written = text(value)
    if not written or is_none(written):
        return BirthCell()
    if written.isdecimal() and len(written) == 5:
        return _born_of_number(int(written), today)
    return _born_of_text(_BORN_WORDS.sub("", written), today)


def _born_of_number(value: int | float, today: dt.date) -> BirthCell:
    if float(value).is_integer() and 1850 <= value <= 2200:
        return _likely(None, int(value), today)
    if 5_000 <= value <= 80_000:  # a date whose cell lost its date format
        day = from_excel(value)
        if isinstance(day, dt.datetime):
            return _likely(day.date(), day.year, today)
    return BirthCell(problem="born_wrong")


def _born_of_text(written: str, today: dt.date) -> BirthCell:
    if short := _TWO_DIGIT_YEAR.fullmatch(written.strip()):
        # of the two centuries only one can be: somebody of 71 was not born in 2071
        century = 1900 if int(short[3]) > (today.year - _YOUNGEST_YEARS) % 100 else 2000
        if century == 2000:
            return BirthCell(problem="born_wrong")
        written = f"{short[1]}/{short[2]}/{century + int(short[3])}"
    try:
        found = parse_partial_date(written)
    except Unreadable:
        return BirthCell(problem="born_wrong")
    if found.year is None:
        return BirthCell(problem="born_wrong")
    return _likely(found.full, found.year, today)


def _likely(day: dt.date | None, year: int, today: dt.date) -> BirthCell:
    if year > today.year or (day is not None and day > today):
        return BirthCell(problem="born_future")
    if not _YOUNGEST_YEARS <= today.year - year <= _OLDEST_YEARS:
        return BirthCell(day, year, "born_unlikely")
    return BirthCell(on=day, year=year)


@lru_cache(maxsize=256)
def sex(cell: str) -> tuple[str, str]:
    """M, F or nothing, and the problem: a mark such as "x" says neither."""
    if not cell or (is_none(cell) and fold(cell) != "x"):
        return "", ""
    found = _SEXES.get(fold(cell), "")
    return found, "" if found else "sex_unclear"
