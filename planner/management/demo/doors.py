"""Doors of the past: gates, badges, rounds and who came when; doors of the coming days stand ready."""

import datetime as dt
import uuid

from attendees.models import Delegate, Gate, Round, Scan, Verdict
from attendees.services import badges
from planner.access import SYSTEM
from planner.management.demo.sessions import Planned
from planner.management.demo.world import World
from planner.models import Session

_AT_ONCE = 500
_BADGED_FROM = 60  # people; smaller sessions are called by name
_GATES = {
    "ht": ("Cửa chính", "Cửa trái", "Cửa phải", "Cửa sau"),
    "hb": ("Cửa hội trường B",),
    "tthn": tuple(f"Cửa {n}" for n in range(1, 9)),
}
_COMES = {
    Delegate.Reply.ATTENDING: 0.97,
    Delegate.Reply.NONE: 0.82,
    Delegate.Reply.ASKS_EXCUSE: 0.1,
    Delegate.Reply.EXCUSED: 0.0,
    Delegate.Reply.NOT_EXCUSED: 0.9,
    Delegate.Reply.DECLINED: 0.0,
}
_LATE_SHARE = 0.06


class Doors:
    """Writes rounds and scans of sessions that were held."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.rng = world.rng("doors")

    def write(self, rows: list[Planned], delegates: list[Delegate]) -> None:
        """Counts of held sessions; gates and badges where a hall needs them."""
        by_session: dict[int, list[Delegate]] = {}
        for delegate in delegates:
            by_session.setdefault(delegate.session_id, []).append(delegate)
        gates = {row.session.pk: self._gates(row) for row in rows if row.room in _GATES}
        self._issue_badges(rows)
        held = [row.session for row in rows if row.session.state == Session.State.HELD]
        rounds = Round.objects.bulk_create(self._round(session) for session in held)
        scans = [
            scan
            for one in rounds
            for delegate in by_session.get(one.session_id, ())
            if (scan := self._scan(one, delegate, gates.get(one.session_id, [])))
        ]
        Scan.objects.bulk_create(scans, batch_size=_AT_ONCE)

    def _gates(self, row: Planned) -> list[Gate]:
        names = _GATES[row.room]
        if row.session.chain_id:
            known = list(Gate.objects.filter(chain=row.session.chain_id))
            return known or [Gate.objects.create(chain=row.session.chain, name=name) for name in names]
        return [Gate.objects.create(session=row.session, name=name) for name in names]

    def _issue_badges(self, rows: list[Planned]) -> None:
        """Badges for the great sessions of the coming days, so that a door can be tried at once."""
        for row in rows:
            is_coming = row.session.state == Session.State.PUBLISHED and row.meeting.on >= self.world.today
            if is_coming and (row.session.chain_id or len(row.listed) >= _BADGED_FROM):
                badges.issue(session=row.session, by=SYSTEM)

    def _round(self, session: Session) -> Round:
        opens_at = session.starts_at - dt.timedelta(minutes=session.doors_open_minutes)
        return Round(
            session=session, number=1, opens_at=opens_at, closes_at=session.ends_at + dt.timedelta(hours=1)
        )

    def _scan(self, one: Round, delegate: Delegate, gates: list[Gate]) -> Scan | None:
        """The moment a delegate came in, or None when they did not; at a bridge point nobody is scanned."""
        rng = self.rng
        if (
            delegate.reply_mode == Delegate.Mode.ONLINE
            or rng.random() >= _COMES[Delegate.Reply(delegate.reply)]
        ):
            return None
        minutes = rng.uniform(2, 25) if rng.random() < _LATE_SHARE else -rng.triangular(2, 55, 14)
        at = one.session.starts_at + dt.timedelta(minutes=minutes)
        return Scan(
            scan_id=uuid.UUID(int=rng.getrandbits(128), version=4),
            session=one.session,
            round=one,
            kind=Scan.Kind.SCAN if gates else Scan.Kind.MARK,
            delegate=delegate,
            gate=rng.choice(gates) if gates else None,
            device_at=at,
            corrected_at=at,
            received_at=at,
            verdict=Verdict.ADMITTED,
            by_label="Lễ tân",
        )
