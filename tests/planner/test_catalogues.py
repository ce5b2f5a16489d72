"""The Vietnamese catalogue: what the sources say is found, contradictions and lost placeholders are refused."""

from pathlib import Path

import pytest

from planner.management import catalogues


def parts(folder: Path, **texts: str) -> None:
    """Parts of a catalogue under `folder`, one a keyword."""
    (folder / "parts").mkdir()
    for name, text in texts.items():
        (folder / "parts" / f"{name}.po").write_text(text, encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A locale folder of its own."""
    monkeypatch.setattr(catalogues, "FOLDER", tmp_path)
    monkeypatch.setattr(catalogues, "CATALOGUE", tmp_path / "LC_MESSAGES" / "django.po")
    monkeypatch.setattr(catalogues, "COMPILED", tmp_path / "LC_MESSAGES" / "django.mo")
    return tmp_path


def test_parts_become_one_catalogue_whose_compiled_form_says_the_same(folder: Path) -> None:
    parts(
        folder,
        one='msgid "Room"\nmsgstr "Phòng"\n',
        two='msgid "Body"\nmsgstr "Cơ quan"\n\nmsgid "Room"\nmsgstr "Phòng"\n',
    )

    merged = catalogues.merge()
    assert catalogues.stale(merged) != []
    catalogues.write(merged)

    assert (merged.faults, merged.keys()) == ([], {("", "Room"), ("", "Body")})
    assert catalogues.stale(catalogues.merge()) == []


def test_a_changed_part_makes_the_committed_files_stale(folder: Path) -> None:
    parts(folder, one='msgid "Room"\nmsgstr "Phòng"\n')
    catalogues.write(catalogues.merge())
    (folder / "parts" / "one.po").write_text('msgid "Room"\nmsgstr "Hội trường"\n', encoding="utf-8")

    stale = catalogues.stale(catalogues.merge())

    assert [line.split()[0] for line in stale] == ["django.po", "django.mo"]


def test_two_translations_of_one_text_are_refused(folder: Path) -> None:
    parts(folder, one='msgid "Chair"\nmsgstr "Chủ trì"\n', two='msgid "Chair"\nmsgstr "Ghế"\n')

    assert catalogues.merge().faults == ["one.po and two.po translate 'Chair' differently"]


def test_a_translation_that_loses_a_placeholder_is_refused(folder: Path) -> None:
    parts(folder, one='msgid "%(n)s people"\nmsgstr "người"\n')

    assert catalogues.merge().faults == [
        "one.po: '%(n)s people' and its translation 'người' have different placeholders"
    ]


def test_texts_are_found_in_python() -> None:
    source = '_("Room")\nx.gettext_lazy("Body")\npgettext("seat", "Chair")\nngettext("%d day", "%d days", n)\nlog("no")'

    assert list(catalogues.in_python(source)) == [
        ("", "Room"),
        ("", "Body"),
        ("seat", "Chair"),
        ("", "%d day"),
    ]


def test_texts_are_found_in_templates() -> None:
    source = (
        '{% load i18n %}{% translate "Room" %} plain {{ _("Body") }}'
        "{% blocktranslate count n=n %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}"
        '{% translate "Chair" context "seat" %}{% blocktranslate trimmed with a=b %}\n  By {{ a }}\n{% endblocktranslate %}'
    )

    found = set(catalogues.in_template(source))

    assert found == {("", "Room"), ("", "Body"), ("", "%(n)s day"), ("seat", "Chair"), ("", "By %(a)s")}
