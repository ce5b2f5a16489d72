"""Bodies and who sits in them."""

import datetime as dt

from django.db.models import QuerySet
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from planner.access import Actor, Can
from planner.models import Body, Membership, Term
from planner.pages import Request
from planner.services import bodies, plans, search, titles
from planner.wire import Listed, Paging, Ref, Searching, answers, found, paged

router = Router(tags=["directory"])


class BodySearch(Searching):
    """Which bodies."""

    kind: str = Field(
        "", max_length=12, description="`BCH`, `BTV`, `THUONG_TRUC`, `UBKT`, `CONGRESS`, `OTHER`."
    )


class TermOut(Schema):
    """A term of office."""

    id: Ref
    name: str = Field(examples=["2025–2030"])
    starts_on: dt.date
    ends_on: dt.date = Field(description="The first day after the term.", examples=["2030-10-01"])


class BodyOut(Schema):
    """A body that meets."""

    id: Ref
    name: str = Field(examples=["Ban Thường vụ Tỉnh ủy"])
    short_name: str = Field(examples=["BTV"])
    kind: str = Field(
        description="`BCH`, `BTV`, `THUONG_TRUC`, `UBKT`, `CONGRESS`, `OTHER`.", examples=["BTV"]
    )
    unit_id: Ref | None
    uses_ordinals: bool = Field(description="Whether its sessions are numbered.")
    term: TermOut | None = Field(description="The term in force today.")


class MemberSearch(Paging):
    """On which day, and which page."""

    on: dt.date | None = Field(None, description="The day (default today).", examples=["2026-12-01"])


class MemberOut(Schema):
    """A seat in a body."""

    id: Ref
    person_id: Ref
    full_name: str = Field(examples=["Nguyễn Văn An"])
    role: str = Field(
        description="`secretary`, `standing_deputy`, `deputy`, `standing_member`, `member`, `alternate`.",
        examples=["secretary"],
    )
    role_label: str = Field(examples=["Bí thư"])
    posts: str = Field(
        description="The posts held that day, as letters print them.", examples=["Bí thư Tỉnh ủy"]
    )
    unit_id: Ref | None
    position: int = Field(description="Place in the body's order.")
    is_elected: bool
    starts_on: dt.date | None
    ends_on: dt.date | None = Field(description="The first day the seat is empty.", examples=[None])


def readable_bodies(actor: Actor) -> QuerySet[Body]:
    """The bodies an actor may read of: all for those who may read anything."""
    rows = Body.objects.filter(is_active=True)
    return rows if actor.can_anywhere(Can.READ) else rows.none()


@router.get("/bodies", response=answers(422, ok=Listed[BodyOut]))
def list_bodies(request: Request, query: Query[BodySearch]) -> dict[str, object]:
    """The bodies in use, in the office's order."""
    rows = readable_bodies(request.auth).order_by("position", "id")
    if query.kind:
        rows = rows.filter(kind=query.kind)
    if query.q:
        rows = rows.filter(pk__in=[row.pk for row in rows if _matches(row, query.q)])
    term = plans.term_on(timezone.localdate())
    return paged(rows, query, lambda row: _body_out(row, term))


@router.get("/bodies/{body_id}/members", response=answers(404, 422, ok=Listed[MemberOut]))
def list_members(request: Request, body_id: str, query: Query[MemberSearch]) -> dict[str, object]:
    """The members of a body on a day, by precedence."""
    body, day = found(readable_bodies(request.auth), body_id), query.on or timezone.localdate()
    return paged(bodies.members(body, day), query, lambda seat: _member_out(seat, day))


def _matches(body: Body, text: str) -> bool:
    """Whether every word typed stands in a name of the body; there are a dozen bodies, not a column."""
    key = search.key_of(body.name, body.short_name, body.kind)
    return all(word in key for word in search.words_of(text))


def _body_out(body: Body, term: Term | None) -> BodyOut:
    return BodyOut(
        id=body.pk,
        name=body.name,
        short_name=body.short_name,
        kind=body.kind,
        unit_id=body.unit_id,
        uses_ordinals=body.uses_ordinals,
        term=_term_out(term) if term else None,
    )


def _term_out(term: Term) -> TermOut:
    return TermOut(id=term.pk, name=term.name, starts_on=term.starts_on, ends_on=term.ends_on)


def _member_out(seat: Membership, day: dt.date) -> MemberOut:
    return MemberOut(
        id=seat.pk,
        person_id=seat.person_id,
        full_name=seat.person.full_name,
        role=seat.role,
        role_label=seat.get_role_display(),
        posts=titles.printed(seat.person.appointments.all(), day),
        unit_id=seat.person.unit_id,
        position=seat.position,
        is_elected=seat.is_elected,
        starts_on=seat.starts_on,
        ends_on=seat.ends_on,
    )
