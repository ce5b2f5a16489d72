"""Every POST of the API may carry an Idempotency-Key: a repeat gets the first answer and does nothing again.

The claim on a key is committed first; the work and its answer are then committed together, so that a crash leaves
either both or a claim that another may take over.
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError

from planner.access import Actor
from planner.errors import DomainError
from planner.services import answers
from planner.services.answers import Answer, Ask, Claim, InProgress

Run = Callable[..., HttpResponse]
KEPT_HEADERS = ("Content-Type", "Content-Language", "Content-Disposition", "Location", "Retry-After", "ETag")
EXEMPT = ("/devices/pair",)  # one-time codes are their own guard, and the answer is a secret
NOT_KEPT = (401, 429)


def once(
    authenticate: Callable[[HttpRequest], Actor | None],
    refuse: Callable[[HttpRequest, DomainError], HttpResponse],
) -> Callable[[Run], Run]:
    """A decorator of API operations: under one key the same request runs once, for a day.

    `authenticate` names the token, since keys of different tokens never meet; `refuse` turns refusals into answers.
    """

    def decorated(run: Run) -> Run:
        @wraps(run)
        def wrapped(request: HttpRequest, **params: Any) -> HttpResponse:
            ask = _ask_of(request, authenticate)
            if ask is None:
                return run(request, **params)
            try:
                claimed = answers.claim(ask)
                if isinstance(claimed, Answer):
                    return _again(claimed)
                return _carried_out(claimed, lambda: run(request, **params))
            except DomainError as refusal:
                return refuse(request, refusal)

        return wrapped

    return decorated


def _ask_of(request: HttpRequest, authenticate: Callable[[HttpRequest], Actor | None]) -> Ask | None:
    """The request under its key; None when it has none, comes from nobody known, or cannot be read."""
    key = request.headers.get("Idempotency-Key", "")
    if request.method != "POST" or not key or request.path.endswith(EXEMPT):
        return None
    actor = authenticate(request)
    if actor is None:
        return None
    try:
        digest = _fingerprint(request)
    except (SuspiciousOperation, MultiPartParserError):
        return None  # too large or broken: the endpoint says so
    return Ask(f"{actor.kind}:{actor.id}", request.path[:200], key, digest)


def _fingerprint(request: HttpRequest) -> str:
    """The digest of what a request says; of a form its fields and files, since each sending draws a new boundary."""
    seen = hashlib.sha256(request.META.get("QUERY_STRING", "").encode())
    if request.content_type != "multipart/form-data":
        seen.update(b"\0" + request.body)
        return seen.hexdigest()
    for name, texts in sorted(request.POST.lists()):
        seen.update(repr((name, texts)).encode())
    for name, uploads in sorted(request.FILES.lists()):
        for upload in uploads:
            content = hashlib.sha256()
            for chunk in upload.chunks():
                content.update(chunk)
            upload.seek(0)
            seen.update(repr((name, upload.name, content.hexdigest())).encode())
    return seen.hexdigest()


def _carried_out(mine: Claim, run: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer of the work, kept with it in one transaction; what failed is undone and may be tried again."""
    is_kept = False
    try:
        with transaction.atomic():
            response = run()
            counts = _is_final(response)
            is_kept = counts and answers.keep(mine, _answer_of(response))
            if counts and not is_kept:
                raise InProgress  # somebody took the claim over: this work must not count
            if not counts:
                transaction.set_rollback(True)
        return response
    finally:
        if not is_kept:
            answers.release(mine)


def _is_final(response: HttpResponse) -> bool:
    """True for an answer that a repeat should get again; what failed on our side may be tried anew."""
    return response.status_code < 500 and response.status_code not in NOT_KEPT and not response.streaming


def _answer_of(response: HttpResponse) -> Answer:
    headers = {name: response[name] for name in KEPT_HEADERS if response.has_header(name)}
    return Answer(status=response.status_code, content=response.content, headers=headers)


def _again(kept: Answer) -> HttpResponse:
    response = HttpResponse(kept.content, status=kept.status, headers=kept.headers)
    response["Idempotency-Replayed"] = "true"
    return response
