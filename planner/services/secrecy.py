"""What a secret session or item may not hold, refused in one place and never echoed."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from planner.errors import SecretContentRefused

# Fields of a secret session that would tell its content.
SHELL_FORBIDS = (
    "title",
    "description",
    "agenda",
    "place_text",
    "escort",
    "car",
    "preparing_unit",
    "cancel_reason",
)


REASON_CODES = {
    "urgent": _("Urgent"),
    "by_order": _("By order of the leadership"),
    "no_other_time": _("No other time is possible"),
    "other": _("Another reason"),
}
"""What may stand where a secret session needs a reason: a code, never words."""


def refuse_content(values: Mapping[str, Any], *, forbidden: tuple[str, ...] = SHELL_FORBIDS) -> None:
    """Refuse with SecretContentRefused, naming the fields that carry something, never their words."""
    offending = [name for name in forbidden if values.get(name)]
    if offending:
        words = _("Leave this empty for a secret session.")
        raise SecretContentRefused(fields=dict.fromkeys(offending, words))
