"""The one sentence, end to end: plan, book, link, invite, reply, badge, scan, report; then move and cancel.

Everything is real: web and worker are processes of their own, the office speaks JSON to them, mails arrive at an
SMTP server, a delegate answers by the link in the mail, badges are read from the rendered PDF.
"""

import datetime as dt
import io
import re
import uuid
from collections.abc import Iterable
from typing import Any

import openpyxl
import pypdfium2
import pytest
import vobject
import zxingcpp
from django.utils import timezone

from planner.access import Role
from planner.models import Body
from tests.mail_sink import Letter, mail_sink
from tests.make import PASSWORD
from tests.servers import Program, Running, running, soon

PEOPLE = {
    "an": "Nguyễn Văn An",
    "binh": "Trần Thị Bình",
    "chau": "Lê Minh Châu",
    "duong": "Phạm Quốc Dương",
}
TITLE = "Hội nghị Ban Thường vụ Tỉnh ủy tháng 11"
MEETING = "https://hop.tinh.example/btv"
OFFICE = "vanphong@tinhuy.example"
OVERRIDE = {"override_reason": "Đồng chí Bí thư đã đồng ý"}

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sink():
    with mail_sink() as up:
        yield up


@pytest.fixture
def server(transactional_db, sink, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]  # as the server's own
    sender = f"Văn phòng Tỉnh ủy <{OFFICE}>"
    with running(EMAIL_URL=sink.url, EMAIL_FROM=sender, WEB_WORKERS="1") as up:
        yield up


class Calendar:
    """What a delegate's calendar reads from a letter."""

    def __init__(self, letter: Letter) -> None:
        self.whole = vobject.readOne(letter.calendar.decode())
        self.event = self.whole.vevent
        self.method = self.whole.method.value
        self.uid = self.event.uid.value
        self.sequence = int(self.event.sequence.value)
        self.starts_at = self.event.dtstart.value
        self.mails = [
            line.value.lower().removeprefix("mailto:")
            for line in self.event.contents["attendee"]
            if line.params.get("CUTYPE", ["INDIVIDUAL"]) == ["INDIVIDUAL"]
        ]


class Story:
    """An office, its programs, and what has arrived."""

    def __init__(self, make, server: Running, sink) -> None:
        self.server, self.sink, self.read = server, sink, 0
        make.office(phone="0237 3852 222", issuer_name="Ban Thường vụ Tỉnh ủy")
        people = [make.person(name, email=f"{key}@tinh.example") for key, name in PEOPLE.items()]
        self.body = make.body(kind=Body.Kind.STANDING_BOARD, members=people, name="Ban Thường vụ Tỉnh ủy")
        make.quorum_rule(self.body, base="summoned", numerator=2, denominator=3)
        self.room = make.room("Phòng họp số 1", seats=30, email="p1@tinhuy.example")
        self.admin = server.program(make.api_client(Role.ADMINISTRATOR).token)
        self.office = server.program(make.api_client(Role.PLANNER).token)
        self.clerk = make.user(Role.PLANNER).username
        self.starts_at = timezone.localtime() + dt.timedelta(minutes=30)
        self.id = ""

    def do(self, status: int, path: str, body: Any = None, *, by: Program | None = None) -> Any:
        """The answer to a POST, which must have this status."""
        answer = (by or self.office).post(path, body)
        assert answer.status == status, (path, answer.status, answer.text)
        return answer.json()

    def see(self, path: str, **query: Any) -> Any:
        answer = self.office.get(path, **query)
        assert answer.status == 200, (path, answer.status, answer.text)
        return answer.json()

    def step(self, name: str, body: Any = None) -> Any:
        """Publish, move or cancel the session."""
        return self.do(200, f"sessions/{self.id}/{name}", body)

    def job(self, accepted: dict[str, Any]) -> Any:
        """The job after it ended; it must have ended well."""
        path = f"jobs/{accepted['job_id']}"
        ended = soon(lambda: (job := self.see(path))["state"] in ("done", "failed") and job)
        assert (ended["state"], ended["error"]) == ("done", ""), ended
        return ended

    def mails(self, count: int) -> dict[str, Letter]:
        """The next `count` letters, by whom they reached; no more may come with them."""
        soon(lambda: len(self.sink.taken) >= self.read + count)
        letters = self.sink.taken[self.read :]
        assert len(letters) == count, self.server.log[-4000:]
        self.read += count
        return {key_of(letter): letter for letter in letters}

    def delegates(self) -> dict[str, Any]:
        rows = self.see(f"sessions/{self.id}/delegates")["items"]
        names = {name: key for key, name in PEOPLE.items()}
        return {names[row["printed_name"]]: row for row in rows}


def key_of(letter: Letter) -> str:
    [recipient] = letter.recipients
    return recipient.split("@")[0]


def read_badges(pdf: bytes) -> dict[str, str]:
    """The token on each badge by the name printed on it, as a camera sees the sheet at 150 dpi."""
    tokens: dict[str, str] = {}
    for page in pypdfium2.PdfDocument(pdf):
        words = " ".join(page.get_textpage().get_text_bounded().split()).casefold()
        [key] = [key for key, name in PEOPLE.items() if name.casefold() in words]
        [code] = zxingcpp.read_barcodes(page.render(scale=150 / 72).to_pil())
        tokens[key] = code.text
    return tokens


def test_plan_book_link_invite_reply_badge_scan_report_move_cancel(make, server: Running, sink):
    story = Story(make, server, sink)
    plan(story)
    publish(story)
    letters = invite(story)
    reply_by_link(story, letters)
    excuse(story, letters)
    tokens = print_badges(story)
    scan(story, tokens)
    count(story)
    report(story)
    move(story, letters)
    cancel(story, letters)
    assert server.traces == []


def plan(story: Story) -> None:
    """A draft of the body's members in a room, with a fixed video connection."""
    connection = {"name": "Truyền hình Tỉnh ủy", "kind": "fixed", "address": MEETING}
    line = story.do(201, "connections", connection, by=story.admin)
    wanted = {
        "body_id": str(story.body.pk),
        "kind": "regular",
        "title": TITLE,
        "starts_at": story.starts_at.isoformat(),
        "ends_at": (story.starts_at + dt.timedelta(hours=3)).isoformat(),
        "mode": "hybrid",
        "agenda": [{"title": "Báo cáo thu ngân sách", "minutes": 45, "presenter": "Sở Tài chính"}],
    }
    draft = story.do(201, "sessions", wanted)
    story.id = draft["id"]
    assert (draft["state"], draft["title"], draft["version"]) == ("draft", TITLE, 1)
    assert set(story.delegates()) == set(PEOPLE)

    held = story.do(201, "bookings", {"session_id": story.id, "room_id": str(story.room.pk)})
    assert (held["room"], held["state"], held["role"]) == ("Phòng họp số 1", "held", "main")

    call = story.do(201, f"sessions/{story.id}/call", {"connection_id": line["id"]})
    assert (call["state"], call["link"]) == ("ready", MEETING)


def publish(story: Story) -> None:
    """The list freezes; nothing is sent."""
    published = story.step("publish", OVERRIDE)
    assert (published["state"], published["room_id"]) == ("published", str(story.room.pk))
    assert (published["effects"]["invitations"], story.sink.taken) == (0, [])


def invite(story: Story) -> dict[str, Letter]:
    """Every delegate gets one letter of their own, for their own calendar."""
    accepted = story.do(202, f"sessions/{story.id}/invitations")
    assert accepted["queued"] == len(PEOPLE)
    story.job(accepted)
    letters = story.mails(len(PEOPLE))
    assert set(letters) == set(PEOPLE)
    for key, letter in letters.items():
        check_invitation(story, key, letter)
    return letters


def check_invitation(story: Story, key: str, letter: Letter) -> None:
    message, told = letter.message, Calendar(letter)
    assert message["Subject"].startswith("Giấy mời") or TITLE in message["Subject"]
    assert [part.get_content_type() for part in message.walk() if not part.is_multipart()][:3] == [
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    assert (told.method, told.sequence, told.mails) == ("REQUEST", 0, [f"{key}@tinh.example"])
    assert told.starts_at == story.starts_at.replace(microsecond=0)
    assert told.event.organizer.value.lower() == f"mailto:{OFFICE}"
    [link] = told.event.contents["conference"]
    assert re.fullmatch(rf"{story.server.url}/j/[^/]+/", link.value)
    assert all(words in told.event.location.value for words in ("Phòng họp số 1", link.value))
    assert link.value in told.event.description.value
    text = letter.text()
    assert all(words in text for words in (PEOPLE[key], TITLE, "Phòng họp số 1", link.value))
    joined = story.server.visitor().get(link.value.removeprefix(story.server.url) + "?go=1")
    assert (joined.status, joined.headers["Location"]) == (302, MEETING)


def page_of(story: Story, letter: Letter) -> str:
    """The path of the delegate's own page, as the letter gives it."""
    [found] = set(re.findall(rf"{story.server.url}(/i/[^/\s]+/)", letter.text()))
    return str(found)


def reply_by_link(story: Story, letters: dict[str, Letter]) -> None:
    """Looking changes nothing; one tap answers."""
    path, visitor = page_of(story, letters["an"]), story.server.visitor()
    page = visitor.get(path)
    assert (page.status, TITLE in page.text, PEOPLE["an"] in page.text) == (200, True, True)
    assert story.delegates()["an"]["reply"] == "none"

    posted = visitor.post(path, page, status="attending", mode="in_person", sequence="0")

    assert (posted.status, posted.headers["Location"]) == (302, path)
    an = story.delegates()["an"]
    assert (an["reply"], an["reply_mode"]) == ("attending", "in_person")
    stranger = story.server.visitor()
    forged = stranger.post(path, page, status="asks_excuse", sequence="0")  # no cookie goes with it
    assert (forged.status, story.delegates()["an"]["reply"]) == (403, "attending")


def excuse(story: Story, letters: dict[str, Letter]) -> None:
    """A member asks to be excused, and somebody with a name decides."""
    path, visitor = page_of(story, letters["binh"]), story.server.visitor()
    asked = visitor.post(path, visitor.get(path), status="asks_excuse", reason_code="abroad", sequence="0")
    assert asked.status == 302
    binh = story.delegates()["binh"]
    assert binh["reply"] == "asks_excuse"

    decision = {"decision": "excused", "by_whom": "Đồng chí Bí thư Tỉnh ủy"}
    decided = story.do(200, f"delegates/{binh['id']}/decision", decision)

    assert decided["reply"] == "excused"
    trail = [(row["status"], row["channel"], row["by_whom"]) for row in decided["replies"]]
    assert sorted(trail)[0] == ("asks_excuse", "web", "")
    assert ("excused", "Đồng chí Bí thư Tỉnh ủy") in {(status, by_whom) for status, _, by_whom in trail}


def print_badges(story: Story) -> dict[str, str]:
    """Badges rendered by the worker, read as a camera reads them."""
    path = f"sessions/{story.id}/badges"
    assert story.office.get(f"{path}.pdf", format="a6").status == 404
    story.job(story.do(202, path, {"format": "a6", "one_per_page": True}))
    sheet = story.office.get(f"{path}.pdf", format="a6")
    assert (sheet.status, sheet.headers["Content-Type"]) == (200, "application/pdf")
    tokens = read_badges(sheet.octets)
    assert set(tokens) == set(PEOPLE)
    assert all(re.fullmatch(r"\d{34}", token) for token in tokens.values())
    return tokens


def scan(story: Story, tokens: dict[str, str]) -> None:
    """A device, paired once by a code, lets each badge in once."""
    invited = story.do(201, "devices", {"session_id": story.id, "gate": "Cửa 1", "role": "scan"})
    key = story.do(200, "devices/pair", {"code": invited["code"]}, by=story.server.program())["token"]
    door = story.server.program(key)

    def show(code: str, scan_id: str = "") -> tuple[str, str | None, str]:
        body = {"scan_id": scan_id or str(uuid.uuid4()), "code": code}
        answer = story.do(200, "scans", body, by=door)
        return answer["verdict"], answer["person"], (answer["first"] or {}).get("gate", "")

    once = str(uuid.uuid4())
    assert show(tokens["an"], once)[:2] == ("admitted", PEOPLE["an"])
    assert show(tokens["an"], once)[:2] == ("admitted", PEOPLE["an"])  # the same scan, told again
    assert show(tokens["an"]) == ("already_in", PEOPLE["an"], "Cửa 1")
    typed = story.delegates()["chau"]["badge"]["typed_code"]
    assert show(typed)[:2] == ("admitted", PEOPLE["chau"])
    assert show(tokens["chau"]) == ("already_in", PEOPLE["chau"], "Cửa 1")
    assert show(f"{tokens['an'][:-1]}{(int(tokens['an'][-1]) + 1) % 10}")[0] == "unknown"


def count(story: Story) -> None:
    """Four summoned: two came, one is excused, one is missing; two thirds are not reached."""
    found = story.see(f"sessions/{story.id}/attendance")
    figures = {name: found[name] for name in ("summoned", "present_now", "ever_present", "excused", "absent")}
    assert figures == {"summoned": 4, "present_now": 2, "ever_present": 2, "excused": 1, "absent": 1}
    quorum = {name: found["quorum"][name] for name in ("needed", "base", "present", "met")}
    assert quorum == {"needed": 3, "base": 4, "present": 2, "met": False}
    assert found["by_gate"] == [{"gate": "Cửa 1", "arrived": 2}]
    states = {key: row["attendance"]["state"] for key, row in story.delegates().items()}
    assert states == {"an": "present", "binh": "excused", "chau": "present", "duong": "expected"}


def report(story: Story) -> None:
    """The same figures on paper and in a sheet, for somebody who signed in at the desk."""
    clerk = story.server.visitor()
    sent = clerk.post("/login/", clerk.get("/login/"), login=story.clerk, password=PASSWORD)
    assert (sent.status, sent.headers["Location"]) == (302, "/")

    def fetch(kind: str) -> bytes:
        answer = clerk.get(f"/sessions/{story.id}/report/attendance.{kind}")
        assert answer.status == 200, answer.text
        return answer.octets

    rows = rows_of(fetch("xlsx"))
    states = {key: [str(cell) for cell in row] for key, name in PEOPLE.items() for row in rows if name in row}
    assert set(states) == set(PEOPLE)
    assert {key for key, row in states.items() if "có mặt" in row} == {"an", "chau"}
    assert "được phép vắng" in states["binh"]
    assert "Cửa 1" in states["an"]
    text = " ".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(fetch("pdf")))
    assert all(name in " ".join(text.split()) for name in (TITLE, *PEOPLE.values()))
    assert [name for name in PEOPLE.values() if name not in fetch("csv").decode("utf-8-sig")] == []


def rows_of(octets: bytes) -> list[list[Any]]:
    """The filled cells of every row of every sheet."""
    book = openpyxl.load_workbook(io.BytesIO(octets))
    return [
        [cell for cell in row if cell is not None]
        for sheet in book
        for row in sheet.iter_rows(values_only=True)
    ]


def calendars(letters: Iterable[Letter]) -> dict[str, Calendar]:
    return {key_of(letter): Calendar(letter) for letter in letters}


def move(story: Story, letters: dict[str, Letter]) -> None:
    """One step: the room follows, and every calendar moves by itself."""
    later = story.starts_at + dt.timedelta(days=1)
    moved = story.step("move", {"starts_at": later.isoformat()} | OVERRIDE)
    assert moved["effects"]["booking"] == {"freed": [], "held": ["Phòng họp số 1"]}
    assert (moved["effects"]["invitations"], moved["effects"]["excused_kept"]) == (len(PEOPLE), 1)

    before, after = calendars(letters.values()), calendars(story.mails(len(PEOPLE)).values())

    assert {key: told.uid for key, told in after.items()} == {key: told.uid for key, told in before.items()}
    assert {told.starts_at for told in after.values()} == {later.replace(microsecond=0)}
    assert {(told.method, told.sequence) for told in after.values()} == {("REQUEST", 1)}
    replies = {key: row["reply"] for key, row in story.delegates().items()}
    assert replies == {"an": "none", "binh": "excused", "chau": "none", "duong": "none"}


def cancel(story: Story, letters: dict[str, Letter]) -> None:
    """The room is free again and the event leaves every calendar."""
    cancelled = story.step("cancel", {"reason": "Trùng kỳ họp Hội đồng nhân dân"})
    assert (cancelled["state"], cancelled["effects"]["booking"]["freed"]) == ("cancelled", ["Phòng họp số 1"])

    before, after = calendars(letters.values()), calendars(story.mails(len(PEOPLE)).values())

    assert {key: told.uid for key, told in after.items()} == {key: told.uid for key, told in before.items()}
    assert {(told.method, told.sequence) for told in after.values()} == {("CANCEL", 2)}
    assert {told.event.status.value for told in after.values()} == {"CANCELLED"}
    assert story.see("bookings", session_id=story.id)["items"] == []
