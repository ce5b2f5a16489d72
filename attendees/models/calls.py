"""The call sheet: who was rung up after a change, by whom and when."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from attendees.models.delegates import Delegate


class PhoneCall(models.Model):
    """A tick on the call sheet: this delegate was told this version of the session by telephone."""

    delegate = models.ForeignKey(Delegate, on_delete=models.CASCADE, related_name="phone_calls")
    session_version = models.PositiveIntegerField(_("version told"))
    by_label = models.CharField(_("by"), max_length=150)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("telephone call")
        constraints = [
            models.UniqueConstraint(
                fields=["delegate", "session_version"],
                name="delegate_is_rung_once_per_version",
                violation_error_message=_("This person was told already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.delegate_id} v{self.session_version}"
