"""The room board: what is taken, shut or free, and the way from a free half-day to a plan."""

import datetime as dt
from typing import Any

from tests.make import Make


def links(page: str) -> list[str]:
    """The addresses the board offers for planning, in order."""
    return [part.split('"')[0].replace("&amp;", "&") for part in page.split('href="/sessions/new/')[1:]]


def test_a_free_half_day_leads_to_the_form_with_day_hours_and_room(make: Make) -> None:
    room = make.room("Phòng họp số 1", setup_minutes=0, teardown_minutes=0)
    make.booking(make.session("08:00-10:00"), room)
    day = make.day.isoformat()

    page = make.client().get(f"/rooms/?on={day}").content.decode()

    assert links(page) == [
        f"?picked=1&on={day}&starts=10:00&ends=11:30&room={room.pk}",
        f"?picked=1&on={day}&starts=13:30&ends=17:00&room={room.pk}",
    ]


def test_a_shut_room_offers_no_hour_it_is_shut(make: Make) -> None:
    make.room(opens=dt.time(7), closes=dt.time(14))

    page = make.client().get(f"/rooms/?on={make.day.isoformat()}").content.decode()

    assert [link.split("starts=")[1][:5] for link in links(page)] == ["07:30"]


def test_what_was_picked_on_the_board_outlives_the_choice_of_a_body(make: Make) -> None:
    room, body = make.room(), make.body(kind="BTV", members=3)
    day = make.day.isoformat()

    picked = f"picked=1&on={day}&starts=13:30&ends=17:00&room={room.pk}&body={body.pk}"
    page: Any = make.client().get(f"/sessions/new/?{picked}", headers={"HX-Request": "true"})

    first = page.context["form"]
    assert (first["on"].value(), first["starts"].value(), first["room"].value()) == (
        day,
        "13:30",
        str(room.pk),
    )
    assert first["title"].value() == page.context["proposal"].title


def test_what_was_typed_outlives_the_choice_of_a_body(make: Make) -> None:
    body = make.body(kind="BTV", members=3)
    typed = {"body": body.pk, "agenda": "Công tác cán bộ", "preparing_unit": "Ban Tổ chức"}

    page: Any = make.client().get("/sessions/new/", typed, headers={"HX-Request": "true"})

    assert page.context["form"]["agenda"].value() == "Công tác cán bộ"
    assert page.context["form"]["preparing_unit"].value() == "Ban Tổ chức"
