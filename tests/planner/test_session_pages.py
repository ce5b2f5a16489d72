"""The pages of sessions as a planner sees them."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from planner.access import SYSTEM, Role
from planner.flow import plan as flow_plan
from planner.flow import publish as flow_publish
from planner.models import Session
from planner.services.plans import Plan
from rooms.models import Booking
from tests.make import Make

PAGES = (
    "",
    "edit/",
    "agenda/",
    "publish/",
    "move/",
    "cancel/",
    "room/",
    "call/",
    "delegates/",
    "delegates/add/",
    "invitations/",
)


def plan_form(make: Make, **changes: object) -> dict[str, object]:
    """What the planning form posts."""
    values = {
        "kind": "regular",
        "title": "Hội nghị Ban Thường vụ tháng 12",
        "on": make.day.isoformat(),
        "starts": "7h30",
        "ends": "11 giờ",
        "mode": "in_person",
        "secrecy": "normal",
        "agenda": "Báo cáo thu, chi ngân sách – 45\nCông tác cán bộ",
    }
    return values | changes


def test_every_page_of_a_session_opens(make: Make) -> None:
    session = make.session("09:00-11:00", title="Hội nghị Ban Thường vụ")
    make.delegate(session)
    client = make.client(Role.PLANNER)

    answers = {page: client.get(f"/sessions/{session.pk}/{page}").status_code for page in PAGES}

    assert answers == dict.fromkeys(PAGES, 200)


def test_one_form_plans_fills_the_list_and_holds_the_room(make: Make) -> None:
    body, room = make.body(kind="BTV", members=3), make.room(seats=30)

    answer = make.client().post("/sessions/create/", plan_form(make, body=body.pk, room=room.pk))

    session = Session.objects.get()
    assert answer.status_code == 302
    assert [item.title for item in session.agenda.all()] == ["Báo cáo thu, chi ngân sách", "Công tác cán bộ"]
    assert [item.minutes for item in session.agenda.all()] == [45, 30]
    assert session.delegates.count() == 3
    assert Booking.objects.live().get().room == room


def test_a_taken_room_is_refused_by_name_and_nothing_is_saved(make: Make) -> None:
    room = make.room("Phòng họp số 1")
    other = make.session("07:00-09:00", title="Giao ban Thường trực")
    make.booking(other, room)

    answer = make.client().post("/sessions/create/", plan_form(make, room=room.pk))

    assert answer.status_code == 422
    assert "Giao ban Thường trực" in answer.content.decode()
    assert "Hội nghị Ban Thường vụ tháng 12" in answer.content.decode()
    assert list(Session.objects.all()) == [other]


def test_the_check_while_typing_writes_nothing(make: Make) -> None:
    room = make.room()

    answer = make.client().post(
        "/sessions/check/", plan_form(make, room=room.pk), headers={"HX-Request": "true"}
    )

    assert answer.status_code == 200
    assert not Session.objects.exists()
    assert not Booking.objects.exists()


def test_the_form_opens_with_what_the_body_proposes(make: Make) -> None:
    body = make.body(kind="BTV", members=4, short_name="BTV")
    make.profile("regular", uses_ordinal=True, title_template="Hội nghị {body} {ordinal}")
    make.session(body=body, ordinal=6, term=make.term())

    page = make.client().get(f"/sessions/new/?body={body.pk}").content.decode()

    assert "lần thứ 7" in page


def test_moving_shows_first_and_moves_when_confirmed(make: Make) -> None:
    first, second = make.room("P1"), make.room("P2")
    starts = make.at("08:00")
    plan = Plan(kind="working", title="Làm việc", starts_at=starts, ends_at=starts + dt.timedelta(hours=2))
    session = flow_plan.plan(plan, room=first, by=SYSTEM)
    client = make.client()
    form = {"on": make.day.isoformat(), "starts": "14:00", "ends": "16:00", "room": second.pk}

    shown = client.post(f"/sessions/{session.pk}/move/", form)
    still = Booking.objects.live().get().room
    moved = client.post(f"/sessions/{session.pk}/move/", form | {"confirmed": "1"})

    session.refresh_from_db()
    assert "P1" in shown.content.decode()
    assert still == first
    assert moved.status_code == 302
    assert timezone.localtime(session.starts_at).hour == 14
    assert Booking.objects.live().get().room == second


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_number_of_queries(
    make: Make, django_assert_num_queries: Any, rows: int
) -> None:
    for number in range(rows):
        session = make.session("09:00-11:00", title=f"Phiên {number}")
        make.delegate(session)
        make.booking(session, make.room())
    client = make.client()

    with django_assert_num_queries(9):
        client.get("/sessions/")


def test_a_viewer_sees_neither_secret_sessions_nor_buttons(make: Make) -> None:
    secret = make.session(title="", secrecy="secret", code_name="K-17")
    plain = make.session(title="Giao ban")
    client = make.client(Role.VIEWER)

    assert client.get(f"/sessions/{secret.pk}/").status_code == 404
    assert "K-17" not in client.get("/sessions/").content.decode()
    assert client.get(f"/sessions/{plain.pk}/edit/").status_code == 403


def test_the_hub_counts_answers_and_tells_the_history(make: Make) -> None:
    make.profile("regular", notice_days=60)
    body = make.body(members=3)
    session = make.session(body=body, title="Hội nghị")
    for membership in body.memberships.all():
        make.delegate(session, membership.person)
    flow_publish.publish(session, override_reason="họp gấp", by=SYSTEM)

    page = make.client().get(f"/sessions/{session.pk}/").content.decode()

    assert "họp gấp" in page
    assert "chưa trả lời" in page.lower()
    assert list(session.delegates.order_by("number").values_list("number", flat=True)) == [1, 2, 3]


def test_large_ids_stay_ids_in_forms(make: Make) -> None:
    session = make.session()
    make.person("Nguyễn Thị Hường", pk=1_234_567)

    page = make.client().get(f"/sessions/{session.pk}/delegates/add/?q=huong").content.decode()

    assert 'value="1234567"' in page
