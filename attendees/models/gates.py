"""The door: gates, paired devices, rounds of counting, and every scan as one row."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from attendees.models.badges import Badge
from attendees.models.delegates import Delegate
from planner.models import Session, SessionChain
from planner.models.constraints import AppendOnly


class Gate(models.Model):
    """A door people enter by, of a session or of a whole chain."""

    session = models.ForeignKey(
        Session, null=True, blank=True, on_delete=models.CASCADE, related_name="gates"
    )
    chain = models.ForeignKey(
        SessionChain, null=True, blank=True, on_delete=models.CASCADE, related_name="gates"
    )
    name = models.CharField(_("name"), max_length=60)

    class Meta:
        verbose_name = _("gate")
        constraints = [
            models.CheckConstraint(
                condition=Q(session__isnull=True) ^ Q(chain__isnull=True),
                name="gate_is_for_a_session_or_a_chain",
                violation_error_message=_("A gate belongs to a session or to a chain."),
            ),
            models.UniqueConstraint(
                Coalesce(F("session"), 0, output_field=models.BigIntegerField()),
                Coalesce(F("chain"), 0, output_field=models.BigIntegerField()),
                F("name"),
                name="gate_is_named_once",
                violation_error_message=_("There is a gate of that name already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Device(models.Model):
    """A phone, tablet or laptop at a gate; paired by a one-time code, known by the digest of its token."""

    class Role(models.TextChoices):
        SCAN = "scan", _("Scans only")
        SEARCH = "search", _("Scans and searches")
        RESOLVE = "resolve", _("Scans, searches and resolves")

    gate = models.ForeignKey(Gate, on_delete=models.CASCADE, related_name="devices")
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="devices")
    role = models.CharField(_("role"), max_length=7, choices=Role, default=Role.SCAN)
    name = models.CharField(_("name"), max_length=80, blank=True)
    code_digest = models.CharField(max_length=64, unique=True, null=True, blank=True)
    code_expires_at = models.DateTimeField(null=True, blank=True)
    token_digest = models.CharField(max_length=64, unique=True, null=True, blank=True)
    paired_at = models.DateTimeField(_("paired"), null=True, blank=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    last_seen_at = models.DateTimeField(_("last seen"), null=True, blank=True)
    pending_count = models.PositiveIntegerField(_("scans not yet sent"), default=0)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    created_by = models.CharField(max_length=150, blank=True)

    class Meta:
        verbose_name = _("device")

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"


class Round(models.Model):
    """One count (lượt điểm danh) of a session; opening the next starts duplicates afresh."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField(_("round"))
    name = models.CharField(_("name"), max_length=80, blank=True)
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)

    class Meta:
        verbose_name = _("round")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "number"],
                name="round_is_numbered_once",
                violation_error_message=_("This round is open already."),
            )
        ]

    def __str__(self) -> str:
        return self.name or str(self.number)


class Verdict(models.TextChoices):
    """What the door says; closed."""

    ADMITTED = "admitted", _("Admitted")
    ALREADY_IN = "already_in", _("Already in")
    LEFT = "left", _("Left")
    WRONG_SESSION = "wrong_session", _("Badge of another session")
    TOO_EARLY = "too_early", _("Too early")
    TOO_LATE = "too_late", _("Too late")
    REPLACED = "replaced", _("Badge replaced")
    CANCELLED = "cancelled", _("Badge cancelled")
    UNKNOWN = "unknown", _("Unknown badge")
    NOT_IN_ROSTER = "not_in_roster", _("Not in the device's list")
    NEEDS_APPROVAL = "needs_approval", _("Needs approval")


class Scan(models.Model):
    """One attempt at a door or one mark in a list: admitted, refused, left, annulled. Append-only.

    `stay` counts the person's earlier exits and annulments in the round, so that the unique constraint
    lets a person in once per stay however many doors race.
    """

    class Direction(models.TextChoices):
        IN = "in", _("In")
        OUT = "out", _("Out")

    class Kind(models.TextChoices):
        SCAN = "scan", _("Scan")
        MARK = "mark", _("Marked in the list")
        ANNUL = "annul", _("Annulled")

    scan_id = models.UUIDField(unique=True)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="scans")
    round = models.ForeignKey(Round, null=True, blank=True, on_delete=models.CASCADE, related_name="scans")
    kind = models.CharField(max_length=5, choices=Kind, default=Kind.SCAN)
    badge = models.ForeignKey(Badge, null=True, blank=True, on_delete=models.PROTECT, related_name="scans")
    delegate = models.ForeignKey(
        Delegate, null=True, blank=True, on_delete=models.PROTECT, related_name="scans"
    )
    code_digest = models.CharField(max_length=64, blank=True)
    gate = models.ForeignKey(Gate, null=True, blank=True, on_delete=models.PROTECT, related_name="scans")
    device = models.ForeignKey(Device, null=True, blank=True, on_delete=models.PROTECT, related_name="scans")
    direction = models.CharField(max_length=3, choices=Direction, default=Direction.IN)
    device_at = models.DateTimeField()
    corrected_at = models.DateTimeField()
    received_at = models.DateTimeField()
    verdict = models.CharField(max_length=14, choices=Verdict, blank=True)  # an annulling row carries none
    decided_offline = models.BooleanField(default=False)
    offline_verdict = models.CharField(max_length=14, choices=Verdict, blank=True, default="")
    stay = models.PositiveIntegerField(default=0)
    annuls = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="annulled_by"
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    by_label = models.CharField(max_length=150, blank=True)
    # What the device was told, returned word for word when the same scan_id comes again.
    answer = models.JSONField(default=dict)
    sequence = models.BigIntegerField(null=True, unique=True)
    seal = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        verbose_name = _("scan")
        constraints = [
            models.UniqueConstraint(
                fields=["delegate", "round", "stay"],
                condition=Q(verdict="admitted", decided_offline=False),
                name="delegate_is_admitted_once_per_stay",
                violation_error_message=_("This badge was admitted already."),
            ),
            AppendOnly(name="scans_are_append_only", mutable=("sequence", "seal")),
        ]
        indexes = [
            models.Index(
                fields=["round", "delegate", "corrected_at"], name="scan_by_delegate"
            ),  # a verdict, the figures
            models.Index(fields=["session", "-id"], name="scan_latest"),  # the board's ETag and feed
        ]

    def __str__(self) -> str:
        return f"{self.corrected_at:%H:%M:%S} {self.verdict}"


class Conflict(models.Model):
    """A badge let in twice by doors that could not see each other: needs somebody to say what was true."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="conflicts")
    delegate = models.ForeignKey(Delegate, on_delete=models.CASCADE, related_name="conflicts")
    first = models.ForeignKey(Scan, on_delete=models.PROTECT, related_name="+")
    second = models.OneToOneField(Scan, on_delete=models.PROTECT, related_name="conflict")
    resolution = models.CharField(_("resolution"), max_length=300, blank=True)
    resolved_by = models.CharField(_("resolved by"), max_length=150, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("conflict")

    def __str__(self) -> str:
        return f"{self.delegate_id} {self.first_id}/{self.second_id}"


class Snapshot(models.Model):
    """Figures of a round frozen at a moment ("số liệu lúc khai mạc 08:02")."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="snapshots")
    at = models.DateTimeField()
    name = models.CharField(max_length=120, blank=True)
    figures = models.JSONField()
    taken_by = models.CharField(max_length=150)

    class Meta:
        verbose_name = _("snapshot")
        ordering = ["-at"]
        constraints = [AppendOnly(name="snapshots_are_append_only")]

    def __str__(self) -> str:
        return f"{self.at:%H:%M} {self.name}"
