"""Long work as those who wait for it see it."""

from dataclasses import dataclass

from planner.models import Job, Message


@dataclass(frozen=True)
class Progress:
    """How far a job is."""

    state: str
    done: int
    total: int


def progress_of(job: Job) -> Progress:
    """How far a job is; a sending of mails is as far as its messages are."""
    if job.kind != "invitations" or job.state != Job.State.RUNNING:
        return Progress(job.state, job.done, job.total)
    mine = Message.objects.filter(
        session_id=job.session_id, id__gt=job.result["after"], id__lte=job.result["until"]
    )
    waiting = mine.filter(state__in=[Message.State.QUEUED, Message.State.PAUSED]).count()
    state = Job.State.RUNNING if waiting else Job.State.DONE
    return Progress(state, max(job.total - waiting, 0), job.total)
