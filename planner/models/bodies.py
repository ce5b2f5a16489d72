"""Bodies, terms, and the rules that differ by body and kind: profiles, quorums, standing rules."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _


class SessionKind(models.TextChoices):
    """Kinds of session (product glossary)."""

    REGULAR = "regular", _("Regular session")
    EXPANDED = "expanded", _("Expanded session")
    EXTRAORDINARY = "extraordinary", _("Extraordinary session")
    THEMATIC = "thematic", _("Thematic session")
    BRIEFING = "briefing", _("Briefing")
    WORKING = "working", _("Working session with a unit")
    FIELD_VISIT = "field_visit", _("Field visit")
    STUDY = "study", _("Study conference")
    REVIEW = "review", _("Review conference")
    KEY_OFFICIALS = "key_officials", _("Conference of key officials")
    GATHERING = "gathering", _("Gathering")
    RECEPTION = "reception", _("Reception of a delegation")
    TRAINING = "training", _("Training")
    CONGRESS_PREPARATORY = "congress_preparatory", _("Congress, preparatory session")
    CONGRESS = "congress", _("Congress, official session")


class Term(models.Model):
    """A term of office (nhiệm kỳ), from one congress to the next."""

    name = models.CharField(_("name"), max_length=40, unique=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))

    class Meta:
        verbose_name = _("term")
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="term_ends_after_it_starts",
                violation_error_message=_("A term must end after it starts."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Body(models.Model):
    """A body that meets: Ban Chấp hành, Ban Thường vụ, Thường trực, a commission …"""

    class Kind(models.TextChoices):
        COMMITTEE = "BCH", _("Party Committee (BCH)")
        STANDING_BOARD = "BTV", _("Standing Board (BTV)")
        STANDING = "THUONG_TRUC", _("Standing members (Thường trực)")
        INSPECTION = "UBKT", _("Inspection Commission")
        CONGRESS = "CONGRESS", _("Congress")
        OTHER = "OTHER", _("Other body")

    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.OTHER)
    unit = models.ForeignKey(
        "planner.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="bodies"
    )
    position = models.PositiveSmallIntegerField(_("order"), default=100)
    uses_ordinals = models.BooleanField(_("numbers its sessions"), default=True)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("body")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class KindProfile(models.Model):
    """What a kind of session brings along, editable: words, length, notice, substitution, list.

    A row with a body wins over the row of the same kind without one.
    """

    kind = models.CharField(_("kind"), max_length=24, choices=SessionKind)
    body = models.ForeignKey(Body, null=True, blank=True, on_delete=models.CASCADE, related_name="profiles")
    title_template = models.CharField(_("title"), max_length=300, blank=True)
    minutes = models.PositiveSmallIntegerField(_("usual length in minutes"), default=240)
    notice_days = models.PositiveSmallIntegerField(_("days of notice"), default=3)
    reply_hours = models.PositiveSmallIntegerField(_("answers are due so many hours before"), default=24)
    allows_substitutes = models.BooleanField(_("members may be substituted"), default=False)
    uses_ordinal = models.BooleanField(_("carries an ordinal"), default=False)
    shows_others = models.BooleanField(_("invitations name the other delegates"), default=False)
    members_are_summoned = models.BooleanField(_("members are summoned, not invited"), default=True)
    rule = models.JSONField(_("usual attendees"), default=dict, blank=True)
    doors_open_minutes = models.PositiveSmallIntegerField(_("doors open, minutes before"), default=60)

    class Meta:
        verbose_name = _("profile of a kind")
        constraints = [
            models.UniqueConstraint(
                F("kind"),
                Coalesce(F("body"), 0, output_field=models.BigIntegerField()),
                name="profile_once_per_kind_and_body",
                violation_error_message=_("This kind has its profile already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.body_id or ''}"


class QuorumRule(models.Model):
    """One condition of validity or of a vote: numerator/denominator of a base; several may hold at once."""

    class Purpose(models.TextChoices):
        VALIDITY = "validity", _("The session is valid")
        VOTING = "voting", _("A resolution passes")

    class Base(models.TextChoices):
        ALL_MEMBERS = "all_members", _("all members of the body")
        SUMMONED = "summoned", _("those summoned")
        DELEGATES = "delegates", _("all delegates")
        ORGANISATIONS = "organisations", _("organisations represented")

    body = models.ForeignKey(
        Body, null=True, blank=True, on_delete=models.CASCADE, related_name="quorum_rules"
    )
    kind = models.CharField(_("kind"), max_length=24, choices=SessionKind, blank=True)
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose, default=Purpose.VALIDITY)
    base = models.CharField(_("of"), max_length=14, choices=Base, default=Base.SUMMONED)
    numerator = models.PositiveSmallIntegerField(_("numerator"), default=2)
    denominator = models.PositiveSmallIntegerField(_("denominator"), default=3)
    is_strict = models.BooleanField(_("more than, not at least"), default=False)

    class Meta:
        verbose_name = _("quorum rule")
        constraints = [
            models.CheckConstraint(
                condition=Q(numerator__gt=0) & Q(denominator__gte=F("numerator")),
                name="quorum_is_a_proper_fraction",
                violation_error_message=_("The share must lie between 0 and 1."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.numerator}/{self.denominator} {self.base}"


class StandingRule(models.Model):
    """A rhythm ("BTV họp ngày 25 hằng tháng, 8:00"): an RRULE and what happens on a day off."""

    class OnDayOff(models.TextChoices):
        BEFORE = "before", _("the working day before")
        AFTER = "after", _("the working day after")
        SKIP = "skip", _("skip it")
        ASK = "ask", _("ask")

    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="standing_rules")
    kind = models.CharField(_("kind"), max_length=24, choices=SessionKind, default=SessionKind.REGULAR)
    rrule = models.CharField(_("rhythm (RFC 5545 RRULE)"), max_length=200)
    starts_time = models.TimeField(_("usual hour"))
    minutes = models.PositiveSmallIntegerField(_("usual length in minutes"), default=240)
    # The usual room, by id: rooms come after the plan and models do not look ahead.
    room_id = models.BigIntegerField(_("usual room"), null=True, blank=True)
    on_day_off = models.CharField(_("on a day off"), max_length=6, choices=OnDayOff, default=OnDayOff.AFTER)
    starts_on = models.DateField(_("from"))
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("standing rule")

    def __str__(self) -> str:
        return f"{self.body_id} {self.rrule}"
