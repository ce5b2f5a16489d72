"""An office with one of everything, reached as programs reach it, and every address that leads to it."""

import datetime as dt
import io
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.urls import URLPattern, get_resolver
from django.urls.resolvers import RoutePattern, URLResolver
from django.utils import timezone
from django_q.models import OrmQ

from attendees.models import Conflict, InboundMail
from attendees.services import badges, mailbox
from attendees.services.imap import Fetched
from planner import http
from planner.access import SYSTEM, Role
from planner.management.queue import Worker
from planner.models import ApiToken, Body, Holiday, Session, StandingRule
from planner.services import links, outbox
from rooms.models import JoinPass
from tests.attendees.answer_mails import Reply, outlook
from tests.make import ApiClient, Make

CODE_NAME = "Bạch Đàn 47"  # of a secret session: staff may know it, delegates and viewers never
AS_PARAMETER = re.compile(r"[<{](?:\w+:)?(\w+)[>}]")


def work() -> None:
    """Carries out what is queued and sends what is due, as the worker does."""
    while OrmQ.objects.exists():
        Worker()._turn()
        connections["default"].ensure_connection()
    outbox.deliver_due(seconds=60)


@dataclass
class Scene:
    """A published session with everything that hangs on it; `say` may change every word that is typed in."""

    make: Make
    secret: bool = False
    say: Callable[[str], str] = str
    things: dict[str, Any] = field(default_factory=dict)  # by the word before a parameter in an address

    def __post_init__(self) -> None:
        self.admin = self.make.api_client(Role.ADMINISTRATOR)
        self._people()
        self._office()
        self._session()
        self._delegates()
        self._mail()
        self._door()
        self._week()
        self._list()
        self._feeds()

    def post(self, path: str, body: Any = None, by: ApiClient | None = None) -> Any:
        """The answer of a program's POST, which must be taken."""
        answer = (by or self.admin).post(path, body)
        assert answer.status_code in (200, 201, 202), (path, answer.status_code, answer.content.decode())
        return answer.json()

    def _people(self) -> None:
        make, say = self.make, self.say
        unit = make.unit(say("Đảng ủy phường Hạc Thành"))
        names = ("Nguyễn Văn An", "Trần Thị Bình", "Lê Minh Châu", "Phạm Quốc Dương", "Hoàng Thu Yến")
        people = [make.person(say(name), unit=unit) for name in names]
        post = make.appointment(people[0], make.post(say("Bí thư Tỉnh ủy"), rank=1), unit=unit)
        self.members, self.guest = people[:4], people[4]
        self.body = make.body(
            kind=Body.Kind.STANDING_BOARD,
            members=self.members,
            name=say("Ban Thường vụ Tỉnh ủy"),
            short_name="BTV",
        )
        rhythm = StandingRule.objects.create(
            body=self.body, rrule="FREQ=MONTHLY;BYMONTHDAY=25", starts_on=make.day, starts_time=dt.time(8)
        )
        self.things |= {
            "units": unit.pk,
            "people": people[0].pk,
            "appointments": post.pk,
            "bodies": self.body.pk,
            "seats": self.body.memberships.first().pk,
            "rhythm": rhythm.pk,
            "rhythms": rhythm.pk,
        }

    def _office(self) -> None:
        make, say = self.make, self.say
        make.office(
            name=say("Văn phòng Tỉnh ủy"),
            place=say("Thanh Hóa"),
            phone="0237 3852 222",
            issuer_name=say("Ban Thường vụ Tỉnh ủy"),
        )
        rule = make.quorum_rule(self.body)
        user = make.user(Role.PLANNER)
        make.holiday(make.day + dt.timedelta(days=40), say("Nghỉ bù"))
        self.room = make.room(
            say("Phòng họp số 1"),
            seats=40,
            site=make.site(say("Trụ sở Tỉnh ủy")),
            fit_for_secret=True,
            email="p1@tinhuy.example",
        )
        self.things |= {
            "quorum": rule.pk,
            "accounts": user.pk,
            "terms": make.term().pk,
            "kinds": "regular",
            "holidays": Holiday.objects.latest("pk").pk,
            "rooms": self.room.pk,
            "tokens": ApiToken.objects.first().pk,
        }

    def _session(self) -> None:
        self.starts_at = timezone.localtime().replace(second=0, microsecond=0) + dt.timedelta(minutes=30)
        plan = {
            "body_id": str(self.body.pk),
            "starts_at": self.starts_at.isoformat(),
            "ends_at": (self.starts_at + dt.timedelta(hours=3)).isoformat(),
            "room_id": str(self.room.pk),
            "mode": "hybrid",
        }
        self.session_id = self.post("sessions", plan | self._words())["id"]
        self.session = Session.objects.get(pk=self.session_id)
        line = {"name": "E-Cabinet", "address": "https://hop.tinh.example/btv", "is_protected": True}
        self.things["connections"] = self.post("connections", line)["id"]
        self.post(f"sessions/{self.session_id}/call", {"connection_id": self.things["connections"]})
        self.post(f"sessions/{self.session_id}/publish", self.reason())
        self.things |= {"sessions": self.session_id, "bookings": self.session.bookings.get().pk}

    def _words(self) -> dict[str, Any]:
        """What is said of the session: a title and an agenda, or only a code name."""
        if self.secret:
            return {"secrecy": "secret", "code_name": CODE_NAME, "kind": "extraordinary"}
        say = self.say
        items = [
            {
                "title": say("Báo cáo tình hình thu ngân sách"),
                "minutes": 45,
                "presenter": say("Sở Tài chính"),
            },
            {"minutes": 30, "secrecy": "secret"},
        ]
        return {"title": say("Hội nghị Ban Thường vụ Tỉnh ủy tháng 11"), "agenda": items}

    def reason(self) -> dict[str, str]:
        """Why clashes are accepted: in words, or as a code."""
        if self.secret:
            return {"reason_code": "leader_decided"}
        return {"override_reason": self.say("Đồng chí Bí thư đã đồng ý")}

    def _delegates(self) -> None:
        path = f"sessions/{self.session_id}"
        self.post(f"{path}/delegates", {"person_ids": [str(self.guest.pk)], "category": "guest"})
        self.things["jobs"] = self.post(f"{path}/invitations")["job_id"]
        work()
        self.rows = {row.person_id: row for row in self.session.delegates.select_related("invitation")}
        first, second = (self.rows[person.pk] for person in self.members[:2])
        self.post(f"delegates/{first.pk}/reply", {"status": "attending", "mode": "in_person"})
        self.post(f"delegates/{second.pk}/reply", {"status": "asks_excuse", "reason_code": "abroad"})
        join = JoinPass.objects.get(session=self.session, person=self.members[0]) if not self.secret else None
        self.things |= {
            "delegates": second.pk,
            "i": links.token("invitation", first.pk, first.invitation.generation),
            "j": links.token("join", f"{self.session.pk}-{join.person_id}", join.generation) if join else "x",
        }

    def _mail(self) -> None:
        """An answer by mail of somebody who was not invited."""
        mail = outlook(Reply(str(self.session.uid), "nguoi.la@tinh.example"))
        mailbox.take(mail=Fetched(1, mail, True), uid_validity=1, by=SYSTEM)
        self.things["mail"] = InboundMail.objects.get().pk

    def _door(self) -> None:
        path = f"sessions/{self.session_id}"
        self.post(f"{path}/badges", {"format": "a6"})
        work()
        invited = self.post(
            "devices", {"session_id": self.session_id, "gate": self.say("Cửa 1"), "role": "scan"}
        )
        token = self.post("devices/pair", {"code": invited["code"]})["token"]
        self.device = ApiClient(token)
        held = badges.held_in(self.session)
        self.tokens = {pk: badges.token_of(badge) for pk, badge in held.items()}
        scan = {"scan_id": str(uuid.uuid4()), "code": self.tokens[self.members[0].pk]}
        assert self.post("scans", scan, by=self.device)["verdict"] == "admitted"
        self.things |= {
            "badges": held[self.members[0].pk].pk,
            "devices": invited["id"],
            "rounds": self.session.rounds.get().pk,
            "scans": scan["scan_id"],
        }
        self._two_doors(scan)

    def _two_doors(self, first: dict[str, str]) -> None:
        """The same badge let in by a second door that was offline, and the figures frozen at that moment."""
        invited = self.post(
            "devices", {"session_id": self.session_id, "gate": self.say("Cửa 2"), "role": "scan"}
        )
        offline = ApiClient(self.post("devices/pair", {"code": invited["code"]})["token"])
        item = first | {"scan_id": str(uuid.uuid4()), "verdict": "admitted"}
        self.post("scans/batch", {"items": [item], "pending": 0}, by=offline)
        self.things |= {
            "conflicts": Conflict.objects.get().pk,
            "snapshots": self.post(f"rounds/{self.things['rounds']}/snapshot")["id"],
            "format": "a6",
            "attendance.": "xlsx",
        }

    def _list(self) -> None:
        """An uploaded list, read and waiting for its decisions."""
        book = openpyxl.Workbook()
        book.active.title = self.say("Danh sách")
        for row in (
            ("Họ và tên", "Chức vụ", "Thư điện tử"),
            ("Vũ Đức Khánh", "Chuyên viên", "khanh@tinh.example"),
            ("Bùi", "", "@"),
        ):
            book.active.append([self.say(cell) if "@" not in cell else cell for cell in row])
        octets = io.BytesIO()
        book.save(octets)
        file = SimpleUploadedFile("danh-sach.xlsx", octets.getvalue())
        answer = self.admin.client.post("/api/v1/imports", {"file": file})
        assert answer.status_code == 202, answer.content.decode()
        work()
        self.things["imports"] = answer.json()["import_id"]

    def _feeds(self) -> None:
        """A calendar feed of each kind."""
        of = {
            "delegate": {"person_id": str(self.members[0].pk)},
            "body": {"body_id": str(self.body.pk)},
            "room": {"room_id": str(self.room.pk)},
            "office": {},
        }
        made = [self.post("feeds", {"kind": kind} | thing) for kind, thing in of.items()]
        self.feeds = ["/c/" + feed["url"].rsplit("/", 1)[-1] for feed in made]
        self.things |= {"feeds": made[0]["id"], "c": made[0]["url"].rsplit("/", 1)[-1].removesuffix(".ics")}

    def _week(self) -> None:
        say = self.say
        line = {
            "on": timezone.localdate().isoformat(),
            "content": say("Đi cơ sở xã Tà Đùng"),
            "leader_ids": [str(self.members[2].pk)],
        }
        entry = self.post("engagements", line)["id"]
        year, week, _day = timezone.localdate().isocalendar()
        self.things |= {
            "entries": entry,
            "engagements": entry,
            "week": f"{year}-W{week:02}",
            "needs": "silent",
        }


def filled(route: str, things: Mapping[str, Any]) -> str:
    """The route with a thing for every parameter: by what it is joined to, its own name, or the word before it.

    A KeyError names the word that no thing stands for yet: give the scene one.
    """
    parts = route.split("/")
    for at, part in enumerate(parts):
        if parameter := AS_PARAMETER.search(part):
            keys = (part[: parameter.start()], parameter[1], route.split("/")[at - 1])
            key = next((key for key in keys if key in things), keys[-1])
            parts[at] = part.replace(parameter[0], str(things[key]))
    return "/".join(parts)


def page_routes() -> Iterator[tuple[str, str]]:
    """(name, route) of every page of the site; those of the API apart."""
    for name, route in _routes(get_resolver().url_patterns, ""):
        if not route.startswith("api/"):
            yield name, route


def api_routes(method: str) -> Iterator[str]:
    """The route of every endpoint of the API that takes the method, below /api/v1/."""
    for path, methods in http.api.get_openapi_schema()["paths"].items():
        if method in methods:
            yield path.removeprefix("/api/v1/")


def _routes(patterns: list[Any], before: str) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        if not isinstance(pattern.pattern, RoutePattern):
            continue  # of allauth, behind our own "no such page"
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield str(pattern.name), route
