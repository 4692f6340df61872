"""Make the skill index that ships: labels of ESCO that skills.tsv does not hold, and the vectors of all.

    python -m models.train.skill_index ESCO_SKILLS_CSV LABELS_TXT --models DIR

ESCO_SKILLS_CSV joins label, synonyms and description in one text, so the label is the longest of LABELS_TXT
(ESCO 1.1.0, one a line) that the text begins with. A few minutes, no randomness.
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.engines import e5
from models.ports import Vectors
from models.stages import taxonomy
from models.store import Store

HEADER = """\
# This service uses the ESCO classification of the European Commission.
# Columns: ESCO id, ESCO label.
"""


def main() -> None:
    """Write esco.tsv and skills.e5-small.npy beside skills.tsv."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("skills", type=Path, help="skills.csv with the columns id and description")
    parser.add_argument("labels", type=Path, help="labels, one a line")
    parser.add_argument("--models", type=Path, required=True, help="the model store, for the encoder")
    chosen = parser.parse_args()
    known = taxonomy.curated()
    named = labels_by_id(chosen.skills, chosen.labels.read_text("utf-8").splitlines())
    others = {key: label for key, label in named.items() if key not in {s.key for s in known}}
    rows = "".join(f"{key}\t{label}\n" for key, label in sorted(others.items(), key=lambda pair: pair[1]))
    taxonomy.OTHERS.write_text(HEADER + rows, "utf-8")
    skills = (*known, *taxonomy.others())
    vectors = e5.load(Store(chosen.models), 2).embed(taxonomy.texts(skills))
    np.save(taxonomy.VECTORS, as_int8(vectors))


def labels_by_id(path: Path, labels: Sequence[str]) -> dict[str, str]:
    """ESCO id -> label."""
    by_first = defaultdict(list)
    for label in sorted({label.strip() for label in labels} - {""}, key=len, reverse=True):
        by_first[label.lower().split(" ")[0]].append(label)
    found: dict[str, str] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            text = " ".join(row["description"].split()).lower()
            fitting = (label for label in by_first[text.split(" ")[0]] if text.startswith(label.lower()))
            found |= {row["id"].rsplit("/", 1)[1]: label for label in islice(fitting, 1)}
    return found


def as_int8(vectors: Vectors) -> npt.NDArray[np.int8]:
    """Each row scaled to a largest part of 127."""
    scaled = np.round(vectors / np.abs(vectors).max(axis=1, keepdims=True) * 127)
    whole: npt.NDArray[np.int8] = scaled.astype(np.int8)
    return whole


if __name__ == "__main__":
    main()
