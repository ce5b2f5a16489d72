"""An uploaded week on its way into the schedule: every line an engagement, none twice, none half."""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import Any, cast

from django.db import transaction
from django.utils import timezone

from planner.access import Actor, Can, must
from planner.models import Engagement, ImportBatch, ImportRow, Job, Session
from planner.paper.reading import weeks
from planner.paper.reading.problems import Doubt, Problem, SecrecyMark
from planner.paper.reading.week_rows import WeekRow, as_json, from_json
from planner.services import audit, imports, schedule
from planner.services.schedule import Entry
from planner.vietnamese import date_short, fold, time_short

Status = ImportRow.Status
_SAME_HOUR = dt.timedelta(minutes=30)


def receive(*, content: bytes, file_name: str, near: dt.date | None = None, by: Actor) -> ImportBatch:
    """The uploaded week, read and compared; a day without a year is the one nearest to `near` (today).

    Raises NotAllowed, FileTooLarge, NotATable, NoHeadRow, SecrecyMark (told to the log without the content).
    """
    must(by, Can.PLAN)
    try:
        rows = weeks.read_week(content, near=near or timezone.localdate())
    except SecrecyMark as refusal:
        audit.record("import.refused", by=by, after={"code": refusal.code})
        raise
    return _keep(content, file_name, rows, by=by)


@transaction.atomic
def _keep(content: bytes, file_name: str, rows: Sequence[WeekRow], *, by: Actor) -> ImportBatch:
    batch = imports.opened(content, file_name, kind=ImportBatch.Kind.WEEK, by=by)
    kept = [
        ImportRow(
            batch=batch,
            sheet=row.sheet[:100],
            line=row.line,
            name=row.content[:150],
            read=as_json(row) | {"doubts": [problem.as_json() for problem in row.problems]},
        )
        for row in rows
    ]
    _judge(kept)
    ImportRow.objects.bulk_create(kept, batch_size=500)
    batch.state = ImportBatch.State.READY
    batch.save(update_fields=["state"])
    Job.objects.filter(pk=batch.job.pk if batch.job else 0).update(
        state=Job.State.DONE, done=len(kept), total=len(kept), ended_at=timezone.now()
    )
    return batch


@transaction.atomic
def apply(*, batch: ImportBatch, by: Actor) -> dict[str, int]:
    """What was done: lines added and changed, as engagements only; those undecided stay out. A repeat adds none.

    Inside the caller's lock on the batch. Raises NotAllowed.
    """
    must(by, Can.PLAN)
    rows = list(batch.rows.all())
    _judge(rows)
    known = _known(rows)
    for row, key in zip(rows, _keys(rows), strict=True):
        if row.decision.get("do") == "skip" or row.status in (Status.UNCLEAR, Status.WRONG):
            continue
        if row.status == Status.NEW:
            schedule.add(_entry(row), import_key=key, by=by)
        elif row.status == Status.CHANGED:
            schedule.change(known[key], entry=_entry(row), by=by)
    ImportRow.objects.bulk_update(rows, ["status", "problems", "changes"], batch_size=200)
    done = Counter(row.status for row in rows if row.decision.get("do") != "skip")
    result: dict[str, int] = {
        status.value: done[status] for status in (Status.NEW, Status.CHANGED, Status.SAME)
    }
    skipped = sum(row.decision.get("do") == "skip" for row in rows)
    return result | {"skipped": skipped, "left": done[Status.UNCLEAR] + done[Status.WRONG]}


def _judge(rows: Sequence[ImportRow]) -> None:
    """Status, problems and changes of the rows, set; two queries, whatever the number."""
    known, sessions = _known(rows), _sessions(rows)
    for row, key in zip(rows, _keys(rows), strict=True):
        entry, engagement = _read(row), known.get(key)
        problems = [Problem.from_json(stored) for stored in row.read.get("doubts", ())]
        if engagement is None and (session := _session_like(entry, sessions)):
            problems.append(Problem(Doubt.UNCLEAR, "week_is_session", value=session.title[:80]))
        row.problems = [problem.as_json() for problem in problems]
        row.changes = _changes(engagement, row) if engagement else {}
        row.status = _status(row, problems, engagement)


def _status(row: ImportRow, problems: Sequence[Problem], engagement: Engagement | None) -> Status:
    decided = row.decision.get("do")
    can_take = decided == "take" and row.read.get("on") and row.read.get("content")
    if not can_take and any(problem.doubt is Doubt.WRONG for problem in problems):
        return Status.WRONG
    if decided not in ("take", "skip") and any(problem.doubt is Doubt.UNCLEAR for problem in problems):
        return Status.UNCLEAR
    if engagement is None:
        return Status.NEW
    return Status.CHANGED if row.changes else Status.SAME


def _read(row: ImportRow) -> WeekRow:
    return from_json(row.read, sheet=row.sheet, line=row.line)


def _keys(rows: Sequence[ImportRow]) -> list[str]:
    """One key a line: the same words on the same day are the same line, the n-th of its kind."""
    seen = Counter[str]()
    keys = []
    for row in rows:
        words = f"{row.read.get('on', '')}|{fold(row.read.get('content', ''))}"
        seen[words] += 1
        keys.append(hashlib.sha256(f"{words}|{seen[words]}".encode()).hexdigest())
    return keys


def _known(rows: Sequence[ImportRow]) -> dict[str, Engagement]:
    return {one.import_key: one for one in Engagement.objects.filter(import_key__in=_keys(rows))}


def _sessions(rows: Sequence[ImportRow]) -> list[Session]:
    """Sessions of ours on the days of the file; secret ones show no title and are not compared."""
    days = sorted(dt.date.fromisoformat(row.read["on"]) for row in rows if row.read.get("on"))
    if not days:
        return []
    first, last = _moment(days[0], dt.time()), _moment(days[-1] + dt.timedelta(days=1), dt.time())
    live = Session.objects.live().filter(starts_at__gte=first, starts_at__lt=last)
    return list(live.exclude(title="").only("title", "starts_at", "secrecy"))


def _session_like(entry: WeekRow, sessions: Sequence[Session]) -> Session | None:
    """A session of the same hour whose title the line tells: it stands in the week by itself."""
    if entry.on is None or entry.starts is None:
        return None
    starts_at, words = _moment(entry.on, entry.starts), fold(entry.content)
    for session in sessions:
        title = fold(session.title)
        if abs(session.starts_at - starts_at) <= _SAME_HOUR and (title in words or words in title):
            return session
    return None


def _moment(day: dt.date, clock: dt.time) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, clock))


def _entry(row: ImportRow) -> Entry:
    read = _read(row)
    return Entry(
        on=cast(dt.date, read.on),  # a line without a day is wrong and never written
        content=read.content[:500],
        kind=read.kind,
        starts=read.starts,
        ends=read.ends,
        half_day=read.half_day.value,
        leaders_text=read.leaders[:300],
        place=read.place[:200],
        preparing_unit=read.preparing[:200],
        escort=read.escort[:150],
        car=read.car[:80],
    )


def _changes(engagement: Engagement, row: ImportRow) -> dict[str, list[str]]:
    """What the line says otherwise than the engagement it was, as before and after."""
    entry = _entry(row)
    local = timezone.localtime(engagement.starts_at)
    was: dict[str, Any] = {
        "on": date_short(local.date()),
        "starts": time_short(local.time()) if engagement.has_hour else "",
        "half_day": engagement.half_day if not engagement.has_hour else "",
        "leaders_text": engagement.leaders_text,
        "place": engagement.place,
        "preparing_unit": engagement.preparing_unit,
        "escort": engagement.escort,
        "car": engagement.car,
    }
    now: dict[str, Any] = {
        "on": date_short(entry.on),
        "starts": time_short(entry.starts) if entry.starts else "",
        "half_day": entry.half_day if entry.starts is None else "",
        **{
            name: getattr(entry, name)
            for name in ("leaders_text", "place", "preparing_unit", "escort", "car")
        },
    }
    return {name: [was[name], now[name]] for name in now if was[name] != now[name]}
