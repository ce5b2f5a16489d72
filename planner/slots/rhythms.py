"""Rhythms of days as RRULE (RFC 5545, 3.3.10): built from what people say, counted, and told again."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from dateutil.rrule import rrulestr
from django.utils.dates import WEEKDAYS as WEEKDAY_NAMES
from django.utils.translation import gettext as _

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_PARTS = frozenset(
    {"FREQ", "INTERVAL", "UNTIL", "BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS", "BYWEEKNO", "WKST"}
)
_QUARTER_ENDS = "3,6,9,12"
_LONGEST_WAIT = timedelta(days=8 * 366)
"""29 February can be eight years away; a rhythm that is silent longer never comes."""


class BadRhythm(ValueError):
    """The text is no rhythm of days: no RRULE, one finer than a day or with COUNT, or one that never comes."""


def weekly(weekday: int, *, every: int = 1) -> str:
    """Each week (or every nth) on a weekday, 0 for Monday: “thứ Hai hằng tuần”."""
    return f"FREQ=WEEKLY;{_interval(every)}BYDAY={_WEEKDAYS[weekday]}"


def monthly(day: int, *, every: int = 1) -> str:
    """Each month on a day, the last one where the month is shorter: “ngày 25 hằng tháng”."""
    return f"FREQ=MONTHLY;{_interval(every)}{_month_day(day)}"


def monthly_on_weekday(nth: int, weekday: int) -> str:
    """Each month on the nth weekday, −1 for the last: “thứ Hai đầu tiên hằng tháng”."""
    return f"FREQ=MONTHLY;BYDAY={nth}{_WEEKDAYS[weekday]}"


def quarterly(day: int) -> str:
    """A day in the last month of each quarter: “ngày 25 tháng cuối quý”."""
    return f"FREQ=MONTHLY;BYMONTH={_QUARTER_ENDS};{_month_day(day)}"


def _interval(every: int) -> str:
    return f"INTERVAL={every};" if every > 1 else ""


def _month_day(day: int) -> str:
    """BYMONTHDAY=31 alone would skip the short months, against what people mean."""
    if not 1 <= day <= 31:
        raise BadRhythm(f"no day {day} in a month")
    if day <= 28:
        return f"BYMONTHDAY={day}"
    return f"BYMONTHDAY={','.join(map(str, range(28, day + 1)))};BYSETPOS=-1"


def check(rule: str, *, starts_on: date) -> None:
    """Nothing, for a rule that can be counted and comes true; raises BadRhythm for any other."""
    if next(days(rule, starts_on=starts_on, last=starts_on + _LONGEST_WAIT), None) is None:
        raise BadRhythm(rule)


def days(rule: str, *, starts_on: date, last: date) -> Iterator[date]:
    """The days of a rule from `starts_on` to `last`, both included, in order. Raises BadRhythm."""
    parts = _parts(rule)
    until = min(_day(parts.pop("UNTIL")), last) if "UNTIL" in parts else last
    # Bounded always: a rule that never comes true (30 February) would be counted to the year 9999.
    text = ";".join(f"{name}={value}" for name, value in parts.items()) + f";UNTIL={until:%Y%m%d}"
    try:
        counted = rrulestr(text, dtstart=datetime.combine(starts_on, time.min))
    except (ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        raise BadRhythm(rule) from error
    return (moment.date() for moment in counted)


def _parts(rule: str) -> dict[str, str]:
    """The parts of a rule by name; an INTERVAL of 0 would never end."""
    pairs = [part.partition("=") for part in rule.strip().upper().removeprefix("RRULE:").split(";") if part]
    parts = {name: value for name, _sign, value in pairs}
    interval = parts.get("INTERVAL", "1")
    is_sound = parts.keys() <= _PARTS and parts.get("FREQ") in _FREQUENCIES and all(parts.values())
    if not is_sound or not interval.isdecimal() or int(interval) < 1:
        raise BadRhythm(rule)
    return parts


def _day(until: str) -> date:
    try:
        return datetime.strptime(until[:8], "%Y%m%d").date()  # noqa: DTZ007 - a day, no moment
    except ValueError as error:
        raise BadRhythm(until) from error


def words(rule: str) -> str:
    """“ngày 25 hằng tháng”, “thứ Hai hằng tuần”, “ngày 25 tháng cuối quý”; else the rule itself."""
    try:
        parts = _parts(rule)
    except BadRhythm:
        return rule
    parts.pop("UNTIL", None)
    parts.pop("WKST", None)
    every = int(parts.pop("INTERVAL", "1"))
    if parts.keys() == {"FREQ", "BYDAY"}:
        return _weekday_words(parts["FREQ"], parts["BYDAY"], every) or rule
    if parts.get("FREQ") != "MONTHLY":
        return rule
    day = _day_of_month(parts)
    if day is None:
        return rule
    if parts.get("BYMONTH") == _QUARTER_ENDS and every == 1:
        return _("%(day)s of the last month of each quarter") % {"day": day}
    if "BYMONTH" in parts:
        return rule
    if every > 1:
        return _("%(day)s, every %(count)d months") % {"day": day, "count": every}
    return _("%(day)s of each month") % {"day": day}


def _day_of_month(parts: dict[str, str]) -> str | None:
    """The day a monthly rule names, when it was built by `_month_day`."""
    if not parts.keys() <= {"FREQ", "BYMONTH", "BYMONTHDAY", "BYSETPOS"}:
        return None
    named = parts.get("BYMONTHDAY", "").split(",")[-1]
    if not named.isdecimal() or not 1 <= int(named) <= 31:
        return None
    wanted = _month_day(int(named)) == ";".join(
        f"{k}={parts[k]}" for k in ("BYMONTHDAY", "BYSETPOS") if k in parts
    )
    if not wanted:
        return None
    return _("the last day") if named == "31" else _("day %(number)s") % {"number": named}


def _weekday_words(frequency: str, by_day: str, every: int) -> str | None:
    nth, code = by_day[:-2], by_day[-2:]
    if code not in _WEEKDAYS:
        return None
    name = str(WEEKDAY_NAMES[_WEEKDAYS.index(code)])
    if frequency == "WEEKLY" and not nth:
        if every == 1:
            return _("every %(weekday)s") % {"weekday": name}
        return _("%(weekday)s, every %(count)d weeks") % {"weekday": name, "count": every}
    if frequency != "MONTHLY" or every != 1:
        return None
    if nth == "-1":
        return _("the last %(weekday)s of each month") % {"weekday": name}
    if nth.isdecimal():
        return _("%(weekday)s number %(nth)s of each month") % {"weekday": name, "nth": nth}
    return None
