"""The routes, one area a file. `ROUTERS`: what the service serves, in this order."""

from __future__ import annotations

from fastapi import APIRouter

from service.web.routes import (
    action_items,
    audit_log,
    calendars,
    catalogues,
    development,
    invitations,
    meetings,
    minutes,
    operations,
    organisation,
    people,
    privacy,
    processing,
    relations,
    review,
    sessions,
    setup,
    single_sign_on,
    templates,
    tokens,
    units,
    uploads,
    waveform,
    webhooks,
)

ROUTERS: tuple[APIRouter, ...] = (
    setup.router,
    sessions.router,
    single_sign_on.router,
    people.router,
    relations.router,
    units.router,
    organisation.router,
    templates.router,
    catalogues.router,
    tokens.router,
    meetings.router,
    waveform.router,
    uploads.router,
    processing.router,
    review.router,
    minutes.router,
    action_items.router,
    calendars.router,
    development.router,
    privacy.router,
    invitations.router,
    webhooks.router,
    audit_log.router,
    operations.router,
)

STREAMED: tuple[str, ...] = (r"/api/v1/uploads(/.*)?", r"/api/v1/catalogues/.*")
"""Patterns of addresses whose routes read the body in pieces, with limits of their own (web/guard)."""
