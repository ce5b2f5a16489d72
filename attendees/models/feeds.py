"""Private calendar feeds: who may read which sessions under a secret address."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from planner.access import Actor, Can
from planner.models import Body, Person
from rooms.models import Room


class FeedTokenQuerySet(models.QuerySet["FeedToken"]):
    def live(self) -> "FeedTokenQuerySet":
        """Feeds that answer."""
        return self.filter(revoked_at__isnull=True)

    def visible_to(self, actor: Actor) -> "FeedTokenQuerySet":
        """Feeds the actor may hand out: all with the right to plan everywhere, else those of granted bodies."""
        if actor.can(Can.PLAN):
            return self.all()
        return self.filter(kind=FeedToken.Kind.BODY, body_id__in=actor.body_ids(Can.PLAN))


class FeedToken(models.Model):
    """One feed. The token in /c/<token>.ics is an HMAC of (kind, id, generation), found by its digest.

    `state` is the digest of what the feed said last and `changed_at` when that began: what makes ETag and
    Last-Modified. A body's feed with a `person` is theirs only as long as they sit in the body.
    """

    class Kind(models.TextChoices):
        DELEGATE = "delegate", _("A person's sessions")
        BODY = "body", _("Sessions of a body")
        ROOM = "room", _("Sessions in a room")
        OFFICE = "office", _("All sessions of the office")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.CASCADE, related_name="feeds")
    body = models.ForeignKey(Body, null=True, blank=True, on_delete=models.CASCADE, related_name="feeds")
    room = models.ForeignKey(Room, null=True, blank=True, on_delete=models.CASCADE, related_name="feeds")
    generation = models.PositiveIntegerField(default=1)
    digest = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=64, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)
    seen = models.CharField(
        max_length=80, blank=True, default=""
    )  # how far the audit log was when state was read
    last_used_at = models.DateTimeField(_("last read"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.CharField(_("made by"), max_length=150, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = FeedTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar feed")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="delegate", person__isnull=False, body__isnull=True, room__isnull=True)
                | Q(kind="body", body__isnull=False, room__isnull=True)
                | Q(kind="room", room__isnull=False, body__isnull=True, person__isnull=True)
                | Q(kind="office", person__isnull=True, body__isnull=True, room__isnull=True),
                name="feed_is_of_what_its_kind_says",
                violation_error_message=_("A feed belongs to what its kind says."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"
