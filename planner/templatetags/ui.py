"""The components pages are built from: `{% load ui %}`. What each looks like: the style page; which to use: docs/face.md."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from planner.templatetags import pictures, signs

register = template.Library()

LUCIDE = settings.BASE_DIR / "static" / "vendor" / "lucide-1.62.0"


@cache
def drawing(name: str) -> SafeString:
    """The inner SVG of one icon of the vendored set, whose sums a test checks.

    FileNotFoundError names an icon to add in deploy/vendor.py.
    """
    source = (LUCIDE / f"{name}.svg").read_text()
    inner = source[source.index(">", source.index("<svg")) + 1 : source.rindex("</svg>")]
    return SafeString(" ".join(inner.split()))


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """One inline icon; decoration unless `label` says what it means."""
    meaning = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-linecap="round"'
        ' stroke-linejoin="round" {}>{}</svg>',
        f"icon {css}".strip(),
        meaning,
        drawing(name),
    )


@register.simple_tag
def pill(code: str, label: str = "", tone: str = "", icon_name: str = "") -> SafeString:
    """A state as a coloured word: a code of `signs.SIGNS`, or any code with its own label and tone."""
    sign = signs.sign_of(str(code))
    shown = icon_name or sign.icon
    return format_html(
        '<span class="pill tone-{}">{}{}</span>',
        tone or sign.tone,
        icon(shown) if shown else "",
        label or sign.label,
    )


@register.filter
def tone(code: str) -> str:
    """The tone class of a state: `class="entry {{ session.state|tone }}"`."""
    return f"tone-{signs.sign_of(str(code)).tone}"


@register.filter
def initials(who: object) -> str:
    """The last word's first letter, as Vietnamese names are called: "Vũ Thị Kim Oanh" → "O"."""
    words = str(who).split()
    return words[-1][0].upper() if words else "?"


@register.inclusion_tag("ui/field.html")
def field(bound: BoundField, hint: str = "", label: str = "", optional: bool = True) -> dict[str, Any]:
    """Label, hint, control and errors of one form field; `optional=False` leaves out "(optional)"."""
    widget = bound.field.widget
    return {
        "field": bound,
        "label": label or bound.label,
        "hint": hint or bound.help_text,
        "is_check": isinstance(widget, CheckboxInput),
        "is_group": isinstance(widget, RadioSelect | CheckboxSelectMultiple),
        "is_optional": optional and not bound.field.required,
    }


@register.simple_block_tag
def panel(content: str, title: str, name: str = "", icon_name: str = "", **more: Any) -> str:
    """A card with a head. `name` is its id; `more`: href and action (a link in the head), note, flush, tone."""
    return render_to_string(
        "ui/panel.html", {"content": content, "title": title, "name": name, "icon_name": icon_name, **more}
    )


@register.simple_block_tag
def page_head(
    content: str, title: str, lead: str = "", back: str = "", back_label: str = "", sign: str = ""
) -> str:
    """The h1 with a line below, the way back and the state `sign`; the block's content is the buttons at the right."""
    return render_to_string(
        "ui/page_head.html",
        {
            "content": content,
            "title": title,
            "lead": lead,
            "back": back,
            "back_label": back_label,
            "sign": sign,
        },
    )


@register.simple_block_tag
def empty(content: str, title: str, text: str = "", icon_name: str = "inbox") -> str:
    """What will be here; the block's content offers the first step."""
    return render_to_string(
        "ui/empty.html", {"content": content, "title": title, "text": text, "icon_name": icon_name}
    )


@register.inclusion_tag("ui/tab.html")
def tab(
    href: str, label: str, is_current: bool = False, count: int | None = None, icon_name: str = ""
) -> dict[str, Any]:
    """One link of `<nav class="tabs">`."""
    return {"href": href, "label": label, "is_current": is_current, "count": count, "icon_name": icon_name}


@register.inclusion_tag("ui/headcount.html")
def headcount(counts: Mapping[str, int], title: str = "") -> dict[str, Any]:
    """A ring of states and the sum in words; `counts`: state code → people, in the order to show."""
    parts = [(signs.sign_of(code), number) for code, number in counts.items()]
    total = sum(counts.values())
    return {"title": title, "total": total, "arcs": pictures.arcs(parts, total), "parts": parts}


@register.inclusion_tag("ui/quorum.html")
def quorum(have: int, needed: int, base: int, label: str = "") -> dict[str, Any]:
    """A bar of `have` out of `base` people with a mark at `needed`, and the words beside it."""
    base = max(base, have, needed, 1)
    return {
        "label": label,
        "have": have,
        "needed": needed,
        "short": max(needed - have, 0),
        "width": pictures.share(have, base),
        "mark": pictures.share(needed, base),
    }


@register.inclusion_tag("ui/bars.html")
def bars(rows: Sequence[tuple[str, int]], tone: str = "grey") -> dict[str, Any]:
    """Horizontal bars, one a row of (label, number), longest number full width."""
    return {"rows": pictures.bars(rows), "tone": tone}


@register.inclusion_tag("ui/columns.html")
def columns(rows: Sequence[tuple[str, int]], title: str, tone: str = "blue") -> dict[str, Any]:
    """Upright columns (arrivals per minute) with a table of the same numbers for who cannot see them."""
    return {"columns": pictures.columns(rows), "rows": rows, "title": title, "tone": tone}


@register.simple_tag
def span_classes(
    starts_at: datetime, ends_at: datetime, from_hour: int = 7, minutes: int = 30, columns: int = 26
) -> str:
    """The classes that put an entry on a `.lane`: column `at-N`, length `for-N`; clipped to the lane."""
    return pictures.span_classes(
        timezone.localtime(starts_at), timezone.localtime(ends_at), from_hour, minutes, columns
    )


@register.inclusion_tag("ui/navigation.html", takes_context=True)
def navigation(context: template.Context, is_tabbar: bool = False) -> dict[str, Any]:
    """The places of the site that exist and that this actor may open, the present one marked."""
    request = context.get("request")
    return {"links": signs.links_for(request), "is_tabbar": is_tabbar}
