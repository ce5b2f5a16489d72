"""Log lines as JSON, one an event, with the request's id and without secrets."""

import json
import logging
import re
import time
import traceback
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse

access_log = logging.getLogger("planner.access_log")
request_id: ContextVar[str] = ContextVar("request_id", default="")

# A link's token is as good as a password: what follows /i/, /j/, /p/, /c/ or /screen/ never reaches a log.
LINK_TOKEN = re.compile(r"/(i|j|p|c|screen)/[^/\s?'\"<>.]+")
BEARER = re.compile(r"(?i)\bbearer\s+[^\s'\",]+")
SAFE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


def masked(text: str) -> str:
    """`text` with the tokens of links and of the Authorization header blotted out."""
    return BEARER.sub("Bearer …", LINK_TOKEN.sub(r"/\1/…", text))


class JsonLines(logging.Formatter):
    """One JSON object a record: at, level, logger, message; request; method, path, status, ms; trace."""

    FIELDS = ("method", "path", "status", "ms", "user")

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line, masked."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": masked(record.getMessage()),
        }
        if current := request_id.get():
            line["request"] = current
        fields = getattr(record, "fields", {})
        line |= {name: fields[name] for name in self.FIELDS if name in fields}
        if record.exc_info:
            line["trace"] = masked("".join(traceback.format_exception(*record.exc_info)))
        return json.dumps(line, ensure_ascii=False)


class RequestLog:
    """Gives each request an id (kept from X-Request-ID when sane), answers with it, writes one access line."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        reset = request_id.set(given if SAFE_ID.fullmatch(given) else uuid.uuid4().hex)
        begun = time.perf_counter()
        try:
            response = self.get_response(request)
            response.headers["X-Request-ID"] = request_id.get()
            self._write(request, response.status_code, time.perf_counter() - begun)
        finally:
            request_id.reset(reset)
        return response

    @staticmethod
    def _write(request: HttpRequest, status: int, seconds: float) -> None:
        fields = {
            "method": request.method,
            "path": masked(request.path),
            "status": status,
            "ms": round(seconds * 1000, 1),
        }
        access_log.info("%s %s %s", fields["method"], fields["path"], status, extra={"fields": fields})


def configuration(level: str) -> dict[str, Any]:
    """Django's LOGGING: everything to standard error as JSON lines from `level` up."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "planner.logs.JsonLines"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Its default handlers mail administrators and colour the console; ours is the root's alone.
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.request": {"level": "ERROR"},
            "django-q": {"handlers": [], "level": "WARNING", "propagate": True},
        },
    }
