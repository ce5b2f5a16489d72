"""Answers of delegates, and decisions about them."""

from typing import Literal

from ninja import Field, Router
from pydantic import AliasChoices

from attendees.api.delegate_answers import DelegateWhole, whole_out
from attendees.models import Delegate
from attendees.models.delegates import DelegateQuerySet
from attendees.services import replies
from attendees.services.replies import Answer
from planner.access import Actor
from planner.models import Person
from planner.pages import Request
from planner.wire import Id, In, answers, found

router = Router(tags=["replies"])

ReasonCode = Literal["duty", "other_session", "abroad", "leave", "illness", "family"]


class ReplyIn(In):
    """What a delegate answers."""

    status: Literal["attending", "asks_excuse", "declined", "asks_substitute"] = Field(
        description="A member's `declined` is kept as a request to be excused."
    )
    mode: Literal["in_person", "online", ""] = Field("", description="How they take part.")
    reason: str = Field(
        "", max_length=300, description="Never for a secret session.", examples=["Đi công tác nước ngoài"]
    )
    reason_code: ReasonCode | None = Field(None, examples=["abroad"])
    substitute_id: Id | None = Field(None, description="With `asks_substitute`: who would come.")
    substitute: str = Field(
        "", max_length=200, description="Who would come, when not in the directory.", examples=[""]
    )
    channel: Literal["api", "phone", "office"] = Field("api", description="How the answer came.")


class ReplyDecisionIn(In):
    """What somebody decided."""

    decision: Literal["excused", "not_excused", "substitute_approved", "substitute_refused"] = Field(
        validation_alias=AliasChoices("decision", "status")
    )
    by_whom: str = Field(
        min_length=1, max_length=150, description="Who decided.", examples=["Đồng chí Bí thư Tỉnh ủy"]
    )
    reason: str = Field("", max_length=300, description="Never for a secret session.", examples=[""])


@router.post("/delegates/{delegate_id}/reply", response=answers(403, 404, 409, 422, ok=DelegateWhole))
def record_reply(request: Request, delegate_id: str, data: ReplyIn) -> DelegateWhole:
    """Record what a delegate answers; the latest answer wins and none is lost.

    Refuses with `not_allowed`, `not_listed`, `session_over`, `substitute_not_allowed`, `secret_content_refused`.
    """
    delegate = found(_visible(request.auth), delegate_id)
    people = Person.objects.visible_to(request.auth).active()
    answer = Answer(
        status=data.status,
        channel=data.channel,
        reason=data.reason,
        reason_code=data.reason_code or "",
        mode=data.mode,
        substitute=found(people, data.substitute_id, field="substitute_id") if data.substitute_id else None,
        substitute_text=data.substitute,
    )
    replies.record(delegate=delegate, answer=answer, by=request.auth)
    return whole_out(found(_visible(request.auth), delegate_id), request.auth)


@router.post("/delegates/{delegate_id}/decision", response=answers(403, 404, 409, 422, ok=DelegateWhole))
def record_decision(request: Request, delegate_id: str, data: ReplyDecisionIn) -> DelegateWhole:
    """Record who decided what on a request to be excused or substituted.

    Refuses with `not_allowed`, `not_listed`, `nothing_to_decide`, `secret_content_refused`.
    """
    replies.decide(
        delegate=found(_visible(request.auth), delegate_id),
        decision=data.decision,
        by_whom=data.by_whom,
        reason=data.reason,
        by=request.auth,
    )
    return whole_out(found(_visible(request.auth), delegate_id), request.auth)


def _visible(actor: Actor) -> DelegateQuerySet:
    return Delegate.objects.visible_to(actor).with_list_columns()
