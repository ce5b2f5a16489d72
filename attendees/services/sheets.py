"""Badge sheets: the PDF of a session's badges, made in the queue, kept encrypted, fetched when ready.

A sheet holds live tokens, so its octets are stored under DATA_KEY like every other secret.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_q.tasks import async_task

from attendees.models import Badge, Delegate
from attendees.services import badges
from planner.access import Actor, Can, must
from planner.models import Job, Office, Secrecy, Session, SessionKind, StoredFile
from planner.paper import badges as paper
from planner.paper.badges import Hue, Printed, Sheet, Warning
from planner.paper.shapes import Format
from planner.services import audit, links, offices
from planner.vietnamese import full_date_words
from rooms.models import Booking

KIND = "badges"
ORDERS = ("delegation", "name", "number")
_HUES = {
    Delegate.Role.SUMMONED: Hue.RED,
    Delegate.Role.INVITED: Hue.BLUE,
    Delegate.Role.GUEST: Hue.GREEN,
    Delegate.Role.SERVICE: Hue.GREY,
    Delegate.Role.PRESS: Hue.AMBER,
    Delegate.Role.TECHNICAL: Hue.VIOLET,
}
_CONGRESSES = (SessionKind.CONGRESS, SessionKind.CONGRESS_PREPARATORY)


@dataclass(frozen=True, slots=True)
class Wish:
    """How a sheet is wanted."""

    format: Format = Format.A6
    order: str = "delegation"
    one_per_page: bool = False
    with_backs: bool = False


@transaction.atomic
def request(*, session: Session, wish: Wish, by: Actor) -> Job:
    """The job that will make the sheet; whoever holds no badge yet gets one now. Raises NotAllowed."""
    must(by, Can.BADGE, on=session)
    badges.issue(session=session, by=by)
    job = Job.objects.create(
        kind=KIND,
        session_id=session.pk,
        user_id=by.user_id,
        total=session.delegates.listed().count(),
        result=_wished(wish),
        created_at=timezone.now(),
    )
    async_task("planner.jobs.render_badges", job.pk)
    audit.record("badges.sheet_asked", on=session, by=by, after=_wished(wish))
    return job


def render(*, job_id: int, by: Actor) -> str:
    """Make the sheet a job asks for, telling how far it is; a repeat makes it again and harms nothing."""
    job = Job.objects.get(pk=job_id)
    if job.state == Job.State.DONE:
        return f"Sheet {job_id} was made before."
    session = Session.objects.get(pk=job.session_id or 0)
    Job.objects.filter(pk=job_id).update(state=Job.State.RUNNING)
    try:
        printed = _print(session, _wish(job.result), job_id)
    except Exception as failure:
        Job.objects.filter(pk=job_id).update(
            state=Job.State.FAILED, error=type(failure).__name__, ended_at=timezone.now()
        )
        raise
    _keep(session, job, printed)
    return f"{job.total} badges, {len(printed.warnings)} warnings."


def latest(session: Session, format: Format) -> StoredFile | None:
    """The newest finished sheet of a format."""
    return StoredFile.objects.filter(session_id=session.pk, kind=f"{KIND}:{format}").order_by("-id").first()


def content_of(file: StoredFile) -> bytes:
    """The PDF as it was made."""
    return links.opened(file.content)


def pending(session: Session, format: Format | None = None) -> Job | None:
    """The newest sheet that is still being made, of a format if one is named."""
    jobs = Job.objects.filter(session_id=session.pk, kind=KIND).order_by("-id")
    waiting = jobs.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING])
    return next((job for job in waiting if format is None or job.result.get("format") == format), None)


def was_asked(session: Session) -> bool:
    """Whether any sheet was ever asked for."""
    return Job.objects.filter(session_id=session.pk, kind=KIND).exists()


def last_failure(session: Session) -> Job | None:
    """The newest sheet, when it could not be made."""
    job = Job.objects.filter(session_id=session.pk, kind=KIND).order_by("-id").first()
    return job if job and job.state == Job.State.FAILED else None


def check(*, session: Session, wish: Wish | None = None) -> list[Warning]:
    """What should be put right before printing: characters no font draws, texts too long to read."""
    wish = wish or Wish()
    with translation.override(_language()):
        return paper.check(_sheet(session, wish), _rows(session, wish, by_token=False))


def _print(session: Session, wish: Wish, job_id: int) -> Printed:
    def told(done: int) -> None:
        Job.objects.filter(pk=job_id).update(done=done)

    with translation.override(_language()):
        rows = _rows(session, wish)
        Job.objects.filter(pk=job_id).update(total=len(rows))
        return paper.render(_sheet(session, wish), rows, on_progress=told)


@transaction.atomic
def _keep(session: Session, job: Job, printed: Printed) -> None:
    wish = _wish(job.result)
    kind = f"{KIND}:{wish.format}"
    StoredFile.objects.filter(session_id=session.pk, kind=kind).delete()
    file = StoredFile.objects.create(
        kind=kind,
        name=f"badges-{session.pk}-{wish.format}.pdf",
        content_type="application/pdf",
        content=links.sealed(printed.pdf),
        sha256=hashlib.sha256(printed.pdf).hexdigest(),
        session_id=session.pk,
        session_version=session.version,
        created_at=timezone.now(),
    )
    warnings = [
        {"badge": w.badge, "field": w.field, "code": w.code, "text": w.text} for w in printed.warnings
    ]
    result = job.result | {"file_id": str(file.pk), "warnings": warnings}
    Job.objects.filter(pk=job.pk).update(
        state=Job.State.DONE, result=result, error="", ended_at=timezone.now()
    )


def _rows(session: Session, wish: Wish, *, by_token: bool = True) -> list[paper.Badge]:
    held = badges.held_in(session)
    rows = session.delegates.listed().select_related("delegation")
    ordered = rows.by_delegation() if wish.order == "delegation" else rows.by_name()
    pairs = [(row, held.get(row.person_id)) for row in ordered]
    valid = [(row, badge) for row, badge in pairs if badge and badge.state == Badge.State.ACTIVE]
    if wish.order == "number":
        valid.sort(key=lambda pair: pair[1].number or 0)
    is_congress = session.kind in _CONGRESSES
    return [_row(delegate, badge, is_congress, by_token) for delegate, badge in valid]


def _row(delegate: Delegate, badge: Badge, is_congress: bool, by_token: bool) -> paper.Badge:
    return paper.Badge(
        token=badges.token_of(badge) if by_token else "",
        typed=badges.typed_of(badge) if by_token else "",
        name=delegate.printed_name,
        category=category_of(delegate, is_congress=is_congress),
        hue=_HUES[Delegate.Role(delegate.role)],
        post=delegate.printed_post,
        unit=str(delegate.delegation or ""),
        number=f"{badge.number:04d}" if badge.number else "",
        seat=delegate.seat,
    )


def category_of(delegate: Delegate, *, is_congress: bool = False) -> str:
    """The category as a word for badges and doors."""
    words = {
        Delegate.Role.SUMMONED: _("Official delegate") if is_congress else _("Delegate"),
        Delegate.Role.INVITED: _("Invited delegate"),
        Delegate.Role.GUEST: _("Guest"),
        Delegate.Role.SERVICE: _("Service"),
        Delegate.Role.PRESS: _("Press"),
        Delegate.Role.TECHNICAL: _("Technical staff"),
    }
    return words[Delegate.Role(delegate.role)]


def _sheet(session: Session, wish: Wish) -> Sheet:
    office = offices.current()
    return Sheet(
        issuer=(office.parent_name or office.name) if office else "",
        title=_title(session),
        dates=full_date_words(timezone.localdate(session.starts_at)),
        place=_place(session),
        format=wish.format,
        one_per_page=wish.one_per_page,
        backs=_backs(office) if wish.with_backs else (),
    )


def _title(session: Session) -> str:
    """The chain's title on a badge that serves the chain; never a word of anything secret."""
    chain = session.chain
    tells = chain and not session.is_secret and chain.secrecy == Secrecy.NORMAL
    return chain.title if chain and tells else session.public_name


def _place(session: Session) -> str:
    booking = Booking.objects.live().filter(session=session, role="main").select_related("room").first()
    return booking.room.name if booking else session.place_text


def _backs(office: Office | None) -> tuple[str, ...]:
    lost = _("If you lose it, tell the reception desk at once.")
    if office and office.phone:
        lost = _("If you lose it, tell the reception desk at once: %(phone)s.") % {"phone": office.phone}
    return (_("Wear this badge throughout the session."), _("It is personal; do not lend it."), lost)


def _language() -> str:
    office = offices.current()
    return office.language if office else translation.get_language()


def _wished(wish: Wish) -> dict[str, Any]:
    return {
        "format": str(wish.format),
        "order": wish.order,
        "one_per_page": wish.one_per_page,
        "with_backs": wish.with_backs,
    }


def _wish(kept: dict[str, Any]) -> Wish:
    return Wish(Format(kept["format"]), kept["order"], kept["one_per_page"], kept["with_backs"])
