"""Where the documents of a meeting go: named by its id, never over an input or over each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from models.plans import DevelopmentPlan
from models.schema import Draft, Transcript
from service.errors import WrongUsage
from service.export.atomic_write import write_atomically
from service.export.json_document import to_bytes


class Outputs:
    """The files of one run."""

    def __init__(
        self, folder: Path, inputs: Sequence[Path], documents: Sequence[str], formats: Sequence[str] = ()
    ) -> None:
        self._folder = folder
        self._inputs = [one for one in inputs if one.exists()]
        self._endings = (*(f"{document}.json" for document in documents), *formats)
        self._formats = formats
        self._claimed: set[str] = set()

    def claim(self, meeting: str, source: Path) -> None:
        """Reserves the id for this input. Raises WrongUsage when another has it or an input would be lost."""
        # Upper and lower case are the same file on macOS and Windows.
        if meeting.casefold() in self._claimed:
            raise WrongUsage("same_output", path=source, id=meeting)
        self._claimed.add(meeting.casefold())
        for target in (self._folder / f"{meeting}.{ending}" for ending in self._endings):
            if target.exists() and any(target.samefile(one) for one in self._inputs):
                raise WrongUsage("overwrites_input", path=target)

    def write_transcript(self, transcript: Transcript) -> None:
        """`<id>.transcript.json`."""
        write_atomically(self._folder / f"{transcript.id}.transcript.json", to_bytes(transcript))

    def write_plan(self, plan: DevelopmentPlan, others: Mapping[str, bytes]) -> list[Path]:
        """`<id>.plan.json` and, before it, `<id>.plan.<format>` for what is in `others`; their paths."""
        contents = {**others, "json": to_bytes(plan)}
        paths = {name: self._folder / f"{plan.id}.plan.{name}" for name in contents}
        for name, content in contents.items():
            write_atomically(paths[name], content)
        return list(paths.values())

    def write_draft(self, draft: Draft, transcript: Transcript, previous: Mapping[str, str]) -> None:
        """`<id>.draft.json` and the other formats; `previous` is as in `formats.render`."""
        write_atomically(self._folder / f"{draft.id}.draft.json", to_bytes(draft))
        if self._formats:
            from service.export.formats import render  # noqa: PLC0415 - loads libraries that JSON needs not

            for name in self._formats:
                content = render(name, draft, transcript, previous)
                write_atomically(self._folder / f"{draft.id}.{name}", content)
