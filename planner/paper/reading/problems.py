"""What can be wrong with a list: whole files refused, single cells doubted.

A `Problem` is kept as a code with its parameters, so that a batch stored today is explained tomorrow in
the reader's own language; `reasons` makes the sentences.
"""

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Self

from django.utils.translation import gettext_lazy as _

from planner.errors import RuleBroken


class ImportProblem(RuleBroken):
    """The file as a whole cannot be read; says where and what to do."""

    code = "import_refused"
    message = _("This file cannot be read as a list.")


class FileTooLarge(ImportProblem):
    """More bytes, rows or unpacked content than a list of an office can have."""

    code = "import_too_large"
    message = _("This file is too large. Split the list, or delete empty rows and pictures, and try again.")


class NotATable(ImportProblem):
    """Neither XLSX nor CSV, or damaged."""

    code = "import_not_a_table"
    message = _(
        "This is no XLSX or CSV file. In Excel choose File, Save As, Excel Workbook (.xlsx), and try again."
    )


class OldOrLocked(NotATable):
    """A workbook of before 2007, or one with a password."""

    code = "import_old_or_locked"
    message = _(
        "This is an Excel file of before 2007 or one locked with a password. "
        "Save it as Excel Workbook (.xlsx) without a password."
    )


class NoHeadRow(ImportProblem):
    """No row names the columns."""

    code = "import_no_head"
    message = _(
        "No row with column names was found. The list needs one row such as: STT, Họ và tên, Chức vụ, Đơn vị, Điện thoại. "
        "If the letters look strange in another program, the file uses an old font code: convert it to Unicode first."
    )


class SecrecyMark(ImportProblem):
    """A cell, heading or stamp of the file says that it is secret. The content is never echoed."""

    code = "secrecy_mark_refused"
    message = _(
        "This file bears a secrecy mark and was not taken in; nothing of it was kept. State secrets do not belong "
        "in this system. Hand the papers out on the spot and collect them again."
    )


class Doubt(StrEnum):
    """How much a problem weighs."""

    WRONG = "wrong"  # the value cannot be right: the row waits until it is mended or the value dropped
    UNCLEAR = "unclear"  # a human must say what is meant
    REMARK = "remark"  # worth knowing, stops nothing


@dataclass(frozen=True, slots=True)
class Problem:
    """One doubt about a row. `cell` is the address as in Excel ("H15"), `value` what stands there."""

    doubt: Doubt
    code: str
    cell: str = ""
    value: str = ""
    more: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The problem as plain values to store."""
        return {key: value for key, value in asdict(self).items() if value}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        """The problem as it was stored."""
        return cls(**{**stored, "doubt": Doubt(stored["doubt"])})
