"""From settings to parts: the master key of a laptop, and what a server refuses."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from service.bootstrap import build, opened
from service.db.errors import WrongSchema
from service.db.migrate import at_head, upgrade
from service.errors import WrongUsage
from service.hosting import hosting
from service.storage.errors import MasterKeyProblem
from service.storage.master import create_master_key


def laptop(folder, **more):
    return hosting({"RAPPORT_DATA": str(folder), **more})


def test_the_first_start_makes_a_key_that_later_starts_use(tmp_path):
    settings = laptop(tmp_path / "data")
    upgrade(settings.database_url)
    with opened(settings) as first:
        key_id = first.keys.create()
        name = first.documents.write(key_id, {"said": "words"})
        assert at_head(first.database.engine)
    path = tmp_path / "data" / "secrets" / "master.key"
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    with opened(settings) as again:
        assert again.documents.read(key_id, name) == {"said": "words"}


def test_first_starts_at_once_agree_on_one_key(tmp_path):
    settings = laptop(tmp_path / "data")
    with ThreadPoolExecutor(4) as pool:
        built = list(pool.map(lambda _: build(settings), range(4)))
    assert len({one.master.derive("same") for one in built}) == 1


def test_a_lost_key_is_never_replaced_by_a_new_one(tmp_path):
    settings = laptop(tmp_path / "data")
    build(settings).keys.create()
    settings.own_master_key.unlink()
    with pytest.raises(MasterKeyProblem) as error:
        build(settings)
    assert error.value.key == "no_master_key"
    assert not settings.own_master_key.exists()


def test_several_machines_need_a_key_that_somebody_gave_them(tmp_path):
    server = {"RAPPORT_DATABASE": "postgresql+psycopg://db.example/rapport"}
    with pytest.raises(WrongUsage) as error:
        build(laptop(tmp_path, **server))
    assert error.value.key == "no_master_key_set"
    create_master_key(tmp_path / "given.key")
    text = (tmp_path / "given.key").read_text("utf-8")
    by_file = build(laptop(tmp_path, **server, RAPPORT_MASTER_KEY_FILE=str(tmp_path / "given.key")))
    by_value = build(laptop(tmp_path, **server, RAPPORT_MASTER_KEY=text))
    by_command = build(laptop(tmp_path, **server, RAPPORT_MASTER_KEY_COMMAND=f"cat {tmp_path}/given.key"))
    assert len({one.master.derive("same") for one in (by_file, by_value, by_command)}) == 1


def test_keys_are_no_part_of_what_settings_show(tmp_path):
    create_master_key(tmp_path / "given.key")
    text = (tmp_path / "given.key").read_text("utf-8")
    assert text not in repr(build(laptop(tmp_path, RAPPORT_MASTER_KEY=text)))


def test_other_databases_are_refused(tmp_path):
    with pytest.raises(WrongSchema):
        build(laptop(tmp_path, RAPPORT_DATABASE="mysql://localhost/rapport"))


def test_the_fixture_is_ready_for_use_cases(rapport, queue):
    assert at_head(rapport.database.engine)
    assert rapport.queue is queue
