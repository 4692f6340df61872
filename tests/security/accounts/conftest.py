"""Attacks on accounts run on the parts that the tests of the service use."""

from __future__ import annotations

from tests.service.conftest import app, client, clock, migrated_sqlite, people, queue, rapport

__all__ = ["app", "client", "clock", "migrated_sqlite", "people", "queue", "rapport"]
