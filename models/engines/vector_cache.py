"""Vectors of a catalogue's texts, kept in a SQLite file, so that each text is embedded once on a machine.

Only catalogue texts go through here, never what somebody said. The file holds digests and vectors (float16)
and may be deleted at any time; a broken one is made anew.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from models.ports import Embedder, Vectors

BATCH = 256
"""Texts after which what was made is written, so that an interrupted import goes on where it stopped."""
LOOKUP = 500
"""Digests asked for at once; SQLite allows 999 and more parameters."""
WAIT_S = 30.0
TABLE = "CREATE TABLE IF NOT EXISTS vectors (digest BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID"

Advance = Callable[[float], None]
"""Told the share done, 0..1."""


class CachedEmbedder:
    """An Embedder that looks into the file first; `make` loads the one that is asked for what is missing."""

    def __init__(
        self, make: Callable[[], Embedder], path: Path, advance: Advance = lambda share: None
    ) -> None:
        self.make, self.path, self.advance = make, path, advance

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit vector a text, shape (n_texts, dimension)."""
        digests = [hashlib.sha256(text.encode()).digest() for text in texts]
        with closing(_opened(self.path)) as file:
            known = dict(_stored(file, digests))
            missing = {d: text for d, text in zip(digests, texts, strict=True) if d not in known}
            if missing:
                known |= self._made(list(missing.items()), file)
        vectors: Vectors = np.stack([known[digest] for digest in digests]).astype(np.float32)
        return vectors

    def _made(self, missing: list[tuple[bytes, str]], file: sqlite3.Connection) -> dict[bytes, Vectors]:
        """Vectors of these texts by digest, written batch by batch."""
        embedder, found = self.make(), dict[bytes, Vectors]()
        for batch in _batches(missing):
            made = embedder.embed([text for _, text in batch]).astype(np.float16)
            vectors = {digest: vector for (digest, _), vector in zip(batch, made, strict=True)}
            with file:
                rows = [(digest, vector.tobytes()) for digest, vector in vectors.items()]
                file.executemany("INSERT OR IGNORE INTO vectors VALUES (?, ?)", rows)
            found |= vectors
            self.advance(len(found) / len(missing))
        return found


def _opened(path: Path) -> sqlite3.Connection:
    """The file, made anew where it is broken; a place that cannot be written to means memory."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return _connected(path)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            return _connected(":memory:")
        path.unlink(missing_ok=True)
        return _connected(path)
    except OSError:
        return _connected(":memory:")


def _connected(path: Path | str) -> sqlite3.Connection:
    file = sqlite3.connect(path, timeout=WAIT_S)
    try:
        file.execute("PRAGMA journal_mode=WAL")
        file.execute(TABLE)
    except sqlite3.Error:
        file.close()
        raise
    return file


def _stored(file: sqlite3.Connection, digests: Sequence[bytes]) -> Iterator[tuple[bytes, Vectors]]:
    wanted = list(dict.fromkeys(digests))
    for first in range(0, len(wanted), LOOKUP):
        some = wanted[first : first + LOOKUP]
        marks = ",".join("?" * len(some))
        rows = file.execute(f"SELECT digest, vector FROM vectors WHERE digest IN ({marks})", some)  # noqa: S608
        for digest, vector in rows:
            yield digest, np.frombuffer(vector, np.float16)


def _batches(items: Sequence[tuple[bytes, str]]) -> Iterator[list[tuple[bytes, str]]]:
    """Batches of texts of about one length: padding costs little."""
    by_length = sorted(items, key=lambda item: len(item[1]))
    for first in range(0, len(by_length), BATCH):
        yield by_length[first : first + BATCH]
