"""What an office's demo is made of, as plain values: agencies, who leads them, who sits in which body."""

from dataclasses import dataclass

from planner.models import Unit

SECRETARY, STANDING_DEPUTY, DEPUTY = "secretary", "standing_deputy", "deputy"
BOARD, COMMITTEE, NONE = "board", "committee", ""
LEADERS = (SECRETARY, STANDING_DEPUTY, DEPUTY)

Topic = tuple[str, str]
"""What an agenda item is about, and the key of the agency that prepares it."""
Conference = tuple[str, str, str, int, str, str]
"""Title, kind, audience, minutes, preparing agency, chair."""


@dataclass(frozen=True)
class Agency:
    """A board, department or union: how its head and deputies are called and where they sit.

    `head_sits` is BOARD, COMMITTEE or NONE; of the deputies the first `deputies_in_board` sit in the board,
    the next `deputies_in_committee` in the committee.
    """

    key: str
    name: str
    short_name: str
    head: str
    deputy: str
    deputies: int = 2
    head_sits: str = NONE
    deputies_in_committee: int = 0
    kind: str = Unit.Kind.DEPARTMENT
    tags: tuple[str, ...] = ()
    deputies_in_board: int = 0

    def deputy_sits(self, number: int) -> str:
        """Where the deputy of that number (from 0) sits."""
        if number < self.deputies_in_board:
            return BOARD
        return COMMITTEE if number < self.deputies_in_board + self.deputies_in_committee else NONE


@dataclass(frozen=True)
class Leader:
    """One of the standing members: where they sit, and the posts they hold beside, as (post, unit key)."""

    key: str
    sits: str
    posts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Hall:
    """A room: layouts as (kind, seats, set-up minutes), the first one usual."""

    key: str
    name: str
    short_name: str
    layouts: tuple[tuple[str, int, int], ...]
    is_hall: bool = False
    fit_for_secret: bool = False
    needs_approval: bool = False
    site: str = ""


@dataclass(frozen=True)
class Cast:
    """Everything that differs between the office of a province and that of a ward."""

    office: str
    parent: str
    code: str
    kind: str
    place: str
    domain: str
    party_unit: str
    standing_posts: dict[str, str]
    body_names: dict[str, tuple[str, str]]
    leaders: tuple[Leader, ...]
    agencies: tuple[Agency, ...]
    office_key: str
    rooms_of_office: tuple[str, ...]
    office_staff: int
    seats_of_communes: dict[str, str]
    committee_size: int
    inspectors: int
    key_officials: int
    retired: tuple[str, ...]
    halls: tuple[Hall, ...]
    topics: dict[str, tuple[Topic, ...]]
    conferences: tuple[Conference, ...]
    field_visits: tuple[tuple[str, str], ...]
    outings: tuple[tuple[str, str, str], ...]


RANKS: dict[str, int] = {
    "Bí thư Tỉnh ủy": 1,
    "Phó Bí thư Thường trực Tỉnh ủy": 2,
    "Phó Bí thư Tỉnh ủy": 3,
    "Ủy viên Ban Thường vụ Tỉnh ủy": 10,
    "Tỉnh ủy viên": 30,
    "Bí thư Đảng ủy phường": 1,
    "Phó Bí thư Thường trực Đảng ủy phường": 2,
    "Phó Bí thư Đảng ủy phường": 3,
    "Ủy viên Ban Thường vụ Đảng ủy phường": 10,
    "Đảng ủy viên": 30,
    "Trưởng Đoàn đại biểu Quốc hội tỉnh": 5,
    "Chủ tịch": 40,
    "Trưởng ban": 41,
    "Chủ nhiệm": 41,
    "Chánh Văn phòng": 42,
    "Giám đốc": 45,
    "Chỉ huy trưởng": 45,
    "Chánh Thanh tra": 46,
    "Chánh án": 46,
    "Viện trưởng": 46,
    "Hiệu trưởng": 47,
    "Trưởng Công an": 45,
    "Trưởng trạm": 119,
    "Trưởng phòng": 120,
    "Phó Chủ tịch": 55,
    "Phó Trưởng ban": 56,
    "Phó Chủ nhiệm": 56,
    "Phó Chánh Văn phòng": 57,
    "Phó Giám đốc": 60,
    "Phó Chỉ huy trưởng": 60,
    "Phó Chánh Thanh tra": 61,
    "Phó Chánh án": 61,
    "Phó Viện trưởng": 61,
    "Phó Hiệu trưởng": 62,
    "Phó Bí thư chuyên trách": 58,
    "Bí thư": 70,
    "Chủ tịch HĐND": 71,
    "Phó Bí thư Thường trực": 73,
    "Phó Bí thư": 74,
    "Chủ tịch UBND": 75,
    "Ủy viên Ban Thường vụ": 76,
    "Chủ nhiệm Ủy ban Kiểm tra": 77,
    "Trưởng Ban Xây dựng Đảng": 78,
    "Chủ tịch Ủy ban MTTQ Việt Nam": 80,
    "Bí thư Chi bộ": 110,
    "Tổ trưởng": 115,
    "Phó Trưởng Công an": 60,
    "Phó Trưởng trạm": 124,
    "Phó Trưởng phòng": 125,
    "Chuyên viên chính": 140,
    "Chuyên viên": 150,
    "Thư ký": 145,
    "Văn thư": 160,
    "Lái xe": 180,
    "Đảng viên": 190,
    "Phóng viên": 200,
}
"""The rank of each post; 1 is highest."""
