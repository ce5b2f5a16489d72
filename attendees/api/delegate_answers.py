"""What programs are told of a delegate: who, as what, the answer, the badge, the attendance."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from ninja import Field, Schema

from attendees.models import Badge, Delegate, Reply, Round
from attendees.services import attendance, badges
from attendees.services.attendance import Passage
from planner.access import Actor, Can
from planner.models import Session
from planner.wire import Ref, When


class BadgeOut(Schema):
    """A delegate's badge."""

    id: Ref
    state: str = Field(description="`active`, `replaced` or `cancelled`.", examples=["active"])
    number: int | None = Field(examples=[17])
    typed_code: str = Field(
        description="The eight digits under the QR, for those who issue badges.", examples=["48213350"]
    )


class AttendanceOut(Schema):
    """Whether a delegate came."""

    state: str = Field(
        description="`expected` (before the session), `present`, `left`, `absent`, `excused`, `substituted`.",
        examples=["present"],
    )
    came_at: When | None = Field(examples=["2026-12-01T07:41:00+07:00"])
    gate: str = Field(description="By which gate.", examples=["Cửa 1"])
    left_at: When | None = Field(examples=[None])
    is_late: bool
    left_early: bool


class DelegateOut(Schema):
    """Somebody on a session's list."""

    id: Ref
    session_id: Ref
    person_id: Ref
    printed_name: str = Field(examples=["Nguyễn Văn An"])
    printed_post: str = Field(examples=["Bí thư Đảng ủy xã Tà Đùng"])
    category: str = Field(
        description="`summoned`, `invited`, `guest`, `service`, `press`, `technical`.", examples=["summoned"]
    )
    basis: str = Field(
        description="`ex_officio`, `elected`, `appointed`, `alternate` or empty.", examples=["elected"]
    )
    is_voting: bool
    is_required: bool
    delegation_id: Ref | None
    delegation: str = Field(examples=["Đảng ủy xã Tà Đùng"])
    number: int | None = Field(examples=[17])
    seat: str = Field(examples=["A12"])
    items: list[int] = Field(
        description="Only for these items of the agenda; empty: the whole session.", examples=[[]]
    )
    why: list[str] = Field(
        description="Why on the list; empty when added by hand.", examples=[["Ủy viên BTV"]]
    )
    diet: str = Field(examples=[""])
    needs: str = Field(examples=[""])
    note: str = Field(examples=[""])
    reply: str = Field(
        description="`none`, `attending`, `asks_excuse`, `excused`, `not_excused`, `declined`, "
        "`asks_substitute`, `substituted`.",
        examples=["attending"],
    )
    reply_mode: str = Field(description="`in_person`, `online` or empty.", examples=["in_person"])
    replied_at: When | None = Field(examples=["2026-11-27T16:20:00+07:00"])
    stands_in_for_id: Ref | None = Field(description="The delegate this one substitutes.", examples=[None])
    badge: BadgeOut | None
    attendance: AttendanceOut


class ReplyOut(Schema):
    """One answer or decision."""

    status: str = Field(examples=["asks_excuse"])
    mode: str = Field(examples=[""])
    reason: str = Field(examples=["Đi công tác nước ngoài"])
    reason_code: str = Field(examples=["abroad"])
    channel: str = Field(
        description="`web`, `mail`, `api`, `phone`, `office`, `import`, `system`.", examples=["web"]
    )
    by: str = Field(examples=["Nguyễn Văn An"])
    by_whom: str = Field(description="Who decided.", examples=[""])
    at: When
    is_stale: bool = Field(description="Given for an old time; it counts no more.", examples=[False])


class DelegateWhole(DelegateOut):
    """A delegate with every answer, the latest first."""

    replies: list[ReplyOut]


_COPIED = (
    "session_id",
    "person_id",
    "printed_name",
    "printed_post",
    "basis",
    "is_voting",
    "is_required",
    "delegation_id",
    "number",
    "seat",
    "why",
    "diet",
    "needs",
    "note",
    "reply",
    "reply_mode",
    "replied_at",
    "stands_in_for_id",
)


@dataclass(frozen=True)
class Company:
    """What is known of a session's delegates beside their rows: badges and ways through the doors."""

    session: Session
    badges: dict[int, Badge]
    ways: dict[int, list[Passage]]
    round: Round
    shows_codes: bool

    def delegate_out(self, row: Delegate) -> DelegateOut:
        """A delegate, its list columns loaded."""
        return DelegateOut(**self.told(row))

    def told(self, row: Delegate) -> dict[str, Any]:
        """The members of DelegateOut."""
        return {name: getattr(row, name) for name in _COPIED} | {
            "id": row.pk,
            "category": row.role,
            "delegation": row.delegation.name if row.delegation else "",
            "items": sorted(item.position for item in row.items.all()),
            "badge": self._badge_out(self.badges.get(row.person_id)),
            "attendance": self._attendance_out(row),
        }

    def _badge_out(self, badge: Badge | None) -> BadgeOut | None:
        if badge is None:
            return None
        code = badges.typed_of(badge) if self.shows_codes else ""
        return BadgeOut(id=badge.pk, state=badge.state, number=badge.number, typed_code=code)

    def _attendance_out(self, row: Delegate) -> AttendanceOut:
        one = attendance.presence_of(row, self.ways[row.pk], session=self.session, round=self.round)
        state = one.state
        if state == "absent" and timezone.now() < self.session.starts_at:
            state = "expected"
        if state == "present" and not one.is_inside:
            state = "left"
        return AttendanceOut(
            state=state,
            came_at=one.came_at,
            gate=one.came_by,
            left_at=one.left_at,
            is_late=one.is_late,
            left_early=one.left_early,
        )


def company_of(session: Session, actor: Actor) -> Company:
    """What is known of a session's delegates, in four queries whatever their number."""
    now = timezone.now()
    ways: dict[int, list[Passage]] = defaultdict(list)
    for way in attendance.passages(session, until=now):
        ways[way.delegate_id].append(way)
    rounds = session.rounds.filter(opens_at__lte=now).order_by("number")
    return Company(
        session=session,
        badges=badges.held_in(session),
        ways=ways,
        round=rounds.last() or Round(session=session),
        shows_codes=actor.can(Can.BADGE, on=session),
    )


def whole_out(row: Delegate, actor: Actor) -> DelegateWhole:
    """A delegate with every answer."""
    replies = [_reply_out(reply) for reply in row.replies.order_by("-at", "-id")]
    return DelegateWhole(**company_of(row.session, actor).told(row), replies=replies)


def _reply_out(reply: Reply) -> ReplyOut:
    return ReplyOut(
        status=reply.status,
        mode=reply.mode,
        reason=reply.reason,
        reason_code=reply.reason_code,
        channel=reply.channel,
        by=reply.by_label,
        by_whom=reply.by_whom,
        at=reply.at,
        is_stale=reply.is_stale,
    )
