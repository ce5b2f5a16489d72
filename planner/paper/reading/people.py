"""One row of a list as one person: every cell typed, every doubt named with its cell."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from planner.paper.reading import cells, contacts, notes, posts
from planner.paper.reading.columns import Field, Head
from planner.paper.reading.notes import Note
from planner.paper.reading.posts import PostText
from planner.paper.reading.problems import Doubt, Problem
from planner.paper.reading.sheets import Row, Sheet, Value, address, is_error
from planner.vietnamese import fold

_MARKED = frozenset({"x", "co", "v", "1", "yes", "true", "✓", "✔", "☑", "●"})
# Columns of their own that say what a note would say, and the words a bare value needs around it.
_SAYING = (
    (Field.DIET, "{}"),
    (Field.EXCUSE, "vắng: {}"),
    (Field.ITEMS, "dự mục {}"),
    (Field.SUBSTITUTE, "dự thay {}"),
    (Field.SENT, "cử đồng chí {} dự thay"),
    (Field.REPLY, "{}"),
)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person of a list. `group` is the title above the row, `line` the row as in Excel."""

    sheet: str
    line: int
    number: str = ""
    code: str = ""  # what our own export wrote beside the person
    group: str = ""
    full_name: str = ""
    honorific: str = ""
    sex: str = ""
    born_on: dt.date | None = None
    birth_year: int | None = None
    posts: tuple[PostText, ...] = ()
    unit: str = ""
    delegation: str = ""
    phones: tuple[str, ...] = ()
    email: str = ""
    note_text: str = ""
    note: Note = field(default_factory=Note)
    problems: tuple[Problem, ...] = ()

    def has(self, doubt: Doubt) -> bool:
        """True when some problem of the row weighs so much."""
        return any(problem.doubt is doubt for problem in self.problems)


class PersonReader:
    """Reads one row into one person, gathering problems on the way."""

    def __init__(self, sheet: Sheet, head: Head, row: Row, today: dt.date) -> None:
        self.sheet, self.head, self.row, self.today = sheet, head, row, today
        self.problems: list[Problem] = []

    def person(self, *, number: str, group: str) -> PersonRow:
        named = self._name()
        note_text = self._note_text(named.rest)
        held, unit = self._posts(named.rest)
        birth, sex = self._birth_and_sex(named)
        note = self._note(note_text)
        return PersonRow(
            sheet=self.sheet.name,
            line=self.row.line,
            number=number,
            code=self._first(Field.CODE),
            group=group,
            full_name=named.full_name,
            honorific=named.honorific,
            sex=sex,
            born_on=birth.on,
            birth_year=birth.year,
            posts=(*held, *(post for post in note.former if post not in held)),
            unit=unit,
            delegation=posts.unit_name(self._first(Field.DELEGATION)),
            phones=self._phones(),
            email=self._email(),
            note_text=note_text,
            note=note,
            problems=tuple(sorted(self.problems, key=lambda problem: (len(problem.cell), problem.cell))),
        )

    def _name(self) -> cells.NameCell:
        columns = sorted(self.head.name_columns)
        written = " ".join(filter(None, (self.row.text(column) for column in columns)))
        named = cells.name(written)
        if named.problem:
            doubt = Doubt.WRONG if named.problem == "name_missing" else Doubt.UNCLEAR
            self._doubt(doubt, named.problem, columns[0], written)
        return named

    def _posts(self, rest: str) -> tuple[tuple[PostText, ...], str]:
        own_unit = posts.unit_name(self._first(Field.UNIT, fills=True))
        written = [
            self._text(column)
            for what in (Field.POST, Field.POST_UNIT)
            for column in self.head.columns.get(what, ())
        ]
        if rest and posts.begins_like_post(rest):
            written.append(rest)
        held, unit = posts.split_with_unit("\n".join(filter(None, written)), unit_wanted=not own_unit)
        return held, own_unit or unit

    def _birth_and_sex(self, named: cells.NameCell) -> tuple[cells.BirthCell, str]:
        birth = self._birth(self._born_value(), self.head.columns.get(Field.BORN, (0,))[0])
        sex = self._sex()
        for what, meant in ((Field.MALE, "M"), (Field.FEMALE, "F")):
            for column in self.head.columns.get(what, ()):
                written = self._text(column)
                if not written or fold(written) in ("0", "khong"):
                    continue
                if sex and sex != meant:
                    self._doubt(Doubt.UNCLEAR, "sex_both", column, written)
                sex = meant
                if fold(written) not in _MARKED and fold(written) not in ("nam", "nu"):
                    birth = self._birth(self._value(column), column)
        if sex and named.sex and sex != named.sex:
            self._doubt(Doubt.UNCLEAR, "sex_contradicts", sorted(self.head.name_columns)[0], named.honorific)
        return birth, sex or named.sex

    def _birth(self, value: Value, column: int) -> cells.BirthCell:
        birth = cells.born(value, today=self.today)
        if birth.problem:
            doubt = Doubt.UNCLEAR if birth.problem == "born_unlikely" else Doubt.WRONG
            self._doubt(doubt, birth.problem, column, self._text(column))
        return birth

    def _born_value(self) -> Value:
        columns = self.head.columns.get(Field.BORN, ())
        if len(columns) == 1:
            return self._value(columns[0])
        return "/".join(filter(None, (self._text(column) for column in columns)))

    def _sex(self) -> str:
        for column in self.head.columns.get(Field.SEX, ()):
            found, problem = cells.sex(self._text(column))
            if problem:
                self._doubt(Doubt.UNCLEAR, problem, column, self._text(column))
            if found:
                return found
        return ""

    def _phones(self) -> tuple[str, ...]:
        numbers: dict[str, None] = {}
        for column in self.head.columns.get(Field.PHONE, ()):
            found = contacts.phones(self._text(column))
            numbers.update(dict.fromkeys(found.good))
            for bad in found.bad:
                self._doubt(Doubt.WRONG, "phone_wrong", column, bad)
        return tuple(numbers)

    def _email(self) -> str:
        addresses: list[str] = []
        for column in self.head.columns.get(Field.EMAIL, ()):
            found = contacts.emails(self._text(column))
            addresses.extend(found.good)
            for bad in found.bad:
                self._doubt(Doubt.WRONG, "email_wrong", column, bad)
            for more in found.good[1:]:
                self._doubt(Doubt.REMARK, "email_second", column, more)
        return addresses[0] if addresses else ""

    def _note_text(self, rest: str) -> str:
        """The note's own words, and what a column of its own ("Ăn chay": x) says in the same words."""
        said = [self._text(column) for column in self.head.columns.get(Field.NOTE, ())]
        for what, words in _SAYING:
            for column in self.head.columns.get(what, ()):
                written = self._text(column)
                label = self.head.labels[column].rpartition("\n")[2]
                if written and fold(written) in _MARKED | {"✓"}:
                    said.append(label)
                elif written and not contacts.is_none(written):
                    said.append(
                        written if notes.read(written) != Note(unclear=(written,)) else words.format(written)
                    )
        if rest and not posts.begins_like_post(rest):
            said.append(rest)
        return "; ".join(filter(None, said))

    def _note(self, written: str) -> Note:
        note = notes.read(written)
        if note.unclear:
            columns = self.head.columns.get(Field.NOTE) or tuple(self.head.name_columns)
            self._doubt(Doubt.UNCLEAR, "note_unclear", columns[0], "; ".join(note.unclear))
        return note

    def _first(self, what: Field, *, fills: bool = False) -> str:
        """The first filled cell of a field; with `fills`, a merged cell speaks for all its rows."""
        for column in self.head.columns.get(what, ()):
            written = self._text(column)
            if not written and fills and self.sheet.is_continued(self.row.line, column):
                written = self._above(column)
            if written and not contacts.is_none(written):
                return written
        return ""

    def _above(self, column: int) -> str:
        line = self.sheet.facts.covered[self.row.line, column + 1][0]
        return next((row.text(column) for row in self.sheet.rows if row.line == line), "")

    def _value(self, column: int) -> Value:
        value = self.row.values[column] if column < len(self.row.values) else None
        if is_error(value) or (value is None and (self.row.line, column + 1) in self.sheet.facts.uncomputed):
            self._doubt(Doubt.WRONG, "formula_empty", column, str(value or ""))
            return None
        return value

    def _text(self, column: int) -> str:
        return "" if self._value(column) is None else self.row.text(column)

    def _doubt(self, doubt: Doubt, code: str, column: int, value: str) -> None:
        problem = Problem(doubt, code, address(self.row.line, column), value[:120])
        if problem not in self.problems:
            self.problems.append(problem)


def as_json(person: PersonRow) -> dict[str, Any]:
    """The row as plain values to store; empty fields are left out."""
    plain: dict[str, Any] = {
        "number": person.number,
        "code": person.code,
        "group": person.group,
        "full_name": person.full_name,
        "honorific": person.honorific,
        "sex": person.sex,
        "born_on": person.born_on.isoformat() if person.born_on else "",
        "birth_year": person.birth_year,
        "posts": [{"title": post.title, "is_former": post.is_former} for post in person.posts],
        "unit": person.unit,
        "delegation": person.delegation,
        "phones": list(person.phones),
        "email": person.email,
        "note_text": person.note_text,
    }
    return {key: value for key, value in plain.items() if value}


def from_json(stored: dict[str, Any], *, sheet: str, line: int) -> PersonRow:
    """The row as it was stored; the note is read again from its words."""
    born = stored.get("born_on", "")
    return PersonRow(
        sheet=sheet,
        line=line,
        number=stored.get("number", ""),
        code=stored.get("code", ""),
        group=stored.get("group", ""),
        full_name=stored.get("full_name", ""),
        honorific=stored.get("honorific", ""),
        sex=stored.get("sex", ""),
        born_on=dt.date.fromisoformat(born) if born else None,
        birth_year=stored.get("birth_year"),
        posts=tuple(PostText(**post) for post in stored.get("posts", ())),
        unit=stored.get("unit", ""),
        delegation=stored.get("delegation", ""),
        phones=tuple(stored.get("phones", ())),
        email=stored.get("email", ""),
        note_text=stored.get("note_text", ""),
        note=notes.read(stored.get("note_text", "")),
    )
