"""Private calendar feeds: handed out, rotated, revoked."""

from typing import Literal

from ninja import Field, Query, Router, Schema, Status

from attendees.models import FeedToken
from attendees.services import feeds
from planner.models import Body, Person
from planner.pages import Request
from planner.wire import Id, In, Listed, Paging, Ref, When, answers, found, paged
from rooms.models import Room

router = Router(tags=["feeds"])


class FeedIn(In):
    """What the feed is of."""

    kind: Literal["delegate", "body", "room", "office"] = Field(
        description="`delegate` wants person_id, `body` body_id, `room` room_id, `office` none.",
        examples=["office"],
    )
    person_id: Id | None = Field(
        None, description="Whose sessions; or, of a body, the member who alone may read it.", examples=[None]
    )
    body_id: Id | None = Field(None, examples=[None])
    room_id: Id | None = Field(None, examples=[None])


class FeedOut(Schema):
    """A feed and its secret address."""

    id: Ref
    kind: str = Field(examples=["office"])
    person_id: Ref | None
    body_id: Ref | None
    room_id: Ref | None
    url: str = Field(
        description="Subscribe to this; whoever knows it reads the feed.",
        examples=["https://hop.tinhuy.example/c/mfrggzdfmztwq2lknnwg23tpoa.ics"],
    )
    last_used_at: When | None = Field(description="When a calendar last asked.", examples=[None])


@router.get("/feeds", response=answers(422, ok=Listed[FeedOut]))
def list_feeds(request: Request, query: Query[Paging]) -> dict[str, object]:
    """The feeds that answer and that you may hand out."""
    return paged(FeedToken.objects.visible_to(request.auth).live().order_by("id"), query, _feed_out)


@router.post("/feeds", response=answers(403, 404, 422, created=FeedOut))
def create_feed(request: Request, data: FeedIn) -> Status[FeedOut]:
    """The feed of that thing; a repeat gives the same. Refuses with `not_allowed`, `feed_of_nothing`."""
    row = feeds.create(
        kind=data.kind,
        person=found(Person.objects.all(), data.person_id, field="person_id") if data.person_id else None,
        body=found(Body.objects.all(), data.body_id, field="body_id") if data.body_id else None,
        room=found(Room.objects.all(), data.room_id, field="room_id") if data.room_id else None,
        by=request.auth,
    )
    return Status(201, _feed_out(row))


@router.post("/feeds/{feed_id}/rotate", response=answers(403, 404, 409, ok=FeedOut))
def rotate_feed(request: Request, feed_id: str) -> FeedOut:
    """A new address; the old one is unknown at once. Refuses with `not_allowed`, `feed_revoked`."""
    row = found(FeedToken.objects.visible_to(request.auth), feed_id)
    return _feed_out(feeds.rotate(feed=row, by=request.auth))


@router.post("/feeds/{feed_id}/revoke", response=answers(403, 404, 409, empty=None))
def revoke_feed(request: Request, feed_id: str) -> Status[None]:
    """The feed answers no more. Refuses with `not_allowed`, `feed_revoked`."""
    feeds.revoke(feed=found(FeedToken.objects.visible_to(request.auth), feed_id), by=request.auth)
    return Status(204, None)


def _feed_out(row: FeedToken) -> FeedOut:
    return FeedOut(
        id=row.pk,
        kind=row.kind,
        person_id=row.person_id,
        body_id=row.body_id,
        room_id=row.room_id,
        url=feeds.address(row),
        last_used_at=row.last_used_at,
    )
