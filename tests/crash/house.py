"""A service in a folder: an uploaded recording, workers that come and go, and what became of the meeting."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

import psutil
from sqlalchemy import select

from service.bootstrap import opened
from service.db.tables import (
    Job,
    Meeting,
    Organisation,
    Participant,
    Person,
    Recording,
    RecordingPart,
)
from service.hosting import hosting
from service.storage.blobs import Parts, Stored
from service.storage.master import create_master_key
from tests.crash import worker_entry
from tests.crash.gate import Gate
from tests.models.sounds import RATE, tone, write

PATIENCE_S = 90.0


class House:
    def __init__(self, folder: Path, database_url: str):
        self.folder = folder
        (folder / "models").mkdir(parents=True)
        key_file = folder / "master.key"
        create_master_key(key_file)
        self.environ = {
            "RAPPORT_DATA": str(folder / "data"),
            "RAPPORT_DATABASE": database_url,
            "RAPPORT_MASTER_KEY_FILE": str(key_file),
            "RAPPORT_MODELS_DIR": str(folder / "models"),
            "RAPPORT_THREADS": "1",
            "RAPPORT_NODE": "one",
        }
        self.log = folder / "points"
        self.log.touch()
        self._opened = opened(hosting(self.environ))
        self.rapport = self._opened.__enter__()
        self._workers = multiprocessing.get_context("forkserver")
        self._workers.set_forkserver_preload([worker_entry.__name__])
        self._running = []

    def close(self):
        for process in self._running:
            self.kill(process)
        self._opened.__exit__(None, None, None)

    def sound(self, channels=None):
        """12 seconds of sound, three windows, as the bytes of a file."""
        channels = tone(12.0)[None] if channels is None else channels
        return write(self.folder / "sound.flac", channels, RATE, "flac").read_bytes()

    def meeting(self, content=None, organisation_id=None):
        """The id of a meeting whose recording came in two parts."""
        content = self.sound() if content is None else content
        key_id = self.rapport.keys.create()
        middle = len(content) // 2
        parts = [self.rapport.blobs.put(key_id, [half]) for half in (content[:middle], content[middle:])]
        with self.rapport.database.write() as work:
            now = work.now
            if organisation_id is None:
                organisation = Organisation(name="Acme", created_at=now)
                work.session.add(organisation)
                work.session.flush()
                organisation_id = organisation.id
            owner = {"organisation_id": organisation_id}
            dana = work.add(Person(**owner, display_name="Dana", created_at=now))
            luis = work.add(Person(**owner, display_name="Luis", created_at=now))
            meeting = work.add(
                Meeting(
                    **owner,
                    manager_id=dana.id,
                    kind="check_in",
                    state="uploaded",
                    state_since=now,
                    held_on=date(2026, 5, 5),
                    key_id=key_id,
                    created_at=now,
                )
            )
            for person, pid, role in ((dana, "m", "manager"), (luis, "e", "employee")):
                work.add(Participant(**owner, meeting_id=meeting.id, person_id=person.id, pid=pid, role=role))
            recording = work.add(
                Recording(
                    **owner,
                    meeting_id=meeting.id,
                    state="complete",
                    size_bytes=len(content),
                    created_at=now,
                )
            )
            start = 0
            for part in parts:
                work.add(RecordingPart(**owner, recording_id=recording.id, start=start, **_fields(part)))
                start += part.size_bytes
            return meeting.id

    def recorded(self, meeting_id):
        """The bytes of the recording as they are stored now."""
        with self.rapport.database.read() as work:
            key_id = work.one(Meeting, meeting_id).key_id
            rows = work.session.scalars(select(RecordingPart).order_by(RecordingPart.start)).all()
        stored = [Stored(row.name, row.size_bytes) for row in rows]
        return b"".join(Parts(self.rapport.blobs, key_id, stored).chunks())

    def enqueue(self, meeting_id):
        with self.rapport.database.write() as work:
            return self.rapport.queue.enqueue(work, meeting_id)

    def enqueuer(self, meeting_id, kill_at):
        """A process that enqueues the meeting and is killed on the way."""
        process = self._workers.Process(
            target=worker_entry.enqueue, args=(self.environ, meeting_id, self.log, (kill_at,)), daemon=True
        )
        process.start()
        self._running.append(process)
        return process

    def jobs(self):
        with self.rapport.database.read() as work:
            return list(work.session.scalars(select(Job)))

    def worker(
        self, *kill_at, node="one", engines=worker_entry.FAKE, when="first", window_s=worker_entry.WINDOW_S
    ):
        """A worker process that has begun to start."""
        return self._start(node, worker_entry.work, engines, self.log, kill_at, when, window_s)

    def timekeeper(self, crons, node):
        """A worker that has begun to start, whose tasks follow these clocks."""
        return self._start(node, worker_entry.keep_time, crons, self.log)

    def _start(self, node, target, *arguments):
        self._ready(node).unlink(missing_ok=True)
        environ = {**self.environ, "RAPPORT_NODE": node}
        process = self._workers.Process(target=target, args=(environ, *arguments), daemon=True)
        process.start()
        self._running.append(process)
        return process

    def until_ready(self, node):
        self.until(self._ready(node).exists)

    def until_passed(self, point):
        self.until(lambda: point in self.points())

    def until_killed(self, process):
        self.until(lambda: process.exitcode is not None)
        assert process.exitcode == -signal.SIGKILL

    def models_of(self, process):
        """The model processes that a worker started."""
        return [
            child for child in psutil.Process(process.pid).children() if "models.child" in child.cmdline()
        ]

    def _ready(self, node):
        return self.folder / f"ready {node}"

    def kill(self, process):
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
        process.join(10)

    def points(self):
        return worker_entry.passed(self.log)

    def until(self, happened, patience_s=PATIENCE_S):
        """Looks again and again until it is so; the seconds it took."""
        began = time.monotonic()
        while not happened():
            waited = time.monotonic() - began
            assert waited < patience_s, (self.points(), [p.exitcode for p in self._running])
            time.sleep(0.02)
        return time.monotonic() - began

    def job(self, job_id):
        with self.rapport.database.read() as work:
            return work.one(Job, job_id)

    @contextmanager
    def gate_at(self, point):
        """A shut gate at that point, or at "window": in the model process as it hears one."""
        inside = self.folder / "models" / "gate"
        gate = Gate(inside if point == "window" else self.log.with_name(f"gate at {point}"))
        yield gate
        gate.path.unlink(missing_ok=True)

    def until_job(self, job_id, *states):
        self.until(lambda: self.job(job_id).state in states)
        return self.job(job_id)

    def meeting_row(self, meeting_id):
        with self.rapport.database.read() as work:
            return work.one(Meeting, meeting_id)

    def draft(self, meeting_id):
        """The draft without what differs between any two meetings and runs."""
        from service.db.tables import Document

        with self.rapport.database.read() as work:
            meeting = work.one(Meeting, meeting_id)
            name = work.one(Document, meeting.draft_id).name
        draft = self.rapport.documents.read(meeting.key_id, name)
        return {key: value for key, value in draft.items() if key not in {"id", "provenance"}}


def _fields(part):
    return {"name": part.name, "size_bytes": part.size_bytes}


def repeated(points):
    """Steps that were begun again although their result was kept."""
    kept, again = set(), []
    for point in points:
        step, _, what = point.rpartition(" ")
        if what == "kept":
            kept.add(step)
        if what == "begun" and step in kept:
            again.append(step)
    return again
