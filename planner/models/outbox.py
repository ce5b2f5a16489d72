"""The outbox: mails as rows, written in the transaction of the change that causes them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class MessageQuerySet(models.QuerySet["Message"]):
    def waiting(self) -> "MessageQuerySet":
        """Messages still to be sent."""
        return self.filter(state=Message.State.QUEUED)


class Message(models.Model):
    """One mail to one recipient, kept as exact octets.

    Messages of one `stream` (a delegate's invitation) leave in the order of their ids. The unique
    constraint is the guard of "one row per message": event, stream, recipient, SEQUENCE, DTSTAMP, method.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        MERGED = "merged", _("Merged into a later one")
        PAUSED = "paused", _("Paused")

    class Method(models.TextChoices):
        REQUEST = "REQUEST", _("Invitation")
        CANCEL = "CANCEL", _("Cancellation")
        NOTICE = "NOTICE", _("Notice")  # a mail without a calendar part
        DECLINECOUNTER = "DECLINECOUNTER", _("Proposal refused")

    stream = models.CharField(_("stream"), max_length=60)
    session_id = models.BigIntegerField(_("session"), null=True, blank=True)
    event_uid = models.CharField(_("event"), max_length=80, blank=True)
    method = models.CharField(_("method"), max_length=16, choices=Method)
    sequence = models.PositiveIntegerField(default=0)
    dtstamp = models.DateTimeField()
    recipient = models.CharField(_("to"), max_length=254)
    envelope_sender = models.CharField(max_length=254, blank=True)
    message_id = models.CharField(max_length=200, unique=True)
    subject = models.CharField(_("subject"), max_length=300)
    octets = models.BinaryField()  # encrypted
    facts = models.BinaryField(
        null=True, blank=True
    )  # encrypted: what this mail told, to see later what changed
    sha256 = models.CharField(max_length=64)
    session_version = models.PositiveIntegerField(default=0)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.QUEUED)
    send_after = models.DateTimeField(_("not before"))
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(_("last error"), max_length=500, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    bounced_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                F("event_uid"),
                F("stream"),
                F("recipient"),
                F("sequence"),
                F("dtstamp"),
                F("method"),
                name="message_is_written_once",
                violation_error_message=_("This message was written already."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["send_after", "id"], condition=Q(state="queued"), name="message_due"
            ),  # the tick
            models.Index(fields=["stream", "id"], name="message_by_stream"),  # ordered sending, the trail
            models.Index(
                fields=["session_id", "state"], name="message_by_session"
            ),  # progress of a session's mails
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.sequence} → {self.recipient}"
