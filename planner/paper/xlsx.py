"""Spreadsheets the office can work with: a title, a head that repeats in print, columns that fit.

Plain tables in, bytes out. No cell a user typed can become a formula: text is always written as text.
"""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, field
from io import BytesIO
from typing import cast

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import MergedCell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

AnyCell = Cell | MergedCell
Value = str | int | float | dt.date | dt.datetime | dt.time | None

FONT = "Times New Roman"
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")
_LONGEST = 32_000  # Excel refuses cells of more than 32,767 letters
_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")
_LINE = Side(style="thin", color="FF808080")
_GRID = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_HEAD_FILL = PatternFill("solid", fgColor="FFEDEDED")
_BOLD = Font(name=FONT, size=12, bold=True)
_HEAD = NamedStyle(
    name="head",
    font=_BOLD,
    fill=_HEAD_FILL,
    border=_GRID,
    alignment=Alignment("center", "center", wrap_text=True),
)
_GROUP = NamedStyle(
    name="group",
    font=_BOLD,
    fill=PatternFill("solid", fgColor="FFF7F7F7"),
    border=_GRID,
    alignment=Alignment(vertical="center", wrap_text=True),
)
_STATUS_FILLS = {
    "wrong": PatternFill("solid", fgColor="FFF8D7DA"),
    "unclear": PatternFill("solid", fgColor="FFFFF3CD"),
    "changed": PatternFill("solid", fgColor="FFD9EDF7"),
}


@dataclass(frozen=True)
class Column:
    """A column: its label, its width in letters, how numbers and dates look ("dd/mm/yyyy")."""

    label: str
    width: float = 14
    number_format: str = ""
    align: str = "left"


@dataclass(frozen=True)
class Table:
    """One sheet: titles above, columns, rows; a row of one text is a group's title over the whole width."""

    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]]
    name: str = "Danh sách"
    titles: Sequence[str] = ()
    footers: Sequence[str] = ()
    is_landscape: bool = True
    paper: str = "A4"
    print_head: str = ""
    row_status: Sequence[str] = field(default_factory=tuple)


def workbook(*tables: Table) -> bytes:
    """The tables as sheets of one XLSX file, ready to print: fitted to the page's width, the head repeated."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for style in (_HEAD, _GROUP):
        book.add_named_style(copy(style))
    taken: set[str] = set()
    for table in tables:
        sheet = book.create_sheet(_sheet_name(table.name, taken))
        _fill(sheet, table)
    return _saved(book)


def marked(
    content: bytes,
    notes: dict[tuple[str, int], tuple[str, str, str]],
    labels: tuple[str, str],
    heads: dict[str, int],
) -> bytes:
    """The uploaded XLSX with two columns added: what became of each row and why.

    `notes` maps (sheet, line) to (status, its word, reason), `heads` a sheet to the line of its head.
    """
    book = load_workbook(BytesIO(content))
    for sheet in book.worksheets:
        if sheet.title not in heads:
            continue
        first = _first_free_column(sheet)
        _mark(sheet, heads[sheet.title], first, labels, "")
        for (name, line), (status, word, reason) in notes.items():
            if name == sheet.title:
                _mark(sheet, line, first, (word, reason), status)
        for offset, width in enumerate((14, 70)):
            sheet.column_dimensions[get_column_letter(first + offset)].width = width
    return _saved(book)


def write(cell: AnyCell, value: Value) -> None:
    """The value in the cell; a text that begins like a formula stays a text."""
    if not isinstance(cell, Cell):
        return  # the covered part of a merged title: nothing can stand there
    if isinstance(value, str):
        value = _ILLEGAL.sub("", value)[:_LONGEST]
    elif isinstance(value, dt.datetime) and value.tzinfo is not None:
        value = value.replace(tzinfo=None)
    cell.value = value
    if isinstance(value, str) and cell.data_type != "s":
        cell.data_type = "s"  # "=1+1", "#N/A": openpyxl would make a formula or an error of it


def _fill(sheet: Worksheet, table: Table) -> None:
    width = len(table.columns)
    line = 0
    for line, title in enumerate(table.titles, start=1):
        sheet.merge_cells(start_row=line, start_column=1, end_row=line, end_column=width)
        cell = sheet.cell(line, 1)
        write(cell, title)
        cell.font = Font(name=FONT, size=14 if line == 1 else 12, bold=line == 1, italic=line > 1)
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        sheet.row_dimensions[line].height = 20 * (1 + len(title) // 90)
    head = line + (2 if table.titles else 1)
    for number, column in enumerate(table.columns, start=1):
        cell = sheet.cell(head, number)
        write(cell, column.label)
        cell.style = _HEAD.name
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    last = _fill_rows(sheet, table, head)
    for offset, footer in enumerate(table.footers, start=2):
        cell = sheet.cell(last + offset, 1)
        write(cell, footer)
        cell.font = Font(name=FONT, size=12, italic=True)
    _set_up_print(sheet, table, head, last)


def _fill_rows(sheet: Worksheet, table: Table, head: int) -> int:
    line = head
    styles = [_style(sheet, column, number) for number, column in enumerate(table.columns, start=1)]
    for index, row in enumerate(table.rows):
        line += 1
        if len(row) == 1 and len(table.columns) > 1:
            _group(sheet, line, str(row[0] or ""), len(table.columns))
            continue
        fill = _STATUS_FILLS.get(table.row_status[index]) if index < len(table.row_status) else None
        for number, (style, value) in enumerate(zip(styles, row, strict=True), start=1):
            cell = sheet.cell(line, number)
            write(cell, value)
            cell.style = style
            if isinstance(value, int) and "yy" in table.columns[number - 1].number_format:
                cell.number_format = "0"  # a bare year among dates
            if fill:
                cell.fill = fill
    return line


def _style(sheet: Worksheet, column: Column, number: int) -> str:
    """The name of the column's style in this book: setting a named style is ten times faster than its parts."""
    book = cast(Workbook, sheet.parent)
    style = NamedStyle(name=f"{sheet.title} {number}", font=Font(name=FONT, size=12), border=_GRID)
    style.alignment = Alignment(horizontal=column.align, vertical="top", wrap_text=True)
    style.number_format = column.number_format or "@"  # as text a telephone number keeps its zero when edited
    book.add_named_style(style)
    return style.name


def _group(sheet: Worksheet, line: int, title: str, width: int) -> None:
    write(sheet.cell(line, 1), title)
    for number in range(1, width + 1):
        sheet.cell(line, number).style = _GROUP.name
    sheet.merge_cells(start_row=line, start_column=1, end_row=line, end_column=width)


def _set_up_print(sheet: Worksheet, table: Table, head: int, last: int) -> None:
    sheet.freeze_panes = f"A{head + 1}"
    sheet.print_title_rows = f"{head}:{head}"
    sheet.page_setup.orientation = "landscape" if table.is_landscape else "portrait"
    sheet.page_setup.paperSize = 8 if table.paper == "A3" else 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left, sheet.page_margins.right = 0.6, 0.4
    sheet.page_margins.top = sheet.page_margins.bottom = 0.6
    sheet.print_options.horizontalCentered = True
    if sheet.oddFooter is not None:
        sheet.oddFooter.center.text = "&P/&N"
    if table.print_head and sheet.oddHeader is not None:
        sheet.oddHeader.right.text = table.print_head.replace("&", "&&")
    if last > head:
        sheet.auto_filter.ref = f"A{head}:{get_column_letter(len(table.columns))}{last}"


def _mark(sheet: Worksheet, line: int, first: int, texts: tuple[str, str], status: str) -> None:
    for offset, words in enumerate(texts):
        cell = sheet.cell(line, first + offset)
        write(cell, words)
        cell.font = Font(name=FONT, size=11, bold=not status)
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        cell.fill = _STATUS_FILLS.get(status, _HEAD_FILL if not status else PatternFill())


def _first_free_column(sheet: Worksheet) -> int:
    used = (cell.column for row in sheet.iter_rows() for cell in row if cell.value is not None)
    return max(used, default=0) + 1


def _sheet_name(wanted: str, taken: set[str]) -> str:
    name = base = _SHEET_NAME.sub(" ", wanted).strip(" '")[:28] or "Danh sách"
    number = 1
    while name.lower() in taken:
        number += 1
        name = f"{base} {number}"
    taken.add(name.lower())
    return name


def _saved(book: Workbook) -> bytes:
    output = BytesIO()
    book.save(output)
    return output.getvalue()
