"""The office: its one row, whether it is ready for work, and the tables it begins with."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from planner.access import SYSTEM, Actor, Can, Role, must
from planner.errors import WrongState
from planner.models import Grant, Office, Term, User
from planner.services import audit, edits, gazetteer, holidays, logins, profiles

# Province congresses were held from September to October 2025, the national one in January 2026; each office
# puts in its own days.
TERMS = (("2020–2025", 2020), ("2025–2030", 2025))
_TERM_BEGINS = (10, 1)


class ReadyAlready(WrongState):
    """The first run is over: an account exists."""

    code = "ready_already"
    message = _("The office has an administrator already. Sign in instead.")


def current() -> Office | None:
    """The office's row, None before the first run; one read by primary key. Pages get it once, as `office`."""
    return Office.objects.filter(pk=1).first()


def is_ready() -> bool:
    """True when somebody can sign in; until then the first-run page is open."""
    return User.objects.exists()


@transaction.atomic
def begin(*, name: str, kind: str, username: str, full_name: str, password: str, by: Actor = SYSTEM) -> User:
    """The first administrator of an empty office, with the default tables. Raises ReadyAlready, WeakPassword.

    The office's row is inserted first: of two people who send the page at once, one is refused.
    """
    if is_ready() or current() is not None:
        raise ReadyAlready
    user = User(username=username, full_name=full_name)
    logins.refuse_weak(password, user)
    office = Office(pk=1, name=name, kind=kind)
    office.save(force_insert=True)
    user.set_password(password)
    user.save(force_insert=True)
    Grant.objects.create(user=user, role=Role.ADMINISTRATOR.value)
    install_defaults(by=SYSTEM)
    audit.record("office.begun", on=office, by=by, after={"name": name, "administrator": username})
    return user


@transaction.atomic
def change(*, values: Mapping[str, Any], by: Actor) -> Office:
    """The office with new settings."""
    must(by, Can.ADMINISTER)
    office = Office.objects.select_for_update().filter(pk=1).first() or Office(pk=1)
    return edits.written(office, values, action="office.changed", by=by)


@transaction.atomic
def save_term(term: Term, *, values: Mapping[str, Any], by: Actor) -> Term:
    """A term of office, new or changed."""
    must(by, Can.ADMINISTER)
    return edits.written(term, values, action="term.changed" if term.pk else "term.added", by=by)


@transaction.atomic
def install_defaults(*, by: Actor) -> None:
    """Profiles of all kinds, quorums, two terms, days off of five years, the country's units, where there are none.

    What the office edited stays; a repeat is harmless.
    """
    must(by, Can.ADMINISTER)
    profiles.install(by=by)
    if not Term.objects.exists():
        Term.objects.bulk_create(term_of(name, year) for name, year in TERMS)
    holidays.install(by=by)
    gazetteer.install(by=by)


def term_of(name: str, year: int) -> Term:
    """A term of five years from the autumn of its congress, unsaved."""
    return Term(name=name, starts_on=dt.date(year, *_TERM_BEGINS), ends_on=dt.date(year + 5, *_TERM_BEGINS))
