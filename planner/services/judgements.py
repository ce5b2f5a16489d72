"""What each row of an uploaded list would do to the directory: nothing, add, change, or ask a human first."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from planner.models import Appointment, ImportRow, Person
from planner.paper.reading.people import PersonRow, from_json
from planner.paper.reading.problems import Doubt, Problem
from planner.services.differences import changes_to
from planner.services.matching import Directory, Known, Relation, known_row, sole
from planner.services.unit_names import UnitNames
from planner.vietnamese import fold

Status = ImportRow.Status
Decisions = Mapping[tuple[str, int], Mapping[str, Any]]

# Doubts about who somebody is: only a person, a new record or leaving the row out settles them.
IDENTITY = frozenset(
    {"namesake", "namesakes", "same_name", "duplicate_more", "born_differs", "contact_of_other"}
)
_MOST_CANDIDATES = 5


@dataclass(slots=True)
class Judged:
    """A row and what became of it. `person` is who it is in the directory, `twin` the line it repeats."""

    row: PersonRow
    status: Status = Status.NEW
    person: int | None = None
    twin: tuple[str, int] | None = None
    unit: int | None = None
    changes: dict[str, list[str]] = field(default_factory=dict)
    candidates: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    decision: Mapping[str, Any] = field(default_factory=dict)

    @property
    def place(self) -> tuple[str, int]:
        """Where the row stands in the file."""
        return self.row.sheet, self.row.line

    @property
    def is_settled(self) -> bool:
        """True when the row may be applied: clear by itself, or decided."""
        if self.decision.get("do") == "skip":
            return False
        return self.status in (Status.NEW, Status.SAME, Status.CHANGED)


def judge(
    rows: Sequence[ImportRow], *, more: Mapping[tuple[str, int], Sequence[Problem]] | None = None
) -> list[Judged]:
    """The rows of a batch compared with the directory and with each other; constant queries.

    A decision kept with a row is heard: its answers take the place of what was unclear.
    """
    judging = _Judging()
    judged = [judging.row(row) for row in rows]
    _compare(judged)
    for one in judged:
        one.status = status_of(one)
    return judged


def from_row(row: ImportRow) -> PersonRow:
    """The typed row as it was read, with the values a decision put right."""
    person = from_json(row.read, sheet=row.sheet, line=row.line)
    problems = tuple(Problem.from_json(stored) for stored in row.read.get("doubts", ()))
    mended: Mapping[str, Any] = row.decision.get("values", {})
    if not mended:
        return replace(person, problems=problems)
    again = from_json({**row.read, **mended}, sheet=row.sheet, line=row.line)
    return replace(
        again, problems=tuple(p for p in problems if not set(_MENDED_BY.get(p.code, ())) & mended.keys())
    )


_MENDED_BY = {
    "name_missing": ("full_name",), "name_unclear": ("full_name",), "open_seat": ("full_name",),
    "born_wrong": ("birth_year", "born_on"), "born_future": ("birth_year", "born_on"), "born_unlikely": ("birth_year", "born_on"),
    "sex_unclear": ("sex",), "sex_both": ("sex",), "sex_contradicts": ("sex",),
    "phone_wrong": ("phones",), "email_wrong": ("email",), "note_unclear": ("note_text",),
}  # fmt: skip


class _Judging:
    """Goes through the rows in order; each finds the directory and the rows before it."""

    def __init__(self) -> None:
        self.units = UnitNames()
        self.directory = Directory.load()
        self.earlier = Directory([])
        self.claimed: dict[int, Known] = {}
        self.by_place: dict[tuple[str, int], Judged] = {}

    def row(self, stored: ImportRow) -> Judged:
        row = from_row(stored)
        judged = Judged(row, problems=list(row.problems), decision=stored.decision)
        self.by_place[judged.place] = judged
        units = self._find_unit(judged)
        if row.full_name and not any(p.code in ("open_seat", "name_unclear") for p in judged.problems):
            known = known_row(row, judged.unit or self.units.key(row.unit))
            self._identify(judged, known)
            self.earlier.add(known)
            if judged.person is not None:
                self.claimed.setdefault(judged.person, known)
                if (own := self.directory.unit_of(judged.person)) in units:
                    judged.unit = own
        self._doubt_unit(judged, units)
        return judged

    def _find_unit(self, judged: Judged) -> list[int]:
        """The units the row's may be; one alone is taken."""
        if (chosen := judged.decision.get("unit_id")) is not None:
            judged.unit = int(chosen)
            return []
        ids = self.units.ids(judged.row.unit) if judged.row.unit else []
        judged.unit = ids[0] if len(ids) == 1 else None
        return ids

    def _doubt_unit(self, judged: Judged, ids: Sequence[int]) -> None:
        name = judged.row.unit
        if judged.unit is None and ids:
            judged.problems.append(
                Problem(Doubt.UNCLEAR, "unit_several", value=name, more={"count": len(ids)})
            )
        elif judged.unit is None and name:
            judged.problems.append(Problem(Doubt.REMARK, "unit_new", value=name))

    def _identify(self, judged: Judged, known: Known) -> None:
        decided = judged.decision.get("do")
        if decided == "person" and judged.decision.get("person_id"):
            judged.person = int(judged.decision["person_id"])
            return
        if decided == "person":
            judged.twin = (judged.decision.get("sheet", judged.row.sheet), int(judged.decision["line"]))
            judged.person = self.by_place[judged.twin].person if judged.twin in self.by_place else None
            return
        if decided == "create":
            return
        self._by_evidence(judged, known)

    def _by_evidence(self, judged: Judged, known: Known) -> None:
        coded = self.directory.coded(judged.row.code, known)
        if coded is not None and coded.pk not in self.claimed:
            judged.person = coded.pk
            return
        found, above = self.directory.related(known), self.earlier.related(known)
        same = sole(found[Relation.SAME])
        if twin := sole(above[Relation.SAME]) or (self.claimed.get(same.pk or 0) if same else None):
            self._repeat(judged, twin)
            return
        if same:
            judged.person = same.pk
            return
        self._doubt(judged, found, above)

    def _repeat(self, judged: Judged, twin: Known) -> None:
        """The row is somebody who stands further up already: harmless when it says nothing new."""
        judged.twin = (twin.sheet, twin.line)
        first = self.by_place[judged.twin]
        judged.person = first.person
        says_more = _says_more(judged.row, first.row)
        code, doubt = ("duplicate_more", Doubt.UNCLEAR) if says_more else ("duplicate_row", Doubt.REMARK)
        judged.problems.append(Problem(doubt, code, more={"line": twin.line}))

    def _doubt(
        self, judged: Judged, found: Mapping[Relation, list[Known]], above: Mapping[Relation, list[Known]]
    ) -> None:
        unclear = judged.problems.append
        people = [*found[Relation.SAME], *found[Relation.MAYBE]]
        if people:
            judged.candidates = list(dict.fromkeys(known.pk for known in people if known.pk))[
                :_MOST_CANDIDATES
            ]
            code = "namesake" if len(judged.candidates) == 1 else "namesakes"
            more = {"count": len(judged.candidates), "name": people[0].full_name}
            unclear(Problem(Doubt.UNCLEAR, code, more=more))
        for relation, code in (
            (Relation.BORN_DIFFERS, "born_differs"),
            (Relation.CONTACT_ONLY, "contact_of_other"),
        ):
            for known in (found[relation] or above[relation])[:1]:
                judged.candidates += [known.pk] if known.pk else []
                shared = _shared(judged.row, known)
                unclear(
                    Problem(
                        Doubt.UNCLEAR, code, value=shared, more={"name": known.full_name, "line": known.line}
                    )
                )
        if rows := [*above[Relation.SAME], *above[Relation.MAYBE]]:
            judged.twin = (rows[-1].sheet, rows[-1].line)
            unclear(Problem(Doubt.UNCLEAR, "same_name", more={"line": rows[-1].line}))
        elif (
            judged.row.note.duplicate_of is not None
            and not judged.candidates
            and judged.decision.get("do") != "take"
        ):
            unclear(Problem(Doubt.UNCLEAR, "duplicate_marked"))


def _shared(row: PersonRow, known: Known) -> str:
    if row.email and row.email == known.email:
        return row.email
    return next((phone for phone in row.phones if phone in known.phones), "")


def _says_more(row: PersonRow, first: PersonRow) -> bool:
    """Whether a repeated row holds anything the first one does not."""
    own_posts = {(fold(post.title), post.is_former) for post in row.posts}
    posts = {(fold(post.title), post.is_former) for post in first.posts}
    note = replace(row.note, duplicate_of=None)
    return bool(
        own_posts - posts
        or set(row.phones) - set(first.phones)
        or (row.email and row.email != first.email)
        or (row.unit and fold(row.unit) != fold(first.unit))
        or (row.born_on and row.born_on != first.born_on)
        or not (note.is_empty or note == first.note)
    )


def status_of(judged: Judged) -> Status:
    """The row's status: the weightiest doubt, else what it does. Decided doubts no longer count."""
    decided = judged.decision.get("do")
    doubts = [p for p in judged.problems if not _is_answered(p, decided)]
    if any(p.doubt is Doubt.WRONG for p in doubts):
        return Status.WRONG
    if any(p.doubt is Doubt.UNCLEAR for p in doubts):
        return Status.UNCLEAR
    if judged.person is not None or judged.twin is not None:
        return Status.CHANGED if judged.changes else Status.SAME
    return Status.NEW


def _is_answered(problem: Problem, decided: str | None) -> bool:
    """Whether a decision settles a doubt. No decision makes a person of a row that names none."""
    if problem.code in ("name_missing", "open_seat"):
        return False
    return decided in ("person", "create") or (decided == "take" and problem.code not in IDENTITY)


def _compare(judged: Sequence[Judged]) -> None:
    """Fill in what rows would change about the people they are."""
    ids = {one.person for one in judged if one.person is not None}
    people = Person.objects.active().select_related("unit").in_bulk(ids)
    held: dict[int, list[Appointment]] = defaultdict(list)
    for appointment in Appointment.objects.filter(person__in=ids).select_related("post", "unit"):
        held[appointment.person_id].append(appointment)
    for one in judged:
        person = people.get(one.person or 0)
        if person is not None and (one.twin is None or one.decision.get("do") == "person"):
            one.changes = changes_to(person, held[person.pk], one.row, unit=one.unit)
        elif one.person is not None and person is None:
            one.problems.append(Problem(Doubt.UNCLEAR, "changed_meanwhile"))
