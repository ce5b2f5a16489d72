"""Our own join link: stable, open at the right time, and never for secrets on an open line."""

import datetime as dt

import pytest
from django.utils import timezone

from planner.access import SYSTEM
from planner.flow import move as flow_move
from planner.models import Session
from rooms.models import Connection, JoinPass
from rooms.services import calls
from rooms.services.calls import ConnectionBusy, NotProtected
from tests.make import Make

MEETING = "https://mcu.tinh.example/phong-1"


def connection(**fields: object) -> Connection:
    """A fixed link."""
    values = {"name": "MCU tỉnh", "address": MEETING, "parallel_limit": 1} | fields
    return Connection.objects.create(**values)


def online(make: Make, starts_in: dt.timedelta, minutes: int = 60) -> tuple[Session, str]:
    """An online session that begins so far from now, and somebody's join token."""
    session = make.session(mode="online", title="Trực tuyến")
    session.starts_at = timezone.now() + starts_in
    session.ends_at = session.starts_at + dt.timedelta(minutes=minutes)
    session.save()
    person = make.person()
    calls.arrange(session=session, connection=connection(), by=SYSTEM)
    return session, calls.passes_for(session=session, people=[person], by=SYSTEM)[person.pk]


@pytest.mark.parametrize(
    ("starts_in", "state"),
    [
        (dt.timedelta(minutes=61), "early"),
        (dt.timedelta(minutes=59), "open"),
        (dt.timedelta(minutes=-89), "open"),
        (dt.timedelta(minutes=-91), "over"),
    ],
)
def test_the_link_opens_an_hour_before_and_closes_half_an_hour_after(
    make: Make, starts_in: dt.timedelta, state: str
) -> None:
    _session, token = online(make, starts_in)

    doorway = calls.doorway(token)

    assert doorway is not None
    assert doorway.state == state


def test_the_link_leads_to_the_meeting_only_while_open(make: Make, client: object) -> None:
    _early, early = online(make, dt.timedelta(hours=5))
    Connection.objects.update(parallel_limit=9)
    session = make.session(mode="online")
    session.starts_at, session.ends_at = timezone.now(), timezone.now() + dt.timedelta(hours=1)
    session.save()
    calls.arrange(session=session, connection=Connection.objects.get(), by=SYSTEM)
    person = make.person()
    token = calls.passes_for(session=session, people=[person], by=SYSTEM)[person.pk]

    opened, closed = client.get(f"/j/{token}/?go=1"), client.get(f"/j/{early}/?go=1")  # type: ignore[attr-defined]

    assert (opened.status_code, opened["Location"]) == (302, MEETING)
    assert closed.status_code == 200
    assert MEETING not in closed.content.decode()


def test_the_same_token_is_rebuilt_and_a_wrong_one_is_not_found(make: Make, client: object) -> None:
    session, token = online(make, dt.timedelta(hours=2))
    person = JoinPass.objects.get().person
    again = calls.passes_for(session=session, people=[person], by=SYSTEM)[person.pk]

    assert again == token
    assert len(token) == 26
    assert client.get("/j/aaaaaaaaaaaaaaaaaaaaaaaaaa/").status_code == 404  # type: ignore[attr-defined]
    assert token not in str(JoinPass.objects.values())


def test_moving_the_session_keeps_the_link(make: Make) -> None:
    session, token = online(make, dt.timedelta(minutes=10))

    flow_move.move(session, span=session.span.moved(dt.timedelta(days=1)), by=SYSTEM)

    doorway = calls.doorway(token)
    assert doorway is not None
    assert doorway.state == "early"


def test_a_connection_carries_no_more_than_its_limit(make: Make) -> None:
    line = connection(parallel_limit=2)
    for hours in ("08:00-10:00", "09:00-11:00"):
        calls.arrange(session=make.session(hours), connection=line, by=SYSTEM)

    calls.arrange(session=make.session("10:00-11:00"), connection=line, by=SYSTEM)
    with pytest.raises(ConnectionBusy):
        calls.arrange(session=make.session("09:30-09:45"), connection=line, by=SYSTEM)


def test_a_secret_session_takes_only_a_protected_connection(make: Make) -> None:
    secret = make.session(title="", secrecy="secret", code_name="K-2")

    with pytest.raises(NotProtected):
        calls.arrange(session=secret, connection=connection(), by=SYSTEM)

    assert calls.arrange(session=secret, connection=connection(is_protected=True), by=SYSTEM).state == "ready"


def test_a_cancelled_session_opens_no_link(make: Make) -> None:
    session, token = online(make, dt.timedelta(minutes=5))
    session.state = Session.State.CANCELLED
    session.save()

    doorway = calls.doorway(token)

    assert doorway is not None
    assert doorway.state == "cancelled"
