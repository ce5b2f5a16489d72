"""Finding a delegate at the door: by name without tone marks, unit or number, when the badge was forgotten."""

from dataclasses import dataclass

from django.db.models import Q

from attendees.models import Badge, Delegate
from attendees.services import badges
from planner.access import Actor, Can, must
from planner.models import Session
from planner.vietnamese import fold

_MOST = 20


@dataclass(frozen=True, slots=True)
class Found:
    """A delegate at the desk, with the badge they should be wearing."""

    delegate: Delegate
    badge: Badge | None

    @property
    def typed_code(self) -> str | None:
        """The code that stands for the badge; None when there is no valid one."""
        is_valid = self.badge is not None and self.badge.state == Badge.State.ACTIVE
        return badges.typed_of(self.badge) if self.badge and is_valid else None


def find(*, session: Session, words: str, by: Actor) -> list[Found]:
    """The delegates whose name, unit or number the words hold, at most twenty, by name. Raises NotAllowed."""
    must(by, Can.SEARCH_DOOR, on=session)
    rows = session.delegates.listed().select_related("delegation").by_name()
    for word in fold(words).split():
        named = Q(search_key__contains=word) | Q(delegation__search_key__contains=word)
        rows = rows.filter(named | Q(number=int(word)) if word.isdecimal() and len(word) < 6 else named)
    found, held = list(rows[:_MOST]), badges.held_in(session)
    return [Found(row, held.get(row.person_id)) for row in found]
