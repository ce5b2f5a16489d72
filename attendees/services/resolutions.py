"""A rule resolved on a day against the stored directory: people by precedence with why, seats asked of units."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from attendees import rules
from attendees.rules import Directory, Held, OpenSeat, Pick, Rule, UnitFact
from planner.models import Appointment, Body, Membership, Office, Person, Post, Unit
from planner.services import titles


@dataclass(frozen=True)
class Resolution:
    """Who a rule means on a day, by precedence, once each; and the seats it asks of units."""

    people: tuple[tuple[Person, Pick], ...] = ()
    open_seats: tuple[tuple[Unit, OpenSeat], ...] = ()


def resolve(raw: Mapping[str, Any], *, on: dt.date) -> Resolution:
    """The people and open seats of a rule on a day; reasons are in the office's language.

    At most nine queries, whatever the size. Raises BadRule.
    """
    if not raw:
        return Resolution()
    rule = rules.read(raw)
    with translation.override(office_language()):
        directory = _directory(rule, on)
        picks = rules.resolve(rule, directory)
    seats = rules.open_seats(rule, directory)
    people = Person.objects.active().filter(pk__in=picks).by_precedence()
    units = Unit.objects.in_bulk([seat.unit for seat in seats])
    return Resolution(
        people=tuple((person, picks[person.pk]) for person in people),
        open_seats=tuple((units[seat.unit], seat) for seat in seats),
    )


def office_language() -> str:
    """The language papers, mails and stored words of this office are in."""
    return Office.objects.values_list("language", flat=True).first() or settings.LANGUAGE_CODE


def _directory(rule: Rule, on: dt.date) -> Directory:
    """Only what the rule speaks of, as plain values."""
    nodes = list(rule.nodes())
    directory = Directory(named=_("named in person"))
    if any(node.bodies for node in nodes):
        directory.bodies = _named(Body.objects.values_list("pk", "kind"))
    if any(node.posts for node in nodes):
        directory.posts = _named(Post.objects.values_list("pk", "name"))
    if any(node.units for node in nodes):
        directory.units = _units(on)
        in_units = Person.objects.active().filter(unit__isnull=False)
        directory.homes = dict(in_units.values_list("pk", "unit_id"))
    if any(node.tags for node in nodes):
        tagged = Person.objects.active().exclude(tags=[]).values_list("pk", "tags")
        directory.tags = {pk: frozenset(tags) for pk, tags in tagged}
    named = {text for node in nodes for text in node.people if text.isdecimal() and len(text) < 19}
    if named:
        directory.people = frozenset(Person.objects.filter(pk__in=named).values_list("pk", flat=True))
    if any(node.bodies or node.roles for node in nodes):
        directory.seats = _seats(on)
    if any(node.posts or node.units for node in nodes):
        directory.held = _held(nodes, directory, on)
    return directory


def _named(rows: Any) -> dict[str, frozenset[int]]:
    """Ids by what a rule may write for them: the id itself, and the kind or name."""
    found: dict[str, frozenset[int]] = {}
    for pk, word in rows:
        for text in (str(pk), word):
            found[text] = found.get(text, frozenset()) | {pk}
    return found


def _units(on: dt.date) -> dict[int, UnitFact]:
    rows = Unit.objects.existing(on).order_by("position", "sort_key", "pk")
    return {
        pk: UnitFact(name, kind, parent, frozenset(tags))
        for pk, name, kind, parent, tags in rows.values_list("pk", "name", "kind", "parent_id", "tags")
    }


def _seats(on: dt.date) -> list[rules.Seat]:
    """Seats of the term in force on the day and ended ones; a seat of an earlier term is a former one."""
    labels = dict(Membership.Role.choices)
    begun = Q(starts_on__isnull=True) | Q(starts_on__lte=on)
    rows = Membership.objects.filter(begun, term__starts_on__lte=on).in_order()
    columns = ("person_id", "body_id", "role", "body__short_name", "ends_on", "term__ends_on")
    seats = []
    for person, body, role, name, ends_on, term_ends_on in rows.values_list(*columns):
        is_former = (ends_on is not None and ends_on <= on) or term_ends_on <= on
        words = f"{labels[role]} {name}"
        seats.append(rules.Seat(person, body, role, _former(words) if is_former else words, is_former))
    sitting = {(seat.person, seat.body) for seat in seats if not seat.is_former}
    return [seat for seat in seats if not seat.is_former or (seat.person, seat.body) not in sitting]


def _held(nodes: list[Rule], directory: Directory, on: dt.date) -> list[Held]:
    """Posts held that day, and ended ones where the rule asks for them."""
    begun = Q(starts_on__isnull=True) | Q(starts_on__lte=on)
    rows = Appointment.objects.filter(begun)
    if all(node.posts for node in nodes if node.units):  # else whoever works in a unit is meant
        posts = {pk for node in nodes for text in node.posts for pk in directory.posts.get(text, ())}
        rows = rows.filter(post__in=posts)
    if not any(node.former for node in nodes):
        rows = rows.current(on)
    held = []
    for row in rows.select_related("post", "unit").order_by("person_id", "position", "id"):
        is_former = row.ends_on is not None and row.ends_on <= on
        words = titles.title_of(row)
        held.append(
            Held(row.person_id, row.post_id, row.unit_id, _former(words) if is_former else words, is_former)
        )
    return held


def _former(words: str) -> str:
    return _("former %(post)s") % {"post": words}
