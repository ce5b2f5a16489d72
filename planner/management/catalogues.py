"""The Vietnamese catalogue: merged from its parts, compiled without gettext, compared with what the sources say."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib
from django.conf import settings
from django.utils.translation.template import templatize

Key = tuple[str, str]  # context (empty: none) and msgid
FOLDER = Path(settings.BASE_DIR) / "locale" / "vi"
CATALOGUE = FOLDER / "LC_MESSAGES" / "django.po"
COMPILED = CATALOGUE.with_suffix(".mo")
HEADER = {
    "Project-Id-Version": "nghi-trinh",
    "Language": "vi",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}
PLAIN = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
WITH_CONTEXT = {"pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"}
LITERAL = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
IN_TEMPLATE = re.compile(rf"\b(_|gettext|ngettext|pgettext|npgettext)\(((?:\s*,?\s*{LITERAL})+)")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd]")


@dataclass
class Merged:
    """All parts as one catalogue, and what is wrong with them."""

    catalogue: polib.POFile
    faults: list[str] = field(default_factory=list)

    def keys(self) -> set[Key]:
        """What has a translation."""
        return {key_of(entry) for entry in self.catalogue if entry.translated()}


def key_of(entry: polib.POEntry) -> Key:
    """Context and msgid of `entry`."""
    return (entry.msgctxt or "", entry.msgid)


def texts_of(entry: polib.POEntry) -> list[str]:
    """The translations of `entry`: one, or one a plural form."""
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def merge() -> Merged:
    """The parts in `locale/vi/parts`, sorted; a text translated in two ways is a fault, twice alike is not."""
    found: dict[Key, tuple[polib.POEntry, str]] = {}
    merged = Merged(polib.POFile(wrapwidth=0))
    merged.catalogue.metadata = dict(HEADER)
    for path in sorted((FOLDER / "parts").glob("*.po")):
        for entry in polib.pofile(str(path), encoding="utf-8", wrapwidth=0):
            merged.faults += [f"{path.name}: {fault}" for fault in faults_of(entry)]
            first, where = found.setdefault(key_of(entry), (entry, path.name))
            if texts_of(first) != texts_of(entry):
                merged.faults.append(f"{where} and {path.name} translate {entry.msgid!r} differently")
    for key in sorted(found):
        merged.catalogue.append(bare(found[key][0]))
    return merged


def bare(entry: polib.POEntry) -> polib.POEntry:
    """`entry` without comments and places, which would change with every edit of the sources."""
    return polib.POEntry(
        msgctxt=entry.msgctxt,
        msgid=entry.msgid,
        msgid_plural=entry.msgid_plural,
        msgstr=entry.msgstr,
        msgstr_plural=entry.msgstr_plural,
        flags=[flag for flag in entry.flags if flag.endswith("-format")],
    )


def faults_of(entry: polib.POEntry) -> Iterator[str]:
    """What is wrong with one translation: missing, or with other placeholders than the original."""
    if not entry.translated():
        yield f"{entry.msgid!r} has no translation"
        return
    expected = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
    for text in texts_of(entry):
        if set(PLACEHOLDER.findall(text)) != expected:
            yield f"{entry.msgid!r} and its translation {text!r} have different placeholders"


def write(merged: Merged) -> None:
    """The catalogue and its compiled form, which is committed: fresh machines have no gettext."""
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    merged.catalogue.save(str(CATALOGUE))
    merged.catalogue.save_as_mofile(str(COMPILED))


def stale(merged: Merged) -> list[str]:
    """Which of the two committed files is not what the parts make."""
    made = content(merged.catalogue)
    committed = content(polib.pofile(str(CATALOGUE))) if CATALOGUE.exists() else {}
    compiled = content(polib.mofile(str(COMPILED))) if COMPILED.exists() else {}
    files = ((CATALOGUE, committed), (COMPILED, compiled))
    return [f"{path.name} is stale; run: manage.py messages" for path, texts in files if texts != made]


def content(catalogue: "polib.POFile | polib.MOFile") -> dict[Key, list[str]]:
    """What a catalogue says, whatever its form."""
    return {key_of(entry): texts_of(entry) for entry in catalogue}


def in_sources() -> dict[Key, str]:
    """Every text that the program or a page shows through gettext → the first file that has it."""
    found: dict[Key, str] = {}
    base = Path(settings.BASE_DIR)
    for folder in ("planner", "rooms", "attendees"):
        for path in sorted((base / folder).rglob("*.py")):
            for key in in_python(path.read_text(encoding="utf-8")):
                found.setdefault(key, str(path.relative_to(base)))
    for path in sorted((base / "templates").rglob("*.*")):
        for key in in_template(path.read_text(encoding="utf-8")):
            found.setdefault(key, str(path.relative_to(base)))
    return found


def in_python(source: str) -> Iterator[Key]:
    """The texts that Python code passes to gettext."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        texts = [
            arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
        ]
        if name in PLAIN and texts:
            yield ("", texts[0])
        elif name in WITH_CONTEXT and len(texts) > 1:
            yield (texts[0], texts[1])


def in_template(source: str) -> Iterator[Key]:
    """The texts that a template translates, read by Django's own machinery."""
    for name, literals in IN_TEMPLATE.findall(templatize(source)):
        texts = ast.literal_eval(f"({literals},)")
        yield (texts[0], texts[1]) if name in WITH_CONTEXT else ("", texts[0])
