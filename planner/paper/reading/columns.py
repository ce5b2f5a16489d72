"""Which column means what: the head of a list found wherever it stands, one row or two."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from planner.paper.reading.sheets import Row, Sheet
from planner.vietnamese.names import fold

HEAD_WITHIN = 60  # rows with content to look at before giving up


class Field(StrEnum):
    """What a column of a list of people may hold."""

    NUMBER = "number"
    CODE = "code"
    NAME = "name"
    NAME_POST = "name_post"
    FAMILY = "family"
    GIVEN = "given"
    BORN = "born"
    MALE = "male"
    FEMALE = "female"
    SEX = "sex"
    POST = "post"
    POST_UNIT = "post_unit"
    UNIT = "unit"
    DELEGATION = "delegation"
    PHONE = "phone"
    EMAIL = "email"
    DIET = "diet"
    EXCUSE = "excuse"
    ITEMS = "items"
    SUBSTITUTE = "substitute"
    SENT = "sent"
    REPLY = "reply"
    NOTE = "note"
    SENSITIVE = "sensitive"
    OURS = "ours"


NAMES = frozenset({Field.NAME, Field.NAME_POST, Field.FAMILY, Field.GIVEN})

# Patterns for the folded label, the first that fits wins. Order matters: "điện thoại cơ quan" is no unit,
# "chức vụ, đơn vị" is more than a post, "năm sinh" is no "nam".
_PATTERNS: tuple[tuple[Field, str], ...] = (
    (Field.OURS, r"ket qua nhap|trang thai nhap|ly do nhap|import (status|reason)"),
    (Field.CODE, r"ma nghi trinh"),
    (Field.NUMBER, r"s?tt|so tt|so thu tu|no|stt .*|"),
    (
        Field.SENSITIVE,
        r".*dan toc|.*ton giao|.*vao dang.*|.*dang vien.*|.*ly luan.*|.*(trinh do|hoc van|hoc vi|hoc ham|chuyen mon).*"
        r"|.*(cccd|cmnd|can cuoc|ho chieu|so the|que quan|nguyen quan|thuong tru|noi o|cho o).*",
    ),
    (
        Field.PHONE,
        r".*dien thoai.*|sd?t|sdt .*|so (dt|may|di dong|lien lac|lien he).*|dt|dt .*|di dong.*|dtdd|.*phone.*|mobile.*|tel|.*lien (he|lac).*|zalo",
    ),
    (Field.EMAIL, r".*e ?mail.*|.*thu dien tu.*|hop thu.*|mail.*|thu cong vu.*"),
    (Field.BORN, r"(ngay|nam|thang).*sinh.*|sinh|sinh (ngay|nam).*|ns|ntns|d o b|dob|.*birth.*"),
    (Field.SEX, r"gioi tinh|gioi|phai|nam nu|nu nam|sex|gender|gt"),
    (
        Field.SENT,
        r"(ho ten )?nguoi (du|di|hop|duoc cu)( hop)? thay.*|(cu|uy quyen)( nguoi)?( du| di)? thay.*",
    ),
    (
        Field.SUBSTITUTE,
        r"(du|di|hop) thay.*|thay (cho|dong chi|d c).*|nguoi (duoc|bi) thay.*|thay the.*|substitute.*",
    ),
    (Field.EXCUSE, r".*vang.*|ly do (khong du|nghi).*|xin nghi.*|.*excuse.*"),
    (
        Field.ITEMS,
        r"(moi )?(tham )?du (muc|noi dung|phan).*|(muc|noi dung|phan) (tham )?du.*|chi du.*|agenda items?|items?",
    ),
    (Field.DIET, r".*(an chay|che do an|suat an|an uong|khau phan|diet|an kieng|di ung).*|bua an|thuc don"),
    (Field.REPLY, r"tinh trang.*|xac nhan.*|tra loi.*|dang ky du.*|(tham )?du( hop)?|reply|co mat"),
    (Field.NAME_POST, r"ho (va )?ten.*(chuc (vu|danh)).*|dai bieu.*chuc (vu|danh).*"),
    (
        Field.NAME,
        r"ho( va)?( chu)?( lot| dem)?( va)? ten( khai sinh| day du| thuong dung| viet hoa| in hoa| (cua )?(dai bieu|can bo|dong chi|nguoi|khach|dang vien|thanh vien|uy vien).*)?"
        r"|ten (dai bieu|can bo|khach|thanh vien|day du|nguoi du)( moi| hop)?|(cac )?dai bieu( duoc)?( moi| trieu tap| tham)?( du)?( hop| hoi nghi)?|(cac )?dong chi|full ?name|name|nguoi (tham )?du( hop)?|thanh vien|uy vien",
    ),
    (Field.FAMILY, r"ho|ho( va)?( ten| chu)? (dem|lot)|family name|surname|last name"),
    (Field.GIVEN, r"ten( goi)?|given name|first name"),
    (
        Field.POST_UNIT,
        r"(chuc (vu|danh|trach)|vi tri)( va)? .*(don vi|co quan|noi|dia phuong).*|(don vi|co quan|noi cong tac).*(chuc (vu|danh|trach)).*",
    ),
    (
        Field.POST,
        r".*chuc (vu|danh|trach).*|vi tri( cong tac| viec lam)?|cong viec.*|nhiem vu.*|position|post|title|nghe nghiep|cap bac.*",
    ),
    (
        Field.DELEGATION,
        r"(ten |thuoc )*doan( dai bieu)?|doan (so|don vi|xa|dang bo).*|dang bo|to dai bieu|thuoc dang bo|delegation",
    ),
    (
        Field.UNIT,
        r".*(don vi|co quan|noi cong tac|noi lam viec|dia phuong|to chuc|cong tac tai).*|(ten )?(xa|phuong)( .*)?|(phong )?ban|phong|cap uy|chi bo|dia ban|unit|organi[sz]ation|office",
    ),
    (Field.NOTE, r".*ghi chu.*|luu y.*|notes?|remarks?|thong tin khac|khac|de nghi.*|yeu cau.*|comment"),
)
_SEXED = (Field.BORN, Field.SEX)
_COMPILED = tuple((what, re.compile(pattern)) for what, pattern in _PATTERNS)
_SUBHEADS = re.compile(
    r"nam|nu|ngay|thang|dang|chinh quyen|doan the|co quan|nha rieng|di dong|ban|nha|kiem nhiem|chinh|mat tran|nuoc"
)


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a list: where it stands and what its columns mean (columns count from 0)."""

    first_line: int
    last_line: int
    columns: dict[Field, tuple[int, ...]]
    labels: dict[int, str] = field(default_factory=dict)

    @property
    def unused(self) -> list[str]:
        """Labels of columns that say nothing to us, or too much (sensitive data)."""
        known = {
            column
            for what, columns in self.columns.items()
            if what is not Field.SENSITIVE
            for column in columns
        }
        return [label for column, label in sorted(self.labels.items()) if column not in known]

    @property
    def name_columns(self) -> frozenset[int]:
        """Columns that hold names, where "Mật" is a person and no mark."""
        return frozenset(column for what in NAMES for column in self.columns.get(what, ()))

    def has_name(self) -> bool:
        """True when people can be told from this head."""
        return bool({Field.NAME, Field.NAME_POST, Field.GIVEN} & self.columns.keys())


def find_head(sheet: Sheet) -> Head | None:
    """The head of the sheet's first list; None when no row names columns."""
    found = (head_at(sheet, index) for index in range(min(HEAD_WITHIN, len(sheet.rows))))
    heads = [head for head in found if head is not None]
    return max(heads, key=lambda head: len(head.columns), default=None)


def head_at(sheet: Sheet, index: int) -> Head | None:
    """The head that begins at the index-th row, its second row and numbering row included."""
    row = sheet.rows[index]
    labels = {column: row.text(column) for column in row.filled()}
    columns = _meanings(labels)
    if not _is_head(columns, labels):
        return None
    last = row.line
    following = sheet.rows[index + 1 : index + 3]
    if following and _is_second_row(following[0], columns, labels):
        labels = _joined(sheet, row, following[0])
        columns = _meanings(labels)
        last = following[0].line
        following = following[1:]
    if following and _is_numbering(following[0]):
        last = following[0].line
    return Head(row.line, last, _with_split_names(sheet, row.line, columns, labels), labels)


def _with_split_names(
    sheet: Sheet, line: int, columns: dict[Field, tuple[int, ...]], labels: dict[int, str]
) -> dict[Field, tuple[int, ...]]:
    """ "Họ và tên" over two columns, family name and given name: the second has no label of its own."""
    if len(columns.get(Field.NAME, ())) != 1:
        return columns
    column = columns[Field.NAME][0]
    covered = sheet.facts.covered.get((line, column + 2)) == (line, column + 1)
    if column + 1 in labels or not (covered or _has_given_names(sheet, line, column)):
        return columns
    return {**columns, Field.NAME: (column, column + 1)}


def _has_given_names(sheet: Sheet, line: int, column: int) -> bool:
    """True when most rows below have one more word right of the name, as in a CSV of such a list."""
    rows = [row for row in sheet.rows if row.line > line and row.text(column)]
    single = [row for row in rows if row.text(column + 1) and " " not in row.text(column + 1)]
    return len(single) > len(rows) / 2


def meaning(label: str) -> Field | None:
    """What a column label says, None when unknown."""
    upper, _, lower = label.rpartition("\n")
    # not folded: "Nam" is a man, "Năm" a year
    if (below := lower.lower()) in ("nam", "nữ", "nu") and (not upper or _plain_meaning(upper) in _SEXED):
        return Field.MALE if below == "nam" else Field.FEMALE
    whole = _plain_meaning(label)
    if not upper or (whole is not None and whole not in NAMES):
        return whole
    return _plain_meaning(lower) or _plain_meaning(upper)


def _plain_meaning(label: str) -> Field | None:
    folded = fold(re.sub(r"\(.*?\)|\*", " ", label)) or fold(label)
    return next((what for what, pattern in _COMPILED if folded and pattern.fullmatch(folded)), None)


def _meanings(labels: dict[int, str]) -> dict[Field, tuple[int, ...]]:
    columns: dict[Field, tuple[int, ...]] = {}
    for column, label in sorted(labels.items()):
        if (what := meaning(label)) is not None:
            columns[what] = (*columns.get(what, ()), column)
    if Field.GIVEN in columns and Field.FAMILY not in columns and Field.NAME not in columns:
        columns[Field.NAME] = columns.pop(Field.GIVEN)
    return columns


def _is_head(columns: dict[Field, tuple[int, ...]], labels: dict[int, str]) -> bool:
    named = bool({Field.NAME, Field.NAME_POST, Field.GIVEN} & columns.keys())
    if not named or any(len(label) > 120 for label in labels.values()):
        return False
    others = columns.keys() - NAMES
    return bool(others) or (len(labels) == 1 and Field.NAME in columns and _says_name(labels))


def _says_name(labels: dict[int, str]) -> bool:
    return all(fold(label).startswith("ho") for label in labels.values())


def _is_second_row(row: Row, columns: dict[Field, tuple[int, ...]], labels: dict[int, str]) -> bool:
    own = [column for column in row.filled() if row.text(column) != labels.get(column)]
    taken = {column for what in (*NAMES, Field.NUMBER) for column in columns.get(what, ())}
    if not own or (taken & set(own)) - _splittable(columns):
        return False
    if any(isinstance(row.values[column], int | float) for column in own):
        return False
    known = [_SUBHEADS.fullmatch(fold(row.text(column))) or meaning(row.text(column)) for column in own]
    return all(known)


def _splittable(columns: dict[Field, tuple[int, ...]]) -> set[int]:
    """The column of "Họ và tên" when it is parted below into "Họ đệm" and "Tên"."""
    return set(columns.get(Field.NAME, ()))


def _joined(sheet: Sheet, top: Row, bottom: Row) -> dict[int, str]:
    """Labels of a two-row head: "Năm sinh" over "Nam" becomes "Năm sinh\\nNam"."""
    labels: dict[int, str] = {}
    width = max(len(top.values), len(bottom.values))
    above = ""
    for column in range(width):
        own, below = top.text(column), bottom.text(column)
        above = own or (above if below else "")
        parts = [part for part in (above, below) if part]
        if parts:
            labels[column] = "\n".join(dict.fromkeys(parts))
    return labels


def _is_numbering(row: Row) -> bool:
    """True for "(1) (2) (3)" or "A B 1 2" under a head."""
    cells = [row.text(column).strip("() ") for column in row.filled()]
    numbers = [int(cell) for cell in cells if cell.isdecimal()]
    letters = [cell for cell in cells if len(cell) == 1 and cell.isalpha()]
    if len(cells) < 3 or len(numbers) + len(letters) != len(cells):
        return False
    return numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else len(letters) > 2


def sensitive_labels(head: Head) -> Sequence[str]:
    """Labels of columns with sensitive personal data, which an import leaves in the file."""
    return [head.labels[column] for column in head.columns.get(Field.SENSITIVE, ())]
