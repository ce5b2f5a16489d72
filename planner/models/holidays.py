"""Days off and swapped working days: a table the office edits."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Holiday(models.Model):
    """A day off, or a weekend day worked in exchange."""

    class Kind(models.TextChoices):
        OFF = "off", _("Day off")
        WORKED = "worked", _("Working day in exchange")

    on = models.DateField(_("day"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=6, choices=Kind, default=Kind.OFF)

    class Meta:
        verbose_name = _("holiday")
        ordering = ["on"]

    def __str__(self) -> str:
        return f"{self.on} {self.name}"
