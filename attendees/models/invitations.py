"""The invitation of a delegate through all its versions, and every answer ever given."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from attendees.models.delegates import Delegate
from planner.models import Message
from planner.models.constraints import AppendOnly


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def standing(self) -> "InvitationQuerySet":
        """Invitations a delegate may act on."""
        return self.filter(state=Invitation.State.INVITED)


class Invitation(models.Model):
    """What was told to one delegate: the iTIP state of their copy of the event.

    One event UID per session (`Session.uid`); SEQUENCE and DTSTAMP are kept per delegate. The link
    /i/<token>/ is an HMAC of (kind, id, generation), found by its digest.
    """

    class State(models.TextChoices):
        NEW = "new", _("Not sent")
        INVITED = "invited", _("Invited")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    delegate = models.OneToOneField(Delegate, on_delete=models.CASCADE, related_name="invitation")
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.NEW)
    sequence = models.PositiveIntegerField(default=0)
    last_dtstamp = models.DateTimeField(null=True, blank=True)
    sent_to = models.CharField(_("sent to"), max_length=254, blank=True)
    session_version = models.PositiveIntegerField(_("version told"), default=0)
    told_starts_at = models.DateTimeField(null=True, blank=True)
    told_ends_at = models.DateTimeField(null=True, blank=True)
    generation = models.PositiveIntegerField(default=1)
    digest = models.CharField(max_length=64, unique=True)
    opened_at = models.DateTimeField(_("page opened"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)
    last_message = models.ForeignKey(
        Message, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")

    def __str__(self) -> str:
        return f"{self.delegate_id} v{self.session_version}"


class Reply(models.Model):
    """One answer or decision, by any channel; append-only, the latest wins."""

    class Status(models.TextChoices):
        ATTENDING = "attending", _("Will attend")
        ASKS_EXCUSE = "asks_excuse", _("Asks to be excused")
        DECLINED = "declined", _("Declined")
        ASKS_SUBSTITUTE = "asks_substitute", _("Asks to send a substitute")
        NO_ANSWER = "none", _("No answer")
        EXCUSED = "excused", _("Excused")
        NOT_EXCUSED = "not_excused", _("Not excused")
        SUBSTITUTE_APPROVED = "substitute_approved", _("Substitute approved")
        SUBSTITUTE_REFUSED = "substitute_refused", _("Substitute refused")

    class Channel(models.TextChoices):
        WEB = "web", _("Web page")
        MAIL = "mail", _("Mail")
        API = "api", _("Program")
        PHONE = "phone", _("Telephone")
        OFFICE = "office", _("Office")
        IMPORT = "import", _("Imported list")
        SYSTEM = "system", _("System")

    delegate = models.ForeignKey(Delegate, on_delete=models.CASCADE, related_name="replies")
    status = models.CharField(_("status"), max_length=20, choices=Status)
    mode = models.CharField(_("takes part"), max_length=9, choices=Delegate.Mode, blank=True, default="")
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    reason_code = models.CharField(max_length=40, blank=True)
    channel = models.CharField(_("channel"), max_length=6, choices=Channel)
    by_label = models.CharField(_("by"), max_length=150)
    by_whom = models.CharField(_("decided by"), max_length=150, blank=True)
    at = models.DateTimeField(_("at"))
    sequence = models.PositiveIntegerField(_("answered version"), default=0)
    is_stale = models.BooleanField(_("for an old time"), default=False)

    class Meta:
        verbose_name = _("reply")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["delegate", "-at"], name="reply_latest")]
        constraints = [AppendOnly(name="replies_are_append_only", mutable=("reason",))]

    def __str__(self) -> str:
        return f"{self.delegate_id} {self.status}"
