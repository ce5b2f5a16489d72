"""The import pages: upload, the dry run, decisions, applying, the marked file; with and without scripts."""

from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from planner import jobs
from planner.access import SYSTEM, Role
from planner.flow import imports
from planner.models import Engagement, ImportBatch, Job, Person
from tests.planner.sheets import xlsx

CASES = Path(__file__).parents[1] / "cases"
HEAD = ("STT", "Họ và tên", "Đơn vị", "SĐT", "Email", "Ghi chú")
AN = (1, "LÊ VĂN AN", "Sở Y tế", "0912345678", "an@tinh.example")
BAD = (2, "Trần Thị Bình", "Sở Y tế", "0987654321", "abc@")

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(make):
    make.office()
    return make.client(Role.PLANNER)


def upload(client, *rows, to="/people/import/", **fields):
    content = rows[0] if isinstance(rows[0], bytes) else xlsx(HEAD, *rows)
    return client.post(to, {"file": SimpleUploadedFile("ds.xlsx", content), **fields})


def uploaded(client, *rows, **fields):
    """The address of the dry run."""
    answer = upload(client, *rows, **fields)
    assert answer.status_code == 302
    return answer["Location"]


def test_an_upload_leads_to_the_dry_run(client):
    page = client.get(uploaded(client, AN, BAD))

    assert (page.status_code, page.context["counts"]["new"], page.context["counts"]["wrong"]) == (200, 1, 1)
    assert [(one.row.line, one.row.name) for one in page.context["rows"]] == [
        (2, "Lê Văn An"),
        (3, "Trần Thị Bình"),
    ]
    assert "E3: “abc@”" in page.content.decode()


def test_a_file_that_is_no_list_is_refused_beside_its_field(client):
    answer = upload(client, b"%PDF-1.7 \x00")

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["file"]
    assert not ImportBatch.objects.exists()


def test_a_missing_file_is_asked_for(client):
    assert client.post("/people/import/", {}).status_code == 422


@pytest.mark.parametrize("status", ["new", "wrong", "same"])
def test_rows_are_filtered_by_what_they_would_do(client, status):
    page = client.get(uploaded(client, AN, BAD), {"status": status})

    assert [one.row.status for one in page.context["rows"]] == [status] * (status != "same")


def test_htmx_gets_the_fragment_the_page_includes(client):
    address = uploaded(client, AN)

    fragment, page = client.get(address, headers={"HX-Request": "true"}), client.get(address)

    assert fragment.templates[0].name == "imports/_import.html"
    assert "imports/_import.html" in [template.name for template in page.templates]
    assert fragment.content.decode().startswith('<section id="x-import"')


def test_applying_writes_and_says_what_was_done(client):
    address = uploaded(client, AN, BAD)

    page = client.post(f"{address}apply/", follow=True)

    assert Person.objects.get().full_name == "Lê Văn An"
    assert (page.context["batch"].state, page.context["waiting"]) == ("applied", 1)


def test_a_wrong_cell_is_put_right_on_the_page(client):
    address = uploaded(client, BAD)

    client.post(f"{address}decide/", {"line": 2, "sheet": "DS", "choice": "", "email": "b@a.example"})
    client.post(f"{address}apply/")

    assert Person.objects.get().email == "b@a.example"


def test_a_decision_by_htmx_brings_the_row_back(client):
    address = uploaded(client, BAD)

    answer = client.post(
        f"{address}decide/", {"line": 2, "sheet": "DS", "choice": "skip"}, headers={"HX-Request": "true"}
    )

    assert (answer.status_code, answer.context["one"].chosen) == (200, "skip")


def test_a_cell_that_is_still_wrong_is_refused_in_words(client):
    address = uploaded(client, BAD)

    answer = client.post(
        f"{address}decide/", {"line": 2, "sheet": "DS", "email": "b@"}, headers={"HX-Request": "true"}
    )

    assert answer.status_code == 422
    assert ImportBatch.objects.get().rows.get().decision == {}


def test_a_namesake_is_chosen_among_those_known(client, make):
    known = make.person("Lê Văn An", email="", phone="", unit=make.unit("Sở Nội vụ"))
    address = uploaded(client, (1, "Lê Văn An", "Sở Y tế"))

    (row,) = client.get(address).context["rows"]
    assert [value for value, _label in row.options] == [f"person:{known.pk}", "create", "skip"]
    client.post(f"{address}decide/", {"line": 2, "sheet": "DS", "choice": f"person:{known.pk}"})
    client.post(f"{address}apply/")

    assert (Person.objects.count(), Person.objects.get().unit.name) == (1, "Sở Y tế")


def test_one_of_several_units_is_chosen(client, make):
    first = make.unit("Xã Tân Hưng", parent=make.unit("Tỉnh A"))
    make.unit("Xã Tân Hưng", parent=make.unit("Tỉnh B"))
    address = uploaded(client, (1, "Lê Văn An", "X. Tân Hưng", "0912345678"))

    (row,) = client.get(address).context["rows"]
    assert [name for _pk, name in row.units] == ["Xã Tân Hưng, Tỉnh A", "Xã Tân Hưng, Tỉnh B"]
    client.post(f"{address}decide/", {"line": 2, "sheet": "DS", "choice": "take", "unit_id": first.pk})
    client.post(f"{address}apply/")

    assert Person.objects.get().unit == first


def test_all_waiting_rows_of_a_kind_are_decided_at_once(client):
    address = uploaded(client, BAD, (3, "Phạm Văn Cường", "Sở Y tế", None, "xyz@"))

    client.post(f"{address}decide-all/", {"status": "wrong", "do": "take"})
    client.post(f"{address}apply/")

    assert Person.objects.count() == 2


def test_the_marked_file_is_handed_out(client):
    address = uploaded(client, AN, BAD)

    answer = client.get(f"{address}file/")

    assert (
        answer["Content-Disposition"] == f'attachment; filename="import-{ImportBatch.objects.get().pk}.xlsx"'
    )
    sheet = load_workbook(BytesIO(answer.content))["DS"]
    assert sheet.cell(3, 8).value.startswith("E3:")


def test_a_sessions_list_is_imported_from_its_page(client, make):
    session = make.session(body=make.body(members=1))

    address = uploaded(client, (*AN, "vắng có lý do"), to=f"/sessions/{session.pk}/import/")
    client.post(f"{address}apply/")

    assert session.delegates.get().reply == "asks_excuse"


def test_a_week_is_imported_from_its_page(client):
    content = "Thứ,Ngày,Giờ,Nội dung\nHai,14/7,8h,Giao ban\n".encode()

    address = uploaded(client, content, to="/week/import/", near="2025-07-01")
    client.post(f"{address}apply/")

    assert Engagement.objects.get().content == "Giao ban"


def test_a_very_long_list_is_read_and_written_by_the_queue(client, monkeypatch):
    monkeypatch.setattr(imports, "AT_ONCE", 1)
    address = uploaded(client, AN, BAD)
    batch = ImportBatch.objects.get()

    assert client.get(address).context["is_busy"] is True
    assert jobs.judge_import(batch.pk) == "1 new, 0 same, 0 changed, 0 unclear, 1 wrong"
    assert client.get(address).context["is_busy"] is False

    assert client.post(f"{address}apply/", follow=True).context["is_busy"] is True
    jobs.apply_import(batch.pk, batch.user_id)
    assert (client.get(address).context["batch"].state, Person.objects.count()) == ("applied", 1)


def test_a_long_list_refused_in_the_queue_says_why_and_waits(client, make, monkeypatch):
    session = make.session(body=make.body(members=1))
    monkeypatch.setattr(imports, "AT_ONCE", 1)
    address = uploaded(client, AN, BAD, to=f"/sessions/{session.pk}/import/")
    batch = ImportBatch.objects.get()
    jobs.judge_import(batch.pk)
    client.post(f"{address}apply/")
    type(session).objects.update(state="cancelled")

    with pytest.raises(Exception, match="cancelled|hủy"):
        jobs.apply_import(batch.pk, batch.user_id)

    page = client.get(address)
    assert (page.context["batch"].state, page.context["is_busy"], bool(page.context["failure"])) == (
        "ready",
        False,
        True,
    )
    assert Job.objects.get(pk=batch.job_id).state == "failed"


@pytest.mark.parametrize("count", [1, 3])
def test_the_dry_run_asks_the_same_number_of_questions(client, count, django_assert_num_queries):
    address = uploaded(
        client,
        *[
            (n, f"Lê Văn {letter}", "Sở Y tế", None, "abc@")
            for n, letter in zip(range(count), "BCD", strict=False)
        ],
    )
    client.get(address)

    with django_assert_num_queries(9):
        client.get(address)


@pytest.mark.parametrize(
    "path",
    ["/people/import/", "/week/import/", "/imports/{pk}/", "/imports/{pk}/file/", "/imports/{pk}/apply/"],
)
def test_a_viewer_is_kept_out(make, path):
    make.office()
    batch = imports.receive(content=xlsx(HEAD, AN), file_name="a.xlsx", by=SYSTEM)
    viewer = make.client(Role.VIEWER)
    address = path.format(pk=batch.pk)

    answer = viewer.post(address) if address.endswith("apply/") else viewer.get(address)

    assert answer.status_code in (403, 404)
    assert not Person.objects.exists()


@pytest.mark.parametrize("path", ["decide/", "decide-all/", "apply/"])
def test_nothing_is_decided_by_a_link(client, path):
    assert client.get(f"{uploaded(client, AN)}{path}").status_code == 405
