"""Where it happens: halls and lines."""

from rooms.models.bookings import Booking
from rooms.models.calls import Call, Connection, JoinPass
from rooms.models.places import Closure, Equipment, Layout, Room, Site

__all__ = ["Booking", "Call", "Closure", "Connection", "Equipment", "JoinPass", "Layout", "Room", "Site"]
