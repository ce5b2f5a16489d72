"""Video connections, a session's call, and the stable join links."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from planner.models import Person, Session


class Connection(models.Model):
    """A way to meet by video: kind, address, secrets (encrypted), limits."""

    class Kind(models.TextChoices):
        FIXED = "fixed", _("Fixed link or MCU")
        BBB = "bbb", "BigBlueButton"
        JITSI = "jitsi", "Jitsi"
        ZOOM = "zoom", "Zoom"

    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=5, choices=Kind, default=Kind.FIXED)
    address = models.CharField(_("address"), max_length=300)
    secrets = models.BinaryField(null=True, blank=True)  # encrypted JSON, never rendered back
    parallel_limit = models.PositiveSmallIntegerField(_("sessions at once"), default=1)
    is_protected = models.BooleanField(_("protected, may carry secret sessions"), default=False)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("connection")

    def __str__(self) -> str:
        return self.name


class Call(models.Model):
    """The video meeting of a session."""

    class State(models.TextChoices):
        WANTED = "wanted", _("Wanted")
        READY = "ready", _("Ready")
        LIVE = "live", _("Live")
        ENDED = "ended", _("Ended")
        FAILED = "failed", _("Failed")
        ORPHAN = "orphan", _("Without a session")

    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="call")
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="calls")
    state = models.CharField(_("state"), max_length=6, choices=State, default=State.WANTED)
    link = models.CharField(_("address"), max_length=500, blank=True)
    provider_ref = models.CharField(max_length=200, blank=True)
    session_version = models.PositiveIntegerField(default=0)
    opens_minutes = models.PositiveSmallIntegerField(_("opens, minutes before"), default=60)
    closes_minutes = models.PositiveSmallIntegerField(_("closes, minutes after"), default=30)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("call")

    def __str__(self) -> str:
        return f"{self.connection_id} {self.state}"


class JoinPass(models.Model):
    """Our own stable join link of one person at one session; found by the digest of its token."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="join_passes")
    person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.CASCADE, related_name="join_passes"
    )
    label = models.CharField(max_length=150, blank=True)
    generation = models.PositiveIntegerField(default=1)
    digest = models.CharField(max_length=64, unique=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("join pass")
        constraints = [
            models.UniqueConstraint(
                fields=["session", "person"],
                condition=Q(person__isnull=False),
                name="join_pass_is_given_once",
                violation_error_message=_("This person has a join link already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.session_id} #{self.person_id}"
