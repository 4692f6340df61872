from __future__ import annotations

import json
import os
import sys

import pytest
import tink
from tink import aead, json_proto_keyset_format, mac, secret_key_access

from service.storage.errors import MasterKeyProblem
from service.storage.master import MasterKey, create_master_key


@pytest.fixture
def path(tmp_path):
    create_master_key(tmp_path / "new" / "master.json")
    return tmp_path / "new" / "master.json"


def keyset(template) -> str:
    aead.register()
    mac.register()
    return json_proto_keyset_format.serialize(tink.new_keyset_handle(template), secret_key_access.TOKEN)


def test_file_text_and_command_give_the_same_key(path):
    keys = [
        MasterKey.from_file(path),
        MasterKey(path.read_text()),
        MasterKey(json.dumps(json.loads(path.read_text()), indent=4, sort_keys=True)),
        MasterKey.from_command(["cat", str(path)]),
    ]
    box = keys[0].aead.encrypt(b"text", b"for this")
    assert {key.aead.decrypt(box, b"for this") for key in keys} == {b"text"}
    assert len({key.derive("cookies") for key in keys}) == 1


def test_derived_secrets_differ_by_label_key_and_length(path, tmp_path):
    key, other = MasterKey.from_file(path), create_master_key(tmp_path / "other.json")
    derived = {key.derive("cookies"), key.derive("audit"), other.derive("cookies")}
    assert len(derived) == 3
    assert [len(key.derive("cookies", length)) for length in (16, 32, 64)] == [16, 32, 64]


def test_a_new_key_is_private_and_never_overwrites(path):
    before = path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(MasterKeyProblem, match="not overwritten"):
        create_master_key(path)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o610])
def test_a_key_open_to_others_is_refused(path, mode):
    path.chmod(mode)
    with pytest.raises(MasterKeyProblem, match="chmod 600"):
        MasterKey.from_file(path)


def test_missing_and_unreadable_files(path):
    with pytest.raises(MasterKeyProblem, match="no master key"):
        MasterKey.from_file(path.with_name("nothing"))
    with pytest.raises(MasterKeyProblem, match="cannot be read"):
        MasterKey.from_file(path / "below")
    with pytest.raises(MasterKeyProblem, match="cannot be read"):
        create_master_key(path / "below")


@pytest.mark.parametrize(
    "text", ["", "secret-words", "{}", "[]", "null", '{"primaryKeyId": 7}', '{"key": 1}']
)
def test_malformed_text_is_refused_without_repeating_it(text):
    with pytest.raises(MasterKeyProblem) as caught:
        MasterKey(text)
    assert "secret-words" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_bytes_that_are_no_text(path):
    path.write_bytes(b"\xff\xfe")
    for read in (lambda: MasterKey.from_file(path), lambda: MasterKey.from_command(["cat", str(path)])):
        with pytest.raises(MasterKeyProblem, match="does not give"):
            read()


@pytest.mark.parametrize(
    "template",
    [
        aead.aead_key_templates.AES128_GCM,
        aead.aead_key_templates.AES256_CTR_HMAC_SHA256,
        mac.mac_key_templates.HMAC_SHA256_256BITTAG,
    ],
    ids=["aes128", "ctr", "mac"],
)
def test_other_kinds_of_keys_are_refused(template):
    with pytest.raises(MasterKeyProblem, match="AES256_GCM"):
        MasterKey(keyset(template))


def test_nothing_printed_shows_the_key(path):
    key = MasterKey.from_file(path)
    material = json.loads(path.read_text())["key"][0]["keyData"]["value"]
    assert material not in repr(key) + str(key)


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ([sys.executable, "-c", "print('secret-words'); raise SystemExit(3)"], "exit code 3"),
        (["no-such-program"], "No such file"),
        ([sys.executable, "-c", "import time; time.sleep(60)"], "> 0.3 s"),
    ],
    ids=["fails", "missing", "hangs"],
)
def test_a_command_that_gives_no_key(command, reason):
    with pytest.raises(MasterKeyProblem, match=reason) as caught:
        MasterKey.from_command(command, limit_s=0.3 if "sleep" in command[-1] else 30)
    assert "secret-words" not in str(caught.value)
    assert caught.value.__context__ is None
    assert os.path.basename(command[0]) in str(caught.value)  # noqa: PTH119
