"""What happens to every request: its language, and headers that no view may forget."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

API = "/api/"
LANGUAGES = {code for code, _ in settings.LANGUAGES}
Answer = Callable[[HttpRequest], HttpResponse]


class Language:
    """Pages speak the user's setting, then the cookie, then the office's language; the API Accept-Language."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        code = self._of_api(request) if request.path.startswith(API) else self._of_page(request)
        with translation.override(code):
            request.LANGUAGE_CODE = code
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", code)
        patch_vary_headers(response, ["Accept-Language" if request.path.startswith(API) else "Cookie"])
        return response

    @staticmethod
    def _of_api(request: HttpRequest) -> str:
        """By Accept-Language alone: Django's own search would ask the cookie of whoever sits at the browser first."""
        wishes = parse_accept_lang_header(request.headers.get("Accept-Language", "").lower())
        bases = (wish.partition("-")[0] for wish, _weight in wishes)
        return next((base for base in bases if base in LANGUAGES), settings.LANGUAGE_CODE)

    @staticmethod
    def _of_page(request: HttpRequest) -> str:
        wishes = (getattr(request.user, "language", ""), request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME))
        return next((wish for wish in wishes if wish in LANGUAGES), settings.LANGUAGE_CODE)


class SafeHeaders:
    """Browser features no page needs are off; the door's camera is its view's to open."""

    POLICY = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()"

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", self.POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Server", "nghi-trinh")  # else the web server tells its own name
        return response
