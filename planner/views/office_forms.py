"""Forms of the office's own tables: shape only; the services check the rules."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from planner.access import ROLE_LABELS, Role
from planner.models import Body, Holiday, KindProfile, Office, QuorumRule, SessionKind, Term
from planner.views.choosing import DayField, PersonNamed, UnitNamed

_OFFICE_ROLES = (Role.VIEWER, Role.RECEPTION, Role.PLANNER, Role.HEAD_OF_OFFICE, Role.ADMINISTRATOR)
_LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]


class OfficeForm(forms.ModelForm):  # type: ignore[type-arg]
    """The office as papers and mails name it."""

    unit = UnitNamed(label=_("Unit in the directory"), required=False)
    language = forms.ChoiceField(label=_("Language of mails and papers"), choices=_LANGUAGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["unit"] = self.instance.unit

    class Meta:
        model = Office
        fields = (
            "name",
            "parent_name",
            "issuer_name",
            "code",
            "kind",
            "place",
            "address",
            "phone",
            "email",
            "language",
            "spelling",
            "unit",
            "keeps_answers_within_minutes",
        )


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a kind of session brings along."""

    class Meta:
        model = KindProfile
        fields = (
            "title_template",
            "minutes",
            "notice_days",
            "reply_hours",
            "doors_open_minutes",
            "uses_ordinal",
            "members_are_summoned",
            "allows_substitutes",
            "shows_others",
        )
        help_texts = {"title_template": _("{body} and {ordinal} are filled in")}


class QuorumForm(forms.ModelForm):  # type: ignore[type-arg]
    """One condition of validity or of a vote."""

    body = forms.ModelChoiceField(
        label=_("Body"), queryset=Body.objects.all(), required=False, empty_label=_("every body")
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("every kind")), *SessionKind.choices], required=False
    )

    class Meta:
        model = QuorumRule
        fields = ("purpose", "body", "kind", "numerator", "denominator", "is_strict", "base")


class TermForm(forms.ModelForm):  # type: ignore[type-arg]
    """A term of office."""

    starts_on = DayField(label=pgettext_lazy("date", "From"))
    ends_on = DayField(label=_("Until"), help_text=_("the first day of the next term"))

    class Meta:
        model = Term
        fields = ("name", "starts_on", "ends_on")


class HolidayForm(forms.ModelForm):  # type: ignore[type-arg]
    """A day off, or a weekend day worked in exchange."""

    on = DayField(label=_("Day"))

    class Meta:
        model = Holiday
        fields = ("on", "name", "kind")


class RoleForm(forms.Form):
    """What an account may do in the office."""

    full_name = forms.CharField(label=_("Full name"), max_length=150, required=False)
    role = forms.ChoiceField(
        label=_("Role"), choices=[(role.value, ROLE_LABELS[role]) for role in _OFFICE_ROLES]
    )
    is_active = forms.BooleanField(label=_("May sign in"), required=False, initial=True)
    password = forms.CharField(
        label=_("New password"),
        required=False,
        help_text=_("empty: stays as it is"),
        widget=forms.TextInput({"autocomplete": "off"}),
    )


class AccountForm(forms.Form):
    """A new account."""

    username = forms.SlugField(label=_("User name"), max_length=150, help_text=_("letters, digits, - and _"))
    full_name = forms.CharField(label=_("Full name"), max_length=150, required=False)
    person = PersonNamed(label=_("Person in the directory"), required=False)
    role = forms.ChoiceField(
        label=_("Role"), choices=[(role.value, ROLE_LABELS[role]) for role in _OFFICE_ROLES]
    )
    password = forms.CharField(
        label=_("Password"),
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text=_("a proposal; the person changes it after signing in"),
    )


class WelcomeForm(forms.Form):
    """The office's name and its first administrator."""

    name = forms.CharField(label=_("Name of the office"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind of office"), choices=Office.Kind.choices)
    full_name = forms.CharField(label=_("Your full name"), max_length=150)
    username = forms.SlugField(label=_("User name"), max_length=150, initial="admin")
    password = forms.CharField(
        label=_("Password"),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=_("at least 12 characters; a sentence is easy to remember"),
    )


def values_of(form: forms.BaseForm) -> dict[str, Any]:
    """The checked values of a form over a row, for the service that writes them."""
    return dict(form.cleaned_data)
