"""Attendee rules as JSON, and what they mean on a day."""

import datetime as dt
from typing import Annotated, Any

from django.utils import timezone
from ninja import Field, Router, Schema
from pydantic import WithJsonSchema

from attendees.rules import ROLES, Pick
from attendees.services import resolutions
from planner.access import Can, must
from planner.models import Person
from planner.pages import Request
from planner.wire import In, Ref, answers

router = Router(tags=["rules"])

_IDS = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
_RULES = {
    "anyOf": [
        {"$ref": "#/components/schemas/Rule"},
        {"type": "array", "items": {"$ref": "#/components/schemas/Rule"}},
    ]
}
SCHEMA: dict[str, Any] = {
    "title": "Rule",
    "type": "object",
    "additionalProperties": False,
    "description": "Who comes. Whatever stands in one node must hold together; `except` takes away from its own node "
    "only. A node with `seats` asks each of its units for so many people and names nobody.",
    "properties": {
        "any": _RULES | {"description": "Those of any of these."},
        "all": _RULES | {"description": "Those in all of these at once."},
        "except": _RULES | {"description": "Without these."},
        "body": _IDS | {"description": "Members of a body: its id or its kind (`BCH`)."},
        "post": _IDS
        | {"description": "Holders of a post: its id or its name; with `unit`: of the post there."},
        "unit": {
            "description": "People of a unit by id; or of the units of a kind, below another, with a tag.",
            "anyOf": [
                *_IDS["anyOf"],
                {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {"kind": _IDS, "under": _IDS, "tag": _IDS},
                },
            ],
        },
        "role": _IDS
        | {
            "description": "Role in a body (with `body`: in that one): `secretary`, `standing_deputy`, `deputy`, "
            "`standing_member`, `member`, `alternate`."
        },
        "tag": _IDS | {"description": "People with a tag."},
        "person": _IDS | {"description": "Named people."},
        "former": {"type": "boolean", "default": False, "description": "Those who held it formerly."},
        "items": {
            "type": "array",
            "items": {"type": "integer", "minimum": 1, "maximum": 9999},
            "description": "Only for these items of the agenda.",
        },
        "seats": {
            "type": "integer",
            "minimum": 1,
            "maximum": 9999,
            "description": "People asked of each unit.",
        },
        "as": {"enum": list(ROLES), "description": "In which category they come."},
        "until": {"type": "string", "maxLength": 200, "description": "With `seats`: names are due by then."},
        "words": {
            "type": "string",
            "maxLength": 200,
            "description": "With `seats`: whom the unit shall name.",
        },
    },
    "examples": [
        {
            "any": [
                {"body": "BCH"},
                {"post": "Bí thư Đảng ủy", "unit": {"kind": ["commune", "ward"]}},
                {"post": "Giám đốc Sở", "items": [3], "as": "invited"},
                {"unit": {"kind": "department"}, "seats": 2, "words": "đại diện lãnh đạo"},
            ],
            "except": [{"person": "17"}],
        }
    ],
}

# Read by `attendees.rules.read`, which names every mistake: a nested choice of models would be tried exponentially.
RuleJson = Annotated[dict[str, Any], WithJsonSchema({"x-schema": "Rule"})]


class ResolveIn(In):
    """A rule and the day to resolve it on."""

    rule: RuleJson
    on: dt.date | None = Field(None, description="Default: today.", examples=["2026-12-01"])


class PickOut(Schema):
    """Somebody a rule means."""

    person_id: Ref
    full_name: str = Field(examples=["Nguyễn Văn An"])
    unit_id: Ref | None
    why: list[str] = Field(
        description="Every reason.", examples=[["Ủy viên BTV", "Bí thư Đảng ủy xã Tà Đùng"]]
    )
    category: str = Field(description="What the rule says with `as`; empty when nothing.", examples=[""])
    items: list[int] = Field(description="Only for these items; empty: the whole session.", examples=[[]])


class OpenSeatOut(Schema):
    """A unit asked to name people."""

    unit_id: Ref
    unit: str = Field(examples=["Sở Tài chính"])
    seats: int = Field(examples=[2])
    until: str = Field(description="Names are due by then.", examples=[""])
    words: str = Field(examples=["đại diện lãnh đạo"])


class ResolutionOut(Schema):
    """The people a rule means, by precedence, once each; and the seats it asks of units."""

    items: list[PickOut]
    count: int = Field(examples=[1])
    open_seats: list[OpenSeatOut]


@router.post("/rules/resolve", response=answers(403, 422, ok=ResolutionOut))
def resolve_rule(request: Request, data: ResolveIn) -> ResolutionOut:
    """The people a rule means on a day, each with every reason, and the seats it asks of units.

    Refuses with `not_allowed`, `bad_rule`.
    """
    if not request.auth.can_anywhere(Can.READ):
        must(request.auth, Can.READ)
    found = resolutions.resolve(data.rule, on=data.on or timezone.localdate())
    seats = [
        OpenSeatOut(unit_id=unit.pk, unit=unit.name, seats=seat.seats, until=seat.until, words=seat.words)
        for unit, seat in found.open_seats
    ]
    people = [_pick_out(person, pick) for person, pick in found.people]
    return ResolutionOut(items=people, count=len(people), open_seats=seats)


def _pick_out(person: Person, pick: Pick) -> PickOut:
    return PickOut(
        person_id=person.pk,
        full_name=person.full_name,
        unit_id=person.unit_id,
        why=pick.why,
        category=pick.role,
        items=sorted(pick.items),
    )
