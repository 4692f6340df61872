"""Sentence vectors by multilingual-e5-small (Wang et al. 2024, arXiv 2402.05672), English and Chinese alike.

Runs on onnxruntime from the files that models/prepare makes. The word table is mapped from disk, so only the
rows in use take memory. Similarities of this model sit between 0.75 and 0.9: rank them or centre them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from models.ports import Vectors
from models.store import Store

PREFIX = "query: "
MAX_TOKENS = 512
BATCH_TOKENS = 1024
DIMENSION = 384


class E5Embedder:
    """Embedder over the folder with tokenizer.json, embeddings.npy and encoder.onnx."""

    def __init__(self, folder: Path, threads: int, encoder: str = "encoder.onnx") -> None:
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.enable_truncation(MAX_TOKENS)
        self.words: npt.NDArray[np.float16] = np.load(folder / "embeddings.npy", mmap_mode="r")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.encoder = onnxruntime.InferenceSession(
            str(folder / encoder), options, providers=["CPUExecutionProvider"]
        )

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit vector a text, shape (n_texts, 384); what exceeds 512 tokens is cut off."""
        encoded = self.tokenizer.encode_batch([PREFIX + text for text in texts])
        tokens = [encoding.ids for encoding in encoded]
        vectors = np.zeros((len(texts), DIMENSION), np.float32)
        for batch in _batches([len(ids) for ids in tokens]):
            vectors[batch] = self._embed_batch([tokens[i] for i in batch])
        return vectors

    def _embed_batch(self, tokens: list[list[int]]) -> Vectors:
        """Mean of the hidden states over the tokens of each text, scaled to length 1."""
        longest = max(len(ids) for ids in tokens)
        ids = np.zeros((len(tokens), longest), np.int64)
        mask = np.zeros((len(tokens), longest), np.float32)
        for row, text in enumerate(tokens):
            ids[row, : len(text)] = text
            mask[row, : len(text)] = 1
        words = self.words[ids].astype(np.float32)
        (hidden,) = self.encoder.run(None, {"words": words, "mask": mask})
        sums: Vectors = np.einsum("bth,bt->bh", hidden, mask)
        sums /= np.linalg.norm(sums, axis=1, keepdims=True)
        return sums


def load(store: Store, threads: int) -> E5Embedder:
    """Make the engine for models/registry; raises WeightsMissing."""
    return E5Embedder(store.path("e5-small"), threads)


def load_fast(store: Store, threads: int) -> E5Embedder:
    """The same with weights of 8 bits, for many texts that are only ranked; raises WeightsMissing."""
    return E5Embedder(store.path("e5-small"), threads, "encoder.int8.onnx")


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Group indices by length, at most BATCH_TOKENS padded tokens a group, so that padding costs little."""
    batch: list[int] = []
    for i in sorted(range(len(lengths)), key=lambda i: lengths[i]):
        if batch and (len(batch) + 1) * lengths[i] > BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch
