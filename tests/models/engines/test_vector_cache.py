from __future__ import annotations

import numpy as np
import pytest

from models.engines.fake import FakeEmbedder
from models.engines.vector_cache import BATCH, CachedEmbedder

TEXTS = ["SQL for analysts", "谈判练习", "SQL for analysts", "Baking bread"]


class Counting(FakeEmbedder):
    def __init__(self):
        self.seen = []

    def embed(self, texts):
        self.seen.extend(texts)
        return super().embed(texts)


class Failing(Counting):
    """Gives out after the first batch, as a process that is killed."""

    def embed(self, texts):
        if self.seen:
            raise KeyboardInterrupt
        return super().embed(texts)


def test_each_text_is_embedded_once_even_by_another_process(tmp_path):
    first, second = Counting(), Counting()
    made = CachedEmbedder(lambda: first, tmp_path / "v.sqlite").embed(TEXTS)
    again = CachedEmbedder(lambda: second, tmp_path / "v.sqlite").embed([*TEXTS, "new"])
    assert sorted(first.seen) == sorted(set(TEXTS))
    assert second.seen == ["new"]
    np.testing.assert_array_equal(again[:4], made)
    np.testing.assert_allclose(made, FakeEmbedder().embed(TEXTS), atol=1e-3)


def test_an_interrupted_import_goes_on_where_it_stopped(tmp_path):
    texts = [f"course {i}" for i in range(BATCH + 10)]
    with pytest.raises(KeyboardInterrupt):
        CachedEmbedder(Failing, tmp_path / "v.sqlite").embed(texts)
    after = Counting()
    shares = []
    vectors = CachedEmbedder(lambda: after, tmp_path / "v.sqlite", shares.append).embed(texts)
    assert len(after.seen) == 10
    assert shares == [1.0]
    np.testing.assert_allclose(vectors, FakeEmbedder().embed(texts), atol=1e-3)


@pytest.mark.parametrize("broken", [b"not a database at all, but long enough", b""])
def test_a_broken_file_is_made_anew(tmp_path, broken):
    path = tmp_path / "v.sqlite"
    path.write_bytes(broken)
    assert len(CachedEmbedder(Counting, path).embed(TEXTS)) == 4
    again = Counting()
    CachedEmbedder(lambda: again, path).embed(TEXTS)
    assert again.seen == []


def test_a_folder_that_cannot_be_made_only_costs_time(tmp_path):
    (tmp_path / "file").write_text("in the way")
    assert len(CachedEmbedder(Counting, tmp_path / "file" / "v.sqlite").embed(TEXTS)) == 4


def test_the_file_holds_no_text(tmp_path):
    CachedEmbedder(Counting, tmp_path / "v.sqlite").embed(TEXTS)
    assert all(b"analysts" not in path.read_bytes() for path in tmp_path.iterdir())
