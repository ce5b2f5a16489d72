"""What becomes of a session's words about people when the session turns secret: they go."""

from django.db import transaction

from attendees.models import Delegate, Reply, Substitution
from planner.access import Actor, Can, must
from planner.models import Session, StoredFile


@transaction.atomic
def strip(*, session: Session, by: Actor) -> None:
    """Blank what was told in words about delegates, and drop sheets that carry the title; badges stay valid.

    A repeat is harmless.
    """
    must(by, Can.PLAN, on=session)
    Delegate.objects.filter(session=session).update(diet="", needs="", note="")
    Reply.objects.filter(delegate__session=session).update(reason="")
    Substitution.objects.filter(delegate__session=session).update(reason="", substitute_text="")
    StoredFile.objects.filter(session_id=session.pk).delete()
