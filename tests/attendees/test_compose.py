"""Calendar octets, read back by parsers that are not ours and by raw look."""

import re
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from attendees.itip import compose, text
from attendees.itip.compose import (
    Alarm,
    Attendee,
    Classification,
    Conference,
    Event,
    Method,
    Organizer,
    PartStat,
    Place,
    Role,
)

HOSTILE = [
    "Họp\r\nATTENDEE:mailto:evil@x.example",
    "Họp\nMETHOD:CANCEL",
    'Họp";CN="x',
    "Họp\\nX:1\\",
    "Họp\x00\x07\x1b[31m",
    "Họp\u2028END:VCALENDAR",
    "Họp\x85BEGIN:VEVENT",
    "Họp \u202egnol\u202c; rất, dài: ^n ^' ^^",
    "ệ" * 200,
    "\\" * 149,
    ";" * 76 + "," * 76,
    "\ud800 cô độc",
    "a" + "\u0323\u0302" * 300,
    "😀" * 80,
]


@pytest.fixture
def event():
    return Event(
        uid="7d1f0c1e-6f0b-4c39-a9a7-1f2f3a4b5c6d",
        sequence=2,
        stamped_at=datetime(2026, 11, 2, 1, 0, 5, tzinfo=UTC),
        created_at=datetime(2026, 11, 1, 1, 0, 0, tzinfo=UTC),
        changed_at=datetime(2026, 11, 2, 1, 0, 0, tzinfo=UTC),
        starts_at=datetime(2026, 11, 5, 1, 0, tzinfo=UTC),
        ends_at=datetime(2026, 11, 5, 4, 30, tzinfo=UTC),
        zone=ZoneInfo("Asia/Ho_Chi_Minh"),
        title="Hội nghị Ban Thường vụ Tỉnh ủy; tháng 11",
        description="Kính mời đồng chí dự họp.\nSố máy: 0251 3822 222",
        organizer=Organizer("vanphong@tinhuy.example", "Văn phòng Tỉnh ủy"),
        attendees=(Attendee("an.nguyen@tinhuy.example", "Nguyễn Văn An"),),
        place=Place("Phòng họp P1", "Trụ sở Tỉnh ủy", "p1@tinhuy.example"),
        conference=Conference("https://hop.tinhuy.example/j/abc/", "Họp trực tuyến"),
        alarms=(Alarm(60, "Sắp họp"),),
        page="https://hop.tinhuy.example/i/abc/",
    )


def rows(octets):
    """The unfolded content lines, by a reading of RFC 5545 §3.1 that shares nothing with ours."""
    assert octets.endswith(b"\r\n")
    return octets.decode().replace("\r\n ", "").split("\r\n")[:-1]


def only(octets, name):
    found = [row for row in rows(octets) if re.match(rf"{name}[;:]", row)]
    assert len(found) == 1, found
    return found[0]


def vevent(octets):
    [found] = icalendar.Calendar.from_ical(octets).walk("VEVENT")
    return found


def test_a_request_is_written_as_the_standard_wants_it_octet_by_octet(event):
    octets = compose.request(event)

    assert rows(octets) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Nghi Trinh//Calendar 1.0//VI",
        "CALSCALE:GREGORIAN",
        "METHOD:REQUEST",
        "BEGIN:VTIMEZONE",
        "TZID:Asia/Ho_Chi_Minh",
        "BEGIN:STANDARD",
        "DTSTART:19700101T000000",
        "TZOFFSETFROM:+0700",
        "TZOFFSETTO:+0700",
        "TZNAME:+07",
        "END:STANDARD",
        "END:VTIMEZONE",
        "BEGIN:VEVENT",
        "UID:7d1f0c1e-6f0b-4c39-a9a7-1f2f3a4b5c6d",
        "SEQUENCE:2",
        "DTSTAMP:20261102T010005Z",
        "CREATED:20261101T010000Z",
        "LAST-MODIFIED:20261102T010000Z",
        "DTSTART;TZID=Asia/Ho_Chi_Minh:20261105T080000",
        "DTEND;TZID=Asia/Ho_Chi_Minh:20261105T113000",
        "SUMMARY:Hội nghị Ban Thường vụ Tỉnh ủy\\; tháng 11",
        "DESCRIPTION:Kính mời đồng chí dự họp.\\nSố máy: 0251 3822 222"
        "\\nHọp trực tuyến: https://hop.tinhuy.example/j/abc/",
        "LOCATION:Phòng họp P1\\, Trụ sở Tỉnh ủy | https://hop.tinhuy.example/j/abc/",
        "STATUS:CONFIRMED",
        "CLASS:PUBLIC",
        "TRANSP:OPAQUE",
        "URL:https://hop.tinhuy.example/i/abc/",
        'CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO;LABEL="Họp trực tuyến":https://hop.tinhuy.example/j/abc/',
        "X-MICROSOFT-DISALLOW-COUNTER:TRUE",
        'ORGANIZER;CN="Văn phòng Tỉnh ủy":mailto:vanphong@tinhuy.example',
        'ATTENDEE;CN="Nguyễn Văn An";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE'
        ":mailto:an.nguyen@tinhuy.example",
        'ATTENDEE;CN="Phòng họp P1";CUTYPE=ROOM;ROLE=NON-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE'
        ":mailto:p1@tinhuy.example",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "DESCRIPTION:Sắp họp",
        "TRIGGER:-PT60M",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    ]


def test_two_libraries_read_the_same_moments_and_words(event):
    octets = compose.request(event)

    read = vevent(octets)
    assert (read.start, read.end) == (event.starts_at, event.ends_at)
    assert str(read["SUMMARY"]) == event.title
    assert read["ATTENDEE"][0].params["CN"] == "Nguyễn Văn An"

    other = vobject.readOne(octets.decode()).vevent
    assert other.dtstart.value == event.starts_at
    assert other.summary.value == event.title
    assert other.valarm.trigger.value == timedelta(minutes=-60)


def test_the_same_event_gives_the_same_octets(event):
    assert compose.request(event) == compose.request(replace(event))


def test_a_cancelled_session_says_so_and_rings_no_alarm(event):
    octets = compose.cancel(event)

    assert only(octets, "METHOD") == "METHOD:CANCEL"
    assert only(octets, "STATUS") == "STATUS:CANCELLED"
    assert b"VALARM" not in octets
    assert only(octets, "UID") == f"UID:{event.uid}"


def test_one_withdrawn_delegate_gets_a_cancel_that_does_not_call_the_session_cancelled(event):
    octets = compose.withdraw(event)

    assert only(octets, "METHOD") == "METHOD:CANCEL"
    assert [row for row in rows(octets) if row.startswith("STATUS")] == []
    assert b"VALARM" not in octets


def test_a_message_needs_an_organizer_and_an_attendee(event):
    for lacking in (replace(event, organizer=None), replace(event, attendees=())):
        with pytest.raises(ValueError, match="organizer"):
            compose.request(lacking)


def test_a_file_to_open_names_no_people_and_no_method(event):
    octets = compose.file(event)

    assert [row for row in rows(octets) if re.match("METHOD|ORGANIZER|ATTENDEE", row)] == []
    assert vevent(octets).start == event.starts_at


def test_a_component_is_the_event_alone(event):
    octets = compose.component(replace(event, organizer=None, attendees=()))

    assert rows(octets)[0] == "BEGIN:VEVENT"
    assert rows(octets)[-1] == "END:VEVENT"
    assert b"ATTENDEE" not in octets


def test_an_address_appears_once_whatever_its_letter_case(event):
    doubled = (
        Attendee("An@x.example", "An"),
        Attendee("aN@X.example", "An lần nữa"),
        Attendee("b@x.example", "B"),
    )

    octets = compose.request(replace(event, attendees=doubled, place=None))

    assert [row.rsplit(":", 1)[1] for row in rows(octets) if row.startswith("ATTENDEE")] == [
        "An@x.example",
        "b@x.example",
    ]


@pytest.mark.parametrize("role", [Role.CHAIR, Role.REQUIRED, Role.OPTIONAL])
@pytest.mark.parametrize("answer", list(PartStat))
def test_an_attendee_carries_role_and_answer(event, role, answer):
    octets = compose.request(
        replace(event, attendees=(Attendee("a@x.example", "A", role, answer, wants_reply=False),), place=None)
    )

    attendee = vevent(octets)["ATTENDEE"]
    assert {key: attendee.params[key] for key in ("ROLE", "PARTSTAT", "RSVP")} == {
        "ROLE": role,
        "PARTSTAT": answer,
        "RSVP": "FALSE",
    }


def test_whoever_sends_for_the_organizer_is_named_and_quoted(event):
    octets = compose.request(replace(event, organizer=Organizer("bt@x.example", "Bí thư", "vp@x.example")))

    assert (
        only(octets, "ORGANIZER") == 'ORGANIZER;CN="Bí thư";SENT-BY="mailto:vp@x.example":mailto:bt@x.example'
    )


def test_a_zone_with_summer_time_is_written_in_utc_without_a_timezone(event):
    octets = compose.request(replace(event, zone=ZoneInfo("Europe/Berlin")))

    assert only(octets, "DTSTART") == "DTSTART:20261105T010000Z"
    assert b"VTIMEZONE" not in octets


def test_a_neutral_event_shows_only_what_it_was_given(event):
    bare = replace(
        event,
        title="Họp nội bộ",
        description="",
        conference=None,
        page="",
        alarms=(),
        classification=Classification.CONFIDENTIAL,
    )

    octets = compose.request(bare)

    assert only(octets, "CLASS") == "CLASS:CONFIDENTIAL"
    assert [row for row in rows(octets) if re.match("DESCRIPTION|CONFERENCE|URL", row)] == []
    assert only(octets, "LOCATION") == "LOCATION:Phòng họp P1\\, Trụ sở Tỉnh ủy"


def with_text(event, words):
    """The event with these words wherever a user may write."""
    return replace(
        event,
        title=words,
        description=words,
        organizer=Organizer("vp@x.example", words),
        attendees=(Attendee("a@x.example", words),),
        place=Place(words, words, "p1@x.example"),
        conference=Conference("https://x.example/j/" + words.encode("utf-8", "ignore").decode(), words),
        alarms=(Alarm(60, words),),
    )


def skeleton(octets):
    """The names of all lines, in order."""
    return [re.split("[;:]", row, maxsplit=1)[0] for row in rows(octets)]


def check_form(octets):
    for raw in octets.split(b"\r\n"):
        assert len(raw) <= 75
        raw.decode()
        assert not re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", raw)
        before = len(raw) - len(raw.rstrip(b"\\"))
        assert before % 2 == 0, "a fold parts an escape"
    assert unicodedata.is_normalized("NFC", octets.decode())


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize("write", [compose.request, compose.cancel, compose.withdraw, compose.file])
def test_hostile_words_inject_no_line_and_break_no_form(event, words, write):
    octets = write(with_text(event, words))

    check_form(octets)
    assert skeleton(octets) == skeleton(write(with_text(event, "lành")))
    assert icalendar.Calendar.from_ical(octets).get("METHOD") in (None, *Method)


@given(st.text(max_size=300))
def test_any_words_come_back_as_they_were_but_for_what_could_act(words):
    octets = text.line("DESCRIPTION", text.escape(words)).encode()

    check_form(octets)
    [row] = rows(octets)
    assert icalendar.parser.unescape_char(row.removeprefix("DESCRIPTION:")) == text.lines(words)


@given(st.text(max_size=200))
def test_any_name_comes_back_from_its_quotes(name):
    octets = text.line("ATTENDEE", "mailto:a@x.example", {"CN": text.quoted(name)}).encode()

    check_form(octets)
    _, parameters, value = icalendar.parser.Contentline.from_ical(
        octets.decode().replace("\r\n ", "").strip()
    ).parts()
    assert (parameters["CN"], value) == (text.one_line(name), "mailto:a@x.example")


@pytest.mark.parametrize(
    "unfit",
    [
        "",
        "a",
        "a@",
        "@b",
        "a@b\r\nBcc: c@d",
        "a b@c",
        "a@b,c@d",
        "<a@b>",
        "a@b>",
        "đ@x.example",
        "a@-x",
        'a"b@c',
    ],
)
def test_an_address_that_could_act_is_refused(unfit):
    with pytest.raises(text.UnfitAddress):
        text.mailto(unfit)


def test_a_link_that_is_no_web_address_is_left_out(event):
    octets = compose.request(
        replace(event, conference=Conference("javascript:alert(1)", "x"), page="file:///etc")
    )

    assert b"CONFERENCE" not in octets
    assert b"URL" not in octets
