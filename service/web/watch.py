"""A line in the log and a count for each request: id, route template, status and time, nothing it carried."""

from __future__ import annotations

import logging
import time

from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOG = logging.getLogger(__name__)
BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.12, 0.25, 0.5, 1.0, 2.5, 5.0)


class Watch:
    """Outermost. `ms` and the histogram: until the answer begins, so that a stream counts as one too."""

    def __init__(self, app: ASGIApp, registry: CollectorRegistry) -> None:
        self.app = app
        labels = ("method", "route")
        self._answers = Counter(
            "rapport_http_requests", "Answered requests", (*labels, "status"), registry=registry
        )
        self._seconds = Histogram(
            "rapport_http_seconds", "Time to answer", labels, registry=registry, buckets=BUCKETS_S
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status, taken_s = time.perf_counter(), 500, None

        async def noting(message: Message) -> None:
            nonlocal status, taken_s
            if message["type"] == "http.response.start":
                status, taken_s = message["status"], time.perf_counter() - started
            await send(message)

        try:
            await self.app(scope, receive, noting)
        finally:
            seconds = time.perf_counter() - started if taken_s is None else taken_s
            self._note(scope, status, seconds)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in _METHODS else "other"
        route = str(getattr(scope.get("route"), "path", "other"))
        self._answers.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)
        request = scope.get("state", {}).get("request_id", "")
        values = {"request": request, "method": method, "route": route, "status": status}
        LOG.info("request", extra={**values, "ms": round(1000 * seconds, 1)})


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
