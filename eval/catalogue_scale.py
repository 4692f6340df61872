"""A large catalogue: how long its import takes, and how long one need takes to be answered afterwards.

Entries are made from the starter catalogue by numbering titles and mixing descriptions, so every text is
new to the vector store, which is made anew in a temporary folder. Models are loaded before the clock starts.
"""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from eval.figures import Outcome, single
from models.development import Profile
from models.engines.vector_cache import CachedEmbedder
from models.parsing.catalogue import STARTER, read_catalogue
from models.stages.recommend import Shelf, named_gaps, offers

if TYPE_CHECKING:
    from models.ports import Embedder

QUERIES = (
    "SQL",
    "giving feedback",
    "saying no to people",
    "库存管理",
    "谈判",
    "汇报没有重点",
    "lean",
    "招聘面试",
)
REPEATS = 5


def evaluate(embedder: Embedder, fast: Embedder, entries: int) -> Outcome:
    """Seconds of the import, and of the 95th percentile of needs, the query's vector included."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "catalogue.jsonl"
        write_large(path, entries)
        for one in (embedder, fast):
            one.embed(["warm"])
        began = time.perf_counter()
        kept = CachedEmbedder(lambda: fast, Path(folder) / "vectors.sqlite")
        shelf = Shelf(tuple(read_catalogue(path)), embedder, kept)
        offers(named_gaps(["warm up"]), shelf, "en", 3, Profile(), "2026-11-25")
        imported = time.perf_counter() - began
        taken = [_seconds(query, shelf) for _ in range(REPEATS) for query in QUERIES]
    figures = single("import_seconds", f"{entries} entries", imported, entries)
    figures += single("need_p95", f"{entries} entries", float(np.percentile(taken, 95)), len(taken))
    return Outcome(tuple(figures), [{"id": str(entries), "import_s": imported, "needs_s": taken}])


def write_large(path: Path, entries: int) -> None:
    """A catalogue of that many entries of which no two have one text."""
    known = read_catalogue(STARTER)
    with path.open("w", encoding="utf-8") as file:
        for number in range(entries):
            one, other = known[number % len(known)], known[(number * 7 + number // len(known)) % len(known)]
            row: dict[str, Any] = {
                "id": f"e{number}",
                "title": f"{one.title} {number}",
                "kind": one.kind,
                "language": one.language,
                "skills": [*one.skills, *other.skills[:1]],
                "description": f"{other.description} {one.description}",
            }
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _seconds(query: str, shelf: Shelf) -> float:
    began = time.perf_counter()
    offers(named_gaps([query]), shelf, "en", 3, Profile(), "2026-11-25")
    return time.perf_counter() - began
