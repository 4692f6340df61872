"""Punctuation of recognised Mandarin: full-width marks, commas at pauses, a mark at the end of each turn.

Whisper leaves Mandarin unpunctuated in some pieces and uses half-width marks in others. Pauses and final
particles say enough to read by; no word is changed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from models.schema import Word

PAUSE_S = 0.22
SENTENCE_PAUSE_S = 0.7
COMMA, QUESTION, STOP = "\uff0c", "\uff1f", "\u3002"
MARKS = f"{COMMA}{QUESTION}{STOP}\uff01\uff1b\uff1a\u3001,.?!;:\u2026"
_WIDE = str.maketrans({",": COMMA, "?": QUESTION, "!": "\uff01", ";": "\uff1b", ":": "\uff1a"})
_NARROW = re.compile(r"(?<!\d)[,?!;:]|[,?!;:](?!\d)")
_HAN = re.compile(r"[\u3400-\u9fff]")
_QUESTION = re.compile(
    r"(吗|么|呢|没有|是不是|行不行|好不好|对不对|可不可以|能不能|怎么样|为什么|多少|哪里|哪儿|谁|什么)$"
)


def is_mandarin(text: str) -> bool:
    """Whether Han characters make up at least a third of the letters."""
    han = len(_HAN.findall(text))
    latin = len(re.findall(r"[A-Za-z]+", text))
    return han > 0 and han >= latin / 2


def punctuate(words: Sequence[Word]) -> list[Word]:
    """The same words of one Mandarin turn, with marks added where a pause or the end asks for one."""
    out: list[Word] = []
    for i, word in enumerate(words):
        text = _widened(word.w) if _beside_han(words, i) else word.w
        last = i + 1 == len(words)
        pause = None if last else words[i + 1].start_s - word.end_s
        marked = text.rstrip().endswith(tuple(MARKS))
        opens = not last and words[i + 1].w.lstrip().startswith(tuple(MARKS))
        if not marked and not opens and (last or (pause is not None and pause >= PAUSE_S)):
            said = "".join(w.w for w in out[-8:]) + text
            ended = last or (pause or 0.0) >= SENTENCE_PAUSE_S
            text = text.rstrip() + (
                (QUESTION if _QUESTION.search(said.strip()) else STOP) if ended else COMMA
            )
        elif last and text.rstrip().endswith((",", COMMA, "\u3001")):
            text = text.rstrip()[:-1] + STOP
        out.append(replace(word, w=text))
    return out


def _widened(text: str) -> str:
    """Full-width marks, but not within a number or a time of day."""
    return _NARROW.sub(lambda found: found.group().translate(_WIDE), text)


def _beside_han(words: Sequence[Word], i: int) -> bool:
    return bool(_HAN.search(words[i].w) or (i > 0 and _HAN.search(words[i - 1].w)))
