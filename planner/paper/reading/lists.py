"""A list of people, as an office has it, as typed rows: one `PersonRow` a person, doubts included."""

import datetime as dt
from dataclasses import dataclass

from planner.paper import marks
from planner.paper.reading.columns import Head, find_head
from planner.paper.reading.people import PersonRow
from planner.paper.reading.problems import NoHeadRow, SecrecyMark
from planner.paper.reading.sheets import Sheet, address, read
from planner.paper.reading.tables import ListSheet, Table


@dataclass(frozen=True, slots=True)
class PeopleList:
    """All people of a file, in order, and how they were found."""

    rows: tuple[PersonRow, ...]
    sheets: tuple[ListSheet, ...]


def read_people(content: bytes, *, today: dt.date) -> PeopleList:
    """Every person of an XLSX or CSV file.

    Raises FileTooLarge, NotATable, NoHeadRow, SecrecyMark.
    """
    rows: list[PersonRow] = []
    sheets: list[ListSheet] = []
    for sheet in read(content):
        head = find_head(sheet)
        _refuse_marks(sheet, head)
        if head is not None and not sheet.is_hidden:
            reader = Table(sheet, head, today)
            rows.extend(reader.people())
            sheets.append(reader.summary())
    if not sheets:
        raise NoHeadRow()
    return PeopleList(tuple(rows), tuple(sheets))


def _refuse_marks(sheet: Sheet, head: Head | None) -> None:
    names = head.name_columns if head else frozenset()
    for row in sheet.rows:
        for column in row.filled():
            is_name = column in names and head is not None and row.line > head.last_line
            if not is_name and marks.is_marked(row.text(column)):
                raise SecrecyMark(cell=address(row.line, column), sheet=sheet.name)
