"""The weekly schedule: its versions, and the leaders' engagements that are no sessions."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from planner.access import Actor, Can
from planner.spans import Span


class EngagementQuerySet(models.QuerySet["Engagement"]):
    def visible_to(self, actor: Actor) -> "EngagementQuerySet":
        """Entries of the week for all who may read."""
        return self if actor.can_anywhere(Can.READ) else self.none()

    def within(self, span: Span) -> "EngagementQuerySet":
        """Entries that touch the span."""
        return self.filter(starts_at__lt=span.ends_at, ends_at__gt=span.starts_at)


class Engagement(models.Model):
    """A line of the week that takes no bookable room, list or invitation: dự, đi cơ sở, tiếp đoàn, trực."""

    class Kind(models.TextChoices):
        ATTEND = "attend", _("Attends")
        FIELD = "field", _("Goes to the grassroots")
        RECEIVE = "receive", _("Receives a delegation")
        DELEGATE = "delegate", _("Delegated to")
        WORK = "work", _("Works at the office")
        DUTY = "duty", _("On duty")
        JOINT = "joint", _("Joint calendar (HĐND, UBND)")
        OTHER = "other", _("Other")

    class HalfDay(models.TextChoices):
        MORNING = "morning", _("Morning")
        AFTERNOON = "afternoon", _("Afternoon")
        EVENING = "evening", _("Evening")
        ALL_DAY = "all_day", _("All day")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.ATTEND)
    content = models.CharField(_("content"), max_length=500)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    has_hour = models.BooleanField(_("an hour is given"), default=True)
    half_day = models.CharField(_("half-day"), max_length=9, choices=HalfDay, default=HalfDay.MORNING)
    leaders_text = models.CharField(_("chair or attending leaders"), max_length=300, blank=True)
    leaders = models.ManyToManyField("planner.Person", blank=True, related_name="engagements")
    place = models.CharField(_("place"), max_length=200, blank=True)
    preparing_unit = models.CharField(_("preparing unit"), max_length=200, blank=True)
    escort = models.CharField(_("escort of the office's leaders (LĐVP)"), max_length=150, blank=True)
    car = models.CharField(_("car"), max_length=80, blank=True)
    body = models.ForeignKey(
        "planner.Body", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    became_session = models.ForeignKey(
        "planner.Session", null=True, blank=True, on_delete=models.SET_NULL, related_name="came_from"
    )
    import_key = models.CharField(max_length=64, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    objects = EngagementQuerySet.as_manager()

    class Meta:
        verbose_name = _("engagement")
        indexes = [models.Index(fields=["starts_at", "ends_at"], name="engagement_in_time")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="engagement_ends_after_it_starts",
                violation_error_message=_("An entry must end after it starts."),
            ),
            models.UniqueConstraint(
                fields=["import_key"],
                condition=~Q(import_key=""),
                name="engagement_is_imported_once",
                violation_error_message=_("This line was imported already."),
            ),
        ]

    def __str__(self) -> str:
        return self.content


class WeekSchedule(models.Model):
    """The state of one ISO week's schedule."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        APPROVED = "approved", _("Approved and published")

    iso_year = models.PositiveSmallIntegerField()
    iso_week = models.PositiveSmallIntegerField()
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("weekly schedule")
        constraints = [
            models.UniqueConstraint(
                fields=["iso_year", "iso_week"],
                name="week_stands_once",
                violation_error_message=_("This week stands already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.iso_year}-W{self.iso_week:02d}"


class WeekVersion(models.Model):
    """A published state of a week, frozen: its rows as shown, who approved and when."""

    week = models.ForeignKey(WeekSchedule, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    rows = models.JSONField(default=list)
    approved_by = models.CharField(_("approved by"), max_length=150)
    recorded_by = models.CharField(_("recorded by"), max_length=150)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("version of a week")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["week", "number"],
                name="week_version_is_numbered_once",
                violation_error_message=_("This version stands already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.week_id} v{self.number}"
