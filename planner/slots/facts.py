"""What the clash rules are told: plain values, gathered in a constant number of queries.

`planner.flow.facts` fills one `Facts` for a session or for a week; `planner.slots.clashes` judges
it. Keys are opaque strings such as `session:12`, `engagement:3`, `room:4`; names are words that any
reader may see, so the caller gives “Họp nội bộ” for a secret session. All moments are aware.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from enum import StrEnum
from zoneinfo import ZoneInfo

from planner.spans import Span


class Part(StrEnum):
    """How much somebody is needed at a meeting."""

    CHAIR = "chair"
    REQUIRED = "required"
    OPTIONAL = "optional"


class Use(StrEnum):
    """What a session holds a room for."""

    MAIN = "main"
    OVERFLOW = "overflow"
    TEA = "tea"


@dataclass(frozen=True, slots=True)
class Meeting:
    """A session, planned or published, or a leaders' engagement.

    `binds`: published or held, and every engagement; a draft claims its rooms and nobody's time.
    `expected`: people who will sit in its rooms. `notice_days`: what the kind of session asks for.
    `announced_at`: when it was published; None while it is a draft, which would be published now.
    """

    key: str
    name: str
    span: Span
    is_session: bool = True
    binds: bool = True
    is_secret: bool = False
    expected: int = 0
    notice_days: int = 0
    announced_at: datetime | None = None
    needs_rehearsal: bool = False
    has_rehearsal: bool = False


@dataclass(frozen=True, slots=True)
class Closure:
    """A span in which a room cannot be used, and why."""

    span: Span
    reason: str


@dataclass(frozen=True, slots=True)
class Place:
    """A room: whether secrets may be told in it, when it is closed, when it opens.

    `open` None means always.
    """

    key: str
    name: str
    is_fit_for_secret: bool = False
    closures: tuple[Closure, ...] = ()
    open: tuple[Span, ...] | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """A meeting's claim on a room; `occupied` has set-up and tear-down in it (`slots.occupancy`)."""

    meeting: str
    room: str
    occupied: Span
    seats: int | None = None
    use: Use = Use.MAIN
    is_pending: bool = False


@dataclass(frozen=True, slots=True)
class Attendance:
    """A person's time at a meeting: all of it, or that of the items they come for.

    People who are excused or have a substitute are left out.
    """

    person: str
    name: str
    meeting: str
    span: Span
    part: Part = Part.REQUIRED
    is_leader: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A video connection: how many sessions it carries at once, and whether secret ones."""

    key: str
    name: str
    parallel_limit: int
    is_protected: bool = False


@dataclass(frozen=True, slots=True)
class Stock:
    """Movable equipment and how many pieces there are."""

    key: str
    name: str
    pieces: int


@dataclass(frozen=True, slots=True)
class Claim:
    """A meeting's use of a line (one place) or of so many pieces of equipment, for a span."""

    meeting: str
    resource: str
    span: Span
    amount: int = 1


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the rules look at; complete for the moments inside `window`.

    `holidays`: days off and their names. `worked`: days of rest worked in exchange.
    `rest_weekdays`: 0 is Monday.
    """

    now: datetime
    window: Span
    meetings: tuple[Meeting, ...]
    places: tuple[Place, ...] = ()
    holds: tuple[Hold, ...] = ()
    attendances: tuple[Attendance, ...] = ()
    lines: tuple[Line, ...] = ()
    line_claims: tuple[Claim, ...] = ()
    stocks: tuple[Stock, ...] = ()
    stock_claims: tuple[Claim, ...] = ()
    holidays: Mapping[date, str] = field(default_factory=dict)
    worked: frozenset[date] = frozenset()
    rest_weekdays: frozenset[int] = frozenset({6})
    zone: tzinfo = ZoneInfo("Asia/Ho_Chi_Minh")
