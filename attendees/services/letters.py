"""The mails a delegate gets, in the office's language: words by templates, the calendar part by `itip`."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.template.loader import get_template
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from attendees.itip import compose, mime, text
from attendees.itip.compose import (
    Alarm,
    Attendee,
    Classification,
    Conference,
    Event,
    Organizer,
    PartStat,
    Place,
    Role,
)
from attendees.itip.sequence import Told
from attendees.models import Delegate
from attendees.services.facts import Facts, Occasion
from planner import vietnamese
from planner.models import Person
from planner.services import outbox

ALARM_MINUTES = (24 * 60, 60)

_ANSWERS = {
    Delegate.Reply.ATTENDING: PartStat.ACCEPTED,
    Delegate.Reply.ASKS_EXCUSE: PartStat.DECLINED,
    Delegate.Reply.EXCUSED: PartStat.DECLINED,
    Delegate.Reply.DECLINED: PartStat.DECLINED,
    Delegate.Reply.SUBSTITUTED: PartStat.DECLINED,
}


@dataclass(frozen=True)
class Addressee:
    """Whom a mail goes to and what is theirs alone: links, and the other people their calendar may show."""

    delegate: Delegate
    address: str
    page: str = ""
    join: str = ""
    others: tuple[Attendee, ...] = ()


@dataclass(frozen=True)
class Words:
    """A mail's words."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Sheet:
    """What is to be said: which template, to whom, what now and what before, and loose ends for the template."""

    kind: str
    occasion: Occasion
    to: Addressee
    facts: Facts
    before: Facts | None = None
    more: dict[str, Any] = field(default_factory=dict)


def words(sheet: Sheet) -> Words:
    """Subject, plain text and HTML of a mail, in the office's language."""
    with translation.override(sheet.occasion.office.language):
        context = _context(sheet)
        return Words(
            subject=_subject(sheet, context),
            text=get_template(f"mail/{sheet.kind}.txt").render(context),
            html=get_template(f"mail/{sheet.kind}.html").render(context),
        )


def octets(
    sheet: Sheet, *, message_id: str, written_at: dt.datetime, told: Told | None = None
) -> tuple[str, bytes]:
    """(subject, whole message); with a calendar part when `told` numbers one. Raises UnfitAddress."""
    said = words(sheet)
    name, address = outbox.sender()
    letter = mime.Letter(
        sender=mime.Mailbox(address, name),
        recipient=mime.Mailbox(sheet.to.address, sheet.to.delegate.printed_name),
        subject=said.subject,
        text=said.text,
        html=said.html,
        message_id=message_id,
        written_at=written_at.astimezone(sheet.occasion.zone),
        calendar=_calendar(sheet, told) if told else None,
        language=sheet.occasion.office.language,
    )
    return said.subject, mime.octets(letter)


def event(sheet: Sheet, told: Told) -> Event:
    """The session as it stands in this delegate's calendar."""
    occasion, facts, to = sheet.occasion, sheet.facts, sheet.to
    name, address = outbox.sender()
    session = occasion.session
    with translation.override(occasion.office.language):
        return Event(
            uid=str(session.uid),
            sequence=told.sequence,
            stamped_at=told.stamped_at,
            created_at=session.created_at,
            changed_at=told.stamped_at,
            starts_at=told.times.starts_at,
            ends_at=told.times.ends_at,
            zone=occasion.zone,
            title=facts.title,
            description=get_template("mail/description.txt").render(_context(sheet)).strip(),
            organizer=Organizer(address, name),
            attendees=(attendee(occasion, to.delegate, to.address), *to.others),
            place=_place(occasion, facts),
            conference=Conference(to.join, _("Join online")) if to.join else None,
            alarms=tuple(Alarm(minutes, facts.title) for minutes in ALARM_MINUTES),
            classification=Classification.CONFIDENTIAL if session.is_secret else Classification.PUBLIC,
            page=to.page,
        )


def attendee(occasion: Occasion, delegate: Delegate, address: str) -> Attendee:
    """The delegate as calendars show them, with the present answer."""
    is_chair = any(chair.pk == delegate.person_id for chair in occasion.chairs)
    role = Role.REQUIRED if delegate.is_required else Role.OPTIONAL
    return Attendee(
        address=address,
        name=delegate.printed_name,
        role=Role.CHAIR if is_chair else role,
        answer=_ANSWERS.get(Delegate.Reply(delegate.reply), PartStat.NEEDS_ACTION),
        wants_reply=delegate.reply not in (Delegate.Reply.EXCUSED, Delegate.Reply.SUBSTITUTED),
    )


def when(facts: Facts, occasion: Occasion) -> str:
    """“8 giờ – 11 giờ 30, Thứ Năm, ngày 05 tháng 11 năm 2026 (GMT+7)”, or the like in English."""
    starts, ends = (moment.astimezone(occasion.zone) for moment in (facts.starts_at, facts.ends_at))
    zone = f"({_gmt(starts)})"
    if starts.date() == ends.date():
        return f"{_hour(starts)} – {_hour(ends)}, {_day(starts)} {zone}"
    return f"{_hour(starts)}, {_day(starts)} – {_hour(ends)}, {_day(ends)} {zone}"


def changes(before: Facts | None, now: Facts, occasion: Occasion) -> list[str]:
    """One sentence for each thing that is not as it was; a secret session's former name is never told."""
    if before is None:
        return []
    notes = []
    if before.times != now.times:
        notes.append(_("The time has changed. It was: %(before)s.") % {"before": when(before, occasion)})
    if before.where != now.where:
        notes.append(
            _("The place has changed. It was: %(before)s.") % {"before": before.place or _("not named")}
        )
    if before.joins != now.joins:
        notes.append(
            _("It can be joined online now.") if now.joins else _("It can no longer be joined online.")
        )
    if occasion.session.is_secret:
        return notes
    if before.title != now.title:
        notes.append(_("The name has changed. It was: %(before)s.") % {"before": before.title})
    if (before.agenda, before.description) != (now.agenda, now.description):
        notes.append(_("The programme has changed."))
    return notes


def _context(sheet: Sheet) -> dict[str, Any]:
    occasion, delegate = sheet.occasion, sheet.to.delegate
    session = occasion.session
    reply_by = session.reply_by
    return {
        "office": occasion.office,
        "session": session,
        "delegate": delegate,
        "facts": sheet.facts,
        "before": sheet.before,
        "changes": changes(sheet.before, sheet.facts, occasion),
        "when": when(sheet.facts, occasion),
        "reply_by": _moment(reply_by.astimezone(occasion.zone)) if reply_by else "",
        "chairs": [chair.full_name for chair in occasion.chairs] if not session.is_secret else [],
        "who": ", ".join(part for part in (delegate.printed_name, delegate.printed_post) if part),
        "issuer": occasion.office.issuer_name or occasion.office.name,
        "is_summons": not delegate.is_guest,
        "has_calendar": delegate.person.calendar_by == Person.CalendarBy.MAIL,
        "page": sheet.to.page,
        "join": sheet.to.join,
        "phone": occasion.office.phone,
        **sheet.more,
    }


def _subject(sheet: Sheet, context: dict[str, Any]) -> str:
    starts = sheet.facts.starts_at.astimezone(sheet.occasion.zone)
    values = {"title": sheet.facts.title, "when": f"{_hour(starts)}, {date_format(starts, 'd/m/Y')}"}
    if sheet.kind == "cancellation":
        return _("CANCELLED: %(title)s, %(when)s") % values
    if sheet.kind == "withdrawal":
        return _("WITHDRAWN: invitation to %(title)s, %(when)s") % values
    if sheet.kind == "reminder":
        return _("Please answer: %(title)s, %(when)s") % values
    if sheet.kind == "assistant":
        return _("For your information: %(title)s, %(when)s") % values
    if context["changes"]:
        return _("CHANGED: %(title)s, %(when)s") % values
    if context["is_summons"]:
        return _("Summons: %(title)s, %(when)s") % values
    return _("Invitation: %(title)s, %(when)s") % values


def _calendar(sheet: Sheet, told: Told) -> mime.Calendar:
    composed = event(sheet, told)
    if sheet.kind == "cancellation":
        return mime.Calendar(compose.cancel(composed), told.method)
    write = compose.withdraw if sheet.kind == "withdrawal" else compose.request
    return mime.Calendar(write(composed), told.method)


def _place(occasion: Occasion, facts: Facts) -> Place | None:
    address = occasion.room.email if occasion.room and occasion.room.name == facts.place else ""
    return Place(facts.place, facts.site, address) if facts.place else None


def _is_vietnamese() -> bool:
    return (translation.get_language() or "").startswith("vi")


def _hour(moment: dt.datetime) -> str:
    return vietnamese.time_words(moment.time()) if _is_vietnamese() else f"{moment:%H:%M}"


def _day(moment: dt.datetime) -> str:
    return vietnamese.full_date_words(moment.date()) if _is_vietnamese() else date_format(moment, "l, j F Y")


def _moment(moment: dt.datetime) -> str:
    return f"{_hour(moment)}, {_day(moment)}"


def _gmt(moment: dt.datetime) -> str:
    minutes = int((moment.utcoffset() or dt.timedelta()).total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    return f"GMT{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


def address_of(person: Person) -> str:
    """Where a person's mail goes; "" for nowhere, for what is no address, and for the office's own mailbox."""
    try:
        found = text.address(person.email)
    except text.UnfitAddress:
        return ""
    return "" if found.lower() == outbox.sender()[1].lower() else found


def site_address(path: str) -> str:
    """A link into this site, or "" when delegates cannot reach it."""
    return settings.BASE_URL + path if settings.LINKS_REACHABLE else ""
