"""One box for people, sessions and rooms, without accents."""

from dataclasses import dataclass

from planner.access import Actor
from planner.models import Person, Session
from planner.services import search
from planner.vietnamese import fold
from rooms.models import Room

_EACH = 8


@dataclass(frozen=True)
class Found:
    """What a search brought, best first, a handful of each."""

    people: list[Person]
    sessions: list[Session]
    rooms: list[Room]

    @property
    def is_empty(self) -> bool:
        """True when nothing was found."""
        return not (self.people or self.sessions or self.rooms)


def everywhere(words: str, *, by: Actor) -> Found:
    """People, sessions (the latest first) and rooms that carry every word."""
    folded = fold(words).split()
    if not folded:
        return Found([], [], [])
    people = search.matching(Person.objects.visible_to(by).active(), words)
    sessions = search.matching(Session.objects.visible_to(by), words)
    rooms = [
        room
        for room in Room.objects.visible_to(by).usable()
        if all(word in fold(room.name) for word in folded)
    ]
    return Found(
        people=list(search.best_first(people, words, "full_name")[:_EACH]),
        sessions=list(sessions.select_related("body").order_by("-starts_at")[:_EACH]),
        rooms=rooms[:_EACH],
    )
