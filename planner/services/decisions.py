"""What a human decides about the unclear rows of an uploaded list, checked and kept until the list is applied."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from planner.access import Actor
from planner.errors import RuleBroken
from planner.models import ImportBatch, ImportRow, Person, Unit
from planner.paper.reading import cells, contacts, posts
from planner.services import audit, imports

TAKE, SKIP, PERSON, CREATE = "take", "skip", "person", "create"
DEEDS = (TAKE, SKIP, PERSON, CREATE)
Rows = Mapping[tuple[str, int], ImportRow]


class UnknownDecision(RuleBroken):
    """A decision that names no row, no deed or nobody."""

    code = "unknown_decision"
    message = _("This decision does not fit the row. Choose take, skip, person or create.")


class BadValue(RuleBroken):
    """A cell put right by hand that is still not right."""

    code = "bad_value"
    message = _("This value is still not right.")


@transaction.atomic
def decide(*, batch: ImportBatch, decisions: Iterable[Mapping[str, Any]], by: Actor) -> int:
    """How many rows were decided; each decision names `line` (and `sheet` when there are several) and `do`.

    `take` the row as far as it is clear, `skip` it, let it be a known `person` (`person_id`, or `line_of` for an
    earlier row of the file), or `create` a new one; `values` mends cells, `unit_id` says which unit is meant.
    Raises NotAllowed, StillReading, UnknownDecision, BadValue.
    """
    imports.must_handle(batch, by)
    imports.refuse_unread(batch)
    rows = {(row.sheet, row.line): row for row in batch.rows.select_for_update()}
    decided = [_decided(rows, decision) for decision in decisions]
    ImportRow.objects.bulk_update(decided, ["decision"], batch_size=500)
    if decided:
        audit.record("import.decided", on=batch, by=by, after={"rows": len(decided)})
    return len(decided)


def _decided(rows: Rows, decision: Mapping[str, Any]) -> ImportRow:
    row = _row(rows, decision)
    deed = decision.get("do")
    if deed not in DEEDS:
        raise UnknownDecision(line=row.line)
    kept: dict[str, Any] = {"do": deed}
    if values := _values(decision.get("values") or {}, row):
        kept["values"] = values
    if decision.get("unit_id"):
        kept["unit_id"] = _known_id(Unit.objects.all(), decision["unit_id"], row)
    if deed == PERSON:
        kept |= _whom(rows, row, decision)
    row.decision = kept
    return row


def _row(rows: Rows, decision: Mapping[str, Any]) -> ImportRow:
    line = _number(decision.get("line"))
    found = [
        row for (sheet, at), row in rows.items() if at == line and decision.get("sheet") in (None, sheet)
    ]
    if len(found) != 1:
        raise UnknownDecision(line=line)
    return found[0]


def _whom(rows: Rows, row: ImportRow, decision: Mapping[str, Any]) -> dict[str, Any]:
    """Whom the row is decided to be: somebody of the directory, or an earlier row of the file."""
    if decision.get("person_id"):
        return {"person_id": _known_id(Person.objects.active(), decision["person_id"], row)}
    twin = rows.get((row.sheet, _number(decision.get("line_of"))))
    if twin is None or twin.line >= row.line:
        raise UnknownDecision(line=row.line)
    return {"line": twin.line, "sheet": twin.sheet}


def _known_id(rows: Any, pk: object, row: ImportRow) -> int:
    number = _number(pk)
    if not rows.filter(pk=number).exists():
        raise UnknownDecision(line=row.line)
    return number


def _number(value: object) -> int:
    text = str(value or "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _values(values: Mapping[str, Any], row: ImportRow) -> dict[str, Any]:
    """Mended cells in the form rows are kept in. Raises BadValue, naming the field."""
    kept: dict[str, Any] = {}
    for name, value in values.items():
        if name not in _READERS:
            raise BadValue(line=row.line, fields={name: BadValue.message})
        read = _READERS[name](str(value or "").strip()[:500])
        if read is None:
            raise BadValue(line=row.line, fields={name: BadValue.message})
        kept |= read
    return kept


def _name(text: str) -> dict[str, Any] | None:
    named = cells.name(text)
    return None if named.problem else {"full_name": named.full_name}


def _sex(text: str) -> dict[str, Any] | None:
    found, problem = cells.sex(text)
    return None if problem else {"sex": found}


def _born(text: str) -> dict[str, Any] | None:
    birth = cells.born(text, today=timezone.localdate())
    if birth.problem and birth.problem != "born_unlikely":
        return None
    return {"born_on": birth.on.isoformat() if birth.on else "", "birth_year": birth.year}


def _email(text: str) -> dict[str, Any] | None:
    found = contacts.emails(text)
    return None if found.bad else {"email": (*found.good, "")[0]}


def _phone(text: str) -> dict[str, Any] | None:
    found = contacts.phones(text)
    return None if found.bad else {"phones": list(found.good)}


_READERS: Mapping[str, Callable[[str], dict[str, Any] | None]] = {
    "full_name": _name,
    "sex": _sex,
    "born": _born,
    "email": _email,
    "phone": _phone,
    "unit": lambda text: {"unit": posts.unit_name(text)},
    "note": lambda text: {"note_text": text},
}
