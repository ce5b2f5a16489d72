"""Leaders' engagements: the lines of the week that are no sessions of ours."""

import datetime as dt
from typing import Any, Literal

from ninja import Field, Query, Router, Schema, Status

from planner.access import Actor
from planner.api.bodies import readable_bodies
from planner.models import Engagement, Person
from planner.pages import Request
from planner.services import schedule
from planner.services.schedule import Entry
from planner.wire import Id, In, Listed, Paging, Ref, When, answers, found, found_all, paged

router = Router(tags=["week"])

Kind = Literal["attend", "field", "receive", "delegate", "work", "duty", "joint", "other"]


class EngagementSearch(Paging):
    """Which engagements."""

    from_: When | None = Field(None, alias="from", description="Only those that end after this moment.")
    until: When | None = Field(None, description="Only those that begin before this moment.")
    leader_id: Id = Field("", description="Only of this person.")
    body_id: Id = Field("", description="Only of this body.")


class EngagementIn(In):
    """A line of the week."""

    on: dt.date
    content: str = Field(min_length=1, max_length=500, examples=["Dự Hội nghị trực tuyến toàn quốc"])
    kind: Kind = "attend"
    starts: dt.time | None = Field(
        None, description="Left out: the half-day stands for the hour.", examples=["08:00"]
    )
    ends: dt.time | None = Field(None, description="Default: two hours later.", examples=["10:00"])
    half_day: Literal["morning", "afternoon", "evening", "all_day"] = Field(
        "morning", description="Where no hour is given."
    )
    leader_ids: list[Id] = Field(default_factory=list, max_length=100)
    leaders_text: str = Field("", max_length=300, examples=[""])
    place: str = Field("", max_length=200, examples=["Trung tâm hội nghị tỉnh"])
    preparing_unit: str = Field("", max_length=200, examples=["Văn phòng Tỉnh ủy"])
    escort: str = Field("", max_length=150, description="Of the office's leaders (LĐVP).", examples=[""])
    car: str = Field("", max_length=80, examples=[""])
    body_id: Id | None = Field(None, examples=[None])


class EngagementPatch(EngagementIn):
    """A line of the week as it shall be; it is replaced whole."""

    version: int | None = Field(
        None, ge=1, le=2_000_000_000, description="The version read; an older one is refused.", examples=[1]
    )


class EngagementOut(Schema):
    """A line of the week."""

    id: Ref
    kind: str = Field(examples=["attend"])
    content: str = Field(examples=["Dự Hội nghị trực tuyến toàn quốc"])
    starts_at: When
    ends_at: When = Field(examples=["2026-12-01T10:00:00+07:00"])
    has_hour: bool = Field(description="False: the half-day stands for the hour.")
    half_day: str = Field(examples=["morning"])
    leader_ids: list[Ref] = Field(examples=[["12"]])
    leaders_text: str = Field(examples=[""])
    place: str = Field(examples=["Trung tâm hội nghị tỉnh"])
    preparing_unit: str = Field(examples=["Văn phòng Tỉnh ủy"])
    escort: str = Field(examples=[""])
    car: str = Field(examples=[""])
    body_id: Ref | None = Field(examples=[None])
    session_id: Ref | None = Field(description="The session it became.", examples=[None])
    version: int


@router.get("/engagements", response=answers(404, 422, ok=Listed[EngagementOut]))
def list_engagements(request: Request, query: Query[EngagementSearch]) -> dict[str, object]:
    """Leaders' engagements in time."""
    rows = Engagement.objects.visible_to(request.auth).order_by("starts_at", "id")
    if query.from_:
        rows = rows.filter(ends_at__gt=query.from_)
    if query.until:
        rows = rows.filter(starts_at__lt=query.until)
    if query.leader_id:
        leader = found(Person.objects.visible_to(request.auth), query.leader_id, field="leader_id")
        rows = rows.filter(leaders=leader)
    if query.body_id:
        rows = rows.filter(body=found(readable_bodies(request.auth), query.body_id, field="body_id"))
    return paged(rows.prefetch_related("leaders"), query, _engagement_out)


@router.post("/engagements", response=answers(403, 404, 422, created=EngagementOut))
def add_engagement(request: Request, data: EngagementIn) -> Status[EngagementOut]:
    """Add a line to the week.

    Refuses with `not_allowed`, `ends_before_it_starts`.
    """
    return Status(201, _engagement_out(schedule.add(_entry(data, request.auth), by=request.auth)))


@router.get("/engagements/{engagement_id}", response=answers(404, ok=EngagementOut))
def read_engagement(request: Request, engagement_id: str) -> EngagementOut:
    """One line of the week."""
    return _engagement_out(found(Engagement.objects.visible_to(request.auth), engagement_id))


@router.patch("/engagements/{engagement_id}", response=answers(403, 404, 409, 422, ok=EngagementOut))
def change_engagement(request: Request, engagement_id: str, data: EngagementPatch) -> EngagementOut:
    """Replace a line of the week.

    Refuses with `not_allowed`, `changed_meanwhile` (an old `version`), `ends_before_it_starts`.
    """
    row = found(Engagement.objects.visible_to(request.auth), engagement_id)
    entry = _entry(data, request.auth)
    return _engagement_out(schedule.change(row, entry=entry, version=data.version, by=request.auth))


@router.delete("/engagements/{engagement_id}", response=answers(403, 404, 409, empty=None))
def remove_engagement(request: Request, engagement_id: str) -> Status[None]:
    """Take a line off the week.

    Refuses with `not_allowed`, `wrong_state` (it became a session).
    """
    schedule.remove(found(Engagement.objects.visible_to(request.auth), engagement_id), by=request.auth)
    return Status(204, None)


def _entry(data: EngagementIn, actor: Actor) -> Entry:
    values: dict[str, Any] = data.model_dump(exclude={"leader_ids", "body_id", "version"})
    people = Person.objects.visible_to(actor).active()
    return Entry(
        **values,
        leaders=tuple(found_all(people, data.leader_ids, field="leader_ids")),
        body=found(readable_bodies(actor), data.body_id, field="body_id") if data.body_id else None,
    )


def _engagement_out(row: Engagement) -> EngagementOut:
    return EngagementOut(
        id=row.pk,
        kind=row.kind,
        content=row.content,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        has_hour=row.has_hour,
        half_day=row.half_day,
        leader_ids=[person.pk for person in row.leaders.all()],
        leaders_text=row.leaders_text,
        place=row.place,
        preparing_unit=row.preparing_unit,
        escort=row.escort,
        car=row.car,
        body_id=row.body_id,
        session_id=row.became_session_id,
        version=row.version,
    )
