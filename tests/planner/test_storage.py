"""Static files carry their digest, inside modules too, so that a browser never mixes old and new parts."""

import re
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from planner.storage import HashedStatic


def collected(folder: Path, files: dict[str, str]) -> HashedStatic:
    """A storage in `folder` after collecting `files`."""
    storage = HashedStatic(location=str(folder), base_url="/static/")
    for name, text in files.items():
        storage.save(name, ContentFile(text.encode()))
    for _original, _hashed, processed in storage.post_process({name: (storage, name) for name in files}):
        if isinstance(processed, Exception):
            raise processed
    return storage


def test_imports_between_our_modules_are_rewritten(tmp_path: Path) -> None:
    storage = collected(
        tmp_path, {"scanner/a.js": 'import { x } from "./b.js";', "scanner/b.js": "export const x = 1;"}
    )

    text = (tmp_path / storage.stored_name("scanner/a.js")).read_text(encoding="utf-8")

    assert re.fullmatch(r'import \{ x \} from "\./b\.[0-9a-f]{12}\.js";', text)


def test_a_lost_part_of_our_own_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"scanner/lost\.js"):
        collected(tmp_path, {"scanner/a.js": 'import { x } from "./lost.js";'})


def test_a_packages_comment_that_looks_like_an_import_does_not(tmp_path: Path) -> None:
    storage = collected(tmp_path, {"django_htmx/ext.js": 'import { x } from "htmx";'})

    assert (tmp_path / storage.stored_name("django_htmx/ext.js")).read_text(
        encoding="utf-8"
    ) == 'import { x } from "htmx";'


def test_the_style_sheet_is_served_as_one_file(tmp_path: Path) -> None:
    storage = collected(
        tmp_path,
        {
            "css/app.css": '@layer tokens, print;\n@import "a.css" layer(tokens);\n@import "b.css" layer(print) print;\n',
            "css/a.css": 'p { background: url("../img/x.svg"); }\n',
            "css/b.css": "p { color: #000; }\n",
            "img/x.svg": "<svg/>",
        },
    )

    text = (tmp_path / storage.stored_name("css/app.css")).read_text(encoding="utf-8")

    assert "@import" not in text
    assert re.search(
        r'@layer tokens \{\np \{ background: url\("\.\./img/x\.[0-9a-f]{12}\.svg"\); \}\n\}', text
    )
    assert "@media print {\n@layer print {\np { color: #000; }\n}\n}" in text
