"""What a step forward did, or would do, to everything that hangs on a session."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django.db import transaction

from planner.models import Session

T = TypeVar("T")


@dataclass(frozen=True)
class Effects:
    """The effects of publishing, moving or cancelling: rooms, the link, how many mails leave."""

    rooms_freed: tuple[str, ...] = ()
    rooms_held: tuple[str, ...] = ()
    link_follows: bool = False
    invitations: int = 0
    excused_kept: int = 0
    to_call: int = 0


@dataclass(frozen=True)
class Outcome:
    """A session after a step, and the step's effects."""

    session: Session
    effects: Effects


class _Undone(Exception):
    """Rolls a rehearsal back on its way out."""


def rehearsed(step: Callable[[], T]) -> T:
    """What a step would give: it is really done, then all of it is undone.

    Exact by construction, because preview and deed are the same code. Refusals come out as they would.
    """
    seen: list[T] = []
    try:
        with transaction.atomic():
            seen.append(step())
            raise _Undone
    except _Undone:
        return seen[0]
