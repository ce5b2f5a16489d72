"""Standing rules of bodies ("BTV họp ngày 25 hằng tháng, 8 giờ"): what the programme's sessions are born from."""

from collections.abc import Mapping
from typing import Any

from dateutil.rrule import rrulestr
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from planner.access import Actor, Can, must
from planner.errors import RuleBroken
from planner.models import StandingRule
from planner.services import edits


class UnreadableRhythm(RuleBroken):
    """The text is no RRULE."""

    code = "unreadable_rhythm"
    message = _(
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
