"""Forms of sessions: shape only; the services check the rules."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from planner.models import AgendaItem, Body, Membership, Person, Secrecy, Session, SessionKind, Unit
from planner.services.agendas import ItemPlan
from planner.services.plans import Change, Plan
from planner.vietnamese import Unreadable, parse_time
from rooms.models import Layout, Room

LEADING = (
    Membership.Role.SECRETARY,
    Membership.Role.STANDING_DEPUTY,
    Membership.Role.DEPUTY,
)


class ClockField(forms.Field):
    """A time of day as people type it: 7h30, 7 giờ 30, 07:30."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs |= {"autocomplete": "off", "size": 8, "maxlength": 20}

    def to_python(self, value: Any) -> Any:
        """The time, or a form error that says how to write one."""
        if value in self.empty_values or isinstance(value, dt.time):
            return value or None
        try:
            return parse_time(str(value))
        except Unreadable as wrong:
            raise forms.ValidationError(str(wrong), code="unreadable") from wrong

    def prepare_value(self, value: Any) -> Any:
        """A time as the office writes it."""
        return f"{value:%H:%M}" if isinstance(value, dt.time) else value


class DayInput(forms.DateInput):
    """The browser's own date picker."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class WhenForm(forms.Form):
    """A day and two hours, as one span."""

    on = forms.DateField(label=_("Day"), widget=DayInput)
    starts = ClockField(label=_("Begins"))
    ends = ClockField(label=_("Ends"))

    def clean(self) -> dict[str, Any]:
        """The end lies after the beginning."""
        data = super().clean() or self.cleaned_data
        if data.get("starts") and data.get("ends") and data["ends"] <= data["starts"]:
            self.add_error("ends", _("The session must end after it begins."))
        return data

    def moments(self) -> tuple[dt.datetime, dt.datetime]:
        """Begin and end, aware, in the office's zone."""
        day = self.cleaned_data["on"]
        starts, ends = (dt.datetime.combine(day, self.cleaned_data[name]) for name in ("starts", "ends"))
        return timezone.make_aware(starts), timezone.make_aware(ends)


class RoomChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A room with its seats."""

    def label_from_instance(self, obj: Any) -> str:
        """The room and how many it seats at most."""
        seats = max((layout.seats for layout in obj.layouts.all()), default=0)
        return f"{obj.name} ({seats})" if seats else str(obj.name)


def rooms_to_choose() -> Any:
    """Usable rooms with their layouts."""
    return Room.objects.usable().prefetch_related("layouts")


class PlanForm(WhenForm):
    """Plan a session in one form."""

    body = forms.ModelChoiceField(
        label=_("Body"), queryset=Body.objects.filter(is_active=True), required=False
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=SessionKind.choices)
    title = forms.CharField(
        label=_("Title"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    mode = forms.ChoiceField(label=_("Takes place"), choices=Session.Mode.choices)
    room = RoomChoice(
        label=_("Room"), queryset=Room.objects.none(), required=False, empty_label=_("No room of ours")
    )
    layout = forms.ChoiceField(
        label=_("Layout"), choices=[("", _("the room's usual")), *Layout.Kind.choices], required=False
    )
    chairs = forms.ModelMultipleChoiceField(
        label=_("Chair"), queryset=Person.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    agenda = forms.CharField(
        label=_("Agenda"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One item a line; minutes at the end if you like: “Report on the budget – 30”."),
    )
    preparing_unit = forms.CharField(label=_("Preparing unit"), max_length=200, required=False)
    place_text = forms.CharField(label=_("Place, when it is no room of ours"), max_length=200, required=False)
    secrecy = forms.ChoiceField(label=_("Secrecy"), choices=Secrecy.choices)
    code_name = forms.CharField(
        label=_("Code name"),
        max_length=60,
        required=False,
        help_text=_("Only for a secret session; it has no title."),
    )
    reason = forms.CharField(label=_("Reason, if something needs one"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choice_field("room").queryset = rooms_to_choose()
        self.choice_field("chairs").queryset = chairs_to_choose(self["body"].value())

    def choice_field(self, name: str) -> Any:
        """A field that draws on rows."""
        return self.fields[name]

    def clean_preparing_unit(self) -> Unit | None:
        """The unit meant by what was typed."""
        name = self.cleaned_data["preparing_unit"].strip()
        unit = Unit.objects.filter(name__iexact=name, ends_on__isnull=True).first() if name else None
        if name and unit is None:
            raise forms.ValidationError(
                _("There is no unit of this name. Choose one from the list or leave it empty.")
            )
        return unit

    def clean_agenda(self) -> tuple[ItemPlan, ...]:
        """The items, one a line."""
        lines = (line.strip() for line in self.cleaned_data["agenda"].splitlines())
        return tuple(item_of(line) for line in lines if line)

    def plan(self) -> Plan:
        """What was asked for."""
        starts_at, ends_at = self.moments()
        data = self.cleaned_data
        names = (
            "body",
            "kind",
            "title",
            "mode",
            "secrecy",
            "code_name",
            "agenda",
            "preparing_unit",
            "place_text",
        )
        chairs = tuple(data["chairs"])
        return Plan(
            starts_at=starts_at, ends_at=ends_at, chairs=chairs, **{name: data[name] for name in names}
        )

    def layout_in(self, room: Room | None) -> Layout | None:
        """The wanted layout of the room, if it has it."""
        kind = self.cleaned_data.get("layout")
        return room.layouts.filter(kind=kind).first() if room is not None and kind else None


def chairs_to_choose(body_id: Any) -> Any:
    """Who may chair sessions of the body: its leading members; all its members when nobody leads."""
    if not str(body_id or "").isdigit():
        return (
            Person.objects.filter(memberships__body__kind=Body.Kind.STANDING)
            .active()
            .by_precedence()
            .distinct()
        )
    members = Person.objects.active().filter(memberships__body=body_id, memberships__ends_on__isnull=True)
    leading = members.filter(memberships__role__in=LEADING, memberships__body=body_id)
    return (leading if leading.exists() else members).by_precedence().distinct()


def item_of(line: str) -> ItemPlan:
    """An agenda item from a line: words, and minutes after the last dash."""
    words, dash, tail = line.rpartition("–") if "–" in line else line.rpartition(" - ")
    digits = "".join(char for char in tail if char.isdigit())
    if dash and digits and len(digits) <= 3:
        return ItemPlan(title=words.strip(), minutes=int(digits))
    return ItemPlan(title=line)


class DetailsForm(forms.Form):
    """Details of a session that are no time and no room."""

    title = forms.CharField(
        label=_("Title"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=SessionKind.choices)
    ordinal = forms.IntegerField(label=_("Ordinal"), min_value=1, required=False)
    mode = forms.ChoiceField(label=_("Takes place"), choices=Session.Mode.choices)
    chairs = forms.ModelMultipleChoiceField(
        label=_("Chair"), queryset=Person.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    code_name = forms.CharField(label=_("Code name"), max_length=60, required=False)
    secrecy = forms.ChoiceField(label=_("Secrecy"), choices=Secrecy.choices)
    place_text = forms.CharField(label=_("Place, when it is no room of ours"), max_length=200, required=False)
    escort = forms.CharField(label=_("Escort of the office's leaders (LĐVP)"), max_length=150, required=False)
    car = forms.CharField(label=_("Car"), max_length=80, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, session: Session, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chairs: Any = self.fields["chairs"]
        present = Person.objects.filter(chaired__session=session)
        chairs.queryset = (chairs_to_choose(session.body_id) | present.distinct()).distinct()

    def change(self) -> Change:
        """What was asked for."""
        names = ("title", "kind", "ordinal", "mode", "code_name", "secrecy", "place_text", "escort", "car")
        data = self.cleaned_data
        values = {name: data[name] for name in names}
        return Change(values=values, chairs=tuple(data["chairs"]), version=data["version"])


class ItemForm(forms.Form):
    """One agenda item."""

    title = forms.CharField(
        label=_("Title"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=999, required=False)
    presenter = forms.CharField(label=_("Presenter"), max_length=200, required=False)
    is_secret = forms.BooleanField(label=_("Secret"), required=False)

    def item(self) -> ItemPlan | None:
        """The item, or None for an empty line."""
        data = self.cleaned_data
        if not (data.get("title") or data.get("presenter") or data.get("is_secret")):
            return None
        return ItemPlan(
            title=" ".join(data["title"].split()),
            minutes=data["minutes"] or 30,
            presenter=data["presenter"],
            secrecy=Secrecy.SECRET if data["is_secret"] else Secrecy.NORMAL,
        )


AgendaFormSet = forms.formset_factory(ItemForm, extra=3, max_num=60)


def agenda_initial(session: Session) -> list[dict[str, Any]]:
    """The items as the form shows them."""
    items = AgendaItem.objects.filter(session=session).order_by("position")
    return [
        {
            "title": item.title,
            "minutes": item.minutes,
            "presenter": item.presenter,
            "is_secret": item.secrecy == Secrecy.SECRET,
        }
        for item in items
    ]
