"""The list of a session: who is on it, what they answered, adding and taking off, recording answers."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from attendees.models import Delegate
from attendees.services import delegates, invitations, replies
from planner.access import Can, must
from planner.errors import DomainError
from planner.models import Person, Session
from planner.pages import Request, blame, show
from planner.vietnamese import fold

ORDERS = {"precedence": "in_order", "name": "by_name", "delegation": "by_delegation"}
_FOUND = 12
ANSWER = "delegates/_answer.html"


@require_GET
def index(request: Request, session_pk: int) -> HttpResponse:
    """The reply table: the silent first unless an order is asked for, each in order of precedence."""
    session = _session(request, session_pk)
    rows = _rows(request, session)
    context = {
        "session": session,
        "rows": rows,
        "tab": "delegates",
        "counts": counts(session),
        **_rights(request, session),
    }
    return show(request, "delegates/list.html", context, fragment="delegates/_rows.html")


def counts(session: Session) -> dict[str, int]:
    """How many on the list stand in each reply state, and in all."""
    tally = dict.fromkeys(Delegate.Reply.values, 0)
    for reply in session.delegates.listed().values_list("reply", flat=True):
        tally[reply] += 1
    return tally | {"total": sum(tally.values())}


def _session(request: Request, pk: int) -> Session:
    return get_object_or_404(Session.objects.visible_to(request.actor).with_list_columns(), pk=pk)


def _rights(request: Request, session: Session) -> dict[str, bool]:
    wanted = (Can.PLAN, Can.PUBLISH, Can.INVITE, Can.RECORD_REPLY, Can.DECIDE_EXCUSE, Can.EDIT_PEOPLE)
    return {f"can_{capability.value}": request.actor.can(capability, session) for capability in wanted}


def _rows(request: Request, session: Session) -> Any:
    rows = session.delegates.listed().with_list_columns()
    if request.GET.get("reply") in Delegate.Reply.values:
        rows = rows.filter(reply=request.GET["reply"])
    for word in fold(request.GET.get("q", "")).split():
        rows = rows.filter(search_key__contains=word)
    if order := ORDERS.get(request.GET.get("order", "")):
        return getattr(rows, order)()
    return sorted(rows.in_order(), key=lambda row: row.reply != Delegate.Reply.NONE)


@require_http_methods(["GET", "POST"])
def add(request: Request, session_pk: int) -> HttpResponse:
    """Search people and put them on the list; those on it are marked."""
    session = _session(request, session_pk)
    must(request.actor, Can.PLAN, on=session)
    if request.method == "POST":
        delegates.add(session=session, people=_chosen(request), role=_role(request), by=request.actor)
        messages.success(request, _("They are on the list now."))
        return redirect("delegate-list", session.pk)
    context = {"session": session, "found": _found(request, session), "roles": Delegate.Role}
    return show(request, "delegates/add.html", context, fragment="delegates/_found.html")


def _chosen(request: Request) -> list[Person]:
    ids = [pk for pk in request.POST.getlist("person") if pk.isdigit()]
    return list(Person.objects.visible_to(request.actor).active().filter(pk__in=ids))


def _role(request: Request) -> str:
    role = request.POST.get("role", "")
    return role if role in Delegate.Role.values else ""


def _found(request: Request, session: Session) -> list[Person]:
    words = fold(request.GET.get("q", "")).split()
    people = Person.objects.visible_to(request.actor).active().with_posts()
    for word in words:
        people = people.filter(search_key__contains=word)
    found = list(people.by_precedence()[:_FOUND]) if words else []
    listed = set(session.delegates.listed().filter(person__in=found).values_list("person_id", flat=True))
    for person in found:
        person.is_listed = person.pk in listed  # type: ignore[attr-defined]
    return found


@require_POST
def remove(request: Request, pk: int) -> HttpResponse:
    """Take somebody off the list; whoever was invited is told."""
    delegate = get_object_or_404(Delegate.objects.visible_to(request.actor), pk=pk)
    delegates.remove(delegate=delegate, by=request.actor)
    messages.success(request, _("%(name)s is off the list.") % {"name": delegate.printed_name})
    return redirect("delegate-list", delegate.session_id)


class AnswerForm(forms.Form):
    """An answer taken by telephone, or a decision on an absence."""

    CHOICES = (
        ("attending", gettext_lazy("Will attend")),
        ("asks_excuse", gettext_lazy("Asks to be excused")),
        ("declined", gettext_lazy("Declined (guests only)")),
        ("none", gettext_lazy("No answer")),
    )
    DECISIONS = (("excused", gettext_lazy("Excused")), ("not_excused", gettext_lazy("Not excused")))

    status = forms.ChoiceField(label=gettext_lazy("Answer"), choices=(), widget=forms.RadioSelect)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, required=False)
    by_whom = forms.CharField(label=gettext_lazy("Decided by"), max_length=150, required=False)

    def __init__(self, *args: Any, decides: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        status: Any = self.fields["status"]
        status.choices = [*self.CHOICES, *(self.DECISIONS if decides else ())]


@require_http_methods(["GET", "POST"])
def answer(request: Request, pk: int) -> HttpResponse:
    """Record what somebody said by telephone, or what was decided."""
    delegate = get_object_or_404(Delegate.objects.visible_to(request.actor).with_list_columns(), pk=pk)
    must(request.actor, Can.RECORD_REPLY, on=delegate)
    form = _answer_form(request, delegate)
    if request.method == "POST" and form.is_valid():
        try:
            _record(delegate, form, request)
        except DomainError as refusal:
            blame(form, refusal)
        else:
            return _row(request, delegate)
    context = {"form": form, "delegate": delegate, "session": delegate.session, "dialog_template": ANSWER}
    return show(request, "ui/dialog_page.html", context, fragment=ANSWER, status=422 if form.errors else 200)


def _answer_form(request: Request, delegate: Delegate) -> AnswerForm:
    decides = request.actor.can(Can.DECIDE_EXCUSE, delegate)
    return AnswerForm(request.POST or None, decides=decides, initial={"status": delegate.reply})


def _record(delegate: Delegate, form: AnswerForm, request: Request) -> None:
    data = form.cleaned_data
    if data["status"] in dict(AnswerForm.DECISIONS):
        replies.decide(delegate=delegate, decision=data["status"], by_whom=data["by_whom"], by=request.actor)
    else:
        answered = replies.Answer(status=data["status"], reason=data["reason"], channel="phone")
        replies.record(delegate=delegate, answer=answered, by=request.actor)


def _row(request: Request, delegate: Delegate) -> HttpResponse:
    """The list again; htmx goes there so that the sums above are fresh too."""
    if not request.htmx:
        return redirect("delegate-list", delegate.session_id)
    return HttpResponse(
        status=204, headers={"HX-Redirect": reverse("delegate-list", args=[delegate.session_id])}
    )


@require_POST
def remind(request: Request, session_pk: int) -> HttpResponse:
    """Remind exactly those who have not answered."""
    session = _session(request, session_pk)
    count = invitations.remind(session=session, by=request.actor)
    words = ngettext("%d reminder is on its way.", "%d reminders are on their way.", count)
    messages.success(request, words % count)
    return redirect("delegate-list", session.pk)
