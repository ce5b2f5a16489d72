"""Invented names, numbers and addresses. Nobody is meant; every address ends in `.example`."""

from collections.abc import Iterator
from random import Random
from typing import NamedTuple

from planner.vietnamese import fold, split_name

_FAMILIES = {
    "Nguyễn": 31, "Trần": 11, "Lê": 10, "Phạm": 7, "Hoàng": 5, "Vũ": 4, "Võ": 4, "Phan": 4, "Huỳnh": 3,
    "Đặng": 3, "Bùi": 3, "Đỗ": 2, "Hồ": 2, "Ngô": 2, "Dương": 2, "Đinh": 1, "Đoàn": 1, "Trương": 1, "Lâm": 1,
    "Mai": 1, "Tạ": 1, "Cao": 1, "Thái": 1, "Châu": 1, "Tôn": 1,
}  # fmt: skip
_MEN_MIDDLE = (
    "Văn",
    "Văn",
    "Đức",
    "Minh",
    "Quốc",
    "Hữu",
    "Đình",
    "Xuân",
    "Thanh",
    "Công",
    "Ngọc",
    "Anh",
    "Trọng",
    "Bá",
)
_MEN_GIVEN = (
    "An", "Ân", "Bảo", "Bình", "Chính", "Công", "Cường", "Dũng", "Đạt", "Định", "Đông", "Đức", "Giang", "Hải",
    "Hiệp", "Hiếu", "Hòa", "Hoàng", "Hùng", "Hưng", "Khánh", "Khoa", "Kiên", "Lâm", "Lộc", "Long", "Minh",
    "Nam", "Nghĩa", "Nhân", "Phong", "Phú", "Phúc", "Phước", "Quân", "Quang", "Quý", "Sơn", "Tài", "Tâm",
    "Thắng", "Thành", "Thiện", "Thịnh", "Thuận", "Tiến", "Toàn", "Trí", "Trung", "Tú", "Tuấn", "Tùng",
    "Việt", "Vinh", "Vũ", "Ước",
)  # fmt: skip
_WOMEN_MIDDLE = (
    "Thị",
    "Thị",
    "Thị",
    "Thị Thanh",
    "Thị Kim",
    "Thị Thu",
    "Thị Ngọc",
    "Thị Bích",
    "Minh",
    "Ngọc",
    "Phương",
    "Thu",
)
_WOMEN_GIVEN = (
    "Ái", "Anh", "Ánh", "Bích", "Châu", "Dung", "Duyên", "Đào", "Giang", "Hà", "Hạnh", "Hằng", "Hiền", "Hoa",
    "Hòa", "Hồng", "Huệ", "Hương", "Hường", "Lan", "Lệ", "Liên", "Linh", "Loan", "Ly", "Mai", "Mỹ", "Nga",
    "Ngân", "Ngọc", "Nguyệt", "Nhung", "Oanh", "Phượng", "Quyên", "Quỳnh", "Tâm", "Thảo", "Thơ", "Thu",
    "Thúy", "Thủy", "Thư", "Trang", "Trâm", "Tuyết", "Uyên", "Vân", "Xuân", "Yến",
)  # fmt: skip
# Names of the highland peoples (K'Ho, Mạ, Chu Ru, M'nông, Ê-đê): a single name may follow the particle.
_HIGHLAND_MEN = (
    "K'Brêl", "K'Tư", "K'Sỹ", "K'Minh Tuấn", "K'Văn Sơn", "Ha Thiên", "Ha Krong", "Ya Tiong", "Tou Prong Hiếu",
    "Y Thuận Êban", "Y Khem Kbuôr", "K'Điệp", "Liêng Hót Ha Hai", "Cil Poh", "Rơ Ông Ha Chú", "Lơ Mu Ha Tư",
)  # fmt: skip
_HIGHLAND_WOMEN = (
    "Ka Hiền", "Ka Dõi", "Ka Nhẻo", "Ma Loan", "Ma Đứk Thu", "H'Bình Êban", "H'Luyến Niê", "Ka Thị Hạnh",
    "Cil Múp Ka Lan", "Bon Niêng K'Nga", "Ka Yếu", "Nai H'Nga",
)  # fmt: skip
_HIGHLAND_SHARE = 0.07
_TRIES = 12


class Invented(NamedTuple):
    """A name and the sex it was made for ("F" or "M")."""

    full_name: str
    sex: str


class Registry:
    """Gives out names, telephone numbers and addresses, none of them twice."""

    def __init__(self, rng: Random, domain: str) -> None:
        self._rng = rng
        self._domain = domain
        self._names: set[str] = set()
        self._addresses: set[str] = set()
        self._numbers = _numbers()

    def name(self, women: float = 0.35) -> Invented:
        """A name not given out before, as long as the pools last; so many of them women."""
        sex = "F" if self._rng.random() < women else "M"
        for _try in range(_TRIES):
            full_name = self._draw(sex)
            if full_name not in self._names:
                break
        self._names.add(full_name)
        return Invented(full_name, sex)

    def _draw(self, sex: str) -> str:
        rng = self._rng
        if rng.random() < _HIGHLAND_SHARE:
            return rng.choice(_HIGHLAND_WOMEN if sex == "F" else _HIGHLAND_MEN)
        family = rng.choices(list(_FAMILIES), weights=list(_FAMILIES.values()))[0]
        middles, givens = (_WOMEN_MIDDLE, _WOMEN_GIVEN) if sex == "F" else (_MEN_MIDDLE, _MEN_GIVEN)
        return f"{family} {rng.choice(middles)} {rng.choice(givens)}"

    def phone(self) -> str:
        """A number of a range no operator has given out."""
        return next(self._numbers)

    def address(self, full_name: str) -> str:
        """An e-mail address as offices form them: given name, then initials ("huongnt")."""
        name = split_name(full_name)
        initials = "".join(word[0] for word in fold(f"{name.family} {name.middle}").split())
        local = fold(name.given).replace(" ", "") + initials
        address, number = f"{local}@{self._domain}", 1
        while address in self._addresses:
            number += 1
            address = f"{local}{number}@{self._domain}"
        self._addresses.add(address)
        return address


def _numbers() -> Iterator[str]:
    for number in range(1, 999_983):
        yield f"0990{number * 7919 % 999_983:06d}"
