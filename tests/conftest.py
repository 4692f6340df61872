"""Hypothesis on a machine that may be busy: how long an example takes to draw or to run proves nothing."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")
