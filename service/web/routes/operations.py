"""What machines ask: alive, ready, how much of what. No part of the API and of nobody's data."""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Iterator

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from service.errors import NotFound, NotSignedIn
from service.hosting import Hosting
from service.usecases.measures import measures
from service.usecases.rapport import Rapport
from service.usecases.readiness import readiness
from service.web.deps import RapportDep

router = APIRouter(include_in_schema=False)
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


class Counts(Collector):
    """Counts from the database, taken when somebody asks."""

    def __init__(self, rapport: Rapport) -> None:
        self._rapport = rapport

    def describe(self) -> Iterator[Metric]:
        """Nothing beforehand: the database need not be there yet."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """Jobs and messages by state, nodes alive by kind."""
        for name, (text, label, counts) in measures(self._rapport).items():
            family = GaugeMetricFamily(f"rapport_{name}", text, labels=[label])
            for value, count in counts.items():
                family.add_metric([value], count)
            yield family


@router.get("/healthz")
async def healthz() -> dict[str, bool]:
    """Says that the process answers."""
    return {"alive": True}


@router.get("/readyz")
def readyz(rapport: RapportDep) -> JSONResponse:
    """200 when requests can be served, 503 with what is not there."""
    parts = readiness(rapport)
    return JSONResponse(parts, 200 if all(parts.values()) else 503)


@router.get("/metrics")
def metrics(request: Request, rapport: RapportDep) -> Response:
    """Prometheus text."""
    _require_reader(request, rapport.hosting)
    registry: CollectorRegistry = request.app.state.registry
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


def _require_reader(request: Request, hosting: Hosting) -> None:
    """With a token, whoever has it; without, only this machine, and no proxy on it. Raises ServiceError."""
    if hosting.metrics_token is not None:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode("latin-1"), hosting.metrics_token.encode()):
            raise NotSignedIn("not_signed_in")
    elif any(name in request.headers for name in FORWARDED) or not _is_loopback(request):
        raise NotFound("not_found")


def _is_loopback(request: Request) -> bool:
    try:
        return request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
