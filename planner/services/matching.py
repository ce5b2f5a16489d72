"""Is this row somebody the directory knows? Evidence for and against, and never a silent guess.

Same name and one shared address, number or birthday is the same person; a shared name alone is a question.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from planner.models import Person
from planner.paper.reading.people import PersonRow
from planner.vietnamese import fold

_CODE = re.compile(r"NT-(\d{1,18})")


def code_of(pk: int) -> str:
    """What an export writes beside a person, so that the same file finds them again."""
    return f"NT-{pk}"


class Relation(Enum):
    """How a row and somebody known stand to each other."""

    SAME = auto()
    MAYBE = auto()  # same name, too little to tell
    BORN_DIFFERS = auto()  # same name and address, another birthday
    CONTACT_ONLY = auto()  # another name behind the same address or mobile number
    NAMESAKE = auto()  # same name, everything else differs
    NONE = auto()


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody a row may be: a person of the directory (`pk`) or an earlier row of the list (`line`)."""

    full_name: str
    key: str
    email: str = ""
    phones: frozenset[str] = frozenset()
    born: str = ""  # ISO day
    year: int | None = None
    unit: int | str | None = None  # the unit's id, or its folded name when it is not in the directory yet
    pk: int | None = None
    line: int = 0
    sheet: str = ""


def relation(row: Known, other: Known) -> Relation:
    """What speaks for and against the two being one person."""
    shares_contact = bool(row.email and row.email == other.email) or bool(row.phones & other.phones)
    if row.key != other.key:
        is_own = bool(row.email and row.email == other.email) or bool(_mobiles(row) & _mobiles(other))
        return Relation.CONTACT_ONLY if is_own else Relation.NONE
    born = _births(row, other)
    same_unit = row.unit is not None and row.unit == other.unit
    if born is False:
        return Relation.BORN_DIFFERS if shares_contact else Relation.MAYBE if same_unit else Relation.NAMESAKE
    if shares_contact or (row.born and row.born == other.born):
        return Relation.SAME
    if same_unit and (born or not _contradicts(row, other)):
        return Relation.SAME
    if _is_bare(row) and _is_bare(other):
        return Relation.SAME
    return Relation.NAMESAKE if born is None and _differs_throughout(row, other) else Relation.MAYBE


class Directory:
    """Everybody known, by name, address and number: one query, whatever the size."""

    def __init__(self, people: Iterable[Known]) -> None:
        self._by: dict[str, dict[str, list[Known]]] = {
            "name": defaultdict(list),
            "email": defaultdict(list),
            "phone": defaultdict(list),
        }
        self._by_pk: dict[int, Known] = {}
        for known in people:
            self.add(known)

    @classmethod
    def load(cls) -> "Directory":
        """The active people of the directory."""
        columns = ("pk", "full_name", "email", "phone", "other_phone", "born_on", "birth_year", "unit_id")
        rows = Person.objects.active().order_by("pk").values_list(*columns)
        return cls(
            Known(
                pk=pk,
                full_name=full_name,
                key=fold(full_name),
                email=email.lower(),
                phones=frozenset(filter(None, map(digits, (phone, other)))),
                born=born.isoformat() if born else "",
                year=born.year if born else year,
                unit=unit,
            )
            for pk, full_name, email, phone, other, born, year, unit in rows
        )

    def add(self, known: Known) -> None:
        """Let later rows find this one too."""
        if known.pk is not None:
            self._by_pk[known.pk] = known
        self._by["name"][known.key].append(known)
        if known.email:
            self._by["email"][known.email].append(known)
        for phone in known.phones:
            self._by["phone"][phone].append(known)

    def coded(self, code: str, row: Known) -> Known | None:
        """The person our own export wrote the code of, unless neither name nor address agrees any more."""
        match = _CODE.fullmatch(code)
        known = self._by_pk.get(int(match[1])) if match else None
        if known is None or relation(row, known) in (Relation.NONE, Relation.NAMESAKE):
            return None
        return known

    def unit_of(self, pk: int) -> int | None:
        """Where the directory says the person works."""
        unit = self._by_pk[pk].unit if pk in self._by_pk else None
        return unit if isinstance(unit, int) else None

    def related(self, row: Known) -> dict[Relation, list[Known]]:
        """Everybody who could be the row's person, by how they relate to it."""
        pools: list[list[Known]] = [
            self._by["name"][row.key],
            self._by["email"][row.email] if row.email else [],
        ]
        pools += [self._by["phone"][phone] for phone in row.phones]
        found: dict[Relation, list[Known]] = defaultdict(list)
        seen: set[int] = set()
        for known in (one for pool in pools for one in pool):
            if id(known) not in seen:
                seen.add(id(known))
                found[relation(row, known)].append(known)
        return found


def known_row(row: PersonRow, unit: int | str | None) -> Known:
    """A row of a list as evidence."""
    return Known(
        full_name=row.full_name,
        key=fold(row.full_name),
        email=row.email,
        phones=frozenset(row.phones),
        born=row.born_on.isoformat() if row.born_on else "",
        year=row.birth_year,
        unit=unit,
        line=row.line,
        sheet=row.sheet,
    )


def digits(phone: str) -> str:
    """A stored number as lists are read: digits only, +84 as 0."""
    bare = re.sub(r"\D", "", phone)
    if phone.strip().startswith("+"):
        return f"0{bare[2:]}" if bare.startswith("84") else f"+{bare}"
    return bare


def _mobiles(known: Known) -> set[str]:
    """Numbers of one's own; a land line rings on many desks."""
    return {phone for phone in known.phones if not phone.startswith("02")}


def _births(row: Known, other: Known) -> bool | None:
    """True when the birthdays agree as far as both are known, False when they cannot, None when unknown."""
    if row.born and other.born:
        return row.born == other.born
    if row.year and other.year:
        return row.year == other.year
    return None


def _contradicts(row: Known, other: Known) -> bool:
    return bool(row.email and other.email) or bool(_mobiles(row) and _mobiles(other))


def _differs_throughout(row: Known, other: Known) -> bool:
    """Address, number and unit are known of both and all differ."""
    units = row.unit is not None and other.unit is not None
    return (
        bool(row.email and other.email and _mobiles(row) and _mobiles(other))
        and units
        and row.unit != other.unit
    )


def _is_bare(known: Known) -> bool:
    return not (known.email or known.phones or known.year or known.unit)


def sole(found: Sequence[Known]) -> Known | None:
    """The one person all of these are, if they are one."""
    ids = {known.pk or (known.sheet, known.line) for known in found}
    return found[0] if len(ids) == 1 else None
