"""The web application. It holds no rule and no model: routes call one use case each."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware

from models.errors import ModelsError
from service.errors import ServiceError
from service.usecases.rapport import Rapport
from service.usecases.setup import leave_code
from service.web.cookies import Cookies
from service.web.errors import invalid, refused, worded
from service.web.guard import Guard
from service.web.openapi import RESPONSES, document
from service.web.pages import ROUTERS as PAGES
from service.web.routes import ROUTERS, STREAMED, operations
from service.web.templating import STATIC
from service.web.tries import Tries
from service.web.watch import Watch

LOG = logging.getLogger(__name__)
THREADS = 8
"""Use cases at once. More would wait for each other, and hold a connection with its memory each."""


def create_app(rapport: Rapport) -> FastAPI:
    """The service over these parts, ready for an ASGI server."""
    app = bare_app()
    app.state.rapport = rapport
    app.state.registry = registry = CollectorRegistry()
    for collector in (ProcessCollector, PlatformCollector, GCCollector):
        collector(registry=registry)
    registry.register(operations.Counts(rapport))
    app.state.cookies = Cookies(rapport.master, secure=rapport.hosting.secure)
    app.state.tries = Tries()
    app.add_middleware(Guard, hosting=rapport.hosting, streamed=STREAMED)
    app.add_middleware(Watch, registry=registry)
    return app


def bare_app() -> FastAPI:
    """Routes and their document without the parts: to be described, not served."""
    app = FastAPI(
        title="Rapport",
        version=version("rapport"),
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        responses=RESPONSES,
        redirect_slashes=False,
        lifespan=_lifespan,
    )
    app.openapi = lambda: document(app)  # type: ignore[method-assign]
    for router in (*ROUTERS, *PAGES):
        app.include_router(router)
    # Files of ours alone are compressed: of pages, whose size could tell of their content, the proxy decides.
    app.mount("/static", GZipMiddleware(StaticFiles(directory=STATIC)), name="static")
    for kind in (ServiceError, ModelsError):
        app.add_exception_handler(kind, worded)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, refused)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    current_default_thread_limiter().total_tokens = THREADS
    rapport: Rapport = app.state.rapport
    if path := leave_code(rapport):
        LOG.warning(
            "nobody has an account yet: open %s and give the code in %s", rapport.hosting.base_url, path
        )
    yield
