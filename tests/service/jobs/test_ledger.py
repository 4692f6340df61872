"""What a job keeps: a result is neither lost nor made twice, and the items of a draft have their own ids."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager

import pytest
from dbos import DBOS
from sqlalchemy import select

from service.db.errors import DatabaseUnavailable
from service.db.tables import Document, Job, Suggestion
from service.jobs.ledger import Ledger
from service.jobs.passed import unnoticed
from service.jobs.progress import Progress
from service.jobs.steps import Steps
from service.storage.blobs import BlobStore
from service.storage.documents import DocumentStore
from service.storage.folder import FolderObjects
from service.storage.keys import KeyStore
from service.storage.master import create_master_key
from tests.service.domain.drafts import draft


class LostAnswer:
    """A database whose answer to the next commit is lost, once somebody says so."""

    def __init__(self, database):
        self.lose = False
        self.read, self._write = database.read, database.write

    @contextmanager
    def write(self, organisation_id=None):
        with self._write(organisation_id) as work:
            yield work
        if self.lose:
            self.lose = False
            raise DatabaseUnavailable("database_unavailable", reason="lost")


@pytest.fixture
def lossy(database):
    return LostAnswer(database)


@pytest.fixture
def documents(tmp_path):
    keys = KeyStore(FolderObjects(tmp_path / "keys"), create_master_key(tmp_path / "master.json"))
    return DocumentStore(BlobStore(FolderObjects(tmp_path / "blobs"), keys)), keys


@pytest.fixture
def begun(lossy, documents, queue, make_meeting):
    """A job that a worker has begun: its ledger and what it has to do."""
    store, keys = documents
    meeting = make_meeting(state="uploaded")
    with lossy.write(meeting.organisation_id) as work:
        work.one(type(meeting), meeting.id).key_id = keys.create()
        job_id = queue.enqueue(work, meeting.id)
    ledger = Ledger(lossy, store, job_id, "one")
    return ledger, ledger.begin()


def test_a_result_outlives_the_lost_answer_to_its_commit(lossy, begun):
    ledger, _ = begun
    lossy.lose = True
    with pytest.raises(DatabaseUnavailable):
        ledger.keep("probe", "probe.1", {"windows": [1]}, Progress(), unnoticed)
    document = ledger.keep("probe", "probe.1", {"windows": [1]}, Progress(), unnoticed)
    assert ledger.read(document) == {"windows": [1]}
    with lossy.read() as work:
        assert [row.id for row in work.session.scalars(select(Document))] == [document]


class Answering:
    """A desk whose models give this draft."""

    def __init__(self, made):
        self.made = made

    async def ask(self, report, op, **fields):
        return {"draft": self.made}


def test_an_agreement_and_a_gap_of_one_number_are_two_suggestions(lossy, begun, monkeypatch):
    ledger, job = begun
    monkeypatch.setattr(DBOS, "run_step_async", lambda options, step, *values: step(*values))
    gap = draft()["skill_gaps"][0] | {"id": "g1"}
    steps = Steps(job, ledger, Answering(draft(skill_gaps=[gap], recommendations=[])), "revision", unnoticed)
    made = asyncio.run(steps.run("draft", "draft", "draft", options={}))
    ledger.finish(made, made, unnoticed)
    kept = ledger.read(made)
    with lossy.read() as work:
        suggested = {row.item: row.kind for row in work.session.scalars(select(Suggestion))}
        assert work.session.scalars(select(Job.state)).all() == ["done"]
    assert suggested[kept["agreements"][0]["id"]] == "agreements"
    assert suggested[kept["skill_gaps"][0]["id"]] == "skill_gaps"
