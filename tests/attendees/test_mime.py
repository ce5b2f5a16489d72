"""The whole message, read back by the standard parser and by raw look."""

import email
import re
from dataclasses import replace
from datetime import datetime
from email import policy
from email.header import decode_header, make_header
from email.utils import parseaddr
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attendees.itip import mime
from attendees.itip.mime import Calendar, Letter, Mailbox
from attendees.itip.text import UnfitAddress, one_line

ICS = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:H\xe1\xbb\x8dp\r\nEND:VCALENDAR\r\n"
SUBJECT = "Giấy mời: Hội nghị Ban Chấp hành Đảng bộ tỉnh lần thứ 9 (mở rộng), khóa XI, nhiệm kỳ 2025–2030"

LETTER = Letter(
    sender=Mailbox("vanphong@tinhuy.example", "Văn phòng Tỉnh ủy"),
    recipient=Mailbox("an.nguyen@xa.example", "Nguyễn Văn An"),
    subject=SUBJECT,
    text="Kính mời đồng chí Nguyễn Văn An\n8 giờ 00 (GMT+7)\n.\n",
    html="<!doctype html>\n<p>Kính mời đồng chí</p>\n",
    message_id="<3f0a.1@tinhuy.example>",
    written_at=datetime(2026, 11, 2, 8, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")),
    calendar=Calendar(ICS, "REQUEST"),
)


def read(octets):
    return email.message_from_bytes(octets, policy=policy.default)


def heads(octets):
    """The raw header lines, unfolded."""
    return re.sub(r"\r\n[ \t]", " ", octets.split(b"\r\n\r\n", 1)[0].decode("ascii")).split("\r\n")


def test_the_three_parts_stand_in_the_order_that_calendar_programs_expect():
    message = read(mime.octets(LETTER))

    parts = list(message.iter_parts())
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html", "text/calendar"]
    assert [part["Content-Transfer-Encoding"] for part in parts] == ["base64"] * 3
    assert [part["Content-Disposition"] for part in parts] == [None] * 3
    assert parts[2]["Content-Type"].params == {"charset": "utf-8", "method": "REQUEST"}


def test_the_calendar_part_is_the_very_octets_given():
    *_, calendar = read(mime.octets(LETTER)).iter_parts()

    assert calendar.get_payload(decode=True) == ICS


def test_the_texts_come_back_with_crlf_inside():
    plain, html, _ = read(mime.octets(LETTER)).iter_parts()

    assert (
        plain.get_payload(decode=True).decode()
        == "Kính mời đồng chí Nguyễn Văn An\r\n8 giờ 00 (GMT+7)\r\n.\r\n"
    )
    assert html.get_payload(decode=True).decode() == "<!doctype html>\r\n<p>Kính mời đồng chí</p>\r\n"


def test_headers_say_who_when_and_that_a_machine_wrote():
    octets = mime.octets(LETTER)
    message = read(octets)

    assert message["Subject"] == SUBJECT
    assert str(message["From"]) == "Văn phòng Tỉnh ủy <vanphong@tinhuy.example>"
    assert str(message["To"]) == "Nguyễn Văn An <an.nguyen@xa.example>"
    assert message["Message-ID"] == "<3f0a.1@tinhuy.example>"
    assert message["Date"].datetime == LETTER.written_at
    assert message["Auto-Submitted"] == "auto-generated"
    assert sorted(head.split(":")[0] for head in heads(octets)) == sorted(
        ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Language", "MIME-Version"]
        + ["Content-Type"]
    )


def test_every_line_is_ascii_short_and_ends_in_crlf():
    octets = mime.octets(LETTER)

    octets.decode("ascii")
    assert b"\n" not in octets.replace(b"\r\n", b"")
    assert b"\r" not in octets.replace(b"\r\n", b"")
    assert max(map(len, octets.split(b"\r\n"))) <= 78


def test_the_same_letter_gives_the_same_octets():
    assert mime.octets(LETTER) == mime.octets(replace(LETTER))


def test_a_letter_without_calendar_has_two_parts():
    parts = list(read(mime.octets(replace(LETTER, calendar=None))).iter_parts())

    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]


def decoded(words):
    """Encoded words read by RFC 2047 alone: the standard parser of addresses puts spaces between them."""
    return str(make_header(decode_header(words)))


@pytest.mark.parametrize(
    "words",
    [
        "Họp\r\nBcc: evil@x.example",
        "Hop\nBcc: evil@x.example\n\nbody",
        "x\u2028Bcc: evil@x.example",
        'A "quoted" \\ name, with; signs <a@b>',
        "=?utf-8?b?QmNj?=",
        "plain " * 40,
        "ệ" * 300,
        "x" * 300,
        "\x00\x1b\ud800 họp",
    ],
)
def test_hostile_words_add_no_header_and_come_back_on_one_line(words):
    octets = mime.octets(
        replace(
            LETTER,
            subject=words,
            sender=replace(LETTER.sender, name=words),
            recipient=replace(LETTER.recipient, name=words),
            headers=(("X-Session", words),),
        )
    )

    message = read(octets)
    assert sorted(head.split(":")[0] for head in heads(octets)) == sorted(
        [*(head.split(":")[0] for head in heads(mime.octets(LETTER))), "X-Session"]
    )
    assert message["Subject"] == one_line(words)
    name, address = parseaddr(email.message_from_bytes(octets)["To"])
    assert (decoded(name), address) == (one_line(words), "an.nguyen@xa.example")
    assert max(map(len, octets.split(b"\r\n"))) <= 78


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=120))
def test_any_subject_comes_back(words):
    message = read(mime.octets(replace(LETTER, subject=words)))

    assert decoded(str(message["Subject"])) == one_line(words)


@pytest.mark.parametrize(
    "unfit", ["a@b.example, c@d.example", "a@b.example\r\nBcc: c@d.example", "", "An <a@b>"]
)
def test_a_letter_has_one_recipient_with_a_plain_address(unfit):
    with pytest.raises(UnfitAddress):
        mime.octets(replace(LETTER, recipient=Mailbox(unfit, "An")))
