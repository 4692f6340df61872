"""Named points on the way of a job, for whoever wants to know that it got there (tests kill it there)."""

from __future__ import annotations

from collections.abc import Callable

Passed = Callable[[str], None]
"""Told the name of a point each time the work comes past it."""


def unnoticed(point: str) -> None:
    """Nobody wants to know."""
