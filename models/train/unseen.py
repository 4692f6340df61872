"""Talks that the shipped reader never saw, as it reads them: what confidence.toml is fitted on.

They are those that models/train/dialogue_reader.py keeps apart, and the split "calibration", so the reader is
as unsure as on anybody else's talk. Held-back talks are not read.
"""

from __future__ import annotations

import argparse
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.engines import dialogue_reader
from models.ports import Reading
from models.schema import Transcript
from models.stages import confidence
from models.stages.clauses import of as clauses_of
from models.store import Store
from models.train.calibration import Table, as_toml
from models.train.dialogue_data import label_sets, transcript_of
from models.train.dialogue_reader import apart

TABLES = Path(confidence.__file__).with_name("confidence.toml")
HEADER = """\
# Log-odds by sign: whether a thread is an action item, and so on. "rules" was fitted on 36 earlier talks
# ("handover" by hand: "leave that with me" accepts by definition and is rare); the others are written by
# models/train/tasks.py and models/train/tone.py, from talks that the reader had not seen.
"""


@dataclass(frozen=True, slots=True)
class Talk:
    """A talk as read, with the labels of the first annotator."""

    transcript: Transcript
    reading: Reading
    labels: Mapping[str, Any]


def talks(description: str | None) -> list[Talk]:
    """The unseen talks of the folders that the command line names."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("conversations", type=Path, help="folder of labelled conversations")
    parser.add_argument("annotations", type=Path, help="folder with a folder of label sets an annotator")
    parser.add_argument("--models", type=Path, required=True, help="the model store, for the encoder")
    chosen = parser.parse_args()
    return list(_read(chosen.conversations, chosen.annotations, Store(chosen.models)))


def _read(conversations: Path, annotations: Path, store: Store) -> Iterator[Talk]:
    reader = dialogue_reader.load(store, 2)
    documents = [json.loads(path.read_text("utf-8")) for path in sorted(conversations.glob("*.json"))]
    kept = apart(d["id"] for d in documents if d["split"] == "train")
    for document in documents:
        if document["split"] == "calibration" or document["id"] in kept:
            transcript = transcript_of(document)
            reading = reader.read(transcript, clauses_of(transcript))
            yield Talk(transcript, reading, label_sets(document, annotations)[0])


def write(tables: Mapping[str, Table]) -> None:
    """Put these tables into confidence.toml and let the stages see them."""
    known: dict[str, Table] = tomllib.loads(TABLES.read_text("utf-8"))
    TABLES.write_text(f"{HEADER}{as_toml(known | dict(tables))}", "utf-8")
    confidence.tables.cache_clear()
