"""The formats of `--formats`: what is written beside the JSON documents."""

from __future__ import annotations

from collections.abc import Mapping

from models.schema import Draft, Transcript
from service.export.docx import to_docx
from service.export.ics import to_ics
from service.export.markdown import to_markdown
from service.export.srt import to_srt


def render(
    name: str, draft: Draft, transcript: Transcript, previous: Mapping[str, str] | None = None
) -> bytes:
    """The bytes of one file; `name` is md, docx, srt or ics (KeyError otherwise).

    `previous` is the task of each item of the previous minutes by its id.
    """
    if name == "srt":
        return to_srt(transcript).encode("utf-8")
    if name == "md":
        return to_markdown(draft, transcript, previous).encode("utf-8")
    if name == "docx":
        return to_docx(draft, transcript, previous)
    return {"ics": to_ics}[name](draft, transcript)
