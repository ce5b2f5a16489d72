"""Form fields in which people type a name and choose among what the directory suggests; they work by hand too."""

import re
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planner.models import Person, Unit
from planner.paper.reading import contacts
from planner.services import search
from planner.vietnamese import Unreadable, date_short, normalise_name, parse_date

MOST_SUGGESTED = 12
_NUMBER = re.compile(r"\s*\(#(\d+)\)$")


class Suggesting(forms.TextInput):
    """A text input whose list of suggestions is fetched while typing; without scripts it is plain text."""

    def __init__(self, url_name: str, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off"} | (attrs or {}))
        self.url_name = url_name

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The input and its empty list."""
        list_id = f"{(attrs or {}).get('id', name)}-suggestions"
        more = {
            "list": list_id,
            "hx-get": reverse(self.url_name),
            "hx-trigger": "input changed delay:150ms",
            "hx-target": f"#{list_id}",
            "hx-sync": "this:replace",
        }
        typed = super().render(name, value, {**(attrs or {}), **more}, renderer)
        return format_html('{}<datalist id="{}"></datalist>', typed, list_id)


def words_of_person(person: Person) -> str:
    """A person as a suggestion writes them, sure to be found again."""
    return f"{person.full_name} (#{person.pk})"


def people_like(text: str) -> QuerySet[Person]:
    """People a text may mean, the very spelling first, with unit for telling them apart."""
    rows = search.matching(Person.objects.active().select_related("unit"), _NUMBER.sub("", text))
    return search.best_first(rows.by_precedence(), text, "full_name")[:MOST_SUGGESTED]


def units_like(text: str) -> QuerySet[Unit]:
    """Units that stand today and a text may mean, the office's own before the country's."""
    rows = search.matching(Unit.objects.existing(timezone.localdate()).select_related("parent"), text)
    return search.best_first(rows.order_by("position", "sort_key"), text, "name")[:MOST_SUGGESTED]


class PersonNamed(forms.CharField):
    """A person by name, as suggested or typed; gives a Person or None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=Suggesting("person-suggest"), max_length=200, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """A person in words."""
        return words_of_person(value) if isinstance(value, Person) else value

    def clean(self, value: Any) -> Any:
        """The one person meant; an error says when there is none or several."""
        text = normalise_name(super().clean(value))
        if not text:
            return None
        if number := _NUMBER.search(text):
            found = list(Person.objects.active().filter(pk=number[1]))
        else:
            found = list(Person.objects.active().filter(full_name__iexact=text)[:2])
        if len(found) == 1:
            return found[0]
        if found:
            raise forms.ValidationError(_("Several people have this name. Choose one of those suggested."))
        raise forms.ValidationError(_("Nobody of this name is in the directory. Add the person there first."))


class UnitNamed(forms.CharField):
    """A unit by name, as suggested or typed; gives a Unit or None. Of several the office's own wins."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=Suggesting("unit-suggest"), max_length=250, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """A unit in words."""
        return words_of_unit(value) if isinstance(value, Unit) else value

    def clean(self, value: Any) -> Any:
        """The one unit meant; an error says when there is none or several."""
        text = normalise_name(super().clean(value))
        if not text:
            return None
        found = [
            unit
            for unit in units_like(_bare(text))
            if text.lower() in (unit.name.lower(), words_of_unit(unit).lower())
        ]
        if not found:
            raise forms.ValidationError(
                _(
                    "There is no unit of this name. Choose one of those suggested, or add it under Units first."
                )
            )
        if len(found) > 1 and found[0].position == found[1].position:
            raise forms.ValidationError(_("Several units have this name. Choose one of those suggested."))
        return found[0]


def words_of_unit(unit: Unit) -> str:
    """A unit as a suggestion writes it: a commune says which province it lies in."""
    is_place = unit.kind in (Unit.Kind.COMMUNE, Unit.Kind.WARD, Unit.Kind.SPECIAL_ZONE)
    return f"{unit.name} ({unit.parent.name})" if is_place and unit.parent else unit.name


def _bare(text: str) -> str:
    return text.partition(" (")[0]


class PostNamed(forms.CharField):
    """A post by name; one the office does not know yet will be added."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=Suggesting("post-suggest"), max_length=150, **kwargs)

    def clean(self, value: Any) -> Any:
        """The name, written one way."""
        return normalise_name(super().clean(value))


class DayField(forms.Field):
    """A day as people type it: 05/2/1971, 5-2-1971, ngày 5 tháng 2 năm 1971."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", gettext_lazy("day/month/year"))
        super().__init__(**kwargs)
        self.widget.attrs |= {"autocomplete": "off", "size": 12, "maxlength": 40, "inputmode": "numeric"}

    def to_python(self, value: Any) -> Any:
        """The date, or a form error that says how to write one."""
        if value in self.empty_values or not isinstance(value, str):
            return value or None
        try:
            return parse_date(value, near=timezone.localdate())
        except Unreadable as wrong:
            raise forms.ValidationError(str(wrong), code="unreadable") from wrong

    def prepare_value(self, value: Any) -> Any:
        """A date as the office writes it."""
        return date_short(value) if hasattr(value, "isoformat") else value


class PhoneField(forms.CharField):
    """A telephone number with dots, spaces or +84 as typed; kept as plain digits."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, **kwargs)
        self.widget.attrs |= {"inputmode": "tel", "autocomplete": "off"}

    def clean(self, value: Any) -> Any:
        """The number in the form the directory keeps."""
        text = super().clean(value)
        if contacts.is_none(text):
            return ""
        number = contacts.phone(text)
        if not number:
            raise forms.ValidationError(
                _("“%(text)s” is no telephone number. Write it like 0912 345 678.") % {"text": text}
            )
        return number
