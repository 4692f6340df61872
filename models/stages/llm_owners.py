"""Who owns a task that a language model found, by the quotes: participants only, and null when in doubt."""

from __future__ import annotations

from collections.abc import Sequence

from models.schema import Participant
from models.stages.clauses import Clause
from models.stages.llm_grounds import Ground, Grounds
from models.stages.owners import Owner, People

TAKES_ON = ("commit", "weak_commit", "handover", "offer")
ASKS = ("request", "imperative")


def owner_of(
    claimed: str | None,
    known: str | None,
    grounds: Sequence[Ground],
    found: Grounds,
    people: Sequence[Participant],
) -> Owner:
    """The owner, or nobody with a key of llm_minutes.toml as the reason.

    `claimed` is what the model wrote, `known` the participant that it means. Forces in the quotes say who
    may own the task: who takes on, whom a request addresses, who says yes to it. Without any force, the
    owner must at least have said one of the quotes.
    """
    if claimed is None:
        return Owner(None, "owner_not_told")
    if known is None:
        return Owner(None, "owner_unknown")
    possible = _possible(found.clauses(grounds), found, People(people))
    if not possible:
        possible = {ground.speaker for ground in grounds}
    return Owner(known) if known in possible else Owner(None, "owner_doubtful")


def _possible(clauses: Sequence[Clause], found: Grounds, people: People) -> set[str]:
    shown: set[str] = set()
    for clause in clauses:
        if clause.has(*TAKES_ON):
            shown.add(clause.speaker)
        elif clause.has(*ASKS):
            addressed = people.addressee(clause, found.turns[clause.position]).person
            shown |= {addressed} if addressed else set()
            shown |= {
                later.speaker
                for later in clauses
                if later.position > clause.position
                and later.speaker != clause.speaker
                and later.has("accept")
                and (addressed is None or addressed == later.speaker)
            }
    return shown


def acceptance(owner: str | None, grounds: Sequence[Ground], found: Grounds) -> Clause | str | None:
    """How the quotes show that the task was accepted.

    None: they do by themselves. A clause: the yes that follows them. A str: they do not, by the reason
    (a key of dropped.toml): "proposed" or "declined".
    """
    clauses = found.clauses(grounds)
    own = [c for c in clauses if owner is None or c.speaker == owner]
    if own and own[-1].has("refuse", "retract") and not own[-1].has("accept", *TAKES_ON):
        return "declined"
    if any(clause.has("commit", "handover") for clause in own) or _agreed(clauses):
        return None
    speakers = {ground.speaker for ground in grounds}
    if owner is None and len(speakers) > 1:
        return None
    if owner in speakers and not all(clause.has("request", "offer", "weak_commit") for clause in own):
        return None
    # An offer is accepted by the other, a request by the one who is asked.
    by = None if owner is None or owner in speakers else owner
    return found.reply(grounds, by) or "proposed"


def _agreed(clauses: Sequence[Clause]) -> bool:
    """Whether a quote says yes to what somebody else asked for or offered in an earlier one."""
    open_ones = [clause for clause in clauses if clause.has("request", "offer", "weak_commit", "imperative")]
    return any(
        clause.has("accept") and clause.speaker != earlier.speaker and clause.position > earlier.position
        for clause in clauses
        for earlier in open_ones
    )
