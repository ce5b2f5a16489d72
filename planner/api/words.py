"""What is wrong with a field of a request, in the words of the language asked for."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _


def words_of(error: Mapping[str, Any]) -> str:
    """A sentence for one of pydantic's errors; never repeats what was sent."""
    kind, context = str(error["type"]), error.get("ctx", {})
    if kind == "value_error":
        return str(context.get("error") or _("This value is not right."))
    known = _sentences().get(kind) or _sentences().get(_family(kind))
    return known % context if known else _("This value is not right.")


def _family(kind: str) -> str:
    """The first word of an error's type: datetime_from_date_parsing → datetime."""
    return kind.split("_", maxsplit=1)[0]


def _sentences() -> dict[str, str]:
    return {
        "missing": _("This is needed."),
        "string": _("Write a text."),
        "string_too_long": _("At most %(max_length)s characters."),
        "string_too_short": _("At least %(min_length)s characters."),
        "string_pattern_mismatch": _("This is not written as expected."),
        "int": _("Write a whole number."),
        "float": _("Write a number."),
        "finite": _("Write a number."),
        "bool": _("Write true or false."),
        "greater_than": _("It must be greater than %(gt)s."),
        "greater_than_equal": _("It must be at least %(ge)s."),
        "less_than": _("It must be less than %(lt)s."),
        "less_than_equal": _("It must be at most %(le)s."),
        "datetime": _("Write a date and time with offset, like 2026-12-01T08:00:00+07:00."),
        "timezone": _("Write a date and time with offset, like 2026-12-01T08:00:00+07:00."),
        "date": _("Write a date like 2026-12-01."),
        "time": _("Write a time like 08:00."),
        "literal": _("Choose one of: %(expected)s."),
        "enum": _("Choose one of: %(expected)s."),
        "list": _("Give a list."),
        "too_long": _("At most %(max_length)s entries."),
        "too_short": _("At least %(min_length)s entries."),
        "dict": _("Give an object."),
        "model": _("Give an object."),
        "extra_forbidden": _("There is no such field."),
        "uuid": _("Write a UUID."),
        "json": _("This is not JSON."),
    }
