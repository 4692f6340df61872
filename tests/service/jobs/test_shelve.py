"""An organisation's own catalogue reaches the model process: for drafts, and right after an import."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from models.errors import WeightsMissing
from service.db.tables import Catalogue, CatalogueEntry
from service.jobs.assignment import assignment
from service.jobs.desk import Desk
from service.jobs.engine import SHELF
from service.jobs.shelve import shelve
from tests.service.jobs.test_async_model_process import process, quiet
from tests.service.jobs.test_queue import engine_rows

LINES = {
    "resources": ['{"id": "sql", "title": "SQL", "skills": ["SQL"]}', '{"id": "zh", "title": "谈判"}'],
    "competencies": ['{"id": "story", "name": "Story mapping"}'],
}


@pytest.fixture
def organisation(database, make_meeting):
    """Its id; it has a list of each kind."""
    owner = make_meeting().organisation_id
    with database.write(owner) as work:
        for kind, lines in LINES.items():
            row = work.add(Catalogue(kind=kind, sha256=kind[0] * 64, entries=len(lines), updated_at=work.now))
            for number, line in enumerate(lines, 1):
                entry = {"position": number, "entry": str(number), "line": line, "words": line}
                work.add(CatalogueEntry(catalogue_id=row.id, **entry))
    return owner


def standings(database, organisation):
    with database.read(organisation) as work:
        return [(row.ready_share, row.reason) for row in work.session.scalars(work.rows(Catalogue))]


def shop(database, models):
    """A workshop whose model process is that one."""

    @asynccontextmanager
    async def start(files):
        yield models

    return SimpleNamespace(stores=SimpleNamespace(database=database), start_models=start)


class Models:
    """Answers with what it was asked, or fails."""

    def __init__(self, error=None):
        self.error, self.asked = error, {}

    async def ask(self, report, op, **fields):
        text = Path(fields["catalogue"]).read_text("utf-8")
        self.asked = {"op": op, **fields, "text": text}
        if self.error:
            raise self.error
        return {}


def test_lists_are_made_ready_and_the_rows_say_so(database, organisation):
    models = Models()
    asyncio.run(shelve(shop(database, models), organisation))
    assert models.asked["op"] == "shelve"
    assert models.asked["text"].splitlines() == LINES["resources"]
    assert models.asked["competencies"] == [{"id": "story", "name": "Story mapping"}]
    assert standings(database, organisation) == [(1.0, None)] * 2


def test_why_a_list_could_not_be_made_ready_is_told(database, organisation):
    missing = WeightsMissing("weights_missing", name="e5-small")
    asyncio.run(shelve(shop(database, Models(missing)), organisation))
    assert standings(database, organisation) == [(0.0, "weights_missing")] * 2


def test_the_real_process_takes_the_request(tmp_path, database, organisation):
    catalogue = tmp_path / "own.jsonl"
    catalogue.write_text("\n".join(LINES["resources"]), "utf-8")

    async def ask():
        async with process(tmp_path, "tests.service.fake_engines:Fakes") as models:
            own = [{"id": "story", "name": "Story mapping"}]
            return await models.ask(quiet, "shelve", catalogue=str(catalogue), competencies=own)

    assert asyncio.run(ask())["event"] == "result"


def test_an_import_puts_the_work_into_the_queue_with_its_transaction(database, queue, organisation):
    with database.write(organisation) as work:
        queue.enqueue_shelf(work)
    (row,) = engine_rows(database).values()
    assert (row.name, row.status) == (SHELF, "ENQUEUED")


def test_a_draft_is_made_with_the_own_lists_and_made_again_when_they_change(
    database, organisation, make_meeting
):
    meeting = make_meeting(organisation)
    with database.write(organisation) as work:
        job = assignment(work, meeting, "key")
    models = Models()
    models.cancel = lambda: asyncio.sleep(0)

    async def ask():
        async with Desk(SimpleNamespace(database=database), job, lambda files: models) as desk:
            await desk.ask(quiet, "draft", catalogue=None, options={})

    models.ask = kept(models)
    asyncio.run(ask())
    assert models.seen["text"].splitlines() == LINES["resources"]
    assert models.seen["competencies"] == [{"id": "story", "name": "Story mapping"}]
    with database.write(organisation) as work:
        work.session.scalars(work.rows(Catalogue)).first().sha256 = "f" * 64
        assert assignment(work, meeting, "key").fingerprint() != job.fingerprint()


def kept(models):
    async def ask(report, op, **fields):
        options = fields["options"]
        models.seen = {**options, "text": Path(options["catalogue"]).read_text("utf-8")}
        return {}

    return ask
