"""A delegate's own badge for the phone: what the printed one shows, with the QR drawn on the spot."""

from typing import Any

from django import template
from django.utils.safestring import mark_safe

from attendees import tokens
from attendees.models import Badge, Delegate
from attendees.services import badges
from attendees.services.sheets import category_of
from planner.paper import qr

register = template.Library()


@register.simple_tag
def own_badge(delegate: Delegate) -> dict[str, Any] | None:
    """The delegate's valid badge (qr, typed, number, category, seat); None before it is issued or once it ended.

    Showing it counts as nothing: only a door's scan does.
    """
    scope = Badge.objects.active().filter(
        series__in=badges.series_of(delegate.session), person_id=delegate.person_id
    )
    badge = scope.select_related("series").first() if delegate.removed_at is None else None
    if badge is None:
        return None
    picture = qr.svg(qr.digits_matrix(badges.token_of(badge)))
    return {
        "qr": mark_safe(picture),  # noqa: S308 - made of numbers by planner.paper.qr
        "typed": tokens.spaced(badges.typed_of(badge)),
        "number": badge.number,
        "category": category_of(delegate),
        "seat": delegate.seat,
    }
