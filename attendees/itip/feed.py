"""Calendar feeds as octets (RFC 5545, 7986): events joined, each serialised once a version. Pure.

No METHOD, ORGANIZER or ATTENDEE: a subscribed calendar is looked at, not answered.
"""

from collections.abc import Sequence
from functools import lru_cache
from zoneinfo import ZoneInfo

from attendees.itip import zones
from attendees.itip.compose import PRODUCT, Event, component
from attendees.itip.text import escape, line

REFRESH = "PT1H"
CONTENT_TYPE = "text/calendar; charset=utf-8"


def calendar(name: str, zone: ZoneInfo, events: Sequence[Event]) -> bytes:
    """The feed's octets, the same for the same events in the same order."""
    head = "".join(
        (
            "BEGIN:VCALENDAR\r\n",
            line("VERSION", "2.0"),
            line("PRODID", PRODUCT),
            line("CALSCALE", "GREGORIAN"),
            line("NAME", escape(name)),
            line("X-WR-CALNAME", escape(name)),
            line("X-WR-TIMEZONE", zone.key),
            line("REFRESH-INTERVAL", REFRESH, {"VALUE": "DURATION"}),
            line("X-PUBLISHED-TTL", REFRESH),
        )
    )
    definition = zones.definition(zone, events[0].starts_at) if events else ""
    return b"".join(
        [head.encode(), definition.encode(), *(_component(event) for event in events), b"END:VCALENDAR\r\n"]
    )


@lru_cache(maxsize=8192)
def _component(event: Event) -> bytes:
    """An event's octets, kept per version: composing costs a hundred times the joining."""
    return component(event)
