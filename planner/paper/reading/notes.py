"""What the note beside a name means: excuse, items, diet, substitute … or, honestly, unclear.

A note is cut into clauses; a clause counts only when all of it is understood. What is left is
`unclear` and waits for a human: nothing is guessed from half a sentence.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

from planner.paper.reading import posts
from planner.paper.reading.posts import PostText
from planner.vietnamese import from_roman, normalise_name, without_title
from planner.vietnamese.letters import composed


@dataclass(frozen=True, slots=True)
class Note:
    """The facts of one note. `None` means "not said", an empty text "said without a word more"."""

    excuse: str | None = None  # asks to be excused; the reason as written
    items: tuple[int, ...] = ()  # agenda items attended, when not all
    diet: str = ""
    needs: str = ""  # wheelchair, interpreter …
    replaces: str | None = None  # attends in place of this person
    replaced_by: str = ""  # sends this person instead
    duplicate_of: str | None = None  # the office marked the row as a double
    former: tuple[PostText, ...] = ()
    role: str = ""  # summoned, invited, guest, service, press, technical
    basis: str = ""  # ex_officio, elected, appointed, alternate
    mode: str = ""  # in_person, online
    point: str = ""  # the bridge point where the person sits
    attends: bool = False  # has said yes
    unclear: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """True when nothing was said."""
        return self == Note()


_Reader = Callable[[Note, re.Match[str], str], Note | None]

_WHO = r"(?:d/c|dong chi|ong|ba|anh|chi)"
_NUMERALS = r"(?:\d{1,2}|[ivx]{1,5})"
_ITEM_WORD = r"(?:muc|noi dung|phan|nd)(?: thu| so)?"
_ITEM_LIST = rf"{_NUMERALS}(?:\s*(?:,|&|-|–|\+|va|den|,? ?(?:va |den )?{_ITEM_WORD})\s*{_NUMERALS})*"
_PARTLY = re.compile(
    r"\b(?:buoi|nua|phien|sau \d|truoc \d|tu \d|den \d|\d+ ?(?:h|gio)|phut|muc|noi dung|luc)\b"
)
_NO_LEAVE = re.compile(r"\b(?:khong|ko) (?:phep|ly do|co ly do|co phep|ro)\b")
_BECAUSE = re.compile(r"^(?:(?:vì|do|tại|lý do|lí do)\b[\s:]*)+", re.IGNORECASE)
_BARE_REASON = re.compile(r"(?:co ly do|co phep|mat|ly do|hop|du|)")


def _excuse(note: Note, match: re.Match[str], text: str) -> Note | None:
    start, end = match.span("reason")
    reason = _BECAUSE.sub("", text[start:end].strip(" :,;.-–()"))
    folded = _folded(text)
    if _NO_LEAVE.search(folded) or _PARTLY.search(folded[start:end]):
        return None  # absent without leave, or only a part of the day: no request to be excused
    if text[start:end].startswith(",") and _says_something_else(reason):
        return None  # "xin vắng, cử đồng chí X dự thay": two facts, read apart
    return replace(note, excuse="" if _BARE_REASON.fullmatch(_folded(reason)) else reason)


def _says_something_else(clause: str) -> bool:
    other = _understood(Note(), clause)
    return other is not None and other.excuse is None


def _whole_excuse(note: Note, match: re.Match[str], text: str) -> Note | None:
    return None if _PARTLY.search(_folded(text)) else replace(note, excuse=text.strip(" .()"))


def _items(note: Note, match: re.Match[str], text: str) -> Note | None:
    numbers: list[int] = []
    tokens = re.findall(r"\d+|\b[ivx]+\b|-|–|\bden\b", match["items"])
    for before, token in zip(["", *tokens], tokens, strict=False):
        if token in ("-", "–", "den"):
            continue
        number = int(token) if token.isdigit() else from_roman(token.upper())
        first = numbers[-1] + 1 if before in ("-", "–", "den") and numbers else number
        numbers.extend(range(first, number + 1) if first <= number else [number])
    is_open = len(numbers) == 1 and re.search(r"\btu\b", match.string[: match.start("items")])
    if not numbers or 0 in numbers or is_open:
        return None  # "từ mục 3" goes on to an end nobody wrote
    return replace(note, items=tuple(sorted({*note.items, *numbers})))


def _vegetarian(note: Note, match: re.Match[str], text: str) -> Note | None:
    return _diet(note, match, "ăn chay")  # one word for all its spellings, so that the kitchen can count


def _diet(note: Note, match: re.Match[str], text: str) -> Note | None:
    return replace(note, diet="; ".join(filter(None, (note.diet, text.strip(" .()")))))


def _needs(note: Note, match: re.Match[str], text: str) -> Note | None:
    return replace(note, needs="; ".join(filter(None, (note.needs, text.strip(" .()")))))


def _replaces(note: Note, match: re.Match[str], text: str) -> Note | None:
    start, end = match.span("who")
    return replace(note, replaces=_person(text[start:end]))


def _replaced_by(note: Note, match: re.Match[str], text: str) -> Note | None:
    start, end = match.span("by")
    return replace(note, replaced_by=_person(text[start:end]))


def _duplicate(note: Note, match: re.Match[str], text: str) -> Note | None:
    start, end = match.span("of")
    return replace(note, duplicate_of=text[start:end].strip(" :.()"))


def _former(note: Note, match: re.Match[str], text: str) -> Note | None:
    return replace(note, former=(*note.former, *posts.split(text)))


def _point(note: Note, match: re.Match[str], text: str) -> Note | None:
    start, end = match.span("point")
    return replace(note, mode="online", point=text[start:end].strip(" .:()"))


def _says(**values: str | bool) -> _Reader:
    return lambda note, match, text: replace(note, **values)  # type: ignore[arg-type]


# Patterns for a clause folded letter by letter, so that spans fit the clause as written.
_CLAUSES: tuple[tuple[re.Pattern[str], _Reader], ...] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (r"(?:(?:da|dang|de nghi|co don|co|duoc|xin|phep|bao|cho|se|bi|hoan) )*(?:vang(?: mat| hop)?|xin nghi|xin phep nghi|nghi hop"
         r"|khong (?:tham )?(?:du|hop|den)(?: hop| duoc| du| duoc hop)*)(?P<reason>(?:$|[\s:,(\-–]).*)", _excuse),
        (r"(?:vi )?(?:dang )?(?:di |bi |cao )?(?:cong tac|hoc|om|nghi (?:phep|om|che do|thai san|mat|dieu tri)|dieu tri|nam vien|thai san|ban(?= )|di (?:nuoc ngoai|vang|vien)|phau thuat)(?: .*)?", _whole_excuse),
        (rf"(?:(?:chi|duoc|moi|kinh|de nghi|tham|du|hop|vao|gom|tu|o|tai|rieng|cac) )*{_ITEM_WORD}\s*(?P<items>{_ITEM_LIST})", _items),
        (r"(?:(?:du|di|hop|tham|den|nguoi) )*thay(?: the| mat)?(?: cho)?[\s:]*(?P<who>.*)", _replaces),
        (rf"(?:duoc|nhan) (?:su )?uy quyen(?: cua)?[\s:]+(?:{_WHO}\.? )?(?P<who>.+)", _replaces),
        (rf"(?:(?:cu|uy quyen|cho|giao|phan cong|de nghi) )+(?:{_WHO}\.? )?(?P<by>.+?) (?:(?:du|di|hop|tham) )+thay", _replaced_by),
        (rf"{_WHO}\.? (?P<by>.+?) (?:(?:du|di|hop|tham) )+thay", _replaced_by),
        (rf"(?:(?:cu|uy quyen) )(?:cho )?{_WHO}\.? (?P<by>.+?)(?: (?:tham |di )?(?:du|hop))?", _replaced_by),
        (r"(?:bi )?trung(?:(?: lap| ho va ten| ho ten| ten| danh sach| dai bieu| nguoi| voi| so| stt| dong| muc| thu tu| tren| o)*)[\s:]*(?P<of>\(?(?:\d+|[ivx]+)?\)?)", _duplicate),
        (r"(?:da )?(?:co|moi|ghi|neu)(?: ten)? (?:trong danh sach|o tren|tren|o (?:muc|so|stt|dong)) ?(?P<of>[\divx]*)", _duplicate),
        (r"(?:(?:che do|suat|dang ky|xin|dung|yeu cau|com|bua) )*(?:an|suat|com|do) chay(?: truong)?", _vegetarian),
        (r"(?:an (?:kieng|nhat|it|chao|mem|do|rieng|halal)|di ung|kieng|halal|khong (?:an|dung|uong) (?!chay))(?:.*)", _diet),
        (r"(?:[^,]*\b)?(?:xe lan|nang chong|khuyet tat|khiem thi|khiem thinh|phien dich|ngon ngu ky hieu|nguoi diu|nguoi ho tro|mang thai|gan loi (?:di|ra))\b[^,]*", _needs),
        (r"(?:nguyen|cuu) .+", _former),
        (r"(?:dai bieu |la )?(?:moi|khach moi)(?: (?:tham )?du(?: hop| hoi nghi)?)?", _says(role="invited")),
        (r"(?:dai bieu )?khach", _says(role="guest")),
        (r"(?:dai bieu )?(?:chinh thuc|trieu tap)", _says(role="summoned")),
        (r"(?:can bo |to |bo phan |nguoi )?(?:phuc vu(?: hoi nghi| hop)?|le tan|hau can|lai xe)", _says(role="service")),
        (r"bao chi|phong vien(?: .*)?|nha bao", _says(role="press")),
        (r"(?:can bo |to |bo phan )?ky thuat(?: vien)?", _says(role="technical")),
        (r"(?:dai bieu )?duong nhien", _says(basis="ex_officio")),
        (r"(?:dai bieu )?(?:duoc )?bau", _says(basis="elected")),
        (r"(?:dai bieu )?(?:duoc )?chi dinh", _says(basis="appointed")),
        (r"(?:dai bieu )?du khuyet", _says(basis="alternate")),
        (r"(?:(?:tham )?du |hop )?(?:tai |o )?diem cau(?: so)?[\s:]*(?P<point>.*)", _point),
        (r"(?:(?:tham )?du |hop )?(?:truc tuyen|online|qua mang|zoom)(?: (?:tai|o) (?P<point>.*))?", _says(mode="online")),
        (r"(?:(?:tham )?du |hop )?truc tiep", _says(mode="in_person", attends=True)),
        (r"(?:(?:da|se|co|xac nhan|dong y|dang ky|chac chan) )*(?:du|tham du|co mat|xac nhan|xac nhan du)(?: hop| day du| toan bo| hoi nghi)?", _says(attends=True)),
    )
)  # fmt: skip


# Why somebody asks to be excused, as codes the product knows, with the words that stand for each.
_REASONS = (
    ("illness", "ốm", r"\b(?:om|benh|dieu tri|nam vien|suc khoe|phau thuat|mo|kham)\b"),
    ("abroad", "đi nước ngoài", r"nuoc ngoai"),
    ("leave", "nghỉ phép", r"\b(?:nghi|thai san)\b"),
    ("family", "việc gia đình", r"gia dinh|viec rieng|\bhieu\b|\bhi\b|tang"),
    ("other_session", "bận họp", r"\bhop\b|hoi nghi|dai hoi"),
    ("duty", "đi công tác", r"cong tac|nhiem vu|\bhoc\b|\bban\b|tap huan|co so"),
)


def reason_code(excuse: str) -> str:
    """The code of a reason in words; empty when it fits none."""
    folded = _folded(excuse)
    return next((code for code, _words, pattern in _REASONS if re.search(pattern, folded)), "")


def in_set_phrases(note: Note) -> str:
    """The note again without a free word: what may be kept where free text may not."""
    phrases: list[str] = []
    if note.excuse is not None:
        words = {code: phrase for code, phrase, _pattern in _REASONS}.get(reason_code(note.excuse), "")
        phrases.append(f"xin vắng: {words}" if words else "xin vắng")
    if note.items:
        phrases.append("dự mục " + ", ".join(map(str, note.items)))
    phrases += ["ăn chay"] if "ăn chay" in note.diet else []
    phrases += ["trùng"] if note.duplicate_of is not None else []
    phrases += ["dự thay"] if note.replaces is not None else []
    return "; ".join(phrases)


@lru_cache(maxsize=4096)  # a list says the same few things many times
def read(text: str) -> Note:
    """The facts of a note as people write it."""
    note = Note()
    for piece in re.split(r"[;\n]|\.\s+(?=\w)", composed(text)):
        if clause := piece.strip(" .,-–"):
            note = _clause(note, clause)
    return note


def _clause(note: Note, clause: str) -> Note:
    """The note with one clause read whole, else with all its comma parts read, else kept as unclear."""
    whole = _understood(note, clause)
    if whole is not None:
        return whole
    parted = note
    for part in re.split(r"\s*(?:,|\+|\s[-–]\s|\s+và\s+|\))\s*", re.sub(r"^\((.*)\)$", r"\1", clause)):
        step = _understood(parted, part.strip(" .(")) if part.strip(" .(") else parted
        if step is None:
            return replace(note, unclear=(*note.unclear, clause))
        parted = step
    return parted


def _understood(note: Note, clause: str) -> Note | None:
    folded = _folded(clause)
    for pattern, read_clause in _CLAUSES:
        if match := pattern.fullmatch(folded):
            return read_clause(note, match, clause)
    return None


def _folded(text: str) -> str:
    """Letters without case and marks, one for one, so that positions stay."""
    return "".join(_BASE.get(letter) or _base(letter) for letter in text)


def _base(letter: str) -> str:
    plain = unicodedata.normalize("NFD", letter.lower())[0]
    _BASE[letter] = "d" if plain == "đ" else " " if plain.isspace() else plain
    return _BASE[letter]


_BASE: dict[str, str] = {}


def _person(text: str) -> str:
    """A person's name out of a note: what stands in brackets and "đồng chí" fall away."""
    return without_title(normalise_name(re.split(r"[(,]", text, maxsplit=1)[0].strip(" :.()")))
