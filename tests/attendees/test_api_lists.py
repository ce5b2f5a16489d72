"""Lists, invitations and answers through the API."""

import datetime as dt

import pytest

from attendees.models import Delegate, Reply
from planner.access import Role
from planner.http import api as document
from planner.models import Job, Message

CANARY = "CANARYQ"


@pytest.fixture
def api(make, db):
    return make.api_client()


def planned(make, api, members=3, **more):
    """A draft with a body's members on its list, and the body."""
    body = make.body(members=members)
    starts, ends = make.at("08:00"), make.at("10:00")
    wanted = {
        "body_id": str(body.pk),
        "title": "Họp",
        "starts_at": starts.isoformat(),
        "ends_at": ends.isoformat(),
    }
    return api.post("sessions", wanted | {"chair_ids": []} | more).json()["id"], body


def published(make, api, members=3, **more):
    session, body = planned(make, api, members, **more)
    answer = api.post(
        f"sessions/{session}/publish",
        {"override_reason": "x"} if "secrecy" not in more else {"reason_code": "urgent"},
    )
    assert answer.status_code == 200, answer.content
    return session, body


def delegates(api, session, **query):
    return api.get(f"sessions/{session}/delegates", **query).json()["items"]


# The list


def test_people_are_added_by_name_and_once(make, api):
    session, body = planned(make, api)
    guest, member = make.person(), body.memberships.first().person

    added = api.post(f"sessions/{session}/delegates", {"person_ids": [str(guest.pk), str(member.pk)]})

    assert added.status_code == 201
    assert {row["person_id"]: row["category"] for row in added.json()["items"]} == {
        str(guest.pk): "invited",
        str(member.pk): "summoned",
    }
    assert len(delegates(api, session)) == 4


def test_people_are_added_by_a_rule_with_every_reason(make, api):
    session, body = planned(make, api)
    unit, post = make.unit("Xã A"), make.post("Bí thư Đảng ủy")
    both, new = body.memberships.order_by("position").last().person, make.person()
    for person in (both, new):
        make.appointment(person, post, unit=unit)
    rule = {
        "any": [
            {"body": str(body.pk)},
            {"post": str(post.pk), "unit": {"under": str(unit.pk)}},
            {"post": "Bí thư Đảng ủy"},
        ]
    }

    added = api.post(f"sessions/{session}/delegates", {"rule": rule}).json()

    rows = {row["person_id"]: row for row in added["items"]}
    assert added["count"] == 4
    assert rows[str(new.pk)]["why"] == ["Bí thư Đảng ủy Xã A".replace("Xã", "xã")]
    assert rows[str(new.pk)]["category"] == "invited"


def test_resolving_a_rule_saves_nothing(make, api):
    body = make.body(members=2)
    unit = make.unit("Sở Tài chính", kind="department")
    rule = {
        "any": [{"body": str(body.pk)}, {"unit": {"kind": "department"}, "seats": 2, "words": "lãnh đạo"}]
    }

    told = api.post("rules/resolve", {"rule": rule, "on": make.day.isoformat()}).json()

    assert told["count"] == 2
    assert [len(row["why"]) for row in told["items"]] == [1, 1]
    assert told["open_seats"] == [
        {"unit_id": str(unit.pk), "unit": "Sở Tài chính", "seats": 2, "until": "", "words": "lãnh đạo"}
    ]
    assert Delegate.objects.count() == 0


def test_a_rule_is_resolved_on_its_day(make, api):
    body = make.body()
    make.membership(body, make.person(), starts_on=make.day)

    before = api.post("rules/resolve", {"rule": {"body": str(body.pk)}, "on": "2026-11-01"}).json()
    on = api.post("rules/resolve", {"rule": {"body": str(body.pk)}, "on": make.day.isoformat()}).json()

    assert (before["count"], on["count"]) == (0, 1)


def test_former_holders_are_meant_by_former(make, api):
    post, person = make.post("Bí thư Tỉnh ủy"), make.person()
    make.appointment(person, post, ends_on=dt.date(2025, 1, 1))

    def why(**more):
        return [
            row["why"]
            for row in api.post("rules/resolve", {"rule": {"post": str(post.pk)} | more}).json()["items"]
        ]

    assert why() == []
    assert why(former=True) == [["nguyên Bí thư Tỉnh ủy"]]


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ({"boddy": "1"}, "rule"),
        ({"any": [{"seats": 2}]}, "rule.any.0.seats"),
        ({"body": {"x": 1}}, "rule.body"),
    ],
)
def test_a_rule_that_cannot_be_read_names_the_place(make, api, rule, place):
    session, _body = planned(make, api)

    for refused in (
        api.post("rules/resolve", {"rule": rule}),
        api.post(f"sessions/{session}/delegates", {"rule": rule}),
    ):
        assert (refused.status_code, refused.json()["code"]) == (422, "bad_rule")
        assert list(refused.json()["errors"]) == [place]


def test_a_guest_of_one_item_stands_there_with_it(make, api):
    agenda = [{"title": "Một"}, {"title": "Hai"}, {"title": "Ba"}]
    session, _body = planned(make, api, agenda=agenda)
    guest = make.person()

    [row] = api.post(f"sessions/{session}/delegates", {"person_ids": [str(guest.pk)], "items": [3]}).json()[
        "items"
    ]
    refused = api.post(f"sessions/{session}/delegates", {"person_ids": [str(make.person().pk)], "items": [9]})

    assert row["items"] == [3]
    assert (refused.status_code, refused.json()["code"]) == (422, "unknown_item")


def test_an_unknown_person_adds_nobody(make, api):
    session, _body = planned(make, api)

    refused = api.post(f"sessions/{session}/delegates", {"person_ids": [str(make.person().pk), "999"]})

    assert (refused.status_code, list(refused.json()["errors"])) == (404, ["person_ids"])
    assert len(delegates(api, session)) == 3


def test_a_removed_delegate_is_gone_and_may_return(make, api):
    session, _body = planned(make, api)
    first = delegates(api, session)[0]

    gone = api.delete(f"sessions/{session}/delegates/{first['id']}")
    again = api.delete(f"sessions/{session}/delegates/{first['id']}")
    back = api.post(f"sessions/{session}/delegates", {"person_ids": [first["person_id"]]}).json()["items"]

    assert (gone.status_code, again.status_code) == (204, 404)
    assert [row["person_id"] for row in back] == [first["person_id"]]
    assert len(delegates(api, session)) == 3


def test_a_delegate_of_another_session_is_not_removed_here(make, api):
    session, _body = planned(make, api)
    other, _body = planned(make, api)

    refused = api.delete(f"sessions/{session}/delegates/{delegates(api, other)[0]['id']}")

    assert refused.status_code == 404
    assert len(delegates(api, other)) == 3


def test_what_a_patch_of_a_delegate_names_changes_alone(make, api):
    session, _body = published(make, api)
    before = delegates(api, session)[0]

    changed = api.patch(
        f"delegates/{before['id']}", {"seat": "A1", "category": "invited", "is_voting": False}
    ).json()

    replies = changed.pop("replies")
    assert changed == before | {"seat": "A1", "category": "invited", "is_voting": False}
    assert replies == []


def test_a_number_is_given_once(make, api):
    session, _body = published(make, api)
    first, second, _third = delegates(api, session)

    refused = api.patch(f"delegates/{second['id']}", {"number": first["number"]})

    assert (refused.status_code, refused.json()["code"]) == (409, "number_taken")


def test_what_is_printed_comes_from_the_posts_held_that_day(make, api):
    person = make.person()
    make.appointment(person, make.post("Trưởng ban"), unit=make.unit("Ban Tổ chức Tỉnh ủy"))
    retired = make.person()
    make.appointment(retired, make.post("Chủ tịch"), unit=make.unit("Xã A"), ends_on=dt.date(2025, 1, 1))
    session, _body = planned(make, api)

    rows = api.post(
        f"sessions/{session}/delegates", {"person_ids": [str(person.pk), str(retired.pk)]}
    ).json()["items"]

    assert {row["person_id"]: row["printed_post"] for row in rows} == {
        str(person.pk): "Trưởng Ban Tổ chức Tỉnh ủy",
        str(retired.pk): "nguyên Chủ tịch xã A",
    }


def test_lists_are_ordered_and_searched(make, api):
    session, _body = planned(make, api, members=0)
    people = [make.person(name, rank=rank) for name, rank in (("Trần Văn Yên", 1), ("Lê Thị Ánh", 2))]
    api.post(f"sessions/{session}/delegates", {"person_ids": [str(person.pk) for person in people]})

    def names(**query):
        return [row["printed_name"] for row in delegates(api, session, **query)]

    assert names() == ["Trần Văn Yên", "Lê Thị Ánh"]
    assert names(order="name") == ["Lê Thị Ánh", "Trần Văn Yên"]
    assert names(q="anh") == ["Lê Thị Ánh"]
    assert names(category="summoned") == []


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_takes_the_same_queries_however_long(make, api, django_assert_num_queries, monkeypatch, count):
    monkeypatch.setattr(document.throttle, "lot", 10**9)  # no counter is written in between
    session, _body = published(make, api, members=count)
    api.post(f"sessions/{session}/invitations")
    delegates(api, session)

    with django_assert_num_queries(10):
        assert len(delegates(api, session)) == count
    with django_assert_num_queries(7):
        assert api.get(f"sessions/{session}/invitations").json()["count"] == count


def test_a_held_session_keeps_its_list(make, api):
    session, _body = planned(make, api)
    api.post(f"sessions/{session}/cancel")

    refused = api.post(f"sessions/{session}/delegates", {"person_ids": [str(make.person().pk)]})

    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")


@pytest.mark.parametrize("field", ["note", "needs"])
def test_free_words_about_delegates_of_a_secret_session_are_refused(make, db, field):
    api = make.api_client()
    delegate = make.delegate(make.session(secrecy="secret"))
    path = f"delegates/{delegate.pk}"

    refused = api.patch(path, {field: CANARY})

    assert (refused.status_code, list(refused.json()["errors"])) == (422, [field])
    assert CANARY not in refused.content.decode()


# Invitations


def test_a_draft_invites_nobody(make, api):
    session, _body = planned(make, api)

    refused = api.post(f"sessions/{session}/invitations")

    assert (refused.status_code, refused.json()["code"]) == (409, "not_published")


def test_invitations_are_counted_and_looked_up(make, api):
    session, _body = published(make, api)

    sent = api.post(f"sessions/{session}/invitations")
    again = api.post(f"sessions/{session}/invitations")

    assert (sent.status_code, sent.json()["queued"], again.json()["queued"]) == (202, 3, 0)
    assert Message.objects.filter(session_id=session).count() == 3
    job = api.get(f"jobs/{sent.json()['job_id']}").json()
    assert (job["kind"], job["state"], job["done"], job["total"]) == ("invitations", "running", 0, 3)
    Message.objects.update(state=Message.State.SENT)
    job = api.get(f"jobs/{sent.json()['job_id']}").json()
    assert (job["state"], job["done"], job["total"]) == ("done", 3, 3)
    assert Job.objects.count() == 2


def test_only_those_named_are_invited(make, api):
    session, _body = published(make, api)
    first = delegates(api, session)[0]

    sent = api.post(f"sessions/{session}/invitations", {"delegate_ids": [first["id"]]})

    assert sent.json()["queued"] == 1
    states = {
        row["delegate_id"]: row["state"] for row in api.get(f"sessions/{session}/invitations").json()["items"]
    }
    assert states == {
        row["id"]: "invited" if row["id"] == first["id"] else "new" for row in delegates(api, session)
    }


def test_the_state_of_each_invitation_is_told(make, api):
    session, _body = published(make, api, members=1)
    api.post(f"sessions/{session}/invitations")

    [row] = api.get(f"sessions/{session}/invitations").json()["items"]

    version = api.get(f"sessions/{session}").json()["version"]
    assert (row["state"], row["version"], row["sequence"], row["message_state"]) == (
        "invited",
        version,
        0,
        "queued",
    )
    assert (row["sent_at"], row["reply"]) == (None, "none")


def left():
    """All mails written so far have left."""
    Message.objects.filter(state=Message.State.QUEUED).update(state=Message.State.SENT)


def test_after_the_first_sending_changes_send_by_themselves(make, api):
    session, _body = published(make, api)
    guest = make.person()
    api.post(f"sessions/{session}/invitations")
    left()

    moved = api.post(
        f"sessions/{session}/move", {"starts_at": make.at("14:00").isoformat(), "override_reason": "x"}
    ).json()
    left()
    [added] = api.post(f"sessions/{session}/delegates", {"person_ids": [str(guest.pk)]}).json()["items"]
    newcomers = list(Message.objects.filter(state="queued").values_list("recipient", "method"))
    left()
    api.delete(f"sessions/{session}/delegates/{added['id']}")
    removed = list(Message.objects.filter(state="queued").values_list("recipient", "method"))
    left()
    gone = api.post(f"sessions/{session}/cancel").json()

    assert moved["effects"]["invitations"] == 3
    assert newcomers == [(guest.email, "REQUEST")]
    assert removed == [(guest.email, "CANCEL")]
    assert gone["effects"]["invitations"] == 3
    assert set(Message.objects.filter(state="queued").values_list("method", flat=True)) == {"CANCEL"}


def test_before_the_first_sending_changes_send_nothing(make, api):
    session, _body = published(make, api)

    api.post(f"sessions/{session}/delegates", {"person_ids": [str(make.person().pk)]})
    api.post(f"sessions/{session}/move", {"starts_at": make.at("14:00").isoformat(), "override_reason": "x"})

    assert Message.objects.count() == 0


# Answers


def answered(api, delegate, **body):
    return api.post(f"delegates/{delegate['id']}/reply", body)


def test_an_answer_is_recorded_and_all_are_kept(make, api):
    session, _body = published(make, api)
    first = delegates(api, session)[0]

    answered(api, first, status="attending", mode="in_person")
    told = answered(api, first, status="asks_excuse", reason="Đi công tác").json()

    assert (told["reply"], told["reply_mode"]) == ("asks_excuse", "")
    assert [(row["status"], row["reason"], row["channel"]) for row in told["replies"]] == [
        ("asks_excuse", "Đi công tác", "api"),
        ("attending", "", "api"),
    ]


def test_a_members_decline_is_a_request_to_be_excused(make, api):
    session, _body = published(make, api)
    guest = api.post(f"sessions/{session}/delegates", {"person_ids": [str(make.person().pk)]}).json()[
        "items"
    ][0]

    member = answered(api, delegates(api, session)[0], status="declined").json()
    guest = answered(api, guest, status="declined").json()

    assert (member["reply"], guest["reply"]) == ("asks_excuse", "declined")


@pytest.mark.parametrize("key", ["decision", "status"])
def test_a_decision_names_who_decided(make, api, key):
    session, _body = published(make, api)
    first = delegates(api, session)[0]
    answered(api, first, status="asks_excuse", reason_code="abroad")

    told = api.post(
        f"delegates/{first['id']}/decision", {key: "excused", "by_whom": "Đồng chí Bí thư"}
    ).json()

    assert told["reply"] == "excused"
    assert (told["replies"][0]["status"], told["replies"][0]["by_whom"]) == ("excused", "Đồng chí Bí thư")


def test_a_substitute_needs_a_kind_that_allows_it(make, api):
    session, body = published(make, api)
    first = delegates(api, session)[0]

    refused = answered(api, first, status="asks_substitute", substitute="Trần Văn B")

    assert (refused.status_code, refused.json()["code"]) == (422, "substitute_not_allowed")
    assert Reply.objects.count() == 0


def test_there_must_be_something_to_decide(make, api):
    session, _body = published(make, api)

    refused = api.post(
        f"delegates/{delegates(api, session)[0]['id']}/decision",
        {"decision": "substitute_approved", "by_whom": "x"},
    )

    assert (refused.status_code, refused.json()["code"]) == (409, "nothing_to_decide")


def test_words_of_an_answer_about_a_secret_session_are_refused(make, db):
    api, delegate = make.api_client(), make.delegate(make.session(secrecy="secret", state="published"))

    refused = api.post(f"delegates/{delegate.pk}/reply", {"status": "asks_excuse", "reason": CANARY})
    coded = api.post(f"delegates/{delegate.pk}/reply", {"status": "asks_excuse", "reason_code": "illness"})

    assert (refused.status_code, refused.json()["code"]) == (422, "secret_content_refused")
    assert CANARY not in refused.content.decode()
    assert coded.json()["reply"] == "asks_excuse"


def test_a_viewer_records_and_decides_nothing(make, api):
    session, _body = published(make, api)
    first, viewer = delegates(api, session)[0], make.api_client(Role.VIEWER)

    asked = [
        viewer.post(f"delegates/{first['id']}/reply", {"status": "attending"}),
        viewer.post(f"delegates/{first['id']}/decision", {"decision": "excused", "by_whom": "x"}),
        viewer.post(f"sessions/{session}/invitations"),
        viewer.post(f"sessions/{session}/delegates", {"person_ids": []}),
        viewer.delete(f"sessions/{session}/delegates/{first['id']}"),
        viewer.patch(f"delegates/{first['id']}", {"seat": "A1"}),
    ]

    assert [refused.status_code for refused in asked] == [403] * 6


def test_typed_codes_are_told_to_those_who_issue_badges(make, api):
    session, _body = published(make, api, members=1)
    api.post(f"sessions/{session}/badges")

    [seen] = delegates(api, session)
    [hidden] = delegates(make.api_client(Role.VIEWER), session)

    assert seen["badge"]["state"] == "active"
    assert len(seen["badge"]["typed_code"]) == 8
    assert hidden["badge"]["typed_code"] == ""
