"""Reader of the packed 4-bit multilingual-e5-small (format "E5S1"): weights, word pieces, normalisation map.

The file is read as bytes; nothing of the package that carries it is run. Matrices are stored in blocks of
32 numbers: a scale in float16, then 16 bytes whose low halves are the first 16 numbers and whose high halves
are the last 16, all minus 8.
"""

from __future__ import annotations

import math
import struct
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Regex, Tokenizer, decoders, normalizers, pre_tokenizers, processors
from tokenizers.models import Unigram

MAGIC = b"E5S1"
BLOCK = 32
BLOCK_BYTES = 18
FLOAT32 = 0

Array = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sizes:
    """Dimensions of the transformer."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int


@dataclass(frozen=True, slots=True)
class PackedE5:
    """The whole file. `replacements`: code point to text. `places`: kind of each tensor and its byte
    offset in `content`.
    """

    sizes: Sizes
    pieces: tuple[tuple[str, float], ...]
    begin: int
    end: int
    unknown: int
    replacements: dict[int, str]
    places: dict[str, tuple[int, int]]
    content: bytes

    def tensor(self, name: str, shape: tuple[int, ...]) -> Array:
        """One tensor, unpacked to float32."""
        kind, offset = self.places[name]
        count = math.prod(shape)
        if kind == FLOAT32:
            return np.frombuffer(self.content, "<f4", count, offset).reshape(shape)
        raw = np.frombuffer(self.content, np.uint8, count // BLOCK * BLOCK_BYTES, offset)
        blocks = raw.reshape(-1, BLOCK_BYTES)
        scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
        numbers = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1).astype(np.float32) - 8
        return (numbers * scales).reshape(shape)


class _Cursor:
    """Reads little-endian fields one after the other."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.position = 0

    def numbers(self, layout: str) -> tuple[int, ...]:
        found = struct.unpack_from("<" + layout, self.content, self.position)
        self.position += struct.calcsize("<" + layout)
        return found

    def number(self, layout: str) -> int:
        return self.numbers(layout)[0]

    def array(self, dtype: str, count: int) -> npt.NDArray[np.generic]:
        found = np.frombuffer(self.content, dtype, count, self.position)
        self.position += found.nbytes
        return found

    def bytes(self, count: int) -> bytes:
        found = self.content[self.position : self.position + count]
        self.position += count
        return found


def read(path: Path) -> PackedE5:
    """Read the file; ValueError when it is of another format."""
    cursor = _Cursor(path.read_bytes())
    if cursor.bytes(4) != MAGIC:
        raise ValueError(f"not a packed e5 file: {path.name}")
    cursor.number("I")  # version
    hidden, layers, heads, feed_forward, vocabulary, positions, _types = cursor.numbers("7i")
    cursor.numbers("fi")  # epsilon of the layer norm, block size
    count, begin, end, _padding, unknown = cursor.numbers("5i")
    text_bytes = cursor.number("Q")
    bounds = cursor.array("<u4", count + 1).tolist()
    scores = cursor.array("<f4", count).tolist()
    text = cursor.bytes(text_bytes)
    pieces = tuple(
        (text[start:stop].decode(), score)
        for start, stop, score in zip(bounds, bounds[1:], scores, strict=False)
    )
    return PackedE5(
        sizes=Sizes(hidden, layers, heads, feed_forward, vocabulary, positions),
        pieces=pieces,
        begin=begin,
        end=end,
        unknown=unknown,
        replacements=_replacements(cursor),
        places=_places(cursor),
        content=cursor.content,
    )


def tokenizer(packed: PackedE5) -> Tokenizer:
    """Rebuild the SentencePiece unigram tokenizer of XLM-R, with its begin and end marks.

    Its normalisation is NFKC beside a few code points (control characters, line breaks, zero-width ones),
    which are replaced first.
    """
    rebuilt = Tokenizer(Unigram(list(packed.pieces), unk_id=packed.unknown, byte_fallback=False))
    differing = [
        normalizers.Replace(chr(code_point), text)
        for code_point, text in packed.replacements.items()
        if unicodedata.normalize("NFKC", chr(code_point)) != text
    ]
    rebuilt.normalizer = normalizers.Sequence(
        [*differing, normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    rebuilt.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    rebuilt.decoder = decoders.Metaspace()
    begin, end = packed.pieces[packed.begin][0], packed.pieces[packed.end][0]
    rebuilt.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A {end}", special_tokens=[(begin, packed.begin), (end, packed.end)]
    )
    return rebuilt


def _replacements(cursor: _Cursor) -> dict[int, str]:
    entries, _size = cursor.numbers("iI")
    found = {}
    for _ in range(entries):
        code_point, length = cursor.numbers("IB")
        found[code_point] = "".join(chr(c) for c in cursor.numbers(f"{length}I"))
    return found


def _places(cursor: _Cursor) -> dict[str, tuple[int, int]]:
    found = {}
    for _ in range(cursor.number("i")):
        name = cursor.bytes(cursor.number("H")).decode()
        kind, _count, offset, _size = cursor.numbers("BIQQ")
        found[name] = (kind, offset)
    return found
