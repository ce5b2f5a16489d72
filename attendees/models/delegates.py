"""Who is on a session's list, in which role, and what became of them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from planner.access import Actor
from planner.models import AgendaItem, Person, Session, Unit


class DelegateQuerySet(models.QuerySet["Delegate"]):
    def visible_to(self, actor: Actor) -> "DelegateQuerySet":
        """Delegates of the sessions the actor may read."""
        return self.filter(session__in=Session.objects.visible_to(actor).values("pk"))

    def listed(self) -> "DelegateQuerySet":
        """Those who stand on the list: not removed."""
        return self.filter(removed_at__isnull=True)

    def in_order(self) -> "DelegateQuerySet":
        """By precedence within the list."""
        return self.order_by("position", "person__rank", "person__seniority", "sort_key", "id")

    def by_name(self) -> "DelegateQuerySet":
        """In Vietnamese order of given name."""
        return self.order_by("sort_key", "id")

    def by_delegation(self) -> "DelegateQuerySet":
        """By delegation, then name."""
        return self.order_by("delegation__position", "delegation__sort_key", "sort_key", "id")

    def summoned(self) -> "DelegateQuerySet":
        """Those with role summoned: the base of a session's own quorum."""
        return self.listed().filter(role=Delegate.Role.SUMMONED)

    def with_list_columns(self) -> "DelegateQuerySet":
        """What a list shows: person, assistant, delegation, items, badges; constant queries."""
        return self.select_related("person", "person__assistant", "delegation", "session").prefetch_related(
            "items"
        )


class Delegate(models.Model):
    """One person on one session's list.

    `reply` is the present answer, kept by the replies service from the append-only Reply rows.
    """

    class Role(models.TextChoices):
        SUMMONED = "summoned", _("Summoned")
        INVITED = "invited", _("Invited")
        GUEST = "guest", _("Guest")
        SERVICE = "service", _("Service")
        PRESS = "press", _("Press")
        TECHNICAL = "technical", _("Technical")

    class Basis(models.TextChoices):
        EX_OFFICIO = "ex_officio", _("Ex officio")
        ELECTED = "elected", _("Elected")
        APPOINTED = "appointed", _("Appointed")
        ALTERNATE = "alternate", _("Alternate")
        NONE = "", _("None")

    class Reply(models.TextChoices):
        NONE = "none", _("No answer")
        ATTENDING = "attending", _("Will attend")
        ASKS_EXCUSE = "asks_excuse", _("Asks to be excused")
        EXCUSED = "excused", _("Excused")
        NOT_EXCUSED = "not_excused", _("Not excused")
        DECLINED = "declined", _("Declined")
        ASKS_SUBSTITUTE = "asks_substitute", _("Asks to send a substitute")
        SUBSTITUTED = "substituted", _("Substituted")

    class Mode(models.TextChoices):
        IN_PERSON = "in_person", _("In the hall")
        ONLINE = "online", _("Online")

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="delegates")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="delegacies")
    printed_name = models.CharField(_("name as printed"), max_length=150)
    printed_post = models.CharField(_("post as printed"), max_length=400, blank=True)
    sort_key = models.CharField(max_length=300, editable=False, default="")
    search_key = models.CharField(max_length=600, editable=False, default="")
    role = models.CharField(_("role"), max_length=9, choices=Role, default=Role.SUMMONED)
    basis = models.CharField(_("basis"), max_length=10, choices=Basis, blank=True, default=Basis.NONE)
    is_voting = models.BooleanField(_("votes"), default=True)
    is_required = models.BooleanField(_("required"), default=True)
    delegation = models.ForeignKey(
        Unit, verbose_name=_("delegation"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    number = models.PositiveIntegerField(_("number"), null=True, blank=True)
    seat = models.CharField(_("seat"), max_length=20, blank=True)
    position = models.PositiveIntegerField(_("order"), default=1000)
    items = models.ManyToManyField(
        AgendaItem, verbose_name=_("only for items"), blank=True, related_name="delegates"
    )
    why = models.JSONField(_("why on the list"), default=list)
    diet = models.CharField(_("diet"), max_length=100, blank=True)
    needs = models.CharField(_("needs"), max_length=200, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    reply = models.CharField(_("answer"), max_length=15, choices=Reply, default=Reply.NONE)
    reply_mode = models.CharField(_("takes part"), max_length=9, choices=Mode, blank=True, default="")
    replied_at = models.DateTimeField(_("since"), null=True, blank=True)
    stands_in_for = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="substitutes"
    )
    added_at = models.DateTimeField(_("added"))
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)

    objects = DelegateQuerySet.as_manager()

    class Meta:
        verbose_name = _("delegate")
        constraints = [
            models.UniqueConstraint(
                fields=["session", "person"],
                name="delegate_is_listed_once",
                violation_error_message=_("This person is on the list already."),
            ),
            models.UniqueConstraint(
                fields=["session", "number"],
                condition=Q(number__isnull=False, removed_at__isnull=True),
                name="delegate_number_is_used_once",
                violation_error_message=_("This number is taken."),
            ),
        ]
        indexes = [
            models.Index(fields=["session", "position"], name="delegate_list"),
            models.Index(fields=["person", "session"], name="delegate_by_person"),  # busy times, history
        ]

    def __str__(self) -> str:
        return self.printed_name

    @property
    def is_guest(self) -> bool:
        """True for those who are invited, not summoned, and so may decline."""
        return self.role != Delegate.Role.SUMMONED


class AttendeeRule(models.Model):
    """The rule a session's list came from, kept to show what changed since it was resolved."""

    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="attendee_rule")
    rule = models.JSONField(_("rule"), default=dict)
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("attendee rule")

    def __str__(self) -> str:
        return f"#{self.session_id}"


class Substitution(models.Model):
    """A request that somebody else comes, and its decision."""

    class State(models.TextChoices):
        ASKED = "asked", _("Asked")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")

    delegate = models.ForeignKey(Delegate, on_delete=models.CASCADE, related_name="substitutions")
    substitute = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    substitute_text = models.CharField(_("substitute"), max_length=200, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.ASKED)
    decided_by = models.CharField(_("decided by"), max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("substitution")

    def __str__(self) -> str:
        return f"{self.delegate_id} → {self.substitute_id or self.substitute_text}"
