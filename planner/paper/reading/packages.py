"""The XLSX file as a package: refused before it can harm, and the few facts openpyxl does not stream."""

import re
import zipfile
from dataclasses import dataclass, field
from io import BytesIO
from xml.sax.saxutils import unescape

from openpyxl.utils.cell import coordinate_to_tuple

from planner.paper.reading.problems import FileTooLarge, NotATable, OldOrLocked

MAX_BYTES = 5_000_000
MAX_UNPACKED = 60_000_000
MAX_PART = 24_000_000  # one sheet's XML: 5,000 rows of twelve columns take about 3 MB
MAX_PARTS = 2_000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls of before 2007, and any workbook locked with a password

_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
_STAMP = re.compile(rb"<(?:\w+:)?(?:odd|even|first)(?:Header|Footer)>([^<]*)<")
_LOOSE_PART = re.compile(r"xl/(?:drawings|comments|threadedComments)[^.]*\.xml$")
_PARAGRAPH = re.compile(rb"<(?:a:p|text)[ >].*?</(?:a:p|text)>", re.S)
_RUN = re.compile(rb"<(?:\w+:)?t(?: [^>]*)?>([^<]*)</")
_FORMULA_CELL = re.compile(rb'<c\s[^>]*?r="([A-Z]{1,3}\d{1,7})"[^>]*>\s*<f[ />].*?</c>', re.S)
_VALUE = re.compile(rb"<v>[^<]+</v>")
_HEADER_CODE = re.compile(r'&(?:"[^"]*"|[A-Z]|\d+)')  # font, size and field codes inside a print heading


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What one sheet's XML says beside its values. Cells are (row, column), counted from 1."""

    covered: dict[tuple[int, int], tuple[int, int]] = field(
        default_factory=dict
    )  # merged cell → its first cell
    wide: frozenset[int] = frozenset()  # rows with a title merged over two columns or more
    uncomputed: frozenset[tuple[int, int]] = frozenset()  # formulas that carry no result
    stamps: tuple[str, ...] = ()  # print headings and footers


def opened(content: bytes) -> zipfile.ZipFile:
    """The package, checked for size and kind.

    Raises FileTooLarge (also for a small file that unpacks to a huge one) and NotATable.
    """
    if len(content) > MAX_BYTES:
        raise FileTooLarge(limit_bytes=MAX_BYTES)
    if content.startswith(_OLE):
        raise OldOrLocked()
    try:
        package = zipfile.ZipFile(BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise NotATable() from error
    parts = package.infolist()
    # zipfile never hands out more bytes than the directory declares, so the declared sizes are safe to judge by
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise FileTooLarge(limit_bytes=MAX_UNPACKED)
    if any(part.file_size > MAX_PART and part.filename.endswith(".xml") for part in parts):
        raise FileTooLarge(limit_bytes=MAX_PART)
    if any(part.flag_bits & 1 for part in parts) or "xl/workbook.xml" not in package.namelist():
        raise NotATable()
    return package


def facts(xml: bytes) -> SheetFacts:
    """The merges, stamps and empty formulas of one sheet."""
    end = max(xml.rfind(b"</sheetData>"), xml.rfind(b":sheetData>"), 0)
    covered: dict[tuple[int, int], tuple[int, int]] = {}
    wide: set[int] = set()
    for ref in _MERGE.findall(xml, end):
        _cover(ref.decode(), covered, wide)
    return SheetFacts(covered, frozenset(wide), _uncomputed(xml), tuple(_stamps(xml[end:])))


def loose_texts(package: zipfile.ZipFile) -> list[str]:
    """The texts of boxes, shapes and comments, where stamps like to stand."""
    return [
        "".join(unescape(run.decode("utf-8", "replace")) for run in _RUN.findall(paragraph))
        for name in package.namelist()
        if _LOOSE_PART.match(name)
        for paragraph in _PARAGRAPH.findall(package.read(name))
    ]


def _cover(ref: str, covered: dict[tuple[int, int], tuple[int, int]], wide: set[int]) -> None:
    first, _, last = ref.partition(":")
    (top, left), (bottom, right) = coordinate_to_tuple(first), coordinate_to_tuple(last)
    if (right - left) > 100 or (bottom - top) > 1_000:
        return  # a merge over whole columns carries no meaning for a list
    if right > left:
        wide.add(top)
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            covered[row, column] = (top, left)
    covered.pop((top, left), None)


def _uncomputed(xml: bytes) -> frozenset[tuple[int, int]]:
    if b"<f" not in xml:
        return frozenset()
    found = (match for match in _FORMULA_CELL.finditer(xml) if not _VALUE.search(match[0]))
    return frozenset(coordinate_to_tuple(match[1].decode()) for match in found)


def _stamps(tail: bytes) -> list[str]:
    texts = (unescape(found.decode("utf-8", "replace")) for found in _STAMP.findall(tail))
    return [_HEADER_CODE.sub("\n", text) for text in texts]
