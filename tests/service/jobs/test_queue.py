from __future__ import annotations

import pytest
from sqlalchemy import literal_column, select, table

from service.db.tables import Job
from service.jobs.engine import QUEUE, client, system_engine


def engine_rows(database):
    connection = system_engine(database.url, durable=True)
    try:
        return {row.workflow_id: row for row in client(connection).list_workflows()}
    finally:
        connection.dispose()


def test_job_and_workflow_come_with_the_transaction(database, queue, make_meeting):
    meeting = make_meeting()
    with database.write(meeting.organisation_id) as work:
        job_id = queue.enqueue(work, meeting.id)
    row = engine_rows(database)[job_id]
    assert (row.status, row.queue_name) == ("ENQUEUED", QUEUE)
    with database.read() as work:
        assert work.one(Job, job_id).state == "queued"


def test_nothing_is_left_of_a_transaction_that_fails(database, queue, make_meeting):
    meeting = make_meeting()
    with pytest.raises(RuntimeError), database.write(meeting.organisation_id) as work:
        queue.enqueue(work, meeting.id)
        raise RuntimeError
    assert engine_rows(database) == {}
    with database.read() as work:
        assert work.session.scalars(select(Job)).all() == []


def test_inputs_are_json_and_name_only_the_job(database, queue, make_meeting):
    meeting = make_meeting()
    with database.write(meeting.organisation_id) as work:
        job_id = queue.enqueue(work, meeting.id)
    schema = None if database.is_sqlite else "dbos"
    name = "workflow_input"
    with database.read() as work:
        rows = work.session.execute(select(literal_column("*")).select_from(table(name, schema=schema)))
        written = [value for row in rows for value in row if isinstance(value, str) and value.startswith("{")]
    assert written == [f'{{"namedArgs":{{}},"positionalArgs":["{job_id}"]}}']


def test_an_organisation_waits_behind_the_first_jobs_of_others(database, queue, make_meeting):
    crowded = [make_meeting()]
    crowded += [make_meeting(crowded[0].organisation_id) for _ in range(2)]
    alone = make_meeting()
    ids = []
    for meeting in [*crowded, alone]:
        with database.write(meeting.organisation_id) as work:
            ids.append(queue.enqueue(work, meeting.id))
    rows = engine_rows(database)
    assert [rows[one].priority for one in ids] == [1, 2, 3, 1]


def test_cancelled_and_forgotten_twice(database, queue, make_meeting):
    meeting = make_meeting()
    with database.write(meeting.organisation_id) as work:
        job_id = queue.enqueue(work, meeting.id)
    for _ in range(2):
        queue.cancel(job_id)
        assert engine_rows(database)[job_id].status == "CANCELLED"
    for _ in range(2):
        queue.forget(job_id)
        assert engine_rows(database) == {}
    queue.cancel(job_id)
