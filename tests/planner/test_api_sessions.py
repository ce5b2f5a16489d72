"""Sessions through the API: what the contract's words mean."""

import datetime as dt

import pytest
import time_machine

from attendees.models import Delegate
from planner.access import SYSTEM, Role
from planner.http import api as document
from planner.models import AuditEntry, Message, Override, Session, SessionKind
from planner.services import accounts
from rooms.models import Booking
from tests.make import ApiClient

CANARY = "CANARYQ"


def token_of(user):
    _, text = accounts.create_token(user=user, name="t", scopes=["read", "plan"], by=SYSTEM)
    return ApiClient(text)


def plan(make, api, hours="08:00-10:00", **more):
    starts, ends = hours.split("-")
    body = {"title": "Họp", "starts_at": make.at(starts).isoformat(), "ends_at": make.at(ends).isoformat()}
    return api.post("sessions", body | more)


def published(make, api, hours="08:00-10:00", **more):
    made = plan(make, api, hours, **more).json()
    return api.post(f"sessions/{made['id']}/publish", {"override_reason": "Đã báo cáo"}).json()


# Planning


@pytest.mark.parametrize("kind", SessionKind.values)
def test_every_kind_can_be_planned(make, db, kind):
    made = plan(make, make.api_client(), kind=kind)

    assert (made.status_code, made.json()["kind"], made.json()["state"]) == (201, kind, "draft")
    assert made.json()["ordinal"] is None


def test_the_list_is_filled_with_the_bodys_members(make, db):
    body, outsider = make.body(members=3), make.person()
    api = make.api_client()

    made = plan(make, api, body_id=str(body.pk)).json()

    listed = api.get(f"sessions/{made['id']}/delegates").json()
    members = [seat.person_id for seat in body.memberships.order_by("position")]
    assert [row["person_id"] for row in listed["items"]] == [str(pk) for pk in members]
    assert {row["category"] for row in listed["items"]} == {"summoned"}
    assert str(outsider.pk) not in {row["person_id"] for row in listed["items"]}


def test_the_kinds_template_wins_over_the_body(make, db):
    body, secretary = make.body(members=2), make.person()
    post = make.post("Bí thư Đảng ủy xã")
    make.appointment(secretary, post, unit=make.unit("Xã A", kind="commune"))
    make.profile("expanded", rule={"any": [{"body": str(body.pk)}, {"post": str(post.pk)}]})
    api = make.api_client()

    made = plan(make, api, body_id=str(body.pk), kind="expanded").json()

    listed = api.get(f"sessions/{made['id']}/delegates").json()["items"]
    assert len(listed) == 3
    assert [
        (row["person_id"], row["category"]) for row in listed if row["person_id"] == str(secretary.pk)
    ] == [(str(secretary.pk), "invited")]


def test_without_a_body_the_list_starts_empty(make, db):
    made = plan(make, make.api_client()).json()

    assert Delegate.objects.filter(session=made["id"]).count() == 0


def test_a_room_named_is_held_as_the_main_room(make, db):
    room = make.room()
    make.layout(room, kind="u_shape", seats=20, position=2)

    made = plan(make, make.api_client(), room_id=str(room.pk)).json()

    booking = Booking.objects.get()
    assert (booking.session_id, booking.role, booking.layout.kind) == (int(made["id"]), "main", "classroom")
    assert (made["room_id"], made["layout"]) == (str(room.pk), "classroom")


def test_a_taken_room_saves_nothing_and_says_who_and_when(make, db):
    room, body, api = make.room("P1"), make.body(members=2), make.api_client()
    plan(make, api, title="Giao ban", room_id=str(room.pk))
    before = AuditEntry.objects.count()

    refused = plan(make, api, "09:00-11:00", body_id=str(body.pk), room_id=str(room.pk))

    problem = refused.json()
    assert (refused.status_code, problem["code"], problem["taken_by"]) == (409, "room_taken", "Giao ban")
    assert problem["taken_from"] == make.at("07:45").isoformat()
    assert problem["taken_until"] == make.at("10:15").isoformat()
    assert (Session.objects.count(), Delegate.objects.count(), AuditEntry.objects.count()) == (1, 0, before)


def test_a_draft_is_never_refused_for_a_clash_but_told(make, db):
    member, api = make.person("Nguyễn Văn An"), make.api_client()
    body = make.body(members=[member])
    published(make, api, body_id=str(body.pk))

    made = plan(make, api, "09:00-11:00", body_id=str(body.pk))

    assert made.status_code == 201
    clash = next(clash for clash in made.json()["clashes"] if clash["people"])
    assert clash["people"] == ["Nguyễn Văn An"]
    assert clash["level"] == "blocked"  # the same person chairs both


def test_drafts_take_nobodys_time(make, db):
    body, api = make.body(members=2), make.api_client()
    plan(make, api, body_id=str(body.pk))

    made = plan(make, api, body_id=str(body.pk)).json()

    assert [clash for clash in made["clashes"] if clash["people"]] == []


def test_drafts_occupy_the_rooms_they_hold(make, db):
    room, api = make.room(), make.api_client()
    plan(make, api, room_id=str(room.pk))

    assert plan(make, api, room_id=str(room.pk)).json()["code"] == "room_taken"


def test_an_empty_list_of_chairs_means_none(make, db):
    body, guest, api = make.body(members=2), make.person(), make.api_client()
    secretary = body.memberships.get(role="secretary").person

    usual = plan(make, api, body_id=str(body.pk)).json()
    none = plan(make, api, body_id=str(body.pk), chair_ids=[]).json()
    two = plan(make, api, body_id=str(body.pk), chair_ids=[str(guest.pk), str(secretary.pk)]).json()

    assert usual["chair_ids"] == [str(secretary.pk)]
    assert none["chair_ids"] == []
    assert two["chair_ids"] == [str(guest.pk), str(secretary.pk)]


def test_the_agenda_is_kept_in_order(make, db):
    agenda = [
        {"title": "Khai mạc", "minutes": 10},
        {"title": "Báo cáo", "minutes": 45, "presenter": "Sở Tài chính"},
    ]

    made = plan(make, make.api_client(), agenda=agenda).json()

    assert [
        (item["number"], item["title"], item["minutes"], item["presenter"]) for item in made["agenda"]
    ] == [
        (1, "Khai mạc", 10, ""),
        (2, "Báo cáo", 45, "Sở Tài chính"),
    ]


@pytest.mark.parametrize("field", ["body_id", "room_id", "chain_id", "recorder_id", "preparing_unit_id"])
def test_what_a_body_names_and_does_not_exist_is_named_back(make, db, field):
    refused = plan(make, make.api_client(), **{field: "999"})

    assert (refused.status_code, list(refused.json()["errors"])) == (404, [field])


def test_a_session_ends_after_it_begins(make, db):
    refused = plan(make, make.api_client(), "10:00-08:00")

    assert (refused.status_code, refused.json()["code"]) == (422, "ends_before_it_starts")


def test_a_session_without_a_body_needs_a_title(make, db):
    refused = plan(make, make.api_client(), title="")

    assert (refused.status_code, refused.json()["code"]) == (422, "title_needed")


# Ordinals


def test_an_ordinal_is_unique_per_body_and_term_once_it_is_final(make, db):
    body, api = make.body(members=1), make.api_client()
    first = published(make, api, body_id=str(body.pk), ordinal=9, chair_ids=[])
    second = published(make, api, "14:00-16:00", body_id=str(body.pk), ordinal=9, chair_ids=[])
    assert (first["ordinal"], second["ordinal"]) == (9, 9)

    with time_machine.travel(make.at("18:00"), tick=False):
        closed = api.post(f"sessions/{first['id']}/close").json()
        refused = api.post(f"sessions/{second['id']}/close")
        other = api.post(f"sessions/{second['id']}/close", {"ordinal": 10}).json()

    assert (closed["state"], closed["ordinal"], closed["ordinal_is_final"]) == ("held", 9, True)
    assert (refused.status_code, refused.json()["code"]) == (409, "ordinal_taken")
    assert (other["state"], other["ordinal"]) == ("held", 10)


def test_a_session_closes_only_after_it_began(make, db):
    api = make.api_client()

    refused = api.post(f"sessions/{published(make, api)['id']}/close")

    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")


# Reading


def test_lists_filter_by_time_body_kind_and_state(make, db):
    body, api = make.body(members=1), make.api_client()
    early = plan(make, api, "08:00-09:00", body_id=str(body.pk)).json()["id"]
    late = published(make, api, "14:00-15:00", kind="briefing")["id"]

    def ids(**query):
        return [item["id"] for item in api.get("sessions", **query).json()["items"]]

    assert ids() == [early, late]
    assert ids(**{"from": make.at("09:00").isoformat()}) == [late]
    assert ids(until=make.at("14:00").isoformat()) == [early]
    assert ids(body_id=str(body.pk)) == [early]
    assert ids(kind="briefing") == [late]
    assert ids(state="draft") == [early]
    assert ids(state="cancelled") == []


def test_search_ignores_tone_marks(make, db):
    api = make.api_client()
    plan(make, api, title="Hội nghị kiểm điểm")
    plan(make, api, title="Hội nghị giao ban")

    assert [item["title"] for item in api.get("sessions", q="kiem diem").json()["items"]] == [
        "Hội nghị kiểm điểm"
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_takes_the_same_queries_however_long(make, db, django_assert_num_queries, monkeypatch, count):
    monkeypatch.setattr(document.throttle, "lot", 10**9)  # no counter is written in between
    body, api = make.body(members=2), make.api_client()
    for _ in range(count):
        room = make.room()
        plan(make, api, body_id=str(body.pk), room_id=str(room.pk), agenda=[{"title": "A"}])
    api.get("sessions")

    with django_assert_num_queries(8):
        assert api.get("sessions").json()["count"] == count


def test_what_one_may_not_see_is_not_there(make, db):
    mine, other = make.body(members=1), make.body(members=1)
    api = make.api_client()
    plan(make, api, body_id=str(mine.pk), title="Của ta")
    theirs = plan(make, api, body_id=str(other.pk), title=CANARY).json()["id"]
    scoped = token_of(make.user(Role.PLANNER, body=mine))

    assert [item["title"] for item in scoped.get("sessions").json()["items"]] == ["Của ta"]
    for path in ("", "/clashes", "/delegates", "/invitations", "/call"):
        assert scoped.get(f"sessions/{theirs}{path}").status_code == 404
    for step in ("publish", "move", "cancel", "close", "invitations", "delegates", "call"):
        refused = scoped.post(
            f"sessions/{theirs}/{step}", {"starts_at": make.at("09:00").isoformat(), "connection_id": "1"}
        )
        assert (step, refused.status_code) == (step, 404)
    assert scoped.patch(f"sessions/{theirs}", {"title": "x"}).status_code == 404


# Changing


def test_what_a_patch_does_not_name_stays(make, db):
    api = make.api_client()
    made = plan(make, api, agenda=[{"title": "A"}], description="Mô tả").json()

    changed = api.patch(f"sessions/{made['id']}", {"title": "Họp khác", "version": made["version"]}).json()

    assert changed["title"] == "Họp khác"
    same = ("agenda", "description", "starts_at", "ends_at", "kind", "chair_ids")
    assert {name: changed[name] for name in same} == {name: made[name] for name in same}
    assert changed["version"] == made["version"] + 1


def test_an_old_version_is_refused(make, db):
    api = make.api_client()
    made = plan(make, api).json()
    api.patch(f"sessions/{made['id']}", {"title": "Một"})

    refused = api.patch(f"sessions/{made['id']}", {"title": "Hai", "version": made["version"]})

    assert (refused.status_code, refused.json()["code"]) == (409, "changed_meanwhile")
    assert api.get(f"sessions/{made['id']}").json()["title"] == "Một"


def test_a_drafts_room_follows_its_times_and_may_change_with_them(make, db):
    api, first, second = make.api_client(), make.room("P1"), make.room("P2")
    made = plan(make, api, room_id=str(first.pk)).json()
    plan(make, api, "14:00-16:00", room_id=str(first.pk))
    later = {"starts_at": make.at("14:00").isoformat(), "ends_at": make.at("16:00").isoformat()}

    assert api.patch(f"sessions/{made['id']}", later).json()["code"] == "room_taken"
    moved = api.patch(f"sessions/{made['id']}", later | {"room_id": str(second.pk)}).json()
    without = api.patch(f"sessions/{made['id']}", {"room_id": None}).json()

    assert (moved["room_id"], moved["starts_at"]) == (str(second.pk), later["starts_at"])
    assert without["room_id"] is None


@pytest.mark.parametrize("field", ["starts_at", "ends_at", "room_id"])
def test_times_and_room_of_a_published_session_change_by_moving(make, db, field):
    api, room = make.api_client(), make.room()
    made = published(make, api)
    value = {
        "starts_at": make.at("08:30").isoformat(),
        "ends_at": make.at("11:00").isoformat(),
        "room_id": str(room.pk),
    }

    refused = api.patch(f"sessions/{made['id']}", {field: value[field]})

    assert (refused.status_code, refused.json()["code"]) == (409, "use_move")
    assert Booking.objects.count() == 0


def test_a_cancelled_session_changes_no_more(make, db):
    api = make.api_client()
    made = plan(make, api).json()
    api.post(f"sessions/{made['id']}/cancel", {"reason": "Hoãn"})

    refused = api.patch(f"sessions/{made['id']}", {"title": "x"})

    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")


# Publishing and moving


def test_publish_freezes_the_list_and_sends_nothing(make, db):
    body, api = make.body(members=2), make.api_client()
    made = published(make, api, body_id=str(body.pk), chair_ids=[])

    make.membership(body, make.person(), position=3)

    listed = api.get(f"sessions/{made['id']}/delegates").json()
    assert (made["state"], listed["count"]) == ("published", 2)
    assert [row["number"] for row in listed["items"]] == [1, 2]
    assert (made["effects"]["invitations"], Message.objects.count()) == (0, 0)


def test_publish_refuses_what_is_blocked_and_names_it(make, db):
    body, api = make.body(members=1), make.api_client()
    published(make, api, body_id=str(body.pk))
    made = plan(make, api, "09:00-11:00", body_id=str(body.pk)).json()

    refused = api.post(f"sessions/{made['id']}/publish", {"override_reason": "Cứ họp"})

    assert (refused.status_code, refused.json()["code"]) == (409, "blocked")
    assert [clash["code"] for clash in refused.json()["clashes"]] == ["chair_twice"]
    assert api.get(f"sessions/{made['id']}").json()["state"] == "draft"


def test_publish_needs_a_reason_for_what_needs_one_and_keeps_it(make, db):
    member, api = make.person(), make.api_client()
    first, second = make.body(members=[member]), make.body(members=[member])
    published(make, api, body_id=str(first.pk), chair_ids=[])
    made = plan(make, api, "09:00-11:00", body_id=str(second.pk), chair_ids=[]).json()

    refused = api.post(f"sessions/{made['id']}/publish")
    accepted = api.post(f"sessions/{made['id']}/publish", {"override_reason": "Đồng chí dự hai nơi"})

    assert (refused.status_code, refused.json()["code"]) == (422, "reason_needed")
    assert [clash["code"] for clash in refused.json()["clashes"]] == ["required_busy"]
    assert accepted.json()["state"] == "published"
    assert Override.objects.get().reason == "Đồng chí dự hai nơi"


def test_a_repeat_of_publish_is_harmless(make, db):
    api = make.api_client()
    made = published(make, api)

    again = api.post(f"sessions/{made['id']}/publish")

    assert (again.status_code, again.json()["version"]) == (200, made["version"])


def test_move_takes_room_and_length_along(make, db):
    api, room = make.api_client(), make.room("P1")
    made = published(make, api, room_id=str(room.pk))

    moved = api.post(f"sessions/{made['id']}/move", {"starts_at": make.at("14:00").isoformat()}).json()

    assert (moved["starts_at"], moved["ends_at"]) == (
        make.at("14:00").isoformat(),
        make.at("16:00").isoformat(),
    )
    assert moved["bookings"][0]["starts_at"] == make.at("13:45").isoformat()
    assert moved["effects"]["booking"] == {"freed": [], "held": ["P1"]}


def test_move_to_another_room_frees_the_old_one(make, db):
    api, first, second = make.api_client(), make.room("P1"), make.room("P2")
    made = published(make, api, room_id=str(first.pk))
    wanted = {
        "starts_at": make.at("14:00").isoformat(),
        "ends_at": make.at("15:00").isoformat(),
        "room_id": str(second.pk),
    }

    moved = api.post(f"sessions/{made['id']}/move", wanted).json()

    assert moved["effects"]["booking"] == {"freed": ["P1"], "held": ["P2"]}
    assert list(Booking.objects.live().values_list("room__name", flat=True)) == ["P2"]


def test_a_move_refused_changes_nothing_at_all(make, db):
    api, first, second = make.api_client(), make.room("P1"), make.room("P2")
    made = published(make, api, room_id=str(first.pk))
    plan(make, api, "14:00-16:00", room_id=str(second.pk))

    refused = api.post(
        f"sessions/{made['id']}/move", {"starts_at": make.at("14:00").isoformat(), "room_id": str(second.pk)}
    )

    assert (refused.status_code, refused.json()["code"]) == (409, "room_taken")
    after = api.get(f"sessions/{made['id']}").json()
    same = ("starts_at", "room_id", "version", "bookings")
    assert {name: after[name] for name in same} == {name: made[name] for name in same}


def test_move_of_a_published_session_refuses_clashes_as_publish_does(make, db):
    body, member, api = make.body(members=1), make.person(), make.api_client()
    first, second = make.body(members=[member]), make.body(members=[member])
    published(make, api, "14:00-16:00", body_id=str(body.pk))
    blocked = published(make, api, body_id=str(body.pk))
    published(make, api, "14:00-16:00", body_id=str(first.pk), chair_ids=[])
    reasoned = published(make, api, body_id=str(second.pk), chair_ids=[])
    later = {"starts_at": make.at("14:00").isoformat()}

    assert (
        api.post(f"sessions/{blocked['id']}/move", later | {"override_reason": "x"}).json()["code"]
        == "blocked"
    )
    assert api.post(f"sessions/{reasoned['id']}/move", later).json()["code"] == "reason_needed"
    assert api.post(f"sessions/{reasoned['id']}/move", later | {"override_reason": "x"}).status_code == 200


def test_cancel_frees_the_room_and_keeps_the_reason(make, db):
    api, room = make.api_client(), make.room("P1")
    made = published(make, api, room_id=str(room.pk))

    gone = api.post(f"sessions/{made['id']}/cancel", {"reason": "Trùng kỳ họp"}).json()

    assert (gone["state"], gone["cancel_reason"], gone["room_id"]) == ("cancelled", "Trùng kỳ họp", None)
    assert gone["effects"]["booking"] == {"freed": ["P1"], "held": []}
    assert plan(make, api, room_id=str(room.pk)).status_code == 201


# Secret sessions


def secret(make, api, **more):
    return plan(make, api, title="", secrecy="secret", code_name="Sao Mai", **more)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", CANARY),
        ("description", CANARY),
        ("agenda", [{"title": CANARY}]),
        ("place_text", CANARY),
        ("escort", CANARY),
        ("car", CANARY),
        ("override_reason", CANARY),
    ],
)
def test_words_of_a_secret_session_are_refused_and_never_echoed(make, db, field, value):
    api = make.api_client()

    refused = plan(make, api, **{"title": "", "secrecy": "secret", "code_name": "Sao Mai", field: value})

    assert (refused.status_code, refused.json()["code"]) == (422, "secret_content_refused")
    assert list(refused.json()["errors"]) == [field]
    assert CANARY not in refused.content.decode()
    assert Session.objects.count() == 0
    assert CANARY not in str(list(AuditEntry.objects.values()))


def test_a_secret_session_is_a_shell_with_a_code_name(make, db):
    body, api = make.body(members=2), make.api_client()

    made = secret(make, api, body_id=str(body.pk))

    assert made.status_code == 201
    told = made.json()
    assert (told["name"], told["code_name"], told["title"], told["agenda"]) == ("Sao Mai", "Sao Mai", "", [])
    assert plan(make, api, title="", secrecy="secret").json()["code"] == "code_name_needed"


def test_steps_of_a_secret_session_take_reason_codes_not_words(make, db):
    body, api = make.body(members=1), make.api_client()
    made = secret(make, api, body_id=str(body.pk), chair_ids=[]).json()

    for step, body_ in (
        ("publish", {"override_reason": CANARY}),
        ("move", {"starts_at": make.at("14:00").isoformat(), "override_reason": CANARY}),
        ("cancel", {"reason": CANARY}),
    ):
        refused = api.post(f"sessions/{made['id']}/{step}", body_)
        assert (step, refused.json()["code"]) == (step, "secret_content_refused")
        assert CANARY not in refused.content.decode()

    assert api.post(f"sessions/{made['id']}/publish", {"reason_code": "urgent"}).status_code == 200
    gone = api.post(f"sessions/{made['id']}/cancel", {"reason_code": "postponed"}).json()
    assert (gone["state"], gone["cancel_reason_code"]) == ("cancelled", "postponed")


def test_a_secret_item_keeps_its_number_and_minutes_only(make, db):
    api = make.api_client()
    refused = plan(make, api, agenda=[{"title": "Mở"}, {"title": CANARY, "secrecy": "secret"}])
    made = plan(make, api, agenda=[{"title": "Mở"}, {"minutes": 40, "secrecy": "secret"}]).json()

    assert (refused.status_code, refused.json()["code"]) == (422, "secret_content_refused")
    assert CANARY not in refused.content.decode()
    item = made["agenda"][1]
    assert (item["number"], item["minutes"], item["title"], item["hands_out_papers"]) == (2, 40, "", True)


def test_secret_sessions_are_seen_by_those_who_may_know(make, db):
    made = secret(make, make.api_client()).json()
    viewer = make.api_client(Role.VIEWER)

    assert viewer.get("sessions").json() == {"items": [], "count": 0}
    assert viewer.get(f"sessions/{made['id']}").status_code == 404
    assert viewer.get("sessions", q="Sao Mai").json()["count"] == 0


def test_a_session_turned_secret_must_be_emptied_first(make, db):
    api = make.api_client()
    made = plan(make, api, title="Họp", description="Mô tả").json()

    refused = api.patch(f"sessions/{made['id']}", {"secrecy": "secret", "code_name": "Sao Mai"})
    turned = api.patch(
        f"sessions/{made['id']}",
        {"secrecy": "secret", "code_name": "Sao Mai", "title": "", "description": ""},
    )

    assert sorted(refused.json()["errors"]) == ["description", "title"]
    assert (turned.status_code, turned.json()["name"]) == (200, "Sao Mai")


# Rights


@pytest.mark.parametrize("role", [Role.VIEWER, Role.RECEPTION])
def test_whoever_only_reads_plans_nothing(make, db, role):
    made = plan(make, make.api_client()).json()
    api = make.api_client(role)

    asked = [
        plan(make, api),
        api.patch(f"sessions/{made['id']}", {"title": "x"}),
        api.post(f"sessions/{made['id']}/publish"),
        api.post(f"sessions/{made['id']}/move", {"starts_at": make.at("09:00").isoformat()}),
        api.post(f"sessions/{made['id']}/cancel"),
        api.post(f"sessions/{made['id']}/close"),
    ]

    assert [refused.status_code for refused in asked] == [403] * 6
    assert api.get(f"sessions/{made['id']}").status_code == 200


def test_a_move_keeps_the_day_of_answers_at_its_distance(make, db):
    api = make.api_client()
    made = plan(make, api).json()
    distance = dt.datetime.fromisoformat(made["starts_at"]) - dt.datetime.fromisoformat(made["reply_by"])

    moved = api.post(f"sessions/{made['id']}/move", {"starts_at": make.at("14:00").isoformat()}).json()

    assert (
        dt.datetime.fromisoformat(moved["starts_at"]) - dt.datetime.fromisoformat(moved["reply_by"])
        == distance
    )
