"""What credentials reports count: invented sensitive records of those with a seat and of congress delegates."""

import datetime as dt
from random import Random

from planner.management.demo.world import World
from planner.models import Person, SensitiveRecord

_PEOPLES = {"K'": "Cơ Ho", "Ka ": "Cơ Ho", "Ha ": "Cơ Ho", "Cil": "Cơ Ho", "Lơ": "Cơ Ho", "Ya ": "Chu Ru", "Ma ": "Chu Ru",
            "Tou": "Chu Ru", "Nai": "Chu Ru", "Bon": "Cơ Ho", "Liêng": "Cơ Ho", "Rơ": "Cơ Ho", "Y ": "Ê Đê", "H'": "Ê Đê"}  # fmt: skip
_EDUCATION = ("Đại học", "Đại học", "Thạc sĩ", "Thạc sĩ", "Tiến sĩ")
_THEORY = ("Cao cấp", "Cao cấp", "Cử nhân", "Trung cấp")


def write(world: World) -> int:
    """How many records were made."""
    rng = world.rng("records")
    seated = [person for person, _sits in world.sits]
    people = list(dict.fromkeys([*seated, *world.groups.get("event", [])]))
    SensitiveRecord.objects.bulk_create([_record(person, rng) for person in people], batch_size=500)
    return len(people)


def _record(person: Person, rng: Random) -> SensitiveRecord:
    born = person.birth_year or 1980
    joined = dt.date(born + rng.randint(22, 30), rng.choice((2, 3, 5, 9, 11)), rng.randint(1, 28))
    return SensitiveRecord(
        person=person,
        ethnicity=next(
            (name for start, name in _PEOPLES.items() if person.full_name.startswith(start)), "Kinh"
        ),
        joined_party_on=joined,
        education=rng.choice(_EDUCATION),
        political_theory=rng.choice(_THEORY),
    )
