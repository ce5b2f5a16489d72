"""Badges: issue, replace and revoke them; which badge a code belongs to.

The token is never stored: it is derived from the badge's serial and found by its digest.
"""

import uuid
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from attendees import tokens
from attendees.models import Badge, BadgeSeries, Delegate
from planner.access import Actor, Can, must
from planner.errors import Conflict, RuleBroken, WrongState
from planner.models import Person, Session
from planner.services import audit, links, secrecy

_PREFIXES = 10**tokens.PREFIX_DIGITS
_TYPED_TRIES = 20


class NoPrefixLeft(Conflict):
    """All ten thousand prefixes are in use."""

    code = "no_prefix_left"
    message = _("There is no free number for another series of badges.")


class NotListed(RuleBroken):
    """A badge is only for somebody on the list."""

    code = "not_listed"
    message = _("This person is not on the list.")


class BadgeEnded(WrongState):
    """The badge was replaced or cancelled before."""

    code = "badge_ended"
    message = _("This badge was replaced or cancelled before.")


@transaction.atomic
def series_for(session: Session) -> BadgeSeries:
    """The series in which badges of the session are issued: its chain's, when it belongs to one."""
    owner = {"chain_id": session.chain_id} if session.chain_id else {"session_id": session.pk}
    row, _is_new = BadgeSeries.objects.get_or_create(
        **owner, defaults={"prefix": lambda: _free_prefix(str(owner))}
    )
    return row


def series_of(session: Session) -> list[BadgeSeries]:
    """The series whose badges the session's doors know: its chain's, and its own from before it was chained."""
    scope = Q(session_id=session.pk)
    if session.chain_id:
        scope |= Q(chain_id=session.chain_id)
    return list(BadgeSeries.objects.filter(scope).order_by("-chain_id", "id"))


@transaction.atomic
def issue(*, session: Session, delegates: Iterable[Delegate] | None = None, by: Actor) -> list[Badge]:
    """New badges for all listed delegates (or those given) who hold none in the series; a repeat adds none.

    Raises NotAllowed, NotListed.
    """
    must(by, Can.BADGE, on=session)
    series = BadgeSeries.objects.select_for_update().get(pk=series_for(session).pk)
    listed = list(session.delegates.listed().by_delegation() if delegates is None else delegates)
    if any(row.session_id != session.pk or row.removed_at for row in listed):
        raise NotListed
    holders = set(series.badges.active().values_list("person_id", flat=True))
    wanted = [row for row in listed if row.person_id not in holders]
    made = _make(series, [(row.person_id, row.number) for row in wanted])
    if made:
        audit.record("badges.issued", on=session, by=by, after={"count": len(made)})
    return made


@transaction.atomic
def replace(*, badge: Badge, session: Session, reason: str = "", by: Actor) -> Badge:
    """A new badge for the same person; the old one is dead from this moment. Raises BadgeEnded."""
    must(by, Can.BADGE, on=session)
    _refuse_words(session, reason)
    old = _locked(badge, session)
    if old.state != Badge.State.ACTIVE:
        raise BadgeEnded
    _end(old, Badge.State.REPLACED)
    (new,) = _make(old.series, [(old.person_id, old.number)], is_provisional=old.is_provisional)
    audit.record(
        "badge.replaced", on=new, by=by, before={"id": old.pk}, after={"id": new.pk, "reason": reason}
    )
    return new


@transaction.atomic
def revoke(*, badge: Badge, session: Session, reason: str = "", by: Actor) -> Badge:
    """The badge, cancelled; a repeat is harmless."""
    must(by, Can.BADGE, on=session)
    _refuse_words(session, reason)
    row = _locked(badge, session)
    if row.state == Badge.State.ACTIVE:
        _end(row, Badge.State.CANCELLED)
        audit.record("badge.cancelled", on=row, by=by, after={"reason": reason})
    return row


@transaction.atomic
def withdraw(*, session: Session, people: Iterable[Person], by: Actor) -> int:
    """How many badges were cancelled because their holders left the list.

    A chain's badge lives on while its holder is on the list of another session of the chain.
    """
    ids = {person.pk for person in people}
    if session.chain_id:
        others = Delegate.objects.listed().filter(session__chain_id=session.chain_id, person_id__in=ids)
        ids -= set(others.exclude(session=session).values_list("person_id", flat=True))
    rows = Badge.objects.active().filter(series__in=series_of(session), person_id__in=ids)
    ended = list(rows.select_for_update(of=("self",)))
    for row in ended:
        _end(row, Badge.State.CANCELLED)
    if ended:
        audit.record("badges.withdrawn", on=session, by=by, after={"count": len(ended)})
    return len(ended)


@transaction.atomic
def hand_over(*, badges: Iterable[Badge], session: Session, to: str, by: Actor) -> int:
    """How many badges were noted as handed to `to`."""
    must(by, Can.BADGE, on=session)
    rows = Badge.objects.active().filter(pk__in=[badge.pk for badge in badges], series__in=series_of(session))
    count = rows.update(handed_to=to, handed_at=timezone.now())
    audit.record("badges.handed_over", on=session, by=by, after={"count": count, "to": to})
    return count


def held_in(session: Session) -> dict[int, Badge]:
    """The latest badge of each person in the session's series, by person id; a valid one wins. One query."""
    rows = Badge.objects.filter(series__in=series_of(session)).select_related("series").order_by("id")
    held: dict[int, Badge] = {}
    for row in rows:
        known = held.get(row.person_id)
        if known is None or known.state != Badge.State.ACTIVE:
            held[row.person_id] = row
    return held


def token_of(badge: Badge) -> str:
    """The 34 digits of a badge's QR."""
    return tokens.badge_token(_key(), prefix=badge.series.prefix, serial=str(badge.serial))


def typed_of(badge: Badge) -> str:
    """The 8 digits printed under its QR."""
    return tokens.typed_code(_key(), serial=str(badge.serial), attempt=badge.nonce)


def _make(
    series: BadgeSeries, holders: Sequence[tuple[int, int | None]], *, is_provisional: bool = False
) -> list[Badge]:
    """Badges for (person id, number); those without a number get the next free one of the series."""
    if not holders:
        return []
    now = timezone.now()
    taken = set(series.badges.values_list("typed_digest", flat=True))
    numbers = series.badges.aggregate(last=Max("number"))["last"] or 0
    numbers = max([numbers, *(number or 0 for _, number in holders)])
    rows = []
    for person_id, number in holders:
        row = Badge(series=series, person_id=person_id, serial=uuid.uuid4(), is_provisional=is_provisional)
        row.issued_at, row.number = now, number
        if number is None:
            numbers += 1
            row.number = numbers
        row.token_digest = tokens.token_key(token_of(row))
        row.typed_digest = _free_typed_digest(row, taken)
        rows.append(row)
    return Badge.objects.bulk_create(rows, batch_size=500)


def _free_typed_digest(badge: Badge, taken: set[str]) -> str:
    for badge.nonce in range(_TYPED_TRIES):
        key = tokens.typed_key(typed_of(badge), prefix=badge.series.prefix)
        if key not in taken:
            taken.add(key)
            return key
    raise NoPrefixLeft


def _locked(badge: Badge, session: Session) -> Badge:
    rows = Badge.objects.select_for_update(of=("self",)).select_related("series")
    return rows.get(pk=badge.pk, series__in=series_of(session))


def _end(badge: Badge, state: Badge.State) -> None:
    badge.state, badge.ended_at = state, timezone.now()
    badge.save(update_fields=["state", "ended_at"])


def _free_prefix(owner: str) -> str:
    """A prefix nobody uses, spread out so that two series in use never look alike at a glance."""
    taken = set(BadgeSeries.objects.values_list("prefix", flat=True))
    start = int.from_bytes(links.keyed(f"series:{owner}")[:4], "big")
    for step in range(_PREFIXES):
        prefix = str((start + step) % _PREFIXES).zfill(tokens.PREFIX_DIGITS)
        if prefix not in taken:
            return prefix
    raise NoPrefixLeft


def _key() -> bytes:
    return links.keyed("badges")


def _refuse_words(session: Session, reason: str) -> None:
    """A secret session keeps no reason in words."""
    if session.is_secret:
        secrecy.refuse_content({"reason": reason}, forbidden=("reason",))
