"""A week's way: drafted, submitted by the office, approved by the Thường trực; each approval freezes a version."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from planner.access import SYSTEM, Actor, Can, must
from planner.errors import WrongState
from planner.flow import weeks
from planner.models import Session, WeekSchedule, WeekVersion
from planner.services import audit

_KEPT = (
    "key",
    "has_hour",
    "content",
    "leaders",
    "place",
    "preparing_unit",
    "escort",
    "car",
    "state",
)


class NotSubmitted(WrongState):
    """Only a submitted week can be approved."""

    code = "week_not_submitted"
    message = _("Submit the week first; then its approval is recorded.")


@transaction.atomic
def submit(iso_year: int, iso_week: int, *, by: Actor) -> WeekSchedule:
    """The week as submitted for approval; an approved one again, with what changed since. A repeat is harmless.

    Raises NotAllowed, and ValueError for a week that does not exist.
    """
    must(by, Can.WEEK_SUBMIT)
    week = _locked(iso_year, iso_week)
    if week.state != WeekSchedule.State.SUBMITTED:
        before = week.state
        week.state = WeekSchedule.State.SUBMITTED
        week.save(update_fields=["state"])
        audit.record("week.submitted", on=week, by=by, before={"state": before}, after={"state": week.state})
    return week


@transaction.atomic
def approve(iso_year: int, iso_week: int, *, approved_by: str, by: Actor) -> WeekVersion:
    """The next version of the week, frozen as it stands; `approved_by` names who approved, `by` who recorded it.

    Raises NotAllowed, NotSubmitted, and ValueError for a week that does not exist.
    """
    must(by, Can.WEEK_APPROVE)
    week = _locked(iso_year, iso_week)
    if week.state != WeekSchedule.State.SUBMITTED:
        raise NotSubmitted
    week.state, week.version = WeekSchedule.State.APPROVED, week.version + 1
    week.save(update_fields=["state", "version"])
    version = WeekVersion.objects.create(
        week=week,
        number=week.version,
        rows=frozen(weeks.week(iso_year, iso_week, by=SYSTEM)),
        approved_by=approved_by,
        recorded_by=by.label,
        at=timezone.now(),
    )
    after = {"version": week.version, "approved_by": approved_by}
    audit.record("week.approved", on=week, by=by, after=after)
    return version


def frozen(week: weeks.Week) -> list[dict[str, Any]]:
    """The lines of a week as plain values: what may be shown to anybody, secret sessions as neutral words."""
    return [
        {name: getattr(row, name) for name in _KEPT}
        | {
            "on": day.on.isoformat(),
            "half_day": row.half_day.value,
            "starts_at": row.starts_at.isoformat(),
            "ends_at": row.ends_at.isoformat(),
        }
        for day in week.days
        for half in day.halves
        for row in half.rows
    ]


def seen_by(rows: list[dict[str, Any]], actor: Actor) -> list[dict[str, Any]]:
    """The lines of a version without those of sessions the actor may not know of."""
    ids = {int(row["key"].partition(":")[2]) for row in rows if row["key"].startswith("session:")}
    seen = Session.objects.visible_to(actor).filter(pk__in=ids).values_list("pk", flat=True)
    hidden = {f"session:{pk}" for pk in ids.difference(seen)}
    return [row for row in rows if row["key"] not in hidden]


def published(iso_year: int, iso_week: int) -> WeekVersion | None:
    """The latest approved version of a week."""
    rows = WeekVersion.objects.filter(week__iso_year=iso_year, week__iso_week=iso_week)
    return rows.select_related("week").order_by("-number").first()


def state_of(iso_year: int, iso_week: int) -> WeekSchedule:
    """The week's state; a draft nobody has touched has no row yet."""
    found = WeekSchedule.objects.filter(iso_year=iso_year, iso_week=iso_week).first()
    return found or WeekSchedule(iso_year=iso_year, iso_week=iso_week)


def _locked(iso_year: int, iso_week: int) -> WeekSchedule:
    dt.date.fromisocalendar(iso_year, iso_week, 1)
    WeekSchedule.objects.get_or_create(iso_year=iso_year, iso_week=iso_week)
    return WeekSchedule.objects.select_for_update().get(iso_year=iso_year, iso_week=iso_week)
