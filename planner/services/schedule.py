"""Leaders' engagements: the lines of the week that take no room, list or invitation of ours."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from planner.access import Actor, Can, must
from planner.errors import ChangedMeanwhile, RuleBroken, WrongState
from planner.models import Body, Engagement, Person
from planner.services import audit
from planner.vietnamese import half_day_of

# What a half-day without an hour means on the clock.
HALF_DAYS = {
    Engagement.HalfDay.MORNING: (dt.time(7), dt.time(11, 30)),
    Engagement.HalfDay.AFTERNOON: (dt.time(13, 30), dt.time(17)),
    Engagement.HalfDay.EVENING: (dt.time(18), dt.time(21)),
    Engagement.HalfDay.ALL_DAY: (dt.time(7), dt.time(17)),
}
_USUAL_MINUTES = 120


class EntryEndsBeforeItStarts(RuleBroken):
    """The end does not lie after the beginning."""

    code = "ends_before_it_starts"
    message = _("An entry must end after it starts.")


@dataclass(frozen=True)
class Entry:
    """A line of the week as somebody typed it; without `starts` it takes the half-day."""

    on: dt.date
    content: str
    kind: str = Engagement.Kind.ATTEND
    starts: dt.time | None = None
    ends: dt.time | None = None
    half_day: str = Engagement.HalfDay.MORNING
    leaders_text: str = ""
    leaders: tuple[Person, ...] = ()
    place: str = ""
    preparing_unit: str = ""
    escort: str = ""
    car: str = ""
    body: Body | None = None


_COPIED = ("content", "kind", "leaders_text", "place", "preparing_unit", "escort", "car", "body")


@transaction.atomic
def add(entry: Entry, *, import_key: str = "", by: Actor) -> Engagement:
    """The new line of the week. Raises NotAllowed, EntryEndsBeforeItStarts."""
    must(by, Can.PLAN, on=entry.body)
    row = Engagement.objects.create(import_key=import_key, **_values(entry))
    row.leaders.set(entry.leaders)
    audit.record(
        "engagement.added", on=row, by=by, after={"content": row.content, "starts_at": row.starts_at}
    )
    return row


@transaction.atomic
def change(engagement: Engagement, *, entry: Entry, version: int | None = None, by: Actor) -> Engagement:
    """The line with new values. Raises NotAllowed, ChangedMeanwhile, EntryEndsBeforeItStarts."""
    must(by, Can.PLAN, on=engagement)
    row = Engagement.objects.select_for_update().get(pk=engagement.pk)
    if version is not None and version != row.version:
        raise ChangedMeanwhile(version=row.version)
    values = _values(entry)
    before = {name: _plain(getattr(row, name)) for name in values}
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*values, "version"])
    row.leaders.set(entry.leaders)
    after = {name: _plain(value) for name, value in values.items()}
    audit.record("engagement.changed", on=row, by=by, **audit.difference(before, after))
    return row


@transaction.atomic
def remove(engagement: Engagement, *, by: Actor) -> None:
    """Take the line off the week."""
    must(by, Can.PLAN, on=engagement)
    if engagement.became_session_id:
        raise WrongState(_("This line became a session; cancel the session instead."))
    audit.record("engagement.removed", on=engagement, by=by, before={"content": engagement.content})
    engagement.delete()


def _values(entry: Entry) -> dict[str, object]:
    starts, ends = _hours(entry)
    starts_at, ends_at = (timezone.make_aware(dt.datetime.combine(entry.on, at)) for at in (starts, ends))
    if ends_at <= starts_at:
        raise EntryEndsBeforeItStarts(fields={"ends": EntryEndsBeforeItStarts.message})
    half_day = half_day_of(starts, ends).value if entry.starts else entry.half_day
    values: dict[str, object] = {name: getattr(entry, name) for name in _COPIED}
    return values | {
        "starts_at": starts_at,
        "ends_at": ends_at,
        "has_hour": entry.starts is not None,
        "half_day": half_day,
    }


def _hours(entry: Entry) -> tuple[dt.time, dt.time]:
    if entry.starts is None:
        return HALF_DAYS[Engagement.HalfDay(entry.half_day)]
    if entry.ends is not None:
        return entry.starts, entry.ends
    usual = dt.datetime.combine(entry.on, entry.starts) + dt.timedelta(minutes=_USUAL_MINUTES)
    same_day = usual.date() == entry.on
    return entry.starts, usual.time() if same_day else dt.time(23, 59)


def _plain(value: object) -> object:
    return value.pk if isinstance(value, Body) else value
