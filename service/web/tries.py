"""Limits on guessing, by address and by account name. Kept in memory, each web process for itself; the lock
of an account (usecases/sign_in) is in the database and holds for all.
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import Request
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from service.domain.account_errors import TooManyTries
from service.errors import NotSignedIn
from service.usecases.identify import digest

ASKED = RateLimitItemPerMinute(120)
"""Tries of one address, right or wrong: each costs a password hash."""

FAILED = (RateLimitItemPerMinute(30), RateLimitItemPerHour(200))
"""Wrong ones of one address."""

FAILED_FOR_ONE = RateLimitItemPerMinute(10, 15)
"""Wrong ones for one account name, known or not: an unknown one is refused like one that is locked."""


class Tries:
    """Counts, in moving windows."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    @contextmanager
    def counted(self, request: Request, name: str = "") -> Iterator[None]:
        """Around one try. Raises TooManyTries before it; a NotSignedIn from inside is counted as wrong."""
        address = _network(request)
        wrong = [(limit, address) for limit in FAILED]
        if name:
            wrong.append((FAILED_FOR_ONE, digest(name.strip().lower())))
        if not self._limiter.hit(ASKED, "asked", address):
            raise self._too_many(ASKED, "asked", address)
        for limit, key in wrong:
            if not self._limiter.test(limit, "wrong", key):
                raise self._too_many(limit, "wrong", key)
        try:
            yield
        except NotSignedIn:
            for limit, key in wrong:
                self._limiter.hit(limit, "wrong", key)
            raise

    def _too_many(self, limit: RateLimitItem, *keys: str) -> TooManyTries:
        until = self._limiter.get_window_stats(limit, *keys).reset_time
        return TooManyTries("too_many_tries", seconds=max(1, round(until - time.time())))


def _network(request: Request) -> str:
    """The address; of IPv6 the /64, which one customer has as a whole."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
