"""Rooms, bookings and calls through the API."""

import pytest

from attendees.models import Delegate
from planner.access import SYSTEM, Role
from planner.http import api as document
from planner.services import accounts
from rooms.models import Booking, Closure, Connection
from tests.make import ApiClient


def span(make, hours="08:00-10:00"):
    starts, ends = hours.split("-")
    return {"starts_at": make.at(starts).isoformat(), "ends_at": make.at(ends).isoformat()}


def hold(api, session, room, **more):
    return api.post("bookings", {"session_id": str(session.pk), "room_id": str(room.pk)} | more)


# Rooms


def test_rooms_tell_their_layouts_the_usual_one_first(make, db):
    room = make.room("P1", seats=30)
    make.layout(room, kind="u_shape", seats=18, position=2, setup_minutes=20)

    [told] = make.api_client().get("rooms").json()["items"]

    assert (told["name"], told["site"]) == ("P1", "Trụ sở Tỉnh ủy")
    assert [(row["kind"], row["seats"], row["setup_minutes"]) for row in told["layouts"]] == [
        ("classroom", 30, 15),
        ("u_shape", 18, 20),
    ]


def test_free_rooms_come_smallest_first_and_others_say_why(make, db):
    taken, small, large = make.room("P1"), make.room("P2", seats=10), make.room("P3", seats=50)
    closed = make.room("P4")
    Closure.objects.create(
        room=closed, starts_at=make.at("07:00"), ends_at=make.at("12:00"), reason="Sửa điện"
    )
    make.booking(make.session("08:00-10:00"), taken)

    told = make.api_client().get("rooms/free", **span(make, "09:00-11:00")).json()

    assert [room["id"] for room in told["items"]] == [str(small.pk), str(large.pk)]
    assert told["count"] == 2
    assert {room["name"]: room["reasons"] for room in told["others"]} == {
        "P1": ["đã dùng 07:45–10:15"],
        "P4": ["đóng: Sửa điện"],
    }


def test_setup_and_teardown_count_as_taken(make, db):
    room = make.room("P1")
    make.booking(make.session("08:00-10:00"), room)
    api = make.api_client()

    assert api.get("rooms/free", **span(make, "10:15-11:00")).json()["count"] == 0
    assert api.get("rooms/free", **span(make, "10:30-11:00")).json()["count"] == 1


@pytest.mark.parametrize(
    ("query", "names"), [({"seats": 20}, ["P2"]), ({"layout": "u_shape"}, ["P2"]), ({}, ["P1", "P2"])]
)
def test_free_rooms_fit_what_is_asked(make, db, query, names):
    make.room("P1", seats=10)
    make.layout(make.room("P2", seats=40), kind="u_shape", seats=30, position=2)

    told = make.api_client().get("rooms/free", **span(make), **query).json()

    assert [room["name"] for room in told["items"]] == names


def test_a_span_runs_forward(make, db):
    refused = make.api_client().get("rooms/free", **span(make, "10:00-08:00"))

    assert refused.status_code == 422


# Bookings


def test_a_hold_takes_the_rooms_first_layout(make, db):
    room, session = make.room(), make.session("08:00-10:00")
    make.layout(room, kind="u_shape", seats=20, position=2)

    made = hold(make.api_client(), session, room)

    told = made.json()
    assert (made.status_code, told["layout"], told["role"], told["state"]) == (
        201,
        "classroom",
        "main",
        "held",
    )
    assert (told["starts_at"], told["ends_at"]) == (
        make.at("07:45").isoformat(),
        make.at("10:15").isoformat(),
    )


@pytest.mark.parametrize("hours", ["10:29-12:00", "06:00-07:31", "08:00-10:00", "09:00-09:30"])
def test_a_taken_room_is_refused_with_who_and_when(make, db, hours):
    room, api = make.room("P1"), make.api_client()
    hold(api, make.session("08:00-10:00", title="Giao ban"), room)

    refused = hold(api, make.session(hours), room)

    problem = refused.json()
    assert (refused.status_code, problem["code"], problem["taken_by"]) == (409, "room_taken", "Giao ban")
    assert (problem["taken_from"], problem["taken_until"]) == (
        make.at("07:45").isoformat(),
        make.at("10:15").isoformat(),
    )
    assert Booking.objects.live().count() == 1


def test_who_holds_a_room_is_not_told_to_those_who_may_not_know(make, db):
    room, mine = make.room(), make.body(members=1)
    make.booking(make.session("08:00-10:00", title="CANARYQ"), room)
    session = make.session("08:00-10:00", body=mine)
    _, text = accounts.create_token(
        user=make.user(Role.PLANNER, body=mine), name="t", scopes=["plan"], by=SYSTEM
    )
    api = ApiClient(text)

    refused = hold(api, session, room)
    listed = api.get("bookings")

    assert refused.json()["code"] == "room_taken"
    assert listed.json()["items"][0]["session_id"] is None
    assert "CANARYQ" not in refused.content.decode() + listed.content.decode()


def test_a_closed_room_is_refused(make, db):
    room = make.room()
    Closure.objects.create(room=room, starts_at=make.at("09:00"), ends_at=make.at("12:00"), reason="Bảo trì")

    refused = hold(make.api_client(), make.session("08:00-10:00"), room)

    assert (refused.status_code, refused.json()["code"]) == (409, "room_closed")


def test_a_layout_too_small_needs_a_reason(make, db):
    room, session, api = make.room(seats=1), make.session("08:00-10:00"), make.api_client()
    make.delegate(session)
    make.delegate(session)

    refused = hold(api, session, room)
    accepted = hold(api, session, room, override_reason="Kê thêm ghế")

    assert (refused.status_code, refused.json()["code"]) == (422, "reason_needed")
    assert accepted.status_code == 201
    assert Booking.objects.get().reason == "Kê thêm ghế"


def test_a_hold_refuses_only_facts_of_the_room(make, db):
    """The same people at the same time in another room: publishing will refuse, holding does not."""
    person = make.person()
    first, second = (make.session("08:00-10:00", chairs=[person], state="published") for _ in range(2))
    for session in (first, second):
        make.delegate(session, person)
    api = make.api_client()

    assert hold(api, first, make.room()).status_code == 201
    assert hold(api, second, make.room()).status_code == 201


def test_a_session_may_hold_several_rooms_and_one_in_each_role(make, db):
    session, api = make.session("08:00-10:00"), make.api_client()
    main, tea, other = make.room("P1"), make.room("P2"), make.room("P3")
    hold(api, session, main)
    hold(api, session, tea, role="tea")

    hold(api, session, other)

    live = Booking.objects.live().order_by("role").values_list("role", "room__name")
    assert list(live) == [("main", "P3"), ("tea", "P2")]


def test_an_unknown_layout_is_refused(make, db):
    refused = hold(make.api_client(), make.session(), make.room(), layout="round")

    assert (refused.status_code, refused.json()["code"]) == (422, "unknown_layout")


def test_a_released_room_is_free_again(make, db):
    room, session, api = make.room(), make.session("08:00-10:00"), make.api_client()
    made = hold(api, session, room).json()

    assert api.delete(f"bookings/{made['id']}").status_code == 204
    assert api.delete(f"bookings/{made['id']}").status_code == 404
    assert hold(api, make.session("08:00-10:00"), room).status_code == 201


def test_bookings_are_listed_by_room_and_time(make, db):
    first, second, api = make.room("P1"), make.room("P2"), make.api_client()
    early = hold(api, make.session("08:00-09:00"), first).json()["id"]
    late = hold(api, make.session("14:00-15:00"), first).json()["id"]
    other = hold(api, make.session("08:00-09:00"), second).json()["id"]

    def ids(**query):
        return [row["id"] for row in api.get("bookings", **query).json()["items"]]

    assert sorted(ids()) == sorted([early, late, other])
    assert ids(room_id=str(first.pk)) == [early, late]
    assert ids(room_id=str(first.pk), **{"from": make.at("12:00").isoformat()}) == [late]
    assert ids(room_id=str(first.pk), until=make.at("12:00").isoformat()) == [early]


def test_a_secret_session_takes_an_approved_room_and_no_words(make, db):
    api, session = make.api_client(), make.session("08:00-10:00", secrecy="secret")
    plain, approved = make.room("P1"), make.room("P2", fit_for_secret=True)

    assert hold(api, session, plain).json()["code"] == "room_not_fit_for_secret"
    refused = hold(api, session, approved, override_reason="CANARYQ")
    assert (refused.json()["code"], "CANARYQ" in refused.content.decode()) == (
        "secret_content_refused",
        False,
    )
    assert hold(api, session, approved).status_code == 201


@pytest.mark.parametrize("count", [1, 3])
def test_lists_take_the_same_queries_however_long(make, db, django_assert_num_queries, monkeypatch, count):
    monkeypatch.setattr(document.throttle, "lot", 10**9)  # no counter is written in between
    api = make.api_client()
    for _ in range(count):
        make.booking(make.session("08:00-10:00"), make.room())
    api.get("rooms")

    with django_assert_num_queries(7):
        assert api.get("rooms").json()["count"] == count
    with django_assert_num_queries(6):
        assert api.get("bookings").json()["count"] == count


# Calls


def connect(api, **more):
    body = {"name": "Truyền hình", "address": "https://hop.tinh.example/p1"} | more
    return api.post("connections", body)


def test_secrets_of_a_connection_never_come_back(make, db):
    api = make.api_client(Role.ADMINISTRATOR)

    made = connect(api, kind="bbb", secrets={"secret": "CANARYQ"})
    listed = api.get("connections")

    assert (made.status_code, made.json()["has_secrets"]) == (201, True)
    assert "CANARYQ" not in made.content.decode() + listed.content.decode()
    assert b"CANARYQ" not in bytes(Connection.objects.get().secrets)


def test_only_an_administrator_adds_connections(make, db):
    assert connect(make.api_client(Role.PLANNER)).status_code == 403


def test_a_session_meets_by_a_connection(make, db):
    admin, api, session = make.api_client(Role.ADMINISTRATOR), make.api_client(), make.session("08:00-10:00")
    line = connect(admin).json()["id"]
    assert api.get(f"sessions/{session.pk}/call").status_code == 404

    made = api.post(f"sessions/{session.pk}/call", {"connection_id": line})

    told = made.json()
    assert (made.status_code, told["state"], told["link"]) == (201, "ready", "https://hop.tinh.example/p1")
    assert told["opens_at"] == make.at("07:00").isoformat()
    assert make.api_client(Role.VIEWER).get(f"sessions/{session.pk}/call").json()["link"] == ""


def test_a_connection_carries_no_more_than_its_limit(make, db):
    admin, api = make.api_client(Role.ADMINISTRATOR), make.api_client()
    line = connect(admin, parallel_limit=1).json()["id"]
    api.post(f"sessions/{make.session('08:00-10:00').pk}/call", {"connection_id": line})

    refused = api.post(f"sessions/{make.session('09:00-11:00').pk}/call", {"connection_id": line})
    later = api.post(f"sessions/{make.session('10:00-11:00').pk}/call", {"connection_id": line})

    assert (refused.status_code, refused.json()["code"]) == (409, "connection_busy")
    assert later.status_code == 201


def test_a_secret_session_takes_only_a_protected_connection(make, db):
    admin, session = make.api_client(Role.ADMINISTRATOR), make.session("08:00-10:00", secrecy="secret")
    plain, safe = connect(admin).json()["id"], connect(admin, is_protected=True).json()["id"]

    refused = admin.post(f"sessions/{session.pk}/call", {"connection_id": plain})

    assert (refused.status_code, refused.json()["code"]) == (422, "connection_not_protected")
    assert admin.post(f"sessions/{session.pk}/call", {"connection_id": safe}).status_code == 201


def test_a_link_is_an_address(make, db):
    admin, session = make.api_client(Role.ADMINISTRATOR), make.session()
    line = connect(admin).json()["id"]

    refused = admin.post(
        f"sessions/{session.pk}/call", {"connection_id": line, "link": "javascript:alert(1)"}
    )

    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["link"])
    assert Delegate.objects.count() == 0
