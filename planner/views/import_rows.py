"""Rows of an uploaded list as the page shows them: why, what changes, and the choices that settle a row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from attendees.models import Delegate
from planner.models import Engagement, ImportRow, Person, Unit
from planner.paper.reading.problems import Doubt
from planner.paper.reading.reasons import sentences
from planner.services.judgements import IDENTITY
from planner.services.unit_names import UnitNames

LABELS: dict[str, str | Promise] = {
    "full_name": _lazy("Full name"),
    "sex": _lazy("Sex"),
    "born_on": _lazy("Born"),
    "email": _lazy("E-mail"),
    "phone": _lazy("Telephone"),
    "other_phone": _lazy("Second telephone"),
    "unit": _lazy("Unit"),
    "posts": _lazy("Posts"),
    "items": _lazy("Only for items"),
    "diet": _lazy("Diet"),
    "needs": _lazy("Needs"),
    "basis": _lazy("Basis"),
    "reply": _lazy("Answer"),
    "on": _lazy("Day"),
    "starts": _lazy("Hour"),
    "half_day": _lazy("Half-day"),
    "leaders_text": _lazy("Leaders"),
    "place": _lazy("Place"),
    "preparing_unit": _lazy("Prepared by"),
    "escort": _lazy("Escort"),
    "car": _lazy("Car"),
}
_CHOICES: dict[str, Any] = {
    "sex": Person.Sex,
    "basis": Delegate.Basis,
    "reply": Delegate.Reply,
    "half_day": Engagement.HalfDay,
}
# Which cell a doubt lets people put right, and what the input is called.
_MENDABLE = {
    "name_missing": "full_name",
    "name_unclear": "full_name",
    "open_seat": "full_name",
    "born_wrong": "born",
    "born_future": "born",
    "born_unlikely": "born",
    "sex_unclear": "sex",
    "sex_both": "sex",
    "sex_contradicts": "sex",
    "phone_wrong": "phone",
    "email_wrong": "email",
    "note_unclear": "note",
}
FIELDS: dict[str, str | Promise] = {
    "full_name": LABELS["full_name"],
    "born": LABELS["born_on"],
    "sex": _lazy("Nam or Nữ"),
    "phone": LABELS["phone"],
    "email": LABELS["email"],
    "note": _lazy("Note in the list"),
}
_UNDECIDABLE = frozenset({"week_day_wrong", "week_content_missing"})


@dataclass(frozen=True)
class ShownRow:
    """One row of the table."""

    row: ImportRow
    detail: str
    note: str
    reasons: Sequence[str]
    remarks: Sequence[str]
    changes: Sequence[tuple[str | Promise, str, str]]
    options: Sequence[tuple[str, str]]
    fields: Sequence[tuple[str, str | Promise, str]]
    units: Sequence[tuple[int, str]]
    chosen: str

    @property
    def waits(self) -> bool:
        """True when the row needs a word of the office."""
        return bool(self.options)


def shown(rows: Sequence[ImportRow]) -> list[ShownRow]:
    """The rows of one page of the table; at most four queries, whatever the number."""
    people = _people(rows)
    units = _units(rows)
    return [_shown(row, people, units) for row in rows]


def _shown(row: ImportRow, people: dict[int, Person], units: dict[str, list[tuple[int, str]]]) -> ShownRow:
    codes = {problem["code"] for problem in row.problems}
    return ShownRow(
        row=row,
        detail=_detail(row),
        note=row.read.get("note_text", ""),
        reasons=sentences(problem for problem in row.problems if problem["doubt"] != Doubt.REMARK),
        remarks=sentences(problem for problem in row.problems if problem["doubt"] == Doubt.REMARK),
        changes=[
            (LABELS.get(name, name), *map(_word, (name, name), pair)) for name, pair in row.changes.items()
        ],
        options=_options(row, codes, people),
        fields=_fields(row, codes),
        units=units.get(row.read.get("unit", ""), []) if "unit_several" in codes else [],
        chosen=_chosen(row, people),
    )


def _detail(row: ImportRow) -> str:
    """A second line under the name: posts and unit, or day and place."""
    read = row.read
    if "content" in read:
        return " · ".join(filter(None, (read.get("on", ""), read.get("starts", ""), read.get("place", ""))))
    posts = ", ".join(
        ("nguyên " if post["is_former"] else "") + post["title"] for post in read.get("posts", ())
    )
    return " · ".join(filter(None, (posts, read.get("unit", ""))))


def _word(name: str, value: str) -> str:
    if name in _CHOICES and value in _CHOICES[name].values:
        return str(_CHOICES[name](value).label) if value else ""
    return value


def _options(row: ImportRow, codes: set[str], people: dict[int, Person]) -> list[tuple[str, str]]:
    if (
        row.status not in (ImportRow.Status.UNCLEAR, ImportRow.Status.WRONG)
        and row.decision.get("do") != "skip"
    ):
        return []
    skip = ("skip", _("Leave this row out"))
    if codes & _UNDECIDABLE:
        return [skip]
    if not codes & IDENTITY:
        return [("take", _("Take what is clear")), skip]
    known = [people[pk] for pk in row.candidates if pk in people]
    options = [(f"person:{one.pk}", _("It is %(who)s") % {"who": _told(one)}) for one in known]
    options += [
        (f"line:{problem['more']['line']}", _("Same person as row %(line)s") % problem["more"])
        for problem in row.problems
        if problem["code"] in ("same_name", "duplicate_more")
    ]
    return [*options, ("create", _("Add a new person")), skip]


def _told(person: Person) -> str:
    born = str(person.born_on.year if person.born_on else person.birth_year or "")
    parts = (person.full_name, born, person.unit.name if person.unit else "", person.phone)
    return " · ".join(filter(None, parts))


def _fields(row: ImportRow, codes: set[str]) -> list[tuple[str, str | Promise, str]]:
    names = dict.fromkeys(_MENDABLE[code] for code in codes if code in _MENDABLE)
    kept = row.decision.get("values", {})
    stored = {"born": "born_on", "phone": "phones", "note": "note_text"}
    return [
        (name, FIELDS[name], _text(kept.get(stored.get(name, name), ""))) for name in FIELDS if name in names
    ]


def _text(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value or "")


def _chosen(row: ImportRow, people: dict[int, Person]) -> str:
    """The value of the choice already made."""
    decided = row.decision
    if decided.get("do") != "person":
        return str(decided.get("do", ""))
    return f"person:{decided['person_id']}" if decided.get("person_id") else f"line:{decided['line']}"


def _people(rows: Iterable[ImportRow]) -> dict[int, Person]:
    ids = {pk for row in rows for pk in row.candidates}
    return Person.objects.active().select_related("unit").in_bulk(ids) if ids else {}


def _units(rows: Iterable[ImportRow]) -> dict[str, list[tuple[int, str]]]:
    """The units each doubtful name may mean, with the province or unit above."""
    doubtful = {row.read.get("unit", "") for row in rows for p in row.problems if p["code"] == "unit_several"}
    if not doubtful:
        return {}
    names = UnitNames()
    ids = {name: names.ids(name) for name in doubtful}
    found = Unit.objects.select_related("parent").in_bulk({pk for pks in ids.values() for pk in pks})
    return {
        name: [(pk, ", ".join(filter(None, (found[pk].name, str(found[pk].parent or ""))))) for pk in pks]
        for name, pks in ids.items()
    }
