"""`rapport plan`: what the manager accepts of the recommendations becomes a development plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import typer

from models.development import Profile, Resource
from models.errors import DiskProblem, UnusableInput
from models.parsing import is_date, read_draft
from models.plans import DevelopmentPlan
from models.schema import Draft, Participant, Recommendation
from service import decisions
from service.commands import options
from service.commands.outputs import Outputs
from service.commands.surroundings import Surroundings
from service.decisions import Decision, Verdict
from service.errors import WrongUsage
from service.export.plain_text import clean

PLAN_FORMATS = ("json", "md", "docx", "ics")
ALL_FORMATS = ",".join(PLAN_FORMATS)

DraftFile = Annotated[Path, typer.Argument(metavar="DRAFT.json", show_default=False)]
Accepted = Annotated[list[str] | None, typer.Option("--accept", metavar="ID", show_default=False)]
Rejected = Annotated[list[str] | None, typer.Option("--reject", metavar="ID", show_default=False)]
Completed = Annotated[list[str] | None, typer.Option("--completed", metavar="ID", show_default=False)]
ProfileFile = Annotated[Path | None, typer.Option("--profile", metavar="FILE")]
On = Annotated[str | None, typer.Option("--on", metavar="YYYY-MM-DD")]
Formats = Annotated[str, typer.Option("--formats", metavar=ALL_FORMATS)]
DecisionsFile = Annotated[Path | None, typer.Option("--decisions", metavar="FILE")]


@dataclass(frozen=True, slots=True)
class _Choices:
    """What the manager decided about recommendations of one draft, in the order of the options."""

    draft: Draft
    verdicts: Mapping[str, Verdict]

    @classmethod
    def of(cls, draft: Draft, given: Mapping[Verdict, Sequence[str]]) -> _Choices:
        """The decisions by recommendation. Raises WrongUsage for an id that is unknown or decided twice."""
        gaps = {gap.id for gap in draft.skill_gaps}
        known = {one.id for one in draft.recommendations if one.gap in gaps}
        verdicts: dict[str, Verdict] = {}
        for verdict, ids in given.items():
            for one in ids:
                if one not in known:
                    raise WrongUsage("no_recommendation", id=one, known=", ".join(sorted(known)) or "–")
                if verdicts.setdefault(one, verdict) != verdict:
                    raise WrongUsage("decided_twice", id=one)
        return cls(draft, verdicts)

    def accepted(self) -> list[Recommendation]:
        """The accepted recommendations, of one person. Raises WrongUsage when they are of several or none.

        None are needed where the log only has to learn that something was completed.
        """
        accepted = [one for one in self._found() if self.verdicts[one.id] == "accept"]
        if not accepted and "complete" not in self.verdicts.values():
            raise WrongUsage("nothing_accepted")
        gaps = {one.gap for one in accepted}
        people = sorted({gap.person for gap in self.draft.skill_gaps if gap.id in gaps})
        if len(people) > 1:
            raise WrongUsage("several_people", people=", ".join(people))
        return accepted

    def log(self, catalogue_sha256: str) -> list[Decision]:
        """The decisions as they are logged, all at one moment."""
        at = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        found = {one.id: one for one in self._found()}
        skills = {gap.id: gap.skill for gap in self.draft.skill_gaps}
        return [
            Decision(at, one.resource, skills[one.gap], verdict, self._rank(one), one.score, catalogue_sha256)
            for one, verdict in ((found[id_], verdict) for id_, verdict in self.verdicts.items())
        ]

    def _found(self) -> Iterator[Recommendation]:
        return (one for one in self.draft.recommendations if one.id in self.verdicts)

    def _rank(self, wanted: Recommendation) -> int:
        return [one.id for one in self.draft.recommendations if one.gap == wanted.gap].index(wanted.id) + 1


def plan(
    ctx: typer.Context,
    *,
    draft_file: DraftFile,
    accept: Accepted = None,
    reject: Rejected = None,
    completed: Completed = None,
    profile: ProfileFile = None,
    catalog: options.Catalog = None,
    participants: options.Participants = None,
    on: On = None,
    out_dir: options.OutDir = Path(),
    formats: Formats = ALL_FORMATS,
    decisions_file: DecisionsFile = None,
) -> None:
    """Accepted recommendations to a development plan; every decision goes to a log that nothing learns from.

    Ranking does not look at the log now: see service/decisions.
    """
    around: Surroundings = ctx.obj
    wanted = options.formats(formats, PLAN_FORMATS)
    day, people = _day(on), options.participants(participants)
    draft = read_draft(draft_file)
    given: dict[Verdict, Sequence[str]] = {"accept": accept or (), "reject": reject or ()}
    choices = _Choices.of(draft, {**given, "complete": completed or ()})
    accepted = choices.accepted()
    known, fingerprint = _catalogue(catalog)
    _note_missing(around, accepted, known)
    made = _plan(draft, accepted, known, _profile(profile), day, people)
    inputs = [path for path in (draft_file, profile, catalog) if path is not None]
    outputs = Outputs(options.writable(out_dir), inputs, ("plan",), [f"plan.{name}" for name in wanted])
    outputs.claim(draft.id, draft_file)
    log = decisions_file or out_dir / "decisions.jsonl"
    decisions.check_log(log)
    written = [] if made is None else _write(made, people, out_dir, wanted, outputs)
    decisions.append(log, choices.log(fingerprint))
    _tell(around, made, people, [*written, log])


def _day(on: str | None) -> date:
    if on is None:
        return date.today()
    if not is_date(on):
        raise WrongUsage("bad_date", option="--on", value=on)
    return date.fromisoformat(on)


def _catalogue(path: Path | None) -> tuple[dict[str, Resource], str]:
    """The resources by id, and the sha256 of the file."""
    from models.parsing.catalogue import STARTER, read_catalogue  # noqa: PLC0415 - no help text needs it

    file = options.existing(path) or STARTER
    resources = {resource.id: resource for resource in read_catalogue(file)}
    try:
        return resources, sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        raise DiskProblem("cannot_read", path=file, reason=error.strerror or "") from error


def _profile(path: Path | None) -> Profile:
    from models.parsing.profiles import read_profile  # noqa: PLC0415 - most plans are made without one

    return Profile() if path is None else read_profile(path)


def _note_missing(
    around: Surroundings, accepted: Sequence[Recommendation], known: Mapping[str, Resource]
) -> None:
    missing = [one.resource for one in accepted if one.resource not in known]
    if missing:
        around.note("not_in_catalogue", ids=", ".join(dict.fromkeys(missing)))


def _plan(
    draft: Draft,
    accepted: Sequence[Recommendation],
    known: Mapping[str, Resource],
    profile: Profile,
    day: date,
    people: Sequence[Participant],
) -> DevelopmentPlan | None:
    from models.stages.grow import grow  # noqa: PLC0415 - as in _catalogue

    managers = [person.id for person in people if person.role == "manager"]
    # With several managers in the meeting nobody knows which of them makes the time.
    return grow(draft, accepted, known, profile, day, manager=managers[0] if len(managers) == 1 else None)


def _write(
    made: DevelopmentPlan, people: Sequence[Participant], folder: Path, formats: Sequence[str], out: Outputs
) -> list[Path]:
    """Every file is rendered before the first is written; the paths of what is there now."""
    from service.export.plan_formats import render_plan  # noqa: PLC0415 - loads python-docx

    _keep_edits(folder / f"{made.id}.plan.json", made)
    return out.write_plan(made, {name: render_plan(name, made, people) for name in formats})


def _keep_edits(path: Path, made: DevelopmentPlan) -> None:
    """Raises WrongUsage when the file holds what people changed, or somebody else's plan."""
    from models.parsing.plans import read_plan  # noqa: PLC0415 - loads pydantic

    if not path.exists():
        return
    try:
        before = read_plan(path)
    except UnusableInput as error:
        raise WrongUsage("plan_in_the_way", path=path) from error
    untouched = not before.confirmed and all(step.suggested for step in before.steps)
    if before.person != made.person or not untouched:
        raise WrongUsage("plan_in_the_way", path=path)


def _tell(
    around: Surroundings,
    made: DevelopmentPlan | None,
    people: Sequence[Participant],
    written: Sequence[Path],
) -> None:
    """The plan, and what is on disk now."""
    if made is not None:
        from service.commands.printing import print_outline  # noqa: PLC0415 - loads rich
        from service.export.plan_outline import PlanPages  # noqa: PLC0415

        print_outline(PlanPages(made, people).outline())
    for path in written:
        typer.echo(around.say("written", path=clean(str(path))))
