"""Imports over the API: upload, read row by row, decide, apply."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from planner.access import Role
from planner.models import Engagement, ImportBatch, Person
from tests.planner.sheets import xlsx

CASES = Path(__file__).parents[1] / "cases"
HEAD = ("STT", "Họ và tên", "Đơn vị", "SĐT", "Email", "Ghi chú")
AN = (1, "LÊ VĂN AN", "Sở Y tế", "0912345678", "an@tinh.example")
BAD = (2, "Trần Thị Bình", "Sở Y tế", "0987654321", "abc@")

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(make):
    return make.api_client()


def upload(api, content, **fields):
    file = SimpleUploadedFile("ds.xlsx", content)
    return api.client.post("/api/v1/imports", {"file": file, **fields})


def uploaded(api, *rows, **fields):
    return upload(api, xlsx(HEAD, *rows), **fields).json()["import_id"]


def test_an_upload_answers_with_its_job_and_its_import(api):
    answer = upload(api, xlsx(HEAD, AN))

    batch = ImportBatch.objects.get()
    assert (answer.status_code, answer.json()) == (
        202,
        {"job_id": str(batch.job_id), "import_id": str(batch.pk)},
    )
    job = api.get(f"jobs/{batch.job_id}").json()
    assert (job["state"], job["done"], job["total"], job["result"]) == (
        "done",
        1,
        1,
        {"import_id": str(batch.pk)},
    )


def test_the_rows_of_an_import_say_what_they_would_do_and_why(api):
    pk = uploaded(api, AN, BAD)

    answer = api.get(f"imports/{pk}").json()

    assert (answer["state"], answer["counts"]["new"], answer["counts"]["wrong"]) == ("ready", 1, 1)
    assert [(row["line"], row["status"], row["name"]) for row in answer["rows"]] == [
        (2, "new", "Lê Văn An"),
        (3, "wrong", "Trần Thị Bình"),
    ]
    assert answer["rows"][1]["codes"] == ["email_wrong", "unit_new"]
    assert "E3" in answer["rows"][1]["reason"]
    assert not Person.objects.exists()


def test_reasons_come_in_the_language_asked_for(api):
    pk = uploaded(api, BAD)

    answer = api.client.get(f"/api/v1/imports/{pk}", headers={"Accept-Language": "en"}).json()

    assert answer["rows"][0]["reason"].startswith("E2: “abc@” is no e-mail address.")


def test_rows_of_one_status_are_asked_for(api):
    pk = uploaded(api, AN, BAD)

    assert [row["line"] for row in api.get(f"imports/{pk}", status="wrong").json()["rows"]] == [3]


def test_applying_writes_what_is_clear_and_what_is_decided(api):
    pk = uploaded(api, AN, BAD)

    answer = api.post(
        f"imports/{pk}/apply", {"decisions": [{"line": 3, "do": "take", "values": {"email": "b@a.example"}}]}
    )

    assert (answer.status_code, answer.json()["state"]) == (200, "applied")
    assert answer.json()["result"] == {"new": 2, "changed": 0, "same": 0, "skipped": 0, "left": 0}
    assert {person.email for person in Person.objects.all()} == {"an@tinh.example", "b@a.example"}


def test_applying_needs_no_decisions_and_a_repeat_is_harmless(api):
    pk = uploaded(api, AN)

    first, second = api.post(f"imports/{pk}/apply"), api.post(f"imports/{pk}/apply", {"decisions": []})

    assert (first.json()["result"]["new"], second.json()["result"]) == (
        1,
        {"new": 0, "changed": 0, "same": 1, "skipped": 0, "left": 0},
    )
    assert Person.objects.count() == 1


def test_with_a_session_rows_become_delegates(api, make):
    session = make.session(body=make.body(members=2))

    pk = uploaded(api, (*AN, "vắng có lý do"), session_id=str(session.pk))
    answer = api.post(f"imports/{pk}/apply").json()

    assert (answer["session_id"], answer["result"]["excuses"]) == (str(session.pk), 1)
    assert session.delegates.get().reply == "asks_excuse"


def test_a_week_is_imported_by_its_kind(api):
    pk = upload(api, (CASES / "week-table.csv").read_bytes(), kind="week").json()["import_id"]

    assert api.post(f"imports/{pk}/apply").json()["result"]["new"] == 15
    assert Engagement.objects.count() == 15


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK\x03\x04 broken", "import_not_a_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "import_old_or_locked"),
        (xlsx(("a", "b")), "import_no_head"),
        (xlsx(("MẬT",), HEAD, AN), "secrecy_mark_refused"),
        (b"x" * 5_000_001, "import_too_large"),
    ],
)
def test_what_is_no_list_is_refused_with_a_code(api, content, code):
    answer = upload(api, content)

    assert (answer.status_code, answer.json()["code"], ImportBatch.objects.count()) == (422, code, 0)


@pytest.mark.parametrize(
    ("decision", "code"),
    [
        ({"line": 99, "do": "take"}, "unknown_decision"),
        ({"line": 2, "do": "person", "person_id": "99"}, "unknown_decision"),
        ({"line": 2, "do": "take", "values": {"email": "x@"}}, "bad_value"),
        ({"line": 2, "do": "burn"}, "invalid"),
        ({"line": 0, "do": "take"}, "invalid"),
    ],
)
def test_a_decision_that_does_not_fit_is_refused_and_nothing_written(api, decision, code):
    pk = uploaded(api, AN)

    answer = api.post(f"imports/{pk}/apply", {"decisions": [decision]})

    assert (answer.status_code, answer.json()["code"], Person.objects.count()) == (422, code, 0)


def test_the_marked_file_can_be_fetched(api):
    pk = uploaded(api, AN, BAD)

    answer = api.get(f"imports/{pk}/file")

    assert (answer.status_code, answer.content[:2]) == (200, b"PK")


def test_uploads_are_listed_the_newest_first(api):
    first, second = uploaded(api, AN), uploaded(api, BAD)

    answer = api.get("imports").json()

    assert ([row["id"] for row in answer["items"]], answer["count"]) == ([second, first], 2)


def test_who_may_not_edit_people_neither_uploads_nor_sees(api, make):
    pk = uploaded(api, AN)
    viewer = make.api_client(Role.VIEWER)

    assert upload(viewer, xlsx(HEAD, AN)).status_code == 403
    assert viewer.get(f"imports/{pk}").status_code == 404
    assert viewer.post(f"imports/{pk}/apply").status_code == 404
    assert viewer.get("imports").json() == {"items": [], "count": 0}


def test_a_session_one_may_not_see_is_not_there(api, make):
    assert upload(api, xlsx(HEAD, AN), session_id="999").status_code == 404
