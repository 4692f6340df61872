"""What the service does by the clock: the durable engine starts each run on one of the nodes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from dbos import DBOS

Task = Callable[[], object]

CRONS: Mapping[str, str] = MappingProxyType(
    {
        "outbox": "*/10 * * * * *",
        "sweep": "17 */10 * * * *",
        "fall_silent": "0 25 * * * *",
        "archive": "0 30 * * * *",
        "retention": "0 35 * * * *",
        "reminders": "0 40 6 * * *",
        "orphans": "0 15 2 * * *",
        "audit_head": "0 45 3 * * *",
        "forget_runs": "0 55 * * * *",
    }
)
"""When each runs: second, minute, hour, day, month, day of the week, in UTC."""

KEEP_RUNS = timedelta(hours=1)
LOG = logging.getLogger(__name__)


def schedule(tasks: Mapping[str, Task], crons: Mapping[str, str]) -> Callable[[], None]:
    """Registers the tasks before the engine is launched; what it gives starts them afterwards.

    Raises KeyError for a name that is not in `crons` (as CRONS).
    """
    registered = {name: _registered(name, task) for name, task in {**tasks, "forget_runs": _forget}.items()}
    inputs = [
        {"schedule_name": name, "workflow_fn": workflow, "schedule": crons[name], "context": None}
        for name, workflow in registered.items()
    ]
    return lambda: DBOS.apply_schedules(inputs)  # type: ignore[arg-type]


def _registered(name: str, task: Task) -> Callable[[datetime, object], None]:
    @DBOS.workflow(name=f"schedule.{name}")
    def run(at: datetime, context: object) -> None:
        try:
            task()
        except Exception as error:  # the next run tries again
            LOG.warning("schedule_failed", extra={"schedule": name, "kind": type(error).__name__})

    return run


def _forget() -> None:
    """Runs that are over leave a row each in the engine's tables."""
    before = (datetime.now(UTC) - KEEP_RUNS).isoformat()
    over = DBOS.list_workflows(
        workflow_id_prefix="sched-", status=["SUCCESS", "ERROR", "CANCELLED"], end_time=before
    )
    DBOS.delete_workflows([run.workflow_id for run in over])
