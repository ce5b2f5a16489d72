"""Long work: how far it is and what came of it."""

from typing import Any

from django.db.models import Q, QuerySet
from ninja import Field, Router, Schema

from planner.access import Actor, Can
from planner.models import Job, Session
from planner.pages import Request
from planner.services.jobs import progress_of
from planner.wire import Ref, When, answers, found

router = Router(tags=["jobs"])


class JobOut(Schema):
    """A piece of long work."""

    id: Ref
    kind: str = Field(examples=["badges"])
    session_id: Ref | None
    state: str = Field(description="`queued`, `running`, `done` or `failed`.", examples=["running"])
    done: int = Field(description="Steps taken.", examples=[120])
    total: int = Field(description="Steps in all; 0 while not known.", examples=[550])
    result: dict[str, Any] = Field(description="What came of it, by kind.", examples=[{"pages": 138}])
    error: str = Field(description="Why it failed.", examples=[""])
    created_at: When
    ended_at: When | None = Field(examples=[None])


@router.get("/jobs/{job_id}", response=answers(404, ok=JobOut))
def read_job(request: Request, job_id: str) -> JobOut:
    """How far a piece of long work is."""
    return _job_out(found(_visible_to(request.auth), job_id))


def _visible_to(actor: Actor) -> QuerySet[Job]:
    """One's own jobs, those of sessions one may read, and all for an administrator."""
    if actor.can(Can.ADMINISTER):
        return Job.objects.all()
    own = Q(user_id=actor.user_id) if actor.user_id else Q(pk__in=[])
    return Job.objects.filter(own | Q(session_id__in=Session.objects.visible_to(actor).values("pk")))


def _job_out(job: Job) -> JobOut:
    progress = progress_of(job)
    return JobOut(
        id=job.pk,
        kind=job.kind,
        session_id=job.session_id,
        state=progress.state,
        done=progress.done,
        total=progress.total,
        result=job.result,
        error=job.error,
        created_at=job.created_at,
        ended_at=job.ended_at,
    )
