"""Accounts, what they are granted, and the tokens programs use."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from planner.access import ROLE_LABELS, SCOPES, Role


class User(AbstractUser):
    """An account of the office."""

    class Theme(models.TextChoices):
        SYSTEM = "", _("As the device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    full_name = models.CharField(_("full name"), max_length=150, blank=True)
    person = models.ForeignKey(
        "planner.Person", null=True, blank=True, on_delete=models.SET_NULL, related_name="accounts"
    )
    language = models.CharField(
        _("language"), max_length=5, blank=True, choices=[("vi", "Tiếng Việt"), ("en", "English")]
    )
    theme = models.CharField(_("theme"), max_length=5, blank=True, choices=Theme, default=Theme.SYSTEM)

    class Meta:
        verbose_name = _("account")

    def __str__(self) -> str:
        return self.full_name or self.username


class Grant(models.Model):
    """A role given to an account: for the office, for one body or for one session."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(
        _("role"), max_length=20, choices=[(role.value, ROLE_LABELS[role]) for role in Role]
    )
    body = models.ForeignKey("planner.Body", null=True, blank=True, on_delete=models.CASCADE)
    session = models.ForeignKey("planner.Session", null=True, blank=True, on_delete=models.CASCADE)
    until = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("grant")
        constraints = [
            models.CheckConstraint(
                condition=Q(body__isnull=True) | Q(session__isnull=True),
                name="grant_has_one_scope",
                violation_error_message=_("Grant a role for a body or for a session, not both."),
            ),
            models.UniqueConstraint(
                F("user"),
                F("role"),
                Coalesce(F("body"), 0, output_field=models.BigIntegerField()),
                Coalesce(F("session"), 0, output_field=models.BigIntegerField()),
                name="grant_is_given_once",
                violation_error_message=_("This role is granted already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


class ApiToken(models.Model):
    """A program's key: only its digest is kept, it expires, and it can be revoked at once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(_("scopes"), default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)  # stamped at most hourly
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    SCOPES = tuple(SCOPES)

    class Meta:
        verbose_name = _("API token")

    def __str__(self) -> str:
        return self.name


class StoredAnswer(models.Model):
    """The answer given to an Idempotency-Key, kept a day so that a repeat gets the same."""

    token_key = models.CharField(max_length=80)
    path = models.CharField(max_length=200)
    key = models.CharField(max_length=200)
    body_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.BinaryField(null=True)  # encrypted
    content_type = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("stored answer")
        constraints = [
            models.UniqueConstraint(
                fields=["token_key", "path", "key"],
                name="answer_is_stored_once",
                violation_error_message=_("This key was used already."),
            )
        ]
        indexes = [models.Index(fields=["created_at"], name="stored_answer_age")]  # the sweep

    def __str__(self) -> str:
        return f"{self.path} {self.status}"


class Job(models.Model):
    """Long work that a person waits for: its progress, result or failure, kept to come back to."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    kind = models.CharField(max_length=40)
    session_id = models.BigIntegerField(null=True, blank=True)
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.CASCADE, related_name="jobs")
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict)
    error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("job")
        indexes = [models.Index(fields=["session_id", "kind", "-id"], name="job_by_session")]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class StoredFile(models.Model):
    """Bytes the product made or was given (badge sheets, uploads), kept in the database with the rest."""

    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    session_id = models.BigIntegerField(null=True, blank=True)
    session_version = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("stored file")
        indexes = [models.Index(fields=["session_id", "kind", "-id"], name="file_by_session")]

    def __str__(self) -> str:
        return self.name
