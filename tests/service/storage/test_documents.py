from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.storage.documents import DocumentStore, canonical
from service.storage.errors import DamagedBlob, Erased, MissingBlob, TooLarge

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
PLAIN = st.none() | st.booleans() | st.integers() | st.floats(-(2**53), 2**53) | TEXT
JSON = st.recursive(PLAIN, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner), max_leaves=8)


@given(st.lists(JSON, max_size=4))
def test_every_document_comes_back_equal(value):
    assert json.loads(canonical(value)) == value


def test_the_order_of_keys_does_not_matter():
    assert canonical({"b": 1, "a": [2.0, "é"]}) == canonical({"a": [2.0, "é"], "b": 1})
    assert canonical({"b": 2**60, "a": 1}) == canonical({"a": 1, "b": 2**60})


def test_what_is_no_json_is_refused():
    for value in ([float("nan")], [float("inf")], [float("nan"), 2**60], [2**60, float("inf")]):
        with pytest.raises(ValueError, match=r"JCS|compliant"):
            canonical(value)


def test_write_read_delete(shelf):
    documents = DocumentStore(shelf.blobs)
    key_id = shelf.keys.create()
    value = {"turns": [{"text": "我们周五之前完成", "start_s": 1.5}], "n": 2**60}
    name = documents.write(key_id, value)
    assert name != documents.write(key_id, value)
    assert documents.read(key_id, name) == value
    documents.delete(name)
    with pytest.raises(MissingBlob):
        documents.read(key_id, name)
    shelf.keys.destroy(key_id)
    with pytest.raises(Erased):
        documents.write(key_id, value)


def test_documents_have_a_bound(folder_shelf):
    key_id = folder_shelf.keys.create()
    small = DocumentStore(folder_shelf.blobs, most_bytes=10)
    assert small.read(key_id, small.write(key_id, ["123456"])) == ["123456"]
    with pytest.raises(TooLarge, match="11 bytes"):
        small.write(key_id, ["1234567"])
    with pytest.raises(DamagedBlob):
        small.read(key_id, DocumentStore(folder_shelf.blobs).write(key_id, ["1234567"]))
