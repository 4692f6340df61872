"""Deterministic engines without weights, for tests and for trying things out."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from models.ports import Vectors

DIMENSION = 256


class FakeEmbedder:
    """Hashed character trigrams (pairs for Chinese): shared letters are near, meaning is not known."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit vector a text, shape (n_texts, 256), the same on every machine."""
        vectors = np.full((len(texts), DIMENSION), 1e-3, np.float32)
        for row, text in enumerate(texts):
            folded = f" {text.lower()} "
            size = 3 if text.isascii() else 2
            for i in range(len(folded) - size + 1):
                digest = hashlib.md5(folded[i : i + size].encode(), usedforsecurity=False).digest()
                vectors[row, int.from_bytes(digest[:2], "big") % DIMENSION] += 1
        unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit
