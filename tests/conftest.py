"""Hypothesis on a machine that may be busy, where how long an example takes to draw or to run proves nothing;
and how the tests are shared out to two processes.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling

settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")

if "PYTEST_XDIST_WORKER" in os.environ:
    # Two processes on two cores: threads of one would only wait for those of the other.
    os.environ |= {"OMP_NUM_THREADS": "1", "RAPPORT_THREADS": "1"}


class ByFile(LoadScopeScheduling):
    """A file's tests run in one process and in their order, so that its models and people are made once; the
    tests of workers that are killed run one after the other, for they say how soon the others take over.
    """

    def _split_scope(self, nodeid):
        return "tests/crash" if nodeid.startswith("tests/crash/") else nodeid.partition("::")[0]


def pytest_xdist_make_scheduler(config, log):
    return ByFile(config, log)
