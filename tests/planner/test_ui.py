"""The components: what they say, where they lead, and that nothing in a page breaks the CSP."""

import re
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.conf import settings
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils import translation

from deploy import vendor
from planner.access import NOBODY, SYSTEM
from planner.templatetags import pictures, signs, ui

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
ROOT = Path(settings.BASE_DIR)
PAGES = sorted(
    page for page in (ROOT / "templates").rglob("*.html") if page.parent.name != "mail"
)  # mail knows no stylesheet
STYLES = sorted((ROOT / "static" / "css").glob("*.css"))


def render(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 26, hour, minute, tzinfo=HANOI)


class ReplyForm(forms.Form):
    reason = forms.CharField(label="Reason", help_text="One sentence.")
    is_urgent = forms.BooleanField(label="Urgent", required=False)
    mode = forms.ChoiceField(
        label="Mode", widget=forms.RadioSelect, choices=[("hall", "In the hall")], required=False
    )


def test_a_pill_says_the_state_in_the_readers_language() -> None:
    with translation.override("en"):
        assert re.sub(r"<svg.*</svg>", "", render('{% pill "held" %}')) == (
            '<span class="pill tone-green">Held</span>'
        )


def test_a_pill_for_a_state_nobody_described_is_grey_and_shows_the_given_word() -> None:
    assert render('{% pill "x" label="Lạ" %}') == '<span class="pill tone-grey">Lạ</span>'


def test_what_a_person_typed_cannot_leave_a_component() -> None:
    html = render('{% pill "x" label=evil %}{% panel evil %}{{ evil }}{% endpanel %}', evil="<script>")
    assert html.count("&lt;script&gt;") == 3
    assert "<script>" not in html


def test_an_icon_is_decoration_unless_it_is_named() -> None:
    assert 'aria-hidden="true"' in render('{% icon "lock" %}')
    assert 'role="img" aria-label="Khóa"' in render('{% icon "lock" label="Khóa" %}')


def test_an_icon_that_is_not_vendored_stops_the_page() -> None:
    with pytest.raises(FileNotFoundError):
        render('{% icon "no-such-icon" %}')


def test_every_icon_that_templates_and_states_name_is_vendored() -> None:
    named = {sign.icon for sign in signs.SIGNS.values()} | {place.icon for place in signs.PLACES}
    named |= {icon for _, icon in signs.LOOKS.values()}
    for page in PAGES:
        named |= set(re.findall(r"""(?:icon|icon_name=)\s*["']([a-z0-9-]+)["']""", page.read_text()))
    have = {path.stem for path in Path(ui.LUCIDE).glob("*.svg")}
    assert named - have - {""} == set()


def test_an_error_stands_beside_its_field_and_is_read_with_it() -> None:
    form = ReplyForm({"reason": ""})
    html = render("{% field form.reason %}", form=form)
    assert 'id="id_reason_error"' in html
    assert 'aria-describedby="id_reason_helptext id_reason_error"' in html
    assert 'aria-invalid="true"' in html
    assert html.index("id_reason_error") < html.index("<input")


def test_a_field_that_may_stay_empty_says_so() -> None:
    with translation.override("en"):
        assert "(optional)" in render("{% field form.mode %}", form=ReplyForm())
        assert "(optional)" not in render("{% field form.mode optional=False %}", form=ReplyForm())
        assert "(optional)" not in render("{% field form.reason %}", form=ReplyForm())


def test_choices_are_a_group_with_a_legend_and_a_tick_box_is_its_own_label() -> None:
    assert "<fieldset" in render("{% field form.mode %}", form=ReplyForm())
    assert '<label class="check"><input' in render("{% field form.is_urgent %}", form=ReplyForm())


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "classes"),
    [
        (at(7, 30), at(9), "at-2 for-3"),
        (at(7), at(19), "at-1 for-24"),
        (at(7, 45), at(8, 10), "at-2 for-2"),
        (at(5), at(6), "at-1 for-1"),
        (at(6), at(7, 30), "at-1 for-1"),
        (at(18), at(23), "at-23 for-2"),
        (at(22), at(23), "at-24 for-1"),
    ],
)
def test_an_entry_lies_on_its_hours_and_never_leaves_the_lane(
    starts_at: datetime, ends_at: datetime, classes: str
) -> None:
    assert pictures.span_classes(starts_at, ends_at, from_hour=7, minutes=30, columns=24) == classes


def test_a_ring_is_whole_and_its_pieces_follow_each_other() -> None:
    parts = [(signs.sign_of("attending"), 3), (signs.sign_of("excused"), 0), (signs.sign_of("none"), 1)]
    assert pictures.arcs(parts, 4) == [
        pictures.Arc("green", "75.00", "-0.00"),
        pictures.Arc("grey", "25.00", "-75.00"),
    ]


def test_a_bar_says_how_many_are_short() -> None:
    with translation.override("en"):
        assert "2 short" in render("{% quorum 8 10 15 %}")
        assert "enough" in render("{% quorum 10 10 15 %}")


def test_pictures_without_numbers_are_drawn_all_the_same() -> None:
    assert "<svg" in render("{% headcount counts %}{% bars rows %}{% columns rows 'x' %}", counts={}, rows=[])
    assert "0.00" in render("{% quorum 0 0 0 %}")


def test_who_may_do_nothing_is_offered_nothing() -> None:
    request = RequestFactory().get("/")
    request.actor = NOBODY  # type: ignore[attr-defined]
    assert signs.links_for(request) == []


def test_the_present_place_is_marked_and_no_other() -> None:
    request = RequestFactory().get("/")
    request.actor = SYSTEM  # type: ignore[attr-defined]
    request.resolver_match = SimpleNamespace(url_name="delegate-reply")  # type: ignore[assignment]
    current = {link.place.url_name for link in signs.links_for(request) if link.is_current}
    assert current <= {"session-list"}
    assert sum("delegate" in place.nouns for place in signs.PLACES) == 1


def test_initials_follow_the_given_name() -> None:
    assert ui.initials("Vũ Thị Kim Oanh") == "O"
    assert ui.initials("") == "?"


def test_vendored_files_are_what_their_sums_say() -> None:
    assert vendor.wrong_files() == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_page_carries_what_the_csp_refuses(page: Path) -> None:
    source = page.read_text()
    assert re.findall(r"""\sstyle=|\son[a-z]+=|\shx-on|<style|javascript:""", source) == []
    scripts = re.findall(r"<script\b[^>]*>", source)
    assert [tag for tag in scripts if "src=" not in tag and "application/json" not in tag] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_template_can_be_read(page: Path) -> None:
    try:
        Template(page.read_text())
    except TemplateSyntaxError as error:
        pytest.fail(str(error))


def test_styles_name_only_tokens_that_exist() -> None:
    text = "".join(style.read_text() for style in STYLES)
    defined = set(re.findall(r"(--[a-z0-9-]+)\s*:", text))
    assert set(re.findall(r"var\((--[a-z0-9-]+)", text)) - defined == set()


def test_colours_are_named_in_the_tokens_alone() -> None:
    others = [style for style in STYLES if style.name not in {"tokens.css", "print.css"}]
    colours = re.compile(r"#[0-9a-f]{3,8}\b|rgb\(|hsl\(", re.I)
    assert {s.name: colours.findall(s.read_text()) for s in others} == {s.name: [] for s in others}
