"""The routes, one area a file. `ROUTERS`: what the service serves, in this order."""

from __future__ import annotations

from fastapi import APIRouter

from service.web.routes import (
    meetings,
    operations,
    organisation,
    people,
    relations,
    sessions,
    setup,
    tokens,
    uploads,
    webhooks,
)

ROUTERS: tuple[APIRouter, ...] = (
    setup.router,
    sessions.router,
    people.router,
    relations.router,
    organisation.router,
    tokens.router,
    meetings.router,
    uploads.router,
    webhooks.router,
    operations.router,
)

STREAMED: tuple[str, ...] = (r"/api/v1/uploads(/.*)?",)
"""Patterns of addresses whose routes read the body in pieces, with limits of their own (web/guard)."""
