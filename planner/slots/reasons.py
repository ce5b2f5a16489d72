"""Clashes in words: what stands against it and, where there is one, the way out."""

from collections.abc import Callable, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from planner.slots.levels import Clash, Level
from planner.spans import Span

_SHOWN_NAMES = 3


def words(clash: Clash) -> str:
    """The reason in the reader's language and zone, one or two sentences."""
    reason = _WORDS[clash.code](clash)
    if clash.nearest is None:
        return reason
    return _("%(reason)s Nearest free time: %(when)s.") % {"reason": reason, "when": when(clash.nearest)}


def level_words(level: Level) -> str:
    """The level as a pill on the screen says it."""
    return {
        Level.BLOCKED: _("Blocked"),
        Level.NEEDS_REASON: _("Needs a reason"),
        Level.WARNING: _("Warning"),
    }[level]


def when(span: Span) -> str:
    """“08:00–11:00, 25/11/2026”; both dates when it ends on another day."""
    start, end = timezone.localtime(span.starts_at), timezone.localtime(span.ends_at)
    if start.date() == end.date():
        return f"{start:%H:%M}–{end:%H:%M}, {start:%d/%m/%Y}"
    return f"{start:%H:%M} {start:%d/%m/%Y} – {end:%H:%M} {end:%d/%m/%Y}"


def listed(names: Sequence[str]) -> str:
    """Up to three names, then how many more."""
    shown, more = ", ".join(names[:_SHOWN_NAMES]), len(names) - _SHOWN_NAMES
    if more <= 0:
        return shown
    return ngettext("%(names)s and %(count)d other", "%(names)s and %(count)d others", more) % {
        "names": shown,
        "count": more,
    }


def _told(clash: Clash) -> dict[str, str | int]:
    """What the sentences below may name."""
    return {
        "place": clash.place,
        "other": clash.other,
        "names": listed(clash.names),
        "when": when(clash.span) if clash.span else "",
        "have": clash.have,
        "need": clash.need,
        "text": clash.text,
    }


def _room_taken(clash: Clash) -> str:
    if clash.is_pending:
        text = _("%(place)s is asked for by “%(other)s”, %(when)s; that hold waits for approval.")
    else:
        text = _("%(place)s is taken by “%(other)s”, %(when)s.")
    return text % _told(clash)


def _seats_short(clash: Clash) -> str:
    return _("%(place)s seats %(have)d; %(need)d people are expected.") % _told(clash)


def _notice_short(clash: Clash) -> str:
    text = ngettext(
        "%(have)d day of notice; this kind of session asks for %(need)d.",
        "%(have)d days of notice; this kind of session asks for %(need)d.",
        clash.have,
    )
    return text % _told(clash)


_WORDS: dict[str, Callable[[Clash], str]] = {
    "room_taken": _room_taken,
    "room_setup": lambda c: (
        _("%(place)s needs time to set up and clear away between this and “%(other)s”, %(when)s.") % _told(c)
    ),
    "room_closed": lambda c: _("%(place)s is closed, %(when)s: %(text)s.") % _told(c),
    "room_not_for_secret": lambda c: _("%(place)s is not approved for secret sessions.") % _told(c),
    "line_not_for_secret": lambda c: _("%(place)s may not carry a secret session.") % _told(c),
    "line_full": lambda c: (
        _("%(place)s carries %(have)d sessions at once; %(need)d are planned at that time.") % _told(c)
    ),
    "chair_twice": lambda c: _("%(names)s also chairs “%(other)s”, %(when)s.") % _told(c),
    "leader_busy": lambda c: _("%(names)s: busy at “%(other)s”, %(when)s.") % _told(c),
    "required_busy": lambda c: _("%(names)s: required here and at “%(other)s”, %(when)s.") % _told(c),
    "optional_busy": lambda c: _("%(names)s: perhaps at “%(other)s”, %(when)s.") % _told(c),
    "seats_short": _seats_short,
    "notice_short": _notice_short,
    "equipment_short": lambda c: _("%(place)s: %(need)d asked for at once, %(have)d in stock.") % _told(c),
    "outside_hours": lambda c: _("%(place)s is not open at that time.") % _told(c),
    "holiday": lambda c: _("It is a day off: %(text)s.") % _told(c),
    "holiday_eve": lambda c: _("The next day is a day off: %(text)s.") % _told(c),
    "day_of_rest": lambda c: _("It is a day of rest.") % _told(c),
    "rehearsal_missing": lambda c: _("No rehearsal or line test is planned.") % _told(c),
}
