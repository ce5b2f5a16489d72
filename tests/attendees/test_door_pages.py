"""The staff's pages of the door: badges, devices and rounds, the live board, roll-call, the report."""

import csv
import datetime as dt
import io
import uuid

import pytest
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from attendees.models import Badge, Conflict, Delegate, Device, Scan, Snapshot
from attendees.services import annulments, badges, devices, reports, rounds, scans, sheets
from attendees.services.scans import Attempt
from attendees.verdicts import Verdict
from planner.access import SYSTEM, Role
from planner.models import AuditEntry, Job


class Hall:
    """A session under way with three delegates of two delegations."""

    def __init__(self, make) -> None:
        now = timezone.now()
        self.make = make
        self.session = make.session(title="Hội nghị Ban Chấp hành")
        self.session.starts_at, self.session.ends_at = (
            now - dt.timedelta(minutes=5),
            now + dt.timedelta(hours=3),
        )
        self.session.save()
        self.units = [make.unit("Xã A", position=1), make.unit("Xã B", position=2)]
        names = ("Nguyễn Thị Hường", "Trần Văn Ánh", "Lê Thị Bình")
        self.rows = [
            make.delegate(
                self.session, make.person(name), delegation=self.units[n > 0], printed_post="Bí thư"
            )
            for n, name in enumerate(names)
        ]
        badges.issue(session=self.session, by=SYSTEM)
        self.held = badges.held_in(self.session)
        self.client = make.client(Role.HEAD_OF_OFFICE)

    def path(self, rest: str) -> str:
        return f"/sessions/{self.session.pk}/{rest}"

    def enters(self, n: int, **fields) -> Scan:
        attempt = Attempt(uuid.uuid4(), badges.token_of(self.held[self.rows[n].person_id]), **fields)
        return scans.decide(session=self.session, attempt=attempt, by=SYSTEM)


@pytest.fixture
def hall(make) -> Hall:
    return Hall(make)


PAGES = ["badges/", "doors/", "board/", "board/screen/", "roll-call/", "report/"]


@pytest.mark.parametrize("page", PAGES)
def test_each_page_shows_itself(hall, page):
    hall.enters(0)

    assert hall.client.get(hall.path(page)).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_session_has_its_pages_too(make, page):
    assert make.client(Role.HEAD_OF_OFFICE).get(f"/sessions/{make.session().pk}/{page}").status_code == 200


@pytest.mark.parametrize(
    ("page", "status"),
    [("badges/", 403), ("doors/", 403), ("board/", 200), ("roll-call/", 403), ("report/", 403)],
)
def test_a_viewer_sees_the_board_and_no_more(hall, page, status):
    assert hall.make.client(Role.VIEWER).get(hall.path(page)).status_code == status


def test_a_sheet_is_asked_for_watched_and_fetched(hall):
    asked = hall.client.post(hall.path("badges/print/"), {"format": "cr80", "order": "name"})
    waiting = hall.client.get(hall.path("badges/"), headers={"HX-Request": "true"})
    sheets.render(job_id=Job.objects.get().pk, by=SYSTEM)
    ready = hall.client.get(hall.path("badges/"), headers={"HX-Request": "true"})
    pdf = hall.client.get(hall.path("badges/cr80.pdf"))

    assert asked.status_code == 302
    assert "every 1s" in waiting.content.decode()
    assert "every 1s" not in ready.content.decode()
    assert hall.path("badges/cr80.pdf") in ready.content.decode()
    assert pdf.content.startswith(b"%PDF")
    assert hall.client.get(hall.path("badges/a7.pdf")).status_code == 404


def test_a_badge_is_replaced_and_cancelled_from_the_page(hall):
    old = hall.held[hall.rows[0].person_id]

    first = hall.client.post(hall.path(f"badges/{old.pk}/replace/"), {"reason": "mất"})
    again = hall.client.post(hall.path(f"badges/{old.pk}/replace/"), {"reason": "mất"})
    new = Badge.objects.get(person=hall.rows[0].person, state="active")
    hall.client.post(hall.path(f"badges/{new.pk}/revoke/"))

    assert (first.status_code, again.status_code) == (302, 422)
    assert sorted(Badge.objects.filter(person=hall.rows[0].person).values_list("state", flat=True)) == [
        "cancelled",
        "replaced",
    ]


def test_handing_out_is_noted_for_one_delegation(hall):
    hall.client.post(hall.path("badges/hand-over/"), {"unit": hall.units[1].pk, "to": "Đ/c Lan"})

    noted = Badge.objects.exclude(handed_at=None)
    assert {badge.person_id for badge in noted} == {row.person_id for row in hall.rows[1:]}
    assert {badge.handed_to for badge in noted} == {"Đ/c Lan"}


def test_a_pairing_code_is_shown_once_and_pairs(hall):
    shown = hall.client.post(hall.path("doors/invite/"), {"gate": "Cửa 1", "role": "scan"})
    code = shown.context["invited"]["code"]

    assert "<svg" in str(shown.context["invited"]["qr"])
    assert code not in hall.client.get(hall.path("doors/")).content.decode()
    assert devices.pair(code=code).device.gate.name == "Cửa 1"
    device = Device.objects.get()
    hall.client.post(hall.path(f"doors/devices/{device.pk}/revoke/"))
    device.refresh_from_db()
    assert device.revoked_at


def test_a_new_round_begins_and_a_conflict_is_settled(hall):
    hall.enters(0)
    hall.enters(0, offline=Verdict.ADMITTED, corrected_at=timezone.now())
    conflict = Conflict.objects.get()

    hall.client.post(hall.path(f"doors/conflicts/{conflict.pk}/"), {"resolution": "Thẻ cho mượn"})
    hall.client.post(hall.path("doors/rounds/"), {"name": "Buổi chiều"})

    conflict.refresh_from_db()
    assert conflict.resolution == "Thẻ cho mượn"
    assert [one.round.name for one in rounds.of(hall.session)] == ["", "Buổi chiều"]


def test_the_board_answers_a_poll_with_nothing_while_nothing_changed(hall):
    hall.enters(0)
    page = hall.client.get(hall.path("board/"))
    seen = page.context["seen"]
    poll = hall.path(f"board/?seen={seen}")

    unchanged = hall.client.get(poll, headers={"HX-Request": "true"})
    cached = hall.client.get(hall.path("board/"), headers={"If-None-Match": page["ETag"]})
    hall.enters(1)
    changed = hall.client.get(poll, headers={"HX-Request": "true"})

    assert (unchanged.status_code, cached.status_code, changed.status_code) == (204, 304, 200)
    assert changed.context["figures"].total.present_now == 2


@pytest.mark.parametrize("deed", ["round", "reply", "removal", "undo"])
def test_whatever_moves_the_figures_wakes_the_board(hall, deed):
    scan = hall.enters(0)
    seen = hall.client.get(hall.path("board/")).context["seen"]

    if deed == "round":
        rounds.open_next(session=hall.session, by=SYSTEM)
    elif deed == "undo":
        annulments.annul(scan=scan, by=SYSTEM)
    elif deed == "removal":
        Delegate.objects.filter(pk=hall.rows[2].pk).update(removed_at=timezone.now())
    else:
        hall.client.post(hall.path("roll-call/"), {"delegate": hall.rows[2].pk, "state": "excused"})

    assert hall.client.get(hall.path(f"board/?seen={seen}")).status_code == 200


def test_figures_are_frozen_and_stay(hall):
    hall.enters(0)
    hall.client.post(hall.path("board/freeze/"), {"name": "Khai mạc"})
    hall.enters(1)
    row = Snapshot.objects.get()

    page = hall.client.get(hall.path(f"board/snapshots/{row.pk}/"))

    assert (row.name, page.context["figures"]["present_now"]) == ("Khai mạc", 1)


def test_a_party_that_walked_in_is_marked_with_one_button(hall):
    hall.client.post(hall.path("roll-call/"), {"unit": hall.units[1].pk, "state": "present"})
    hall.client.post(hall.path("roll-call/"), {"unit": hall.units[1].pk, "state": "present"})

    marked = Scan.objects.filter(kind="mark")
    assert {scan.delegate_id for scan in marked} == {row.pk for row in hall.rows[1:]}
    assert marked.count() == 2


def test_those_seated_in_the_link_before_are_offered_never_counted_by_themselves(make):
    chain, hall = make.chain(), Hall(make)
    hall.session.chain, now = chain, timezone.now()
    hall.session.save()
    after = make.session(chain=chain)
    after.starts_at, after.ends_at = now + dt.timedelta(minutes=1), now + dt.timedelta(hours=2)
    after.save()
    stays = make.delegate(after, hall.rows[0].person)
    make.delegate(after, hall.rows[1].person)
    hall.enters(0)

    page = hall.client.get(f"/sessions/{after.pk}/roll-call/")
    before = page.context["figures"].total.present_now
    hall.client.post(f"/sessions/{after.pk}/roll-call/", {"state": "seated"})

    assert ([row.pk for row in page.context["seated"]], before) == ([stays.pk], 0)
    assert list(Scan.objects.filter(session=after).values_list("delegate_id", "verdict")) == [
        (stays.pk, "admitted")
    ]


def test_the_report_is_the_same_in_xlsx_csv_and_pdf(hall):
    hall.enters(0)
    Delegate.objects.filter(pk=hall.rows[1].pk).update(reply="excused")

    files = {kind: hall.client.get(hall.path(f"report/attendance.{kind}")) for kind in reports.CONTENT_TYPES}

    book = load_workbook(io.BytesIO(files["xlsx"].content)).worksheets[0]
    in_book = {row[1]: row[4] for row in book.iter_rows(values_only=True) if isinstance(row[0], int)}
    text = files["csv"].content.decode("utf-8-sig")
    in_csv = {row[1]: row[4] for row in list(csv.reader(io.StringIO(text)))[1:]}
    in_pdf = " ".join(
        " ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(files["pdf"].content)).pages
    )
    assert in_book == {"Nguyễn Thị Hường": "có mặt", "Trần Văn Ánh": "được phép vắng", "Lê Thị Bình": "vắng"}
    assert in_csv == in_book
    assert [name for name in (*in_book, "BÁO CÁO ĐIỂM DANH", hall.session.title) if name not in in_pdf] == []
    assert AuditEntry.objects.filter(action="attendance.exported").count() == 3


def test_a_formula_in_a_name_stays_a_text_in_csv(hall):
    Delegate.objects.filter(pk=hall.rows[0].pk).update(printed_name="=HYPERLINK(1)")

    text = hall.client.get(hall.path("report/attendance.csv")).content.decode("utf-8-sig")

    assert [row[1] for row in csv.reader(io.StringIO(text)) if "HYPERLINK" in row[1]] == ["'=HYPERLINK(1)"]


def test_the_report_of_a_secret_session_names_neither_it_nor_reasons(make):
    hall = Hall(make)
    hall.make.delegate(hall.session)
    type(hall.session).objects.filter(pk=hall.session.pk).update(
        secrecy="secret", title="", code_name="CANARY", search_key=""
    )
    client = make.client(Role.ADMINISTRATOR)

    files = [client.get(hall.path(f"report/attendance.{kind}")).content for kind in ("csv", "pdf")]

    assert b"CANARY" not in files[0]
    assert "CANARY" not in PdfReader(io.BytesIO(files[1])).pages[0].extract_text()


def test_the_board_costs_the_same_for_three_and_thirty(hall, django_assert_max_num_queries):
    for _ in range(27):
        hall.make.delegate(hall.session, delegation=hall.units[0])
    for n in range(3):
        hall.enters(n)

    with django_assert_max_num_queries(40):
        hall.client.get(hall.path("board/"))
