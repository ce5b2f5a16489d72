"""A sheet walked from its head down: which rows are people, which are groups, totals or signatures."""

import datetime as dt
import re
from dataclasses import dataclass, replace

from planner.paper.reading import cells, notes, posts
from planner.paper.reading.columns import Field, Head, head_at
from planner.paper.reading.people import PersonReader, PersonRow
from planner.paper.reading.sheets import Row, Sheet
from planner.vietnamese import fold

_TOTAL = re.compile(
    r"^\(?\s*(?:tổng(?: số| cộng)?|cộng|ấn định danh sách|danh sách (?:này )?(?:có|gồm)|tất cả)\b\D*(\d+)?",
    re.IGNORECASE,
)
_HEAD_WORD = re.compile(r"(?:họ|ho|tên|ten|đại biểu|dai bieu|full name|name|đồng chí)\b", re.IGNORECASE)
_SIGNATURE = re.compile(
    r"^(?:[tk]/?[lmt]\.?\b|tm\.|kt\.|tl\.|tuq\.|thừa lệnh|nơi nhận|người lập|xác nhận|thủ trưởng|(?:phó )?chánh văn phòng$|bí thư$|chủ tịch$|\(ký|ngày \d|.*, ngày)",
    re.IGNORECASE,
)
_ROMAN = re.compile(r"\(?(?:[IVXLC]+|[A-H])[.)]?", re.IGNORECASE)
_BULLET = re.compile(r"^(?:(?:[IVXLC]+|[A-H]|\d+)[./)]|[-*+•])\s*")  # "II. ", "1) ", "- "
_HEAD_COUNT = re.compile(r"\s*[:(,–-]\s*\d+\s*(?:đồng chí|đ/c|đại biểu|người|đb)?\)?\s*$", re.IGNORECASE)
_ORDINAL = re.compile(r"\(?\d+(?:[.)]\d*)*\)?")
_GROUP = re.compile(
    r"^(?:[\divxabc]+[./)]\s*|[-*+•]\s*)?(?:các (?:đồng chí|đ/c|xã|phường|đơn vị|cơ quan|đại biểu|ban|sở|vị|đoàn|huyện|đảng|ngành)|đại biểu|khách|thành phần"
    r"|đoàn (?:đại biểu|xã|phường|đặc khu|đảng|khối|tỉnh|thành phố|huyện|công tác|chủ tịch|đbqh|thư ký|số)|tổ\b|khối\b|nhóm\b|đảng (?:bộ|ủy|uỷ)\b|chi bộ"
    r"|thường trực|ban (?:chấp hành|thường vụ|tổ chức|chỉ đạo|tuyên giáo|nội chính|kiểm tra|xây dựng|giám đốc|lãnh đạo)|lãnh đạo|nguyên\b|[uủ][yỷ] viên|[uủ][yỷ] ban"
    r"|thành viên|cơ quan|đơn vị|xã\b|phường\b|đặc khu\b|sở\b|văn phòng|báo chí|phóng viên|phục vụ|bộ phận|trung ương|tỉnh ủy|thành ủy|hđnd|ubnd|ubmttq|mặt trận|điểm cầu|danh sách)",
    re.IGNORECASE,
)


# Family names of the Kinh and of the peoples of the mountains; Đoàn, Đào and the like need a second look elsewhere.
_FAMILIES = frozenset(
    fold(
        "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Trịnh Đào Mai Tô Trương Lương Hà Cao Đoàn Lâm "
        "Phùng Tạ Chu Châu Thái Tống Quách La Lò Lô Vi Cầm Giàng Rơ Ksor Vàng Sùng Mùa Lầu Thào Hạng Cứ Má Lù Tẩn Phàn Lường Quàng "
        "Tòng Cà Bạc Điêu Sầm Nông Bế Hứa Mã Ma Triệu Bàn Siu Rahlan Rmah Kpă Nay Ayun Niê Mlô Byă Thạch Sơn Kim Danh Tăng Chau "
        "Thích Y H Hờ Vương Từ Đàm Kiều Nghiêm Khổng Ninh Tôn Âu Ông Cù Lưu Lục Khúc Hàn Phí Doãn Viên Văn Thân Trà Mạc Giang "
        "Diệp Quan Uông Nhâm Lữ Hầu Lại Bành Tiêu Tiết Phương Trưởng Bá Cấn Chử Cung Đậu Đồng Đường Hạ Hồng Hùng Kha Khuất Lộ Mẫn"
    ).split()
)


@dataclass(frozen=True, slots=True)
class ListSheet:
    """What was found on one sheet: where the head stands, what was used, what was passed over."""

    name: str
    head_line: int
    columns: dict[str, str]  # field → label
    unused: tuple[str, ...]  # labels of columns left in the file
    groups: tuple[str, ...]
    skipped: tuple[tuple[int, str], ...]  # (line, text) of rows that are no people
    said_total: int | None  # "Tổng số: 140 đồng chí"


class Table:
    """Walks down one sheet: head, groups, people, continued rows, totals, signatures."""

    def __init__(self, sheet: Sheet, head: Head, today: dt.date) -> None:
        self.sheet, self.head, self.today = sheet, head, today
        self.first_head = head
        self.group = self.group_unit = ""
        self.groups: list[str] = []
        self.skipped: list[tuple[int, str]] = []
        self.said_total: int | None = None
        self.ended = False
        self.numbered = False  # people of this list carry numbers

    def people(self) -> list[PersonRow]:
        found: list[PersonRow] = []
        for index, row in enumerate(self.sheet.rows):
            if row.line <= self.head.last_line or self._is_head_again(index):
                continue
            person = self._take(row, found[-1] if found else None)
            if person is not None and found and person.line == found[-1].line:
                found[-1] = person
            elif person is not None:
                found.append(person)
        return found

    def summary(self) -> ListSheet:
        labels = self.first_head.labels
        columns = {
            what.value: labels[column].replace("\n", " · ")
            for what, found in self.first_head.columns.items()
            for column in found[:1]
            if column in labels and what not in (Field.SENSITIVE, Field.OURS)
        }
        unused = tuple(label.replace("\n", " · ") for label in self.first_head.unused)
        return ListSheet(
            self.sheet.name,
            self.first_head.first_line,
            columns,
            unused,
            tuple(self.groups),
            tuple(self.skipped),
            self.said_total,
        )

    def _is_head_again(self, index: int) -> bool:
        """A second table below, or the head printed again on the next page."""
        if not any(_HEAD_WORD.match(written) for written in self.sheet.rows[index].texts):
            return False
        again = head_at(self.sheet, index)
        if again is None or len(again.columns) < 3:
            return False
        self.head, self.ended = again, False
        return True

    def _take(self, row: Row, previous: PersonRow | None) -> PersonRow | None:
        filled = [column for column in row.filled() if column not in self.head.columns.get(Field.NUMBER, ())]
        if not filled:
            self._take_title(" ".join(row.texts).strip())
            return None
        number = " ".join(row.text(column) for column in self.head.columns.get(Field.NUMBER, ())).strip()
        first = row.text(filled[0])
        if (total := _TOTAL.match(number or first)) or (total := _TOTAL.match(first)):
            self.said_total, self.ended = int(total[1]) if total[1] else self.said_total, True
            return None
        counted = _ORDINAL.fullmatch(number) is not None
        self.numbered = self.numbered or counted
        if self._is_group(row, filled, number, counted):
            self._begin_group(first)
            return None
        if not counted and (self.ended or self._is_aside(row, filled)):
            self.skipped.append((row.line, first[:80]))
            return None
        if previous is not None and self._is_continued(row, number, previous):
            return self._continued(previous, row)
        if not counted and not self._name_text(row):
            self.skipped.append((row.line, first[:80]))
            return None
        person = PersonReader(self.sheet, self.head, row, self.today).person(number=number, group=self.group)
        return person if self._names_units() else replace(person, unit=person.unit or self.group_unit)

    def _names_units(self) -> bool:
        """True when the list has a column for the unit; without one the title above says it."""
        return bool({Field.UNIT, Field.POST_UNIT} & self.head.columns.keys())

    def _take_title(self, written: str) -> None:
        """A title or a total that stands in the column of numbers: nothing else is filled."""
        if total := _TOTAL.match(written):
            self.said_total, self.ended = int(total[1]) if total[1] else self.said_total, True
        elif (
            not _ORDINAL.fullmatch(written)
            and not _ROMAN.fullmatch(written)
            and not _SIGNATURE.match(written)
        ):
            self._begin_group(written)

    def _begin_group(self, title: str) -> None:
        self.group = _HEAD_COUNT.sub("", _BULLET.sub("", title)).strip(" .:-–")
        self.group_unit = posts.unit_of_group(self.group)
        self.groups.append(self.group)
        self.ended = False

    def _is_group(self, row: Row, filled: list[int], number: str, counted: bool) -> bool:
        if counted:
            return False
        titled = _GROUP.match(row.text(filled[0])) is not None
        if number and _ROMAN.fullmatch(number):
            return titled or len(filled) <= 2
        if number and len(filled) <= 2:
            return True  # "I. Các đồng chí …" written into the number's column, a head-count behind
        wide = row.line in self.sheet.facts.wide
        alone = len(filled) == 1 and not _SIGNATURE.match(row.text(filled[0]))
        return alone and (wide or titled or (self.numbered and not _is_name(row.text(filled[0]))))

    def _is_aside(self, row: Row, filled: list[int]) -> bool:
        """A signature under the list; what follows it is no list any more."""
        name = self._name_text(row)
        if name:
            self.ended = _SIGNATURE.match(name) is not None
        else:
            self.ended = any(_SIGNATURE.match(row.text(column)) for column in filled)
        return self.ended

    def _is_continued(self, row: Row, number: str, previous: PersonRow) -> bool:
        """The lower row of somebody with two posts, the name merged over both or left empty."""
        if any(self.sheet.is_continued(row.line, column) for column in self.head.name_columns):
            return True
        filled = [what for what, found in self.head.columns.items() for column in found if row.text(column)]
        return not number and not self._name_text(row) and row.line == previous.line + 1 and bool(filled)

    def _continued(self, previous: PersonRow, row: Row) -> PersonRow:
        more = PersonReader(self.sheet, self.head, row, self.today).person(number="", group=self.group)
        kept = tuple(problem for problem in more.problems if problem.code != "name_missing")
        return replace(
            previous,
            posts=(*previous.posts, *(post for post in more.posts if post not in previous.posts)),
            unit=previous.unit or more.unit,
            phones=(*previous.phones, *(phone for phone in more.phones if phone not in previous.phones)),
            email=previous.email or more.email,
            note_text="; ".join(filter(None, (previous.note_text, more.note_text))),
            note=previous.note
            if more.note.is_empty
            else notes.read("; ".join(filter(None, (previous.note_text, more.note_text)))),
            problems=(*previous.problems, *kept),
        )

    def _name_text(self, row: Row) -> str:
        return " ".join(row.text(column) for column in sorted(self.head.name_columns)).strip()


def _is_name(text: str) -> bool:
    """True for what begins with a family name and is nothing but a name."""
    named = cells.name(text)
    return not named.problem and fold(named.full_name.split()[0]) in _FAMILIES
