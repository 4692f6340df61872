"""A sentence that is spoken in a meeting lies nowhere on a disk in readable form, and after its erasure
nobody gets it back: not from copies of the files taken before, not with the master key.
"""

from __future__ import annotations

import logging
import os
import secrets
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import product, takewhile
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from starlette.testclient import TestClient

from service.bootstrap import build
from service.db.database import utc_now
from service.db.tables import Document, Meeting, Organisation, Permit, Person, Relation
from service.domain.edits import Verdict
from service.domain.review import SUGGESTIONS
from service.domain.transcripts import Correction, TurnEdit
from service.errors import ServiceError
from service.hosting import hosting
from service.jobs.queue import EngineQueue
from service.logs import json_lines
from service.storage.errors import StorageError
from service.storage.keys import SERVICE_KEY
from service.usecases.actor import Actor
from service.usecases.answer import acknowledge, dispute
from service.usecases.confirm import confirm
from service.usecases.consent import answer_consent
from service.usecases.correct import correct
from service.usecases.create_meeting import Plan, create_meeting
from service.usecases.decide import Addition, Choice, decide
from service.usecases.edit_transcript import edit_transcript
from service.usecases.erase import erase
from service.usecases.export_minutes import export_minutes, export_transcript
from service.usecases.permits import request_erasure
from service.usecases.read_draft import read_draft
from service.usecases.read_minutes import read_minutes
from service.usecases.read_transcript import read_transcript
from service.usecases.subject_access import my_data
from service.usecases.uploads import begin, keep, store
from service.web.app import create_app
from tests.models.sounds import tone, write
from tests.security.traces import dumped, forms, in_bytes, in_files, in_tables

SECONDS = 45
SCRIPT = """Could you send me the {marker} report by Friday?
Yes, I'll send you the {marker} report by Friday.
I need to get better at SQL for the {marker} report.
Then I'll book the SQL course by next Monday.
"""


@dataclass
class Life:
    """One meeting from the recording to acknowledged minutes, in folders that the test knows."""

    folder: Path
    url: str
    marker: str
    rapport: object
    people: dict[str, Actor] = field(default_factory=dict)
    meeting: str = ""
    begun: float = field(default_factory=time.time)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def settings(self) -> dict[str, str]:
        return {
            "RAPPORT_DATA": str(self.data),
            "RAPPORT_DATABASE": self.url,
            "RAPPORT_MASTER_KEY_FILE": str(self.folder / "secret" / "master.key"),
            "RAPPORT_MODELS_DIR": str(self.folder / "models"),
        }


@pytest.fixture
def life(tmp_path, migrated_url):
    from service.storage.master import create_master_key

    marker = f"Zebra\u03a9{secrets.token_hex(8)}"
    create_master_key(tmp_path / "secret" / "master.key")
    for name in ("data", "models", "temporary", "logs"):
        (tmp_path / name).mkdir(exist_ok=True)
    (tmp_path / "models" / "script.txt").write_text(SCRIPT.format(marker=marker), "utf-8")
    life = Life(tmp_path, migrated_url, marker, None)
    queue = EngineQueue(migrated_url)
    life.rapport = build(hosting(life.settings), queue=queue)
    _settle(life)
    yield life
    queue.close()
    life.rapport.database.close()


def _settle(life: Life) -> None:
    with life.rapport.database.write() as work:
        organisation = Organisation(name="Acme", settings={"share_transcript": True}, created_at=work.now)
        work.session.add(organisation)
        work.session.flush()
        work.organisation_id = organisation.id
        for name, roles in (("lead", {"member"}), ("emp", {"member"}), ("hr", {"hr"}), ("hr2", {"hr"})):
            person = work.add(Person(display_name=name.title(), created_at=work.now))
            life.people[name] = Actor(organisation.id, person.id, "account", frozenset(roles))
        work.add(
            Relation(
                kind="manager",
                manager_id=life.people["lead"].person_id,
                employee_id=life.people["emp"].person_id,
                from_day=work.now.date(),
                made_by=None,
            )
        )


def record(life: Life) -> None:
    """A planned meeting with everybody's consent, and its sound."""
    lead, emp = life.people["lead"], life.people["emp"]
    plan = Plan("check_in", datetime.now(UTC).date(), [(emp.person_id, "employee")])
    life.meeting = create_meeting(life.rapport, lead, plan).meeting.id
    answer_consent(life.rapport, emp, life.meeting, "give")
    sound = write(life.folder / "sound.wav", tone(SECONDS)[None], 16_000, "pcm_s16le").read_bytes()
    (life.folder / "sound.wav").unlink()
    upload = begin(life.rapport, lead, life.meeting, len(sound))
    keep(life.rapport, lead, upload, [store(life.rapport, upload, [], sound)])


def work_through(life: Life) -> None:
    """A real worker makes the draft; its words go to a log, its temporary files to a folder of ours."""
    environment = os.environ | life.settings | {"TMPDIR": str(life.folder / "temporary")}
    command = [sys.executable, "-m", "tests.security.one_worker"]
    with (
        (life.folder / "logs" / "worker.log").open("wb") as log,
        subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log
        ) as worker,
    ):
        points = [point.strip() for point in takewhile(b"ended\n".__ne__, worker.stdout)]
        worker.terminate()
        worker.stdin.close()
        worker.wait(30)
    assert b"ready" in points, (life.folder / "logs" / "worker.log").read_text("utf-8")


def review(life: Life) -> None:
    """Corrected, decided, confirmed, disputed, corrected again, acknowledged; the marker in every word."""
    rapport, lead, emp, marker = life.rapport, life.people["lead"], life.people["emp"], life.marker
    turn = read_transcript(rapport, lead, life.meeting)
    edit = TurnEdit(i=turn.transcript["turns"][0]["i"], text=f"Please send the {marker} report by Friday.")
    revision = edit_transcript(rapport, lead, life.meeting, turn.revision, Correction([edit])).revision
    draft = read_draft(rapport, lead, life.meeting).review.draft
    items = [item["id"] for group in SUGGESTIONS[:3] for item in draft[group]]
    choices = [Choice(item, Verdict.accept) for item in items]
    choices.append(Choice("summary", Verdict.edit, {"text": f"About {marker}."}))
    added = [Addition("agreements", {"text": f"We agreed on {marker}."})]
    meeting = decide(rapport, lead, life.meeting, revision, choices, added)
    confirm(rapport, lead, life.meeting, meeting.revision, ["summary", "h1", *items])
    first = read_minutes(rapport, emp, life.meeting)
    assert marker in str(first.minutes)
    disputed = dispute(rapport, emp, life.meeting, first.sha256, ["h1"], f"Not {marker}.")
    edited = Choice("summary", Verdict.edit, {"text": f"Again about {marker}."})
    correct(rapport, lead, life.meeting, disputed.revision, [edited])
    second = read_minutes(rapport, emp, life.meeting)
    acknowledge(rapport, emp, life.meeting, second.sha256, f"Yes, {marker}.")


def export(life: Life) -> None:
    """Everything that can be taken out is taken out, by those who may."""
    for form in ("md", "docx", "ics", "json"):
        assert export_minutes(life.rapport, life.people["emp"], life.meeting, form).content
    export_transcript(life.rapport, life.people["lead"], life.meeting)
    assert my_data(life.rapport, life.people["emp"]).content


def ask(life: Life) -> None:
    """Requests that carry the marker wherever a request can, while the web writes its log to a file."""
    marker = life.marker
    with (life.folder / "logs" / "web.log").open("w", encoding="utf-8") as log:
        handler = logging.StreamHandler(log)
        handler.setFormatter(json_lines())
        logging.getLogger().addHandler(handler)
        with TestClient(create_app(life.rapport), base_url="http://127.0.0.1:8000") as client:
            client.get(f"/api/v1/meetings/{marker}?q={marker}", headers={"x-marker": marker.encode()})
            client.post("/api/v1/session", json={marker: marker, "email": marker, "password": marker})
            client.post("/api/v1/session", json={"email": f"{marker}@acme.test", "password": marker})
        logging.getLogger().removeHandler(handler)
    assert (life.folder / "logs" / "web.log").stat().st_size > 0


def readable(life: Life) -> dict[str, list[str]]:
    """Where the marker can be read without a key."""
    found = in_tables(life.url, life.marker)
    for name in ("data", "secret", "temporary", "logs"):
        found |= in_files(life.folder / name, life.marker)
    if life.url.startswith("postgresql"):
        dumped(life.url, life.folder / "dump.sql")
        found |= in_files_of_server(life)
        found |= (
            {"dump": hits} if (hits := in_bytes((life.folder / "dump.sql").read_bytes(), life.marker)) else {}
        )
    return found


def in_files_of_server(life: Life) -> dict[str, list[str]]:
    """Tables, write-ahead log and logs of a server on this machine that changed since the test began."""
    engine = create_engine(life.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        folder = Path(connection.scalar(text("SHOW data_directory")))
        connection.execute(text("CHECKPOINT"))
    engine.dispose()
    return in_files(folder, life.marker, life.begun) if os.access(folder, os.R_OK) else {}


def test_the_search_finds_what_is_there(tmp_path):
    marker = "Zebra\u03a9 42"
    for number, form in enumerate(forms(marker).values()):
        (tmp_path / f"{number}").write_bytes(b"\x00\x01" + form + b"\xff")
    assert len(in_files(tmp_path, marker)) == len(forms(marker))
    (tmp_path / "x").write_bytes(b"nothing")
    assert str(tmp_path / "x") not in in_files(tmp_path, marker)


def test_a_sentence_is_nowhere_readable_and_gone_after_erasure(life):
    record(life)
    work_through(life)
    review(life)
    export(life)
    ask(life)
    assert readable(life) == {}

    stolen = life.folder / "stolen"
    shutil.copytree(life.data, stolen / "data")
    shutil.copytree(life.folder / "logs", stolen / "logs")
    names, keys = documents_of(life), keys_of(life)
    assert any(life.marker in text for text in read_by_thief(life, stolen, keys, names))

    request_erasure(life.rapport, life.people["emp"], life.meeting)
    permit(life)
    erase(life.rapport, life.people["hr"], life.meeting, "all")
    assert readable(life) == {}
    assert documents_of(life) == []
    with life.rapport.database.read() as work:
        assert work.one(Meeting, life.meeting).state == "erased"
    with pytest.raises(ServiceError):
        read_minutes(life.rapport, life.people["emp"], life.meeting)

    # The thief has the files of before and the master key; of the key store only what is left.
    shutil.rmtree(stolen / "data" / "keys")
    shutil.copytree(life.data / "keys", stolen / "data" / "keys")
    assert not keys & keys_of(life)
    assert read_by_thief(life, stolen, keys | keys_of(life), names) == []
    assert in_files(stolen, life.marker) == {}


def documents_of(life: Life) -> list[str]:
    with life.rapport.database.read() as work:
        return [row.name for row in work.session.scalars(work.rows(Document))]


def keys_of(life: Life) -> set[str]:
    """Those of meetings; a destroyed one is a file of zeros."""
    files = (life.data / "keys").glob("??/*")
    return {path.name for path in files if path.read_bytes().strip(b"\0")} - {SERVICE_KEY}


def read_by_thief(life: Life, stolen: Path, keys: set[str], names: list[str]) -> list[str]:
    """What any of these keys opens of the stolen blobs, with the real master key."""
    thief = build(hosting(life.settings | {"RAPPORT_DATA": str(stolen / "data")}))
    found = []
    for key, name in product(keys, names):
        with suppress(StorageError), thief.blobs.open(key, name) as stream:
            found.append(stream.read().decode())
    thief.database.close()
    return found


def permit(life: Life) -> None:
    """hr may carry the erasure out: hr2 agreed."""
    with life.rapport.database.write(life.people["hr"].organisation_id) as work:
        until = utc_now().replace(year=2999)
        work.add(
            Permit(
                meeting_id=life.meeting,
                kind="hr_access",
                reason_code="erasure_request",
                asked_by=life.people["hr"].person_id,
                asked_at=work.now,
                agreed_by=life.people["hr2"].person_id,
                agreed_at=work.now,
                ended_at=until,
            )
        )
