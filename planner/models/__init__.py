"""What is planned, and the directory every act needs."""

from planner.models.accounts import ApiToken, Grant, Job, StoredAnswer, StoredFile, User
from planner.models.audit import AuditEntry
from planner.models.bodies import Body, KindProfile, QuorumRule, SessionKind, StandingRule, Term
from planner.models.holidays import Holiday
from planner.models.imports import ImportBatch, ImportRow
from planner.models.offices import Office
from planner.models.outbox import Message
from planner.models.people import Appointment, Membership, Person, Post, SensitiveRecord, Unit, held_on
from planner.models.schedule import Engagement, WeekSchedule, WeekVersion
from planner.models.sessions import (
    AgendaItem,
    Override,
    Secrecy,
    Session,
    SessionChain,
    SessionChair,
)

__all__ = [
    "AgendaItem",
    "ApiToken",
    "Appointment",
    "AuditEntry",
    "Body",
    "Engagement",
    "Grant",
    "Holiday",
    "Job",
    "ImportBatch",
    "ImportRow",
    "KindProfile",
    "Membership",
    "Message",
    "Office",
    "Override",
    "Person",
    "Post",
    "QuorumRule",
    "Secrecy",
    "SensitiveRecord",
    "Session",
    "SessionChain",
    "SessionChair",
    "SessionKind",
    "StandingRule",
    "StoredAnswer",
    "StoredFile",
    "Term",
    "Unit",
    "User",
    "WeekSchedule",
    "WeekVersion",
    "held_on",
]
