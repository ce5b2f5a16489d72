"""A POST under an Idempotency-Key runs once, whatever comes between."""

import datetime as dt
import json
import threading

import pytest
from django.db import connections
from django.utils import timezone

from planner.access import SYSTEM
from planner.models import AuditEntry, Engagement, Person, StoredAnswer
from planner.services import accounts, answers
from planner.services.answers import Answer, Ask, Claim, InProgress

KEY = "Idempotency-Key"


def engagement(**more):
    return {"on": "2026-12-01", "content": "Đi cơ sở"} | more


def test_the_same_key_and_body_get_the_stored_answer(make, db):
    api = make.api_client()

    first = api.post("engagements", engagement(), **{KEY: "a"})
    second = api.post("engagements", engagement(), **{KEY: "a"})

    assert (first.status_code, second.status_code) == (201, 201)
    assert second.content == first.content
    assert second["Content-Type"] == first["Content-Type"]
    assert second["Idempotency-Replayed"] == "true"
    assert Engagement.objects.count() == 1


def test_without_a_key_every_post_counts(make, db):
    api = make.api_client()

    api.post("engagements", engagement())
    api.post("engagements", engagement())

    assert Engagement.objects.count() == 2


def test_the_same_key_with_another_body_is_refused(make, db):
    api = make.api_client()
    api.post("engagements", engagement(), **{KEY: "a"})

    refused = api.post("engagements", engagement(content="Tiếp đoàn"), **{KEY: "a"})

    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused")
    assert Engagement.objects.count() == 1


def test_keys_of_two_tokens_or_two_paths_never_meet(make, db):
    one, other = make.api_client(), make.api_client()

    made = [
        one.post("engagements", engagement(), **{KEY: "a"}),
        other.post("engagements", engagement(content="Khác"), **{KEY: "a"}),
        one.post("people", {"full_name": "Nguyễn Văn An"}, **{KEY: "a"}),
    ]

    assert [answer.status_code for answer in made] == [201, 201, 201]
    assert (Engagement.objects.count(), Person.objects.count()) == (2, 1)


def test_a_refusal_is_an_answer_too(make, db):
    api = make.api_client()
    body = engagement(starts="10:00", ends="09:00")

    first = api.post("engagements", body, **{KEY: "a"})
    second = api.post("engagements", body, **{KEY: "a"})

    assert (first.status_code, first.json()["code"]) == (422, "ends_before_it_starts")
    assert (second.content, second["Content-Type"]) == (first.content, "application/problem+json")


def test_an_unknown_token_claims_no_key(make, db):
    api = make.api_client()
    api.client.headers = None

    refused = api.client.post(
        "/api/v1/engagements",
        json.dumps(engagement()),
        content_type="application/json",
        headers={"Authorization": "Bearer nobody", KEY: "a"},
    )

    assert refused.status_code == 401
    assert StoredAnswer.objects.count() == 0


def test_a_revoked_token_does_not_get_the_stored_answer(make, db):
    user = make.user()
    token, text = accounts.create_token(user=user, name="t", scopes=["plan"], by=SYSTEM)
    api = make.api_client()
    api.client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {text}"
    assert api.post("engagements", engagement(), **{KEY: "a"}).status_code == 201

    accounts.revoke_token(token=token, by=SYSTEM)

    assert api.post("engagements", engagement(), **{KEY: "a"}).status_code == 401


def test_what_is_stored_cannot_be_read_in_the_database(make, db):
    make.api_client().post("engagements", engagement(content="CANARY"), **{KEY: "a"})

    row = StoredAnswer.objects.get()

    assert b"CANARY" not in bytes(row.answer)
    assert row.status == 201


def test_after_a_day_the_key_is_free_again(make, db):
    api = make.api_client()
    api.post("engagements", engagement(), **{KEY: "a"})
    StoredAnswer.objects.update(created_at=timezone.now() - dt.timedelta(hours=24, seconds=1))

    again = api.post("engagements", engagement(content="Khác"), **{KEY: "a"})

    assert again.status_code == 201
    assert Engagement.objects.count() == 2


def test_a_request_being_carried_out_is_told_so(make, db):
    api = make.api_client()
    api.post("engagements", engagement(), **{KEY: "a"})
    StoredAnswer.objects.update(status=None, answer=None, created_at=timezone.now())

    refused = api.post("engagements", engagement(), **{KEY: "a"})

    assert (refused.status_code, refused.json()["code"]) == (409, "request_in_progress")


def test_what_a_crash_left_behind_may_be_retried_after_two_minutes(make, db):
    api = make.api_client()
    api.post("engagements", engagement(), **{KEY: "a"})
    Engagement.objects.all().delete()  # the crash undid the work, not the claim
    late = timezone.now() - dt.timedelta(minutes=2, seconds=1)
    StoredAnswer.objects.update(status=None, answer=None, created_at=late)

    again = api.post("engagements", engagement(), **{KEY: "a"})

    assert again.status_code == 201
    assert Engagement.objects.count() == 1


def test_an_error_of_the_server_undoes_the_work_and_frees_the_key(make, db, monkeypatch):
    from planner.api import engagements

    api = make.api_client()
    monkeypatch.setattr(engagements, "_engagement_out", lambda row: 1 / 0)
    api.client.raise_request_exception = False

    broken = api.post("engagements", engagement(), **{KEY: "a"})

    assert (broken.status_code, broken["Content-Type"]) == (500, "application/problem+json")
    assert (Engagement.objects.count(), StoredAnswer.objects.count()) == (0, 0)
    monkeypatch.undo()
    assert api.post("engagements", engagement(), **{KEY: "a"}).status_code == 201


def test_whoever_lost_the_claim_has_done_nothing(db):
    ask = Ask("token:1", "/api/v1/x", "a", "digest")
    mine = answers.claim(ask)
    assert isinstance(mine, Claim)
    late = timezone.now() - dt.timedelta(minutes=3)
    StoredAnswer.objects.update(created_at=late)
    taken = answers.claim(ask)
    assert isinstance(taken, Claim)

    assert answers.keep(Claim(mine.pk, late), Answer(201, b"mine")) is False
    assert answers.keep(taken, Answer(201, b"theirs")) is True
    assert answers.claim(ask) == Answer(201, b"theirs")


def test_only_one_takes_over_an_abandoned_claim(db):
    ask = Ask("token:1", "/api/v1/x", "a", "digest")
    answers.claim(ask)
    StoredAnswer.objects.update(created_at=timezone.now() - dt.timedelta(minutes=3))

    assert isinstance(answers.claim(ask), Claim)
    with pytest.raises(InProgress):
        answers.claim(ask)


def test_a_key_too_long_is_refused(make, db):
    refused = make.api_client().post("engagements", engagement(), **{KEY: "k" * 201})

    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_too_long")


@pytest.mark.django_db(transaction=True)
def test_identical_posts_at_once_run_once(make):
    api, answered, start = make.api_client(), [], threading.Barrier(8)

    def ask() -> None:
        start.wait()
        try:
            answered.append(api.post("engagements", engagement(), **{KEY: "a"}).status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert set(answered) <= {201, 409}
    assert answered.count(201) >= 1
    assert Engagement.objects.count() == 1
    assert AuditEntry.objects.filter(action="engagement.added").count() == 1
