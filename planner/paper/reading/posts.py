"""Posts out of a cell: several in one, former ones, the unit written behind them."""

import re
from dataclasses import dataclass
from functools import lru_cache

from planner.vietnamese import fold, proper_case

# What a post begins with. A comma, dash or "và" parts posts only before one of these, so that
# "Ban Văn hóa, Xã hội" and "Ban Tuyên giáo và Dân vận" stay whole.
_POST = (
    r"(?:(?:đ/c|đồng chí)\s+)?(?:nguyên|cựu|quyền|q\.)?\s*"
    r"(?:phó|p\.|tổng|bí thư|chủ tịch|trưởng|giám đốc|[uủ][yỷỳ]\s*viên|uỷ viên|(?:tỉnh|thành|huyện|quận|đảng|thị|xã|phường)\s+[uủ][yỷ]\s+viên"
    r"|chánh|chỉ huy|chính [uủ][yỷ]|chính trị viên|chủ nhiệm|chuyên viên|thanh tra viên|hiệu trưởng|viện trưởng|cục trưởng|chi cục trưởng"
    r"|vụ trưởng|đại biểu|thư ký|thường trực|tham mưu|kế toán|kiểm sát viên|thẩm phán|thành viên|cán bộ|nhân viên|thường vụ"
    r"|uv|ct\b|pct\b|bt\b|pbt\b|tuv|thứ trưởng|bộ trưởng|thủ tướng|đội trưởng|trạm trưởng|lãnh đạo|phụ trách|trợ lý|cố vấn|bác sĩ|phó giáo sư)"
)
_UNIT = (
    r"(?:xã(?! hội)|phường|đặc khu|thị trấn|x\.|p\.|tt\.|đk\.|tỉnh(?! [uủ][yỷ] viên)|thành phố|tp\.?|huyện|quận|văn phòng|vp\b|sở|ban(?! thường vụ| chấp hành)"
    r"|[uủ][yỷ] ban|ubnd|hđnd|ubkt|ubmttq|mttq|mặt trận|hội|liên|tỉnh đoàn|đoàn|công an|bộ(?! trưởng)|bch|tòa|toà|viện(?! trưởng)|trường(?! ban)|đảng [uủ][yỷ](?! viên)"
    r"|đảng bộ|chi bộ|trung tâm|báo|đài|công ty|tổng công ty|ngân hàng|bảo hiểm|cục(?! trưởng)|chi cục(?! trưởng)|kho bạc|thuế|hải quan|bệnh viện|phòng|khối|cơ quan"
    r"|tập đoàn|bưu điện|điện lực|học viện|đại học|cao đẳng|quân khu|sư đoàn|trung đoàn|thành [uủ][yỷ](?! viên)|tỉnh [uủ][yỷ](?! viên)|thành đoàn)"
)
_HARD = re.compile(r"\s*(?:[;\n•]|\s\+\s|\bkiêm(?:\s+nhiệm)?\b)\s*", re.IGNORECASE)
_SOFT = re.compile(rf"\s*(?:,|\s[-–—]\s|\s?/\s?|\s+và\s+)\s*(?={_POST})", re.IGNORECASE)
_BEGINS = re.compile(_POST, re.IGNORECASE)
_GROUP_UNIT = re.compile(
    rf"(?!khối|hội nghị|liên|ban lãnh|ban giám|ban chỉ|phòng họp){_UNIT}\s+\S", re.IGNORECASE
)
_DELEGATION = re.compile(r"^đoàn(?: đại biểu)?\s+(?!tncs|thanh niên|đbqh|khối)", re.IGNORECASE)
_BEFORE_UNIT = re.compile(rf"\s*(?:,|\s[-–—]\s|\()\s*(?={_UNIT}(?:\s|$|(?<=\.)))", re.IGNORECASE)
_FORMER = re.compile(
    r"^(?:(?:đ/c|đồng chí)\s+)?(?:nguyên|cựu)\s+(?:là\s+)?|\s*\((?:đã\s+)?(?:nghỉ hưu|nguyên|hưu trí)[^)]*\)\s*$",
    re.IGNORECASE,
)
_COMRADE = re.compile(r"^(?:(?:các\s+)?đ/c|(?:các\s+)?đồng chí)\s+", re.IGNORECASE)
_SMALL = re.compile(r"^(x|p|tt|đk|tp)(?:\.\s*|\s+)(?=\S)", re.IGNORECASE)
_LONG = {"x": "Xã", "p": "Phường", "tt": "Thị trấn", "đk": "Đặc khu", "tp": "Thành phố"}
_PLACE = re.compile(r"^(xã|phường|đặc khu|thị trấn|thành phố|tỉnh)\s+(?![uủ][yỷ]\b)(.+)$", re.IGNORECASE)
_PLACE_INSIDE = re.compile(r"\b(xã|phường|đặc khu|thị trấn|thành phố|huyện|tỉnh(?= [^u]))\s+(?!hội\b)(.+)$")

# Words that keep their capital when a name typed in capitals is brought down.
_CAPITALS = (
    "Tỉnh ủy|Thành ủy|Đảng ủy|Huyện ủy|Đảng bộ|Ban Chấp hành|Ban Thường vụ|Thường trực|Tổ chức|Tuyên giáo|Dân vận|Nội chính|Kiểm tra|"
    "Tài chính|Xây dựng|Nội vụ|Tư pháp|Công Thương|Nông nghiệp|Môi trường|Y tế|Giáo dục|Đào tạo|Khoa học|Công nghệ|Văn hóa|Thể thao|Du lịch|"
    "Dân tộc|Tôn giáo|Ngoại vụ|Thanh tra|Quốc hội|Hội đồng nhân dân|Ủy ban|Mặt trận|Tổ quốc|Việt Nam|Chính trị|Quân sự|Biên phòng|Công an|Bộ|Sở|Ban|Văn phòng|"
    "UBND|HĐND|UBKT|MTTQ|BTV|BCH|BTC|CHQS|BĐBP|UBMTTQ|KT|XH|Bí thư"
)
_KEPT = {fold(word): word for word in _CAPITALS.split("|")}
_RUN = re.compile(
    "|".join(sorted((re.escape(word.lower()) for word in _CAPITALS.split("|")), key=len, reverse=True))
)


@dataclass(frozen=True, slots=True)
class PostText:
    """One post as written, "nguyên" taken off and said apart."""

    title: str
    is_former: bool = False


def split(cell: str) -> tuple[PostText, ...]:
    """The posts of a cell, in order, each once."""
    return split_with_unit(cell, unit_wanted=False)[0]


@lru_cache(maxsize=4096)
def split_with_unit(cell: str, *, unit_wanted: bool = True) -> tuple[tuple[PostText, ...], str]:
    """The posts of a cell and the unit written behind the last of them.

    "nguyên" binds to its own post only: "nguyên Bí thư, Giám đốc Sở A" is one former and one present.
    """
    unit = ""
    clauses: list[str] = []
    for clause in filter(None, _HARD.split(cell.strip())):
        held, found = _parted(clause) if unit_wanted else (clause, "")
        unit = found or unit
        clauses.extend(part.strip(" ,.;-–") for part in _SOFT.split(held))
    posts = {fold(text): _post(text) for text in filter(None, clauses)}
    return tuple(posts.values()), unit_name(unit)


@lru_cache(maxsize=8192)
def unit_name(text: str) -> str:
    """A unit as lists spell it: "X. Tà Đùng" and "XÃ TÀ ĐÙNG" both become "Xã Tà Đùng"."""
    name = _SMALL.sub(lambda match: _LONG[match[1].lower()] + " ", " ".join(text.split()).strip(" ,.;()"))
    if place := _PLACE.match(name):
        return f"{place[1].capitalize()} {_place_case(place[2])}"
    return lowered(name)


def lowered(text: str) -> str:
    """Words typed in capitals brought down as an office writes them; mixed case stays as it is."""
    if not text.isupper() or len(text) <= 5:
        return text
    small = _RUN.sub(lambda match: _KEPT[fold(match[0])], text.lower())
    small = _PLACE_INSIDE.sub(lambda match: f"{match[1]} {_place_case(match[2])}", small)
    return small[:1].upper() + small[1:]


def _place_case(name: str) -> str:
    return proper_case(name) if name.isupper() or name.islower() else name


def _parted(clause: str) -> tuple[str, str]:
    """The clause and the unit behind its last comma, when what stands there begins like a unit."""
    places = list(_BEFORE_UNIT.finditer(clause))
    if not places or not places[0].start():
        return clause, ""
    last = places[-1]
    if _SOFT.search(clause, last.end()):
        return clause, ""
    return clause[: last.start()], clause[last.end() :]


def _post(text: str) -> PostText:
    bare = _COMRADE.sub("", text)
    title = _FORMER.sub("", bare).strip()
    title = lowered(title)
    return PostText(title[:1].upper() + title[1:], is_former=title.lower() != lowered(bare).lower())


def begins_like_post(text: str) -> bool:
    """True for "Phó Bí thư …" and "nguyên Chủ tịch …", false for names and remarks."""
    return _BEGINS.match(text.strip()) is not None


def unit_of_group(title: str) -> str:
    """The unit a group's title names ("Sở Tài chính", "Đoàn xã Hòa Phú"); empty for "Các xã, phường"."""
    bare = _DELEGATION.sub("", title.strip())
    if not _GROUP_UNIT.match(bare) or "," in bare:
        return ""
    return unit_name(bare)
