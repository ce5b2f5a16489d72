"""People of the directory and the posts they hold."""

import datetime as dt
from typing import Annotated, Any, Literal, cast

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status
from pydantic import AfterValidator

from planner.access import Actor, Can
from planner.api.bodies import readable_bodies
from planner.models import Appointment, Person, Post, Unit
from planner.models.people import PersonQuerySet
from planner.pages import Request
from planner.services import bodies, entries, search, titles
from planner.services.entries import PostEntry
from planner.services.people import Details
from planner.wire import Id, In, Listed, Ref, Searching, answers, found, paged

router = Router(tags=["people"])


def _address(text: str) -> str:
    if text:
        try:
            validate_email(text)
        except ValidationError as error:
            raise ValueError(str(error.messages[0])) from None
    return text


Address = Annotated[str, AfterValidator(_address)]


class PersonSearch(Searching):
    """Which people, in which order."""

    unit_id: Id = Field("", description="Only people of this unit.")
    body_id: Id = Field("", description="Only present members of this body.")
    order: Literal["name", "precedence"] = Field("name", description="By Vietnamese name or by precedence.")


class PostHeldIn(In):
    """A post to take up; with `id`, one held already to put right."""

    id: Id | None = Field(None, description="A post of this person to put right.", examples=[None])
    post_id: Id | None = Field(None, description="A post the office knows …", examples=[None])
    post: str | None = Field(
        None,
        max_length=150,
        description="… or its name; unknown names are added.",
        examples=["Bí thư Đảng ủy"],
    )
    unit_id: Id | None = None
    title: str = Field("", max_length=250, description="As printed, when not post and unit.", examples=[""])
    position: int | None = Field(None, ge=1, le=1000, description="Place among several posts.")
    starts_on: dt.date | None = None
    ends_on: dt.date | None = Field(None, description="The first day it is no longer held.", examples=[None])


class PersonChange(In):
    """What to change of a person; what is not named stays."""

    full_name: str = Field("", max_length=150, examples=["Nguyễn Thị Hường"])
    email: Address = Field("", max_length=254, examples=["huong@tinh.example"])
    phone: str = Field("", max_length=40, examples=["0912345678"])
    other_phone: str = Field("", max_length=40, examples=[""])
    unit_id: Id | None = None
    sex: Literal["F", "M", ""] = Field("", examples=["F"])
    born_on: dt.date | None = Field(None, examples=["1975-03-08"])
    birth_year: int | None = Field(None, ge=1900, le=2100, examples=[1975])
    seniority: int = Field(9999, ge=1, le=9999, description="Order among people of equal rank.", examples=[3])
    assistant_id: Id | None = Field(None, examples=[None])
    driver_id: Id | None = Field(None, examples=[None])
    calendar_by: Literal["mail", "feed", "none"] = "mail"
    tells_assistant: bool = Field(False, description="Whether the assistant gets a notice of each mail.")
    tags: list[Annotated[str, Field(max_length=60)]] = Field(
        default_factory=list, max_length=50, examples=[["cán bộ nữ"]]
    )
    posts: list[PostHeldIn] = Field(
        default_factory=list, max_length=30, description="Posts to take up or put right; others stay."
    )
    version: int | None = Field(
        None, ge=1, le=2_000_000_000, description="The version read; an older one is refused.", examples=[1]
    )


class PersonIn(PersonChange):
    """A person to enter."""

    full_name: str = Field(min_length=1, max_length=150, examples=["Nguyễn Thị Hường"])
    version: int | None = Field(None, description="Not used here.", examples=[None])


class PostHeldOut(Schema):
    """A post of a person."""

    id: Ref
    post_id: Ref
    post: str = Field(examples=["Bí thư Đảng ủy"])
    unit_id: Ref | None
    unit: str = Field(examples=["Xã Tà Đùng"])
    title: str = Field(description="As letters print it.", examples=["Bí thư Đảng ủy xã Tà Đùng"])
    position: int
    starts_on: dt.date | None
    ends_on: dt.date | None = Field(examples=[None])
    is_current: bool


class PersonOut(Schema):
    """A person the office invites."""

    id: Ref
    full_name: str = Field(examples=["Nguyễn Thị Hường"])
    sex: str = Field(examples=["F"])
    birth_year: int | None = Field(examples=[1975])
    born_on: dt.date | None = Field(
        description="Only for those who keep the directory.", examples=["1975-03-08"]
    )
    email: str = Field(examples=["huong@tinh.example"])
    phone: str = Field(examples=["+84912345678"])
    other_phone: str = Field(examples=[""])
    unit_id: Ref | None
    unit: str = Field(examples=["Xã Tà Đùng"])
    rank: int = Field(description="Rank of the highest post, 1 first.", examples=[40])
    seniority: int = Field(examples=[3])
    assistant_id: Ref | None = Field(examples=[None])
    driver_id: Ref | None = Field(examples=[None])
    calendar_by: str = Field(description="`mail`, `feed` or `none`.", examples=["mail"])
    tells_assistant: bool
    tags: list[str] = Field(examples=[["cán bộ nữ"]])
    posts: list[PostHeldOut]
    version: int


@router.get("/people", response=answers(404, 422, ok=Listed[PersonOut]))
def list_people(request: Request, query: Query[PersonSearch]) -> dict[str, object]:
    """People, by name or by precedence.

    `q` searches names, telephones, posts and units without tone marks.
    """
    rows = Person.objects.visible_to(request.auth).active().with_posts().select_related("unit")
    rows = rows.by_precedence() if query.order == "precedence" else rows.by_name()
    if query.unit_id:
        rows = rows.filter(unit=found(Unit.objects.all(), query.unit_id, field="unit_id"))
    if query.body_id:
        body = found(readable_bodies(request.auth), query.body_id, field="body_id")
        rows = rows.filter(pk__in=bodies.members(body).values("person"))
    return paged(search.matching(rows, query.q), query, lambda row: _person_out(row, request.auth))


@router.post("/people", response=answers(403, 404, 422, created=PersonOut))
def enter_person(request: Request, data: PersonIn) -> Status[PersonOut]:
    """Enter a person with the posts they hold.

    Refuses with `not_allowed`, `name_needed`, `post_needed`, `ends_before_it_began`.
    """
    person = entries.enter(_details(data, request.auth), posts=_posts(data, None), by=request.auth)
    return Status(201, _person_out(_whole(person), request.auth))


@router.get("/people/{person_id}", response=answers(404, ok=PersonOut))
def read_person(request: Request, person_id: str) -> PersonOut:
    """One person."""
    return _person_out(_whole(found(_known(request.auth), person_id)), request.auth)


@router.patch("/people/{person_id}", response=answers(403, 404, 409, 422, ok=PersonOut))
def change_person(request: Request, person_id: str, data: PersonChange) -> PersonOut:
    """Change what is known of a person; what is not named stays.

    Refuses with `not_allowed`, `changed_meanwhile` (an old `version`), `name_needed`, `helps_oneself`,
    `person_gone`, `post_needed`, `ends_before_it_began`.
    """
    person = found(_known(request.auth), person_id)
    changed = entries.revise(
        person,
        details=_details(data, request.auth),
        posts=_posts(data, person),
        version=data.version,
        by=request.auth,
    )
    return _person_out(_whole(changed), request.auth)


def _known(actor: Actor) -> PersonQuerySet:
    return Person.objects.visible_to(actor).active()


def _whole(person: Person) -> Person:
    return Person.objects.with_posts().select_related("unit").get(pk=person.pk)


def _details(data: PersonChange, actor: Actor) -> Details:
    """What was named in the request, with rows in place of ids."""
    named = data.model_fields_set - {"posts", "version"}
    values: dict[str, Any] = {name: getattr(data, name) for name in named if not name.endswith("_id")}
    if "unit_id" in named:
        values["unit"] = found(Unit.objects.all(), data.unit_id, field="unit_id") if data.unit_id else None
    for helper, pk in (("assistant", data.assistant_id), ("driver", data.driver_id)):
        if f"{helper}_id" in named:
            values[helper] = found(_known(actor), pk, field=f"{helper}_id") if pk else None
    return cast(Details, values)


def _posts(data: PersonChange, person: Person | None) -> list[PostEntry]:
    return [_post_entry(given, f"posts.{number}", person) for number, given in enumerate(data.posts)]


def _post_entry(given: PostHeldIn, place: str, person: Person | None) -> PostEntry:
    own = Appointment.objects.filter(person=person) if person else Appointment.objects.none()
    return PostEntry(
        post=found(Post.objects.all(), given.post_id, field=f"{place}.post_id") if given.post_id else None,
        name=given.post or "",
        unit=found(Unit.objects.all(), given.unit_id, field=f"{place}.unit_id") if given.unit_id else None,
        title=given.title,
        starts_on=given.starts_on,
        ends_on=given.ends_on,
        position=given.position,
        appointment=found(own, given.id, field=f"{place}.id") if given.id else None,
    )


def _person_out(person: Person, actor: Actor) -> PersonOut:
    today = timezone.localdate()
    return PersonOut(
        id=person.pk,
        full_name=person.full_name,
        sex=person.sex,
        birth_year=person.birth_year or (person.born_on.year if person.born_on else None),
        born_on=person.born_on if actor.can(Can.EDIT_PEOPLE) else None,
        email=person.email,
        phone=person.phone,
        other_phone=person.other_phone,
        unit_id=person.unit_id,
        unit=person.unit.name if person.unit else "",
        rank=person.rank,
        seniority=person.seniority,
        assistant_id=person.assistant_id,
        driver_id=person.driver_id,
        calendar_by=person.calendar_by,
        tells_assistant=person.tells_assistant,
        tags=person.tags,
        posts=[_post_out(row, today) for row in person.appointments.all()],
        version=person.version,
    )


def _post_out(row: Appointment, today: dt.date) -> PostHeldOut:
    return PostHeldOut(
        id=row.pk,
        post_id=row.post_id,
        post=row.post.name,
        unit_id=row.unit_id,
        unit=row.unit.name if row.unit else "",
        title=titles.title_of(row),
        position=row.position,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        is_current=row.holds_on(today),
    )
