"""The draft as CommonMark with a pipe table (GitHub Flavored Markdown)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import groupby

from models.schema import Draft, Transcript
from service.export.outline import Minutes, Outline, Point, Section, Table

_SPECIAL = re.compile(r"([\\`*_\[\]|~$])")
_AT_START = re.compile(r"^([-+=#]|\d+(?=[.)]))")


def to_markdown(draft: Draft, transcript: Transcript, previous: Mapping[str, str] | None = None) -> str:
    """The minutes as Markdown. Nothing a person said can become markup, a link or HTML."""
    return markdown_of(Minutes(draft, transcript, previous).outline())


def markdown_of(outline: Outline) -> str:
    """A document as Markdown, every text in it taken literally."""
    facts = [f"- **{escape(name)}**{outline.colon}{escape(value)}" for name, value in outline.facts]
    blocks = [f"# {escape(outline.title)}", f"> **{escape(outline.notice)}**", "\n".join(facts)]
    for section in outline.sections:
        blocks += _section(section)
    return "\n\n".join(blocks) + "\n"


def escape(text: str) -> str:
    """One line of clean text in which every character that Markdown or HTML reads is taken literally."""
    quiet = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # "www.example.org", "https://..." and "a@example.org" would become links in GitHub's dialect.
    quiet = quiet.replace("://", "&#58;//").replace("@", "&#64;").replace("www.", "www&#46;")
    quiet = _SPECIAL.sub(r"\\\1", quiet)
    # A line may begin with text of people: no heading, list or underline may come of it.
    return _AT_START.sub(lambda start: f"{start[1]}\\" if start[1].isdigit() else f"\\{start[1]}", quiet)


def _section(section: Section) -> list[str]:
    blocks = [f"## {escape(section.title)}"]
    for is_list, parts in groupby(section.parts, lambda part: isinstance(part, Point)):
        texts = [_part(part) for part in parts]
        # Points beside each other are one list, not lists with gaps.
        blocks += ["\n".join(texts)] if is_list else texts
    return blocks


def _part(part: str | Point | Table) -> str:
    if isinstance(part, Table):
        rows = [part.header, *part.rows]
        lines = [_row(tuple(map(escape, row))) for row in rows]
        lines.insert(1, _row(tuple("---" for _ in part.header)))
        return "\n".join(lines)
    if isinstance(part, Point):
        return "\n".join([f"- {escape(part.text)}", *(f"  - {escape(q)}" for q in part.quotes)])
    return escape(part)


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"
