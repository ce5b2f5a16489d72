"""The sentences of an import's doubts, in the reader's language: what stands there, why it is doubted, what to do."""

from collections.abc import Iterable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from planner.paper.reading.problems import Problem

_SENTENCES: dict[str, str | Promise] = {
    "name_missing": _("%(cell)s: the name is missing. Write family and given name."),
    "name_unclear": _("%(cell)s: “%(value)s” does not look like a full name. Write family and given name only."),
    "open_seat": _("%(cell)s: “%(value)s” names no person; it looks like a place that a unit is still to fill."),
    "born_wrong": _("%(cell)s: “%(value)s” is no date of birth. Write it like 05/02/1971, or the year alone."),
    "born_future": _("%(cell)s: “%(value)s” lies in the future."),
    "born_unlikely": _("%(cell)s: “%(value)s” would make the person younger than 14 or older than 110."),
    "sex_unclear": _("%(cell)s: “%(value)s” says neither Nam nor Nữ."),
    "sex_both": _("%(cell)s: both Nam and Nữ are filled in."),
    "sex_contradicts": _("%(cell)s: “%(value)s” before the name contradicts the column for the sex."),
    "phone_wrong": _("%(cell)s: “%(value)s” is no telephone number."),
    "email_wrong": _("%(cell)s: “%(value)s” is no e-mail address."),
    "email_second": _("%(cell)s: only one e-mail address is kept; “%(value)s” is left out."),
    "phone_third": _("only two telephone numbers are kept; “%(value)s” is left out."),
    "formula_empty": _("%(cell)s: the formula has no result. Open the file in Excel, save it, and upload it again."),
    "note_unclear": _("%(cell)s: it is not clear what the note “%(value)s” means."),
    "note_unused": _("The note “%(value)s” is about one session and is not kept in the directory."),
    "duplicate_marked": _("The note says that the row is a double, but no other row is the same person."),
    "duplicate_row": _("The same person stands in row %(line)s already."),
    "duplicate_more": _(
        "Row %(line)s is the same person but says something else. Join both, add a second person, or leave it out."
    ),
    "same_name": _("Row %(line)s has the same name; it is not clear whether both are one person."),
    "namesakes": _("%(count)s people of the directory could be meant. Choose one, or add a new person."),
    "namesake": _("%(name)s of the directory could be meant. Choose, or add a new person."),
    "contact_of_other": _("“%(value)s” belongs to %(name)s."),
    "born_differs": _("The date of birth differs from that of %(name)s, though contact data are the same."),
    "unit_new": _("New unit: %(value)s."),
    "unit_several": _("%(count)s units are called “%(value)s”. Choose one."),
    "substitute_unknown": _("The note says “substitute” without saying for whom."),
    "substitute_not_listed": _("“%(value)s”, whom this person is to replace, is not on the list."),
    "substitute_several": _("More than one person on the list is called “%(value)s”."),
    "substitute_forbidden": _("Members of the body cannot be substituted."),
    "item_unknown": _("The agenda has no item %(value)s."),
    "changed_meanwhile": _("The directory changed after the list was read. Look again."),
    "week_day_wrong": _("%(cell)s: “%(value)s” is no date, or does not fall on that weekday."),
    "week_hour_wrong": _("%(cell)s: “%(value)s” is no hour. Write it like 7h30 or 07:30."),
    "week_content_missing": _("%(cell)s: the content is missing."),
    "week_half_day_assumed": _("No hour is given: the whole half-day is taken."),
    "week_is_session": _("“%(value)s” is a session of ours at that hour and stands in the week by itself."),
    "week_half_day_contradicts": _("%(cell)s: the hour does not lie in the half-day “%(value)s”."),
}  # fmt: skip


def sentence(problem: Problem) -> str:
    """One doubt in words."""
    words = str(_SENTENCES.get(problem.code, problem.code))
    values = {
        "cell": problem.cell,
        "value": problem.value,
        "line": "",
        "count": "",
        "name": "",
        **problem.more,
    }
    return (words % values).removeprefix(": ")


def sentences(stored: Iterable[dict[str, Any]]) -> list[str]:
    """The doubts kept with a row, in words."""
    return [sentence(Problem.from_json(one)) for one in stored]
