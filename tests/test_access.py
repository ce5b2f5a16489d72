"""Every address and endpoint × every role × nobody: one table of statuses, `cases/access.txt`.

A new address fails here until its line stands in the table. What a line should say is printed by the failing test;
read it before you paste it: 404 is what one may not see, 403 what one may see and not do, 422 a form not filled in.
"""

import datetime as dt
import json
import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from attendees.models import Conflict, Device, Scan, Snapshot
from attendees.models.feeds import FeedToken
from attendees.models.mailbox import InboundMail
from attendees.services import badges, devices, scans
from attendees.services.scans import Attempt
from planner.access import SYSTEM, Role
from planner.http import api
from planner.models import ImportBatch, ImportRow, Job, KindProfile, Membership, StandingRule, StoredFile
from planner.services import accounts, links
from rooms.models import Connection, JoinPass

TABLE = Path(__file__).parent / "cases" / "access.txt"
COLUMNS = (
    "nobody",
    Role.VIEWER,
    Role.RECEPTION,
    Role.PLANNER,
    Role.HEAD_OF_OFFICE,
    Role.ADMINISTRATOR,
    "elsewhere",  # a planner of another body
    Role.DOOR_DEVICE,
    Role.UNIT_CONTACT,
    Role.POINT_CONTACT,
)
FEED_TOKEN = "f" * 26
# Not ours to walk: what a query string or a file server decides.
LEFT_OUT = re.compile(r"^(static/|\^|api/v1/(?!docs|openapi))")


def stored() -> dict[str, str]:
    """The table: "GET sessions/" → "302 200 …"."""
    rows = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            deed, _gap, statuses = line.partition("  ")
            rows[deed] = " ".join(statuses.split())
    return rows


def addresses(resolver: Any = None, before: str = "") -> Iterator[str]:
    """The pattern of every page."""
    for entry in (resolver or get_resolver()).url_patterns:
        pattern = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from addresses(entry, pattern)
        elif isinstance(entry, URLPattern) and not LEFT_OUT.match(pattern):
            yield pattern


PAGES = list(dict.fromkeys(addresses()))
PARTS = 8
ENDPOINTS = [
    f"{method.upper()} {path.removeprefix('/api/v1/')}"
    for path, methods in api.get_openapi_schema()["paths"].items()
    for method in methods
]


# What a stranger gets: the log-in, a delegate's links, the scanner's shell, calendars, signs of life, the API's document.
OPEN = {
    "GET /api/v1/docs",
    "POST /api/v1/docs",
    "GET /api/v1/openapi.json",
    "POST /api/v1/openapi.json",
    "GET /c/<str:token>.ics",
    "GET /door/",
    "GET /door/manifest.webmanifest",
    "GET /door/reader.js",
    "GET /door/sw.js",
    "GET /healthz",
    "GET /i/<str:token>/",
    "GET /i/<str:token>/assistant/",
    "GET /i/<str:token>/event.ics",
    "POST /i/<str:token>/opened/",
    "POST /i/<str:token>/subscribe/",
    "GET /j/<str:token>/",
    "GET /login/",
    "POST /login/",
    "GET /metrics",
    "GET /readyz",
    "POST devices/pair (API)",
}


class World:
    """One of everything, and somebody in every role."""

    def __init__(self, make: Any) -> None:
        make.office()
        self.body, other = make.body(members=3), make.body(members=1)
        self.unit = make.unit("Xã A", kind="commune")
        self.person = make.person("Nguyễn Văn An", unit=self.unit)
        self.appointment = make.appointment(self.person, make.post("Bí thư"), unit=self.unit)
        self.room = make.room("P1")
        self.draft = make.session("13:00-14:00", body=self.body)
        self.session = make.session(
            "08:00-10:00", body=self.body, state="published", published_at=timezone.now()
        )
        self.booking = make.booking(self.session, self.room)
        self.free_room = make.room("P2")
        self.item = make.item(self.session)
        self.delegate = make.delegate(self.session, self.person)
        self.guest = make.delegate(self.session, role="invited")
        self.invitation = make.invitation(self.delegate)
        self.engagement = make.engagement()
        self.connection = Connection.objects.create(name="Đường truyền", address="https://hop.example/1")
        self.join_token = links.token("join", f"{self.session.pk}-{self.person.pk}", 1)
        JoinPass.objects.create(
            session=self.session, person=self.person, digest=links.digest(self.join_token)
        )
        self.mail = InboundMail.objects.create(
            key="x", uid_validity=1, uid=1, octets=links.sealed(b"x"), sha256="", session=self.session,
            delegate=self.delegate, verdict="quarantined", received_at=timezone.now(),
        )  # fmt: skip
        self._door(make)
        self._office(make)
        self.clients = {column: self._client(make, column, other) for column in COLUMNS}
        self.tokens = {column: self._token(make, column, other) for column in COLUMNS}

    def _door(self, make: Any) -> None:
        [self.badge, *_others] = badges.issue(session=self.session, by=SYSTEM)
        self.gate, self.round = make.gate(self.session, "Cửa 1"), make.round(self.session)
        invited = devices.invite(session=self.session, gate="Cửa 1", role=Device.Role.SCAN, by=SYSTEM)
        self.device, self.code = invited.device, invited.code
        paired = devices.invite(session=self.session, gate="Cửa 2", role=Device.Role.SCAN, by=SYSTEM)
        self.device_token = devices.pair(code=paired.code).token
        token = badges.token_of(self.badge)
        self.scan = scans.decide(
            session=self.session,
            attempt=Attempt(scan_id=uuid.uuid4(), code=token, gate=self.gate),
            by=SYSTEM,
        )
        second = Scan.objects.create(
            scan_id=uuid.uuid4(),
            session=self.session,
            round=self.round,
            delegate=self.delegate,
            device_at=timezone.now(),
            corrected_at=timezone.now(),
            received_at=timezone.now(),
            verdict="already_in",
        )
        self.conflict = Conflict.objects.create(
            session=self.session, delegate=self.delegate, first=self.scan, second=second
        )

    def _office(self, make: Any) -> None:
        self.user = make.user(Role.VIEWER)
        self.token = accounts.create_token(user=self.user, name="x", scopes=["read"], by=SYSTEM)[0]
        self.job = Job.objects.create(kind="x", session_id=self.session.pk, created_at=timezone.now())
        self.term, self.holiday = make.term(), make.holiday(make.day)
        self.quorum = make.quorum_rule(self.body)
        self.seat = Membership.objects.filter(body=self.body).first()
        file = StoredFile.objects.create(
            kind="import", name="x", content_type="x", content=links.sealed(b"x"), created_at=timezone.now()
        )
        self.batch = ImportBatch.objects.create(
            file_name="x.xlsx", state="ready", file=file, created_at=timezone.now()
        )
        ImportRow.objects.create(batch=self.batch, sheet="1", line=2, status="new", name="An", read={})
        KindProfile.objects.create(kind="regular")
        self.rhythm = StandingRule.objects.create(
            body=self.body, rrule="FREQ=MONTHLY", starts_time=dt.time(8), starts_on=make.day
        )
        self.feed = FeedToken.objects.create(kind="office", digest=links.digest(FEED_TOKEN))
        self.snapshot = Snapshot.objects.create(round=self.round, at=timezone.now(), figures={}, taken_by="x")

    def _user(self, make: Any, column: str, other: Any) -> Any:
        if column == "elsewhere":
            return make.user(Role.PLANNER, body=other)
        return make.user(Role(column))

    def _client(self, make: Any, column: str, other: Any) -> Client:
        client = Client()
        if column != "nobody":
            client.force_login(
                self._user(make, column, other), backend="django.contrib.auth.backends.ModelBackend"
            )
        return client

    def _token(self, make: Any, column: str, other: Any) -> str:
        if column == "nobody":
            return ""
        if column == Role.DOOR_DEVICE:
            return self.device_token
        scopes = ["read", "plan", "people", "door", "admin"]
        user = self._user(make, column, other)
        return accounts.create_token(user=user, name="t", scopes=scopes, by=SYSTEM)[1]

    # What an address or endpoint is about
    @property
    def rows(self) -> dict[str, Any]:
        """What "…/<int:pk>" names, by the word before it."""
        return {
            "accounts": self.user,
            "appointments": self.appointment,
            "badges": self.badge,
            "bodies": self.body,
            "bookings": self.booking,
            "conflicts": self.conflict,
            "delegates": self.delegate,
            "devices": self.device,
            "entries": self.engagement,
            "feeds": self.feed,
            "holidays": self.holiday,
            "imports": self.batch,
            "keys": self.user,  # nobody has a security key here
            "mail": self.mail,
            "people": self.person,
            "quorum": self.quorum,
            "rhythm": self.rhythm,
            "rhythms": self.rhythm,
            "rooms": self.room,
            "seats": self.seat,
            "sessions": self.session,
            "snapshots": self.snapshot,
            "terms": self.term,
            "tokens": self.token,
            "units": self.unit,
        }

    def of_page(self, pattern: str) -> dict[str, Any] | None:
        """The values of an address's parameters; None when the table does not know what they name."""
        row = self.rows.get((re.findall(r"([a-z]+)/<int:pk>", pattern) or [""])[0])
        known = {
            **({"pk": row.pk} if row else {}),
            "session_pk": self.session.pk,
            "body_pk": self.body.pk,
            "person_pk": self.person.pk,
            "token": {"j": self.join_token, "c": FEED_TOKEN}.get(pattern.partition("/")[0], self.rsvp_token),
            "iso_week": "2026-W49",
            "code": "unanswered",
            "kind": "regular",
            "format": "a6" if "badges" in pattern else "csv",
        }
        wanted = re.findall(r"<(?:\w+:)?(\w+)>", pattern)
        return {name: known[name] for name in wanted} if set(wanted) <= known.keys() else None

    @property
    def rsvp_token(self) -> str:
        """The token of the delegate's own page."""
        return links.token("invitation", self.delegate.pk, 1)

    def of_endpoint(self, path: str) -> str:
        """The endpoint with ids in place of their names."""
        ids = {
            "badge_id": self.badge.pk,
            "body_id": self.body.pk,
            "booking_id": self.booking.pk,
            "conflict_id": self.conflict.pk,
            "delegate_id": self.delegate.pk,
            "device_id": self.device.pk,
            "engagement_id": self.engagement.pk,
            "feed_id": self.feed.pk,
            "import_id": self.batch.pk,
            "iso_week": "2026-W49",
            "job_id": self.job.pk,
            "person_id": self.person.pk,
            "round_id": self.round.pk,
            "scan_id": self.scan.scan_id,
            "session_id": self.session.pk,
        }
        return re.sub(r"\{(\w+)\}", lambda match: str(ids.get(match[1], match[0])), path)

    def said(self, deed: str) -> dict[str, Any]:
        """A body that an endpoint can read, so that the answer tells of rights and not of form."""
        ids = {"session_id": str(self.session.pk), "body_id": str(self.body.pk)}
        time = {"starts_at": "2026-12-01T14:00:00+07:00", "ends_at": "2026-12-01T15:00:00+07:00"}
        bodies: dict[str, dict[str, Any]] = {
            "POST bookings": ids | {"room_id": str(self.free_room.pk), "override_reason": "x"},
            "POST conflicts/{conflict_id}/resolve": {"resolution": "x"},
            "POST connections": {"name": "x", "address": "https://x.example"},
            "POST delegates/{delegate_id}/decision": {"decision": "excused", "by_whom": "x"},
            "POST delegates/{delegate_id}/reply": {"status": "attending"},
            "PATCH delegates/{delegate_id}": {"seat": "A1"},
            "POST devices": ids | {"gate": "Cửa 1"},
            "POST devices/pair": {"code": self.code},
            "POST engagements": {"on": "2026-12-01", "content": "x"},
            "PATCH engagements/{engagement_id}": {"on": "2026-12-01", "content": "x"},
            "POST feeds": {"kind": "office"},
            "POST people": {"full_name": "x"},
            "PATCH people/{person_id}": {"note": "x"},
            "POST rules/resolve": {"rule": {"body": "BCH"}},
            "POST scans": ids | {"scan_id": str(uuid.uuid4()), "code": "0" * 34, "gate": "Cửa 2"},
            "POST scans/batch": {"items": []},
            "POST sessions": ids | time | {"title": "x"},
            "PATCH sessions/{session_id}": {"title": "x"},
            "POST sessions/{session_id}/call": {"connection_id": str(self.connection.pk)},
            "POST sessions/{session_id}/delegates": {"person_ids": [str(self.person.pk)]},
            "POST sessions/{session_id}/move": time | {"override_reason": "x"},
            "POST sessions/{session_id}/publish": {"override_reason": "x"},
            "POST sessions/{session_id}/roll-call": {
                "items": [{"delegate_id": str(self.delegate.pk), "state": "present"}]
            },
            "POST slots": ids
            | {"minutes": 60, "from": "2026-12-01T07:00:00+07:00", "until": "2026-12-01T17:00:00+07:00"},
            "POST week/{iso_week}/approve": {"approved_by": "x"},
        }
        return bodies.get(deed, {})

    # Asking, and taking back what the asking did

    def page_statuses(self, method: str, pattern: str) -> str:
        """What every column gets from a page."""
        values = self.of_page(pattern)
        if values is None:
            return f"unknown parameters in {pattern}"
        address = "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda match: str(values[match[1]]), pattern)
        if (
            self._page_status(Role.ADMINISTRATOR, method, address) == "405"
        ):  # so it is for everybody signed in
            return " ".join([self._page_status("nobody", method, address), *["405"] * (len(COLUMNS) - 1)])
        return " ".join(self._page_status(column, method, address) for column in COLUMNS)

    def _page_status(self, column: str, method: str, address: str) -> str:
        client = self.clients[column]
        cookies = client.cookies.copy()
        client.raise_request_exception = False
        with transaction.atomic():
            status = getattr(client, method.lower())(address).status_code
            transaction.set_rollback(True)
        client.cookies = cookies
        return str(status)

    def endpoint_statuses(self, deed: str) -> str:
        """What every column gets from an endpoint."""
        method, _blank, path = deed.partition(" ")
        address = f"/api/v1/{self.of_endpoint(path)}"
        return " ".join(self._endpoint_status(column, method, address, deed) for column in COLUMNS)

    def _endpoint_status(self, column: str, method: str, address: str, deed: str) -> str:
        headers = {"Authorization": f"Bearer {self.tokens[column]}"} if self.tokens[column] else {}
        client = Client(headers=headers, raise_request_exception=False)
        with transaction.atomic():
            if deed == "POST imports":
                upload = SimpleUploadedFile("x.csv", "Họ và tên\nNguyễn Văn An\n".encode())
                answer = client.post(address, {"file": upload})
            elif method == "GET":
                query = {"starts_at": "2026-12-01T08:00:00+07:00", "ends_at": "2026-12-01T09:00:00+07:00"}
                answer = client.get(address, query | {"session_id": self.session.pk, "q": "an"})
            else:
                send = getattr(client, method.lower())
                answer = send(address, json.dumps(self.said(deed)), content_type="application/json")
            transaction.set_rollback(True)
        return str(answer.status_code)


@pytest.fixture
def world(make: Any, db: None) -> Iterator[World]:
    """The world at nine o'clock, in the middle of the session."""
    with time_machine.travel(make.at("09:00"), tick=False):
        yield World(make)


def differing(seen: dict[str, str], told: dict[str, str]) -> list[str]:
    """The lines as they would have to stand, where the table says otherwise."""
    return [f"{deed:<64}  {statuses}" for deed, statuses in seen.items() if told.get(deed) != statuses]


def test_the_table_holds_every_address_and_nothing_else() -> None:
    walked = [f"{method} /{pattern}" for pattern in PAGES for method in ("GET", "POST")]

    assert sorted(stored()) == sorted({*walked, *(f"{deed} (API)" for deed in ENDPOINTS)})


@pytest.mark.parametrize("part", range(PARTS))
def test_pages_answer_each_role_as_the_table_says(world: World, part: int) -> None:
    seen = {
        f"{method} /{pattern}": world.page_statuses(method, pattern)
        for pattern in PAGES[part::PARTS]
        for method in ("GET", "POST")
    }

    assert differing(seen, stored()) == []


@pytest.mark.parametrize("part", range(4))
def test_endpoints_answer_each_role_as_the_table_says(world: World, part: int) -> None:
    seen = {f"{deed} (API)": world.endpoint_statuses(deed) for deed in ENDPOINTS[part::4]}

    assert differing(seen, stored()) == []


def test_nothing_fails_with_an_error_of_ours() -> None:
    assert [deed for deed, statuses in stored().items() if re.search(r"\b5\d\d", statuses)] == []


def test_nobody_gets_nothing_but_what_is_meant_for_strangers() -> None:
    open_to_all = {
        deed for deed, statuses in stored().items() if statuses[:3] in ("200", "201", "202", "204")
    }

    assert open_to_all == OPEN


def test_whoever_has_no_business_with_a_session_does_not_learn_of_it() -> None:
    """A planner of another body gets 404 wherever a session, a delegate, a badge or a booking of ours is named."""
    ours = re.compile(
        r"sessions/(<|\{)|delegates/(<|\{)|badges/(<|\{)|bookings/(<|\{)|rounds/(<|\{)|scans/(<|\{)"
    )
    column = COLUMNS.index("elsewhere")

    seen = {deed: statuses.split()[column] for deed, statuses in stored().items() if ours.search(deed)}

    assert {deed: status for deed, status in seen.items() if status not in ("404", "405")} == {}
