"""What the clock starts is wired."""

from __future__ import annotations

from service.bootstrap import tasks
from service.jobs.schedules import CRONS

OWN = {"forget_runs"}
"""Of the engine itself."""


def test_every_schedule_has_its_task_and_every_task_a_schedule(rapport):
    assert set(tasks(rapport)) == set(CRONS) - OWN
    for task in tasks(rapport).values():
        task()  # over an empty service each of them is harmless
