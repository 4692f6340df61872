"""Minutes: are the right action items, agreements and skill gaps found, with the right owner and date?

A predicted item is right when its evidence turns intersect those of a labelled item and the two are partners
in the one-to-one matching (eval/matching.py). Owner and date are judged on matched items; "all right" is the
share of all labelled action items that were found with the right owner and the right date.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from eval.bootstrap import f1, ratio
from eval.corpora import LabelledMeeting
from eval.data import Conversation, GoldItem, NothingToMeasure, Reference
from eval.figures import Figure, Outcome, median, pooled, single
from eval.matching import match, people_by_time, turns_by_time
from models.schema import Draft, Evidence, Transcript

TIMED_TURNS = 60
TIMED_RUNS = 5
SHARES = (
    ("action_items_precision", "items_matched", "items_found"),
    ("action_items_recall", "items_matched", "items_gold"),
    ("owner_right", "owner_right", "items_matched"),
    ("owner_wrong", "owner_wrong", "items_matched"),
    ("owner_withheld", "owner_withheld", "items_matched"),
    ("date_right", "date_right", "items_matched"),
    ("all_right", "all_right", "items_gold"),
)
F1S = (("action_items_f1", "items"), ("agreements_f1", "agreements"), ("skill_gaps_f1", "gaps"))
Turns = Mapping[int, frozenset[int]]


class Drafter(Protocol):
    """What this evaluation needs of eval.shipped.Shipped."""

    def draft(self, transcript: Transcript) -> Draft:
        """Transcript to draft."""
        ...

    def transcript(self, reference: Reference) -> Transcript:
        """Recording to transcript."""
        ...


def evaluate(
    conversations: Sequence[Conversation],
    references: Sequence[Reference],
    meetings: Sequence[LabelledMeeting],
    drafter: Drafter,
    seed: int,
) -> Outcome:
    """From the written words of `conversations`, from the sound of `references`, and dialogue acts of AMI."""
    if not conversations and not references and not meetings:
        raise NothingToMeasure
    details = [_from_text(c, drafter) for c in conversations]
    details += [_from_sound(r, r.conversation, drafter) for r in references if r.conversation]
    ami = [_from_ami(meeting, drafter) for meeting in meetings]
    figures = _figures(details, seed) + _ami_figures(ami, seed)
    if conversations:
        figures += _seconds(conversations, drafter, seed)
    return Outcome(tuple(figures), details + ami)


def judge(
    draft: Draft, transcript: Transcript, gold: Conversation, turns: Turns, people: Mapping[str, str]
) -> dict[str, int]:
    """Counts of one conversation. `turns` and `people` carry the draft's turns and speakers over to the
    labelled ones; what they do not name stays as it is (people) or has no counterpart (turns).
    """
    counts = {"quotes": 0, "quotes_missing": 0}
    for quote in _quotes(draft):
        turn = transcript.turn(quote.turn)
        counts["quotes"] += 1
        counts["quotes_missing"] += turn is None or quote.quote not in turn.text or not quote.quote
    for name, found, labelled in (
        ("items", draft.action_items, gold.action_items),
        ("agreements", draft.agreements, gold.agreements),
        ("gaps", draft.skill_gaps, gold.skill_gaps),
    ):
        predicted = [_turns(item.evidence, turns) for item in found]
        pairs = match(predicted, [item.turns for item in labelled])
        counts |= {f"{name}_matched": len(pairs), f"{name}_found": len(found), f"{name}_gold": len(labelled)}
        if name == "items":
            counts |= _owners_and_dates(draft, gold.action_items, pairs, people)
    return counts


def dialogue_acts(draft: Draft, gold: frozenset[int]) -> dict[str, int]:
    """Turns in the evidence of action items against the turns that annotators linked to action items."""
    found = {evidence.turn for item in draft.action_items for evidence in item.evidence}
    return {"acts_matched": len(found & gold), "acts_found": len(found), "acts_gold": len(gold)}


def cut_to(transcript: Transcript, turns: int) -> Transcript:
    """Exactly `turns` turns: the conversation again from the start as often as needed, with fresh numbers."""
    repeated = [transcript.turns[i % len(transcript.turns)] for i in range(turns)]
    return replace(transcript, turns=tuple(replace(turn, i=i) for i, turn in enumerate(repeated)))


def _from_text(gold: Conversation, drafter: Drafter) -> dict[str, Any]:
    same = {turn.i: frozenset({turn.i}) for turn in gold.transcript.turns}
    counts = judge(drafter.draft(gold.transcript), gold.transcript, gold, same, {})
    return {"id": gold.transcript.id, "row": f"{gold.transcript.language}/{gold.split}"} | counts


def _from_sound(reference: Reference, gold: Conversation, drafter: Drafter) -> dict[str, Any]:
    """Speakers that the pipeline could not tie to a participant are named by time, as the manager names them
    once when reviewing; ids of participants are taken as they come, right or wrong.
    """
    transcript = drafter.transcript(reference)
    known = {participant.id for participant in reference.participants}
    people = people_by_time(transcript, reference.turns)
    counts = judge(
        drafter.draft(transcript),
        transcript,
        gold,
        turns_by_time(transcript, reference.turns),
        {found: real for found, real in people.items() if found not in known},
    )
    return {"id": reference.id, "row": f"{reference.row}/recognised"} | counts


def _from_ami(meeting: LabelledMeeting, drafter: Drafter) -> dict[str, Any]:
    counts = dialogue_acts(drafter.draft(meeting.transcript), meeting.action_turns)
    return {"id": meeting.transcript.id, "row": "en/ami"} | counts


def _owners_and_dates(
    draft: Draft, gold: Sequence[GoldItem], pairs: Sequence[tuple[int, int]], people: Mapping[str, str]
) -> dict[str, int]:
    """A withheld owner is not a wrong one: "a wrong owner is worse than none"."""
    counts = dict.fromkeys(("owner_right", "owner_wrong", "owner_withheld", "date_right", "all_right"), 0)
    for found, labelled in pairs:
        item, right = draft.action_items[found], gold[labelled]
        owner = people.get(item.owner, item.owner) if item.owner else None
        owner_right, date_right = owner == right.owner, item.due == right.due
        counts["owner_right"] += owner_right
        counts["owner_withheld"] += not owner_right and owner is None
        counts["owner_wrong"] += not owner_right and owner is not None
        counts["date_right"] += date_right
        counts["all_right"] += owner_right and date_right
    return counts


def _quotes(draft: Draft) -> Iterator[Evidence]:
    for items in (draft.action_items, draft.agreements, draft.skill_gaps, draft.points):
        for item in items:
            yield from item.evidence
    for flag in draft.tone_flags:
        yield Evidence(flag.turn, flag.quote)


def _turns(evidence: Sequence[Evidence], turns: Turns) -> frozenset[int]:
    return frozenset(i for piece in evidence for i in turns.get(piece.turn, frozenset()))


def _seconds(conversations: Sequence[Conversation], drafter: Drafter, seed: int) -> list[Figure]:
    """Wall time of a draft of 60 turns with loaded models, over different conversations of a language."""
    figures: list[Figure] = []
    for language in sorted({c.transcript.language for c in conversations}):
        mine = [c.transcript for c in conversations if c.transcript.language == language][:TIMED_RUNS]
        taken = []
        for transcript in mine:
            sixty = cut_to(transcript, TIMED_TURNS)
            started = time.perf_counter()
            drafter.draft(sixty)
            taken.append(time.perf_counter() - started)
        figures += median("seconds_for_60_turns", language, taken, seed)
    return figures


def _figures(details: Sequence[dict[str, Any]], seed: int) -> list[Figure]:
    figures: list[Figure] = []
    for row in sorted({d["row"] for d in details}):
        mine = [d for d in details if d["row"] == row]
        for key, name in F1S:
            units = [(d[f"{name}_matched"], d[f"{name}_found"], d[f"{name}_gold"]) for d in mine]
            figures += pooled(key, row, units, f1, seed)
        for key, over, upon in SHARES:
            figures += pooled(key, row, [(d[over], d[upon]) for d in mine], ratio, seed)
        figures += single("quotes_missing", row, sum(d["quotes_missing"] for d in mine), len(mine))
    return figures


def _ami_figures(details: Sequence[dict[str, Any]], seed: int) -> list[Figure]:
    units = [(d["acts_matched"], d["acts_found"], d["acts_gold"]) for d in details]
    return (
        pooled("dialogue_acts_f1", "en/ami", units, f1, seed)
        + pooled("dialogue_acts_precision", "en/ami", [(m, found) for m, found, _ in units], ratio, seed)
        + pooled("dialogue_acts_recall", "en/ami", [(m, gold) for m, _, gold in units], ratio, seed)
    )
