"""Mails that came into the answers' mailbox, and what became of each."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from attendees.models.delegates import Delegate
from planner.access import Actor, Can
from planner.models import Message, Session


class InboundMailQuerySet(models.QuerySet["InboundMail"]):
    def visible_to(self, actor: Actor) -> "InboundMailQuerySet":
        """Mails about sessions the actor may read; those about none only for who records answers everywhere."""
        known = models.Q(session__in=Session.objects.visible_to(actor).values("pk"))
        if actor.can(Can.RECORD_REPLY):
            known |= models.Q(session__isnull=True)
        return self.filter(known)

    def undecided(self) -> "InboundMailQuerySet":
        """Mails on which a person has still to decide."""
        waiting = (InboundMail.Verdict.QUARANTINED, InboundMail.Verdict.PROPOSAL)
        return self.filter(verdict__in=waiting, decision="")


class InboundMail(models.Model):
    """One mail as it came, sealed, and the verdict on it.

    `key` is of Message-ID and body, so that the same mail delivered twice is one row; (`uid_validity`, `uid`) say
    where in the mailbox it lies and how far reading has come.
    """

    class Verdict(models.TextChoices):
        APPLIED = "applied", _("Counted")
        STALE = "stale", _("For an old time")
        QUARANTINED = "quarantined", _("Waits for a person")
        PROPOSAL = "proposal", _("Another time proposed")
        IGNORED = "ignored", _("Changes nothing")
        BOUNCE = "bounce", _("Could not be delivered")

    class Decision(models.TextChoices):
        ACCEPTED = "accepted", pgettext_lazy("mailbox", "Accepted")
        DISMISSED = "dismissed", pgettext_lazy("mailbox", "Dismissed")

    key = models.CharField(max_length=64, unique=True)
    uid_validity = models.BigIntegerField()
    uid = models.BigIntegerField()
    message_id = models.CharField(max_length=250, blank=True)
    octets = models.BinaryField()  # encrypted
    sha256 = models.CharField(max_length=64)
    sender = models.CharField(_("from"), max_length=254, blank=True)
    attendee = models.CharField(_("answers for"), max_length=254, blank=True)
    partstat = models.CharField(_("answer"), max_length=20, blank=True)
    sequence = models.BigIntegerField(_("answered version"), null=True, blank=True)
    dtstamp = models.DateTimeField(null=True, blank=True)
    proposed_starts_at = models.DateTimeField(_("proposed beginning"), null=True, blank=True)
    proposed_ends_at = models.DateTimeField(_("proposed end"), null=True, blank=True)
    session = models.ForeignKey(
        Session, null=True, blank=True, on_delete=models.SET_NULL, related_name="inbound_mails"
    )
    delegate = models.ForeignKey(
        Delegate, null=True, blank=True, on_delete=models.SET_NULL, related_name="inbound_mails"
    )
    bounced = models.ForeignKey(
        Message, null=True, blank=True, on_delete=models.SET_NULL, related_name="bounces"
    )
    verdict = models.CharField(_("verdict"), max_length=11, choices=Verdict)
    reason = models.CharField(_("why"), max_length=40, blank=True)  # a code; services.mailbox has its words
    received_at = models.DateTimeField(_("received"))
    decision = models.CharField(_("decision"), max_length=9, choices=Decision, blank=True, default="")
    decided_by = models.CharField(_("decided by"), max_length=150, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    objects = InboundMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("received mail")
        indexes = [
            models.Index(fields=["uid_validity", "-uid"], name="inbound_progress"),  # where reading goes on
            models.Index(fields=["delegate", "-id"], name="inbound_by_delegate"),  # the latest answer by mail
            models.Index(fields=["verdict", "-id"], name="inbound_by_verdict"),  # the quarantine
        ]

    def __str__(self) -> str:
        return f"{self.sender} {self.verdict}"
