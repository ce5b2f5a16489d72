"""What a stranger's mail says: answers of every program, bounces, and rubbish that must not hurt."""

import datetime as dt

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from attendees.itip import read
from attendees.itip.findings import (
    Answer,
    Bounce,
    Counter,
    Delegated,
    Envelope,
    NotOurs,
    OutOfOffice,
    Unreadable,
)
from tests.attendees import answer_mails as mails
from tests.attendees.answer_mails import Reply

UID = "0f1e2d3c-0000-4000-8000-000000000001"
REPLY = Reply(UID, "an@tinh.example", dtstamp="20261105T010000Z")


@pytest.mark.parametrize("program", mails.PROGRAMS, ids=lambda program: program.__name__)
@pytest.mark.parametrize("partstat", ["ACCEPTED", "DECLINED", "TENTATIVE"])
def test_answers_of_all_programs_are_read_alike(program, partstat):
    found = read.find(program(REPLY.but(partstat=partstat, sequence=3)))

    assert found == Answer(
        uid=UID,
        attendee="an@tinh.example",
        partstat=partstat,
        sequence=3,
        dtstamp=dt.datetime(2026, 11, 5, 1, tzinfo=dt.UTC),
    )


def test_a_missing_sequence_is_zero_and_a_comment_loses_its_escapes():
    found = read.find(mails.bare(REPLY.but(sequence=None, more="COMMENT:Bận\\, xin vắng\\nCảm ơn")))

    assert (found.sequence, found.comment) == (0, "Bận, xin vắng\nCảm ơn")


def test_a_proposal_tells_its_time_by_windows_zone_names_too():
    times = "DTSTART;TZID=SE Asia Standard Time:20270105T093000\nDTEND;TZID=Asia/Ho_Chi_Minh:20270105T113000"
    found = read.find(mails.bare(REPLY.but(method="COUNTER", partstat="TENTATIVE", more=times)))

    assert isinstance(found, Counter)
    assert (found.starts_at, found.ends_at) == (
        dt.datetime(2027, 1, 5, 2, 30, tzinfo=dt.UTC),
        dt.datetime(2027, 1, 5, 4, 30, tzinfo=dt.UTC),
    )


def test_a_delegated_answer_names_who_comes_instead():
    marks = ';DELEGATED-TO="mailto:Binh@tinh.example"'

    found = read.find(mails.bare(REPLY.but(partstat="DELEGATED", marks=marks)))

    assert isinstance(found, Delegated)
    assert found.delegated_to == "binh@tinh.example"


def test_the_page_of_the_delegate_is_found_across_folded_lines():
    token = "abcdefghijklmnopqrstuvwxy2"
    found = read.find(
        mails.bare(REPLY.but(more=f"DESCRIPTION:https://hop.example/i/{token[:9]}\n {token[9:]}/ "))
    )

    assert found.tokens == (token,)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"uid": ""}, "no_uid"),
        ({"sequence": -1}, "odd_sequence"),
        ({"partstat": "PERHAPS"}, "no_partstat"),
        ({"more": "ATTENDEE;PARTSTAT=DECLINED:mailto:binh@tinh.example"}, "several_attendees"),
        ({"more": "END:VEVENT\nBEGIN:VEVENT\nUID:x"}, "several_events"),
        ({"more": "BEGIN:VALARM\nEND:VALARM\n" * 200}, "too_many_components"),
        ({"more": "X-A:b\n" * 20_001}, "too_many_lines"),
    ],
)
def test_an_answer_that_breaks_a_rule_says_which(change, reason):
    assert read.find(mails.bare(REPLY.but(**change))) == Unreadable(reason)


def test_a_mail_beyond_one_megabyte_is_not_read():
    assert read.find(mails.bare(REPLY) + b" " * 1024 * 1024) == Unreadable("too_large")


def test_a_recurrence_without_end_costs_nothing():
    found = read.find(mails.bare(REPLY.but(more="RRULE:FREQ=SECONDLY\nRECURRENCE-ID:20270105T010000Z")))

    assert found.recurrence_id == "20270105T010000Z"


def test_an_invitation_is_no_answer_and_an_automatic_word_changes_nothing():
    assert read.find(mails.outlook(REPLY.but(method="REQUEST"))) == NotOurs("no_answer")
    assert read.find(mails.out_of_office("an@tinh.example")) == OutOfOffice()
    assert read.find(b"From: a@b.example\r\n\r\nxin chao") == NotOurs("no_answer")


def test_a_bounce_tells_which_mail_and_whom_it_did_not_reach():
    found = read.find(mails.bounce("<abc@tinhuy.example>", "An@tinh.example"))

    assert found == Bounce("<abc@tinhuy.example>", ("an@tinh.example",), "5.1.1", ("vp@tinhuy.example",))
    assert read.find(mails.bounce("<abc@x.example>", "a@x.example", action="delayed")) == NotOurs(
        "no_failure"
    )


def test_the_envelope_is_read_from_encoded_and_broken_headers():
    assert read.envelope(
        b"From: =?utf-8?B?QW4=?= <AN@Tinh.example>\r\nMessage-ID: <1@x>\r\n\r\n"
    ) == Envelope("an@tinh.example", "<1@x>")
    assert read.envelope(b"\xff\xfe\x00") == Envelope()


def test_multiparts_nested_a_thousand_deep_do_no_harm():
    nested = "".join(f'Content-Type: multipart/mixed; boundary="{n}"\n\n--{n}\n' for n in range(2000))

    assert isinstance(read.find(nested.encode()), Unreadable | NotOurs)


_PIECES = st.sampled_from(
    [
        b"BEGIN:VEVENT\r\n",
        b"END:VEVENT\r\n",
        b"BEGIN:VCALENDAR\r\n",
        b"METHOD:REPLY\r\n",
        b"SEQUENCE:\xff\r\n",
    ]
    + [
        b"ATTENDEE;PARTSTAT=ACCEPTED;:mailto:%\r\n",
        b"DTSTAMP:99999999T999999Z\r\n",
        b"UID:\x00\r\n",
        b"\r\n ",
    ]
    + [
        b"Content-Type: text/calendar; charset=utf-7\r\n\r\n",
        b"RECURRENCE-ID;TZID=../..:1\r\n",
        b"=?x?q?=FF?=",
    ]
    + [b"DTSTART;TZID=../../etc/passwd:20270105T093000\r\n", b'";,:\\', b"--b\r\n", b"--b--\r\n"]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_PIECES | st.binary(max_size=60), max_size=25).map(b"".join))
@example(b"Content-Type: message/delivery-status\r\n\r\n\r\n")
def test_no_octets_break_the_reader(octets):
    read.find(octets)
    read.find(b"Content-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n" + octets)
    read.envelope(octets)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_an_answer_with_octets_changed_breaks_nothing(data):
    mail = bytearray(mails.gmail(REPLY))
    for _ in range(data.draw(st.integers(1, 20))):
        mail[data.draw(st.integers(0, len(mail) - 1))] = data.draw(st.integers(0, 255))

    read.find(bytes(mail))
