"""Any uploaded list as plain sheets of rows: XLSX and CSV alike, with the guards of an open door."""

import csv
import datetime as dt
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO, StringIO
from typing import Self, cast

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from planner.paper import marks
from planner.paper.reading import packages
from planner.paper.reading.packages import MAX_BYTES, SheetFacts
from planner.paper.reading.problems import FileTooLarge, NotATable, SecrecyMark

Value = str | int | float | bool | dt.datetime | dt.date | dt.time | dt.timedelta | None

MAX_ROWS = 20_000  # rows with content, over all sheets
MAX_COLUMNS = 60
MAX_TEXT = 2_000
_LAST_ROW = 100_000  # content below this is a slip of the hand, not a list

_SPACES = re.compile(r"[^\S\n]+")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_EXCEL_ERROR = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet. `line` is its number as in Excel, `values` start at column A."""

    line: int
    values: tuple[Value, ...]
    texts: tuple[str, ...]

    @classmethod
    def of(cls, line: int, values: Sequence[Value]) -> Self:
        """The row with its cells tidied once."""
        last = max((index for index, value in enumerate(values) if value is not None), default=-1)
        kept = tuple(values[: last + 1])
        return cls(line, kept, tuple(map(text, kept)))

    def text(self, column: int) -> str:
        """The cell's text, tidied; columns count from 0."""
        return self.texts[column] if column < len(self.texts) else ""

    def filled(self) -> list[int]:
        """Columns that hold something."""
        return [column for column, written in enumerate(self.texts) if written]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's rows with content, in order, and what its package says beside."""

    name: str
    rows: tuple[Row, ...]
    facts: SheetFacts = field(default_factory=SheetFacts)
    is_hidden: bool = False

    def is_continued(self, line: int, column: int) -> bool:
        """True when the cell is the lower part of a merged one."""
        above = self.facts.covered.get((line, column + 1))
        return above is not None and above[0] < line


def read(content: bytes) -> list[Sheet]:
    """The sheets of an XLSX or CSV file, told apart by content.

    Raises FileTooLarge, NotATable, SecrecyMark (for stamps, headings and drawn text; cells are judged
    later, when it is known which column holds names).
    """
    if len(content) > MAX_BYTES:
        raise FileTooLarge(limit_bytes=MAX_BYTES)
    if not content.strip():
        raise NotATable(_("The file is empty. Choose the file that holds the list."))
    if content[:4] == b"PK\x03\x04" or content.startswith(b"\xd0\xcf\x11\xe0"):
        return _read_workbook(content)
    return [_read_csv(content)]


def text(value: Value) -> str:
    """A value as one tidy text: composed letters, single spaces, line breaks kept."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, str):
        if value.isascii() and value.isalnum():
            return value[:MAX_TEXT]
        composed = unicodedata.normalize("NFC", value).translate(_INVISIBLE)
        lines = (_SPACES.sub(" ", line).strip() for line in composed.splitlines())
        return "\n".join(line for line in lines if line)[:MAX_TEXT]
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        value = value.date()
    return str(value)


def is_error(value: Value) -> bool:
    """True for what Excel shows when a formula failed."""
    return isinstance(value, str) and _EXCEL_ERROR.fullmatch(value.strip()) is not None


def address(line: int, column: int) -> str:
    """The cell as people name it: (15, 7) → "H15"."""
    return f"{get_column_letter(column + 1)}{line}"


def _read_workbook(content: bytes) -> list[Sheet]:
    package = packages.opened(content)
    if any(marks.is_marked(loose) for loose in packages.loose_texts(package)):
        raise SecrecyMark()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of each Excel extension that it leaves out
            return list(_sheets(content, package))
    except (FileTooLarge, SecrecyMark):
        raise
    except Exception as error:  # a damaged package can break the parser anywhere
        raise NotATable(
            _("This file is damaged. Open it in Excel, save it again as .xlsx, and try once more.")
        ) from error


def _sheets(content: bytes, package: zipfile.ZipFile) -> Iterator[Sheet]:
    workbook = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True)
    kept = 0
    for sheet in workbook.worksheets:
        path: str = vars(sheet)["_worksheet_path"]  # openpyxl has no public way from a sheet to its part
        about = packages.facts(package.read(path.removeprefix("/")))
        if any(marks.is_marked(stamp) for stamp in (*about.stamps, sheet.title)):
            raise SecrecyMark()
        sheet.reset_dimensions()  # the declared size is often wrong, sometimes on purpose
        rows = []
        for line, values in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True), start=1):
            if any(value is not None for value in values):
                rows.append(Row.of(line, cast("tuple[Value, ...]", values)))
            if kept + len(rows) > MAX_ROWS or line > _LAST_ROW:
                raise FileTooLarge(limit_rows=MAX_ROWS)
        kept += len(rows)
        yield Sheet(sheet.title, tuple(rows), about, is_hidden=sheet.sheet_state != "visible")


def _read_csv(content: bytes) -> Sheet:
    written = decoded(content)
    try:
        rows = list(csv.reader(StringIO(written, newline=""), delimiter=_delimiter(written)))
    except csv.Error as error:
        raise NotATable() from error
    filled = tuple(
        Row.of(line, [value[:MAX_TEXT] or None for value in values[:MAX_COLUMNS]])
        for line, values in enumerate(rows, start=1)
        if any(value.strip() for value in values)
    )
    if len(filled) > MAX_ROWS:
        raise FileTooLarge(limit_rows=MAX_ROWS)
    return Sheet("", filled)


def decoded(content: bytes) -> str:
    """The text of a CSV file: UTF-8, UTF-16 with its mark, or the Vietnamese Windows code page."""
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for codec in ["utf-16"] if marked else ["utf-8-sig", "cp1258"]:
        try:
            decoded = content.decode(codec)
        except UnicodeDecodeError:
            continue
        if not re.search(r"[\x00-\x08\x0e-\x1f]", decoded):
            return unicodedata.normalize("NFC", decoded)
    raise NotATable()


def _delimiter(decoded: str) -> str:
    """Comma, semicolon or tab: whichever the first lines hold most."""
    beginning = "\n".join(decoded.splitlines()[:40])
    return max(",;\t", key=beginning.count)
