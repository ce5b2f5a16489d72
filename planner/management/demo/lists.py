"""Lists with invitations and answers: what each delegate was told, said, and what was decided."""

import datetime as dt
from dataclasses import dataclass

from attendees.models import Delegate, Invitation, Reply
from planner.management.demo.audiences import INVITED, Listed
from planner.management.demo.sessions import Planned
from planner.management.demo.wording import ABSENCES, GUEST_REASONS
from planner.management.demo.world import World
from planner.models import AgendaItem, Session
from planner.services import links

_AT_ONCE = 500
_CHANNELS = ("web",) * 6 + ("mail",) * 3 + ("phone",) * 2 + ("office",)


@dataclass(frozen=True)
class _Answer:
    """One line of a delegate's story: what was said or decided, and when, in days before the session."""

    status: str
    days_before: float
    reason: str = ""
    reason_code: str = ""
    by_whom: str = ""


class Lists:
    """Writes the delegates of all sessions, then their invitations and answers."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.rng = world.rng("lists")
        self.deciding = str(world.people["bt"])
        self.points = {unit.pk for unit in world.committees}

    def write(self, rows: list[Planned]) -> list[Delegate]:
        """All delegates, saved, each with the answer its replies add up to."""
        delegates, stories = [], []
        for row in rows:
            for number, listed in enumerate(sorted(row.listed, key=lambda one: one.position), start=1):
                delegates.append(self._delegate(row, listed, number))
                stories.append(self._story(row.session, delegates[-1]))
        for delegate, story in zip(delegates, stories, strict=True):
            self._settle(delegate, story)
        Delegate.objects.bulk_create(delegates, batch_size=_AT_ONCE)
        self._link_items(rows, delegates)
        told = [delegate for delegate in delegates if delegate.session.published_at]
        Invitation.objects.bulk_create([self._invitation(one) for one in told], batch_size=_AT_ONCE)
        replies = [
            self._reply(delegate, answer)
            for delegate, story in zip(delegates, stories, strict=True)
            for answer in story
        ]
        Reply.objects.bulk_create(replies, batch_size=_AT_ONCE)
        return delegates

    def _delegate(self, row: Planned, listed: Listed, number: int) -> Delegate:
        person, session = listed.person, row.session
        is_summoned = listed.role != INVITED
        return Delegate(
            session=session,
            person=person,
            printed_name=person.full_name,
            printed_post=self.world.titles.get(person.pk, "")[:400],
            sort_key=person.sort_key,
            search_key=person.search_key,
            role=listed.role,
            basis=Delegate.Basis.ELECTED if listed.is_member else Delegate.Basis.NONE,
            is_voting=listed.is_member or (is_summoned and session.body_id is None),
            is_required=is_summoned,
            delegation_id=person.unit_id,
            number=number if session.published_at else None,
            position=listed.position,
            why=[listed.why],
            added_at=min(session.published_at or self.world.now, self.world.now) - dt.timedelta(hours=2),
        )

    def _story(self, session: Session, delegate: Delegate) -> list[_Answer]:
        """What a delegate said since the invitation; sessions not yet told of have no story."""
        if not session.published_at or session.state == Session.State.CANCELLED:
            return []
        days = (session.starts_at - session.published_at) / dt.timedelta(days=1)
        is_over = session.state == Session.State.HELD
        today = 0.0 if is_over else max((session.starts_at - self.world.now) / dt.timedelta(days=1), 0.0)
        at = days - self.rng.triangular(0.02, 0.98, 0.2) * (days - today)
        draw, silent = self.rng.random(), 0.05 if is_over else 0.30
        if draw < silent:
            return []
        if draw < silent + 0.09:
            return self._absence(session, delegate, at, today)
        return [_Answer(Delegate.Reply.ATTENDING, at)]

    def _absence(self, session: Session, delegate: Delegate, at: float, today: float) -> list[_Answer]:
        """A guest declines; whoever is summoned asks, and is mostly excused: `today` is how far off the session is."""
        rng = self.rng
        if delegate.role == INVITED:
            reason = "" if session.is_secret else rng.choice(GUEST_REASONS)
            return [_Answer(Delegate.Reply.DECLINED, at, reason)]
        code, words = rng.choice(ABSENCES)
        asked = _Answer(Delegate.Reply.ASKS_EXCUSE, at, "" if session.is_secret else words, code)
        if today and rng.random() < 0.5:
            return [asked]
        decision = Delegate.Reply.EXCUSED if rng.random() < 0.9 else Delegate.Reply.NOT_EXCUSED
        decided = max(at - rng.uniform(0.05, 0.6), today)
        return [asked, _Answer(decision, decided, by_whom=self.deciding)]

    def _settle(self, delegate: Delegate, story: list[_Answer]) -> None:
        if not story:
            return
        delegate.reply = story[-1].status
        delegate.replied_at = self._moment(delegate.session, story[-1])
        if delegate.reply == Delegate.Reply.ATTENDING:
            delegate.reply_mode = self._mode(delegate)

    def _mode(self, delegate: Delegate) -> str:
        """In a session of both ways the communes sit at their own points."""
        at_point = delegate.session.mode == Session.Mode.HYBRID and delegate.delegation_id in self.points
        return Delegate.Mode.ONLINE if at_point else Delegate.Mode.IN_PERSON

    def _moment(self, session: Session, answer: _Answer) -> dt.datetime:
        return session.starts_at - dt.timedelta(days=answer.days_before)

    def _invitation(self, delegate: Delegate) -> Invitation:
        session, told_at = delegate.session, delegate.session.published_at
        is_off = session.state == Session.State.CANCELLED
        opened = delegate.reply != Delegate.Reply.NONE or self.rng.random() < 0.3
        return Invitation(
            delegate=delegate,
            state=Invitation.State.WITHDRAWN if is_off else Invitation.State.INVITED,
            sequence=1 if is_off else 0,
            last_dtstamp=told_at,
            sent_to=delegate.person.email,
            session_version=session.version,
            told_starts_at=session.starts_at,
            told_ends_at=session.ends_at,
            digest=links.digest(links.token("invitation", delegate.pk, 1)),
            opened_at=told_at + dt.timedelta(hours=2) if opened and told_at else None,
        )

    def _reply(self, delegate: Delegate, answer: _Answer) -> Reply:
        is_decision = bool(answer.by_whom)
        return Reply(
            delegate=delegate,
            status=answer.status,
            mode=delegate.reply_mode if answer.status == Delegate.Reply.ATTENDING else "",
            reason=answer.reason,
            reason_code=answer.reason_code,
            channel="office" if is_decision else self.rng.choice(_CHANNELS),
            by_label="Văn phòng" if is_decision else delegate.printed_name,
            by_whom=answer.by_whom,
            at=self._moment(delegate.session, answer),
        )

    def _link_items(self, rows: list[Planned], delegates: list[Delegate]) -> None:
        """Reporters come for their own items only."""
        wanted = {
            (row.session.pk, listed.person.pk): listed.items
            for row in rows
            for listed in row.listed
            if listed.items
        }
        sessions = {pk for pk, _person in wanted}
        items = {
            (item.session_id, item.position): item.pk
            for item in AgendaItem.objects.filter(session__in=sessions)
        }
        through = Delegate.items.through
        through.objects.bulk_create(
            (
                through(delegate_id=delegate.pk, agendaitem_id=items[delegate.session_id, number])
                for delegate in delegates
                for number in wanted.get((delegate.session_id, delegate.person_id), ())
                if (delegate.session_id, number) in items
            ),
            batch_size=_AT_ONCE,
        )
