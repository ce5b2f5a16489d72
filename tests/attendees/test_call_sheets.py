"""The call sheet: exactly whom the last change concerns, by telephone, ticked."""

import datetime as dt

import pytest
from django.utils import timezone

from attendees.models import PhoneCall
from attendees.services import call_sheets, invitations
from planner.access import SYSTEM, Role
from planner.errors import NotAllowed
from planner.models import Message


@pytest.fixture
def session(make):
    make.office()
    return make.session("08:00-11:00", state="published", published_at=timezone.now())


def people(session):
    return [row.delegate.person.full_name for row in call_sheets.sheet(session).rows]


def leave():
    Message.objects.filter(state="queued").update(state="sent", attempts=1, sent_at=timezone.now())


def move(session, minutes=60):
    session.starts_at += dt.timedelta(minutes=minutes)
    session.ends_at += dt.timedelta(minutes=minutes)
    session.version += 1
    session.save()
    invitations.renew(session=session, by=SYSTEM)
    leave()


def test_before_any_change_nobody_is_to_be_called(session, make):
    make.delegate(session)
    invitations.send(session=session, by=SYSTEM)
    leave()

    assert call_sheets.sheet(session) == call_sheets.Sheet(0, [])


def test_a_move_concerns_all_who_knew_and_nobody_who_came_later(session, make):
    make.delegate(session, make.person("Nguyễn Văn An"))
    make.delegate(session, make.person("Trần Thị Bình", email="", phone="0912 000 002"))
    invitations.send(session=session, by=SYSTEM)
    leave()
    move(session)
    make.delegate(session, make.person("Lê Văn Muộn"))
    invitations.send(session=session, by=SYSTEM)
    leave()

    assert sorted(people(session)) == ["Nguyễn Văn An", "Trần Thị Bình"]


def test_a_change_of_one_item_concerns_its_people_only(session, make):
    first, second = make.item(session, minutes=60), make.item(session, minutes=60)
    one, other = (
        make.delegate(session, make.person("Mục Một")),
        make.delegate(session, make.person("Mục Hai")),
    )
    one.items.set([first])
    other.items.set([second])
    invitations.send(session=session, by=SYSTEM)
    leave()

    second.minutes = 90
    second.save()
    session.version += 1
    session.save()
    invitations.renew(session=session, by=SYSTEM)
    leave()

    assert people(session) == ["Mục Hai"]


def test_a_tick_says_by_whom_and_when_and_belongs_to_one_version(session, make):
    delegate = make.delegate(session)
    invitations.send(session=session, by=SYSTEM)
    leave()
    move(session)
    desk = make.actor(Role.RECEPTION)
    version = call_sheets.sheet(session).version

    first = call_sheets.tick(delegate=delegate, version=version, by=desk)
    assert call_sheets.tick(delegate=delegate, version=version, by=SYSTEM) == first
    sheet = call_sheets.sheet(session)
    assert (sheet.told, sheet.rows[0].call.by_label) == (1, desk.label)
    move(session)
    assert call_sheets.sheet(session).told == 0
    with pytest.raises(NotAllowed):
        call_sheets.tick(delegate=delegate, version=version, by=make.actor(Role.VIEWER))


def test_the_page_shows_own_and_assistants_telephones_and_takes_ticks(session, make):
    assistant = make.person("Thư Ký", phone="0912 345 999")
    chief = make.person("Trưởng Ban", phone="0912 345 111", other_phone="0237 3852 222", assistant=assistant)
    delegate = make.delegate(session, chief)
    invitations.send(session=session, by=SYSTEM)
    leave()
    move(session)
    client = make.client(Role.RECEPTION)

    assert (
        f"/sessions/{session.pk}/calls/"
        in client.get(f"/sessions/{session.pk}/invitations/").content.decode()
    )
    text = client.get(f"/sessions/{session.pk}/calls/").content.decode()
    assert [number in text for number in ("0912 345 111", "0237 3852 222", "0912 345 999")] == [True] * 3

    client.post(f"/delegates/{delegate.pk}/called/")
    assert PhoneCall.objects.get().delegate == delegate
    client.post(f"/delegates/{delegate.pk}/called/", {"undo": "1"})
    assert not PhoneCall.objects.exists()
    assert make.client(Role.VIEWER).get(f"/sessions/{session.pk}/calls/").status_code == 403
    assert make.client(None).get(f"/sessions/{session.pk}/calls/").status_code == 404
