"""Builders of real rows: plain, fast, with sensible defaults; every default can be overridden by keyword.

`make.session("09:00-11:00")` lies on `make.day`, the Tuesday of the week after next, so that "today" never
meets it. People, units and posts get their keys as the services write them.
"""

import datetime as dt
import itertools
import json
from typing import Any

from django.test import Client
from django.utils import timezone

from attendees.models import Delegate, Gate, Invitation, Round
from planner.access import SYSTEM, Actor, Role
from planner.models import (
    AgendaItem,
    Appointment,
    Body,
    Engagement,
    Holiday,
    KindProfile,
    Membership,
    Office,
    Person,
    Post,
    QuorumRule,
    Session,
    SessionChain,
    SessionChair,
    Term,
    Unit,
    User,
)
from planner.services import accounts, links
from planner.services.search import key_of
from planner.vietnamese import fold, sort_key, text_key
from rooms.models import Booking, Layout, Room, Site

FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ")
MIDDLE = ("Văn", "Thị", "Đức", "Minh", "Thu", "Quốc", "Ngọc")
GIVEN = ("An", "Bình", "Cường", "Dũng", "Hà", "Hường", "Khánh", "Lan", "Nam", "Phúc", "Sơn", "Yến")
PASSWORD = "mật khẩu rất dài 2026"
ROLES_OF_FIRST_MEMBERS = ("secretary", "standing_deputy", "deputy")


class ApiClient:
    """A program with a token: paths below /api/v1/, JSON in."""

    def __init__(self, text: str) -> None:
        self.token = text
        self.client = Client(headers={"Authorization": f"Bearer {text}"})

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1/{path}", query)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._send("post", path, body, headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._send("patch", path, body, headers)

    def put(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._send("put", path, body, headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.client.delete(f"/api/v1/{path}", headers=headers)

    def _send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        send = getattr(self.client, method)
        text = json.dumps(body if body is not None else {}, default=str)
        return send(f"/api/v1/{path}", text, content_type="application/json", headers=headers)


class Make:
    """One builder a noun; see the module."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        today = timezone.localdate()
        self.day = today + dt.timedelta(days=15 - today.weekday())

    def number(self) -> int:
        """A number not used before in this test."""
        return next(self._numbers)

    # the office and its directory

    def office(self, **fields: Any) -> Office:
        defaults = {"name": "Văn phòng Tỉnh ủy", "code": "VPTU", "place": "Thanh Hóa"}
        office, _ = Office.objects.update_or_create(pk=1, defaults=defaults | fields)
        return office

    def unit(self, name: str = "", **fields: Any) -> Unit:
        name = name or f"Đảng ủy xã số {self.number()}"
        keys = {"search_key": key_of(name), "sort_key": text_key(name)}
        return Unit.objects.create(**{"name": name} | keys | fields)

    def post(self, name: str = "", **fields: Any) -> Post:
        name = name or f"Chuyên viên {self.number()}"
        defaults = {"search_key": key_of(name)} | fields
        return Post.objects.get_or_create(name=name, defaults=defaults)[0]

    def person(self, full_name: str = "", **fields: Any) -> Person:
        number = self.number()
        full_name = full_name or " ".join(
            (FAMILY[number % len(FAMILY)], MIDDLE[number % len(MIDDLE)], GIVEN[number % len(GIVEN)])
        )
        values = {"email": f"nguoi{number}@tinh.example", "phone": f"0912{number:06d}"} | fields
        unit = values.get("unit")
        words = (full_name, values["phone"], unit.name if unit else "")
        keys = {"sort_key": sort_key(full_name), "search_key": key_of(*words)}
        return Person.objects.create(**{"full_name": full_name} | keys | values)

    def appointment(self, person: Person | None = None, post: Any = None, **fields: Any) -> Appointment:
        """A post held; the person's stored rank follows."""
        person = person or self.person()
        post = post if isinstance(post, Post) else self.post(post or "")
        row = Appointment.objects.create(person=person, post=post, **fields)
        if row.holds_on(timezone.localdate()) and post.rank < person.rank:
            person.rank = post.rank
            person.save(update_fields=["rank"])
        return row

    def term(self, name: str = "2025–2030", **fields: Any) -> Term:
        defaults = {"starts_on": dt.date(2025, 10, 1), "ends_on": dt.date(2030, 10, 1)} | fields
        return Term.objects.get_or_create(name=name, defaults=defaults)[0]

    def body(
        self, *, kind: str = Body.Kind.STANDING_BOARD, members: int | list[Person] = 0, **fields: Any
    ) -> Body:
        """A body and, by precedence, so many members: a secretary, two deputies, members."""
        number = self.number()
        body = Body.objects.create(
            **{"kind": kind, "name": f"Ban số {number}", "short_name": f"B{number}"} | fields
        )
        people = (
            [self.person(seniority=n) for n in range(1, members + 1)] if isinstance(members, int) else members
        )
        for position, person in enumerate(people, start=1):
            first = ROLES_OF_FIRST_MEMBERS[position - 1 : position]
            self.membership(body, person, role=first[0] if first else "member", position=position)
        return body

    def membership(self, body: Body, person: Person | None = None, **fields: Any) -> Membership:
        term = fields.pop("term", None) or self.term()
        return Membership.objects.create(body=body, person=person or self.person(), term=term, **fields)

    def profile(self, kind: str = "regular", body: Body | None = None, **fields: Any) -> KindProfile:
        return KindProfile.objects.update_or_create(kind=kind, body=body, defaults=fields)[0]

    def quorum_rule(self, body: Body | None = None, **fields: Any) -> QuorumRule:
        return QuorumRule.objects.create(body=body, **fields)

    def holiday(self, on: dt.date, name: str = "Nghỉ lễ", **fields: Any) -> Holiday:
        return Holiday.objects.create(on=on, name=name, **fields)

    # accounts

    def user(
        self, role: Role | None = Role.PLANNER, *, body: Any = None, session: Any = None, **fields: Any
    ) -> User:
        """An account with a role for the office, or for one body or session only; its password is make.PASSWORD."""
        username = fields.pop("username", f"taikhoan{self.number()}")
        user = User.objects.create_user(username, password=fields.pop("password", PASSWORD), **fields)
        if role is not None:
            accounts.grant(user=user, role=role, body=body, session=session, by=SYSTEM)
        return user

    def actor(self, role: Role | None = Role.PLANNER, **fields: Any) -> Actor:
        """The actor such an account is."""
        return accounts.actor_for(self.user(role, **fields))

    def client(self, role: Role | None = Role.PLANNER, **fields: Any) -> Client:
        """A signed-in browser without scripts; `role=None` has an account and no right."""
        client = Client()
        client.force_login(self.user(role, **fields), backend="django.contrib.auth.backends.ModelBackend")
        return client

    def api_client(
        self, role: Role = Role.PLANNER, scopes: tuple[str, ...] = ("read", "plan", "people", "door", "admin")
    ) -> ApiClient:
        """A program that acts with a token of an account with that role."""
        _, text = accounts.create_token(user=self.user(role), name="test", scopes=scopes, by=SYSTEM)
        return ApiClient(text)

    # the plan

    def at(self, hour: str, on: dt.date | None = None) -> dt.datetime:
        """The moment of a wall-clock hour ("09:00") on a day, in the office's zone."""
        return timezone.make_aware(dt.datetime.combine(on or self.day, dt.time.fromisoformat(hour)))

    def session(self, hours: str = "08:00-11:00", on: dt.date | None = None, **fields: Any) -> Session:
        """A draft; "22:00-02:00" ends on the next day. With `body`, its term; `chairs=[person]` too."""
        first, last = hours.split("-")
        starts_at, ends_at = self.at(first, on), self.at(last, on)
        if ends_at <= starts_at:
            ends_at += dt.timedelta(days=1)
        chairs = fields.pop("chairs", [])
        values: dict[str, Any] = {"starts_at": starts_at, "ends_at": ends_at}
        if fields.get("secrecy") == "secret":
            values["code_name"] = f"Mã {self.number()}"
        else:
            values["title"] = f"Hội nghị số {self.number()}"
        if fields.get("body") and "term" not in fields:
            values["term"] = self.term()
        values |= fields
        values.setdefault("search_key", fold(str(values.get("title", ""))))
        session = Session.objects.create(**values)
        for position, person in enumerate(chairs, start=1):
            SessionChair.objects.create(session=session, person=person, position=position)
        return session

    def chain(self, title: str = "Chuỗi hội nghị") -> SessionChain:
        return SessionChain.objects.create(title=title)

    def item(self, session: Session, title: str = "Báo cáo", **fields: Any) -> AgendaItem:
        position = fields.pop("position", None) or session.agenda.count() + 1
        return AgendaItem.objects.create(session=session, title=title, position=position, **fields)

    def engagement(self, hours: str = "08:00-11:00", on: dt.date | None = None, **fields: Any) -> Engagement:
        first, last = hours.split("-")
        leaders = fields.pop("leaders", [])
        values = {"content": "Đi cơ sở", "starts_at": self.at(first, on), "ends_at": self.at(last, on)}
        row = Engagement.objects.create(**values | fields)
        row.leaders.set(leaders)
        return row

    # where

    def site(self, name: str = "Trụ sở Tỉnh ủy") -> Site:
        return Site.objects.get_or_create(name=name)[0]

    def room(self, name: str = "", *, seats: int = 30, **fields: Any) -> Room:
        """A room with one classroom layout of so many seats and 15 minutes before and after; seats=0: none."""
        setup = {k: fields.pop(k) for k in ("setup_minutes", "teardown_minutes", "kind") if k in fields}
        site = fields.pop("site", None) or self.site()
        room = Room.objects.create(site=site, name=name or f"Phòng họp {self.number()}", **fields)
        if seats:
            self.layout(room, seats=seats, **setup)
        return room

    def layout(
        self, room: Room | None = None, *, kind: str = "classroom", seats: int = 30, **fields: Any
    ) -> Layout:
        room = room or self.room(seats=0)
        return Layout.objects.create(room=room, kind=kind, seats=seats, **fields)

    def booking(self, session: Session | None = None, room: Room | None = None, **fields: Any) -> Booking:
        """The session's hold on a room, exactly as the service writes it."""
        from rooms.services import bookings

        by = fields.pop("by", SYSTEM)
        return bookings.hold(session=session or self.session(), room=room or self.room(), **fields, by=by)

    # who comes

    def delegate(
        self, session: Session | None = None, person: Person | None = None, **fields: Any
    ) -> Delegate:
        person = person or self.person()
        values = {
            "printed_name": person.full_name,
            "sort_key": person.sort_key,
            "search_key": person.search_key,
            "added_at": timezone.now(),
        }
        return Delegate.objects.create(session=session or self.session(), person=person, **values | fields)

    def invitation(self, delegate: Delegate | None = None, **fields: Any) -> Invitation:
        """An invitation that went out for the session's present times; its link: `make.link(invitation)`."""
        delegate = delegate or self.delegate()
        generation = fields.get("generation", 1)
        values = {
            "state": Invitation.State.INVITED,
            "digest": links.digest(links.token("invitation", delegate.pk, generation)),
            "sent_to": delegate.person.email,
            "last_dtstamp": timezone.now(),
            "session_version": delegate.session.version,
            "told_starts_at": delegate.session.starts_at,
            "told_ends_at": delegate.session.ends_at,
        }
        return Invitation.objects.create(delegate=delegate, **values | fields)

    def link(self, invitation: Invitation) -> str:
        """The address a delegate opens."""
        return f"/i/{links.token('invitation', invitation.delegate_id, invitation.generation)}/"

    def gate(self, session: Session | None = None, name: str = "Cửa 1", **fields: Any) -> Gate:
        return Gate.objects.create(session=session or self.session(), name=name, **fields)

    def round(self, session: Session | None = None, **fields: Any) -> Round:
        session = session or self.session()
        opens_at = session.starts_at - dt.timedelta(minutes=session.doors_open_minutes)
        values = {"number": session.rounds.count() + 1, "opens_at": opens_at}
        return Round.objects.create(session=session, **values | fields)
