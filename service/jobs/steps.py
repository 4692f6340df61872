"""Runs one step of a job: found if it was done, else tried up to three times and kept as a document."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from dbos import DBOS

from models.wording import WordedError
from service.db.errors import DatabaseUnavailable
from service.domain.review import with_own_ids
from service.jobs.assignment import Assignment
from service.jobs.desk import Desk
from service.jobs.ledger import Ledger, Stopped
from service.jobs.passed import Passed
from service.jobs.progress import Progress

TELL_S = 1.0
FIRST_PAUSE_S = 1.0
DATABASE_PAUSE_S = 0.5

T = TypeVar("T")


class GaveUp(Exception):
    """The job cannot be finished. `state`: "failed" at once, "parked" after too many tries."""

    def __init__(self, state: str, reason: str) -> None:
        super().__init__(reason)
        self.state = state
        self.reason = reason


class Steps:
    """The steps of one job. `revision`: of the engines; results of another are not used."""

    def __init__(self, job: Assignment, ledger: Ledger, desk: Desk, revision: str, passed: Passed) -> None:
        self.progress = Progress()
        self._ledger = ledger
        self._desk = desk
        self._inputs = f"{job.fingerprint()}.{revision}"
        self._passed = passed
        self._made: dict[str, Any] = {}

    async def run(self, op: str, kind: str, field: str, number: int = 0, **documents: Any) -> str:  # noqa: ANN401
        """The id of the document with `field` of the result. `documents`: fields of the request; ids of
        documents in it, as Ref, are replaced by what they hold. Raises GaveUp, Stopped.
        """
        label = f"{op} {number}" if op == "window" else op
        told = await DBOS.run_step_async(
            {"name": label, "preemptible": True}, self._once, label, op, kind, field, number, documents
        )
        if "document" not in told:
            raise GaveUp(told["state"], told["reason"])
        return told["document"]

    async def read(self, document_id: str) -> Any:  # noqa: ANN401 - a JSON document
        """The content of a step's document."""
        if document_id not in self._made:
            self._made[document_id] = await patiently(self._ledger.read, document_id)
        return self._made[document_id]

    async def _once(
        self, label: str, op: str, kind: str, field: str, number: int, documents: dict[str, Any]
    ) -> dict[str, str]:
        """References only: what it returns is written to the engine's tables."""
        key = f"{label}.{self._inputs}"
        found = self._ledger.done.get(key)
        if found is not None:
            self.progress.skip(op, number)
            return {"document": found}
        try:
            value = await self._tried(label, op, number, documents)
            self.progress.work(op, number, 1.0)
            # Engines number each group of a draft for itself; decisions name an item by its id alone.
            made = with_own_ids(value[field]) if kind == "draft" else value[field]
            kept = await patiently(self._ledger.keep, kind, key, made, self.progress, self._at(label))
        except GaveUp as failure:
            return {"state": failure.state, "reason": failure.reason}
        except Stopped:
            # Ends without a checkpoint, which the job's new worker would find as the result of this step.
            raise asyncio.CancelledError from None
        self._made[kept] = made
        return {"document": kept}

    async def _tried(self, label: str, op: str, number: int, documents: dict[str, Any]) -> dict[str, Any]:
        pause_s = FIRST_PAUSE_S
        while True:
            exhausted = await patiently(self._ledger.count_try)
            if exhausted is not None:
                raise GaveUp("parked", exhausted)
            self._passed(f"{label} begun")
            try:
                value = await self._asked(op, number, documents)
            except asyncio.CancelledError:
                self._give_back()
                raise
            except WordedError as error:
                if not error.retry_can_help:
                    raise GaveUp("failed", error.key) from error
                await patiently(self._ledger.note_failure, error.key)
                await asyncio.sleep(pause_s)
                pause_s *= 2
            else:
                self._passed(f"{label} answered")
                return value

    async def _asked(self, op: str, number: int, documents: dict[str, Any]) -> dict[str, Any]:
        """The answer of the model process; meanwhile the job's row tells how far it is."""
        fields = {name: await self._opened(value) for name, value in documents.items()}
        if op == "window":
            fields["window"] = number
        self._passed(f"{op} {number} asked" if op == "window" else f"{op} asked")
        self.progress.work(op, number, 0.0)
        asked = asyncio.create_task(
            self._desk.ask(lambda step, share: self.progress.work(op, number, share), op, **fields)
        )
        try:
            while not (await asyncio.wait({asked}, timeout=TELL_S))[0]:
                await patiently(self._ledger.tell, self.progress)
            return asked.result()
        finally:
            asked.cancel()
            await asyncio.wait({asked})

    async def _opened(self, value: Any) -> Any:  # noqa: ANN401 - JSON
        if isinstance(value, Ref):
            return await self.read(value)
        if isinstance(value, list):
            return [await self._opened(one) for one in value]
        return value

    def _give_back(self) -> None:
        # No await: this coroutine is being cancelled.
        try:
            self._ledger.give_back_try()
        except (Stopped, DatabaseUnavailable):
            return

    def _at(self, label: str) -> Passed:
        return lambda point: self._passed(f"{label} {point}")


class Ref(str):
    """The id of a document that stands for what it holds."""

    __slots__ = ()


async def patiently(work: Callable[..., T], *values: object) -> T:
    """Does it in a thread, again and again while the database does not answer (it may be restarting)."""
    while True:
        try:
            return await asyncio.to_thread(work, *values)
        except DatabaseUnavailable:
            await asyncio.sleep(DATABASE_PAUSE_S)
