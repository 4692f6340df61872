"""The only wiring: from the operator's settings to the parts that every use case is given."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress

from service.db.database import Clock, Database, utc_now
from service.db.migrate import database_address
from service.domain.lifecycle import State
from service.hosting import Hosting
from service.jobs.queue import EngineQueue
from service.outgoing.mail import SmtpMail
from service.outgoing.webhook import Webhooks
from service.storage.blobs import BlobStore
from service.storage.documents import DocumentStore
from service.storage.errors import MasterKeyProblem
from service.storage.keys import KeyStore
from service.storage.locations import open_objects
from service.storage.master import MasterKey, create_master_key
from service.storage.objects import ObjectStore
from service.usecases.audit_log import export_heads
from service.usecases.consent import enforce_refusals
from service.usecases.erase import resume
from service.usecases.outbox import send_waiting
from service.usecases.pass_time import pass_time
from service.usecases.rapport import Queue, Rapport
from service.usecases.remind import send_reminders
from service.usecases.retention import run_retention
from service.usecases.sweep_orphans import sweep_orphans
from service.usecases.uploads import sweep_uploads

AUDIT_KEY = "audit"
S3_OPTIONS = {"key": "access_key_id", "secret": "secret_access_key"}
"""Our names of settings that obstore calls otherwise."""


def build(hosting: Hosting, *, clock: Clock = utc_now, queue: Queue | None = None) -> Rapport:
    """The parts; the database is not touched yet. Raises WrongUsage, WrongSchema, StorageError."""
    database_address(hosting.database_url)
    key_objects = objects(hosting, hosting.keys)
    master = _master_key(hosting, key_objects)
    keys = KeyStore(key_objects, master)
    blobs = BlobStore(objects(hosting, hosting.blobs), keys)
    return Rapport(
        hosting=hosting,
        database=Database(
            hosting.database_url, lambda is_new: keys.service_key(is_new).derive(AUDIT_KEY), clock
        ),
        master=master,
        keys=keys,
        blobs=blobs,
        documents=DocumentStore(blobs),
        queue=queue or EngineQueue(hosting.database_url),
    )


@contextmanager
def opened(hosting: Hosting, *, clock: Clock = utc_now) -> Iterator[Rapport]:
    """The parts while the block runs; connections are given back at its end."""
    queue = EngineQueue(hosting.database_url)
    rapport = build(hosting, clock=clock, queue=queue)
    try:
        yield rapport
    finally:
        queue.close()
        rapport.database.close()


def tasks(rapport: Rapport) -> Mapping[str, Callable[[], object]]:
    """What the schedules of jobs/schedules.CRONS do, by name."""
    hosting = rapport.hosting
    mail = SmtpMail(hosting.smtp_url, hosting.mail_from) if hosting.smtp_url else None
    webhooks = Webhooks()
    return {
        "outbox": lambda: send_waiting(rapport, mail, webhooks),
        "sweep": lambda: (sweep_uploads(rapport), enforce_refusals(rapport), resume(rapport)),
        "fall_silent": lambda: pass_time(rapport, [State.confirmed]),
        "archive": lambda: pass_time(rapport, [State.acknowledged, State.unanswered]),
        "reminders": lambda: send_reminders(rapport),
        "retention": lambda: run_retention(rapport),
        "orphans": lambda: sweep_orphans(rapport),
        "audit_head": lambda: export_heads(rapport),
    }


def objects(hosting: Hosting, place: str) -> ObjectStore:
    """The store at RAPPORT_BLOBS or RAPPORT_KEYS."""
    return open_objects(place, {S3_OPTIONS.get(name, name): value for name, value in hosting.s3.items()})


def _master_key(hosting: Hosting, keys: ObjectStore) -> MasterKey:
    """From the setting, the command or the file, in this order; on a laptop made at the first start."""
    if hosting.master_key:
        return MasterKey(hosting.master_key, source="RAPPORT_MASTER_KEY")
    if hosting.master_key_command:
        return MasterKey.from_command(shlex.split(hosting.master_key_command))
    path = hosting.master_key_path
    first_start = path == hosting.own_master_key and not path.exists() and next(keys.names(), None) is None
    if first_start:
        hosting.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(MasterKeyProblem):  # of two first starts at once, one makes it
            return create_master_key(path)
    return MasterKey.from_file(path)
