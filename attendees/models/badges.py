"""Badges: an opaque token on paper or on a phone, valid for a session or a whole chain."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from attendees.models.delegates import Delegate
from planner.models import Person, Session, SessionChain


class BadgeSeries(models.Model):
    """The four digits that every token of a session or chain begins with."""

    prefix = models.CharField(max_length=4, unique=True)
    session = models.OneToOneField(
        Session, null=True, blank=True, on_delete=models.CASCADE, related_name="badge_series"
    )
    chain = models.OneToOneField(
        SessionChain, null=True, blank=True, on_delete=models.CASCADE, related_name="badge_series"
    )

    class Meta:
        verbose_name = _("series of badges")
        constraints = [
            models.CheckConstraint(
                condition=Q(session__isnull=True) ^ Q(chain__isnull=True),
                name="series_is_for_a_session_or_a_chain",
                violation_error_message=_("A series belongs to a session or to a chain."),
            )
        ]

    def __str__(self) -> str:
        return self.prefix


class BadgeQuerySet(models.QuerySet["Badge"]):
    def active(self) -> "BadgeQuerySet":
        """Badges that admit."""
        return self.filter(state=Badge.State.ACTIVE)


class Badge(models.Model):
    """One printed or shown badge. The token is derived from `serial` by a keyed HMAC; digests are kept."""

    class State(models.TextChoices):
        ACTIVE = "active", _("Valid")
        REPLACED = "replaced", _("Replaced")
        CANCELLED = "cancelled", _("Cancelled")

    series = models.ForeignKey(BadgeSeries, on_delete=models.CASCADE, related_name="badges")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="badges")
    serial = models.UUIDField(unique=True)
    token_digest = models.CharField(max_length=64, unique=True)
    typed_digest = models.CharField(max_length=64)
    nonce = models.PositiveSmallIntegerField(default=0)  # raised when the typed code collides in its series
    number = models.PositiveIntegerField(_("number"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.ACTIVE)
    is_provisional = models.BooleanField(_("provisional"), default=False)
    issued_at = models.DateTimeField(_("issued"))
    ended_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    handed_to = models.CharField(_("handed to"), max_length=150, blank=True)
    handed_at = models.DateTimeField(_("handed out"), null=True, blank=True)

    objects = BadgeQuerySet.as_manager()

    class Meta:
        verbose_name = _("badge")
        constraints = [
            models.UniqueConstraint(
                fields=["series", "person"],
                condition=Q(state="active"),
                name="person_holds_one_badge_per_series",
                violation_error_message=_("This person holds a badge already."),
            ),
            models.UniqueConstraint(
                fields=["series", "typed_digest"],
                name="typed_code_is_used_once_per_series",
                violation_error_message=_("This code is taken."),
            ),
        ]
        indexes = [models.Index(fields=["series", "person"], name="badge_by_holder")]

    def __str__(self) -> str:
        return f"{self.series_id}-{self.number}"


def badges_of(delegate: Delegate) -> Q:
    """The badges with which a delegate may enter: of the session or of its chain."""
    scope = Q(series__session_id=delegate.session_id)
    if delegate.session.chain_id:
        scope |= Q(series__chain_id=delegate.session.chain_id)
    return scope & Q(person_id=delegate.person_id)
