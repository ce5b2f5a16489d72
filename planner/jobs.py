"""All unattended work: ids in, one service each, one sentence out, repeat-safe. Schedules stand at the end.

Queue a job inside the transaction that wants it, by dotted name: the queue's table is in the same
database, so job and data commit together. A repeat after a crash must do no harm.
"""

import datetime as dt
from typing import Any

from django.conf import settings
from django.utils import timezone
from django_q.models import OrmQ, Schedule
from django_q.tasks import async_task

from attendees.services import mailbox, sheets
from planner.access import SYSTEM
from planner.errors import Unreachable
from planner.flow import imports
from planner.models import ImportBatch, StoredAnswer, User
from planner.services import accounts, audit, outbox
from rooms.services import bookings

_ANSWERS_KEPT = dt.timedelta(hours=24)


def tick() -> str:
    """What a tick of the worker started: every five seconds, because the queue's schedules come half a minute late."""
    sealed = audit.seal(by=SYSTEM)
    if not outbox.due_streams(limit=1):
        return f"{sealed} entries sealed."
    if not OrmQ.objects.exists():  # a wake-up is enough once; a busy queue wakes by itself
        async_task("planner.jobs.deliver_mail")
    return f"{sealed} entries sealed; mail is due."


def deliver_mail() -> str:
    """Send what is due, for five seconds at most; the next tick goes on."""
    return outbox.deliver_due()


def render_badges(job_id: int) -> str:
    """Make the badge sheets a job asks for."""
    return sheets.render(job_id=job_id, by=SYSTEM)


def judge_import(batch_id: int) -> str:
    """Compare an uploaded list with the directory, row by row."""
    counts = imports.judge(batch=ImportBatch.objects.get(pk=batch_id), by=SYSTEM)
    return ", ".join(f"{count} {status}" for status, count in counts.items())


def apply_import(batch_id: int, user_id: int) -> str:
    """Write a decided list into the directory and onto its session's list, for the account that asked."""
    actor = accounts.actor_for(User.objects.get(pk=user_id))
    result = imports.apply_queued(batch=ImportBatch.objects.get(pk=batch_id), by=actor)
    return ", ".join(f"{count} {name}" for name, count in result.items())


def release_lapsed_holds() -> str:
    """Free the rooms whose hold waited too long for its approval."""
    return f"{bookings.release_lapsed(by=SYSTEM)} holds lapsed."


def read_mailbox() -> str:
    """Record the answers that came by mail."""
    try:
        return mailbox.read_once(by=SYSTEM) or "Nothing new."
    except Unreachable as down:
        return f"{down} {down.extra.get('cause', '')}"


def sweep_stored_answers() -> str:
    """Forget answers kept for repeats of API calls."""
    gone, _by_model = StoredAnswer.objects.filter(created_at__lt=timezone.now() - _ANSWERS_KEPT).delete()
    return f"{gone} stored answers forgotten."


# name, job, minutes between runs; written at every start of `run`.
SCHEDULES: tuple[tuple[str, str, int], ...] = (
    ("lapsed holds", "planner.jobs.release_lapsed_holds", 10),
    *((("answers by mail", "planner.jobs.read_mailbox", 1),) if settings.IMAP_URL else ()),
    ("stored answers", "planner.jobs.sweep_stored_answers", 60),
)


def install_schedules() -> str:
    """The schedules in the database are exactly those above."""
    Schedule.objects.exclude(name__in=[name for name, _job, _minutes in SCHEDULES]).delete()
    for name, job, minutes in SCHEDULES:
        wanted: dict[str, Any] = {
            "func": job,
            "schedule_type": Schedule.MINUTES,
            "minutes": minutes,
            "repeats": -1,
        }
        Schedule.objects.update_or_create(name=name, defaults=wanted)
    return f"{len(SCHEDULES)} schedules."
