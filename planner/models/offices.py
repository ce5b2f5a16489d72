"""The office itself: one row of settings that the administrator edits."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Office(models.Model):
    """The office that runs this installation; one row, pk 1."""

    class Kind(models.TextChoices):
        PROVINCE = "province", _("Province")
        COMMUNE = "commune", _("Commune or ward")
        CENTRAL = "central", _("Central agency")

    class Spelling(models.TextChoices):
        NEW = "new", "hoà, uỷ"
        OLD = "old", "hòa, ủy"

    name = models.CharField(_("name"), max_length=200)
    parent_name = models.CharField(_("parent body"), max_length=200, blank=True)
    issuer_name = models.CharField(_("issuer on papers"), max_length=200, blank=True)
    code = models.CharField(_("code in document numbers"), max_length=20, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.PROVINCE)
    place = models.CharField(_("place on papers"), max_length=100, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(_("language of mails"), max_length=5, default="vi")
    spelling = models.CharField(_("spelling"), max_length=3, choices=Spelling, default=Spelling.OLD)
    unit = models.ForeignKey(
        "planner.Unit",
        verbose_name=_("unit"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    keeps_answers_within_minutes = models.PositiveSmallIntegerField(
        _("a shift within the half-day of at most this many minutes keeps answers"), default=0
    )
    asks_again_on_room_change = models.BooleanField(_("a change of room asks for new answers"), default=False)
    is_demo = models.BooleanField(_("invented data"), default=False)

    class Meta:
        verbose_name = _("office")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pk=1),
                name="office_is_one_row",
                violation_error_message=_("There is one office per installation."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
