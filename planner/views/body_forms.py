"""Forms of bodies, their members and rhythms: shape only; the services check the rules."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from planner.models import Body, Membership, SessionKind, StandingRule
from planner.services.rhythms import WEEKDAY_CODES, weekday_name
from planner.views.choosing import DayField, PersonNamed
from planner.views.session_forms import ClockField, RoomChoice, rooms_to_choose
from rooms.models import Room


class BodyForm(forms.Form):
    """A body: how it is called and whether it numbers its sessions."""

    name = forms.CharField(label=pgettext_lazy("thing", "Name"), max_length=200)
    short_name = forms.CharField(label=_("Short name"), max_length=60)
    kind = forms.ChoiceField(label=_("Kind"), choices=Body.Kind.choices)
    position = forms.IntegerField(label=_("Order"), min_value=1, max_value=999, initial=100)
    uses_ordinals = forms.BooleanField(
        label=_("Its sessions carry ordinals (“the 9th session”)"), required=False, initial=True
    )
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)


BODY_FIELDS = ("name", "short_name", "kind", "position", "uses_ordinals", "is_active")


class SeatForm(forms.Form):
    """A member and their role."""

    person = PersonNamed(label=_("Person"))
    role = forms.ChoiceField(label=_("Role"), choices=Membership.Role.choices, initial=Membership.Role.MEMBER)
    starts_on = DayField(label=pgettext_lazy("date", "From"), required=False)


class RhythmForm(forms.Form):
    """A standing rule, chosen in words; whoever needs more writes the RRULE."""

    every = forms.ChoiceField(
        label=_("How often"),
        choices=[
            ("week", _("every week")),
            ("two_weeks", _("every second week")),
            ("month_weekday", _("every month, on a weekday")),
            ("month_day", _("every month, on a day")),
            ("quarter", _("every third month, on a weekday")),
            ("rrule", _("as the RRULE below says")),
        ],
    )
    weekday = forms.ChoiceField(label=_("Weekday"), required=False)
    nth = forms.ChoiceField(
        label=_("Which of the month"),
        required=False,
        choices=[
            ("1", pgettext_lazy("weekday of a month", "first")),
            ("2", pgettext_lazy("weekday of a month", "second")),
            ("3", pgettext_lazy("weekday of a month", "third")),
            ("4", pgettext_lazy("weekday of a month", "fourth")),
            ("-1", pgettext_lazy("weekday of a month", "last")),
        ],
    )
    month_day = forms.IntegerField(label=_("Day of the month"), min_value=1, max_value=31, required=False)
    rrule = forms.CharField(label=_("RRULE (RFC 5545)"), max_length=200, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=SessionKind.choices)
    starts_time = ClockField(label=_("Usual hour"))
    minutes = forms.IntegerField(label=_("Usual length in minutes"), min_value=10, max_value=1440)
    room = RoomChoice(
        label=_("Usual room"), queryset=Room.objects.none(), required=False, empty_label=_("none")
    )
    on_day_off = forms.ChoiceField(label=_("On a day off"), choices=StandingRule.OnDayOff.choices)
    starts_on = DayField(label=pgettext_lazy("date", "From"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        room: Any = self.fields["room"]
        room.queryset = rooms_to_choose()
        weekday: Any = self.fields["weekday"]
        weekday.choices = [(code, weekday_name(code)) for code in WEEKDAY_CODES]

    def clean(self) -> dict[str, Any]:
        """What the choice needs is there."""
        data = super().clean() or self.cleaned_data
        needs = {"month_day": "month_day", "rrule": "rrule"}.get(data.get("every", ""))
        if needs and not data.get(needs) and needs not in self.errors:
            self.add_error(needs, _("Fill this in for the rhythm chosen."))
        return data

    def values(self) -> dict[str, Any]:
        """The standing rule as the service takes it."""
        data = self.cleaned_data
        names = ("kind", "starts_time", "minutes", "on_day_off", "starts_on")
        room: Room | None = data["room"]
        return {name: data[name] for name in names} | {
            "rrule": self._rrule(),
            "room_id": room.pk if room else None,
        }

    def _rrule(self) -> str:
        data = self.cleaned_data
        weekday, nth = data["weekday"] or "MO", data["nth"] or "1"
        rules: dict[str, str] = {
            "week": f"FREQ=WEEKLY;BYDAY={weekday}",
            "two_weeks": f"FREQ=WEEKLY;INTERVAL=2;BYDAY={weekday}",
            "month_weekday": f"FREQ=MONTHLY;BYDAY={nth}{weekday}",
            "month_day": f"FREQ=MONTHLY;BYMONTHDAY={data['month_day']}",
            "quarter": f"FREQ=MONTHLY;INTERVAL=3;BYDAY={nth}{weekday}",
            "rrule": data["rrule"].strip(),
        }
        return rules[data["every"]]


def initial_of_rhythm(rule: StandingRule) -> dict[str, Any]:
    """A standing rule as the form shows it: by its RRULE."""
    names = ("rrule", "kind", "starts_time", "minutes", "on_day_off", "starts_on")
    return {name: getattr(rule, name) for name in names} | {"every": "rrule", "room": rule.room_id}


def first_rhythm() -> dict[str, Any]:
    """What a new rhythm begins with."""
    return {
        "starts_time": dt.time(8, 0),
        "minutes": 210,
        "starts_on": timezone.localdate(),
        "on_day_off": StandingRule.OnDayOff.AFTER,
    }
