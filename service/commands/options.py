"""Values of options: from what the user typed to what the pipeline takes, or WrongUsage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryFile
from typing import Annotated, Any, cast, get_args

import typer

from models.parsing import is_date, is_id, is_started_at, read_participants
from models.parsing.competencies import read_competencies
from models.schema import Kind, Participant, Role
from service.errors import CannotWrite, WrongUsage
from service.settings import Settings

FORMATS = ("json", "md", "docx", "srt", "ics")

OutDir = Annotated[Path, typer.Option("--out-dir", metavar="FOLDER", show_default="the current folder")]
Date = Annotated[str | None, typer.Option("--date", metavar="YYYY-MM-DD")]
StartedAt = Annotated[str | None, typer.Option("--started-at", metavar="RFC3339")]
Participants = Annotated[str | None, typer.Option("--participants", metavar="ID:NAME:ROLE,...|FILE.json")]
Spoken = Annotated[str, typer.Option("--language", metavar="auto|en|zh")]
MinutesLanguage = Annotated[str | None, typer.Option("--minutes-language", metavar="en|zh")]
Speakers = Annotated[int | None, typer.Option("--speakers", min=1, max=20, metavar="N")]
KindOption = Annotated[str, typer.Option("--kind", metavar="|".join(get_args(Kind)))]
Catalog = Annotated[Path | None, typer.Option("--catalog", metavar="FILE")]
Previous = Annotated[Path | None, typer.Option("--previous", metavar="MINUTES.json")]
Sensitivity = Annotated[str, typer.Option("--sensitivity", metavar="low|normal|high")]
Engine = Annotated[str, typer.Option("--engine", metavar="default|llm")]
Formats = Annotated[str, typer.Option("--formats", metavar=",".join(FORMATS))]
Explain = Annotated[bool, typer.Option("--explain")]
JsonOnly = Annotated[bool, typer.Option("--json")]


def one_of(option: str, value: str, allowed: Sequence[str]) -> str:
    """The value if it is allowed."""
    if value not in allowed:
        raise WrongUsage("not_one_of", option=option, value=value, allowed=", ".join(allowed))
    return value


def formats(text: str, allowed: Sequence[str] = FORMATS) -> tuple[str, ...]:
    """Formats beside JSON, which is the first of those that are allowed, in their order."""
    wanted = {one_of("--formats", part.strip(), allowed) for part in text.split(",") if part.strip()}
    return tuple(name for name in allowed[1:] if name in wanted)


def participants(text: str | None) -> tuple[Participant, ...]:
    """People given as "m:Dana:manager,e:Luis:employee" or as a JSON file; none for None."""
    if text is None:
        return ()
    if text.lower().endswith(".json"):
        return read_participants(Path(text))
    people = tuple(_participant(part) for part in text.split(",") if part.strip())
    if not people or len({person.id for person in people}) < len(people):
        raise WrongUsage("bad_participants", value=text)
    return people


def _participant(text: str) -> Participant:
    parts = [part.strip() for part in text.split(":")]
    pid, name, role = (*parts, "", "")[:3]
    if len(parts) > 3 or not is_id(pid) or (role and role not in get_args(Role)):
        raise WrongUsage("bad_participants", value=text)
    return Participant(id=pid, name=name, role=cast("Role", role or "unknown"))


def tracks(
    given: Sequence[str], people: tuple[Participant, ...]
) -> tuple[tuple[Path, ...], tuple[str, ...], tuple[Participant, ...]]:
    """Files, the participant of each, and all participants, with those that only "FILE=ID" names."""
    found: list[tuple[Path, str]] = []
    for pair in given:
        file, _, pid = pair.rpartition("=")
        if not file or not is_id(pid) or pid in {other for _, other in found}:
            raise WrongUsage("bad_track", value=pair)
        found.append((Path(file), pid))
    known = {person.id for person in people}
    added = tuple(Participant(id=pid) for _, pid in found if pid not in known)
    return tuple(file for file, _ in found), tuple(pid for _, pid in found), (*people, *added)


@dataclass(frozen=True, slots=True)
class When:
    """The day of a meeting; `assumed` when nobody gave it and it is today's."""

    date: str
    started_at: str | None = None
    assumed: bool = False


def when(day: str | None, started_at: str | None, today: date) -> When:
    """The day from --date or from the local date of --started-at, else today."""
    if day is not None and started_at is not None:
        raise WrongUsage("two_dates")
    if day is not None:
        if not is_date(day):
            raise WrongUsage("bad_date", option="--date", value=day)
        return When(day)
    if started_at is not None:
        if not is_started_at(started_at):
            raise WrongUsage("bad_started_at", value=started_at)
        return When(started_at[:10], started_at)
    return When(today.isoformat(), assumed=True)


def existing(path: Path | None) -> Path | None:
    """The absolute path of a file that a long run will need at its end, looked for before it begins."""
    if path is None:
        return None
    if not path.is_file():
        raise WrongUsage("no_file", path=path)
    return path.absolute()


def competencies(settings: Settings) -> list[dict[str, Any]]:
    """The organisation's own, as the model process is told them. Raises NotCompetencies, DiskProblem.

    Read before the work begins, so that nobody waits an hour to hear of a mistake in the list.
    """
    path = settings.competencies
    return [] if path is None else [asdict(one) for one in read_competencies(path)]


def writable(folder: Path) -> Path:
    """The folder, made if missing, after a file could be made in it. Raises CannotWrite."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            return folder
    except OSError as error:
        raise CannotWrite.of(folder, error) from error
