"""Who may do what: capabilities as one readable table, and the value that acts.

Every service asks `must(by, Can.X, on=thing)` first; every list asks `Model.objects.visible_to(actor)`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from planner.errors import NotAllowed


class Can(StrEnum):
    """One thing an actor may do."""

    READ = "read"
    PLAN = "plan"  # draft sessions, agendas, lists
    BOOK = "book"
    PUBLISH = "publish"
    INVITE = "invite"
    RECORD_REPLY = "record_reply"
    DECIDE_EXCUSE = "decide_excuse"
    EDIT_PEOPLE = "edit_people"
    READ_SENSITIVE = "read_sensitive"
    BADGE = "badge"
    SCAN = "scan"
    SEARCH_DOOR = "search_door"
    RESOLVE_DOOR = "resolve_door"
    REPORT = "report"
    EXPORT = "export"
    WEEK_SUBMIT = "week_submit"
    WEEK_APPROVE = "week_approve"
    SEE_SECRET = "see_secret"  # may know that a secret session exists: code name, list
    NOMINATE = "nominate"
    REPORT_POINT = "report_point"
    READ_AUDIT = "read_audit"
    ADMINISTER = "administer"


class Role(StrEnum):
    """A named set of capabilities, granted to an account for the office, one body or one session."""

    ADMINISTRATOR = "administrator"
    HEAD_OF_OFFICE = "head_of_office"
    PLANNER = "planner"
    RECEPTION = "reception"
    VIEWER = "viewer"
    DOOR_DEVICE = "door_device"
    UNIT_CONTACT = "unit_contact"
    POINT_CONTACT = "point_contact"


ROLE_LABELS = {
    Role.ADMINISTRATOR: _("Administrator"),
    Role.HEAD_OF_OFFICE: _("Head of office"),
    Role.PLANNER: _("Planner"),
    Role.RECEPTION: _("Reception desk"),
    Role.VIEWER: _("Viewer"),
    Role.DOOR_DEVICE: _("Door device"),
    Role.UNIT_CONTACT: _("Unit contact"),
    Role.POINT_CONTACT: _("Bridge-point contact"),
}

_PLANNING = {
    Can.READ,
    Can.PLAN,
    Can.BOOK,
    Can.PUBLISH,
    Can.INVITE,
    Can.RECORD_REPLY,
    Can.EDIT_PEOPLE,
    Can.BADGE,
    Can.SCAN,
    Can.SEARCH_DOOR,
    Can.RESOLVE_DOOR,
    Can.REPORT,
    Can.EXPORT,
    Can.WEEK_SUBMIT,
    Can.SEE_SECRET,
}

CAPABILITIES: dict[Role, frozenset[Can]] = {
    Role.ADMINISTRATOR: frozenset(Can) - {Can.NOMINATE, Can.REPORT_POINT},
    Role.HEAD_OF_OFFICE: frozenset(
        _PLANNING | {Can.DECIDE_EXCUSE, Can.WEEK_APPROVE, Can.READ_SENSITIVE, Can.READ_AUDIT}
    ),
    Role.PLANNER: frozenset(_PLANNING | {Can.DECIDE_EXCUSE}),
    Role.RECEPTION: frozenset(
        {Can.READ, Can.RECORD_REPLY, Can.BADGE, Can.SCAN, Can.SEARCH_DOOR, Can.RESOLVE_DOOR, Can.REPORT}
    ),
    Role.VIEWER: frozenset({Can.READ}),
    Role.DOOR_DEVICE: frozenset({Can.SCAN}),
    Role.UNIT_CONTACT: frozenset({Can.NOMINATE}),
    Role.POINT_CONTACT: frozenset({Can.REPORT_POINT}),
}

# What an API token of a scope may use of its user's capabilities.
SCOPES: dict[str, frozenset[Can]] = {
    "read": frozenset({Can.READ, Can.REPORT, Can.SEE_SECRET}),
    "plan": frozenset(
        {
            Can.READ,
            Can.PLAN,
            Can.BOOK,
            Can.PUBLISH,
            Can.INVITE,
            Can.RECORD_REPLY,
            Can.DECIDE_EXCUSE,
            Can.BADGE,
            Can.REPORT,
            Can.EXPORT,
            Can.WEEK_SUBMIT,
            Can.WEEK_APPROVE,
            Can.SEE_SECRET,
        }
    ),
    "people": frozenset({Can.READ, Can.EDIT_PEOPLE, Can.READ_SENSITIVE, Can.EXPORT}),
    "door": frozenset({Can.READ, Can.SCAN, Can.SEARCH_DOOR, Can.RESOLVE_DOOR, Can.REPORT, Can.BADGE}),
    "admin": frozenset(Can),
}


@dataclass(frozen=True)
class Actor:
    """Who acts: an account, an API token, a door device, a signed link or the system itself.

    `everywhere` holds for the whole office; `for_bodies` and `for_sessions` map the id of a body or
    session to what the actor may do there. `label` is what the audit log prints.
    """

    kind: str
    id: str
    label: str
    everywhere: frozenset[Can] = frozenset()
    for_bodies: dict[int, frozenset[Can]] = field(default_factory=dict, hash=False)
    for_sessions: dict[int, frozenset[Can]] = field(default_factory=dict, hash=False)
    user_id: int | None = None
    origin: str = ""

    def can(self, capability: Can, on: Any = None) -> bool:
        """True when the actor may, for the whole office or on the given object."""
        if capability in self.everywhere:
            return True
        session_id, body_id = _scope_of(on)
        return (session_id is not None and capability in self.for_sessions.get(session_id, ())) or (
            body_id is not None and capability in self.for_bodies.get(body_id, ())
        )

    def can_anywhere(self, capability: Can) -> bool:
        """True when the actor may somewhere; for menus, never for deciding."""
        scopes = (self.everywhere, *self.for_bodies.values(), *self.for_sessions.values())
        return any(capability in scope for scope in scopes)

    def body_ids(self, capability: Can) -> list[int]:
        """Bodies on which the actor may, beyond `everywhere`."""
        return [pk for pk, cans in self.for_bodies.items() if capability in cans]

    def session_ids(self, capability: Can) -> list[int]:
        """Sessions on which the actor may, beyond `everywhere`."""
        return [pk for pk, cans in self.for_sessions.items() if capability in cans]


SYSTEM = Actor(kind="system", id="system", label="system", everywhere=frozenset(Can))
NOBODY = Actor(kind="nobody", id="", label="")


def must(by: Actor, capability: Can, *, on: Any = None) -> None:
    """Refuse with NotAllowed unless `by` has the capability on the object."""
    if not by.can(capability, on):
        raise NotAllowed(capability=capability.value)


def narrowed(cans: Iterable[Can], scopes: Iterable[str]) -> frozenset[Can]:
    """What remains of an account's capabilities under a token's scopes."""
    allowed = frozenset().union(*(SCOPES[scope] for scope in scopes))
    return frozenset(cans) & allowed


def _scope_of(on: Any) -> tuple[int | None, int | None]:
    """The session id and body id an object belongs to.

    A Session has `body_id` and `ordinal`; a Body has `terms`-less identity; whatever else hangs on a
    session names it by `session_id` and reaches the body through `session`.
    """
    if on is None:
        return None, None
    model = on._meta.model_name
    if model == "body":
        return None, on.pk
    if model == "session":
        return on.pk, on.body_id
    session = getattr(on, "session", None)
    return (session.pk, session.body_id) if session is not None else (None, getattr(on, "body_id", None))
