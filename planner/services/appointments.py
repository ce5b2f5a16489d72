"""Posts held by people: appointed, ended and transferred on a day; what was is never overwritten."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from planner.access import Actor, Can, must
from planner.errors import RuleBroken
from planner.models import Appointment, Person, Post, Unit
from planner.services import audit, edits, people
from planner.services.search import key_of
from planner.vietnamese import normalise_name


class EndsBeforeItBegan(RuleBroken):
    """A post cannot end before its first day."""

    code = "ends_before_it_began"
    message = _("The last day lies before the first. Check both dates.")


class EndedAlready(RuleBroken):
    """The post was given up on an earlier day."""

    code = "post_ended"
    message = _("This post has ended already.")


@dataclass(frozen=True)
class NewPost:
    """A post to take up: `title` is how letters print it (else post and unit), `position` its place among several."""

    post: Post
    unit: Unit | None = None
    title: str = ""
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    position: int | None = None


@transaction.atomic
def appoint(person: Person, *, to: NewPost, by: Actor) -> Appointment:
    """The post taken up, placed last unless `to.position` says otherwise.

    The same post in the same unit, already held that day, is answered as it stands. Raises NotAllowed,
    EndsBeforeItBegan, Gone.
    """
    must(by, Can.EDIT_PEOPLE)
    person = people.locked(person)
    if to.starts_on and to.ends_on and to.ends_on < to.starts_on:
        raise EndsBeforeItBegan(fields={"ends_on": EndsBeforeItBegan.message})
    day = to.starts_on or timezone.localdate()
    if held := person.appointments.current(day).filter(post=to.post, unit=to.unit).first():
        return held
    values = {
        "person": person,
        "post": to.post,
        "unit": to.unit,
        "title": to.title,
        "position": to.position or _next_position(person),
        "starts_on": to.starts_on,
        "ends_on": to.ends_on,
    }
    row = edits.written(Appointment(), values, action="post.taken", by=by)
    people.refresh([person.pk])
    return row


@transaction.atomic
def change(appointment: Appointment, *, to: NewPost, by: Actor) -> Appointment:
    """The appointment put right: a slip of the pen, not a new post (that is `transfer`). Raises EndsBeforeItBegan."""
    must(by, Can.EDIT_PEOPLE)
    if to.starts_on and to.ends_on and to.ends_on < to.starts_on:
        raise EndsBeforeItBegan(fields={"ends_on": EndsBeforeItBegan.message})
    row = Appointment.objects.select_for_update().get(pk=appointment.pk)
    values = {
        "post": to.post,
        "unit": to.unit,
        "title": to.title,
        "starts_on": to.starts_on,
        "ends_on": to.ends_on,
        "position": to.position or row.position,
    }
    row = edits.written(row, values, action="post.corrected", by=by)
    people.refresh([row.person_id])
    return row


@transaction.atomic
def end(appointment: Appointment, *, on: dt.date, by: Actor) -> Appointment:
    """The appointment ended: `on` is the first day it is no longer held. Afterwards it prints with "nguyên".

    A repeat with the same day is harmless. Raises NotAllowed, EndsBeforeItBegan, EndedAlready.
    """
    must(by, Can.EDIT_PEOPLE)
    row = Appointment.objects.select_for_update().get(pk=appointment.pk)
    if row.starts_on and on < row.starts_on:
        raise EndsBeforeItBegan(fields={"on": EndsBeforeItBegan.message})
    if row.ends_on and row.ends_on < on:
        raise EndedAlready
    row = edits.written(row, {"ends_on": on}, action="post.given_up", by=by)
    people.refresh([row.person_id])
    return row


@transaction.atomic
def transfer(appointment: Appointment, *, to: NewPost, on: dt.date, by: Actor) -> Appointment:
    """The new post, held from `on`, in the place of the old one, which ends that day.

    Whoever belonged to the old post's unit belongs to the new one's. Raises as `end` and `appoint` do.
    """
    must(by, Can.EDIT_PEOPLE)
    old = end(appointment, on=on, by=by)
    person = people.locked(old.person)
    if to.unit is not None and person.unit_id == old.unit_id:
        edits.written(
            person, {"unit": to.unit, "version": person.version + 1}, action="person.changed", by=by
        )
    fresh = NewPost(to.post, to.unit, to.title, on, to.ends_on, to.position or old.position)
    return appoint(person, to=fresh, by=by)


@transaction.atomic
def post_named(name: str, *, rank: int = 500, by: Actor) -> Post:
    """The post of that name, added with `rank` when the office did not know it."""
    must(by, Can.EDIT_PEOPLE)
    name = normalise_name(name)
    post, is_new = Post.objects.get_or_create(name=name, defaults={"rank": rank, "search_key": key_of(name)})
    if is_new:
        audit.record("post.named", on=post, by=by, after={"name": name, "rank": rank})
    return post


@transaction.atomic
def rank_post(post: Post, *, name: str, rank: int, by: Actor) -> Post:
    """The post with its name and rank, and everybody who holds it in the right order again."""
    must(by, Can.EDIT_PEOPLE)
    name = normalise_name(name)
    values = {"name": name, "rank": rank, "search_key": key_of(name)}
    post = edits.written(post, values, action="post.ranked", by=by)
    people.refresh(post.appointments.values_list("person_id", flat=True))
    return post


def _next_position(person: Person) -> int:
    return (person.appointments.aggregate(last=Max("position"))["last"] or 0) + 1
