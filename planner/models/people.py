"""The directory: units, posts, people, their appointments and memberships."""

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from planner.access import Actor, Can


def held_on(day: dt.date) -> Q:
    """Rows with starts_on/ends_on (half-open, either may be unknown) that hold on `day`."""
    begun = Q(starts_on__isnull=True) | Q(starts_on__lte=day)
    return begun & (Q(ends_on__isnull=True) | Q(ends_on__gt=day))


class UnitQuerySet(models.QuerySet["Unit"]):
    def existing(self, on: dt.date) -> "UnitQuerySet":
        """Units that stand on a day."""
        return self.filter(held_on(on))


class Unit(models.Model):
    """An administrative or Party unit: a node of a dated tree."""

    class Kind(models.TextChoices):
        PROVINCE = "province", _("Province")
        DISTRICT = "district", _("District (abolished)")
        COMMUNE = "commune", _("Commune")
        WARD = "ward", _("Ward")
        SPECIAL_ZONE = "special_zone", _("Special zone")
        PARTY_COMMITTEE = "party_committee", _("Party committee")
        PARTY_BOARD = "party_board", _("Party board")
        DEPARTMENT = "department", _("Department")
        OTHER = "other", _("Other")

    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=80, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.OTHER)
    code = models.CharField(_("official code"), max_length=20, blank=True)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("belongs to"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    territory = models.ForeignKey(
        "self",
        verbose_name=_("territory it works in"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="agencies",
    )
    successors = models.ManyToManyField(
        "self", verbose_name=_("successors"), symmetrical=False, blank=True, related_name="predecessors"
    )
    tags = models.JSONField(_("tags"), default=list, blank=True)
    position = models.PositiveIntegerField(_("order in official lists"), default=1000)
    starts_on = models.DateField(_("stands from"), null=True, blank=True)
    ends_on = models.DateField(_("stood until"), null=True, blank=True)
    search_key = models.CharField(max_length=300, editable=False, default="")
    sort_key = models.CharField(max_length=300, editable=False, default="")

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        indexes = [
            models.Index(fields=["kind", "sort_key"], name="unit_list"),  # the unit list and pickers
            models.Index(fields=["code"], name="unit_code"),  # imports look units up by official code
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="unit_ends_after_it_starts",
                violation_error_message=_("A unit must end after it starts."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A post (chức vụ) as a word with a rank; Appointment ties it to a person and a unit."""

    name = models.CharField(_("name"), max_length=150, unique=True)
    short_name = models.CharField(_("short name"), max_length=60, blank=True)
    rank = models.PositiveIntegerField(_("rank, 1 highest"), default=500)
    is_leader = models.BooleanField(_("leads its unit"), default=False)
    search_key = models.CharField(max_length=200, editable=False, default="")

    class Meta:
        verbose_name = _("post")
        ordering = ["rank", "name"]

    def __str__(self) -> str:
        return self.name


class PersonQuerySet(models.QuerySet["Person"]):
    def active(self) -> "PersonQuerySet":
        """People that were not merged into another record nor erased."""
        return self.filter(merged_into__isnull=True, erased_at__isnull=True)

    def visible_to(self, actor: Actor) -> "PersonQuerySet":
        """The whole directory for staff; nothing for doors, links and nobody."""
        return self if actor.can_anywhere(Can.READ) else self.none()

    def with_posts(self) -> "PersonQuerySet":
        """Appointments with post and unit, memberships with body: two more queries, whatever the size."""
        return self.prefetch_related(
            models.Prefetch(
                "appointments",
                queryset=Appointment.objects.select_related("post", "unit").order_by("position", "id"),
            ),
            models.Prefetch("memberships", queryset=Membership.objects.select_related("body", "term")),
        )

    def by_name(self) -> "PersonQuerySet":
        """In Vietnamese order of given name."""
        return self.order_by("sort_key", "id")

    def by_precedence(self) -> "PersonQuerySet":
        """By rank, then seniority, then name."""
        return self.order_by("rank", "seniority", "sort_key", "id")


class Person(models.Model):
    """Somebody the office invites: an official, a retired leader, a guest."""

    class Sex(models.TextChoices):
        FEMALE = "F", _("Female")
        MALE = "M", _("Male")
        UNKNOWN = "", _("Not known")

    class CalendarBy(models.TextChoices):
        MAIL = "mail", _("Invitations by mail")
        FEED = "feed", _("Subscribed calendar")
        NONE = "none", _("No calendar")

    full_name = models.CharField(_("full name"), max_length=150)
    sort_key = models.CharField(max_length=300, editable=False, default="")
    search_key = models.CharField(max_length=600, editable=False, default="")
    sex = models.CharField(_("sex"), max_length=1, choices=Sex, blank=True, default="")
    born_on = models.DateField(_("date of birth"), null=True, blank=True)
    birth_year = models.PositiveSmallIntegerField(_("year of birth"), null=True, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    other_phone = models.CharField(_("other telephone"), max_length=40, blank=True)
    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), null=True, blank=True, on_delete=models.PROTECT, related_name="people"
    )
    # Rank of the highest present post, kept by the people service so that lists sort in the database.
    rank = models.PositiveIntegerField(_("rank"), default=9999, editable=False)
    seniority = models.PositiveIntegerField(_("order among equals"), default=9999)
    assistant = models.ForeignKey(
        "self",
        verbose_name=_("assistant"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="assists",
    )
    driver = models.ForeignKey(
        "self",
        verbose_name=_("driver"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="drives",
    )
    calendar_by = models.CharField(_("calendar"), max_length=4, choices=CalendarBy, default=CalendarBy.MAIL)
    tells_assistant = models.BooleanField(_("send the assistant a notice"), default=False)
    tags = models.JSONField(_("tags"), default=list, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("merged into"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        indexes = [
            models.Index(fields=["sort_key", "id"], name="person_by_name"),  # the people list
            models.Index(fields=["rank", "seniority", "sort_key"], name="person_by_precedence"),
            models.Index(fields=["email"], name="person_email"),  # imports and inbound mail match by address
            models.Index(fields=["phone"], name="person_phone"),  # imports and search match by telephone
        ]

    def __str__(self) -> str:
        return self.full_name


class SensitiveRecord(models.Model):
    """Sensitive personal data (law 91/2025), apart from the person so that no list loads it by chance."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="sensitive")
    ethnicity = models.CharField(_("ethnicity"), max_length=50, blank=True)
    joined_party_on = models.DateField(_("joined the Party on"), null=True, blank=True)
    education = models.CharField(_("education"), max_length=100, blank=True)
    political_theory = models.CharField(_("political theory"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("sensitive record")

    def __str__(self) -> str:
        return f"#{self.person_id}"


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def current(self, on: dt.date) -> "AppointmentQuerySet":
        """Posts held on a day."""
        return self.filter(held_on(on))


class Appointment(models.Model):
    """A person's post in a unit, from and until a day; `position` is the order on letters."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="appointments")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="appointments")
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="appointments"
    )
    title = models.CharField(_("as printed"), max_length=250, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=1)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True)
                | Q(starts_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="appointment_ends_after_it_starts",
                violation_error_message=_("An appointment must end after it starts."),
            ),
        ]

    def __str__(self) -> str:
        return self.title or f"{self.post_id} #{self.person_id}"

    def holds_on(self, day: dt.date) -> bool:
        """True when the post is held on the day."""
        return (self.starts_on is None or self.starts_on <= day) and (
            self.ends_on is None or self.ends_on > day
        )


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self, on: dt.date) -> "MembershipQuerySet":
        """Memberships that hold on a day."""
        return self.filter(held_on(on))

    def in_order(self) -> "MembershipQuerySet":
        """As the body lists its members."""
        return self.order_by("position", "person__rank", "person__seniority", "person__sort_key", "id")


class Membership(models.Model):
    """A person's seat in a body for a term."""

    class Role(models.TextChoices):
        SECRETARY = "secretary", _("Secretary")
        STANDING_DEPUTY = "standing_deputy", _("Standing deputy secretary")
        DEPUTY = "deputy", _("Deputy secretary")
        STANDING_MEMBER = "standing_member", _("Member of the Standing Board")
        MEMBER = "member", _("Member")
        ALTERNATE = "alternate", _("Alternate member")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    body = models.ForeignKey("planner.Body", on_delete=models.PROTECT, related_name="memberships")
    term = models.ForeignKey("planner.Term", on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.MEMBER)
    position = models.PositiveIntegerField(_("order in the body"), default=1000)
    is_elected = models.BooleanField(_("elected, not appointed"), default=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "body", "term"],
                condition=Q(ends_on__isnull=True),
                name="membership_held_once",
                violation_error_message=_("This person is a member already."),
            ),
        ]
        indexes = [models.Index(fields=["body", "term", "position"], name="membership_list")]

    def __str__(self) -> str:
        return f"{self.role} #{self.person_id}"

    def holds_on(self, day: dt.date) -> bool:
        """True when the seat is held on the day."""
        return (self.starts_on is None or self.starts_on <= day) and (
            self.ends_on is None or self.ends_on > day
        )
