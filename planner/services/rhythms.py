"""Standing rules of bodies ("BTV họp ngày 25 hằng tháng, 8 giờ"): what the programme's sessions are born from."""

from collections.abc import Mapping
from typing import Any

from dateutil.rrule import rrulestr
from django.db import transaction
from django.utils import dates
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from planner.access import Actor, Can, must
from planner.errors import RuleBroken
from planner.models import StandingRule
from planner.services import edits
from planner.vietnamese import WEEKDAYS

WEEKDAY_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_NTH = {
    "1": pgettext_lazy("weekday of a month", "first"),
    "2": pgettext_lazy("weekday of a month", "second"),
    "3": pgettext_lazy("weekday of a month", "third"),
    "4": pgettext_lazy("weekday of a month", "fourth"),
    "-1": pgettext_lazy("weekday of a month", "last"),
}


class UnreadableRhythm(RuleBroken):
    """The text is no RRULE."""

    code = "unreadable_rhythm"
    message = gettext_lazy(
        "This rhythm cannot be read. Choose one from the list, or write an RRULE such as FREQ=WEEKLY;BYDAY=MO."
    )


@transaction.atomic
def save(rule: StandingRule, *, values: Mapping[str, Any], by: Actor) -> StandingRule:
    """A standing rule, new or changed; sessions planned from it before stay. Raises UnreadableRhythm."""
    must(by, Can.PLAN, on=values.get("body") or rule.body)
    if "rrule" in values:
        _refuse_unreadable(values["rrule"])
    return edits.written(rule, values, action="rhythm.changed" if rule.pk else "rhythm.added", by=by)


@transaction.atomic
def stop(rule: StandingRule, *, by: Actor) -> StandingRule:
    """The rule out of use; nothing that was planned is touched."""
    must(by, Can.PLAN, on=rule.body)
    return edits.written(rule, {"is_active": False}, action="rhythm.stopped", by=by)


def _refuse_unreadable(text: str) -> None:
    try:
        rrulestr(text)
    except (ValueError, TypeError, AttributeError) as error:
        raise UnreadableRhythm(fields={"rrule": UnreadableRhythm.message}) from error


def words(rrule: str) -> str:
    """The rhythm in the reader's language: "Thứ Hai hằng tuần", "ngày 25 hằng tháng"; an unusual rule as it is."""
    parts = dict(part.split("=", 1) for part in rrule.upper().split(";") if "=" in part)
    days, interval = parts.get("BYDAY", ""), parts.get("INTERVAL", "1")
    if set(parts) - {"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY"} or not (days or parts.get("BYMONTHDAY")):
        return rrule
    which = _days(days) if days else _("day %(days)s") % {"days": parts["BYMONTHDAY"].replace(",", ", ")}
    patterns = {
        ("WEEKLY", "1"): _("%(which)s every week"),
        ("WEEKLY", "2"): _("%(which)s every second week"),
        ("MONTHLY", "1"): _("%(which)s of the month"),
        ("MONTHLY", "3"): _("%(which)s of the month, every third month"),
    }
    pattern = patterns.get((parts.get("FREQ", ""), interval))
    return pattern % {"which": which} if pattern else rrule


def _days(byday: str) -> str:
    """The days of BYDAY: "Thứ Hai và Thứ Năm", "Thứ Năm lần 2 và lần 4"."""
    names: dict[str, list[str]] = {}
    for day in byday.split(","):
        names.setdefault(weekday_name(day[-2:]), []).append(str(_NTH.get(day[:-2], "")))
    phrases = [f"{name} {_and(nth)}" if any(nth) else name for name, nth in names.items()]
    return _and(phrases)


def _and(words: list[str]) -> str:
    *first, last = words
    return _("%(first)s and %(last)s") % {"first": ", ".join(first), "last": last} if first else last


def weekday_name(code: str) -> str:
    """The weekday of an RRULE's code in the reader's language: MO → Thứ Hai."""
    number = WEEKDAY_CODES.index(code) if code in WEEKDAY_CODES else 0
    is_vietnamese = (get_language() or "").startswith("vi")
    return WEEKDAYS[number] if is_vietnamese else str(dates.WEEKDAYS[number])
