"""Forms of people and their posts: shape only; the services check the rules."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from planner.models import Appointment, Person
from planner.services.appointments import NewPost
from planner.services.people import Details
from planner.vietnamese import PartialDate, Unreadable, date_short, parse_partial_date
from planner.views.choosing import DayField, PersonNamed, PhoneField, PostNamed, UnitNamed

_PLAIN = (
    "full_name",
    "sex",
    "email",
    "phone",
    "other_phone",
    "unit",
    "seniority",
    "assistant",
    "driver",
    "calendar_by",
    "tells_assistant",
    "note",
)


class PersonForm(forms.Form):
    """Everything the office keeps of a person but posts and seats."""

    full_name = forms.CharField(
        label=_("Full name"), max_length=150, widget=forms.TextInput({"autocomplete": "off"})
    )
    sex = forms.ChoiceField(label=_("Sex"), choices=Person.Sex.choices, required=False)
    born = forms.CharField(
        label=_("Born"), max_length=40, required=False, help_text=_("day/month/year, or the year alone")
    )
    unit = UnitNamed(label=_("Unit"), required=False)
    phone = PhoneField(label=_("Telephone"), required=False)
    other_phone = PhoneField(label=_("Other telephone"), required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    calendar_by = forms.ChoiceField(label=_("Calendar"), choices=Person.CalendarBy.choices)
    assistant = PersonNamed(label=_("Assistant"), required=False)
    driver = PersonNamed(label=_("Driver"), required=False)
    tells_assistant = forms.BooleanField(
        label=_("The assistant is told of invitations and changes too"), required=False
    )
    seniority = forms.IntegerField(
        label=_("Order among equals"),
        min_value=1,
        max_value=9999,
        help_text=_("1 comes first; 9999: by name"),
    )
    tags = forms.CharField(label=_("Tags"), max_length=300, required=False, help_text=_("parted by commas"))
    note = forms.CharField(
        label=_("Note"), max_length=500, required=False, widget=forms.Textarea({"rows": 2})
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean_born(self) -> PartialDate | None:
        """As much of the date as was written."""
        text = self.cleaned_data["born"]
        try:
            return parse_partial_date(text) if text else None
        except Unreadable as wrong:
            raise forms.ValidationError(str(wrong), code="unreadable") from wrong

    def clean_tags(self) -> list[str]:
        """The tags, each once."""
        tags = (" ".join(tag.split()) for tag in self.cleaned_data["tags"].split(","))
        return list(dict.fromkeys(filter(None, tags)))

    def details(self) -> Details:
        """What was typed, as the service takes it."""
        data = self.cleaned_data
        born: PartialDate | None = data["born"]
        values = {name: data[name] for name in _PLAIN}
        values |= {"tags": data["tags"], "born_on": born.full if born else None}
        values["birth_year"] = born.year if born else None
        return values  # type: ignore[return-value]


def initial_of(person: Person) -> dict[str, Any]:
    """A person as the form shows them."""
    values = {name: getattr(person, name) for name in _PLAIN}
    born = date_short(person.born_on) if person.born_on else str(person.birth_year or "")
    return values | {"born": born, "tags": ", ".join(person.tags), "version": person.version}


class NewPersonForm(PersonForm):
    """A person with a first post."""

    post = PostNamed(
        label=_("Post"), required=False, help_text=_("held in the unit; more can be added later")
    )


class PostForm(forms.Form):
    """A post taken up, put right or moved to."""

    post = PostNamed(label=_("Post"))
    unit = UnitNamed(label=_("Unit"), required=False)
    title = forms.CharField(
        label=_("As printed"),
        max_length=250,
        required=False,
        help_text=_("empty: post and unit in one phrase"),
    )
    starts_on = DayField(label=pgettext_lazy("date", "From"), required=False)
    ends_on = DayField(label=_("Until"), required=False)
    position = forms.IntegerField(label=_("Order on letters"), min_value=1, max_value=99, required=False)

    def wanted(self, post: Any) -> NewPost:
        """The post as the service takes it; `post` is the row of that name."""
        data = self.cleaned_data
        names = ("unit", "title", "starts_on", "ends_on", "position")
        return NewPost(post=post, **{name: data[name] for name in names})


def initial_of_post(row: Appointment) -> dict[str, Any]:
    """An appointment as the form shows it."""
    names = ("unit", "title", "starts_on", "ends_on", "position")
    return {"post": row.post.name} | {name: getattr(row, name) for name in names}


class EndForm(forms.Form):
    """The day something ends."""

    on = DayField(label=_("First day it is no longer held"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"on": timezone.localdate()})
        super().__init__(*args, **kwargs)


class TransferForm(PostForm):
    """A new post from a day on, in place of an old one."""

    ends_on = None  # type: ignore[assignment]
    starts_on = None  # type: ignore[assignment]
    on = DayField(label=pgettext_lazy("date", "From"))

    field_order = ("on", "post", "unit", "title", "position")

    def wanted(self, post: Any) -> NewPost:
        """The post as the service takes it."""
        data = self.cleaned_data
        return NewPost(post, data["unit"], data["title"], None, None, data["position"])

    def day(self) -> dt.date:
        """The day of the transfer."""
        day: dt.date = self.cleaned_data["on"]
        return day
