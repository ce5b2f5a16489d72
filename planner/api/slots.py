"""“Tìm giờ họp”: the best times for a body, with reasons."""

import datetime as dt

from django.utils.translation import gettext as _
from ninja import Field, Router, Schema
from pydantic import ConfigDict, model_validator

from planner.access import Can, must
from planner.api.bodies import readable_bodies
from planner.flow import slots
from planner.flow.slots import Question
from planner.pages import Request
from planner.slots.finder import Slot
from planner.slots.slot_reasons import words
from planner.spans import Span
from planner.wire import Id, In, Listed, Ref, When, answers, found, listed

router = Router(tags=["sessions"])

LONGEST_WINDOW = dt.timedelta(days=400)


class SlotsIn(In):
    """What is looked for."""

    model_config = ConfigDict(populate_by_name=True)

    body_id: Id
    minutes: int = Field(ge=15, le=1440, description="Length.", examples=[180])
    from_: When = Field(alias="from", description="Not before.", examples=["2026-12-01T00:00:00+07:00"])
    until: When = Field(
        description="Over by then; at most 400 days later.", examples=["2026-12-31T23:59:00+07:00"]
    )
    seats: int = Field(0, ge=0, le=100_000, description="Default: one for each member.", examples=[30])
    count: int = Field(5, ge=1, le=50, description="How many slots at most.")

    @model_validator(mode="after")
    def _window_is_sound(self) -> "SlotsIn":
        if not self.from_ < self.until:
            raise ValueError(_("The end must lie after the beginning."))
        if self.until - self.from_ > LONGEST_WINDOW:
            raise ValueError(_("Look at most 400 days ahead."))
        return self


class SlotOut(Schema):
    """A time the body could meet, the best first."""

    starts_at: When
    ends_at: When = Field(examples=["2026-12-01T11:00:00+07:00"])
    room_id: Ref | None
    room: str = Field(examples=["Phòng họp số 1"])
    present: int = Field(description="Members who are free.", examples=[15])
    required: int = Field(description="Members in all.", examples=[15])
    absent: list[str] = Field(description="Members who are not free, by name.", examples=[[]])
    is_clear: bool = Field(description="Nothing stands against it: chair free, enough members, a room.")
    reasons: list[str] = Field(
        description="What speaks for and against it.",
        examples=[["đủ 15/15 thành viên", "Phòng họp số 1, 30 chỗ"]],
    )


@router.post("/slots", response=answers(403, 404, 422, ok=Listed[SlotOut]))
def find_slots(request: Request, data: SlotsIn) -> dict[str, object]:
    """The best times for a body in a window, each with what speaks for and against it.

    Days off, half-days, members' other sessions and engagements, rooms with their set-up are looked at; a full
    calendar still gets answers. Refuses with `not_allowed`.
    """
    if not request.auth.can_anywhere(Can.READ):
        must(request.auth, Can.READ)
    body = found(readable_bodies(request.auth), data.body_id, field="body_id")
    question = Question(body, data.minutes, Span(data.from_, data.until), seats=data.seats, count=data.count)
    return listed([_slot_out(slot) for slot in slots.best(question, by=request.auth)])


def _slot_out(slot: Slot) -> SlotOut:
    offer = slot.offer
    return SlotOut(
        starts_at=slot.span.starts_at,
        ends_at=slot.span.ends_at,
        room_id=int(offer.room.partition(":")[2]) if offer else None,
        room=offer.name if offer else "",
        present=slot.present,
        required=slot.required,
        absent=list(slot.absent),
        is_clear=slot.is_clear,
        reasons=words(slot),
    )
