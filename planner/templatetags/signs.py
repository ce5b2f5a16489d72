"""How states look (word, tone, icon) and which places the navigation offers."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from planner.access import Can


class Sign(NamedTuple):
    """A state as a person sees it; `tone` is one of grey, green, amber, red, blue, violet, accent."""

    label: str | Promise
    tone: str
    icon: str = ""


SIGNS = {
    # sessions and weeks
    "draft": Sign(pgettext_lazy("state", "Draft"), "grey", "pencil"),
    "submitted": Sign(pgettext_lazy("state", "Submitted"), "amber", "send"),
    "approved": Sign(pgettext_lazy("state", "Approved"), "green", "check"),
    "published": Sign(pgettext_lazy("state", "Published"), "blue", "file-check"),
    "live": Sign(pgettext_lazy("state", "In session"), "accent", "circle-dot"),
    "held": Sign(pgettext_lazy("state", "Held"), "green", "check"),
    "cancelled": Sign(pgettext_lazy("state", "Cancelled"), "red", "calendar-x"),
    "secret": Sign(pgettext_lazy("state", "Internal"), "violet", "lock"),
    # replies and decisions
    "none": Sign(pgettext_lazy("reply", "No reply yet"), "grey", "circle-help"),
    "attending": Sign(pgettext_lazy("reply", "Attending"), "green", "check"),
    "asks_excuse": Sign(pgettext_lazy("reply", "Asks to be excused"), "amber", "hand"),
    "excused": Sign(pgettext_lazy("reply", "Excused"), "blue", "circle-check"),
    "not_excused": Sign(pgettext_lazy("reply", "Not excused"), "red", "x"),
    "declined": Sign(pgettext_lazy("reply", "Declined"), "red", "x"),
    "asks_substitute": Sign(pgettext_lazy("reply", "Asks to send a substitute"), "amber", "user-plus"),
    "substitute_approved": Sign(pgettext_lazy("reply", "Substitute sent"), "violet", "user-check"),
    "substituted": Sign(pgettext_lazy("reply", "Substitute sent"), "violet", "user-check"),
    "substitute_refused": Sign(pgettext_lazy("reply", "Substitute refused"), "red", "user-x"),
    # clashes
    "blocked": Sign(pgettext_lazy("clash", "Blocked"), "red", "ban"),
    "needs_reason": Sign(pgettext_lazy("clash", "Needs a reason"), "amber", "triangle-alert"),
    "warning": Sign(pgettext_lazy("clash", "Mind this"), "blue", "info"),
    # attendance
    "present": Sign(pgettext_lazy("attendance", "Present"), "green", "check"),
    "present_at_point": Sign(pgettext_lazy("attendance", "Present at a bridge point"), "green", "tv"),
    "late": Sign(pgettext_lazy("attendance", "Late"), "amber", "clock"),
    "left_early": Sign(pgettext_lazy("attendance", "Left early"), "amber", "log-out"),
    "absent": Sign(pgettext_lazy("attendance", "Absent without reason"), "red", "user-x"),
    # messages and badges
    "queued": Sign(pgettext_lazy("message", "Waiting to be sent"), "grey", "hourglass"),
    "sent": Sign(pgettext_lazy("message", "Sent"), "green", "mail-check"),
    "failed": Sign(pgettext_lazy("message", "Failed"), "red", "mail-x"),
    "bounced": Sign(pgettext_lazy("message", "Returned"), "red", "mail-warning"),
    "active": Sign(pgettext_lazy("badge", "Valid"), "green", "badge-check"),
    "printed": Sign(pgettext_lazy("badge", "Printed"), "blue", "printer"),
    "replaced": Sign(pgettext_lazy("badge", "Replaced"), "grey", "refresh-cw"),
    "revoked": Sign(pgettext_lazy("badge", "Revoked"), "red", "ban"),
    # bridge points and long work
    "ready": Sign(pgettext_lazy("point", "Ready"), "green", "check"),
    "fault": Sign(pgettext_lazy("point", "Fault"), "red", "triangle-alert"),
    "silent": Sign(pgettext_lazy("point", "Not reported"), "grey", "circle-help"),
    "running": Sign(pgettext_lazy("work", "Under way"), "blue", "hourglass"),
    "done": Sign(pgettext_lazy("work", "Done"), "green", "check"),
}

# Tone and icon of states whose word the page says itself: {% pill row.status label=row.get_status_display %}.
LOOKS = {
    "new": ("blue", "plus"),
    "same": ("grey", "check"),
    "changed": ("amber", "pencil"),
    "unclear": ("violet", "circle-help"),
    "wrong": ("red", "x"),
    "asked": ("amber", "hand"),
    "refused": ("red", "x"),
    "pending": ("amber", "hourglass"),
    "reading": ("blue", "hourglass"),
    "applying": ("blue", "hourglass"),
    "applied": ("green", "check"),
    "wanted": ("grey", "hourglass"),
    "ended": ("grey", "check"),
    "orphan": ("red", "triangle-alert"),
    "merged": ("grey", "split"),
    "paused": ("amber", "clock"),
    "invited": ("blue", "mail"),
    "withdrawn": ("red", "mail-x"),
    "summoned": ("accent", "users"),
    "guest": ("violet", "user"),
    "online": ("violet", "video"),
    "hybrid": ("violet", "video"),
    "in_person": ("grey", "users"),
    "admitted": ("green", "check"),
    "already_in": ("amber", "history"),
    "left": ("grey", "log-out"),
    "unknown": ("red", "circle-help"),
    "not_in_roster": ("red", "user-x"),
    "wrong_session": ("red", "x"),
    "too_early": ("amber", "clock"),
    "too_late": ("amber", "clock"),
}


def sign_of(code: str) -> Sign:
    """How a state looks; a code nobody described is shown as it is, in grey."""
    return SIGNS.get(code) or Sign(code, *LOOKS.get(code, ("grey", "")))


@dataclass(frozen=True)
class Place:
    """One entry of the navigation. `nouns` are the first words of the URL names that belong to it."""

    url_name: str
    label: str | Promise
    icon: str
    nouns: tuple[str, ...]
    needs: Can = Can.READ
    on_tabbar: bool = False


PLACES = (
    Place("home", pgettext_lazy("navigation", "Home"), "house", ("home",), on_tabbar=True),
    Place(
        "week-current",
        pgettext_lazy("navigation", "Week"),
        "calendar-range",
        ("week", "engagement"),
        on_tabbar=True,
    ),
    Place(
        "session-list",
        pgettext_lazy("navigation", "Sessions"),
        "presentation",
        (
            "session",
            "agenda",
            "delegate",
            "invitation",
            "reply",
            "badge",
            "gate",
            "attendance",
            "chain",
            "paper",
        ),
        on_tabbar=True,
    ),
    Place(
        "room-board",
        pgettext_lazy("navigation", "Rooms"),
        "door-open",
        ("room", "booking", "place", "equipment", "sign"),
        on_tabbar=True,
    ),
    Place(
        "person-list",
        pgettext_lazy("navigation", "People"),
        "users-round",
        ("person", "people", "unit", "import"),
    ),
    Place("body-list", pgettext_lazy("navigation", "Bodies"), "landmark", ("body", "term", "programme")),
    Place("report-year", pgettext_lazy("navigation", "Reports"), "chart-column", ("report",), Can.REPORT),
    Place("admin-health", _("Administration"), "settings", ("admin", "audit", "office"), Can.ADMINISTER),
)


class Link(NamedTuple):
    """One place as the page shows it."""

    place: Place
    href: str
    is_current: bool


def links_for(request: HttpRequest | None) -> list[Link]:
    """The places that have an address and that the request's actor may open, in order."""
    match = getattr(request, "resolver_match", None)
    noun = (getattr(match, "url_name", None) or "").split("-")[0]
    actor: Any = getattr(request, "actor", None)
    links = []
    for place in PLACES:
        if actor is not None and not actor.can_anywhere(place.needs):
            continue
        try:
            href = reverse(place.url_name)
        except NoReverseMatch:
            continue
        links.append(Link(place, href, noun in place.nouns))
    return links
