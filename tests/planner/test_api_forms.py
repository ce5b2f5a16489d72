"""The forms every endpoint shares: tokens, problems, lists, ids, moments, languages."""

import json
from collections import Counter
from types import SimpleNamespace

import pytest
import time_machine

from planner.access import SYSTEM, Role
from planner.api.limits import PerToken
from planner.http import api as document
from planner.models import ApiToken
from planner.services import accounts

PROBLEM = "application/problem+json"


def raw(api, method, path, text, content_type="application/json"):
    return getattr(api.client, method)(f"/api/v1/{path}", text, content_type=content_type)


def test_without_a_token_one_is_nobody(client, db):
    refused = client.get("/api/v1/sessions")

    assert (refused.status_code, refused["Content-Type"], refused["WWW-Authenticate"]) == (
        401,
        PROBLEM,
        "Bearer",
    )
    assert refused.json()["code"] == "not_authenticated"


def test_a_signed_in_browser_is_no_token(make, db):
    assert make.client(Role.ADMINISTRATOR).get("/api/v1/sessions").status_code == 401


def test_expired_and_revoked_tokens_are_nobody(make, db):
    user = make.user()
    token, text = accounts.create_token(user=user, name="t", scopes=["read"], by=SYSTEM)
    api = make.api_client()
    api.client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {text}"
    assert api.get("me").status_code == 200

    ApiToken.objects.filter(pk=token.pk).update(expires_at=token.created_at)

    assert api.get("me").status_code == 401


def test_scopes_narrow_what_a_token_may_do(make, db):
    reader = make.api_client(scopes=("read",))

    refused = reader.post("people", {"full_name": "Nguyễn Văn An"})

    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    assert reader.get("me").json()["can"] == ["read", "report", "see_secret"]


def test_problems_speak_the_language_asked_for(make, db):
    api = make.api_client()

    english = api.client.get("/api/v1/people/999", headers={"Accept-Language": "en"}).json()
    vietnamese = api.client.get("/api/v1/people/999", headers={"Accept-Language": "vi"}).json()

    assert (english["status"], english["title"]) == (404, "Not found")
    assert vietnamese["title"] == "Không tìm thấy"
    assert english["detail"] != vietnamese["detail"]


def test_a_misshapen_body_names_its_fields_and_never_echoes(make, db):
    refused = make.api_client().post(
        "sessions", {"starts_at": "CANARY", "ends_at": 5, "kind": "CANARY", "chair_ids": "x"}
    )

    assert refused.status_code == 422
    assert refused.json()["errors"].keys() == {"starts_at", "ends_at", "kind", "chair_ids"}
    assert "CANARY" not in refused.content.decode()


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("get", "nowhere", 404, "not_found"),
        ("get", "people/", 404, "not_found"),
        ("put", "people", 405, "method_not_allowed"),
        ("delete", "sessions", 405, "method_not_allowed"),
    ],
)
def test_what_no_endpoint_answers_is_a_problem_too(make, db, method, path, status, code):
    refused = raw(make.api_client(), method, path, "") if method != "get" else make.api_client().get(path)

    assert (refused.status_code, refused["Content-Type"]) == (status, PROBLEM)
    assert refused.json()["code"] == code


@pytest.mark.parametrize(
    "text", ["{", "[]", '"x"', "null", b"\xff", '{"full_name": "\\ud800"}', '{"full_name": "a\\u0000b"}']
)
def test_bodies_that_cannot_be_read_are_refused(make, db, text):
    refused = raw(make.api_client(), "post", "people", text)

    assert refused.status_code in (400, 422)
    assert refused["Content-Type"] == PROBLEM


def test_bodies_nested_without_end_are_refused(make, db):
    api = make.api_client()
    deep = '{"rule":' + '{"any":[' * 300 + '{"body":"1"}' + "]}" * 300 + "}"
    deeper = '{"rule":' + "[" * 100_000 + "]" * 100_000 + "}"

    assert raw(api, "post", "rules/resolve", deep).status_code == 422
    assert raw(api, "post", "rules/resolve", deeper).status_code == 400


def test_a_body_too_large_is_refused(make, db, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000

    refused = make.api_client().post("people", {"full_name": "x" * 2000})

    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize("pk", ["0", "-1", "x", "1.0", "９", "9" * 30, "%00", "1e3", "1 "])
def test_an_id_that_names_nothing_is_not_found(make, db, pk):
    assert make.api_client().get(f"people/{pk}").status_code == 404


def test_ids_are_strings(make, db):
    person = make.person()

    [item] = make.api_client().get("people").json()["items"]

    assert item["id"] == str(person.pk)


def test_lists_come_in_pages_of_a_stable_order(make, db):
    for number in range(5):
        make.person(f"Nguyễn Văn {chr(65 + number)}")
    api = make.api_client()

    whole = api.get("people").json()
    pages = [api.get("people", limit=2, offset=offset).json() for offset in (0, 2, 4)]

    assert whole["count"] == 5
    assert [page["count"] for page in pages] == [5, 5, 5]
    assert [item for page in pages for item in page["items"]] == whole["items"]


@pytest.mark.parametrize(
    "query", [{"limit": 201}, {"limit": 0}, {"offset": -1}, {"limit": "x"}, {"offset": 10**12}]
)
def test_a_page_has_limits(make, db, query):
    refused = make.api_client().get("people", **query)

    assert (refused.status_code, list(refused.json()["errors"])) == (422, list(query))


@pytest.mark.parametrize(
    "path", ["people", "units", "posts", "bodies", "rooms", "sessions", "engagements", "bookings"]
)
def test_every_list_takes_any_words(make, db, path):
    api = make.api_client()

    for words in ("", "%", "_", "'", "a" * 200, "ệ ỷ", "\u202e", "\x00"):
        assert api.get(path, q=words).status_code in (200, 422)


@pytest.mark.parametrize(
    "moment",
    [
        "2026-12-01",
        "2026-12-01T08:00:00",
        "1764550800",
        1764550800,
        "0001-01-01T00:00:00+07:00",
        "9999-12-31T23:59:59Z",
    ],
)
def test_moments_need_an_offset_and_a_sane_year(make, db, moment):
    refused = make.api_client().get("sessions", until=moment)

    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["until"])


def test_moments_come_back_in_the_offices_offset(make, db):
    api = make.api_client()

    made = api.post(
        "sessions",
        {"title": "Họp", "starts_at": "2026-12-01T01:00:00Z", "ends_at": "2026-12-01T06:00:00+03:00"},
    )

    assert made.json()["starts_at"] == "2026-12-01T08:00:00+07:00"
    assert made.json()["ends_at"] == "2026-12-01T10:00:00+07:00"


def test_a_plus_that_the_address_lost_is_put_back(make, db):
    make.session("08:00-10:00", title="Họp")
    api = make.api_client()
    later = make.at("09:00").isoformat().replace("+", " ")

    assert api.get("sessions", until=later).json()["count"] == 1


def test_json_is_written_as_vietnamese_is(make, db):
    make.person("Nguyễn Thị Hường")

    assert "Nguyễn Thị Hường" in make.api_client().get("people").content.decode()


def test_too_many_requests_are_told_when_to_come_back(make, db, monkeypatch):
    for name, value in (("per_minute", 3), ("lot", 1), ("_pending", Counter())):
        monkeypatch.setattr(document.throttle, name, value)
    with time_machine.travel(make.at("08:00:15"), tick=False):
        api, other = make.api_client(), make.api_client()

        seen = [api.get("me").status_code for _ in range(3)]
        late = api.get("me")

        assert (seen, late.status_code) == ([200, 200, 200], 429)
        assert (late["Content-Type"], late.json()["code"], late["Retry-After"]) == (
            PROBLEM,
            "too_many_requests",
            "45",
        )
        assert other.get("me").status_code == 200
    with time_machine.travel(make.at("08:01:00"), tick=False):
        assert api.get("me").status_code == 200


def test_requests_are_counted_over_processes_in_lots(make, db):
    mine, theirs = PerToken(per_minute=10, lot=4), PerToken(per_minute=10, lot=4)
    request = SimpleNamespace(auth=make.actor())

    with time_machine.travel(make.at("08:00"), tick=False):
        allowed = [throttle.allow_request(request) for _ in range(8) for throttle in (mine, theirs)]

    assert all(allowed[:10])
    assert allowed[-1] is False


def test_pages_and_programs_are_kept_apart(client, db):
    assert client.get("/api/v1/docs").status_code == 200
    assert json.loads(client.get("/api/v1/openapi.json").content)["openapi"] == "3.1.0"
