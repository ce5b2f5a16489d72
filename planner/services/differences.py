"""What a row of a list says otherwise about somebody the directory knows; empty cells change nothing."""

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone

from planner.models import Appointment, Person
from planner.paper.reading.people import PersonRow
from planner.paper.reading.posts import PostText
from planner.services import titles
from planner.services.matching import digits
from planner.vietnamese import Spelling, fold, respell


def changes_to(
    person: Person, held: Sequence[Appointment], row: PersonRow, *, unit: int | None
) -> dict[str, list[str]]:
    """Field → before and after, in words. `unit` is the row's unit when the directory has it."""
    after: dict[str, tuple[str, str]] = {
        "full_name": (person.full_name, _better_name(person.full_name, row.full_name)),
        "sex": (person.sex, row.sex or person.sex),
        "born_on": (_born(person.born_on, person.birth_year), _later_born(person, row)),
        "email": (person.email, row.email or person.email),
    }
    phone, other = phones_after(person, row.phones)
    after["phone"], after["other_phone"] = (person.phone, phone), (person.other_phone, other)
    if row.unit and unit != person.unit_id:
        after["unit"] = (person.unit.name if person.unit else "", row.unit)
    changes = {name: [before, now] for name, (before, now) in after.items() if before != now}
    if fresh := new_posts(held, row.posts):
        changes["posts"] = [
            "",
            "; ".join(("nguyên " if post.is_former else "") + post.title for post in fresh),
        ]
    return changes


def new_posts(held: Sequence[Appointment], posts: Sequence[PostText]) -> list[PostText]:
    """The posts of a row that the person does not hold, or no longer holds, in the directory."""
    today = timezone.localdate()
    known = {
        (fold(words), not one.holds_on(today))
        for one in held
        for words in (one.title, one.post.name, titles.title_of(one))
    }
    return [post for post in posts if (fold(post.title), post.is_former) not in known]


def phones_after(person: Person, phones: Sequence[str]) -> tuple[str, str]:
    """The person's two numbers when the row's are known: new ones come first, none is lost while there is room."""
    stored = [number for number in (person.phone, person.other_phone) if number]
    known = {digits(number) for number in stored}
    if not [phone for phone in phones if phone not in known]:
        return person.phone, person.other_phone
    kept = [number for number in stored if digits(number) not in phones]
    both = [*phones, *kept][:2]
    return both[0], both[1] if len(both) > 1 else ""


def _better_name(stored: str, read: str) -> str:
    """The row's spelling, unless it only lacks marks or sets the tone in the other place."""
    if read.isascii() or respell(stored, Spelling.OLD) == respell(read, Spelling.OLD):
        return stored
    return read


def _born(day: dt.date | None, year: int | None) -> str:
    return day.isoformat() if day else str(year or "")


def _later_born(person: Person, row: PersonRow) -> str:
    if row.born_on is None and person.born_on is not None:
        return _born(person.born_on, None)
    return _born(row.born_on, row.birth_year or person.birth_year)
