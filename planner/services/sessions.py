"""Sessions as planned things: create, change, reschedule, publish, cancel, close.

Whoever changes time, room or state of a session that others already know of goes through
`planner.flow`, which carries the effects forward to bookings, calls and invitations.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from planner.access import Actor, Can, must
from planner.errors import ChangedMeanwhile, Conflict, WrongState
from planner.models import Override, Person, Secrecy, Session, SessionChair
from planner.services import agendas, audit, plans, secrecy
from planner.services.plans import LINKED, PLAIN, Change, EndsBeforeItStarts, Plan
from planner.spans import Span

CHANGEABLE = (*PLAIN, *LINKED, "starts_at", "ends_at", "reply_by")


class UseMove(Conflict):
    """Times and rooms of a published session change by moving it, so that everybody is told."""

    code = "use_move"
    message = _("The session is published: move it instead, so that the room and all invitations follow.")


class OrdinalTaken(Conflict):
    """Another session of the term carries this ordinal for good."""

    code = "ordinal_taken"
    message = _("This ordinal is taken in this term.")


@transaction.atomic
def create(plan: Plan, *, by: Actor) -> Session:
    """A draft session with its chairs and agenda; nothing is held and nobody is told.

    Raises NotAllowed, EndsBeforeItStarts, TitleNeeded, CodeNameNeeded, SecretContentRefused.
    """
    must(by, Can.PLAN, on=plan.body)
    session = Session.objects.create(**plans.completed(plan))
    day = timezone.localdate(session.starts_at)
    set_chairs(session, plans.usual_chairs(plan.body, day) if plan.chairs is None else plan.chairs)
    agendas.replace(session, plan.agenda)
    audit.record("session.planned", on=session, by=by, after=_told(session))
    return session


@transaction.atomic
def change(session: Session, *, change: Change, by: Actor) -> Session:
    """The session with new values, one version later; a repeat with the same values changes nothing.

    Raises NotAllowed, ChangedMeanwhile (old `version`), UseMove (times of a published session),
    WrongState (held or cancelled), and the refusals of `create`.
    """
    must(by, Can.PLAN, on=session)
    session = locked(session)
    if change.version is not None and change.version != session.version:
        raise ChangedMeanwhile(version=session.version)
    refuse_ended(session)
    values = {name: value for name, value in change.values.items() if getattr(session, name) != value}
    _refuse_bad_values(session, values, change)
    before, started = _told(session), session.starts_at
    for name, value in values.items():
        setattr(session, name, value)
    session.search_key = plans.search_key(session.title)
    if session.reply_by and "reply_by" not in values:
        session.reply_by += session.starts_at - started
    if change.chairs is not None:
        set_chairs(session, change.chairs)
    if change.agenda is not None:
        agendas.replace(session, change.agenda)
    _bump(session, *values, "reply_by", "search_key")
    if values.get("secrecy") == Secrecy.SECRET:
        audit.withdraw_details(session.pk)
        session.overrides.update(reason="")
        before = {}
    audit.record("session.changed", on=session, by=by, **audit.difference(before, _told(session)))
    return session


@transaction.atomic
def reschedule(session: Session, *, span: Span, by: Actor) -> Session:
    """The session at another time, one version later; answers' due time moves along.

    Called by the flow only: the room and the invitations must follow. Raises WrongState.
    """
    must(by, Can.PUBLISH if session.published_at else Can.PLAN, on=session)
    session = locked(session)
    refuse_ended(session)
    before = {"starts_at": session.starts_at, "ends_at": session.ends_at}
    if session.reply_by:
        session.reply_by += span.starts_at - session.starts_at
    session.starts_at, session.ends_at = span.starts_at, span.ends_at
    session.term = plans.term_on(timezone.localdate(span.starts_at))
    _bump(session, "starts_at", "ends_at", "reply_by", "term")
    after = {"starts_at": span.starts_at, "ends_at": span.ends_at}
    audit.record("session.moved", on=session, by=by, **audit.difference(before, after))
    return session


@transaction.atomic
def mark_published(session: Session, *, by: Actor) -> Session:
    """The session as published; a repeat is harmless. Raises NotAllowed, WrongState."""
    must(by, Can.PUBLISH, on=session)
    session = locked(session)
    refuse_ended(session)
    if session.state == Session.State.DRAFT:
        session.state, session.published_at, session.is_demo = Session.State.PUBLISHED, timezone.now(), False
        _bump(session, "state", "published_at", "is_demo")
        audit.record("session.published", on=session, by=by, after={"state": session.state})
    return session


@transaction.atomic
def mark_cancelled(session: Session, *, reason: str = "", reason_code: str = "", by: Actor) -> Session:
    """The session as cancelled; a repeat is harmless. A secret one keeps a reason code, no words."""
    must(by, Can.PUBLISH if session.published_at else Can.PLAN, on=session)
    session = locked(session)
    if session.is_secret:
        secrecy.refuse_content({"reason": reason}, forbidden=("reason",))
    if session.state == Session.State.HELD:
        raise WrongState(_("The session was held; it cannot be cancelled any more."))
    if session.state != Session.State.CANCELLED:
        session.state, session.cancelled_at = Session.State.CANCELLED, timezone.now()
        session.cancel_reason, session.cancel_reason_code = reason, reason_code
        _bump(session, "state", "cancelled_at", "cancel_reason", "cancel_reason_code")
        audit.record(
            "session.cancelled", on=session, by=by, after={"reason": reason, "reason_code": reason_code}
        )
    return session


@transaction.atomic
def mark_held(session: Session, *, ordinal: int | None = None, by: Actor) -> Session:
    """The session as held, its ordinal fixed. Raises WrongState (not published, not begun), OrdinalTaken."""
    must(by, Can.PUBLISH, on=session)
    session = locked(session)
    if session.state == Session.State.HELD:
        return session
    if session.state != Session.State.PUBLISHED or session.starts_at > timezone.now():
        raise WrongState(_("Only a published session that has begun can be closed."))
    session.ordinal = ordinal if ordinal is not None else session.ordinal
    same = Session.objects.live().filter(
        body=session.body_id, term=session.term_id, ordinal=session.ordinal, ordinal_is_final=True
    )
    if session.ordinal is not None and same.exclude(pk=session.pk).exists():
        raise OrdinalTaken(ordinal=session.ordinal)
    session.ordinal_is_final = session.ordinal is not None
    session.state, session.held_at = Session.State.HELD, timezone.now()
    _bump(session, "state", "held_at", "ordinal", "ordinal_is_final")
    audit.record("session.held", on=session, by=by, after={"ordinal": session.ordinal})
    return session


def locked(session: Session) -> Session:
    """The session's row, locked till the end of the transaction: the first lock in walking order."""
    return Session.objects.select_for_update().get(pk=session.pk)


def refuse_ended(session: Session) -> None:
    """Refuse with WrongState when nothing may change any more."""
    if session.state == Session.State.CANCELLED:
        raise WrongState(_("The session is cancelled."))
    if session.state == Session.State.HELD:
        raise WrongState(_("The session was held; its plan is closed."))


@transaction.atomic
def keep_override(session: Session, *, code: str, subject: str = "", reason: str, by: Actor) -> Override:
    """The clash somebody accepted, kept on the session. A secret session keeps a code, no words."""
    must(by, Can.PLAN, on=session)
    row = Override.objects.create(
        session=session,
        code=code,
        subject=subject,
        reason=reason if not session.is_secret or reason in secrecy.REASON_CODES else "",
        at=timezone.now(),
        by_label=by.label,
    )
    audit.record("clash.accepted", on=session, by=by, after={"code": code, "subject": subject})
    return row


def set_chairs(session: Session, people: tuple[Person, ...]) -> None:
    """Name the chairs, in this order."""
    SessionChair.objects.filter(session=session).delete()
    SessionChair.objects.bulk_create(
        SessionChair(session=session, person=person, position=position)
        for position, person in enumerate(dict.fromkeys(people), start=1)
    )


def _refuse_bad_values(session: Session, values: dict[str, Any], change: Change) -> None:
    """Refuse what would leave a wrong session: unknown fields, moved times, a shell with content."""
    unknown = values.keys() - set(CHANGEABLE)
    if unknown:
        raise ValueError(f"not changeable: {sorted(unknown)}")
    if session.published_at and {"starts_at", "ends_at"} & values.keys():
        raise UseMove
    starts_at, ends_at = values.get("starts_at", session.starts_at), values.get("ends_at", session.ends_at)
    if ends_at <= starts_at:
        raise EndsBeforeItStarts(fields={"ends_at": EndsBeforeItStarts.message})
    merged = {name: values.get(name, getattr(session, name)) for name in PLAIN}
    has_agenda = bool(change.agenda) if change.agenda is not None else session.agenda.exists()
    plans.refuse_wrong_shell(merged | {"cancel_reason": session.cancel_reason}, has_agenda=has_agenda)


def _bump(session: Session, *names: str) -> None:
    """Save the named fields, one version later."""
    session.version += 1
    session.save(update_fields=[*names, "version"])


def _told(session: Session) -> dict[str, Any]:
    """What the audit log keeps of a session: its plain fields and times."""
    told = {name: getattr(session, name) for name in (*PLAIN, "state", "starts_at", "ends_at", "reply_by")}
    chairs = session.chairs.order_by("position").values_list("person__full_name", flat=True)
    return told | {
        "chairs": list(chairs),
        "agenda": [str(item) for item in session.agenda.order_by("position")],
    }
