"""Items of overlapping pieces made one: the same words are the same item, and the last date counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from models.schema import Transcript
from models.stages.evidence import quote_stretches
from models.stages.llm_checks import Checked, Settled
from models.stages.llm_grounds import Ground
from models.stages.words import content_words

ALIKE, AGAIN = 0.5, 0.75
"""Share of the shorter wording's content words that two wordings of one task have in common: where they rest
on the same words, and where they do not.
"""


def merge_items(found: Sequence[Checked], transcript: Transcript) -> list[Checked]:
    """One of each, in order of the talk, numbered a1, a2, ..."""
    kept: list[Checked] = []
    for one in sorted(found, key=_place):
        twin = next((k for k, other in enumerate(kept) if _same(other, one)), None)
        if twin is None:
            kept.append(one)
        else:
            kept[twin] = _joined(kept[twin], one, transcript)
    kept.sort(key=_place)
    return [replace(one, item=replace(one.item, id=f"a{number}")) for number, one in enumerate(kept, start=1)]


def merge_agreements(found: Sequence[Settled], items: Sequence[Checked]) -> list[Settled]:
    """One of each, numbered g1, g2, ...; what is a task already is left out."""
    kept: list[Settled] = []
    for one in sorted(found, key=lambda s: (s.grounds[0].position, s.grounds[0].start)):
        words = content_words(one.agreement.text)
        if any(_share(item.grounds, one.grounds) and _alike(_words(item), words, ALIKE) for item in items):
            continue
        if any(_share(other.grounds, one.grounds) for other in kept):
            continue
        kept.append(replace(one, agreement=replace(one.agreement, id=f"g{len(kept) + 1}")))
    return kept


def _place(one: Checked) -> tuple[int, int, int]:
    return (one.grounds[0].position, one.grounds[0].start, one.piece)


def _same(one: Checked, other: Checked) -> bool:
    """Whether two are one task: found twice in an overlap, or spoken of again by the same person.

    Two tasks of one sentence rest on the same words; a model names both in one answer, so they stay two.
    """
    words, others = _words(one), _words(other)
    if one.item.owner and other.item.owner and one.item.owner != other.item.owner:
        return False
    if _share(one.grounds, other.grounds):
        return words == others or (one.piece != other.piece and _alike(words, others, ALIKE))
    again = one.item.owner is not None and one.item.owner == other.item.owner
    return again and len(words & others) >= 2 and _alike(words, others, AGAIN)


def _words(one: Checked) -> frozenset[str]:
    return content_words(one.item.task)


def _alike(words: frozenset[str], others: frozenset[str], share: float) -> bool:
    fewer = min(len(words), len(others))
    return words == others or (fewer > 0 and len(words & others) >= share * fewer)


def _share(grounds: Sequence[Ground], others: Sequence[Ground]) -> bool:
    return any(ground.overlaps(other) for ground in grounds for other in others)


def _joined(one: Checked, other: Checked, transcript: Transcript) -> Checked:
    """Both as one: the date that was said last, the owner that is known, everything they rest on."""
    last = max((c for c in (one, other) if c.item.due_text), key=_dated_at, default=one)
    owned = one if one.item.owner or not other.item.owner else other
    grounds = tuple(sorted({*one.grounds, *other.grounds}, key=lambda g: (g.position, g.start)))
    item = replace(
        owned.item,
        due=last.item.due,
        due_text=last.item.due_text,
        due_rule=last.item.due_rule,
        recurrence=last.item.recurrence,
        evidence=quote_stretches([(g.position, g.start, g.end) for g in grounds], transcript),
        confidence=max(c.item.confidence for c in (one, other) if c.item.owner == owned.item.owner),
    )
    trail = tuple(dict.fromkeys((*one.trail, *other.trail)))
    return Checked(item, grounds, trail, min(one.piece, other.piece))


def _dated_at(one: Checked) -> tuple[int, int]:
    """Where an item was last spoken of; its date is the last among its places."""
    return max((ground.position, ground.start) for ground in one.grounds)
