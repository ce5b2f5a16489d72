"""Answers kept for a day under an Idempotency-Key, so that a program may repeat a POST without doing it twice."""

import datetime as dt
import json
from dataclasses import dataclass, field

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from planner.errors import Conflict, RuleBroken
from planner.models import StoredAnswer
from planner.services import links

KEPT = dt.timedelta(hours=24)
ABANDONED = dt.timedelta(minutes=2)  # whoever began it that long ago and has no answer has died


class KeyReused(RuleBroken):
    """The key came before with another body."""

    code = "idempotency_key_reused"
    message = _("This Idempotency-Key was used for another request. Take a new key.")


class KeyTooLong(RuleBroken):
    """The key does not fit."""

    code = "idempotency_key_too_long"
    message = _("An Idempotency-Key has at most 200 characters.")


class InProgress(Conflict):
    """The same request is being carried out."""

    code = "request_in_progress"
    message = _("The same request is being carried out. Ask again in a moment.")


@dataclass(frozen=True)
class Ask:
    """A request under a key: whose, to where, and the digest of what it says."""

    token_key: str
    path: str
    key: str
    body_digest: str


@dataclass(frozen=True)
class Answer:
    """What was answered."""

    status: int
    content: bytes
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Claim:
    """Leave to carry a request out; lost when somebody else took it over."""

    pk: int
    since: dt.datetime


def claim(ask: Ask) -> Claim | Answer:
    """Leave to carry the request out, or the answer it got before.

    Raises KeyTooLong, KeyReused (another body), InProgress (begun less than two minutes ago, no answer yet).
    """
    if len(ask.key) > 200:
        raise KeyTooLong
    now = timezone.now()
    identity = {"token_key": ask.token_key, "path": ask.path, "key": ask.key}
    with transaction.atomic():
        StoredAnswer.objects.filter(**identity, created_at__lt=now - KEPT).delete()
        defaults = {"body_digest": ask.body_digest, "created_at": now}
        row, is_new = StoredAnswer.objects.get_or_create(**identity, defaults=defaults)
    if is_new:
        return Claim(row.pk, now)
    if row.body_digest != ask.body_digest:
        raise KeyReused
    if row.status is not None and row.answer is not None:
        return _opened(row)
    return _taken_over(row, now)


def keep(mine: Claim, answer: Answer) -> bool:
    """Whether the answer was kept; False when the claim was lost, and with it the right to have done anything."""
    head = json.dumps(answer.headers).encode()
    octets = links.sealed(head + b"\n" + answer.content)
    return bool(_row(mine).update(status=answer.status, answer=octets))


def release(mine: Claim) -> None:
    """Forget the claim: the request may be made again under its key."""
    _row(mine).filter(status__isnull=True).delete()


def _row(mine: Claim) -> models.QuerySet[StoredAnswer]:
    return StoredAnswer.objects.filter(pk=mine.pk, created_at=mine.since)


def _taken_over(row: StoredAnswer, now: dt.datetime) -> Claim:
    """The claim of somebody who died, taken over by exactly one."""
    abandoned = _row(Claim(row.pk, row.created_at)).filter(
        status__isnull=True, created_at__lt=now - ABANDONED
    )
    if not abandoned.update(created_at=now):
        raise InProgress
    return Claim(row.pk, now)


def _opened(row: StoredAnswer) -> Answer:
    head, _newline, content = links.opened(row.answer or b"").partition(b"\n")
    return Answer(status=row.status or 0, content=content, headers=json.loads(head))
