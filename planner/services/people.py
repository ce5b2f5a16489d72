"""People of the directory: entered once, changed by version, their stored keys always true."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, TypedDict

from django.db import models, transaction
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from planner.access import Actor, Can, must
from planner.errors import ChangedMeanwhile, RuleBroken
from planner.models import Appointment, Person, Unit, held_on
from planner.services import edits
from planner.services.search import key_of
from planner.vietnamese import normalise_name, sort_key

NO_RANK = 9999
KEY_LENGTH = Person._meta.get_field("search_key").max_length or 600
_AT_ONCE = 1000


class NameNeeded(RuleBroken):
    """A person without a name."""

    code = "name_needed"
    message = _("Write the full name.")


class HelpsOneself(RuleBroken):
    """Somebody named as their own assistant or driver."""

    code = "helps_oneself"
    message = _("Choose somebody else: a person cannot be their own assistant or driver.")


class Gone(RuleBroken):
    """The record was merged into another or erased."""

    code = "person_gone"
    message = _("This record was merged into another one or erased and cannot be changed any more.")


class Details(TypedDict, total=False):
    """What is known of a person; what is not named stays as it is."""

    full_name: str
    sex: str
    born_on: dt.date | None
    birth_year: int | None
    email: str
    phone: str
    other_phone: str
    unit: Unit | None
    seniority: int
    assistant: Person | None
    driver: Person | None
    calendar_by: str
    tells_assistant: bool
    tags: list[str]
    note: str


@transaction.atomic
def create(details: Details, *, by: Actor) -> Person:
    """A new person; posts and seats come after, by `appointments.appoint` and `bodies.seat`.

    Raises NotAllowed, NameNeeded.
    """
    must(by, Can.EDIT_PEOPLE)
    values = _sound(details)
    if not values.get("full_name"):
        raise NameNeeded(fields={"full_name": NameNeeded.message})
    values["sort_key"] = sort_key(values["full_name"])
    person = edits.written(Person(), values, action="person.added", by=by)
    refresh([person.pk])
    person.refresh_from_db(fields=["search_key", "rank"])
    return person


@transaction.atomic
def change(person: Person, *, details: Details, version: int | None = None, by: Actor) -> Person:
    """The person with new details, one version later; a repeat with the same values changes nothing.

    Raises NotAllowed, ChangedMeanwhile (somebody saved after `version` was read), NameNeeded, HelpsOneself, Gone.
    """
    must(by, Can.EDIT_PEOPLE)
    person = locked(person)
    if version is not None and version != person.version:
        raise ChangedMeanwhile(version=person.version)
    values = {name: value for name, value in _sound(details).items() if getattr(person, name) != value}
    for helper in ("assistant", "driver"):
        if values.get(helper) == person:
            raise HelpsOneself(fields={helper: HelpsOneself.message})
    if not values:
        return person
    if "full_name" in values:
        values["sort_key"] = sort_key(values["full_name"])
    values["version"] = person.version + 1
    person = edits.written(person, values, action="person.changed", by=by)
    refresh([person.pk])
    return person


def locked(person: Person) -> Person:
    """The person's row, locked till the end of the transaction. Raises Gone."""
    row = Person.objects.select_for_update().get(pk=person.pk)
    if row.merged_into_id or row.erased_at:
        raise Gone
    return row


def refresh(ids: Iterable[int], *, on: dt.date | None = None) -> int:
    """How many people's stored rank and search key were wrong and are now right; three queries a thousand.

    The rank is that of the highest post held `on` the day (today); whoever holds none comes last.
    """
    day = on or timezone.localdate()
    wanted, mended = sorted(set(ids)), 0
    for start in range(0, len(wanted), _AT_ONCE):
        mended += _refresh_some(wanted[start : start + _AT_ONCE], day)
    return mended


def _refresh_some(ids: list[int], day: dt.date) -> int:
    present = Appointment.objects.current(day).select_related("post", "unit").order_by("position", "id")
    rows = Person.objects.filter(pk__in=ids).select_related("unit")
    people = rows.prefetch_related(models.Prefetch("appointments", queryset=present, to_attr="held"))
    stale = []
    for person in people:
        held: list[Appointment] = person.held  # type: ignore[attr-defined]
        rank = min((row.post.rank for row in held), default=NO_RANK)
        key = search_key_of(person, held)
        if (person.rank, person.search_key) != (rank, key):
            person.rank, person.search_key = rank, key
            stale.append(person)
    Person.objects.bulk_update(stale, ["rank", "search_key"], batch_size=200)
    return len(stale)


def search_key_of(person: Person, held: Iterable[Appointment]) -> str:
    """What a person is found by: name, telephones, e-mail, unit, and the posts held with their units."""
    posts = [part for row in held for part in (row.title or row.post.name, row.unit.name if row.unit else "")]
    unit = person.unit.name if person.unit else ""
    words = (person.full_name, person.phone, person.other_phone, unit, *posts, person.email.partition("@")[0])
    return key_of(*words)[:KEY_LENGTH]


@transaction.atomic
def catch_up(*, on: dt.date | None = None) -> int:
    """How many stored ranks the passing of days had made wrong; for the night's job, a repeat is harmless."""
    day = on or timezone.localdate()
    highest = (
        Appointment.objects.filter(held_on(day), person=models.OuterRef("pk"))
        .order_by("post__rank")
        .values("post__rank")[:1]
    )
    true_rank = Coalesce(models.Subquery(highest), NO_RANK)
    drifted = Person.objects.annotate(true_rank=true_rank).exclude(rank=models.F("true_rank"))
    return refresh(drifted.values_list("pk", flat=True), on=day)


def _sound(details: Details) -> dict[str, Any]:
    """The details with the name and the address written one way."""
    values: dict[str, Any] = dict(details)
    if "full_name" in values:
        values["full_name"] = normalise_name(values["full_name"])
        if not values["full_name"]:
            raise NameNeeded(fields={"full_name": NameNeeded.message})
    if "email" in values:
        values["email"] = values["email"].strip().lower()
    return values
