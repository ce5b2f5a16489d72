"""The language of pages, chosen in the menu: on this device, and in the account of who is signed in."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from planner.models import User
from planner.services import accounts

LANGUAGES = {code for code, _name in settings.LANGUAGES}


@login_not_required
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Back to the page in the other language; the account keeps it, for it goes before the cookie."""
    language = request.POST.get("language", "")
    user = request.user
    if isinstance(user, User) and language in LANGUAGES:
        accounts.set_preferences(user=user, language=language, by=accounts.actor_for(user))
    return set_language(request)
