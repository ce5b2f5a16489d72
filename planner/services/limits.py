"""How often something may be tried: counters in the cache, the same for all web processes."""

import time

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from planner.errors import DomainError
from planner.services import links


class TooOften(DomainError):
    """Tried too often in a short time; the edge answers 429."""

    code = "too_many_requests"
    message = _("Too many tries. Wait a few minutes, then try again.")


def take(action: str, key: str, *, most: int, seconds: int) -> bool:
    """True while `key` did this at most so often within the present span of so many seconds.

    The key is kept as a digest: it may be an address or a token.
    """
    name = f"limit:{action}:{links.digest(key)}:{int(time.time()) // seconds}"
    cache.add(name, 0, seconds)
    try:
        return int(cache.incr(name)) <= most
    except ValueError:  # culled between the two steps
        return True
