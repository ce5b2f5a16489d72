"""A person entered in one go with the posts they hold: what a program sends as one thing is kept or refused as one."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from planner.access import Actor
from planner.errors import RuleBroken
from planner.models import Appointment, Person, Post, Unit
from planner.services import appointments, people
from planner.services.appointments import NewPost
from planner.services.people import Details


class PostNeeded(RuleBroken):
    """A post entry names no post."""

    code = "post_needed"
    message = _("Name the post.")


@dataclass(frozen=True)
class PostEntry:
    """A post to take up, known or by name; with `appointment`, one held already to be put right."""

    post: Post | None = None
    name: str = ""
    unit: Unit | None = None
    title: str = ""
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    position: int | None = None
    appointment: Appointment | None = None


@transaction.atomic
def enter(details: Details, *, posts: Sequence[PostEntry] = (), by: Actor) -> Person:
    """The new person with posts. Raises PostNeeded and what `people.create` and `appointments.appoint` raise."""
    person = people.create(details, by=by)
    return _with_posts(person, posts, by)


@transaction.atomic
def revise(
    person: Person,
    *,
    details: Details,
    posts: Sequence[PostEntry] = (),
    version: int | None = None,
    by: Actor,
) -> Person:
    """The person with new details and posts; posts not named stay as they are.

    Raises PostNeeded and what `people.change`, `appointments.appoint` and `appointments.change` raise.
    """
    person = people.change(person, details=details, version=version, by=by)
    return _with_posts(person, posts, by)


def _with_posts(person: Person, posts: Sequence[PostEntry], by: Actor) -> Person:
    for entry in posts:
        held = NewPost(
            post=_post(entry, by),
            unit=entry.unit,
            title=entry.title,
            starts_on=entry.starts_on,
            ends_on=entry.ends_on,
            position=entry.position,
        )
        if entry.appointment is not None:
            appointments.change(entry.appointment, to=held, by=by)
        else:
            appointments.appoint(person, to=held, by=by)
    person.refresh_from_db()
    return person


def _post(entry: PostEntry, by: Actor) -> Post:
    if entry.post is not None:
        return entry.post
    if entry.name:
        return appointments.post_named(entry.name, by=by)
    if entry.appointment is not None:
        return entry.appointment.post
    raise PostNeeded(fields={"posts": PostNeeded.message})
