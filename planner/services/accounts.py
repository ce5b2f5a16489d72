"""Accounts as actors, their grants, and API tokens."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from planner.access import CAPABILITIES, NOBODY, SCOPES, Actor, Can, Role, must, narrowed
from planner.errors import RuleBroken
from planner.models import ApiToken, Body, Grant, Session, User
from planner.services import audit, links

_STAMP_EVERY = dt.timedelta(hours=1)  # "last used" at most hourly: a stamp per request is a write per request


class UnknownScope(RuleBroken):
    """A token was asked for with a scope that does not exist."""

    code = "unknown_scope"
    message = _("There is no such scope. Choose among: read, plan, people, door, admin.")


def actor_for(user: User | AbstractBaseUser | AnonymousUser, origin: str = "") -> Actor:
    """The actor an account is, with what it is granted now; NOBODY when not signed in. One query."""
    if not isinstance(user, User) or not user.is_active:
        return NOBODY
    everywhere: set[Can] = set(CAPABILITIES[Role.ADMINISTRATOR]) if user.is_superuser else set()
    bodies: dict[int, frozenset[Can]] = defaultdict(frozenset)
    sessions: dict[int, frozenset[Can]] = defaultdict(frozenset)
    for grant in user.grants.filter(Q(until__isnull=True) | Q(until__gt=timezone.now())):
        cans = CAPABILITIES[Role(grant.role)]
        if grant.session_id:
            sessions[grant.session_id] |= cans
        elif grant.body_id:
            bodies[grant.body_id] |= cans
        else:
            everywhere |= cans
    return Actor(
        kind="user",
        id=str(user.pk),
        label=str(user),
        everywhere=frozenset(everywhere),
        for_bodies=dict(bodies),
        for_sessions=dict(sessions),
        user_id=user.pk,
        origin=origin,
    )


def actor_for_token(text: str, origin: str = "") -> Actor | None:
    """The actor behind an API token, narrowed to its scopes; None when unknown, expired or revoked."""
    now = timezone.now()
    row = (
        ApiToken.objects.select_related("user")
        .filter(digest=links.digest(text), revoked_at__isnull=True, user__is_active=True)
        .filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now))
        .first()
    )
    if row is None:
        return None
    if row.last_used_at is None or row.last_used_at < now - _STAMP_EVERY:
        ApiToken.objects.filter(pk=row.pk).update(last_used_at=now)
    full = actor_for(row.user, origin)
    return Actor(
        kind="token",
        id=str(row.pk),
        label=f"{full.label} ({row.name})",
        everywhere=narrowed(full.everywhere, row.scopes),
        for_bodies={pk: narrowed(cans, row.scopes) for pk, cans in full.for_bodies.items()},
        for_sessions={pk: narrowed(cans, row.scopes) for pk, cans in full.for_sessions.items()},
        user_id=full.user_id,
        origin=origin,
    )


@transaction.atomic
def create_token(
    *, user: User, name: str, scopes: Iterable[str], days: int | None = 365, by: Actor
) -> tuple[ApiToken, str]:
    """A new API token and its text, which is shown once and never stored."""
    if by.user_id != user.pk:
        must(by, Can.ADMINISTER)
    wanted = sorted(set(scopes)) or ["read"]
    if not set(wanted) <= set(SCOPES):
        raise UnknownScope
    now, text = timezone.now(), links.fresh_token()
    row = ApiToken.objects.create(
        user=user,
        name=name,
        digest=links.digest(text),
        scopes=wanted,
        created_at=now,
        expires_at=now + dt.timedelta(days=days) if days else None,
    )
    audit.record("token.created", on=row, by=by, after={"name": name, "scopes": wanted})
    return row, text


@transaction.atomic
def revoke_token(*, token: ApiToken, by: Actor) -> None:
    """End a token at once; a repeat is harmless."""
    if by.user_id != token.user_id:
        must(by, Can.ADMINISTER)
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        audit.record("token.revoked", on=token, by=by, after={"name": token.name})


@transaction.atomic
def grant(
    *, user: User, role: Role, body: Body | None = None, session: Session | None = None, by: Actor
) -> Grant:
    """Give an account a role for the office, a body or a session; a repeat is harmless."""
    must(by, Can.ADMINISTER)
    row, is_new = Grant.objects.get_or_create(user=user, role=role.value, body=body, session=session)
    if is_new:
        audit.record("role.granted", on=user, by=by, after={"role": role.value, "body": body and body.pk})
    return row


@transaction.atomic
def set_preferences(*, user: User, language: str | None = None, theme: str | None = None, by: Actor) -> None:
    """Keep an account's own language and theme."""
    if language is not None:
        user.language = language
    if theme is not None:
        user.theme = theme
    user.save(update_fields=["language", "theme"])
