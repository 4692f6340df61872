"""The worker: takes recordings from the queue, one at a time, and runs the schedules."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType

from dbos import DBOS, DBOSConfig
from sqlalchemy import Engine

from models.language_model import checked
from models.revision import engine_revision
from service.jobs.desk import Stores
from service.jobs.engine import NAME, QUEUE, SERIALIZER, SHELF, VERSION, WORKFLOW, client, system_engine
from service.jobs.model_process import DEFAULT_ENGINES, AsyncModelProcess
from service.jobs.nodes import Watch
from service.jobs.passed import Passed, unnoticed
from service.jobs.pulse import BEAT_S, node_name
from service.jobs.schedules import CRONS, Task, schedule
from service.jobs.shelve import shelve
from service.jobs.workflow import Workshop, make_minutes
from service.settings import Settings

POLL_S = 0.5
NO_TASKS: Mapping[str, Task] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Manner:
    """How a worker works. `engines`: of the model process; `at_once`: recordings at the same time; `drain_s`:
    how long a job may go on when the worker has to end; `window_s`: Workshop's; `ready`: told the node's name
    once work is taken; `passed`: told the points that a job comes past; `crons`: when each task runs.
    """

    engines: str = DEFAULT_ENGINES
    at_once: int = 1
    drain_s: int = 10
    beat_s: float = BEAT_S
    window_s: float | None = None
    ready: Callable[[str], None] = unnoticed
    passed: Passed = unnoticed
    crons: Mapping[str, str] = field(default_factory=lambda: CRONS)


def run(
    stores: Stores, settings: Settings, tasks: Mapping[str, Task] = NO_TASKS, manner: Manner | None = None
) -> None:
    """Works until SIGTERM or SIGINT. `tasks`: what the schedules do, by name.

    For the main thread of a process of its own: the engine is one for each process.
    """
    manner = manner or Manner()
    hosting = stores.hosting
    connection = system_engine(hosting.database_url, durable=False)
    try:
        with node_name(hosting.node, hosting.data_dir / "nodes") as node, _until_told() as told:
            watch = Watch(stores.database, client(connection), node, manner.beat_s)
            watch.beat()
            watch.start()
            try:
                _launch(connection, _workshop(stores, settings, manner, node), tasks, manner)
                manner.ready(node)
                told.wait()
            finally:
                DBOS.destroy(workflow_completion_timeout_sec=manner.drain_s)
                watch.end()
    finally:
        connection.dispose()


def _workshop(stores: Stores, settings: Settings, manner: Manner, node: str) -> Workshop:
    model = settings.language_model
    return Workshop(
        stores=stores,
        node=node,
        start_models=lambda files: AsyncModelProcess(settings, manner.engines, files),
        revision=engine_revision(manner.engines),
        tone_hints=settings.tone_hints,
        window_s=manner.window_s,
        language_model=checked(model) if settings.drafts_by_model and model else None,
        passed=manner.passed,
    )


def _launch(connection: Engine, shop: Workshop, tasks: Mapping[str, Task], manner: Manner) -> None:
    config: DBOSConfig = {
        "name": NAME,
        "system_database_engine": connection,
        "application_version": VERSION,
        "executor_id": shop.node,
        "serializer": SERIALIZER,
        "run_migrations": False,
        "console_log_level": "ERROR",
        "log_level": "ERROR",
        "scheduler_polling_interval_sec": 5.0,
    }
    DBOS(config=config)

    @DBOS.workflow(name=WORKFLOW)
    async def minutes(job_id: str) -> None:
        await make_minutes(shop, job_id)

    @DBOS.workflow(name=SHELF)
    async def shelf(organisation_id: str) -> None:
        await shelve(shop, organisation_id)

    start_schedules = schedule(tasks, manner.crons)
    DBOS.listen_queues([QUEUE])
    DBOS.launch()
    DBOS.register_queue(QUEUE, worker_concurrency=manner.at_once, polling_interval_sec=POLL_S)
    start_schedules()


@contextmanager
def _until_told() -> Iterator[threading.Event]:
    """An event that a signal to end sets."""
    told = threading.Event()
    before = {
        number: signal.signal(number, lambda *_: told.set()) for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
