"""The directory as staff see it: found at once, edited without losing a letter, closed to those who may not."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from planner.access import SYSTEM, Role
from planner.models import Appointment, Membership, Person, Post, StandingRule, Unit
from planner.services import appointments, bodies, people, units
from planner.services.appointments import NewPost
from tests.make import PASSWORD

PERSON = {"full_name": "Nguyễn Thị Hường", "sex": "F", "calendar_by": "mail", "seniority": "9999"}


def listed(make, name, **details):
    return people.create({"full_name": name, "email": "", **details}, by=SYSTEM)


def test_the_list_answers_a_search_without_tone_marks(make):
    for name in ("Nguyễn Thị Hường", "Trần Văn Nam"):
        listed(make, name)

    page = make.client(Role.VIEWER).get("/people/", {"q": "huong"})

    assert [person.full_name for person, _printed in page.context["rows"]] == ["Nguyễn Thị Hường"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_number_of_questions_for_one_and_for_three(
    make, count, django_assert_num_queries
):
    post = make.post("Giám đốc")
    for number in range(count):
        unit = make.unit(f"Sở số {number}")
        appointments.appoint(listed(make, f"Lê Văn {number}", unit=unit), to=NewPost(post, unit), by=SYSTEM)
    client = make.client(Role.VIEWER)
    client.get("/people/")

    with django_assert_num_queries(9):
        page = client.get("/people/")

    assert len(page.context["rows"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_a_body_page_asks_the_same_number_of_questions_for_one_member_and_for_three(
    make, count, django_assert_num_queries
):
    body, term = make.body(), make.term()
    for number in range(count):
        person = listed(make, f"Lê Văn {number}", unit=make.unit())
        appointments.appoint(person, to=NewPost(make.post("Giám đốc"), person.unit), by=SYSTEM)
        bodies.seat(body, person=person, role="member", term=term, by=SYSTEM)
        make.session("08:00-11:00", body=body)
    client = make.client(Role.PLANNER)
    client.get(f"/bodies/{body.pk}/")

    with django_assert_num_queries(15):
        page = client.get(f"/bodies/{body.pk}/")

    assert len(page.context["members"]) == count


def test_the_list_goes_by_precedence_or_by_vietnamese_name(make):
    for name, rank in (("Lê Ân", 30), ("Bùi An", 20), ("Vũ Đông", 10)):
        appointments.appoint(listed(make, name), to=NewPost(make.post(f"Chức {rank}", rank=rank)), by=SYSTEM)
    client = make.client(Role.VIEWER)

    def names(**query):
        return [person.full_name for person, _printed in client.get("/people/", query).context["rows"]]

    assert names() == ["Vũ Đông", "Bùi An", "Lê Ân"]
    assert names(order="name") == ["Bùi An", "Lê Ân", "Vũ Đông"]


def test_a_person_is_added_with_a_first_post_in_one_form(make):
    units.save(Unit(), values={"name": "Sở Tài chính", "kind": "department"}, by=SYSTEM)

    answer = make.client(Role.PLANNER).post(
        "/people/new/",
        PERSON | {"post": "Giám đốc", "unit": "sở tài chính", "phone": "0912.345.678", "born": "05/2/1971"},
    )

    person = Person.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/people/{person.pk}/")
    assert (person.phone, person.born_on, person.sex) == ("0912345678", dt.date(1971, 2, 5), "F")
    assert list(person.appointments.values_list("post__name", "unit__name")) == [("Giám đốc", "Sở Tài chính")]


def test_a_wrong_field_is_blamed_beside_it_and_everything_typed_stays(make):
    typed = PERSON | {"phone": "không nhớ rõ lắm", "unit": "Sở Không Có", "note": "Ghi chú dài"}

    page = make.client(Role.PLANNER).post("/people/new/", typed)

    form = page.context["form"]
    assert page.status_code == 422
    assert sorted(form.errors) == ["phone", "unit"]
    assert 'value="không nhớ rõ lắm"' in page.content.decode()
    assert "Ghi chú dài" in page.content.decode()
    assert not Person.objects.exists()


def test_the_second_to_save_sees_what_is_stored_and_may_then_save(make):
    person = listed(make, "Lê Văn Sơn", phone="0911111111")
    client = make.client(Role.PLANNER)
    form = PERSON | {"full_name": "Lê Văn Sơn", "phone": "0933333333", "version": "1"}
    people.change(person, details={"phone": "0922222222"}, by=SYSTEM)

    refused = client.post(f"/people/{person.pk}/edit/", form)
    again = refused.context["form"]

    assert refused.status_code == 422
    assert again.errors["phone"] == ["Hiện đang lưu: 0922222222"]
    assert (again["phone"].value(), again["version"].value()) == ("0933333333", "2")
    assert client.post(f"/people/{person.pk}/edit/", form | {"version": "2"}).status_code == 302
    assert Person.objects.get().phone == "0933333333"


def test_a_transfer_keeps_the_old_post_in_the_history(make):
    person = listed(make, "Lê Văn Sơn")
    old = appointments.appoint(person, to=NewPost(make.post("Phó Giám đốc")), by=SYSTEM)

    make.client(Role.PLANNER).post(
        f"/appointments/{old.pk}/transfer/", {"on": "1/7/2026", "post": "Giám đốc"}
    )

    day = dt.date(2026, 7, 1)
    rows = Appointment.objects.order_by("id").values_list("post__name", "starts_on", "ends_on")
    assert list(rows) == [("Phó Giám đốc", None, day), ("Giám đốc", day, None)]


def test_a_step_answers_htmx_with_its_form_and_then_with_where_to_go(make):
    person = listed(make, "Lê Văn Sơn")
    client = make.client(Role.PLANNER)
    address = f"/people/{person.pk}/posts/new/"
    htmx = {"HX-Request": "true"}

    shown = client.get(address, headers=htmx)
    done = client.post(address, {"post": "Giám đốc"}, headers=htmx)

    assert shown.content.decode().startswith("<form")
    assert (done.status_code, done.headers["HX-Redirect"]) == (204, f"/people/{person.pk}/")
    assert Post.objects.get().name == "Giám đốc"


def test_suggestions_come_by_any_spelling_and_name_the_very_person(make):
    person = listed(make, "Nguyễn Thị Hường")
    listed(make, "Trần Nam")

    answer = make.client(Role.PLANNER).get("/people/suggest/", {"assistant": "huong"}).content.decode()

    assert f'value="Nguyễn Thị Hường (#{person.pk})"' in answer
    assert "Trần Nam" not in answer


def test_the_history_of_a_person_shows_only_sessions_the_reader_may_see(make):
    person = listed(make, "Lê Văn Sơn")
    open_one = make.session("08:00-09:00", title="Hội nghị mở", state="published")
    secret = make.session("10:00-11:00", secrecy="secret", code_name="Mã kín", state="published")
    for session in (open_one, secret):
        make.delegate(session, person)

    def seen(role):
        history = make.client(role).get(f"/people/{person.pk}/").context["history"]
        return [line.delegate.session.staff_name for line in history.coming]

    assert seen(Role.VIEWER) == ["Hội nghị mở"]
    assert seen(Role.PLANNER) == ["Hội nghị mở", "Mã kín"]


def test_a_member_is_seated_and_leaves_by_the_pages(make):
    body, person = make.body(), listed(make, "Lê Văn Sơn")
    make.term()
    client, today = make.client(Role.PLANNER), timezone.localdate()

    client.post(f"/bodies/{body.pk}/members/add/", {"person": "Lê Văn Sơn", "role": "deputy"})
    seat = Membership.objects.get()
    client.post(f"/seats/{seat.pk}/end/", {"on": today.strftime("%d/%m/%Y")})

    seat.refresh_from_db()
    assert (seat.person, seat.role, seat.ends_on) == (person, "deputy", today)


@pytest.mark.parametrize(
    ("choice", "rrule", "words"),
    [
        ({"every": "week", "weekday": "MO"}, "FREQ=WEEKLY;BYDAY=MO", "Thứ Hai hằng tuần"),
        (
            {"every": "two_weeks", "weekday": "TH"},
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH",
            "Thứ Năm, hai tuần một lần",
        ),
        ({"every": "month_day", "month_day": "25"}, "FREQ=MONTHLY;BYMONTHDAY=25", "ngày 25 hằng tháng"),
        (
            {"every": "quarter", "weekday": "WE", "nth": "-1"},
            "FREQ=MONTHLY;INTERVAL=3;BYDAY=-1WE",
            "Thứ Tư cuối cùng, ba tháng một lần",
        ),
        (
            {"every": "rrule", "rrule": "FREQ=YEARLY;BYMONTH=2"},
            "FREQ=YEARLY;BYMONTH=2",
            "FREQ=YEARLY;BYMONTH=2",
        ),
    ],
)
def test_a_rhythm_is_chosen_in_words_and_read_in_words(make, choice, rrule, words):
    body = make.body()
    form = {
        "kind": "regular",
        "starts_time": "7h30",
        "minutes": "210",
        "on_day_off": "after",
        "starts_on": "1/1/2026",
    }
    client = make.client(Role.PLANNER)

    client.post(f"/bodies/{body.pk}/rhythm/new/", form | choice)

    rule = StandingRule.objects.get()
    assert (rule.rrule, rule.starts_time) == (rrule, dt.time(7, 30))
    shown = client.get(f"/bodies/{body.pk}/").context["rhythm"]
    assert shown == [(rule, words)]


def test_an_unreadable_rhythm_is_blamed_beside_its_field(make):
    body = make.body()
    form = {"every": "rrule", "rrule": "FREQ=NEVER", "kind": "regular", "starts_time": "8h", "minutes": "60"}

    page = make.client(Role.PLANNER).post(
        f"/bodies/{body.pk}/rhythm/new/", form | {"on_day_off": "after", "starts_on": "1/1/2026"}
    )

    assert list(page.context["form"].errors) == ["rrule"]
    assert not StandingRule.objects.exists()


CHANGES = (
    "/people/new/",
    "/units/new/",
    "/bodies/new/",
    "/office/",
    "/office/accounts/new/",
    "/office/kinds/",
)


@pytest.mark.parametrize("path", CHANGES)
def test_pages_that_change_things_are_closed_to_a_viewer(make, path):
    assert make.client(Role.VIEWER).get(path).status_code == 403


def test_a_stranger_is_sent_to_the_sign_in(make):
    assert Client().get("/people/").url == "/login/?next=/people/"


def test_whoever_signs_in_with_an_account_from_the_administrator_has_its_role(make):
    client = make.client(Role.ADMINISTRATOR)
    form = {"username": "thuky", "role": "planner", "password": PASSWORD, "full_name": "Lê Thị Thư"}

    client.post("/office/accounts/new/", form)

    new = Client()
    assert new.login(username="thuky", password=PASSWORD)
    assert new.get("/people/new/").status_code == 200
    assert new.get("/office/").status_code == 403
