"""The web application. It holds no rule and no model: routes call one use case each."""

from __future__ import annotations

from importlib.metadata import version

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from models.errors import ModelsError
from service.errors import ServiceError
from service.usecases.rapport import Rapport
from service.web.errors import invalid, refused, worded
from service.web.guard import Guard
from service.web.openapi import RESPONSES, document
from service.web.routes import ROUTERS, STREAMED


def create_app(rapport: Rapport) -> FastAPI:
    """The service over these parts, ready for an ASGI server."""
    app = FastAPI(
        title="Rapport",
        version=version("rapport"),
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        responses=RESPONSES,
        redirect_slashes=False,
    )
    app.state.rapport = rapport
    app.openapi = lambda: document(app)  # type: ignore[method-assign]
    for router in ROUTERS:
        app.include_router(router)
    for kind in (ServiceError, ModelsError):
        app.add_exception_handler(kind, worded)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, refused)
    app.add_middleware(Guard, hosting=rapport.hosting, streamed=STREAMED)
    return app
