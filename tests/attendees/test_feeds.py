"""Calendars to subscribe to: what they show, to whom, and that asking again is cheap and honest."""

import datetime as dt
import gzip
import re

import icalendar
import pytest
import time_machine
import vobject
from django.test import Client
from django.utils import timezone

from attendees.models import FeedToken
from attendees.services import feeds, invitations
from planner.access import SYSTEM, Role
from planner.errors import NotAllowed
from planner.models import Message, Person, Session
from planner.services import audit

PUBLISHED = {"state": "published"}


@pytest.fixture(autouse=True)
def office(make, settings):
    settings.BASE_URL = "https://hop.tinhuy.example"
    settings.DEFAULT_FROM_EMAIL = "Văn phòng <vp@tinhuy.example>"
    return make.office()


@pytest.fixture
def body(make):
    return make.body(name="Ban Thường vụ Tỉnh ủy", members=2)


def published(make, hours="08:00-11:00", **fields):
    return make.session(hours, **{"published_at": timezone.now()} | PUBLISHED | fields)


def path(feed):
    return f"/c/{feeds.token(feed)}.ics"


def ask(feed, **headers):
    return Client().get(path(feed), headers=headers)


def events(response):
    assert response.status_code == 200
    vobject.readOne(response.content.decode())  # a second reader agrees that it is a calendar
    return {
        str(event["UID"]): event for event in icalendar.Calendar.from_ical(response.content).walk("VEVENT")
    }


def test_a_bodys_feed_shows_its_published_sessions_and_nobody(make, body):
    session = published(make, body=body, title="Hội nghị tháng 11")
    make.booking(session, make.room("Phòng P1"))
    make.delegate(session)
    make.session(body=body, title="Bản nháp")
    published(make, title="Của ban khác")

    response = ask(feeds.create(kind="body", body=body, by=SYSTEM))

    [event] = events(response).values()
    assert (str(event["UID"]), str(event["SUMMARY"])) == (str(session.uid), "Hội nghị tháng 11")
    assert str(event["LOCATION"]).startswith("Phòng P1")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    for word in (b"METHOD", b"ATTENDEE", b"ORGANIZER"):
        assert word not in response.content
    head = response.content.decode().split("BEGIN:VTIMEZONE")[0]
    assert [line for line in head.splitlines() if line.startswith(("NAME", "X-", "REFRESH"))] == [
        "NAME:Ban Thường vụ Tỉnh ủy",
        "X-WR-CALNAME:Ban Thường vụ Tỉnh ủy",
        "X-WR-TIMEZONE:Asia/Ho_Chi_Minh",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    ]


def test_room_and_office_feeds_show_what_is_theirs(make):
    here, there = published(make, title="Ở đây"), published(make, "14:00-15:00", title="Ở kia")
    room = make.room()
    make.booking(here, room)
    make.booking(there, make.room())

    of_room = events(ask(feeds.create(kind="room", room=room, by=SYSTEM)))
    of_office = events(ask(feeds.create(kind="office", by=SYSTEM)))

    assert (set(of_room), set(of_office)) == ({str(here.uid)}, {str(here.uid), str(there.uid)})


def test_a_delegates_feed_has_their_sessions_their_times_and_number(make):
    session = published(make, "08:00-11:00")
    first, second = make.item(session, minutes=60), make.item(session, minutes=60)
    whole, part = make.delegate(session), make.delegate(session)
    part.items.set([second])
    published(make, title="Không mời")
    unseen = feeds.create(kind="delegate", person=part.person, by=SYSTEM)
    assert events(ask(unseen)) == {}  # until the office told the time of the item

    invitations.send(session=session, by=SYSTEM)

    [own] = events(ask(feeds.create(kind="delegate", person=whole.person, by=SYSTEM))).values()
    [theirs] = events(ask(unseen)).values()
    assert [timezone.localtime(event.start).hour for event in (own, theirs)] == [8, 9]
    assert (own["UID"], own["SEQUENCE"]) == (str(session.uid), 0)
    assert str(own["URL"]) == f"https://hop.tinhuy.example{make.link(whole.invitation)}"
    assert len(own.walk("VALARM")) == 2
    assert first.pk != second.pk


def test_what_was_cancelled_stays_for_ninety_days(make, body):
    session = published(make, body=body)
    feed = feeds.create(kind="body", body=body, by=SYSTEM)
    Session.objects.filter(pk=session.pk).update(state="cancelled", cancelled_at=timezone.now())

    assert [str(event["STATUS"]) for event in events(ask(feed)).values()] == ["CANCELLED"]
    with time_machine.travel(timezone.now() + dt.timedelta(days=92)):
        assert events(ask(feed)) == {}


def test_who_was_taken_off_the_list_sees_the_session_cancelled(make):
    delegate = make.delegate(published(make))
    feed = feeds.create(kind="delegate", person=delegate.person, by=SYSTEM)
    delegate.removed_at = timezone.now()
    delegate.save()

    assert [str(event["STATUS"]) for event in events(ask(feed)).values()] == ["CANCELLED"]


def test_leaving_a_body_empties_the_members_feed_of_it(make, body):
    published(make, body=body)
    membership = body.memberships.first()
    feed = feeds.create(kind="body", body=body, person=membership.person, by=SYSTEM)
    assert len(events(ask(feed))) == 1

    membership.ends_on = timezone.localdate()
    membership.save()
    audit.record("membership.ended", on=membership, by=SYSTEM)

    assert events(ask(feed)) == {}


def test_of_a_secret_session_feeds_have_neutral_words_only(make, body):
    session = make.session(
        body=body, secrecy="secret", code_name="CANARY", published_at=timezone.now(), **PUBLISHED
    )
    make.booking(session, make.room("Phòng P2", fit_for_secret=True))

    response = ask(feeds.create(kind="body", body=body, by=SYSTEM))

    [event] = events(response).values()
    assert (str(event["SUMMARY"]), str(event["CLASS"])) == ("Họp nội bộ", "CONFIDENTIAL")
    assert b"CANARY" not in response.content


def test_the_same_state_has_the_same_octets_and_is_not_sent_twice(make, body, django_assert_max_num_queries):
    session = published(make, body=body)
    feed = feeds.create(kind="body", body=body, by=SYSTEM)
    first, second = ask(feed), ask(feed)

    assert first.content == second.content
    assert (first["ETag"], first["Last-Modified"]) == (second["ETag"], second["Last-Modified"])
    with django_assert_max_num_queries(10):
        by_etag = ask(feed, **{"If-None-Match": first["ETag"]})
    by_date = ask(feed, **{"If-Modified-Since": first["Last-Modified"]})
    assert [(one.status_code, one.content, one["ETag"]) for one in (by_etag, by_date)] == [
        (304, b"", first["ETag"])
    ] * 2

    session.title = "Tên mới"
    session.save()
    audit.record("session.edited", on=session, by=SYSTEM)
    changed = ask(feed, **{"If-None-Match": first["ETag"], "If-Modified-Since": first["Last-Modified"]})
    assert changed.status_code == 200
    assert ask(feed, **{"If-Modified-Since": first["Last-Modified"]}).status_code == 200
    assert changed["Last-Modified"] != first["Last-Modified"]


def test_head_and_gzip_say_the_same(make, body):
    for hour in range(8, 18):
        published(make, f"{hour:02}:00-{hour:02}:30", body=body)
    feed = feeds.create(kind="body", body=body, by=SYSTEM)
    plain, packed = ask(feed), ask(feed, **{"Accept-Encoding": "gzip"})
    head = Client().head(path(feed))

    assert gzip.decompress(packed.content) == plain.content
    assert "Accept-Encoding" in packed["Vary"]
    assert "Accept-Encoding" in plain["Vary"]
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", plain["ETag"])
    assert ask(feed, **{"Accept-Encoding": "gzip", "If-None-Match": packed["ETag"]}).status_code == 304
    assert Client().post(path(feed)).status_code == 405


def test_a_feed_tells_nobody_else(make, body):
    feed = feeds.create(kind="body", body=body, by=SYSTEM)

    response = ask(feed, Authorization="Bearer nonsense")

    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-cache"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Referrer-Policy"] == "no-referrer"
    assert len(feeds.token(feed)) == 26
    assert feeds.token(feed) not in repr(FeedToken.objects.values().get())
    feed.refresh_from_db()
    assert feed.last_used_at is not None


def test_a_rotated_or_revoked_address_is_unknown_at_once(make, body):
    feed = feeds.create(kind="body", body=body, by=SYSTEM)
    old = path(feed)

    feed = feeds.rotate(feed=feed, by=SYSTEM)
    assert (Client().get(old).status_code, ask(feed).status_code) == (404, 200)
    feeds.revoke(feed=feed, by=SYSTEM)
    assert ask(feed).status_code == 404


def test_guessing_addresses_is_slowed_down(db):
    statuses = [Client().get(f"/c/{'a' * 25}{n % 10}.ics").status_code for n in range(31)]

    assert statuses == [404] * 30 + [429]


def test_a_delegate_subscribes_on_their_page_instead_of_calendar_mails(make):
    delegate = make.delegate(published(make))
    invitation = make.invitation(delegate)
    page = make.link(invitation)
    assert Client().get(f"{page}subscribe/").status_code == 405

    shown = Client().post(f"{page}subscribe/")

    [address] = re.findall(
        r'value="https://hop\.tinhuy\.example(/c/[a-z2-7]{26}\.ics)"', shown.content.decode()
    )
    assert Client().get(address).status_code == 200
    delegate.person.refresh_from_db()
    assert delegate.person.calendar_by == Person.CalendarBy.FEED
    with pytest.raises(NotAllowed):
        feeds.create(kind="delegate", person=make.person(), by=_link(delegate))


def _link(delegate):
    from attendees.services import visits

    return visits.actor_of(delegate.invitation)


def test_who_subscribes_gets_words_by_mail_and_no_second_entry(make):
    session = published(make)
    delegate = make.delegate(session, make.person(calendar_by="feed"))
    invitations.send(session=session, by=SYSTEM)

    assert Message.objects.get().method == "NOTICE"
    assert delegate.person.calendar_by == "feed"


def test_programs_hand_out_feeds(make, body):
    program, reader = make.api_client(), make.api_client(Role.VIEWER)

    made = program.post("feeds", {"kind": "body", "body_id": str(body.pk)})
    again = program.post("feeds", {"kind": "body", "body_id": str(body.pk)})
    assert (made.status_code, made.json()) == (201, again.json())
    url = made.json()["url"].removeprefix("https://hop.tinhuy.example")
    assert Client().get(url).status_code == 200

    turned = program.post(f"feeds/{made.json()['id']}/rotate").json()
    assert (Client().get(url).status_code, turned["url"] == made.json()["url"]) == (404, False)
    assert program.get("feeds").json()["count"] == 1
    assert program.post("feeds", {"kind": "room"}).json()["code"] == "feed_of_nothing"
    assert reader.post("feeds", {"kind": "office"}).status_code == 403
    assert reader.get("feeds").json() == {"items": [], "count": 0}
    assert program.post(f"feeds/{made.json()['id']}/revoke").status_code == 204


def test_the_office_makes_changes_and_revokes_feeds_on_its_page(make, body):
    client = make.client()

    client.post("/feeds/make/", {"of": f"body:{body.pk}"})
    client.post("/feeds/make/", {"of": "office"})
    [first, second] = FeedToken.objects.order_by("id")
    page = client.get("/feeds/").content.decode()
    assert (feeds.address(first) in page, feeds.address(second) in page) == (True, True)

    client.post(f"/feeds/{first.pk}/rotate/")
    client.post(f"/feeds/{second.pk}/revoke/")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.generation, second.revoked_at is None) == (2, False)
    assert make.client(Role.VIEWER).get("/feeds/").status_code == 403
    assert make.client(Role.VIEWER).post("/feeds/make/", {"of": "office"}).status_code == 403
