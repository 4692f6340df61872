"""Decisions, targets and norms that both sides accepted and that are no tasks, in their final form.

A decision is proposed ("we keep three steps", "the target is 150") and then accepted by somebody else, or it
is stated as the outcome of the other's proposal ("fewer than three it is"). A later decision about the same
thing replaces an earlier one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from models.stages.clauses import Clause
from models.stages.words import content_words, fold

REACH = 2
"""Turns within which a decision must be accepted."""
SHORT = 8
"""Characters up to which a figure stands alone."""
_NUMBER = re.compile(
    r"\d+(?:\.\d+)?|[零一二三四五六七八九十百千万半]{2,}(?!号|点)|[二三四五六七八九十](?=个|台|万|块|成|次|张|项)|"
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|"
    r"hundred|monthly|weekly|half)\b"
)
_CLOSING = re.compile(
    r"\bit is$|\bthen (?:we (?:say|keep|stay|go|stick|have|leave)|you keep)\b|^(?:so |okay,? |then )?agreed\b"
    r"|\bthat(?:'s| is) (?:settled|agreed|the (?:rule|target|number|deal))|\bwe(?:'re| are) agreed\b"
    r"|^那就.{0,3}(?:定|按|这么|统一|维持)|就这么定|说定|成交|那就定"
)
_SELF = re.compile(r"\b(?:i'll|i will|i'd|i can|could you|can you|i'm|i was)\b|我来|我去|我会|帮我|给我")
AGAINST = ("past", "third", "condition", "wh", "vague", "joke")


@dataclass(slots=True, eq=False)
class Decision:
    """A proposal of something that holds, with the clauses that proposed and accepted it."""

    what: list[Clause]
    replies: list[Clause] = field(default_factory=list)
    strength: float = 0.0

    @property
    def words(self) -> frozenset[str]:
        """What it is about."""
        return frozenset().union(*(c.words for c in self.what))


def find(turns: Sequence[Sequence[Clause]], taken: frozenset[tuple[int, int]]) -> list[Decision]:
    """Standing decisions in order. `taken` holds (turn position, start) of clauses that are tasks."""
    found: list[Decision] = []
    for position, clauses in enumerate(turns):
        for clause in clauses:
            if (clause.position, clause.start) in taken or not _proposes(clause):
                continue
            replies = _accepted(turns, position, clause)
            if not clause.has("decision") and not any(_echoes(reply, clause) for reply in replies):
                continue
            closing = bool(_CLOSING.search(clause.text.lower())) and position > 0
            if replies or closing:
                found.append(_decision(turns, clause, replies, closing))
    return _final(found)


def _proposes(clause: Clause) -> bool:
    if (
        clause.has(*AGAINST)
        or clause.bare
        or _SELF.search(clause.text.lower())
        or clause.has("commit", "retract")
    ):
        return False
    if clause.dates and not clause.has("decision"):
        return False
    number = bool(_NUMBER.search(fold(clause.text)))
    return (clause.has("decision") and (bool(clause.words) or number)) or (number and _counts(clause))


def _counts(clause: Clause) -> bool:
    """Whether a bare figure ("then four?") is said as a proposal, not as a report."""
    return len(clause.words) <= 2 and (
        clause.question or clause.has("amend", "accept") or len(clause.text) <= SHORT
    )


def _accepted(turns: Sequence[Sequence[Clause]], position: int, clause: Clause) -> list[Clause]:
    for later in turns[position + 1 : position + 1 + REACH]:
        for reply in later:
            if reply.speaker == clause.speaker:
                break
            if reply.has("refuse") or reply.has("retract"):
                return []
            if not reply.question and (reply.has("accept") or _echoes(reply, clause)):
                return [reply]
    return []


def _echoes(reply: Clause, clause: Clause) -> bool:
    """Whether a short reply repeats the number: "Eighty-five?" is answered by "Eighty-five, fine"."""
    numbers = set(_NUMBER.findall(fold(clause.text))) & set(_NUMBER.findall(fold(reply.text)))
    return bool(numbers) and len(reply.words) <= 4


def _decision(
    turns: Sequence[Sequence[Clause]], clause: Clause, replies: list[Clause], closing: bool
) -> Decision:
    decision = Decision([clause], replies, 0.45 + 0.15 * bool(replies) + 0.2 * closing)
    after = (c for c in turns[clause.position] if c.sentence == clause.sentence and c.start > clause.start)
    decision.what += [c for c in after if figures(c) and not c.has(*AGAINST)]
    if clause.has("norm") or _NUMBER.search(clause.text):
        decision.strength += 0.05
    if closing and clause.position:
        before = [c for c in turns[clause.position - 1] if c.speaker != clause.speaker and c.words]
        if before:
            decision.what.insert(
                0, max(before, key=lambda c: (c.has("decision"), len(c.words & clause.words), len(c.words)))
            )
    return decision


def _final(found: list[Decision]) -> list[Decision]:
    """Later decisions about the same thing, or in the same exchange, replace earlier ones."""
    standing: list[Decision] = []
    for decision in found:
        first = decision.what[0]
        for earlier in list(standing):
            last = (earlier.replies or earlier.what)[-1]
            near = first.position - last.position <= REACH
            if near or len(decision.words & earlier.words) >= 2:
                standing.remove(earlier)
                if near:
                    decision.what[:0] = [c for c in earlier.what if c not in decision.what][:2]
        standing.append(decision)
    return standing


def wording(decision: Decision) -> str:
    """Quote the clause that says most, as it was said; never one with figures that were given up."""
    last = max(c.position for c in decision.what)
    final: set[str] = set().union(*(figures(c) for c in decision.what if c.position == last))
    standing = [c for c in decision.what if not final or not figures(c) or figures(c) & final]
    best = max(standing, key=lambda c: (_says(c, c.position == last), c.position))
    figure = [
        c for c in standing if c.sentence == best.sentence and c.position == best.position and figures(c)
    ]
    said = [best] if figures(best) else sorted({*figure, best}, key=lambda c: c.start)
    text = ("\uff0c" if best.language == "zh" else ", ").join(c.text.strip(" ,.;:、。") for c in said)
    return text[:1].upper() + text[1:]


def figures(clause: Clause) -> set[str]:
    """Numbers said in a clause."""
    return set(_NUMBER.findall(fold(clause.text)))


def _says(clause: Clause, last: bool) -> int:
    figure = last and bool(figures(clause))
    return min(len(content_words(clause.text)), 5) + 2 * clause.has("decision") + 2 * figure
