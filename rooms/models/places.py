"""Sites, rooms, layouts, equipment and closures."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from planner.access import Actor, Can


class Site(models.Model):
    """A building or compound with rooms."""

    name = models.CharField(_("name"), max_length=150)
    address = models.CharField(_("address"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("site")

    def __str__(self) -> str:
        return self.name


class RoomQuerySet(models.QuerySet["Room"]):
    def visible_to(self, actor: Actor) -> "RoomQuerySet":
        """Rooms are known to all who may read anything."""
        return self if actor.can_anywhere(Can.READ) else self.none()

    def usable(self) -> "RoomQuerySet":
        """Rooms in use, in the office's order."""
        return self.filter(is_active=True).order_by("position", "name")


class Room(models.Model):
    """A hall or meeting room."""

    site = models.ForeignKey(Site, verbose_name=_("site"), on_delete=models.PROTECT, related_name="rooms")
    name = models.CharField(_("name"), max_length=150)
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    is_hall = models.BooleanField(_("hall"), default=False)
    needs_approval = models.BooleanField(_("holds need approval"), default=False)
    fit_for_secret = models.BooleanField(_("approved for secret sessions"), default=False)
    opens = models.TimeField(_("opens"), null=True, blank=True)
    closes = models.TimeField(_("closes"), null=True, blank=True)
    email = models.EmailField(_("calendar address"), blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=100)
    is_active = models.BooleanField(_("in use"), default=True)
    sign_generation = models.PositiveIntegerField(default=1)

    objects = RoomQuerySet.as_manager()

    class Meta:
        verbose_name = _("room")
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class Layout(models.Model):
    """A way to set a room up: seats, and the minutes that takes before and after."""

    class Kind(models.TextChoices):
        U_SHAPE = "u_shape", _("U-shape")
        CLASSROOM = "classroom", _("Classroom")
        THEATRE = "theatre", _("Theatre")
        ROUND = "round", _("Round table")
        BOARDROOM = "boardroom", _("Boardroom")

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="layouts")
    kind = models.CharField(_("layout"), max_length=10, choices=Kind)
    seats = models.PositiveIntegerField(_("seats"))
    setup_minutes = models.PositiveSmallIntegerField(_("set-up minutes"), default=15)
    teardown_minutes = models.PositiveSmallIntegerField(_("tear-down minutes"), default=15)
    position = models.PositiveSmallIntegerField(_("order"), default=1)

    class Meta:
        verbose_name = _("layout")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["room", "kind"],
                name="layout_is_named_once_per_room",
                violation_error_message=_("This room has that layout already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.seats})"


class Equipment(models.Model):
    """Something a session needs: fixed in rooms, or movable with a stock."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    stock = models.PositiveSmallIntegerField(_("movable pieces"), default=0)
    fixed_in = models.ManyToManyField(Room, verbose_name=_("fixed in"), blank=True, related_name="equipment")

    class Meta:
        verbose_name = _("equipment")

    def __str__(self) -> str:
        return self.name


class Closure(models.Model):
    """A span in which a room cannot be used: maintenance, a standing hold."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="closures")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    reason = models.CharField(_("reason"), max_length=200)

    class Meta:
        verbose_name = _("closure")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="closure_ends_after_it_starts",
                violation_error_message=_("A closure must end after it starts."),
            )
        ]
        indexes = [models.Index(fields=["room", "starts_at"], name="closure_in_time")]

    def __str__(self) -> str:
        return self.reason
