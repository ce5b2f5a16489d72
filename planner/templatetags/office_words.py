"""Sessions and happenings in an office's words, in the reader's language."""

import datetime as dt

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from planner.flow.weeks import Day, Row
from planner.models import Session
from planner.vietnamese import HalfDay, date_words, full_date_words, lunar_short, time_words

register = template.Library()


@register.filter
def day_words(moment: dt.datetime | dt.date) -> str:
    """The day with its weekday: “Thứ Năm, ngày 26 tháng 11 năm 2026”, “Thursday 26 November 2026”."""
    day = timezone.localdate(moment) if isinstance(moment, dt.datetime) else moment
    return full_date_words(day) if _is_vietnamese() else date_format(day, "l j F Y")


@register.filter
def paper_day(day: dt.date) -> str:
    """The day as papers are dated: “ngày 05 tháng 02 năm 2026”, “5 February 2026”."""
    return date_words(day) if _is_vietnamese() else date_format(day, "j F Y")


@register.filter
def clock_words(moment: dt.datetime) -> str:
    """The hour: “7 giờ 30”, “7:30”."""
    local = timezone.localtime(moment)
    return time_words(local.time()) if _is_vietnamese() else f"{local:%H:%M}"


@register.filter
def when_and_where(session: Session) -> str:
    """Day, hours and main room of a session in one line."""
    place = (
        ", ".join(row.room.name for row in session.bookings.main().select_related("room"))
        or session.place_text
    )
    hours = _("%(start)s to %(end)s") % {
        "start": clock_words(session.starts_at),
        "end": clock_words(session.ends_at),
    }
    return " · ".join(part for part in (day_words(session.starts_at), hours, place) if part)


@register.filter
def lunar(day: dt.date) -> str:
    """The lunar date, short: “17/10”."""
    return lunar_short(day)


@register.filter
def half(day: Day, half_day: HalfDay) -> tuple[Row, ...]:
    """The lines of one half-day of a day of the week."""
    return day.rows_of(half_day)


def _is_vietnamese() -> bool:
    return (get_language() or "").startswith("vi")
