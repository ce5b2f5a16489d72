"""The week, leaders' engagements, the search for a time, the directory and jobs through the API."""

import datetime as dt

import pytest

from planner.access import SYSTEM, Role
from planner.http import api as document
from planner.models import Job, WeekVersion
from planner.services import accounts
from tests.make import ApiClient

CANARY = "CANARYQ"


def name_of(make):
    year, week, _day = make.day.isocalendar()
    return f"{year}-W{week:02d}"


def lines(week):
    return [row["content"] for day in week["days"] for row in day["rows"]]


def token_of(user):
    _, text = accounts.create_token(user=user, name="t", scopes=["read", "plan"], by=SYSTEM)
    return ApiClient(text)


# The week


def test_a_week_stands_as_it_is_until_it_is_approved(make, db):
    api, head, week = make.api_client(), make.api_client(Role.HEAD_OF_OFFICE), name_of(make)
    make.session("08:00-10:00", title="Hội nghị một")

    drafted = api.get(f"week/{week}").json()
    submitted = api.post(f"week/{week}/submit").json()
    approved = head.post(f"week/{week}/approve", {"approved_by": "Thường trực"}).json()
    make.session("14:00-16:00", title="Hội nghị hai")
    read, live = api.get(f"week/{week}").json(), api.get(f"week/{week}", live=True).json()

    assert (drafted["state"], drafted["version"], drafted["is_live"]) == ("draft", 0, True)
    assert submitted["state"] == "submitted"
    assert (approved["state"], approved["version"], approved["approved_by"]) == ("approved", 1, "Thường trực")
    assert (lines(read), read["is_live"]) == (["Hội nghị một"], False)
    assert lines(live) == ["Hội nghị một", "Hội nghị hai"]


def test_an_approved_week_is_amended_by_a_new_version(make, db):
    head, week = make.api_client(Role.HEAD_OF_OFFICE), name_of(make)
    for number in (1, 2):
        make.session(f"0{number}:00-0{number}:30", title=f"Hội nghị {number}")
        head.post(f"week/{week}/submit")
        head.post(f"week/{week}/approve", {"approved_by": "Thường trực"})

    assert [len(version.rows) for version in WeekVersion.objects.order_by("number")] == [1, 2]
    assert head.get(f"week/{week}").json()["version"] == 2


def test_only_a_submitted_week_is_approved_and_only_by_the_head(make, db):
    api, head, week = make.api_client(), make.api_client(Role.HEAD_OF_OFFICE), name_of(make)

    early = head.post(f"week/{week}/approve", {"approved_by": "x"})
    api.post(f"week/{week}/submit")
    planner = api.post(f"week/{week}/approve", {"approved_by": "x"})
    viewer = make.api_client(Role.VIEWER).post(f"week/{week}/submit")

    assert (early.status_code, early.json()["code"]) == (409, "week_not_submitted")
    assert (planner.status_code, viewer.status_code) == (403, 403)
    assert WeekVersion.objects.count() == 0


def test_secret_sessions_stand_in_the_week_in_neutral_words_for_those_who_may_know(make, db):
    head, week = make.api_client(Role.HEAD_OF_OFFICE), name_of(make)
    make.session("08:00-10:00", secrecy="secret", code_name=CANARY)
    make.session("14:00-16:00", title="Mở")
    head.post(f"week/{week}/submit")
    head.post(f"week/{week}/approve", {"approved_by": "x"})

    known, viewed = head.get(f"week/{week}"), make.api_client(Role.VIEWER).get(f"week/{week}")

    assert lines(known.json()) == ["Họp nội bộ", "Mở"]
    assert lines(viewed.json()) == ["Mở"]
    assert CANARY not in known.content.decode()


def test_sessions_of_other_bodies_do_not_show_in_a_scoped_week(make, db):
    mine, other, week = make.body(), make.body(), name_of(make)
    make.session("08:00-10:00", title="Của ta", body=mine)
    make.session("14:00-16:00", title=CANARY, body=other)
    head = make.api_client(Role.HEAD_OF_OFFICE)
    head.post(f"week/{week}/submit")
    head.post(f"week/{week}/approve", {"approved_by": "x"})
    scoped = token_of(make.user(Role.VIEWER, body=mine))

    assert lines(scoped.get(f"week/{week}").json()) == ["Của ta"]
    assert lines(scoped.get(f"week/{week}", live=True).json()) == ["Của ta"]


@pytest.mark.parametrize("name", ["2026-W54", "2026-W00", "2026-48", "x", "1999-W01", "2026-W4٨"])
def test_a_week_that_does_not_exist_is_not_found(make, db, name):
    head = make.api_client(Role.HEAD_OF_OFFICE)

    assert head.get(f"week/{name}").status_code == 404
    assert head.post(f"week/{name}/submit").status_code == 404


# Engagements


def test_an_engagement_without_an_hour_takes_the_half_day(make, db):
    api, leader = make.api_client(), make.person()
    on = make.day.isoformat()

    made = api.post(
        "engagements",
        {"on": on, "content": "Đi cơ sở", "leader_ids": [str(leader.pk)], "half_day": "afternoon"},
    )
    timed = api.post("engagements", {"on": on, "content": "Tiếp đoàn", "starts": "09:00"})

    told = made.json()
    assert (made.status_code, told["has_hour"], told["half_day"]) == (201, False, "afternoon")
    assert told["starts_at"] == make.at("13:30").isoformat()
    assert told["leader_ids"] == [str(leader.pk)]
    assert (timed.json()["starts_at"], timed.json()["ends_at"]) == (
        make.at("09:00").isoformat(),
        make.at("11:00").isoformat(),
    )


def test_engagements_are_found_by_leader_and_time(make, db):
    api, leader = make.api_client(), make.person()
    first = make.engagement("08:00-09:00", leaders=[leader])
    second = make.engagement("14:00-15:00")

    def ids(**query):
        return [row["id"] for row in api.get("engagements", **query).json()["items"]]

    assert ids() == [str(first.pk), str(second.pk)]
    assert ids(leader_id=str(leader.pk)) == [str(first.pk)]
    assert ids(**{"from": make.at("12:00").isoformat()}) == [str(second.pk)]


def test_an_engagement_is_replaced_and_removed(make, db):
    api, row = make.api_client(), make.engagement("08:00-09:00")
    wanted = {"on": make.day.isoformat(), "content": "Dự hội nghị", "starts": "10:00", "version": row.version}

    changed = api.patch(f"engagements/{row.pk}", wanted)
    stale = api.patch(f"engagements/{row.pk}", wanted)

    assert (changed.json()["content"], changed.json()["version"]) == ("Dự hội nghị", row.version + 1)
    assert (stale.status_code, stale.json()["code"]) == (409, "changed_meanwhile")
    assert api.delete(f"engagements/{row.pk}").status_code == 204
    assert api.get(f"engagements/{row.pk}").status_code == 404


def test_a_viewer_writes_no_engagement(make, db):
    refused = make.api_client(Role.VIEWER).post("engagements", {"on": make.day.isoformat(), "content": "x"})

    assert refused.status_code == 403


# Slots


def ask(make, api, body, **more):
    window = {
        "from": make.at("00:00").isoformat(),
        "until": make.at("23:59", make.day + dt.timedelta(days=4)).isoformat(),
    }
    return api.post("slots", {"body_id": str(body.pk), "minutes": 120} | window | more)


def test_slots_are_ranked_with_reasons(make, db):
    body, api = make.body(members=3), make.api_client()
    make.room("P1", seats=30)

    answer = ask(make, api, body)

    told = answer.json()
    assert (answer.status_code, told["count"]) == (200, 5)
    best = told["items"][0]
    assert (best["present"], best["required"], best["room"], best["is_clear"]) == (3, 3, "P1", True)
    assert best["reasons"] == ["đủ 3/3 đại biểu bắt buộc", "P1, 30 chỗ"]
    length = dt.datetime.fromisoformat(best["ends_at"]) - dt.datetime.fromisoformat(best["starts_at"])
    assert length == dt.timedelta(minutes=120)


def test_a_busy_member_is_named(make, db):
    busy = make.person("Nguyễn Văn An")
    body, api = make.body(members=[busy]), make.api_client()
    for day in range(5):
        on = make.day + dt.timedelta(days=day)
        make.engagement("00:00-23:59", on=on, leaders=[busy])

    told = ask(make, api, body).json()

    assert {tuple(slot["absent"]) for slot in told["items"]} == {("Nguyễn Văn An",)}


@pytest.mark.parametrize(
    "wrong", [{"minutes": 0}, {"until": "2026-01-01T00:00:00+07:00"}, {"until": "2030-01-01T00:00:00+07:00"}]
)
def test_a_window_runs_forward_and_not_for_ever(make, db, wrong):
    assert ask(make, make.api_client(), make.body(), **wrong).status_code == 422


def test_slots_of_an_unknown_body_are_not_found(make, db):
    answer = make.api_client().post(
        "slots",
        {
            "body_id": "999",
            "minutes": 60,
            "from": make.at("08:00").isoformat(),
            "until": make.at("18:00").isoformat(),
        },
    )

    assert (answer.status_code, list(answer.json()["errors"])) == (404, ["body_id"])


# The directory


def test_bodies_tell_kind_term_and_members_by_precedence(make, db):
    body = make.body(members=3, kind="BCH", name="Ban Chấp hành")
    api = make.api_client()

    [told] = api.get("bodies", kind="BCH").json()["items"]
    members = api.get(f"bodies/{body.pk}/members").json()["items"]

    assert (told["name"], told["kind"], told["term"]["name"]) == ("Ban Chấp hành", "BCH", "2025–2030")
    assert [(row["role"], row["position"]) for row in members] == [
        ("secretary", 1),
        ("standing_deputy", 2),
        ("deputy", 3),
    ]


def test_members_are_those_of_the_day(make, db):
    body, api = make.body(), make.api_client()
    make.membership(body, make.person(), starts_on=make.day)

    assert api.get(f"bodies/{body.pk}/members", on="2026-11-01").json()["count"] == 0
    assert api.get(f"bodies/{body.pk}/members", on=make.day.isoformat()).json()["count"] == 1


def test_a_person_is_entered_with_posts_and_found_without_tone_marks(make, db):
    api, unit = make.api_client(), make.unit("Đảng ủy xã Tà Đùng")
    posts = [
        {"post": "Bí thư", "unit_id": str(unit.pk)},
        {"post": "Ủy viên Ban Thường vụ", "ends_on": "2025-01-01"},
    ]

    made = api.post(
        "people",
        {"full_name": "Nguyễn Thị Hường", "phone": "0912345678", "unit_id": str(unit.pk), "posts": posts},
    )

    told = made.json()
    assert made.status_code == 201
    assert [(post["post"], post["unit"], post["is_current"]) for post in told["posts"]] == [
        ("Bí thư", "Đảng ủy xã Tà Đùng", True),
        ("Ủy viên Ban Thường vụ", "", False),
    ]
    for words in ("huong", "nguyen thi", "hường", "0912345678", "ta dung"):
        assert [row["id"] for row in api.get("people", q=words).json()["items"]] == [told["id"]]


def test_a_person_is_entered_whole_or_not_at_all(make, db):
    api = make.api_client()

    refused = api.post("people", {"full_name": "Nguyễn Văn An", "posts": [{"unit_id": None}]})

    assert (refused.status_code, refused.json()["code"]) == (422, "post_needed")
    assert api.get("people").json()["count"] == 0


def test_a_persons_old_version_is_refused(make, db):
    api, person = make.api_client(), make.person()
    told = api.get(f"people/{person.pk}").json()

    changed = api.patch(f"people/{person.pk}", {"phone": "0987654321", "version": told["version"]})
    stale = api.patch(f"people/{person.pk}", {"phone": "0", "version": told["version"]})

    assert (changed.json()["phone"], changed.json()["email"]) == ("0987654321", told["email"])
    assert (stale.status_code, stale.json()["code"]) == (409, "changed_meanwhile")


def test_a_post_of_somebody_else_is_not_put_right(make, db):
    api, person, other = make.api_client(), make.person(), make.person()
    row = make.appointment(other, make.post("Bí thư"))

    refused = api.patch(f"people/{person.pk}", {"posts": [{"id": str(row.pk), "title": "x"}]})

    assert (refused.status_code, list(refused.json()["errors"])) == (404, ["posts.0.id"])


def test_a_date_of_birth_is_told_to_those_who_keep_the_directory(make, db):
    person = make.person(born_on=dt.date(1970, 5, 1))

    keeper = make.api_client().get(f"people/{person.pk}").json()
    viewer = make.api_client(Role.VIEWER).get(f"people/{person.pk}").json()

    assert (keeper["born_on"], viewer["born_on"]) == ("1970-05-01", None)


@pytest.mark.parametrize("count", [1, 3])
def test_people_take_the_same_queries_however_many(make, db, django_assert_num_queries, monkeypatch, count):
    monkeypatch.setattr(document.throttle, "lot", 10**9)  # no counter is written in between
    api = make.api_client()
    for _ in range(count):
        make.appointment(make.person(unit=make.unit()), unit=make.unit())
    api.get("people")

    with django_assert_num_queries(7):
        assert api.get("people").json()["count"] == count


def test_units_are_those_that_stand(make, db):
    make.unit("Huyện cũ", kind="district", ends_on=dt.date(2025, 7, 1))
    make.unit("Xã A", kind="commune", code="24637")
    api = make.api_client()

    assert [row["name"] for row in api.get("units").json()["items"]] == ["Xã A"]
    assert api.get("units", abolished=True).json()["count"] == 2
    assert [row["code"] for row in api.get("units", q="xa a").json()["items"]] == ["24637"]


def test_kinds_tell_what_they_bring_along(make, db):
    body = make.body()
    make.profile("regular", minutes=200)
    make.profile("regular", body=body, minutes=150, notice_days=7)
    api = make.api_client()

    general = {row["kind"]: row["minutes"] for row in api.get("kinds").json()["items"]}
    own = {row["kind"]: row["notice_days"] for row in api.get("kinds", body_id=str(body.pk)).json()["items"]}

    assert (len(general), general["regular"], own["regular"]) == (15, 200, 7)


def test_me_tells_who_and_what_one_may(make, db):
    body = make.body()
    user = make.user(Role.PLANNER, body=body, username="an", full_name="Nguyễn Văn An")

    told = token_of(user).get("me").json()

    assert (told["kind"], told["label"], told["can"]) == ("token", "Nguyễn Văn An (t)", [])
    assert told["account"]["grants"] == [{"role": "planner", "body_id": str(body.pk), "session_id": None}]
    assert "plan" in told["can_for_bodies"][str(body.pk)]


# Jobs


def test_a_job_is_seen_by_whoever_asked_for_it(make, db):
    api = make.api_client(Role.VIEWER)
    mine = Job.objects.create(
        kind="x", user_id=int(api.get("me").json()["account"]["id"]), created_at=make.at("08:00")
    )
    other = Job.objects.create(kind="x", user=make.user(), created_at=make.at("08:00"))

    told = api.get(f"jobs/{mine.pk}").json()

    assert (told["state"], told["done"], told["total"], told["error"]) == ("queued", 0, 0, "")
    assert api.get(f"jobs/{other.pk}").status_code == 404
    assert make.api_client(Role.ADMINISTRATOR).get(f"jobs/{other.pk}").status_code == 200
