"""What a session-to-be looks like: the plan somebody makes, and what a body proposes by itself."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from planner.errors import RuleBroken
from planner.models import (
    Body,
    KindProfile,
    Membership,
    Person,
    Secrecy,
    Session,
    SessionChain,
    SessionKind,
    StandingRule,
    Term,
    Unit,
)
from planner.services import secrecy
from planner.services.agendas import ItemPlan
from planner.spans import Span
from planner.vietnamese import fold, times_ordinal


class EndsBeforeItStarts(RuleBroken):
    """The end does not lie after the beginning."""

    code = "ends_before_it_starts"
    message = _("The session must end after it begins.")


class TitleNeeded(RuleBroken):
    """A session that is no secret needs a title."""

    code = "title_needed"
    message = _("Give the session a title.")


class CodeNameNeeded(RuleBroken):
    """A secret session is known by its code name."""

    code = "code_name_needed"
    message = _("Give the secret session a code name.")


PLAIN = (
    "kind",
    "title",
    "ordinal",
    "secrecy",
    "code_name",
    "mode",
    "description",
    "place_text",
    "escort",
    "car",
)
LINKED = ("body", "chain", "chain_position", "recorder", "preparing_unit", "standing_rule", "occurrence_on")


@dataclass(frozen=True)
class Plan:
    """What somebody wants to plan; `None` for chairs means the body's own."""

    kind: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    body: Body | None = None
    title: str = ""
    ordinal: int | None = None
    secrecy: str = Secrecy.NORMAL
    code_name: str = ""
    mode: str = Session.Mode.IN_PERSON
    description: str = ""
    chairs: tuple[Person, ...] | None = None
    agenda: tuple[ItemPlan, ...] = ()
    chain: SessionChain | None = None
    chain_position: int = 0
    recorder: Person | None = None
    preparing_unit: Unit | None = None
    place_text: str = ""
    escort: str = ""
    car: str = ""
    standing_rule: StandingRule | None = None
    occurrence_on: dt.date | None = None

    @property
    def span(self) -> Span:
        """The planned time; refuses with EndsBeforeItStarts."""
        if self.ends_at <= self.starts_at:
            raise EndsBeforeItStarts(fields={"ends_at": EndsBeforeItStarts.message})
        return Span(self.starts_at, self.ends_at)


@dataclass(frozen=True)
class Change:
    """New values for some fields of a session; what is not named stays."""

    values: dict[str, Any] = field(default_factory=dict)
    chairs: tuple[Person, ...] | None = None
    agenda: tuple[ItemPlan, ...] | None = None
    version: int | None = None


def term_on(day: dt.date) -> Term | None:
    """The term of office a day lies in."""
    return Term.objects.filter(starts_on__lte=day, ends_on__gt=day).first()


def profile_for(kind: str, body: Body | None) -> KindProfile:
    """The profile of a kind for a body: its own row, else the general one, else the defaults."""
    rows = KindProfile.objects.filter(kind=kind)
    own = [row for row in rows if body is not None and row.body_id == body.pk]
    general = [row for row in rows if row.body_id is None]
    return (own or general or [KindProfile(kind=kind)])[0]


def next_ordinal(body: Body, term: Term | None) -> int:
    """The ordinal the body's next session of the term would carry."""
    numbered = Session.objects.live().filter(body=body, term=term)
    return (numbered.aggregate(last=Max("ordinal"))["last"] or 0) + 1


def title_for(profile: KindProfile, body: Body | None, ordinal: int | None) -> str:
    """The title a profile gives: its template filled with the body's name and the ordinal."""
    template = profile.title_template or str(SessionKind(profile.kind).label)
    name = body.name if body else ""
    words = template.replace("{body}", name).replace("{ordinal}", times_ordinal(ordinal) if ordinal else "")
    return " ".join(words.split())


def search_key(title: str) -> str:
    """What search looks a session up by: its title folded; a secret session has none."""
    return fold(title)[:400]


def usual_chairs(body: Body | None, on: dt.date) -> tuple[Person, ...]:
    """Who chairs a body's sessions unless somebody says otherwise: its secretary."""
    if body is None:
        return ()
    seats = Membership.objects.current(on).filter(body=body).select_related("person").in_order()
    heads = [seat.person for seat in seats if seat.role == Membership.Role.SECRETARY]
    return tuple(heads[:1])


def completed(plan: Plan) -> dict[str, Any]:
    """The fields of the session a plan makes, its gaps filled from the profile of the kind.

    Raises EndsBeforeItStarts and the refusals of `refuse_wrong_shell`.
    """
    span, day = plan.span, timezone.localdate(plan.starts_at)
    profile, term = profile_for(plan.kind, plan.body), term_on(day)
    numbers = profile.uses_ordinal and plan.body is not None and plan.body.uses_ordinals
    ordinal = plan.ordinal
    if ordinal is None and numbers and plan.body is not None:
        ordinal = next_ordinal(plan.body, term)
    title = plan.title
    if not title and plan.secrecy == Secrecy.NORMAL and plan.body is not None:
        title = title_for(profile, plan.body, ordinal)
    values = {name: getattr(plan, name) for name in (*PLAIN, *LINKED)}
    values |= {"ordinal": ordinal, "title": title, "term": term, "search_key": search_key(title)}
    refuse_wrong_shell(values, has_agenda=bool(plan.agenda))
    return values | {
        "starts_at": span.starts_at,
        "ends_at": span.ends_at,
        "doors_open_minutes": profile.doors_open_minutes,
        "reply_by": span.starts_at - dt.timedelta(hours=profile.reply_hours),
    }


def refuse_wrong_shell(values: dict[str, Any], *, has_agenda: bool) -> None:
    """Refuse a secret session with content or without a code name, and an open one without a title."""
    if values["secrecy"] == Secrecy.SECRET:
        secrecy.refuse_content(values | {"agenda": has_agenda})
        if not values["code_name"]:
            raise CodeNameNeeded(fields={"code_name": CodeNameNeeded.message})
    elif not values["title"]:
        raise TitleNeeded(fields={"title": TitleNeeded.message})
