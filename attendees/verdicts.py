"""What a door answers to one scan, as a function of plain values: `verdict(...)`.

`static/scanner/verdicts.js` is the same function for doors without a network; `tests/cases/verdicts.json` is run
against both. Times are whole milliseconds since 1970 UTC.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Verdict(StrEnum):
    """The closed list of answers."""

    ADMITTED = "admitted"
    ALREADY_IN = "already_in"
    LEFT = "left"
    WRONG_SESSION = "wrong_session"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    REPLACED = "replaced"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"
    NOT_IN_ROSTER = "not_in_roster"
    NEEDS_APPROVAL = "needs_approval"


class Standing(StrEnum):
    """What has become of a badge since it was issued."""

    VALID = "valid"
    REPLACED = "replaced"
    CANCELLED = "cancelled"
    PENDING = "pending"


class Direction(StrEnum):
    IN = "in"
    OUT = "out"


class Shown(Protocol):
    """A code as read: see `attendees.tokens.Code`."""

    @property
    def prefix(self) -> str | None: ...
    @property
    def key(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Entry:
    """A badge as the door knows it. `holder` is its delegate in the session of the round."""

    badge: str
    holder: str
    standing: Standing = Standing.VALID
    is_listed: bool = True


@dataclass(frozen=True, slots=True)
class Door:
    """What the door knows: whose badges it takes, from when until when, and the roster by `Shown.key`."""

    prefix: str
    opens_at: int
    closes_at: int
    roster: Mapping[str, Entry]
    is_fresh: bool = True


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier scan of the same round, in the order in which they count."""

    holder: str
    verdict: Verdict
    at: int
    gate: str
    is_annulled: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict, the badge it is about (if known), and the scan that let its holder in earlier (if any)."""

    verdict: Verdict
    entry: Entry | None = None
    first: Past | None = None


def verdict(
    code: Shown | None,
    *,
    door: Door,
    scans: Sequence[Past],
    now: int | None,
    direction: Direction = Direction.IN,
) -> Decision:
    """The door's answer to `code`. `now` is None without a trusted clock: then the time is not judged.

    Fixed precedence: foreign prefix, unknown, replaced, cancelled, not on this list, waiting for approval, time,
    and only then duplicates. `scans` may hold other people's scans; only the holder's own are looked at.
    """
    if code and code.prefix is not None and code.prefix != door.prefix:
        return Decision(Verdict.WRONG_SESSION)
    entry = door.roster.get(code.key) if code else None
    if entry is None:
        could_be_newer = code is not None and not door.is_fresh
        return Decision(Verdict.NOT_IN_ROSTER if could_be_newer else Verdict.UNKNOWN)
    if refusal := _refused_for_itself(entry):
        return Decision(refusal, entry)
    if direction is Direction.OUT:
        return Decision(Verdict.LEFT, entry)
    if refusal := _refused_for_time(door, now):
        return Decision(refusal, entry)
    first = inside_since(scans, holder=entry.holder)
    return Decision(Verdict.ALREADY_IN if first else Verdict.ADMITTED, entry, first)


def inside_since(scans: Sequence[Past], *, holder: str) -> Past | None:
    """The scan by which the holder came in and has stayed; None when they are not inside."""
    entrance = None
    for scan in scans:
        if scan.holder != holder or scan.is_annulled:
            continue
        if scan.verdict is Verdict.LEFT:
            entrance = None
        elif scan.verdict is Verdict.ADMITTED:
            entrance = entrance or scan
    return entrance


def _refused_for_itself(entry: Entry) -> Verdict | None:
    if entry.standing is Standing.REPLACED:
        return Verdict.REPLACED
    if entry.standing is Standing.CANCELLED:
        return Verdict.CANCELLED
    if not entry.is_listed:
        return Verdict.WRONG_SESSION
    return Verdict.NEEDS_APPROVAL if entry.standing is Standing.PENDING else None


def _refused_for_time(door: Door, now: int | None) -> Verdict | None:
    if now is None:
        return None
    if now < door.opens_at:
        return Verdict.TOO_EARLY
    return Verdict.TOO_LATE if now >= door.closes_at else None


class Screen(StrEnum):
    """What the volunteer reads in huge letters; leaving has its own word, shown at exits only."""

    IN = "in"
    ALREADY = "already"
    DESK = "desk"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Look:
    """How a verdict looks and sounds at a door. `colour`, `icon` and `sound` name what the scanner draws and plays."""

    screen: Screen
    colour: str
    icon: str
    sound: str
    text: Promise | str
    next_step: Promise | str


SCREEN_WORDS: dict[Screen, Promise | str] = {
    Screen.IN: _("COME IN"),
    Screen.ALREADY: _("ALREADY IN"),
    Screen.DESK: _("PLEASE GO TO THE RECEPTION DESK"),
    Screen.OUT: _("GOING OUT"),
}

LOOKS: dict[Verdict, Look] = {
    Verdict.ADMITTED: Look(
        Screen.IN,
        "green",
        "check",
        "rise",
        _("Valid badge, entrance recorded."),
        _("Let them in."),
    ),
    Verdict.ALREADY_IN: Look(
        Screen.ALREADY,
        "amber",
        "repeat",
        "double",
        _("This badge has already come in."),
        _("Ask whether they went out without a scan. If in doubt, send them to the reception desk."),
    ),
    Verdict.LEFT: Look(
        Screen.OUT,
        "blue",
        "log-out",
        "fall",
        _("Exit recorded."),
        _("Scan the badge again when they come back."),
    ),
    Verdict.WRONG_SESSION: Look(
        Screen.DESK,
        "red",
        "split",
        "buzz",
        _("The badge belongs to another session."),
        _("The desk looks up which session and hall the delegate is invited to."),
    ),
    Verdict.TOO_EARLY: Look(
        Screen.DESK,
        "red",
        "clock",
        "buzz",
        _("Doors are not open yet."),
        _("Ask them to wait; scan again when the doors open."),
    ),
    Verdict.TOO_LATE: Look(
        Screen.DESK,
        "red",
        "clock",
        "buzz",
        _("The roll-call is closed."),
        _("The desk opens a new round or records them by hand."),
    ),
    Verdict.REPLACED: Look(
        Screen.DESK,
        "red",
        "refresh-cw",
        "buzz",
        _("The badge has been replaced."),
        _("Take the old badge back; the desk checks for the new one."),
    ),
    Verdict.CANCELLED: Look(
        Screen.DESK,
        "red",
        "x",
        "buzz",
        _("The badge has been cancelled."),
        _("Take the badge back; the desk checks the list."),
    ),
    Verdict.UNKNOWN: Look(
        Screen.DESK,
        "red",
        "circle-help",
        "buzz",
        _("This is no badge of the session."),
        _("The desk searches by name and checks the identity card."),
    ),
    Verdict.NOT_IN_ROSTER: Look(
        Screen.DESK,
        "amber",
        "circle-help",
        "buzz",
        _("Not yet on this device's list."),
        _("The list on this device is old: the desk checks the latest list."),
    ),
    Verdict.NEEDS_APPROVAL: Look(
        Screen.DESK,
        "amber",
        "hourglass",
        "buzz",
        _("The delegate's attendance is not approved yet."),
        _("The desk asks the person in charge to approve."),
    ),
}
