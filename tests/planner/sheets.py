"""Small workbooks for tests of reading: rows in, the bytes of an XLSX file out."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook


def xlsx(*rows: Sequence[Any], merge: Sequence[str] = (), name: str = "DS") -> bytes:
    """One sheet with these rows from A1 on; `merge` lists ranges such as "B1:C1"."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = name
    for row in rows:
        sheet.append(list(row))
    for ref in merge:
        sheet.merge_cells(ref)
    return saved(book)


def saved(book: Workbook) -> bytes:
    """The workbook's bytes."""
    output = BytesIO()
    book.save(output)
    return output.getvalue()
