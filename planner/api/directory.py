"""Units, posts and kinds of session: what the other nouns refer to."""

import datetime as dt
from typing import Any

from django.utils import timezone
from ninja import Field, Query, Router, Schema

from planner.access import Can
from planner.api.bodies import readable_bodies
from planner.models import KindProfile, Post, SessionKind, Unit
from planner.pages import Request
from planner.services import profiles, search
from planner.wire import Id, In, Listed, Ref, Searching, answers, found, listed, paged

router = Router(tags=["directory"])


class UnitSearch(Searching):
    """Which units."""

    kind: str = Field("", max_length=20, description="`province`, `commune`, `ward`, `party_committee`, …")
    parent_id: Id = Field("", description="Only units directly below this one.")
    abolished: bool = Field(False, description="Also units that stand no more.")


class UnitOut(Schema):
    """An administrative or Party unit."""

    id: Ref
    name: str = Field(examples=["Đảng ủy xã Tà Đùng"])
    short_name: str = Field(examples=["Xã Tà Đùng"])
    kind: str = Field(examples=["commune"])
    code: str = Field(description="The official code of an administrative unit.", examples=["24637"])
    parent_id: Ref | None
    tags: list[str] = Field(examples=[["miền núi"]])
    starts_on: dt.date | None = Field(examples=["2025-07-01"])
    ends_on: dt.date | None = Field(description="The first day it stands no more.", examples=[None])


class PostOut(Schema):
    """A post as a word with a rank."""

    id: Ref
    name: str = Field(examples=["Bí thư Đảng ủy"])
    short_name: str = Field(examples=["Bí thư"])
    rank: int = Field(description="1 is the highest.", examples=[40])


class KindQuery(In):
    """For which body."""

    body_id: Id = Field("", description="The profiles of this body instead of the general ones.")


class KindOut(Schema):
    """A kind of session and what it brings along."""

    kind: str = Field(examples=["regular"])
    label: str = Field(examples=["Hội nghị thường kỳ"])
    minutes: int = Field(description="Usual length.", examples=[240])
    notice_days: int = Field(description="Days of notice.", examples=[3])
    reply_hours: int = Field(description="Answers are due so many hours before.", examples=[24])
    allows_substitutes: bool = Field(description="Whether members may be substituted.")
    uses_ordinal: bool
    doors_open_minutes: int = Field(description="Doors open so many minutes before.", examples=[60])
    rule: dict[str, Any] = Field(
        description="The usual attendees as a rule; empty: the body's members.", examples=[{"body": "BCH"}]
    )


@router.get("/units", response=answers(422, ok=Listed[UnitOut]))
def list_units(request: Request, query: Query[UnitSearch]) -> dict[str, object]:
    """Units, in Vietnamese order of their names; `q` searches without tone marks."""
    rows = Unit.objects.order_by("position", "sort_key", "id")
    rows = rows if request.auth.can_anywhere(Can.READ) else rows.none()
    if not query.abolished:
        rows = rows.existing(timezone.localdate())
    if query.kind:
        rows = rows.filter(kind=query.kind)
    if query.parent_id:
        rows = rows.filter(parent=found(Unit.objects.all(), query.parent_id, field="parent_id"))
    return paged(search.matching(rows, query.q), query, _unit_out)


@router.get("/posts", response=answers(422, ok=Listed[PostOut]))
def list_posts(request: Request, query: Query[Searching]) -> dict[str, object]:
    """Posts, the highest first; `q` searches without tone marks."""
    rows = Post.objects.order_by("rank", "name", "id")
    rows = rows if request.auth.can_anywhere(Can.READ) else rows.none()
    return paged(search.matching(rows, query.q), query, _post_out)


@router.get("/kinds", response=answers(404, 422, ok=Listed[KindOut]))
def list_kinds(request: Request, query: Query[KindQuery]) -> dict[str, object]:
    """Every kind of session with its profile: length, notice, due time of answers, usual attendees."""
    bodies = readable_bodies(request.auth)
    body = found(bodies, query.body_id, field="body_id") if query.body_id else None
    return listed([_kind_out(profile) for profile in profiles.profiles_of(body)])


def _unit_out(unit: Unit) -> UnitOut:
    return UnitOut(
        id=unit.pk,
        name=unit.name,
        short_name=unit.short_name,
        kind=unit.kind,
        code=unit.code,
        parent_id=unit.parent_id,
        tags=unit.tags,
        starts_on=unit.starts_on,
        ends_on=unit.ends_on,
    )


def _post_out(post: Post) -> PostOut:
    return PostOut(id=post.pk, name=post.name, short_name=post.short_name, rank=post.rank)


def _kind_out(profile: KindProfile) -> KindOut:
    return KindOut(
        kind=profile.kind,
        label=str(SessionKind(profile.kind).label),
        minutes=profile.minutes,
        notice_days=profile.notice_days,
        reply_hours=profile.reply_hours,
        allows_substitutes=profile.allows_substitutes,
        uses_ordinal=profile.uses_ordinal,
        doors_open_minutes=profile.doors_open_minutes,
        rule=profile.rule,
    )
