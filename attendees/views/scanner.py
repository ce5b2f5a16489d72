"""/door/: the scanner's page and what makes it an app that works without a network."""

import hashlib
import json
from pathlib import Path
from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from attendees.verdicts import LOOKS, SCREEN_WORDS

_ZXING = "vendor/zxing-wasm-3.1.4"
_FONTS = "vendor/be-vietnam-pro-5.3.0"
# What the page needs without a network, beside itself and its worker.
SHELL = (
    "css/fonts.css",
    "css/tokens.css",
    "scanner/door.css",
    "scanner/app.js",
    "scanner/camera.js",
    "scanner/clock.js",
    "scanner/decide.js",
    "scanner/keys.js",
    "scanner/pad.js",
    "scanner/queue.js",
    "scanner/search.js",
    "scanner/server.js",
    "scanner/show.js",
    "scanner/sounds.js",
    "scanner/store.js",
    "scanner/verdicts.js",
    "scanner/icon-192.png",
    f"{_ZXING}/reader/index.js",
    f"{_ZXING}/share.js",
    f"{_ZXING}/reader/zxing_reader.wasm",
    *(
        f"{_FONTS}/{subset}-{weight}.woff2"
        for subset in ("latin", "vietnamese")
        for weight in (400, 600, 700)
    ),
)
_ICONS = sorted({look.icon for look in LOOKS.values()} | {"hourglass"})
_WASM = {"script-src": ["'wasm-unsafe-eval'"]}


@login_not_required
@csp_update(_WASM)
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The scanner: needs no account, knows nothing until it is paired."""
    context = {
        "looks": _looks(),
        "words": _words(),
        "icons": _ICONS,
        "zxing": f"{_ZXING}/reader/index.js",
        "wasm": f"{_ZXING}/reader/zxing_reader.wasm",
    }
    response = render(request, "scanner/door.html", context)
    response["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=()"
    response["Cache-Control"] = "no-cache"
    return response


@login_not_required
@csp_update(_WASM)
@never_cache
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: scope follows its path, so it lives beside the page; told which files to keep."""
    shell = [reverse("door"), reverse("door-reader"), *(static(name) for name in SHELL)]
    version = hashlib.sha256(json.dumps([shell, _digests()]).encode()).hexdigest()[:16]
    head = f"const VERSION = {json.dumps(version)};\nconst SHELL = {json.dumps(shell)};\n"
    return HttpResponse(head + _source("scanner/sw.js"), content_type="text/javascript; charset=utf-8")


@login_not_required
@csp_update(_WASM)
@cache_control(no_cache=True)
@require_safe
def reader(request: HttpRequest) -> HttpResponse:
    """The worker that reads QR codes: a worker obeys the policy of its own answer, and this one needs WebAssembly."""
    return HttpResponse(_source("scanner/reader.js"), content_type="text/javascript; charset=utf-8")


@login_not_required
@cache_control(no_cache=True)
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What lets a phone put the door on its home screen."""
    content = {"name": _("Door · Nghị Trình"), "short_name": _("Door"), "icons": _icons()}
    content |= {"start_url": reverse("door"), "scope": reverse("door"), "display": "standalone"}
    content |= {"background_color": "#131312", "theme_color": "#131312"}
    return JsonResponse(content, content_type="application/manifest+json")


def _icons() -> list[dict[str, str]]:
    return [
        {
            "src": static(f"scanner/icon-{side}.png"),
            "sizes": f"{side}x{side}",
            "type": "image/png",
            "purpose": "any",
        }
        for side in (192, 512)
    ]


def _looks() -> dict[str, dict[str, str]]:
    return {
        str(verdict): {
            "screen": look.screen,
            "colour": look.colour,
            "icon": look.icon,
            "sound": look.sound,
            "text": str(look.text),
            "next_step": str(look.next_step),
        }
        for verdict, look in LOOKS.items()
    }


def _words() -> dict[str, Any]:
    return {str(screen): str(word) for screen, word in SCREEN_WORDS.items()} | {
        "wait": _("PLEASE WAIT"),
        "asking": _("Asking …"),
        "seat": _("Seat"),
        "number": _("No."),
        "first": _("Came in by {gate} at {time}"),
        "pending": _("{n} scans not sent"),
        "trouble": _("{n} refused by the server"),
        "synced": _("synced {n} s ago"),
        "never_synced": _("not synced yet"),
        "skew": _("This device's clock is {n} s off"),
        "revoked": _("This device was shut out. Ask the office for a new code."),
        "no_answer": _("No answer from the server. Check the network, then try again."),
        "not_kept": _("This device could not keep the scan. Write the name down and call the office."),
        "slip": _("One digit is wrong. Read the code again."),
        "confirm": _("Tap again to let in"),
        "undo": _("Undone at the door"),
        "undone": _("The last scan is undone."),
        "camera_denied": _(
            "The camera is not allowed. Allow it in the browser, or use a USB scanner or the keypad."
        ),
        "camera_missing": _("No camera found. A USB scanner and the keypad work."),
        "camera_insecure": _(
            "Over plain HTTP the browser gives no camera. A USB scanner and the keypad work."
        ),
        "camera_reader-failed": _("Codes cannot be read here. A USB scanner and the keypad work."),
    }


def _source(name: str) -> str:
    found = finders.find(name)
    path = Path(str(found)) if found else Path(settings.STATIC_ROOT) / name
    return path.read_text("utf-8")


def _digests() -> list[str]:
    """What changes when the page itself changes, so that doors fetch it anew."""
    parts = [_source("scanner/sw.js"), _source("scanner/reader.js"), json.dumps([_looks(), _words()])]
    return [hashlib.sha256(part.encode()).hexdigest() for part in parts]
