"""WebVTT (W3C Recommendation track, https://www.w3.org/TR/webvtt1/) and SRT captions.

Speakers come from `<v Name>` or from "Name: " at the start of a cue; a cue without one goes on with
the last speaker.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator

from models.parsing.utterances import Utterance, looks_like_name, seconds

_CUE = re.compile(r"^\s*([\d:.,]+)\s+-->\s+([\d:.,]+)(?:\s.*)?$")
# No part may run past the next "<": a text of nothing but "<v " would be read again from each of them.
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?\s([^<>]*)>")
_TAG = re.compile(r"</?[a-zA-Z0-9][^<>]*>|</?>")
_LABEL = re.compile(r"^(?:- ?)?([^::<>]{1,60}?)\s?[::]\s*(.+)$", re.DOTALL)


def is_captions(text: str) -> bool:
    """Whether the text is WebVTT or SRT."""
    return text.startswith("WEBVTT") or any(_CUE.match(line) for line in text.splitlines()[:200])


def parse(text: str) -> list[Utterance]:
    """The pieces of speech in the order of the file; times in seconds, an end never before its start."""
    pieces = list(_pieces(text))
    nameless = (piece.text for piece in pieces if piece.name is None)
    labels = Counter(match[1] for said in nameless if (match := _LABEL.match(said)))
    speaking: str | None = None
    found = []
    for piece in pieces:
        name, said = piece.name, piece.text
        match = _LABEL.match(said) if name is None else None
        if match and (looks_like_name(match[1]) or labels[match[1]] > 1):
            name, said = match[1], match[2]
        speaking = name or speaking
        found.append(Utterance(speaking, said, piece.start_s, piece.end_s))
    return found


def _pieces(text: str) -> Iterator[Utterance]:
    """One piece a voice in a cue, tags and entities resolved."""
    for start_s, end_s, payload in _cues(text):
        parts = _VOICE.split(payload)  # text before the first voice, then name, text, name, text, ...
        named: list[tuple[str | None, str]] = [(None, parts[0])]
        named += list(zip(parts[1::2], parts[2::2], strict=True))
        for name, part in named:
            said = " ".join(html.unescape(_TAG.sub("", part)).split())
            if said:
                label = html.unescape(name).strip() if name else None
                yield Utterance(label or None, said, start_s, end_s)


def _cues(text: str) -> Iterator[tuple[float, float, str]]:
    """(start, end, payload) of each cue; NOTE, STYLE and REGION blocks and cue numbers have no time line."""
    for block in re.split(r"\r?\n[ \t]*(?:\r?\n[ \t]*)+", text.strip()):
        lines = block.splitlines()
        for at, line in enumerate(lines):
            match = _CUE.match(line)
            if match is None:
                continue
            start_s, end_s = seconds(match[1]), seconds(match[2])
            if start_s is not None and end_s is not None:
                yield start_s, max(start_s, end_s), "\n".join(lines[at + 1 :])
            break
