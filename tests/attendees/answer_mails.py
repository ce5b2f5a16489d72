"""Answers to invitations, worded as Outlook, Gmail, Apple Mail, Thunderbird and Exchange send them."""

import base64
from dataclasses import dataclass, replace
from email.utils import format_datetime, make_msgid
from textwrap import dedent

from django.utils import timezone


@dataclass(frozen=True)
class Reply:
    """What a calendar part says; `more` are further lines of the event."""

    uid: str
    attendee: str
    partstat: str = "ACCEPTED"
    sequence: int | None = 0
    dtstamp: str = ""
    method: str = "REPLY"
    marks: str = ""
    more: str = ""
    sender: str = ""
    message_id: str = ""

    def but(self, **changes):
        return replace(self, **changes)

    @property
    def stamp(self) -> str:
        return self.dtstamp or timezone.now().strftime("%Y%m%dT%H%M%SZ")

    @property
    def event(self) -> str:
        number = "" if self.sequence is None else f"\nSEQUENCE:{self.sequence}"
        more = f"\n{self.more}" if self.more else ""
        return (
            f"BEGIN:VEVENT\nATTENDEE;PARTSTAT={self.partstat}{self.marks}:mailto:{self.attendee}\n"
            f"UID:{self.uid}{number}\nDTSTAMP:{self.stamp}{more}\nEND:VEVENT"
        )


def _head(reply: Reply, content_type: str) -> str:
    message_id = reply.message_id or make_msgid(domain="client.example")
    return (
        f"From: Somebody <{reply.sender or reply.attendee}>\nTo: vp@tinhuy.example\nSubject: Re\n"
        f"Date: {format_datetime(timezone.now())}\nMessage-ID: {message_id}\nMIME-Version: 1.0\n"
        f"Content-Type: {content_type}\n"
    )


def _wire(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()


def _calendar(reply: Reply, product: str, extra: str = "") -> str:
    return (
        f"BEGIN:VCALENDAR\nPRODID:{product}\nVERSION:2.0\nMETHOD:{reply.method}\n{extra}"
        f"{reply.event}\nEND:VCALENDAR\n"
    )


def outlook(reply: Reply) -> bytes:
    """multipart/alternative with base64, Windows' name of the zone, no ORGANIZER, blank lines after the end."""
    zone = dedent("""\
        BEGIN:VTIMEZONE
        TZID:SE Asia Standard Time
        BEGIN:STANDARD
        DTSTART:16010101T000000
        TZOFFSETFROM:+0700
        TZOFFSETTO:+0700
        END:STANDARD
        END:VTIMEZONE
        """)
    times = "DTSTART;TZID=SE Asia Standard Time:20270105T080000\nX-MICROSOFT-CDO-BUSYSTATUS:BUSY"
    calendar = _calendar(
        reply.but(more=f"{times}\n{reply.more}".strip()), "Microsoft Exchange Server 2010", zone
    )
    packed = base64.encodebytes(_wire(calendar + "\n\n\n")).decode()
    return _wire(
        _head(reply, 'multipart/alternative; boundary="_000_"')
        + "\n--_000_\nContent-Type: text/plain; charset=utf-8\n\n\n"
        + '--_000_\nContent-Type: text/calendar; charset="utf-8"; method=REPLY\n'
        + f"Content-Transfer-Encoding: base64\n\n{packed}\n--_000_--\n"
    )


def gmail(reply: Reply) -> bytes:
    """multipart/mixed around alternative, the calendar twice: inline and as application/ics."""
    calendar = _calendar(reply, "-//Google Inc//Google Calendar 70.9054//EN", "CALSCALE:GREGORIAN\n")
    return _wire(
        _head(reply, 'multipart/mixed; boundary="out"')
        + '\n--out\nContent-Type: multipart/alternative; boundary="in"\n'
        + "\n--in\nContent-Type: text/plain; charset=UTF-8; format=flowed\n\nĐã chấp nhận\n"
        + '--in\nContent-Type: text/calendar; charset="UTF-8"; method=REPLY\n\n'
        + f"{calendar}\n--in--\n"
        + '--out\nContent-Type: application/ics; name="invite.ics"\n'
        + f'Content-Disposition: attachment; filename="invite.ics"\n\n{calendar}\n--out--\n'
    )


def apple(reply: Reply) -> bytes:
    """The calendar marked as an attachment, long lines folded inside words, UTC times."""
    folded = reply.but(
        marks=f';CN="Nguyễn Văn An, Phó Bí thư{reply.marks}";CUTYPE=INDIVIDUAL\n ;ROLE=REQ-PARTICIPANT'
    )
    calendar = _calendar(folded, "-//Apple Inc.//macOS 15.0//EN", "CALSCALE:GREGORIAN\n")
    return _wire(
        _head(reply, 'multipart/mixed; boundary="Apple-Mail"')
        + "\n--Apple-Mail\nContent-Type: text/plain; charset=us-ascii\n\n\n"
        + "--Apple-Mail\nContent-Disposition: attachment; filename=iCal-20270105.ics\n"
        + 'Content-Type: text/calendar; x-unix-mode=0644; name="iCal-20270105.ics"\n'
        + f"Content-Transfer-Encoding: 8bit\n\n{calendar}\n--Apple-Mail--\n"
    )


def thunderbird(reply: Reply) -> bytes:
    """Nested multiparts, ORGANIZER and a received DTSTAMP of its own."""
    calendar = _calendar(
        reply.but(more=f"ORGANIZER:mailto:vp@tinhuy.example\n{reply.more}".strip()),
        "-//Mozilla.org/NONSGML Mozilla Calendar V1.1//EN",
    )
    return _wire(
        _head(reply, 'multipart/mixed; boundary="a"')
        + '\n--a\nContent-Type: multipart/related; boundary="b"\n'
        + '\n--b\nContent-Type: multipart/alternative; boundary="c"\n'
        + "\n--c\nContent-Type: text/plain\n\nOK\n"
        + f"--c\nContent-Type: text/calendar; method=REPLY; charset=UTF-8\n\n{calendar}\n--c--\n"
        + "--b--\n--a--\n"
    )


def bare(reply: Reply) -> bytes:
    """The whole mail is the calendar, as small programs send it."""
    return _wire(
        _head(reply, "text/calendar; method=REPLY; charset=utf-8") + "\n" + _calendar(reply, "-//x//x//EN")
    )


PROGRAMS = (outlook, gmail, apple, thunderbird, bare)


def out_of_office(attendee: str) -> bytes:
    reply = Reply("", attendee)
    return _wire(
        _head(reply, "text/plain; charset=utf-8").replace(
            "MIME-Version", "Auto-Submitted: auto-replied\nMIME-Version"
        )
        + "\nTôi đi công tác, sẽ trả lời sau.\n"
    )


def bounce(
    message_id: str, recipient: str, *, to: str = "vp@tinhuy.example", action: str = "failed"
) -> bytes:
    """A report as Postfix writes it."""
    return _wire(
        f"From: MAILER-DAEMON@mx.example\nTo: {to}\nAuto-Submitted: auto-replied\nSubject: Undelivered\n"
        f"Message-ID: {make_msgid(domain='mx.example')}\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="r"\n'
        "\n--r\nContent-Type: text/plain\n\nI'm sorry.\n"
        "--r\nContent-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns; mx.example\n\n"
        f"Final-Recipient: rfc822; {recipient}\nAction: {action}\nStatus: 5.1.1\n"
        "Diagnostic-Code: smtp; 550 5.1.1 unknown user\n"
        f"\n--r\nContent-Type: text/rfc822-headers\n\nMessage-ID: {message_id}\nSubject: x\n\n--r--\n"
    )
