"""Who comes: lists, invitations, badges and the door."""

from attendees.models.badges import Badge, BadgeSeries, badges_of
from attendees.models.calls import PhoneCall
from attendees.models.delegates import AttendeeRule, Delegate, Substitution
from attendees.models.feeds import FeedToken
from attendees.models.gates import Conflict, Device, Gate, Round, Scan, Snapshot, Verdict
from attendees.models.invitations import Invitation, Reply
from attendees.models.mailbox import InboundMail

__all__ = [
    "AttendeeRule",
    "Badge",
    "BadgeSeries",
    "Conflict",
    "Delegate",
    "Device",
    "FeedToken",
    "Gate",
    "InboundMail",
    "Invitation",
    "PhoneCall",
    "Reply",
    "Round",
    "Scan",
    "Snapshot",
    "Substitution",
    "Verdict",
    "badges_of",
]
