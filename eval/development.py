"""Data for the evaluation of recommendation: spans with their ESCO label, and our own judged cases."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from eval.data import Data
from models.development import Profile, Resource
from models.parsing.catalogue import STARTER, read_catalogue
from models.parsing.profiles import read_profiles
from models.schema import Evidence, SkillGap
from models.stages import recommend, taxonomy

COLLECTIONS = ("house", "tech")


@dataclass(frozen=True, slots=True)
class Span:
    """A phrase of a job advertisement and the ESCO label that an annotator gave it."""

    collection: str
    phrase: str
    label: str


@dataclass(frozen=True, slots=True)
class Case:
    """A person with a gap. `grades`: entry of the starter catalogue -> 2 (fits) or 1 (helps), by hand."""

    id: str
    language: str
    gap: SkillGap
    person: Profile
    grades: Mapping[str, int]
    resources: Mapping[str, Resource]


def spans(data: Data) -> list[Span]:
    """The validation spans whose label is in ESCO."""
    known = {skill.label for skill in taxonomy.load().every}
    labels = data.file("skill_linking/skills_en_label.txt")
    known |= set(labels.read_text("utf-8").splitlines()) if labels else set()
    found = []
    for name in COLLECTIONS:
        path = data.file(f"skill_linking/{name}_validation_annotations.csv")
        if path is not None:
            with path.open(encoding="utf-8", newline="") as file:
                found += [
                    Span(name, row["sub_span"] or row["span"], row["label"])
                    for row in csv.DictReader(file)
                    if row["label"] in known
                ]
    return found


def cases(data: Data) -> list[Case]:
    """The project's own cases: written and graded by different hands (eval/README.md)."""
    path = data.own / "development_cases.json"
    if not path.exists():
        return []
    entries = {entry.id: entry for entry in read_catalogue(STARTER)}
    people = {person.id: person for person in read_profiles(data.own / "development_people.json")}
    rows = json.loads(path.read_text("utf-8"))["cases"]
    return [_case(row, people[row["person"]], entries) for row in rows]


def _case(fields: Mapping[str, Any], person: Profile, entries: Mapping[str, Resource]) -> Case:
    (named,) = recommend.named_gaps([fields["gap"]])
    gap = SkillGap("g1", named.skill, "e", (Evidence(0, fields["quote"]),), 1.0, named.skill_uri)
    return Case(fields["id"], fields["language"], gap, person, fields["grades"], entries)
