"""Refusals: what the product says no to, in four kinds that every edge can translate.

A refusal carries a stable `code` for programs, a translated `message` for people, and `extra`
members that the API adds to its problem document. Statuses live in `planner.http` only.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """A request the product understands and refuses."""

    code: ClassVar[str] = "refused"
    message: str | Promise = _("This cannot be done.")

    def __init__(
        self,
        message: str | Promise | None = None,
        *,
        fields: Mapping[str, str | Promise] | None = None,
        **extra: Any,
    ) -> None:
        self.detail: str | Promise = message or self.message
        self.fields = dict(fields or {})
        self.extra = extra
        super().__init__(self.code)

    def __str__(self) -> str:
        return str(self.detail)


class NotAllowed(DomainError):
    """The actor lacks the capability."""

    code = "not_allowed"
    message = _("You may not do this. Ask an administrator for the right.")


class Conflict(DomainError):
    """The state of the world changed or is already claimed."""

    code = "conflict"
    message = _("Somebody else changed this meanwhile. Look again, then repeat.")


class RuleBroken(DomainError):
    """The request breaks a rule of the office."""

    code = "rule_broken"
    message = _("A rule does not allow this.")


class Unreachable(DomainError):
    """An outside service did not answer."""

    code = "unreachable"
    message = _("The outside service does not answer. Try again in a moment.")


class ChangedMeanwhile(Conflict):
    """Somebody saved a newer version."""

    code = "changed_meanwhile"
    message = _("Somebody else saved a newer version. What you typed is kept: compare and save again.")


class Blocked(Conflict):
    """Blocking clashes stand in the way; `clashes` names them."""

    code = "blocked"
    message = _("Clashes block this. Solve them first.")


class ReasonNeeded(RuleBroken):
    """Allowed only with a written reason."""

    code = "reason_needed"
    message = _("This needs a written reason.")


class SecretContentRefused(RuleBroken):
    """Free text offered for a secret session or item; never echoed."""

    code = "secret_content_refused"
    message = _(
        "A secret session is kept as a shell: code name, time, room and list only. "
        "Take the text out; papers are handed out on the spot and collected again."
    )


class WrongState(Conflict):
    """The object is in a state where this makes no sense."""

    code = "wrong_state"
    message = _("This is not possible in the present state.")
