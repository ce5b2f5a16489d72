"""Secrecy marks: is this line a stamp that says the paper is secret?

A mark is a line, cell or page stamp that consists only of MẬT, TỐI MẬT or TUYỆT MẬT (brackets and
asterisks aside), or such a word after "Độ mật:". Names ("Nguyễn Văn Mật") and longer phrases
("bảo mật") are no marks. Law 117/2025 on state secrets; requirement T6.
"""

import re
import unicodedata

_WORD = r"(?:T\s*U\s*Y\s*Ệ\s*T\s+|T\s*Ố\s*I\s+)?M\s*Ậ\s*T"
# The whole line, decoration aside: "MẬT", "(TỐI MẬT)", "* * * TUYỆT MẬT * * *", "[ M Ậ T ]".
_STAMP = re.compile(rf"{_WORD}")
# After the label the word may stand inside a longer line: "Số 12 - Độ mật: Tối mật. Bản số 3".
_LABEL = re.compile(rf"(?:ĐỘ|MỨC ĐỘ|DẤU(?: CHỈ)?(?: ĐỘ)?)\s+MẬT\s*[:：\-–—]\s*[^\w\n]*{_WORD}(?!\w)")
_DECORATION = (
    "".join(chr(code) for code in range(0x21, 0x7F) if not chr(code).isalnum()) + "«»“”‘’…–—·•★☆※【】（）［］"
)


def is_marked(text: str) -> bool:
    """True when any line of the text bears a secrecy mark."""
    return any(_is_mark(line) for line in _folded(text).splitlines())


def _folded(text: str) -> str:
    """Upper case, composed, one space between words; tone on either vowel counts alike."""
    return unicodedata.normalize("NFKC", text).replace("\u200b", "").upper()


def _is_mark(line: str) -> bool:
    bare = line.translate(_BLANKED).strip()
    return bool(_STAMP.fullmatch(bare) or _LABEL.search(line))


_BLANKED = {ord(sign): " " for sign in _DECORATION}
