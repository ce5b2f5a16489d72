"""Addresses that libraries would answer and this product does not have."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse


@login_not_required
def not_here(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
    """Not found, whoever asks."""
    raise Http404
