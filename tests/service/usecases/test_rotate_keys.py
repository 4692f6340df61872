"""A new master key: whatever point the change is killed at, everything stays readable, then by it alone."""

from __future__ import annotations

import base64
import os
import signal

import pytest

from service.db import tables
from service.db.tables import Heartbeat
from service.errors import WrongUsage
from service.storage.errors import MasterKeyProblem
from service.storage.keys import SERVICE_KEY, KeyStore
from service.storage.locations import open_objects
from service.storage.master import MasterKey
from service.usecases.audit_log import verify_audit
from service.usecases.read_transcript import read_transcript
from service.usecases.rotate_keys import require_stopped, rotate_keys
from service.usecases.webhooks import add_webhook
from tests.service.usecases.meeting_office import add_meeting, service_over

pytestmark = pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)


class DiesAfter:
    """A key store that kills its process after some updates, or when all names were told."""

    def __init__(self, objects, updates):
        self._objects, self._left = objects, updates

    def names(self):
        yield from list(self._objects.names())
        os.kill(os.getpid(), signal.SIGKILL)

    def update(self, name, change):
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self._left -= 1
        self._objects.update(name, change)

    def __getattr__(self, name):
        return getattr(self._objects, name)


def killed(path, objects):
    """The signal that ended a process which changed the key."""
    child = os.fork()
    if child == 0:
        rotate_keys(path, objects)
        os._exit(0)
    return os.waitpid(child, 0)[1]


def reads_all(office, url, clock, queue):
    """With the master key as it is in its file now."""
    rapport = service_over(office.rapport.hosting.data_dir, url, clock, queue)
    for meeting in office.rows(tables.Meeting):
        assert read_transcript(rapport, office.actor("lead"), meeting.id).revision == 1
    assert verify_audit(rapport) == {}
    (hook,) = office.rows(tables.Webhook)
    key = rapport.keys.service_key(bool)
    assert len(key.aead.decrypt(base64.b64decode(hook.sealed_secret), hook.id.encode())) == 32
    rapport.database.close()
    return True


def test_killed_anywhere_it_is_taken_up_again(office, migrated_url, clock, queue):
    path, place = office.rapport.hosting.master_key_file, office.rapport.hosting.keys
    for _ in range(3):
        add_meeting(office, clock)
    add_webhook(office.rapport, office.actor("admin", "admin"), "https://example.org/", [])
    before = MasterKey.from_file(path)
    for updates in (0, 2, 1000):
        assert killed(path, DiesAfter(open_objects(place), updates)) == signal.SIGKILL
        assert MasterKey.from_file(path).is_changing
        assert reads_all(office, migrated_url, clock, queue)
    assert rotate_keys(path, open_objects(place)) == len(list(open_objects(place).names())) == 5
    assert not MasterKey.from_file(path).is_changing
    assert reads_all(office, migrated_url, clock, queue)
    for key in (office.row().key_id, SERVICE_KEY):
        with pytest.raises(MasterKeyProblem):
            KeyStore(open_objects(place), before).load(key)


def test_not_while_the_service_runs(office, clock):
    with office.rapport.database.write() as work:
        work.session.add(Heartbeat(node="n", kind="web", started_at=work.now, seen_at=work.now))
    with pytest.raises(WrongUsage):
        require_stopped(office.rapport)
    clock.move(seconds=16)
    require_stopped(office.rapport)


def test_a_lost_key_store_does_not_begin_a_second_audit_log(office, migrated_url, clock, queue, tmp_path):
    add_webhook(office.rapport, office.actor("admin", "admin"), "https://example.org/", [])
    for path in (tmp_path / "service" / "keys").glob("??/*"):
        path.unlink()
    again = service_over(office.rapport.hosting.data_dir, migrated_url, clock, queue)
    with again.database.write(office.ids["org"]) as work, pytest.raises(MasterKeyProblem):
        work.audit("p1", "test", "thing", "t1")
    again.database.close()
