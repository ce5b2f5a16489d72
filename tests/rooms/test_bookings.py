"""A room serves one session at a time: by service, by database, and under a crowd of writers."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction

from planner.access import SYSTEM, Actor, Can, Role
from planner.errors import NotAllowed, ReasonNeeded
from rooms.models import Booking
from rooms.services import bookings
from rooms.services.bookings import NotFitForSecret, RoomClosed, RoomTaken
from tests.make import Make


def overlaps() -> int:
    """Pairs of live bookings of one room that overlap: must always be none."""
    rows = list(Booking.objects.live().order_by("room", "starts_at"))
    pairs = zip(rows, rows[1:], strict=False)
    return sum(a.room_id == b.room_id and a.span.overlaps(b.span) for a, b in pairs)


@pytest.mark.parametrize("hours", ["10:59-12:00", "08:00-09:01", "08:00-18:00", "09:30-10:00"])
def test_a_room_serves_one_session_at_a_time(make: Make, hours: str) -> None:
    room = make.room(setup_minutes=0, teardown_minutes=0)
    bookings.hold(session=make.session("09:00-11:00"), room=room, by=SYSTEM)
    late = make.session(hours)

    with pytest.raises(RoomTaken):
        bookings.hold(session=late, room=room, by=SYSTEM)

    assert not late.bookings.exists()


def test_the_refusal_names_the_winner_and_its_times(make: Make) -> None:
    room = make.room("Phòng họp số 1", setup_minutes=0, teardown_minutes=0)
    bookings.hold(session=make.session("09:00-11:00", title="Giao ban"), room=room, by=SYSTEM)

    with pytest.raises(RoomTaken) as refused:
        bookings.hold(session=make.session("10:00-12:00"), room=room, by=make.actor(Role.PLANNER))

    assert "Phòng họp số 1" in str(refused.value)
    assert "09:00" in str(refused.value)
    assert refused.value.extra["taken_by"] == "Giao ban"


def test_a_secret_winner_is_not_named(make: Make) -> None:
    room = make.room(fit_for_secret=True)
    secret = make.session("09:00-11:00", title="", secrecy="secret", code_name="CANARY-1")
    bookings.hold(session=secret, room=room, by=SYSTEM)

    rival = make.session("09:00-10:00")
    booker = Actor(kind="user", id="9", label="Lễ tân", everywhere=frozenset({Can.READ, Can.BOOK}))

    with pytest.raises(RoomTaken) as refused:
        bookings.hold(session=rival, room=room, by=booker)

    assert "CANARY-1" not in str(refused.value) + str(refused.value.extra)


def test_back_to_back_needs_time_to_set_up(make: Make) -> None:
    room = make.room(setup_minutes=15, teardown_minutes=15)
    bookings.hold(session=make.session("09:00-10:00"), room=room, by=SYSTEM)

    with pytest.raises(RoomTaken):
        bookings.hold(session=make.session("10:00-11:00"), room=room, by=SYSTEM)
    later = bookings.hold(session=make.session("10:30-11:30"), room=room, by=SYSTEM)

    assert later.starts_at == make.at("10:15")


def test_holding_again_replaces_the_earlier_hold(make: Make) -> None:
    session, first, second = make.session(), make.room(), make.room()

    bookings.hold(session=session, room=first, by=SYSTEM)
    bookings.hold(session=session, room=second, by=SYSTEM)

    assert [row.room for row in Booking.objects.live()] == [second]


def test_a_closed_room_is_refused_with_its_reason(make: Make) -> None:
    room = make.room()
    room.closures.create(starts_at=make.at("07:00"), ends_at=make.at("12:00"), reason="Bảo trì điều hòa")

    with pytest.raises(RoomClosed, match="Bảo trì điều hòa"):
        bookings.hold(session=make.session("09:00-11:00"), room=room, by=SYSTEM)


def test_too_few_seats_need_a_written_reason(make: Make) -> None:
    session, room = make.session(), make.room(seats=1)
    for _ in range(2):
        make.delegate(session)

    with pytest.raises(ReasonNeeded):
        bookings.hold(session=session, room=room, by=SYSTEM)

    assert (
        bookings.hold(session=session, room=room, reason="Họp ngắn, đứng", by=SYSTEM).reason
        == "Họp ngắn, đứng"
    )


def test_a_secret_session_needs_an_approved_room(make: Make) -> None:
    secret = make.session(title="", secrecy="secret", code_name="K-1")

    with pytest.raises(NotFitForSecret):
        bookings.hold(session=secret, room=make.room(), by=SYSTEM)


def test_a_hold_that_waits_too_long_lapses(make: Make) -> None:
    booking = bookings.hold(session=make.session(), room=make.room(needs_approval=True), by=SYSTEM)
    Booking.objects.update(expires_at=booking.held_at - dt.timedelta(hours=1))

    lapsed = bookings.release_lapsed(by=SYSTEM)

    assert (lapsed, bookings.release_lapsed(by=SYSTEM), Booking.objects.live().count()) == (1, 0, 0)


def test_a_viewer_holds_nothing(make: Make) -> None:
    with pytest.raises(NotAllowed):
        bookings.hold(session=make.session(), room=make.room(), by=make.actor(Role.VIEWER))


@pytest.mark.parametrize("write", ["create", "bulk_create", "update"])
def test_the_database_itself_refuses_an_overlap(make: Make, write: str) -> None:
    room = make.room()
    held = make.booking(make.session("09:00-11:00"), room)
    other = make.booking(make.session("09:00-11:00"), make.room())
    fields = {"room": room, "starts_at": held.starts_at, "ends_at": held.ends_at, "held_at": held.held_at}
    again = Booking(session=other.session, **fields)
    writes = {
        "create": lambda: again.save(force_insert=True),
        "bulk_create": lambda: Booking.objects.bulk_create([again]),
        "update": lambda: Booking.objects.filter(pk=other.pk).update(room=room),
    }

    with pytest.raises(IntegrityError, match="room_serves_one_session_at_a_time"), transaction.atomic():
        writes[write]()


def test_a_released_booking_stands_in_nobody_s_way(make: Make) -> None:
    room = make.room()
    booking = bookings.hold(session=make.session("09:00-11:00"), room=room, by=SYSTEM)
    bookings.release(booking=booking, by=SYSTEM)

    bookings.hold(session=make.session("09:00-11:00"), room=room, by=SYSTEM)

    assert Booking.objects.live().count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_ten_writers_at_once_one_gets_the_room(make: Make) -> None:
    room = make.room()
    rivals = [make.session("09:00-11:00") for _ in range(10)]
    start = threading.Barrier(len(rivals))

    def hold(session: object) -> str:
        try:
            start.wait()
            bookings.hold(session=session, room=room, by=SYSTEM)  # type: ignore[arg-type]
        except RoomTaken as refused:
            return refused.code
        finally:
            connection.close()
        return "held"

    with ThreadPoolExecutor(len(rivals)) as pool:
        outcomes = sorted(pool.map(hold, rivals))

    assert outcomes == ["held"] + ["room_taken"] * 9
    assert overlaps() == 0
