"""Finding a time: the chair free, a room large enough, nobody needed elsewhere."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from planner.access import SYSTEM
from planner.flow import slots
from planner.flow.slots import Question
from planner.models import Body
from planner.slots import slot_reasons
from planner.spans import Span
from tests.make import Make


def asked(make: Make, body: Body, **fields: Any) -> list[Any]:
    """The slots of a week that begins on `make.day`."""
    window = Span.lasting(timezone.make_aware(dt.datetime.combine(make.day, dt.time())), 5 * 24 * 60)
    return slots.best(Question(body=body, minutes=120, window=window, **fields), by=SYSTEM)


def test_five_slots_avoid_a_busy_chair_and_name_a_free_room(make: Make) -> None:
    body, room = make.body(kind="BTV", members=5), make.room("Phòng A", seats=30)
    elsewhere = make.session("07:00-11:45", state="published", title="Việc khác")
    make.delegate(elsewhere, body.memberships.get(role="secretary").person)

    found = asked(make, body)

    first_morning = Span(make.at("07:00"), make.at("11:45"))
    assert len(found) == 5
    assert not any(slot.span.overlaps(first_morning) for slot in found)
    assert {slot.offer.room for slot in found} == {f"room:{room.pk}"}
    assert "đủ 5/5" in " ".join(slot_reasons.words(found[0]))


def test_a_taken_room_is_not_offered(make: Make) -> None:
    body, room = make.body(members=2), make.room(seats=10)
    make.booking(make.session("07:00-17:00"), room)

    found = asked(make, body)

    assert all(slot.span.starts_at.astimezone().date() != make.day for slot in found if slot.offer)


@pytest.mark.parametrize("rows", [1, 3])
def test_finding_asks_the_same_number_of_queries(
    make: Make, django_assert_num_queries: Any, rows: int
) -> None:
    body = make.body(members=3)
    for _ in range(rows):
        session = make.session("08:00-10:00", state="published")
        make.delegate(session, body.memberships.first().person if rows == 1 else make.person())
        make.booking(session, make.room())

    with django_assert_num_queries(13):
        asked(make, body)
