"""Answers in the calendar part of a mail (RFC 5546 REPLY and COUNTER), as Outlook, Gmail, Apple and others write them.

The part is read line by line, because programs send answers without ORGANIZER, without VTIMEZONE, with Windows' names
of zones, with blank lines after the end. No recurrence is expanded and nothing is fetched.
"""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from email.message import Message
from urllib.parse import unquote
from zoneinfo import ZoneInfo, available_timezones

from icalendar.parser import Contentline, Parameters
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from attendees.itip.findings import (
    MOST_COMPONENTS,
    MOST_LINES,
    MOST_SEQUENCE,
    Answer,
    Counter,
    Delegated,
    Finding,
    Unfit,
)

_COMMENT = 300
_PAGE = re.compile(r"/i/([a-z2-7]{26})/")
_FOLD = re.compile(r"\r?\n[ \t]")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_MOMENT = re.compile(r"(\d{8})(?:T(\d{6})(Z?))?")
_FAR = 25_000  # characters of calendar text in which a page's token is looked for


@dataclass(frozen=True, slots=True)
class _Line:
    name: str
    marks: Parameters
    value: str


def read(part: Message) -> Finding | None:
    """What a calendar part answers; None for another part, and for one that is no answer."""
    name = (part.get_filename() or "").lower()
    if part.get_content_type() not in ("text/calendar", "application/ics") and not name.endswith(".ics"):
        return None
    payload = part.get_payload(decode=True)
    text = _decoded(payload, part) if isinstance(payload, bytes) else ""
    if "BEGIN:VCALENDAR" not in text.upper():
        return None
    top, events = _events(text)
    method = _value(top, "METHOD").upper()
    if method not in ("REPLY", "COUNTER"):
        return None
    if len(events) != 1:
        raise Unfit("no_event" if not events else "several_events")
    return _answer(method, events[0], _tokens(text))


def _tokens(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_PAGE.findall(_FOLD.sub("", text)[:_FAR])))[:10]


def _decoded(payload: bytes, part: Message) -> str:
    """The text, in the charset it names, if that is one and tells the truth; UTF-8 before all."""
    for charset in ("utf-8-sig", part.get_content_charset() or "latin-1"):
        try:
            return payload.decode(charset)
        except (UnicodeDecodeError, LookupError):
            continue
    return payload.decode("utf-8", "replace")


def _events(text: str) -> tuple[list[_Line], list[list[_Line]]]:
    """The calendar's own lines, and those of each event, components within it left out."""
    top: list[_Line] = []
    events: list[list[_Line]] = []
    open_: list[str] = []
    begun = 0
    for line in _lines(text):
        if line.name == "BEGIN":
            begun += 1
            open_.append(line.value.upper())
            if open_ == ["VCALENDAR", "VEVENT"]:
                events.append([])
        elif line.name == "END":
            if open_:
                open_.pop()
            if not open_:
                break
        elif open_ == ["VCALENDAR"]:
            top.append(line)
        elif open_ == ["VCALENDAR", "VEVENT"]:
            events[-1].append(line)
        if begun > MOST_COMPONENTS:
            raise Unfit("too_many_components")
    return top, events


def _lines(text: str) -> Iterator[_Line]:
    """Content lines; one that is none is passed over, as mail programs add their own."""
    rows = _FOLD.sub("", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(rows) > MOST_LINES:
        raise Unfit("too_many_lines")
    for row in rows:
        if not row.strip():
            continue
        try:
            name, marks, value = Contentline(row).parts()  # type: ignore[no-untyped-call]
        except ValueError:
            continue
        yield _Line(name.upper(), marks, value)


def _answer(method: str, event: list[_Line], tokens: tuple[str, ...]) -> Finding:
    attendees = [line for line in event if line.name == "ATTENDEE"]
    if len(attendees) != 1:
        raise Unfit("no_attendee" if not attendees else "several_attendees")
    [own] = attendees
    partstat = _mark(own, "PARTSTAT").upper()
    found = Answer(
        uid=_text(_value(event, "UID"))[:255],
        attendee=_address(own.value),
        partstat=partstat[:20],
        sequence=_sequence(_value(event, "SEQUENCE")),
        dtstamp=_moment(_first(event, "DTSTAMP")),
        comment=_text(_value(event, "COMMENT"))[:_COMMENT],
        recurrence_id=_value(event, "RECURRENCE-ID")[:40],
        delegated_to=_address(_mark(own, "DELEGATED-TO")),
        sent_by=_address(_mark(own, "SENT-BY")),
        tokens=tokens,
    )
    if not found.uid:
        raise Unfit("no_uid")
    if method == "COUNTER":
        return Counter(
            **asdict(found),
            starts_at=_moment(_first(event, "DTSTART")),
            ends_at=_moment(_first(event, "DTEND")),
        )
    if partstat == "DELEGATED":
        return Delegated(**asdict(found))
    if partstat not in ("ACCEPTED", "DECLINED", "TENTATIVE"):
        raise Unfit("no_partstat")
    return found


def _first(lines: list[_Line], name: str) -> _Line | None:
    return next((line for line in lines if line.name == name), None)


def _value(lines: list[_Line], name: str) -> str:
    line = _first(lines, name)
    return line.value.strip() if line else ""


def _mark(line: _Line, name: str) -> str:
    """A parameter as one text; a list gives its first."""
    value = line.marks.get(name, "")
    return str(value[0] if isinstance(value, list | tuple) and value else value or "").strip()


def _text(value: str) -> str:
    """A TEXT value without its escapes and without controls."""
    plain = _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)
    return "".join(sign for sign in plain if sign == "\n" or sign.isprintable()).strip()


def _address(value: str) -> str:
    """The mail address in a CAL-ADDRESS, lower case; "" for none."""
    scheme, _colon, rest = value.strip().strip('"').partition(":")
    plain = unquote(rest.partition("?")[0]) if scheme.lower() == "mailto" else value
    found = plain.strip().strip("<>").lower()
    return found[:254] if "@" in found and found.isprintable() else ""


def _sequence(value: str) -> int:
    """SEQUENCE; 0 when it is missing (RFC 5545 §3.8.7.4)."""
    if not value:
        return 0
    if not (value.isascii() and value.isdecimal()) or int(value[:12]) > MOST_SEQUENCE:
        raise Unfit("odd_sequence")
    return int(value)


def _moment(line: _Line | None) -> datetime | None:
    """An aware moment from UTC, a TZID (also Windows' names) or, without a zone, taken as UTC; None for none."""
    found = _MOMENT.fullmatch(line.value.strip()) if line else None
    if line is None or found is None:
        return None
    try:
        day = date(int(found[1][:4]), int(found[1][4:6]), int(found[1][6:]))
        hour = time(int(found[2][:2]), int(found[2][2:4]), min(int(found[2][4:]), 59)) if found[2] else time()
        return datetime.combine(day, hour, UTC if found[3] else _zone(_mark(line, "TZID"))).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _zone(name: str) -> ZoneInfo:
    plain = name.strip('"/')
    wanted = WINDOWS_TO_OLSON.get(plain, plain)
    return ZoneInfo(wanted if wanted in available_timezones() else "UTC")
