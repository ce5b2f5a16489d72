"""Who a token is."""

from ninja import Field, Router, Schema

from planner.access import Actor, Can
from planner.models import Grant, User
from planner.pages import Request
from planner.wire import Ref, answers

router = Router(tags=["me"])


class GrantOut(Schema):
    """A role and where it holds."""

    role: str = Field(examples=["planner"])
    body_id: Ref | None = Field(description="Only for this body.", examples=[None])
    session_id: Ref | None = Field(description="Only for this session.", examples=[None])


class AccountOut(Schema):
    """The account behind a token."""

    id: Ref
    username: str = Field(examples=["chuyenvien"])
    full_name: str = Field(examples=["Nguyễn Văn An"])
    person_id: Ref | None = Field(examples=[None])
    language: str = Field(description="`vi`, `en` or empty.", examples=["vi"])
    grants: list[GrantOut]


class MeOut(Schema):
    """Who acts and what they may do."""

    kind: str = Field(description="`token` or `device`.", examples=["token"])
    id: str = Field(examples=["4"])
    label: str = Field(
        description="How the audit log names this actor.", examples=["Nguyễn Văn An (nhập liệu)"]
    )
    account: AccountOut | None = Field(description="None for a door device.")
    can: list[str] = Field(
        description="What the token may do for the whole office.", examples=[["read", "plan"]]
    )
    can_for_bodies: dict[str, list[str]] = Field(
        description="Per body id, what it may do there.", examples=[{"3": ["read", "plan"]}]
    )
    can_for_sessions: dict[str, list[str]] = Field(
        description="Per session id, what it may do there.", examples=[{"17": ["scan"]}]
    )


@router.get("/me", response=answers(ok=MeOut))
def read_me(request: Request) -> MeOut:
    """Who the token is and what it may do."""
    actor = request.auth
    return MeOut(
        kind=actor.kind,
        id=actor.id,
        label=actor.label,
        account=_account(actor),
        can=_words(actor.everywhere),
        can_for_bodies={str(pk): _words(cans) for pk, cans in sorted(actor.for_bodies.items())},
        can_for_sessions={str(pk): _words(cans) for pk, cans in sorted(actor.for_sessions.items())},
    )


def _words(cans: frozenset[Can]) -> list[str]:
    return sorted(can.value for can in cans)


def _account(actor: Actor) -> AccountOut | None:
    user = User.objects.filter(pk=actor.user_id).prefetch_related("grants").first() if actor.user_id else None
    if user is None:
        return None
    return AccountOut(
        id=user.pk,
        username=user.username,
        full_name=user.full_name,
        person_id=user.person_id,
        language=user.language,
        grants=[_grant(row) for row in user.grants.all()],
    )


def _grant(row: Grant) -> GrantOut:
    return GrantOut(role=row.role, body_id=row.body_id, session_id=row.session_id)
