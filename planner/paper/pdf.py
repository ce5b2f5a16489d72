"""PDF by typst: a form under `forms/`, plain data in, bytes out. Fonts are the bundled ones, nothing else."""

import io
import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import typst
from pypdf import PdfWriter

FORMS = Path(__file__).parent / "forms"
FONTS = Path(__file__).parent / "fonts"
_COMPILATIONS_REMEMBERED = 10


def render(form: str, data: Mapping[str, Any]) -> bytes:
    """The form filled with `data` (anything JSON carries; the form reads it as `json(bytes(sys.inputs.data))`).

    Data is never read as markup, so no name can inject any. Raises typst.TypstError when the form itself is wrong.
    """
    pdf = typst.compile(
        FORMS / f"{form}.typ",
        root=FORMS,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        format="pdf",
        pdf_tags=False,
    )
    _forget()
    return pdf


def joined(parts: Iterable[bytes]) -> bytes:
    """One PDF of the pages of several, in order. Long papers are rendered in parts to keep memory flat."""
    writer = PdfWriter()
    for part in parts:
        writer.append(io.BytesIO(part))
    whole = io.BytesIO()
    writer.write(whole)
    return whole.getvalue()


def _forget() -> None:
    """Let go of the laid-out pages: typst keeps what its last ten compilations made, hundreds of MB of it."""
    for _ in range(_COMPILATIONS_REMEMBERED + 1):
        typst.compile(b"", font_paths=_fonts(), ignore_system_fonts=True)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
