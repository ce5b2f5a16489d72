"""Snapshots: a round's figures frozen at a moment, printable as a minute and never changed again."""

import datetime as dt
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils import timezone

from attendees.models import Round, Snapshot
from attendees.services import attendance
from attendees.services.attendance import Condition, Figures, Tally
from planner.access import Actor, Can, must
from planner.services import audit


@transaction.atomic
def take(*, round: Round, name: str = "", at: dt.datetime | None = None, by: Actor) -> Snapshot:
    """The round's figures as they stand now (or stood at a moment), kept for good."""
    must(by, Can.SCAN, on=round.session)
    moment = at or timezone.now()
    figures = attendance.figures(round.session, at=moment, round=round)
    row = Snapshot.objects.create(round=round, at=moment, name=name, figures=told(figures), taken_by=by.label)
    audit.record("snapshot.taken", on=row, by=by, after={"round": round.pk, "at": moment})
    return row


def told(figures: Figures) -> dict[str, Any]:
    """Figures as plain values for JSON: counts only, no names but those of units and gates."""
    return {
        "at": timezone.localtime(figures.at).isoformat(timespec="seconds"),
        "round_id": str(figures.round.pk),
        "round": figures.round.number,
        **asdict(figures.total),
        "guests": asdict(figures.guests),
        "by_unit": [
            {"unit_id": str(row.unit_id) if row.unit_id else None, "unit": row.unit, **asdict(row.tally)}
            for row in figures.by_unit
        ],
        "by_category": [
            {"category": name, **_present(tally)} for name, tally in sorted(figures.by_category.items())
        ],
        "by_gate": [{"gate": gate, "arrived": count} for gate, count in sorted(figures.by_gate.items())],
        "arrivals": [{"at": at.isoformat(), "count": count} for at, count in figures.arrivals],
        "quorum": _quorum(figures),
    }


def _present(tally: Tally) -> dict[str, int]:
    return {
        "total": tally.summoned,
        "present_now": tally.present_now,
        "ever_present": tally.ever_present,
    }


def _quorum(figures: Figures) -> dict[str, Any]:
    """The first condition in front, all of them behind; met when every one is."""
    conditions = [_condition(one) for one in figures.quorum]
    first = conditions[0]
    return {
        "needed": first["needed"],
        "base": first["base"],
        "present": first["present"],
        "missing": first["missing"],
        "met": figures.has_quorum,
        "conditions": conditions,
    }


def _condition(one: Condition) -> dict[str, Any]:
    return {
        "of": one.rule.base,
        "numerator": one.rule.numerator,
        "denominator": one.rule.denominator,
        "is_strict": one.rule.is_strict,
        "needed": one.needed,
        "base": one.base,
        "present": one.have,
        "missing": one.missing,
        "met": one.met,
    }
