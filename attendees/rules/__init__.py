"""Attendee rules: who comes, said in posts, bodies and units, and turned into people once each, with why.

A rule is JSON. One node holds selectors (`body`, `post`, `unit`, `role`, `tag`, `person`) and the combinators
`any`, `all` and `except`; whatever stands in one node must hold together, and `except` takes away from its own
node only. `former` looks at ended posts and seats, `items` invites for some agenda items only, `as` names the
role on the list, and `seats` asks each unit for so many people instead of naming them.
Pure: the directory comes as plain values.
"""

from attendees.rules.reading import BadRule, read
from attendees.rules.resolving import open_seats, resolve
from attendees.rules.values import (
    ROLES,
    Directory,
    Held,
    OpenSeat,
    Pick,
    Picks,
    Rule,
    Seat,
    UnitFact,
    Units,
)

__all__ = [
    "ROLES",
    "BadRule",
    "Directory",
    "Held",
    "OpenSeat",
    "Pick",
    "Picks",
    "Rule",
    "Seat",
    "UnitFact",
    "Units",
    "open_seats",
    "read",
    "resolve",
]
