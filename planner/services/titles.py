"""Posts as letters print them: post and unit in one phrase, former ones with "nguyên"."""

import datetime as dt
import re
from collections.abc import Iterable

from planner.models import Appointment

_PLACE = re.compile(r"^(Xã|Phường|Đặc khu|Thị trấn)(?= )")


def title_of(row: Appointment) -> str:
    """One post as printed: its own wording when the office gave one, else post and unit. `row` has both loaded."""
    return row.title or phrase(row.post.name, row.unit.name if row.unit else "")


def phrase(post: str, unit: str) -> str:
    """Post and unit without saying a word twice.

    "Trưởng ban" of "Ban Tổ chức Tỉnh ủy" is "Trưởng Ban Tổ chức Tỉnh ủy"; "Chủ tịch UBND" of "Xã Tà Đùng" is
    "Chủ tịch UBND xã Tà Đùng"; "Bí thư Tỉnh ủy" of "Tỉnh ủy" stays as it is.
    """
    if not unit:
        return post
    unit = _PLACE.sub(lambda match: match[1].lower(), unit)
    left, right = post.split(), unit.split()
    shared = max(
        (n for n in range(1, min(len(left), len(right)) + 1) if _same(left[-n:], right[:n])), default=0
    )
    return " ".join([*left[: len(left) - shared], *right])


def printed(held: Iterable[Appointment], on: dt.date) -> str:
    """All posts held on a day, in their order, with commas; of a retired person the highest one, with "nguyên"."""
    rows = sorted(held, key=lambda row: (row.position, row.pk or 0))
    if present := [title_of(row) for row in rows if row.holds_on(on)]:
        return ", ".join(dict.fromkeys(present))
    former = [row for row in rows if row.ends_on is not None and row.ends_on <= on]
    if not former:
        return ""
    return f"nguyên {title_of(min(former, key=lambda row: (row.post.rank, row.position)))}"


def _same(left: list[str], right: list[str]) -> bool:
    """Whether the words are the same; "Đảng" alone is no match: "Xây dựng Đảng" and "Đảng ủy" are two things."""
    return [word.lower() for word in left] != ["đảng"] and [word.lower() for word in left] == [
        word.lower() for word in right
    ]
