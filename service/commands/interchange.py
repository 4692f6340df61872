"""`rapport catalogue` and `rapport people`: what a file holds in numbers, and the same in another form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import typer

from models.development import Profile
from models.parsing.catalogue import Imported, import_catalogue
from models.parsing.catalogue_export import Format, write_catalogue
from models.parsing.problems import shown
from models.parsing.profile_facts import TEXTS
from models.parsing.profiles import read_profiles, write_profiles
from service.commands.surroundings import Surroundings
from service.errors import WrongUsage
from service.export.atomic_write import write_atomically
from service.export.plain_text import clean

CATALOGUE_FORMS: Mapping[str, Format] = {".csv": "csv", ".jsonl": "jsonl", ".jsonld": "jsonld"}
PEOPLE_FORMS: Mapping[str, Literal["json", "csv"]] = {".json": "json", ".csv": "csv"}

COUNTS_NAMED = 8
"""Languages and kinds that are told singly."""

MERGED_NAMED = 20

CatalogueFile = Annotated[Path, typer.Argument(metavar="FILE", show_default=False)]
PeopleFile = Annotated[Path, typer.Argument(metavar="FILE", show_default=False)]
CatalogueOut = Annotated[Path | None, typer.Option("--out", metavar="|".join(CATALOGUE_FORMS))]
PeopleOut = Annotated[Path | None, typer.Option("--out", metavar="|".join(PEOPLE_FORMS))]
Force = Annotated[bool, typer.Option("--force")]
Form = TypeVar("Form", bound=str)


def catalogue(
    ctx: typer.Context, *, catalogue_file: CatalogueFile, out: CatalogueOut = None, force: Force = False
) -> None:
    """Reads a catalogue whole or not at all, tells what it holds and, if asked, writes it."""
    around: Surroundings = ctx.obj
    form = out and _form(out, catalogue_file, CATALOGUE_FORMS, force=force)
    imported = import_catalogue(catalogue_file)
    if out and form:
        _write(out, write_catalogue(imported.resources, form))
    _tell(around, _catalogue_lines(imported, around), out)


def people(
    ctx: typer.Context, *, people_file: PeopleFile, out: PeopleOut = None, force: Force = False
) -> None:
    """Reads profiles all or none, tells how much they say and, if asked, writes them."""
    around: Surroundings = ctx.obj
    form = out and _form(out, people_file, PEOPLE_FORMS, force=force)
    profiles = read_profiles(people_file)
    if out and form:
        _write(out, write_profiles(profiles, form))
    _tell(around, _people_lines(profiles, around), out)


def _form(out: Path, source: Path, forms: Mapping[str, Form], *, force: bool) -> Form:
    """The form that the ending asks for. Raises WrongUsage for another ending or a file that stays."""
    form = forms.get(out.suffix.lower())
    if form is None:
        raise WrongUsage("unknown_ending", path=out, allowed=", ".join(forms))
    if out.exists() and source.exists() and out.samefile(source):
        raise WrongUsage("out_is_input", path=out)
    if out.exists() and not force:
        raise WrongUsage("out_exists", path=out)
    return form


def _write(out: Path, text: str) -> None:
    # Without the mark at the beginning Excel takes Chinese in a CSV file for another encoding.
    write_atomically(out, text.encode("utf-8-sig" if out.suffix.lower() == ".csv" else "utf-8"))


def _tell(around: Surroundings, lines: Iterable[str], out: Path | None) -> None:
    for line in lines:
        typer.echo(clean(line))
    if out:
        typer.echo(around.say("written", path=clean(str(out))))


def _catalogue_lines(imported: Imported, around: Surroundings) -> list[str]:
    entries = imported.resources
    languages = Counter((one.language or "").lower() for one in entries)
    kinds = Counter(one.kind for one in entries)
    lines = [
        around.say("entries", count=len(entries)),
        around.say("by_language", counts=_counts(languages, around)),
        around.say("by_kind", counts=_counts(kinds, around)),
    ]
    if imported.merged:
        ids = [f"{dropped} → {kept}" for kept, dropped in imported.merged[:MERGED_NAMED]]
        if more := len(imported.merged) - len(ids):
            ids.append(around.say("and_more", count=more))
        lines.append(around.say("merged", ids=around.say("comma").join(ids)))
    return [*lines, *(note.line(around.settings.language) for note in imported.notes)]


def _counts(counter: Counter[str], around: Surroundings) -> str:
    """The most frequent with their numbers, those without a word last; the rest as one sum."""
    unsaid = counter.pop("", 0)
    counts = [(shown(name), count) for name, count in counter.most_common(COUNTS_NAMED)]
    counts.append((around.say("others"), counter.total() - sum(count for _, count in counts)))
    counts.append((around.say("not_said"), unsaid))
    return _joined([one for one in counts if one[1]], around)


def _people_lines(profiles: Sequence[Profile], around: Surroundings) -> list[str]:
    """Numbers only: who the people are and what is said of them stays in the file."""
    facts = {name: sum(getattr(one, name) is not None for one in profiles) for name in (*TEXTS, "budget")}
    facts["completed"] = sum(len(one.completed) for one in profiles)
    facts["gap"] = sum(len(one.gaps) for one in profiles)
    counts = [(around.say(f"fact_{name}"), count) for name, count in facts.items()]
    return [
        around.say("people_count", count=len(profiles)),
        around.say("ratings_count", count=sum(len(one.ratings) for one in profiles)),
        around.say("expected_count", count=sum(len(one.expected) for one in profiles)),
        around.say("other_facts", counts=_joined(counts, around)),
    ]


def _joined(counts: Iterable[tuple[str, int]], around: Surroundings) -> str:
    return around.say("comma").join(f"{name} {count}" for name, count in counts)
