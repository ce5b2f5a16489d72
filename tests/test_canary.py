"""One invented word is put into every input of a secret session; it must be refused, kept nowhere and said nowhere.

The inputs come from the site itself: each text field of each form on the session's pages, each string of each request
body of the API; a new one is tried without being named here. The outputs are everything the program says: answers,
pages of every role, mails as octets, calendars, PDFs, sheets, logs, and every cell of every table.
"""

import email
import io
import json
import logging
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy
from html.parser import HTMLParser
from typing import Any

import openpyxl
import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client

from attendees.services import badges, mailbox
from attendees.services.imap import Fetched
from planner import http
from planner.access import SYSTEM, Role
from planner.logs import JsonLines
from planner.models import Message, Session
from planner.services import links
from planner.vietnamese import fold
from tests.attendees.answer_mails import Reply, outlook
from tests.mail_sink import mail_sink
from tests.scene import CODE_NAME, Scene, api_routes, filled, page_routes, work

CANARY = "Zanzibar"
# Words that name a person, a door or a device, not what the session is about; a shell may hold them.
NAMES = {"code_name", "by_whom", "to", "printed_name", "printed_post", "seat", "gate", "name", "code"}
HOURS = {"on", "starts", "ends"}  # typed in words, never kept as words
STAFF = (Role.ADMINISTRATOR, Role.HEAD_OF_OFFICE, Role.PLANNER)
OTHERS = (Role.RECEPTION, Role.VIEWER)

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Ears(logging.Handler):
    """Everything the program says: (where, words)."""

    said: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(JsonLines())

    __hash__ = logging.Handler.__hash__

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(("log", self.format(record)))

    def hear(self, word: str) -> list[str]:
        """Where the word was said, in whatever case and with or without its marks."""
        folded = fold(word)
        return sorted({where for where, words in self.said if folded in fold(words)})


@pytest.fixture
def ears(monkeypatch) -> Iterator[Ears]:
    """Ears at the log and at every answer a test client gets."""
    listening = Ears()
    original = Client.request

    def request(self: Client, **asked: Any) -> Any:
        answer = original(self, **asked)
        where = f"{asked.get('REQUEST_METHOD')} {asked.get('PATH_INFO')}"
        listening.said.append((where, words_of(answer)))
        return answer

    monkeypatch.setattr(Client, "request", request)
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(listening)
    root.setLevel(logging.DEBUG)
    yield listening
    root.removeHandler(listening)
    root.setLevel(level)


@pytest.fixture
def sink(settings):
    settings.OUTBOX_DELAY_SECONDS = 0
    with mail_sink() as up:
        settings.EMAIL_URL = up.url
        yield up


@pytest.fixture
def shell(make, sink, ears) -> Scene:
    """A secret session, published, invited, answered, badged, counted."""
    return Scene(make, secret=True)


def words_of(answer: Any) -> str:
    """What a reader of the answer finds in it, headers included; PDFs and sheets are opened."""
    octets = b"".join(answer.streaming_content) if answer.streaming else answer.content
    head = "\n".join(f"{name}: {value}" for name, value in answer.items())
    return f"{head}\n{words_in(octets)}"


def words_in(octets: bytes) -> str:
    """The words of a file: a PDF's text, a workbook's parts, else the octets as they are."""
    if octets.startswith(b"%PDF"):
        return " ".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(octets))
    if octets.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(octets)) as package:
            return " ".join(package.read(name).decode("utf-8", "replace") for name in package.namelist())
    return octets.decode("utf-8", "replace")


def kept(word: str) -> list[str]:
    """The tables with a cell that holds the word, in clear or sealed under the office's own key."""
    found = set()
    folded = fold(word)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            columns = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                found |= {
                    f"{table}.{name}"
                    for name, cell in zip(columns, row, strict=True)
                    if folded in fold(_cell(cell))
                }
    return sorted(found)


def _cell(cell: Any) -> str:
    if isinstance(cell, memoryview | bytes):
        octets = bytes(cell)
        if octets.startswith(b"gAAAA"):  # a Fernet token
            octets = links.opened(octets)
        return words_of_mail(octets) if b"\r\nMIME-Version:" in octets else words_in(octets)
    return cell if isinstance(cell, str) else json.dumps(cell, default=str, ensure_ascii=False)


def words_of_mail(octets: bytes) -> str:
    """The headers and every part of a mail, decoded as a reader's program does."""
    message = email.message_from_bytes(octets, policy=policy.default)
    parts = [part for part in message.walk() if not part.is_multipart()]
    head = " ".join(f"{name}: {value}" for one in message.walk() for name, value in one.items())
    return head + " ".join(words_in(part.get_payload(decode=True)) for part in parts)


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is looked at and then did not happen, so that every attempt meets the same session."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# --- by API -----------------------------------------------------------------------------------------------------------


def bodies(scene: Scene) -> dict[tuple[str, str], dict[str, Any]]:
    """A body that each endpoint about a session would take, by (method, path)."""
    here = {"session_id": scene.session_id}
    hours = {
        "starts_at": scene.make.at("14:00").isoformat(),
        "ends_at": scene.make.at("16:00").isoformat(),
    }
    reason = {"reason_code": "leader_decided"}
    delegate = str(scene.things["delegates"])
    return {
        ("post", "sessions"): hours | reason | {"secrecy": "secret", "code_name": "Mã 1", "kind": "working"},
        ("patch", "sessions/{session_id}"): {},
        ("post", "sessions/{session_id}/publish"): reason,
        ("post", "sessions/{session_id}/move"): hours | reason,
        ("post", "sessions/{session_id}/cancel"): {"reason_code": "postponed"},
        ("post", "sessions/{session_id}/close"): {},
        ("post", "sessions/{session_id}/call"): {"connection_id": scene.things["connections"]},
        ("post", "sessions/{session_id}/roll-call"): {
            "items": [{"delegate_id": delegate, "state": "present"}]
        },
        ("post", "sessions/{session_id}/badges"): {},
        ("post", "sessions/{session_id}/delegates"): {"person_ids": [str(scene.make.person().pk)]},
        ("post", "sessions/{session_id}/invitations"): {},
        ("post", "sessions/{session_id}/rounds"): {},
        ("post", "bookings"): here | {"room_id": str(scene.room.pk)},
        ("post", "badges/{badge_id}/replace"): {},
        ("post", "badges/{badge_id}/revoke"): {},
        ("patch", "delegates/{delegate_id}"): {},
        ("post", "delegates/{delegate_id}/reply"): {"status": "asks_substitute"},
        ("post", "delegates/{delegate_id}/decision"): {"decision": "excused", "by_whom": "Đồng chí Bí thư"},
        ("post", "devices"): here | {"gate": "Cửa 1"},
        ("post", "devices/{device_id}/revoke"): {},
        ("post", "rounds/{round_id}/snapshot"): {},
        ("post", "scans/{scan_id}/annul"): {},
        ("post", "conflicts/{conflict_id}/resolve"): {"resolution": "x"},
    }


# Endpoints of the directory, of programs and of scanners: they take no words about a session.
APART = (
    "connections", "devices/pair", "engagements", "feeds", "imports", "people", "rules", "scans", "scans/batch", "slots", "week",
)  # fmt: skip


def strings(route: str, method: str) -> list[tuple[str, ...]]:
    """The path to each free string of the endpoint's body: ("title",), ("agenda", "presenter"), …"""
    schema = http.api.get_openapi_schema()
    content = schema["paths"][f"/api/v1/{route}"][method].get("requestBody", {}).get("content", {})
    parts = schema["components"]["schemas"]

    def resolved(part: dict[str, Any]) -> dict[str, Any]:
        if "$ref" in part:
            return resolved(parts[part["$ref"].rsplit("/", 1)[-1]])
        choices = [one for one in part.get("anyOf", part.get("allOf", [])) if one.get("type") != "null"]
        return resolved(choices[0]) if choices and "properties" not in part else part

    def within(part: dict[str, Any]) -> Iterator[tuple[str, ...]]:
        for name, raw in resolved(part).get("properties", {}).items():
            one = resolved(raw)
            if one.get("type") == "string" and not one.keys() & {"enum", "const", "format", "pattern"}:
                yield (name,)
            if one.get("type") == "array":
                yield from ((name, *deeper) for deeper in within(one["items"]))

    bodies = [part["schema"] for part in content.values()]
    return [path for body in bodies for path in within(body) if not path[-1].endswith("_id")]


def with_word(body: Mapping[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    """The body with the canary at the path."""
    name, *deeper = path
    if not deeper:
        return {**body, name: CANARY}
    first = (body.get(name) or [{}])[0]
    return {**body, name: [{**first, deeper[0]: CANARY}]}


def test_no_endpoint_takes_a_word_about_a_secret_session(shell: Scene, ears: Ears):
    known, findings, tried = bodies(shell), [], 0
    for method in ("post", "patch", "put"):
        for route in api_routes(method):
            if route.split("/")[0] in APART or route in APART:
                continue
            base, path = known[method, route], filled(route, shell.things)
            for field_path in strings(route, method):
                if NAMES.intersection(field_path):
                    continue
                tried += 1
                with undone():
                    answer = getattr(shell.admin, method)(path, with_word(base, field_path))
                    if answer.status_code != 422 or answer.json()["code"] != "secret_content_refused":
                        findings.append(
                            f"{method} {route} {field_path}: {answer.status_code}, kept in {kept(CANARY)}"
                        )
                    elif field_path[0] not in " ".join(answer.json()["errors"]):
                        findings.append(
                            f"{method} {route} {field_path}: errors name {answer.json()['errors']}"
                        )

    assert "\n".join(findings) == ""
    assert tried > 20
    assert ears.hear(CANARY) == []
    assert kept(CANARY) == []


# --- by page ----------------------------------------------------------------------------------------------------------


class Forms(HTMLParser):
    """The forms of a page that post: where to, their values, and which of them a person types words into."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str], list[str]]] = []
        self.open: tuple[str, dict[str, str], list[str]] | None = None
        self.choice = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form" and given.get("method", "").lower() == "post":
            self.open = (given.get("action", ""), {}, [])
            self.found.append(self.open)
        elif tag == "form":
            self.open = None
        if self.open and given.get("name"):
            self._take(tag, given)
        elif self.open and tag == "option" and ("selected" in given or self.choice not in self.open[1]):
            self.open[1][self.choice] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        if tag == "select":
            self.choice = ""

    def _take(self, tag: str, given: dict[str, str]) -> None:
        assert self.open is not None
        _action, values, words = self.open
        name, kind = given["name"], given.get("type", "text")
        if tag == "select":
            self.choice = name
        elif tag == "textarea" or (tag == "input" and kind == "text" and "inputmode" not in given):
            words.append(name)
            values[name] = given.get("value", "")
        elif kind not in ("checkbox", "radio") or "checked" in given or name not in values:
            values[name] = given.get("value", "")


def pages_about(scene: Scene) -> list[str]:
    """Every address of the session, its delegates and their links."""
    about = ("sessions/<", "delegates/<", "i/<", "bookings/<")
    return ["/" + filled(route, scene.things) for _name, route in page_routes() if route.startswith(about)]


def test_no_form_takes_a_word_about_a_secret_session(shell: Scene, ears: Ears):
    findings, tried = [], set()
    clerk = shell.make.client(Role.ADMINISTRATOR)
    paths = [*pages_about(shell), "/sessions/new/"]
    for path in paths:
        shown = clerk.get(path)
        if shown.status_code != 200 or "html" not in shown["Content-Type"]:
            continue
        for action, values, fields in Forms(shown.content.decode()).found:
            goal = (action or path).split("?")[0]
            for name in fields:
                if name.rsplit("-", 1)[-1] in NAMES | HOURS or (goal, name) in tried:
                    continue
                tried.add((goal, name))
                with undone():
                    secret = {"secrecy": "secret", "code_name": "Mã 2"} if "secrecy" in values else {}
                    answer = clerk.post(goal, values | secret | {name: CANARY})
                    if found := kept(CANARY):
                        findings.append(f"{goal} {name}: {answer.status_code}, kept in {found}")
                    if fold(CANARY) in fold(words_of(answer)):
                        findings.append(f"{goal} {name}: {answer.status_code}, echoed")

    assert "\n".join(findings) == ""
    assert len(tried) > 10
    assert ears.hear(CANARY) == []


def test_a_list_of_people_brings_no_word_into_a_secret_session(shell: Scene, ears: Ears):
    book = openpyxl.Workbook()
    book.active.title = CANARY
    rows = (
        (CANARY,),
        ("STT", "Họ và tên", "Chức vụ", "Ghi chú"),
        ("I", f"Các đồng chí {CANARY}"),
        (1, "Nguyễn Văn An", "", f"Vắng vì {CANARY}"),
    )
    for row in rows:
        book.active.append(row)
    octets = io.BytesIO()
    book.save(octets)

    for name in (f"{CANARY}.xlsx", "danh-sach.xlsx"):
        file = SimpleUploadedFile(name, octets.getvalue())
        sent = shell.admin.client.post("/api/v1/imports", {"file": file, "session_id": shell.session_id})
        assert sent.status_code == 202
        work()
        path = f"imports/{sent.json()['import_id']}"
        batch = shell.admin.get(path).json()
        shell.admin.post(f"{path}/apply", {"decisions": []})
        work()
        assert batch["state"] == "ready"

    assert ears.hear(CANARY) == []
    assert kept(CANARY) == []


def test_a_reason_that_comes_by_mail_is_not_taken_over(shell: Scene, ears: Ears):
    member = shell.members[2]
    said = Reply(str(shell.session.uid), member.email, "DECLINED", more=f"COMMENT:{CANARY}")

    mailbox.take(mail=Fetched(7, outlook(said), True), uid_validity=1, by=SYSTEM)

    assert shell.session.delegates.get(person=member).reply == "asks_excuse"
    assert kept(CANARY) == ["attendees_inboundmail.octets"]  # every mail is kept as it came, sealed
    for path in (*pages_about(shell), "/mail/quarantine/"):
        shell.make.client(Role.ADMINISTRATOR).get(path)
    assert ears.hear(CANARY) == []


# --- what is said of it -----------------------------------------------------------------------------------------------


def outlets(scene: Scene, client: Client) -> None:
    """Asks for every page and every file of the site, as this visitor."""
    for name, route in page_routes():
        if not name.startswith(("account_", "mfa_", "styleguide", "set_language")):
            client.get("/" + filled(route, scene.things))
    for path in scene.feeds:
        client.get(path)


def questions(scene: Scene, program: Any) -> None:
    """Asks every question of the API, as this program."""
    queries = {
        "rooms/free": {
            "starts_at": scene.starts_at.isoformat(),
            "ends_at": scene.session.ends_at.isoformat(),
        },
        "devices": {"session_id": scene.session_id},
        "sessions/{session_id}/door-search": {"q": "Nguyen"},
    }
    for route in api_routes("get"):
        program.get(filled(route, scene.things), **queries.get(route, {}))


def test_the_code_name_stays_among_those_who_may_know(shell: Scene, ears: Ears, sink):
    assert ears.hear(CODE_NAME) != []  # those who planned it were told
    ears.said.clear()

    for role in OTHERS:
        outlets(shell, shell.make.client(role))
        questions(shell, shell.make.api_client(role))
    outlets(shell, Client())
    questions(shell, shell.device)
    scan = {"scan_id": str(shell.things["scans"]), "code": shell.tokens[shell.members[0].pk]}
    shell.device.post("scans", scan)

    assert ears.hear(CODE_NAME) == []
    assert {where for where, _words in ears.said} > {"log", f"GET /i/{shell.things['i']}/", "GET /week/"}


@pytest.mark.parametrize("role", STAFF)
def test_those_who_may_know_find_it_by_its_code_name(shell: Scene, ears: Ears, role: Role):
    hub = f"/sessions/{shell.session_id}/"

    shell.make.client(role).get(hub)

    assert f"GET {hub}" in ears.hear(CODE_NAME)


def test_what_reaches_delegates_of_a_secret_session_is_neutral(shell: Scene, ears: Ears, sink):
    later = shell.starts_at.replace(hour=9, minute=0) + (shell.session.ends_at - shell.session.starts_at) * 8
    shell.post(
        f"sessions/{shell.session_id}/move", {"starts_at": later.isoformat(), "reason_code": "leader_decided"}
    )
    work()
    shell.post(f"sessions/{shell.session_id}/cancel", {"reason_code": "postponed"})
    work()

    assert len(sink.taken) == 15  # five people: invited, moved, cancelled
    for letter in sink.taken:
        told = letter.octets.decode() + words_of_mail(letter.octets)
        assert fold(CODE_NAME) not in fold(told)
        assert "Họp nội bộ" in letter.text()
        assert "/j/" not in told
        assert "hop.tinh.example" not in told
    subjects = set(Message.objects.values_list("subject", flat=True))
    assert [subject for subject in subjects if fold(CODE_NAME) in fold(subject)] == []
    sheet = shell.admin.get(f"sessions/{shell.session_id}/badges.pdf")
    assert "Họp nội bộ" in words_of(sheet)
    assert fold(CODE_NAME) not in fold(words_of(sheet))


# --- what was open becomes secret -------------------------------------------------------------------------------------


def spoken(text: str) -> str:
    """Whatever is typed into the open session carries the canary, people's and places' own names apart."""
    about = ("Hội nghị", "Báo cáo", "Sở", "Đồng chí Bí thư đã")
    return f"{text} {CANARY}" if text.startswith(about) else text


def test_a_session_that_becomes_secret_is_emptied_of_every_word(make, sink, ears: Ears):
    scene = Scene(make, say=spoken)
    path, guest = f"sessions/{scene.session_id}", scene.rows[scene.guest.pk]
    scene.admin.patch(path, {"description": CANARY, "place_text": CANARY, "escort": CANARY, "car": CANARY})
    scene.admin.patch(f"delegates/{guest.pk}", {"needs": CANARY, "note": CANARY, "diet": CANARY})
    scene.post(f"delegates/{guest.pk}/reply", {"status": "declined", "reason": CANARY})
    work()
    assert ears.hear(CANARY) != []
    before = len(sink.taken)
    empty = {"title": "", "description": "", "place_text": "", "escort": "", "car": "", "agenda": []}

    raised = scene.admin.patch(
        path, empty | {"secrecy": "secret", "code_name": "Mã 3", "preparing_unit_id": None}
    )
    assert raised.status_code == 200, raised.content.decode()
    work()

    ears.said.clear()
    sent_earlier = {"planner_message.octets", "planner_message.facts"}  # listed as beyond recall
    assert sorted(set(kept(CANARY)) - sent_earlier) == []
    for letter in sink.taken[before:]:
        assert fold(CANARY) not in fold(letter.octets.decode() + words_of_mail(letter.octets))
    for role in (*STAFF, *OTHERS):
        outlets(scene, scene.make.client(role))
        questions(scene, scene.make.api_client(role))
    outlets(scene, Client())
    questions(scene, scene.device)
    assert ears.hear(CANARY) == []


# --- one secret item of an open session -------------------------------------------------------------------------------


def test_a_secret_item_is_known_by_its_number_only(make, sink, ears: Ears):
    scene = Scene(make)
    path = f"sessions/{scene.session_id}"
    for name in ("title", "presenter", "preparing_unit"):
        items = [{"title": "Báo cáo", "minutes": 30}, {"minutes": 30, "secrecy": "secret", name: CANARY}]
        refused = scene.admin.patch(path, {"agenda": items})
        assert (refused.status_code, refused.json()["code"]) == (422, "secret_content_refused")

    assert kept(CANARY) == []
    assert ears.hear(CANARY) == []
    items = scene.admin.get(path).json()["agenda"]
    assert [(item["number"], item["title"], item["hands_out_papers"]) for item in items][1] == (2, "", True)
    assert all("2. Nội dung tại hội nghị" in letter.text() for letter in sink.taken)


def test_a_scan_says_no_more_of_a_secret_session_than_of_its_holder(shell: Scene):
    token = badges.token_of(badges.held_in(shell.session)[shell.members[0].pk])
    answer = shell.device.post("scans", {"scan_id": str(shell.things["scans"]), "code": token}).json()

    assert answer["person"] == shell.members[0].full_name
    assert Session.objects.get(pk=shell.session_id).public_name == "Họp nội bộ"


def test_the_canary_would_be_heard(make, sink, ears: Ears):
    """The ears and the search of the tables find what is there: an open session's title, in clear and in base64."""
    scene = Scene(make, say=spoken)

    assert {"planner_session.title", "planner_message.octets"} <= set(kept(CANARY))
    assert f"GET /api/v1/sessions/{scene.session_id}" not in ears.hear(CANARY)
    scene.admin.get(f"sessions/{scene.session_id}")
    assert f"GET /api/v1/sessions/{scene.session_id}" in ears.hear(CANARY)
    assert all(CANARY in words_of_mail(letter.octets) for letter in sink.taken)
