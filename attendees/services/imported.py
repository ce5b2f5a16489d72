"""Rows of an uploaded list as delegates of one session: who joins, and what their notes say.

A note becomes a request to be excused, the items attended, a diet, a substitute asked for; what it leaves open
is said before anything is written.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from attendees.models import Delegate, Reply, Substitution
from attendees.rules import Pick
from attendees.services import delegates, invitations, replies
from attendees.services.replies import Answer
from planner.access import Actor, Can, must
from planner.models import Membership, Person, Session
from planner.paper.reading import notes
from planner.paper.reading.people import PersonRow
from planner.paper.reading.problems import Doubt, Problem
from planner.services import audit, plans, sessions
from planner.services.unit_names import UnitNames, without_delegation
from planner.vietnamese import fold

_ROLES = (
    (Delegate.Role.PRESS, re.compile(r"\b(?:bao chi|phong vien|nha bao|truyen hinh)\b")),
    (Delegate.Role.TECHNICAL, re.compile(r"\bky thuat\b")),
    (Delegate.Role.SERVICE, re.compile(r"\b(?:phuc vu|le tan|hau can|to giup viec|thu ky)\b")),
    (Delegate.Role.INVITED, re.compile(r"\b(?:moi|khach moi)\b")),
    (Delegate.Role.GUEST, re.compile(r"\bkhach\b")),
    (
        Delegate.Role.SUMMONED,
        re.compile(
            r"\b(?:chinh thuc|trieu tap|uy vien|ban chap hanh|ban thuong vu|tinh uy vien|thanh uy vien)\b"
        ),
    ),
)
_GUEST_POSITION = 1000
_SETTLED = (Delegate.Reply.EXCUSED, Delegate.Reply.SUBSTITUTED, Delegate.Reply.ASKS_EXCUSE)


@dataclass(frozen=True, slots=True)
class Listing:
    """One row to put on the list: who it is, and whom the person replaces."""

    row: PersonRow
    person: int
    principal: int | None = None


@dataclass(slots=True)
class ListFacts:
    """What a session's list already says, loaded once; constant queries."""

    session: Session
    items: frozenset[int]
    members: frozenset[int]
    listed: dict[int, Delegate]
    substitutes: bool
    asked: frozenset[int]
    by_name: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, session: Session) -> "ListFacts":
        """The facts of a session."""
        on = timezone.localdate(session.starts_at)
        seats = Membership.objects.current(on).filter(body=session.body_id, term=session.term_id)
        rows = session.delegates.listed().prefetch_related("items")
        asked = Substitution.objects.filter(delegate__session=session, substitute__isnull=False)
        facts = cls(
            session=session,
            items=frozenset(session.agenda.values_list("position", flat=True)),
            members=frozenset(seats.values_list("person_id", flat=True)) if session.body_id else frozenset(),
            listed={row.person_id: row for row in rows},
            substitutes=plans.profile_for(session.kind, session.body).allows_substitutes,
            asked=frozenset(asked.values_list("substitute_id", flat=True)),
        )
        for row in facts.listed.values():
            facts.by_name[fold(row.printed_name)].append(row.person_id)
        return facts

    def doubts(self, row: PersonRow, person: int | None, names: Mapping[str, Sequence[int]]) -> list[Problem]:
        """What the row's note leaves open for this session; `names` are the people of the file by folded name."""
        note, found = row.note, []
        missing = [number for number in note.items if number not in self.items]
        if missing:
            found.append(_unclear("item_unknown", ", ".join(map(str, missing))))
        if note.replaces is not None:
            found += self._about_principal(note.replaces, names)
        if note.replaced_by and person in self.members and not self.substitutes:
            found.append(_unclear("substitute_forbidden", note.replaced_by))
        return found

    def principals(self, name: str, names: Mapping[str, Sequence[int]]) -> list[int]:
        """The people of the list or the file whom a note may mean."""
        key = fold(name)
        return list(dict.fromkeys([*self.by_name.get(key, ()), *names.get(key, ())]))

    def _about_principal(self, name: str, names: Mapping[str, Sequence[int]]) -> list[Problem]:
        if not name:
            return [_unclear("substitute_unknown", "")]
        found = self.principals(name, names)
        if len(found) != 1:
            return [_unclear("substitute_several" if found else "substitute_not_listed", name)]
        if found[0] in self.members and not self.substitutes:
            return [_unclear("substitute_forbidden", name)]
        return []

    def changes(self, row: PersonRow, person: int) -> dict[str, list[str]]:
        """What the row would change of a delegate who is listed already, as before and after."""
        delegate, note = self.listed[person], row.note
        items = ", ".join(str(item.position) for item in delegate.items.all())
        wanted = {
            "items": (items, ", ".join(map(str, note.items)) if set(note.items) <= self.items else ""),
            "diet": (delegate.diet, note.diet),
            "needs": (delegate.needs, note.needs),
            "basis": (delegate.basis, note.basis),
            "reply": (delegate.reply, _reply_wanted(delegate, row)),
        }
        return {
            name: [before, after] for name, (before, after) in wanted.items() if after and before != after
        }


def role_of(row: PersonRow) -> str:
    """The role a row says, by its note, else by the title of its group; empty when neither tells."""
    if row.note.role:
        return row.note.role
    group = fold(row.group)
    return next((role for role, pattern in _ROLES if pattern.search(group)), "")


@transaction.atomic
def enlist(*, session: Session, listings: Sequence[Listing], by: Actor) -> dict[str, int]:
    """What the list gained: delegates, excuses asked, substitutes asked, items, diets. A repeat gains nothing.

    Substitutes wait for approval and are not listed. Raises NotAllowed, WrongState.
    """
    must(by, Can.PLAN, on=session)
    session = sessions.locked(session)
    sessions.refuse_ended(session)
    facts = ListFacts.of(session)
    people = Person.objects.in_bulk([listing.person for listing in listings])
    comers = [one for one in listings if one.principal is None]
    picks = [
        (people[one.person], Pick([], frozenset(one.row.note.items) & facts.items, role_of(one.row)))
        for one in comers
    ]
    rows = {row.person_id: row for row in delegates.put(session, picks, by=by)}
    gained = Counter({"delegates": len(rows.keys() - facts.listed.keys())})
    gained += _write_facts(session, facts, comers, rows)
    gained += _answers(session, facts, listings, rows, people, by=by)
    audit.record("list.imported", on=session, by=by, after=dict(gained))
    if session.ends_at > timezone.now() and invitations.has_begun(session):
        invitations.renew(session=session, by=by)
    return dict(gained)


def _write_facts(
    session: Session, facts: ListFacts, comers: Sequence[Listing], rows: Mapping[int, Delegate]
) -> Counter[str]:
    """Diet, needs, basis, delegation and place of the rows, in bulk; free words stay out of a secret session."""
    names, gained = UnitNames(), Counter[str]()
    for place, one in enumerate(comers):
        delegate, note = rows[one.person], one.row.note
        is_new = one.person not in facts.listed
        gained["diets"] += bool(note.diet) and delegate.diet != note.diet
        gained["items"] += bool(note.items) and (
            is_new or bool(facts.changes(one.row, one.person).get("items"))
        )
        delegate.diet = (note.diet or delegate.diet)[:100]
        delegate.basis = note.basis or delegate.basis
        if not session.is_secret:
            delegate.needs = (note.needs or delegate.needs)[:200]
            delegate.note = ("; ".join(note.unclear) or delegate.note)[:300]
        if is_new and delegate.position >= _GUEST_POSITION:
            delegate.position = _GUEST_POSITION + place
        if (unit := _delegation(one.row, names)) is not None:
            delegate.delegation_id = unit
    changed = [rows[one.person] for one in comers]
    Delegate.objects.bulk_update(
        changed, ["diet", "needs", "note", "basis", "position", "delegation"], batch_size=100
    )
    for one in comers:
        if one.person in facts.listed and set(one.row.note.items) & facts.items:
            rows[one.person].items.set(session.agenda.filter(position__in=one.row.note.items))
    return gained


def _answers(
    session: Session,
    facts: ListFacts,
    listings: Sequence[Listing],
    rows: Mapping[int, Delegate],
    people: Mapping[int, Person],
    *,
    by: Actor,
) -> Counter[str]:
    """Requests to be excused, words that somebody comes, and substitutes asked for, each as an answer of the list."""
    gained = Counter[str]()
    principals = {row.person_id: row for row in session.delegates.listed()}
    for one in listings:
        answered: Delegate | None = rows.get(one.person)
        answer = _answer(one.row, answered, session) if answered else None
        if one.principal is not None:
            answered, answer = principals.get(one.principal), _sends(people[one.person])
        if answered is None or answer is None or _is_known(answered, answer):
            continue
        replies.record(delegate=answered, answer=answer, by=by)
        gained[_GAINED.get(answer.status, "answers")] += 1
    return gained


_GAINED = {Reply.Status.ASKS_EXCUSE.value: "excuses", Reply.Status.ASKS_SUBSTITUTE.value: "substitutes"}


def _answer(row: PersonRow, delegate: Delegate, session: Session) -> Answer | None:
    note = row.note
    if note.replaced_by and not session.is_secret:
        return Answer(
            Reply.Status.ASKS_SUBSTITUTE,
            Reply.Channel.IMPORT,
            substitute_text=note.replaced_by,
            reason=note.excuse or "",
        )
    if note.excuse is not None:
        reason = "" if session.is_secret else note.excuse
        code = notes.reason_code(note.excuse)
        return Answer(Reply.Status.ASKS_EXCUSE, Reply.Channel.IMPORT, reason=reason[:300], reason_code=code)
    if note.attends or note.mode:
        return Answer(Reply.Status.ATTENDING, Reply.Channel.IMPORT, mode=note.mode)
    return None


def _sends(person: Person) -> Answer:
    return Answer(Reply.Status.ASKS_SUBSTITUTE, Reply.Channel.IMPORT, substitute=person)


def _is_known(delegate: Delegate, answer: Answer) -> bool:
    """Whether the list says nothing that the delegate's state does not say already."""
    if answer.substitute is not None:
        return delegate.substitutions.filter(substitute=answer.substitute).exists()
    if answer.status == Reply.Status.ATTENDING:
        return delegate.reply != Delegate.Reply.NONE
    return delegate.reply in (*_SETTLED, Delegate.Reply.ASKS_SUBSTITUTE)


def _reply_wanted(delegate: Delegate, row: PersonRow) -> str:
    if row.note.excuse is not None and delegate.reply not in _SETTLED:
        return Delegate.Reply.ASKS_EXCUSE.value
    if (row.note.attends or row.note.mode) and delegate.reply == Delegate.Reply.NONE:
        return Delegate.Reply.ATTENDING.value
    return ""


def _delegation(row: PersonRow, names: UnitNames) -> int | None:
    """The unit of the row's delegation column or, when its group's title names one, of that."""
    for text in (row.delegation, row.group if fold(row.group).startswith("doan ") else ""):
        ids = names.ids(without_delegation(text)) if text else []
        if len(ids) == 1:
            return ids[0]
    return None


def _unclear(code: str, value: str) -> Problem:
    return Problem(Doubt.UNCLEAR, code, value=value)
