"""Many at once over HTTP, against real server processes: a room serves one session, a badge is let in once.

Small by default; DRILL=1 takes the full size.
"""

import datetime as dt
import os
import random
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from threading import Barrier

import pytest
from django.db import connection

from attendees.models import Scan
from attendees.services import badges
from planner.access import SYSTEM, Role
from planner.models import Session
from planner.services import accounts
from rooms.models import Booking
from tests.servers import Program, Running, running

SLOTS, WRITERS = (50, 50) if os.environ.get("DRILL") else (10, 8)
DOORS = 50

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def server(django_db_setup, django_db_blocker):
    """Two web processes, and no worker beside them."""
    with django_db_blocker.unblock(), running(QUEUE_WORKERS="0", WEB_WORKERS="2") as up:
        yield up


@pytest.fixture
def tokens(transactional_db, make):
    """One token a writer."""
    user = make.user(Role.PLANNER)
    return [
        accounts.create_token(user=user, name=f"may {n}", scopes=("plan", "door"), by=SYSTEM)[1]
        for n in range(WRITERS)
    ]


def at_once(jobs):
    """What the jobs say, each in a thread of its own, all let go at the same moment."""
    gate = Barrier(len(jobs))

    def wait_and_do(job):
        gate.wait(60)
        return job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [future.result() for future in [pool.submit(wait_and_do, job) for job in jobs]]


def rivals(make, slot: int) -> list[Session]:
    """Sessions that all want the same hours, or hours that touch through set-up and tear-down."""
    starts_at = make.at("08:00") + dt.timedelta(hours=4 * slot)
    slips = [dt.timedelta(minutes=random.Random(slot * 1000 + n).choice([0, 15, 60])) for n in range(WRITERS)]
    return Session.objects.bulk_create(
        Session(
            title=f"Hội nghị {slot}.{n}",
            starts_at=starts_at + slips[n],
            ends_at=starts_at + slips[n] + dt.timedelta(hours=2),
        )
        for n in range(WRITERS)
    )


def overlapping_pairs() -> list[tuple[int, int]]:
    """Live bookings of one room that share a moment, found by plain comparison of all with all."""
    rows = list(Booking.objects.live().order_by("starts_at"))
    return [
        (a.pk, b.pk)
        for a, b in combinations(rows, 2)
        if a.room_id == b.room_id and a.starts_at < b.ends_at and b.starts_at < a.ends_at
    ]


def test_of_all_who_want_a_room_at_once_one_gets_it(make, server: Running, tokens):
    room = make.room("Phòng P1", seats=60)
    slots = [rivals(make, slot) for slot in range(SLOTS)]
    writers = [server.program(token) for token in tokens]

    def hold(writer: Program, session: Session):
        return lambda: writer.post("bookings", {"session_id": str(session.pk), "room_id": str(room.pk)})

    answers = [
        at_once([hold(writer, one) for writer, one in zip(writers, slot, strict=True)]) for slot in slots
    ]

    for slot in answers:
        assert Counter(answer.status for answer in slot) == {201: 1, 409: WRITERS - 1}
    losers = [answer.json() for slot in answers for answer in slot if answer.status == 409]
    assert {problem["code"] for problem in losers} == {"room_taken"}
    winners = {answer.json()["id"] for slot in answers for answer in slot if answer.status == 201}
    assert winners == {str(row.pk) for row in Booking.objects.live()}
    assert overlapping_pairs() == []
    assert server.traces == []


def test_one_badge_shown_at_fifty_doors_at_once_is_let_in_once(make, server: Running):
    now = dt.datetime.now(dt.UTC)
    session = make.session(starts_at=now + dt.timedelta(minutes=30), ends_at=now + dt.timedelta(hours=3))
    delegate = make.delegate(session)
    badges.issue(session=session, by=SYSTEM)
    code = badges.token_of(badges.held_in(session)[delegate.person_id])
    office = server.program(make.api_client(Role.PLANNER).token)
    doors = [paired(server, office, session, f"Cửa {n % 4 + 1}") for n in range(DOORS)]

    def show(door: Program):
        return lambda: door.post("scans", {"scan_id": str(uuid.uuid4()), "code": code})

    answers = at_once([show(door) for door in doors])

    assert Counter(answer.status for answer in answers) == {200: DOORS}
    verdicts = Counter(answer.json()["verdict"] for answer in answers)
    assert verdicts == {"admitted": 1, "already_in": DOORS - 1}
    assert Counter(Scan.objects.values_list("verdict", flat=True)) == verdicts
    assert server.traces == []


def paired(server: Running, office: Program, session: Session, gate: str) -> Program:
    invited = office.post("devices", {"session_id": str(session.pk), "gate": gate, "role": "scan"})
    answer = server.program().post("devices/pair", {"code": invited.json()["code"]})
    assert answer.status == 200, (answer.text, connection.vendor)
    return server.program(answer.json()["token"])
