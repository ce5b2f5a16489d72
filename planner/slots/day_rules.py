"""Rules of the calendar: notice, days off and their eves, days of rest, the rehearsal before."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from planner.slots.case import Case
from planner.slots.facts import Facts
from planner.slots.levels import Clash
from planner.spans import Span


def notice_short(case: Case) -> Iterator[Clash]:
    """Fewer days between publication (now, for a draft) and the session than its kind asks for."""
    for meeting in case.sessions():
        announced = meeting.announced_at or case.facts.now
        if announced >= meeting.span.ends_at:
            continue  # entered after the event: no notice can be given any more
        have = (_day(case.facts, meeting.span.starts_at) - _day(case.facts, announced)).days
        if have < meeting.notice_days:
            yield Clash("notice_short", meeting.key, have=max(have, 0), need=meeting.notice_days)


def days_off(case: Case) -> Iterator[Clash]:
    """The session touches a day off or a day of rest, or is on the eve of a day off."""
    for meeting in case.sessions():
        days = _days(case.facts, meeting.span)
        for day in days:
            if code := _code(case.facts, day):
                text = case.facts.holidays.get(day, "")
                yield Clash(code, meeting.key, day.isoformat(), text=text, span=meeting.span)
        eve_of = days[-1] + timedelta(days=1)
        if eve_of in case.facts.holidays and days[-1] not in case.facts.holidays:
            text = case.facts.holidays[eve_of]
            yield Clash("holiday_eve", meeting.key, eve_of.isoformat(), text=text, span=meeting.span)


def _code(facts: Facts, day: date) -> str | None:
    if day in facts.holidays:
        return "holiday"
    return "day_of_rest" if day.weekday() in facts.rest_weekdays and day not in facts.worked else None


def _day(facts: Facts, moment: datetime) -> date:
    return moment.astimezone(facts.zone).date()


def _days(facts: Facts, span: Span) -> list[date]:
    """The days a span touches in the office's zone; midnight at its end is not one of them."""
    first, last = _day(facts, span.starts_at), _day(facts, span.ends_at - timedelta(microseconds=1))
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def rehearsal_missing(case: Case) -> Iterator[Clash]:
    """The session needs a rehearsal or line test and none is planned."""
    for meeting in case.sessions():
        if meeting.needs_rehearsal and not meeting.has_rehearsal:
            yield Clash("rehearsal_missing", meeting.key)
