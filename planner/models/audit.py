"""The audit log: append-only, sealed into a chain by a job, details erasable without breaking it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from planner.models.constraints import AppendOnly


class AuditEntry(models.Model):
    """Who did what to which thing, when, from where, and what changed.

    Written unchained in the transaction of the change; a job seals rows in order (`sequence`, `seal`).
    The seal covers `changes_digest`, not `changes`, so that an erasure can blank the details and the
    chain still verifies.
    """

    at = models.DateTimeField(_("at"))
    actor_kind = models.CharField(_("kind of actor"), max_length=10)
    actor_id = models.CharField(_("actor"), max_length=64, blank=True)
    actor_label = models.CharField(_("who"), max_length=150)
    origin = models.CharField(_("from where"), max_length=100, blank=True)
    action = models.CharField(_("what"), max_length=60)
    object_type = models.CharField(_("kind of object"), max_length=40, blank=True)
    object_id = models.CharField(_("object"), max_length=40, blank=True)
    session_id = models.BigIntegerField(_("session"), null=True, blank=True)
    changes = models.JSONField(_("before and after"), null=True)
    changes_digest = models.CharField(max_length=64)
    sequence = models.BigIntegerField(null=True, unique=True)
    seal = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        verbose_name = _("audit entry")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["object_type", "object_id"], name="audit_by_object"),
            models.Index(fields=["session_id", "-id"], name="audit_by_session"),  # a session's history card
            models.Index(
                fields=["id"], condition=models.Q(sequence__isnull=True), name="audit_unsealed"
            ),  # the sealing job
        ]
        constraints = [AppendOnly(name="audit_is_append_only", mutable=("changes", "sequence", "seal"))]

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.actor_label} {self.action}"
