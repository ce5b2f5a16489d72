"""One act's mails: for each delegate the gap between what their mails told and what they are to know, closed."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Min
from django.utils import translation

from attendees.itip import sequence
from attendees.itip.compose import Attendee
from attendees.itip.sequence import Line, Told
from attendees.models import Delegate, Invitation
from attendees.services import facts, letters, threads
from attendees.services.facts import Facts, Occasion
from attendees.services.letters import Addressee, Sheet
from attendees.services.threads import Thread
from planner.access import Actor
from planner.models import Message, Person, Session
from planner.services import outbox
from planner.services.outbox import Mail
from rooms.services import calls

SHOWN_TOGETHER = 100  # more names than that help nobody in a calendar


@dataclass
class Mailing:
    """What is being written for one session in one transaction."""

    occasion: Occasion
    by: Actor
    now: dt.datetime
    current: int
    others: tuple[tuple[int, Attendee], ...]
    mails: list[Mail] = field(default_factory=list)
    recalled: list[Message] = field(default_factory=list)

    def bring_up_to_date(
        self, to: Addressee, thread: Thread, invitation: Invitation, *, invites: bool
    ) -> None:
        """Write what the delegate does not know yet, and keep on the invitation what was said.

        Who was not invited so far is only where `invites`.
        """
        wanted = facts.told_to(self.occasion, to.delegate)
        may_write = invites or invitation.state == Invitation.State.INVITED
        if may_write and to.address and not _knows(thread, wanted, to.address):
            self.recalled += thread.pending
            self._request(to, thread, wanted, invitation)
        invitation.told_starts_at, invitation.told_ends_at = wanted.starts_at, wanted.ends_at
        invitation.session_version = self.occasion.session.version

    def take_back(self, to: Addressee, thread: Thread, invitation: Invitation, *, kind: str) -> None:
        """Recall what has not left, and cancel what stands in the delegate's calendar."""
        self.recalled += thread.pending
        invitation.state = Invitation.State.WITHDRAWN
        told = sequence.cancel(thread.line, now=self.now)
        if told is not None:
            _note(invitation, self._cancel(to, told, kind, thread.left_to))
            self._tell_assistant(to, facts.told_to(self.occasion, to.delegate), is_off=True)

    def remind(self, to: Addressee) -> None:
        """Write a reminder, behind whatever else waits for the delegate."""
        self.mails.append(self._notice("reminder", to, threads.stream_of(to.delegate)))

    def request_for(self, to: Addressee, thread: Thread, wanted: Facts) -> Mail:
        """The finished REQUEST that comes next on the delegate's line."""
        told = sequence.request(
            thread.line,
            wanted.times,
            current=self.current,
            now=self.now,
            asks_again=_room_asks_again(self.occasion, thread.left, wanted),
        )
        known = thread.left if thread.line.stands else None
        return self._mail(Sheet("invitation", self.occasion, to, wanted, known), told)

    def addressees(self, delegates: Sequence[Delegate], *, with_links: bool) -> list[Addressee]:
        """Each delegate with address and links; what cannot be reached from outside is no link."""
        session = self.occasion.session
        tokens: dict[int, str] = {}
        if with_links and self.occasion.has_call and not session.is_secret and letters.site_address("/"):
            people = [delegate.person for delegate in delegates]
            tokens = calls.passes_for(session=session, people=people, by=self.by)
        return [
            self._addressee(delegate, tokens.get(delegate.person_id, ""), with_links)
            for delegate in delegates
        ]

    def post(self) -> int:
        """How many mails to delegates went into the outbox; those they replace are recalled."""
        outbox.enqueue(self.mails, replacing=self.recalled)
        count = sum(mail.stream.startswith("delegate:") for mail in self.mails)
        self.mails, self.recalled = [], []
        return count

    def _addressee(self, delegate: Delegate, join: str, with_links: bool) -> Addressee:
        page = letters.site_address(f"/i/{threads.page_token(delegate)}/") if with_links else ""
        return Addressee(
            delegate=delegate,
            address=letters.address_of(delegate.person),
            page=page,
            join=letters.site_address(f"/j/{join}/") if join else "",
            others=tuple(attendee for pk, attendee in self.others if pk != delegate.pk),
        )

    def _request(self, to: Addressee, thread: Thread, wanted: Facts, invitation: Invitation) -> None:
        if thread.line.stands and thread.left_to != to.address:
            thread = self._leave_old_address(to, thread)
        mail = self.request_for(to, thread, wanted)
        self.mails.append(mail)
        self._tell_assistant(to, wanted)
        _note(invitation, mail)
        invitation.state = Invitation.State.INVITED

    def _leave_old_address(self, to: Addressee, thread: Thread) -> Thread:
        """Take the event out of the calendar behind the old address; the new one gets a number above that."""
        told = sequence.cancel(thread.line, now=self.now)
        if told is None:
            return thread
        self._cancel(to, told, "withdrawal", thread.left_to)
        return Thread(line=Line(left=told, written=told))

    def _cancel(self, to: Addressee, told: Told, kind: str, address: str) -> Mail:
        alone = Addressee(to.delegate, address)
        wanted = facts.told_to(self.occasion, to.delegate).as_cancelled(told.times)
        mail = self._mail(Sheet(kind, self.occasion, alone, wanted), told)
        self.mails.append(mail)
        return mail

    def _mail(self, sheet: Sheet, told: Told) -> Mail:
        """The mail of a numbered message; who keeps no calendar by mail gets its words alone."""
        session, delegate, message_id = self.occasion.session, sheet.to.delegate, outbox.new_message_id()
        by_mail = delegate.person.calendar_by == Person.CalendarBy.MAIL
        subject, octets = letters.octets(
            sheet, message_id=message_id, written_at=self.now, told=told if by_mail else None
        )
        return Mail(
            stream=threads.stream_of(delegate),
            method=told.method.value if by_mail else Message.Method.NOTICE,
            recipient=sheet.to.address,
            message_id=message_id,
            subject=subject,
            octets=octets,
            dtstamp=told.stamped_at,
            event_uid=str(session.uid),
            sequence=told.sequence,
            session_id=session.pk,
            session_version=session.version,
            facts=sheet.facts.plain(),
        )

    def _tell_assistant(self, to: Addressee, wanted: Facts, *, is_off: bool = False) -> None:
        """A plain notice to the assistant of a person who wants that; no calendar part, not counted."""
        person, stream = to.delegate.person, f"assistant:{to.delegate.pk}"
        address = letters.address_of(person.assistant) if person.assistant and person.tells_assistant else ""
        if address:
            copy = Addressee(to.delegate, address, page=f"{to.page}assistant/" if to.page else "")
            self.recalled += outbox.recallable().filter(stream=stream)
            self.mails.append(self._notice("assistant", copy, stream, wanted, is_off=is_off))

    def _notice(
        self, kind: str, to: Addressee, stream: str, wanted: Facts | None = None, *, is_off: bool = False
    ) -> Mail:
        session, message_id = self.occasion.session, outbox.new_message_id()
        told = wanted or facts.told_to(self.occasion, to.delegate)
        sheet = Sheet(
            kind, self.occasion, to, told, more={"is_off": is_off, "name": to.delegate.printed_name}
        )
        subject, octets = letters.octets(sheet, message_id=message_id, written_at=self.now)
        return Mail(
            stream=stream,
            method=Message.Method.NOTICE,
            recipient=to.address,
            message_id=message_id,
            subject=subject,
            octets=octets,
            dtstamp=self.now,
            session_id=session.pk,
            session_version=session.version,
        )


def begin(session: Session, *, by: Actor, now: dt.datetime) -> Mailing:
    """A mailing for the session: what all its letters share, read once."""
    standing = Invitation.objects.standing().filter(delegate__session=session)
    occasion = facts.gather(session)
    if session.is_secret:
        with translation.override(occasion.office.language):
            outbox.hush(session, session.public_name)
    current = standing.aggregate(least=Min("sequence"))["least"] or 0
    return Mailing(occasion, by, now, current, _others(occasion))


def _others(occasion: Occasion) -> tuple[tuple[int, Attendee], ...]:
    """The delegates whom the calendars of the others show, where the kind of session wants that."""
    if not occasion.profile.shows_others or occasion.session.is_secret:
        return ()
    rows = list(occasion.session.delegates.listed().select_related("person").in_order()[: SHOWN_TOGETHER + 1])
    if len(rows) > SHOWN_TOGETHER:
        return ()
    found = ((row, letters.address_of(row.person)) for row in rows)
    return tuple((row.pk, letters.attendee(occasion, row, address)) for row, address in found if address)


def _knows(thread: Thread, wanted: Facts, address: str) -> bool:
    """True when the last mail, sent or still to leave, said just this to this address."""
    told_to = thread.pending[-1].recipient if thread.pending else thread.left_to
    return thread.last_words == wanted and told_to == address


def _room_asks_again(occasion: Occasion, before: Facts | None, wanted: Facts) -> bool:
    return before is not None and before.where != wanted.where and occasion.office.asks_again_on_room_change


def _note(invitation: Invitation, mail: Mail) -> None:
    invitation.sequence, invitation.last_dtstamp = mail.sequence, mail.dtstamp
    invitation.sent_to = mail.recipient
