"""For operators: is the process alive, is the product ready, and a few figures to watch."""

import datetime as dt

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_q.models import OrmQ

from planner.models import AuditEntry, Message
from planner.pages import Request, origin_of

_LATE = dt.timedelta(minutes=5)
_HERE = ("127.0.0.1", "::1", "")


@login_not_required
@never_cache
@require_safe
def alive(request: Request) -> HttpResponse:
    """200 while the process answers; touches nothing else."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def ready(request: Request) -> HttpResponse:
    """200 when database, schema and mail keep up, else 503 with what does not."""
    checks = {"database": _database(), "schema": False, "mail": False}
    if checks["database"]:
        checks |= {"schema": not _unapplied(), "mail": not _late_mails()}
    return JsonResponse(checks, status=200 if all(checks.values()) else 503)


def _database() -> bool:
    try:
        connection.ensure_connection()
    except DatabaseError:
        return False
    return connection.is_usable()


def _unapplied() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _late_mails() -> bool:
    """True when a mail that could have left minutes ago has never been tried: nobody is working."""
    return Message.objects.waiting().filter(attempts=0, send_after__lt=timezone.now() - _LATE).exists()


@login_not_required
@never_cache
@require_safe
def metrics(request: Request) -> HttpResponse:
    """Figures in Prometheus' text form, for this machine only: a proxy or another host gets 404."""
    if origin_of(request) not in _HERE or "HTTP_X_FORWARDED_FOR" in request.META:
        raise Http404
    figures = {
        "nghi_trinh_jobs_waiting": OrmQ.objects.count(),
        "nghi_trinh_mails_waiting": Message.objects.waiting().count(),
        "nghi_trinh_mails_failed": Message.objects.filter(state=Message.State.FAILED).count(),
        "nghi_trinh_audit_unsealed": AuditEntry.objects.filter(sequence__isnull=True).count(),
    }
    lines = [f"# TYPE {name} gauge\n{name} {value}\n" for name, value in figures.items()]
    return HttpResponse("".join(lines), content_type="text/plain; version=0.0.4")
