"""The quarantine: received mails that could not simply be counted, each settled by a person."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from attendees.models import Delegate, InboundMail
from attendees.services import mailbox
from planner.access import Can
from planner.errors import DomainError, NotAllowed
from planner.pages import Request, show

_SHOWN = 50


@require_GET
def quarantine(request: Request) -> HttpResponse:
    """What waits for a decision, and the last mails that did not."""
    if not request.actor.can_anywhere(Can.RECORD_REPLY):
        raise NotAllowed
    seen = InboundMail.objects.visible_to(request.actor).select_related("session", "delegate")
    waiting = seen.undecided().order_by("-id")[:_SHOWN]
    done = seen.exclude(pk__in=seen.undecided().values("pk")).order_by("-id")[:_SHOWN]
    context = {
        "rows": [_row(mail) for mail in waiting],
        "done": [(mail, mailbox.reason_words(mail.reason)) for mail in done],
    }
    return show(request, "mailbox/quarantine.html", context)


def _row(mail: InboundMail) -> dict[str, Any]:
    """A mail with its answer in words and, where it must be chosen, the list to choose from."""
    answer = mailbox.answer_in(mail)
    people = mail.session.delegates.listed().in_order() if mail.session and answer else []
    return {"mail": mail, "answer": answer, "why": mailbox.reason_words(mail.reason), "people": people}


@require_POST
def accept(request: Request, pk: int) -> HttpResponse:
    """Count the answer for the delegate chosen; a proposal leads to the move of the session."""
    mail = _mail(request, pk)
    wanted = request.POST.get("delegate", "")
    people = Delegate.objects.visible_to(request.actor).select_related("session__body", "person")
    delegate = get_object_or_404(people, pk=int(wanted) if wanted.isdecimal() else 0)
    try:
        mailbox.accept(mail=mail, delegate=delegate, by=request.actor)
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect("mail-quarantine")
    if mail.verdict == InboundMail.Verdict.PROPOSAL:
        return redirect("session-move", delegate.session_id)
    messages.success(request, _("The answer is recorded."))
    return redirect("mail-quarantine")


@require_POST
def dismiss(request: Request, pk: int) -> HttpResponse:
    """Settle the mail without counting it."""
    mailbox.dismiss(mail=_mail(request, pk), by=request.actor)
    messages.success(request, _("Settled; nothing was changed."))
    return redirect("mail-quarantine")


def _mail(request: Request, pk: int) -> InboundMail:
    return get_object_or_404(InboundMail.objects.visible_to(request.actor).select_related("session"), pk=pk)
