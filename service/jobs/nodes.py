"""Workers know each other by heartbeats (jobs/pulse): the work of the dead goes to the living."""

from __future__ import annotations

import logging

from dbos import DBOSClient
from sqlalchemy import delete, select, update

from service.db.database import Database, answering
from service.db.tables import Heartbeat
from service.jobs.engine import QUEUE
from service.jobs.pulse import BEAT_S, DEAD_AFTER, KIND, Pulse, database_now

LOG = logging.getLogger(__name__)


class Watch(Pulse):
    """The pulse of a worker, which also hands on the work of nodes that no longer live."""

    def __init__(self, database: Database, client: DBOSClient, node: str, beat_s: float = BEAT_S) -> None:
        super().__init__(database, node, KIND, beat_s)
        self._client = client

    def look_round(self) -> None:
        """Takes over from the silent."""
        take_over(self.database, self._client, self.node)

    def leave(self) -> None:
        """Hands on what this node leaves unfinished too."""
        hand_on(self._client, self.node)
        super().leave()


def take_over(database: Database, client: DBOSClient, node: str) -> int:
    """Hands on the work of nodes without a recent heartbeat; the number of jobs.

    Whoever moves a dead node's `seen_at` on has the claim to its work for as long as a live node would.
    Its row goes once the work is back in the queue: a claimer that dies before is followed by another.
    """
    taken = 0
    for dead in _claimed(database, node):
        taken += hand_on(client, dead)
        with database.write() as work:
            work.session.execute(delete(Heartbeat).where(Heartbeat.node == dead))
    return taken


def hand_on(client: DBOSClient, node: str) -> int:
    """Puts the running jobs of a node back into the queue; how many."""
    with answering():
        left = client.list_workflows(
            status="PENDING", executor_id=node, queue_name=QUEUE, load_input=False, load_output=False
        )
        for workflow in left:
            client.resume_workflow(workflow.workflow_id, queue_name=QUEUE)
            LOG.info("handed_on", extra={"job": workflow.workflow_id, "node": node})
    return len(left)


def _claimed(database: Database, node: str) -> list[str]:
    with database.read() as work:
        others = (Heartbeat.node != node, Heartbeat.seen_at < database_now(work) - DEAD_AFTER)
        found = list(work.session.scalars(select(Heartbeat.node).where(*others)))
    claimed: list[str] = []
    for dead in found:
        with database.write() as work:
            now = database_now(work)
            silent = (Heartbeat.node == dead, Heartbeat.seen_at < now - DEAD_AFTER)
            claim = update(Heartbeat).where(*silent).values(seen_at=now).returning(Heartbeat.node)
            claimed += work.session.scalars(claim).all()
    return claimed
