"""Calendar objects as octets: REQUEST, CANCEL and bare events (RFC 5545, 5546, 7986). Pure.

The same event gives the same octets, so they can be stored, compared and sent again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from attendees.itip import zones
from attendees.itip.text import block, escape, line, mailto, one_line, quoted, web_address

PRODUCT = "-//Nghi Trinh//Calendar 1.0//VI"


class Method(StrEnum):
    """The iTIP methods that we send."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


class Role(StrEnum):
    """How much an attendee's presence matters."""

    CHAIR = "CHAIR"
    REQUIRED = "REQ-PARTICIPANT"
    OPTIONAL = "OPT-PARTICIPANT"
    ROOM = "NON-PARTICIPANT"


class PartStat(StrEnum):
    """An attendee's answer as calendars spell it."""

    NEEDS_ACTION = "NEEDS-ACTION"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    TENTATIVE = "TENTATIVE"
    DELEGATED = "DELEGATED"


class Classification(StrEnum):
    """Who else may see the event in a shared calendar."""

    PUBLIC = "PUBLIC"
    PRIVATE = "PRIVATE"
    CONFIDENTIAL = "CONFIDENTIAL"


@dataclass(frozen=True, slots=True)
class Organizer:
    """Whose event it is, and the mailbox that acts for them when it is another."""

    address: str
    name: str
    sent_by: str = ""


@dataclass(frozen=True, slots=True)
class Attendee:
    """A person on the event, with their answer so far."""

    address: str
    name: str
    role: Role = Role.REQUIRED
    answer: PartStat = PartStat.NEEDS_ACTION
    wants_reply: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """Where to go: the room, the house it is in, and the room's own calendar address if it has one."""

    name: str
    site: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Conference:
    """How to join from afar."""

    address: str
    label: str
    features: tuple[str, ...] = ("AUDIO", "VIDEO")


@dataclass(frozen=True, slots=True)
class Alarm:
    """A note on the delegate's own device, so many minutes before the start."""

    minutes_before: int
    text: str


@dataclass(frozen=True, slots=True)
class Event:
    """One version of one session as one reader is to see it; times are aware."""

    uid: str
    sequence: int
    stamped_at: datetime
    created_at: datetime
    changed_at: datetime
    starts_at: datetime
    ends_at: datetime
    zone: ZoneInfo
    title: str
    description: str = ""
    organizer: Organizer | None = None
    attendees: tuple[Attendee, ...] = ()
    place: Place | None = None
    conference: Conference | None = None
    alarms: tuple[Alarm, ...] = ()
    classification: Classification = Classification.PUBLIC
    page: str = ""
    is_cancelled: bool = False
    takes_counters: bool = False


def request(event: Event) -> bytes:
    """An invitation or a new version of it: METHOD:REQUEST. The event needs organizer and attendees."""
    return _calendar(Method.REQUEST, replace(event, is_cancelled=False))


def cancel(event: Event) -> bytes:
    """The withdrawal of a whole session: METHOD:CANCEL with STATUS:CANCELLED, no alarm."""
    return _calendar(Method.CANCEL, replace(event, is_cancelled=True, alarms=()))


def withdraw(event: Event) -> bytes:
    """The withdrawal of these attendees only: METHOD:CANCEL without STATUS, for the session goes on."""
    return _calendar(Method.CANCEL, replace(event, is_cancelled=False, alarms=()))


def component(event: Event) -> bytes:
    """The VEVENT alone, as a feed stores and joins it."""
    return _event(event, _status(event)).encode()


def file(event: Event) -> bytes:
    """The event as a file to open in a calendar: no METHOD, no ORGANIZER, no ATTENDEE, so nobody is mailed."""
    alone = replace(event, organizer=None, attendees=())
    return _wrap([], zones.definition(event.zone, event.starts_at) + _event(alone, _status(alone)))


def _calendar(method: Method, event: Event) -> bytes:
    if event.organizer is None or not event.attendees:
        raise ValueError("A calendar message needs an organizer and an attendee.")
    status = "" if method is Method.CANCEL and not event.is_cancelled else _status(event)
    body = zones.definition(event.zone, event.starts_at) + _event(event, status)
    return _wrap([line("METHOD", method)], body)


def _wrap(extra: list[str], body: str) -> bytes:
    head = [line("VERSION", "2.0"), line("PRODID", PRODUCT), line("CALSCALE", "GREGORIAN"), *extra]
    return block("VCALENDAR", [*head, body]).encode()


def _status(event: Event) -> str:
    return "CANCELLED" if event.is_cancelled else "CONFIRMED"


def _event(event: Event, status: str) -> str:
    return block("VEVENT", [*_identity(event), *_content(event, status), *_people(event), *_alarms(event)])


def _identity(event: Event) -> Iterable[str]:
    yield line("UID", escape(event.uid))
    yield line("SEQUENCE", str(event.sequence))
    yield line("DTSTAMP", zones.utc(event.stamped_at))
    yield line("CREATED", zones.utc(event.created_at))
    yield line("LAST-MODIFIED", zones.utc(event.changed_at))
    yield zones.moment("DTSTART", event.starts_at, event.zone)
    yield zones.moment("DTEND", event.ends_at, event.zone)


def _content(event: Event, status: str) -> Iterable[str]:
    yield line("SUMMARY", escape(one_line(event.title)))
    if description := _description(event):
        yield line("DESCRIPTION", escape(description))
    if location := _location(event):
        yield line("LOCATION", escape(location))
    if status:
        yield line("STATUS", status)
    yield line("CLASS", event.classification)
    yield line("TRANSP", "TRANSPARENT" if event.is_cancelled else "OPAQUE")
    if page := web_address(event.page):
        yield line("URL", page)
    yield from _conference(event)
    if not event.takes_counters:
        yield line("X-MICROSOFT-DISALLOW-COUNTER", "TRUE")


def _description(event: Event) -> str:
    """The description, with the join link in it for programs that know no CONFERENCE."""
    link = _join_address(event)
    if not event.conference or not link or link in event.description:
        return event.description
    return f"{event.description}\n{one_line(event.conference.label)}: {link}".strip()


def _location(event: Event) -> str:
    place = event.place
    room = ", ".join(one_line(part) for part in (place.name, place.site) if part) if place else ""
    return " | ".join(part for part in (room, _join_address(event)) if part)


def _join_address(event: Event) -> str:
    return web_address(event.conference.address) if event.conference else ""


def _conference(event: Event) -> Iterable[str]:
    if event.conference and (link := _join_address(event)):
        features = ",".join(event.conference.features)
        marks = {"VALUE": "URI", "FEATURE": features, "LABEL": quoted(event.conference.label)}
        yield line("CONFERENCE", link, marks)


def _people(event: Event) -> Iterable[str]:
    if event.organizer:
        yield line("ORGANIZER", mailto(event.organizer.address), _organizer_marks(event.organizer))
    known: set[str] = set()
    for attendee in event.attendees:
        if attendee.address.strip().lower() not in known:
            yield line("ATTENDEE", mailto(attendee.address), _attendee_marks(attendee))
        known.add(attendee.address.strip().lower())
    if event.organizer and event.place and event.place.address:
        marks = {"CUTYPE": "ROOM", "ROLE": Role.ROOM, "PARTSTAT": PartStat.ACCEPTED, "RSVP": "FALSE"}
        yield line("ATTENDEE", mailto(event.place.address), {"CN": quoted(event.place.name), **marks})


def _organizer_marks(organizer: Organizer) -> dict[str, str]:
    marks = {"CN": quoted(organizer.name)}
    if organizer.sent_by:
        marks["SENT-BY"] = f'"{mailto(organizer.sent_by)}"'
    return marks


def _attendee_marks(attendee: Attendee) -> dict[str, str]:
    return {
        "CN": quoted(attendee.name),
        "CUTYPE": "INDIVIDUAL",
        "ROLE": attendee.role,
        "PARTSTAT": attendee.answer,
        "RSVP": "TRUE" if attendee.wants_reply else "FALSE",
    }


def _alarms(event: Event) -> Iterable[str]:
    for alarm in event.alarms:
        trigger = line("TRIGGER", f"-PT{alarm.minutes_before}M")
        yield block("VALARM", [line("ACTION", "DISPLAY"), line("DESCRIPTION", escape(alarm.text)), trigger])
