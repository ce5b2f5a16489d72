"""QR codes as vector paths: sharp at any size, a few hundred bytes each."""

import qrcode
from qrcode.util import MODE_NUMBER, QRData

QUIET_MODULES = 4
# Searching the best of eight masks costs eight times the whole code and gains nothing a reader can tell.
_MASK = 3
_NUMERIC_DIGITS_AT_H = 34  # what version 2 (25 modules) holds at level H


def digits_matrix(digits: str) -> list[list[bool]]:
    """The dark modules of a code for up to 34 digits: 25 × 25 at error level H, without quiet zone."""
    if len(digits) > _NUMERIC_DIGITS_AT_H:
        raise ValueError(f"more than {_NUMERIC_DIGITS_AT_H} digits")
    code = qrcode.QRCode(version=2, error_correction=qrcode.ERROR_CORRECT_H, mask_pattern=_MASK)
    code.add_data(QRData(digits, mode=MODE_NUMBER), optimize=0)
    code.make(fit=False)
    return [[bool(module) for module in row] for row in code.modules]


def text_matrix(text: str) -> list[list[bool]]:
    """The dark modules of a code for any text (a link), as small as it gets at error level M."""
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, mask_pattern=_MASK)
    code.add_data(text)
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.modules]


def svg(matrix: list[list[bool]]) -> str:
    """An SVG of the code with its quiet zone, one unit a module, without a size of its own.

    Each run of dark modules is one stroke: half the points of outlines, so a PDF of thousands stays small. Strokes
    are a hair taller than a module, else viewers show seams between rows.
    """
    side = len(matrix) + 2 * QUIET_MODULES
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">'
        f'<path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/>'
        f'<path stroke="#000" stroke-width="1.01" d="{_strokes(matrix)}"/></svg>'
    )


def _strokes(matrix: list[list[bool]]) -> str:
    parts = []
    for y, row in enumerate(matrix):
        for x, length in _runs(row):
            parts.append(f"M{x + QUIET_MODULES} {y + QUIET_MODULES}.5h{length}")
    return "".join(parts)


def _runs(row: list[bool]) -> list[tuple[int, int]]:
    """Where dark runs begin in a row and how long they are."""
    runs: list[tuple[int, int]] = []
    for x, is_dark in enumerate(row):
        if not is_dark:
            continue
        if x and row[x - 1]:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((x, 1))
    return runs
