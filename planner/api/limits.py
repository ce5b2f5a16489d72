"""How often a token may ask: counted over all processes and machines, in the cache that is a table."""

import time
from collections import Counter

from django.core.cache import cache
from django.http import HttpRequest
from ninja.throttling import BaseThrottle

PER_MINUTE = 6000
_LOT = 20  # requests counted in memory before the table is written; a write per request would cost too much


class PerToken(BaseThrottle):
    """At most `PER_MINUTE` requests of one token in a minute of the clock; paired door devices are not counted."""

    def __init__(self, per_minute: int = PER_MINUTE, lot: int = _LOT) -> None:
        self.per_minute, self.lot = per_minute, lot
        self._pending: Counter[str] = Counter()
        self._minute = 0

    def allow_request(self, request: HttpRequest) -> bool:
        """Whether this request is within the limit."""
        actor = getattr(request, "auth", None)
        if actor is None or actor.kind == "device":
            return True
        minute = int(time.time() // 60)
        if minute != self._minute:
            self._minute, self._pending = minute, Counter()
        key = f"api-{actor.kind}-{actor.id}-{minute}"
        self._pending[key] += 1
        if self._pending[key] >= self.lot:
            cache.add(key, 0, timeout=120)
            cache.incr(key, self._pending.pop(key))
        return int(cache.get(key, 0)) + self._pending[key] <= self.per_minute

    def wait(self) -> float | None:
        """Seconds until the next minute of the clock."""
        return 60 - time.time() % 60
