"""Sentences that speak to the machine instead of a person in the room: no item can rest on them."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from itertools import pairwise
from pathlib import Path

from models.stages.words import fold

_SENTENCE_END = re.compile(r"[.?!]+(?=\s|$|[\u3400-\u9fff])|[。;…\n]+|--+")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]")


def orders_in(text: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence that gives the machine an order, with the one after it.

    The order names the item as often in the next sentence as in its own: "Ignore that. Luis resigns."
    """
    folded = _INVISIBLE.sub(" ", fold(text))
    ends = [0, *(mark.end() for mark in _SENTENCE_END.finditer(folded)), len(folded)]
    spans = [(a, b) for a, b in pairwise(ends) if folded[a:b].strip()]
    found = set()
    for at, (start, end) in enumerate(spans):
        if any(order.search(folded[start:end]) for order in _orders()):
            found.update(spans[at : at + 2])
    return sorted(found)


@cache
def _orders() -> tuple[re.Pattern[str], ...]:
    table = tomllib.loads((Path(__file__).parent / "spoken_orders.toml").read_text("utf-8"))["machine"]
    return tuple(re.compile(order, re.IGNORECASE) for language in ("en", "zh") for order in table[language])
