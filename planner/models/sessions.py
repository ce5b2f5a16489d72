"""Sessions, their agenda, chairs and chains: the plan that everything else hangs on."""

import datetime as dt
import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from planner.access import Actor, Can
from planner.models.bodies import SessionKind
from planner.spans import Span


class Secrecy(models.TextChoices):
    """What this system may hold of a session or an item: everything, or only a shell."""

    NORMAL = "normal", _("Normal")
    SECRET = "secret", _("Secret")


class SessionChain(models.Model):
    """Sessions held back to back, in an order with repeats; one badge serves all of them."""

    title = models.CharField(_("title"), max_length=300)
    secrecy = models.CharField(_("secrecy"), max_length=6, choices=Secrecy, default=Secrecy.NORMAL)

    class Meta:
        verbose_name = _("chain of sessions")

    def __str__(self) -> str:
        return self.title


def _granted(actor: Actor, capability: Can) -> Q:
    """Sessions of the bodies, and the single sessions, on which the actor has the capability."""
    return Q(body_id__in=actor.body_ids(capability)) | Q(pk__in=actor.session_ids(capability))


class SessionQuerySet(models.QuerySet["Session"]):
    def visible_to(self, actor: Actor) -> "SessionQuerySet":
        """Sessions the actor may read: all, those of granted bodies, or single granted ones.

        Secret ones only for those who may know of them.
        """
        rows = self if Can.READ in actor.everywhere else self.filter(_granted(actor, Can.READ))
        if Can.SEE_SECRET in actor.everywhere:
            return rows
        return rows.filter(Q(secrecy=Secrecy.NORMAL) | _granted(actor, Can.SEE_SECRET))

    def live(self) -> "SessionQuerySet":
        """Sessions that will take or took place: not cancelled."""
        return self.exclude(state=Session.State.CANCELLED)

    def binding(self) -> "SessionQuerySet":
        """Sessions that claim people's time: published or held; drafts do not."""
        return self.filter(state__in=[Session.State.PUBLISHED, Session.State.HELD])

    def within(self, span: Span) -> "SessionQuerySet":
        """Sessions that touch the span."""
        return self.filter(starts_at__lt=span.ends_at, ends_at__gt=span.starts_at)

    def in_time(self) -> "SessionQuerySet":
        """By beginning."""
        return self.order_by("starts_at", "chain_position", "id")

    def with_list_columns(self) -> "SessionQuerySet":
        """What a list shows: body, term and chairs, in three queries whatever the length."""
        return self.select_related("body", "term", "preparing_unit").prefetch_related(
            models.Prefetch("chairs", queryset=SessionChair.objects.select_related("person"))
        )


class Session(models.Model):
    """A session of a body or a conference."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        HELD = "held", _("Held")
        CANCELLED = "cancelled", _("Cancelled")

    class Mode(models.TextChoices):
        IN_PERSON = "in_person", _("In person")
        ONLINE = "online", _("Online")
        HYBRID = "hybrid", _("In person and online")

    body = models.ForeignKey(
        "planner.Body",
        verbose_name=_("body"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="sessions",
    )
    term = models.ForeignKey(
        "planner.Term",
        verbose_name=_("term"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="sessions",
    )
    kind = models.CharField(_("kind"), max_length=24, choices=SessionKind, default=SessionKind.REGULAR)
    ordinal = models.PositiveIntegerField(_("ordinal"), null=True, blank=True)
    ordinal_is_final = models.BooleanField(_("the ordinal is final"), default=False)
    title = models.CharField(_("title"), max_length=300, blank=True)
    description = models.TextField(_("description"), blank=True)
    secrecy = models.CharField(_("secrecy"), max_length=6, choices=Secrecy, default=Secrecy.NORMAL)
    search_key = models.CharField(max_length=400, editable=False, default="")
    code_name = models.CharField(_("code name"), max_length=60, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.DRAFT)
    mode = models.CharField(_("mode"), max_length=9, choices=Mode, default=Mode.IN_PERSON)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    place_text = models.CharField(_("place, when it is no room of ours"), max_length=200, blank=True)
    recorder = models.ForeignKey(
        "planner.Person",
        verbose_name=_("recorder"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    preparing_unit = models.ForeignKey(
        "planner.Unit",
        verbose_name=_("preparing unit"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    escort = models.CharField(_("escort of the office's leaders (LĐVP)"), max_length=150, blank=True)
    car = models.CharField(_("car"), max_length=80, blank=True)
    chain = models.ForeignKey(
        SessionChain,
        verbose_name=_("chain"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="sessions",
    )
    chain_position = models.PositiveSmallIntegerField(_("place in the chain"), default=0)
    standing_rule = models.ForeignKey(
        "planner.StandingRule", null=True, blank=True, on_delete=models.SET_NULL, related_name="sessions"
    )
    occurrence_on = models.DateField(_("occurrence of the rule"), null=True, blank=True)
    doors_open_minutes = models.PositiveSmallIntegerField(_("doors open, minutes before"), default=60)
    reply_by = models.DateTimeField(_("answers are due"), null=True, blank=True)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    held_at = models.DateTimeField(_("closed"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    cancel_reason = models.CharField(_("why it was cancelled"), max_length=300, blank=True)
    cancel_reason_code = models.CharField(max_length=40, blank=True)
    # A demo office mails only for sessions that a person or a program touched.
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="session_ends_after_it_starts",
                violation_error_message=_("A session must end after it starts."),
            ),
            models.CheckConstraint(
                condition=Q(secrecy="normal")
                | Q(
                    title="",
                    description="",
                    cancel_reason="",
                    place_text="",
                    escort="",
                    car="",
                    preparing_unit__isnull=True,
                ),
                name="secret_session_is_a_shell",
                violation_error_message=_("A secret session keeps no title, text or reason here."),
            ),
            models.UniqueConstraint(
                fields=["body", "term", "ordinal"],
                condition=Q(ordinal_is_final=True) & ~Q(state="cancelled"),
                name="ordinal_is_used_once_per_term",
                violation_error_message=_("This ordinal is taken in this term."),
            ),
            models.UniqueConstraint(
                fields=["standing_rule", "occurrence_on"],
                name="occurrence_is_planned_once",
                violation_error_message=_("This occurrence is planned already."),
            ),
        ]
        indexes = [
            models.Index(fields=["starts_at", "ends_at"], name="session_in_time"),  # week, home, clashes
            models.Index(fields=["body", "term", "ordinal"], name="session_ordinals"),  # next ordinal
            models.Index(fields=["state", "starts_at"], name="session_by_state"),
        ]

    def __str__(self) -> str:
        return self.public_name

    @property
    def span(self) -> Span:
        """The session's own time, without set-up."""
        return Span(self.starts_at, self.ends_at)

    @property
    def is_secret(self) -> bool:
        """True when only a shell may be stored and told."""
        return self.secrecy == Secrecy.SECRET

    @property
    def public_name(self) -> str:
        """The name that may stand in any output: the title, or the neutral words of a secret session."""
        return str(_("Internal meeting")) if self.is_secret else self.title

    @property
    def staff_name(self) -> str:
        """The name for those who may know of a secret session: its code name."""
        return (self.code_name or self.public_name) if self.is_secret else self.title

    @property
    def minutes(self) -> int:
        """Length in minutes."""
        return int((self.ends_at - self.starts_at) / dt.timedelta(minutes=1))


class SessionChair(models.Model):
    """One who chairs; several make a Đoàn Chủ tịch."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="chairs")
    person = models.ForeignKey("planner.Person", on_delete=models.PROTECT, related_name="chaired")
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name = _("chair")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "person"],
                name="chair_is_named_once",
                violation_error_message=_("This person chairs already."),
            )
        ]

    def __str__(self) -> str:
        return f"#{self.person_id}"


class AgendaItem(models.Model):
    """One item of a session's agenda, with its own length and, if need be, secrecy."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="agenda")
    position = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=400, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=30)
    presenter = models.CharField(_("presenter"), max_length=200, blank=True)
    preparing_unit = models.CharField(_("preparing unit"), max_length=200, blank=True)
    secrecy = models.CharField(_("secrecy"), max_length=6, choices=Secrecy, default=Secrecy.NORMAL)
    hands_out_papers = models.BooleanField(_("papers handed out on the spot"), default=False)

    class Meta:
        verbose_name = _("agenda item")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "position"],
                name="agenda_number_is_used_once",
                violation_error_message=_("This number is taken."),
            ),
            models.CheckConstraint(
                condition=Q(secrecy="normal") | Q(title="", presenter="", preparing_unit=""),
                name="secret_item_is_a_shell",
                violation_error_message=_("A secret item keeps no title or names here."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.public_title}"

    @property
    def public_title(self) -> str:
        """The title that may stand in any output."""
        return str(_("Content given at the session")) if self.secrecy == Secrecy.SECRET else self.title


class Override(models.Model):
    """A clash that somebody accepted, with the reason; shown on the session for good."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="overrides")
    code = models.CharField(_("clash"), max_length=40)
    subject = models.CharField(max_length=80, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    at = models.DateTimeField(_("at"))
    by_label = models.CharField(_("by"), max_length=150)

    class Meta:
        verbose_name = _("override")
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.code} {self.by_label}"
