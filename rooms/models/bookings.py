"""Bookings: a session's claim on a room that the database refuses to overlap."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from planner.models import Session
from planner.models.constraints import NoOverlap
from planner.spans import Span
from rooms.models.places import Layout, Room


class BookingQuerySet(models.QuerySet["Booking"]):
    def live(self) -> "BookingQuerySet":
        """Bookings that still claim their room."""
        return self.filter(is_released=False)

    def within(self, span: Span) -> "BookingQuerySet":
        """Bookings whose occupied time, set-up and tear-down included, touches the span."""
        return self.filter(starts_at__lt=span.ends_at, ends_at__gt=span.starts_at)

    def main(self) -> "BookingQuerySet":
        """The room where the session itself sits."""
        return self.live().filter(role=Booking.Role.MAIN)


class Booking(models.Model):
    """A session's claim on a room for [starts_at, ends_at), set-up and tear-down included."""

    class Role(models.TextChoices):
        MAIN = "main", _("Main room")
        OVERFLOW = "overflow", _("Overflow")
        TEA = "tea", _("Tea room")

    class State(models.TextChoices):
        PENDING = "pending", _("Waits for approval")
        HELD = "held", _("Held")

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="bookings")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="bookings")
    layout = models.ForeignKey(Layout, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(_("use"), max_length=8, choices=Role, default=Role.MAIN)
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.HELD)
    starts_at = models.DateTimeField(_("occupied from"))
    ends_at = models.DateTimeField(_("occupied until"))
    expires_at = models.DateTimeField(_("lapses"), null=True, blank=True)
    is_released = models.BooleanField(_("released"), default=False)
    reason = models.CharField(_("reason for a layout too small"), max_length=300, blank=True)
    held_by = models.CharField(_("held by"), max_length=150)
    held_at = models.DateTimeField(_("held"))

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("booking")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="booking_ends_after_it_starts",
                violation_error_message=_("A booking must end after it starts."),
            ),
            NoOverlap(
                name="room_serves_one_session_at_a_time",
                scope="room",
                start="starts_at",
                end="ends_at",
                released="is_released",
                violation_error_message=_("The room is taken at that time."),
            ),
        ]
        indexes = [
            # free rooms, the board, clashes: live rows of a room in time
            models.Index(
                fields=["room", "starts_at", "ends_at"], condition=Q(is_released=False), name="booking_live"
            ),
            models.Index(fields=["session", "role"], name="booking_by_session"),
        ]

    def __str__(self) -> str:
        return f"{self.room_id} {self.starts_at:%F %H:%M}"

    @property
    def span(self) -> Span:
        """The time the room is occupied."""
        return Span(self.starts_at, self.ends_at)
