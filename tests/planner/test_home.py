"""Home answers in five seconds; search finds without accents."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from planner.access import SYSTEM, Role
from planner.flow import home as flow_home
from planner.flow import search as flow_search
from tests.make import Make

TODAY = timezone.localdate


def test_home_tells_what_is_on_and_what_waits(make: Make) -> None:
    now = timezone.now()
    on_now = make.session(title="Đang họp", state="published", published_at=now)
    on_now.starts_at, on_now.ends_at = now - dt.timedelta(minutes=1), now + dt.timedelta(minutes=1)
    on_now.save()
    coming = make.session(
        title="Sắp tới", state="published", published_at=now, on=TODAY() + dt.timedelta(days=5)
    )
    make.invitation(make.delegate(coming, reply="asks_excuse"))
    for _ in range(2):
        make.invitation(make.delegate(coming))
    make.delegate(coming)

    home = flow_home.of(by=make.actor())

    assert [session.title for session in home.in_session] == ["Đang họp"]
    assert {todo.code: todo.count for todo in home.todos}["asks_excuse"] == 1
    assert {todo.code: todo.count for todo in home.todos}["silent"] == 2


def test_every_matter_leads_to_the_page_that_settles_it(make: Make) -> None:
    coming = make.session(
        title="Sắp tới", state="published", published_at=timezone.now(), on=TODAY() + dt.timedelta(days=1)
    )
    make.delegate(coming, reply="asks_excuse")
    client = make.client()

    answers = {code: client.get(f"/needs/{code}/") for code in flow_home.MATTERS}

    assert {code: answer.status_code for code, answer in answers.items()} == dict.fromkeys(
        flow_home.MATTERS, 200
    )
    assert f"/sessions/{coming.pk}/delegates/?reply=asks_excuse" in answers["asks_excuse"].content.decode()
    assert client.get("/needs/nothing/").status_code == 404


@pytest.mark.parametrize(("days", "is_tomorrow"), [(1, True), (3, False)])
def test_home_tells_what_comes_next_across_an_empty_weekend(make: Make, days: int, is_tomorrow: bool) -> None:
    make.session("14:00-16:00", title="Chiều", on=TODAY() + dt.timedelta(days=days))
    make.session("08:00-09:00", title="Sáng", on=TODAY() + dt.timedelta(days=days))
    make.session("08:00-09:00", title="Ngày sau nữa", on=TODAY() + dt.timedelta(days=days + 1))

    home = flow_home.of(by=make.actor())

    assert home.today == []
    assert [session.title for session in home.coming] == ["Sáng", "Chiều"]
    assert home.is_tomorrow is is_tomorrow


@pytest.mark.parametrize("rows", [1, 3])
def test_home_asks_the_same_number_of_queries(make: Make, django_assert_num_queries: Any, rows: int) -> None:
    for number in range(rows):
        session = make.session(
            "23:00-23:30", title=f"Họp {number}", on=TODAY(), state="published", published_at=timezone.now()
        )
        make.invitation(make.delegate(session))
        session.chairs.create(person=make.person())
    actor = make.actor()

    with django_assert_num_queries(12):
        flow_home.of(by=actor)


def test_search_finds_without_accents_and_only_what_one_may_see(make: Make) -> None:
    person = make.person("Nguyễn Thị Hường")
    session = make.session(title="Hội nghị quán triệt nghị quyết")
    secret = make.session(title="", secrecy="secret", code_name="Hội nghị mật")
    room = make.room("Hội trường Thống Nhất")

    found = [flow_search.everywhere(words, by=SYSTEM) for words in ("huong", "quan triet", "hoi truong")]
    by_viewer = flow_search.everywhere("hoi nghi", by=make.actor(Role.VIEWER))

    assert found[0].people == [person]
    assert found[1].sessions == [session]
    assert found[2].rooms == [room]
    assert secret not in by_viewer.sessions


def test_the_search_page_answers_htmx_with_the_fragment(make: Make) -> None:
    make.person("Trần Văn Hoà")

    page = make.client().get("/search/?q=hoa", headers={"HX-Request": "true"}).content.decode()

    assert page.strip().startswith('<div id="x-found"')
    assert "Trần Văn Hoà" in page
