"""Forms of a session's steps: move, publish, cancel. A secret session's reason is a code, never words."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from planner.models import Session
from planner.services import secrecy
from planner.views.session_forms import RoomChoice, WhenForm, rooms_to_choose
from rooms.models import Room


def without_words(form: forms.Form, session: Session, name: str) -> None:
    """For a secret session a reason is one of a few codes, so that nobody can type words."""
    if session.is_secret:
        codes = [("", "–"), *secrecy.REASON_CODES.items()]
        form.fields[name] = forms.ChoiceField(label=form.fields[name].label, choices=codes, required=False)


class MoveForm(WhenForm):
    """A new time, a new room, or both."""

    room = RoomChoice(
        label=_("Room"), queryset=Room.objects.none(), required=False, empty_label=_("the present one")
    )
    override_reason = forms.CharField(
        label=_("Reason, if something needs one"), max_length=300, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        room: Any = self.fields["room"]
        room.queryset = rooms_to_choose()


class PublishForm(forms.Form):
    """Publish, with a reason where a clash needs one."""

    override_reason = forms.CharField(label=_("Reason"), max_length=300, required=False)


class CancelForm(forms.Form):
    """Cancel, and say why."""

    reason = forms.CharField(label=_("Reason, as people will read it"), max_length=300, required=False)
