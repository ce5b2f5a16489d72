"""Who comes: lists, invitations, badges and the door."""

from attendees.models.badges import Badge, BadgeSeries, badges_of
from attendees.models.delegates import AttendeeRule, Delegate, Substitution
from attendees.models.gates import Conflict, Device, Gate, Round, Scan, Snapshot, Verdict
from attendees.models.invitations import Invitation, Reply

__all__ = [
    "AttendeeRule",
    "Badge",
    "BadgeSeries",
    "Conflict",
    "Delegate",
    "Device",
    "Gate",
    "Invitation",
    "Reply",
    "Round",
    "Scan",
    "Snapshot",
    "Substitution",
    "Verdict",
    "badges_of",
]
