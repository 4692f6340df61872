"""Words to speakers to turns, and speakers to participants.

A word belongs to the speaker who talks during most of it; a lone word inside somebody else's sentence goes
with the sentence, since recognised times carry an error of about 250 ms. Who is who follows from how people
address each other and from who asks and who reports; without enough of that, speakers stay s1, s2, ... with
role "unknown": a wrong owner is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from models.schema import Participant, SpeakerSpan, Turn, Word
from models.stages.punctuate import is_mandarin, punctuate

LONE_S = 0.7
LONE_PAUSE_S = 0.25
NEAR_S = 1.0
ADDRESS_WEIGHT = 3.0
SURE_MARGIN = 3.0
_TITLES = "经理|总监|主管|主任|老师|总|工|姐|哥|院长|店长|组长"
_BOSS = re.compile(
    rf"[\u4e00-\u9fff](?:{_TITLES})(?=[,.!?\uff0c\u3002\uff01\uff1f\s]|$)|领导|老板|\bboss\b", re.IGNORECASE
)
_ASKS = re.compile(
    r"\b(how|what|why|where|when)\b[^.?!]*\?|feedback|怎么|什么|为什么|你觉得|你自己|辛苦了|表扬",
    re.IGNORECASE,
)
_GIVEN = re.compile(r"^[A-Za-z][A-Za-z'\-]+")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A word with its speaker."""

    word: Word
    speaker: str


def assign(words: Sequence[Word], spans: Sequence[SpeakerSpan]) -> list[Spoken]:
    """Each word with the speaker who overlaps it most, else the nearest within 1 s, else the one before."""
    spoken: list[Spoken] = []
    first = 0
    for word in words:
        while first < len(spans) and spans[first].end_s < word.start_s - 30:
            first += 1
        best, rank = None, (0.0, -NEAR_S)
        for span in spans[first:]:
            if span.start_s > word.end_s + NEAR_S:
                break
            overlap = min(span.end_s, word.end_s) - max(span.start_s, word.start_s)
            if (max(overlap, 0.0), min(overlap, 0.0)) > rank:
                best, rank = span.speaker, (max(overlap, 0.0), min(overlap, 0.0))
        spoken.append(Spoken(word, best or (spoken[-1].speaker if spoken else "s1")))
    return _without_lone_words(spoken)


def _without_lone_words(spoken: list[Spoken]) -> list[Spoken]:
    """A run of under 0.7 s between words of one other speaker, without a pause on both sides, joins them."""
    runs: list[list[int]] = []
    for i, item in enumerate(spoken):
        if runs and spoken[runs[-1][0]].speaker == item.speaker:
            runs[-1].append(i)
        else:
            runs.append([i])
    out = list(spoken)
    for before, run, after in zip(runs, runs[1:], runs[2:], strict=False):
        around = spoken[before[0]].speaker
        start, end = spoken[run[0]].word.start_s, spoken[run[-1]].word.end_s
        pauses = start - spoken[before[-1]].word.end_s, spoken[after[0]].word.start_s - end
        if spoken[after[0]].speaker == around and end - start < LONE_S and min(pauses) < LONE_PAUSE_S:
            marked = (
                spoken[before[-1]].word.w.rstrip().endswith((".", "?", "!", "\u3002", "\uff1f", "\uff01"))
            )
            if not marked:
                for i in run:
                    out[i] = replace(out[i], speaker=around)
    return out


def build_turns(spoken: Sequence[Spoken]) -> tuple[Turn, ...]:
    """Runs of one speaker's words as turns 0, 1, 2, ..."""
    turns: list[Turn] = []
    group: list[Word] = []
    for i, item in enumerate(spoken):
        group.append(item.word)
        if i + 1 == len(spoken) or spoken[i + 1].speaker != item.speaker:
            turns += _turn(len(turns), item.speaker, group)
            group = []
    return tuple(turns)


def _turn(i: int, speaker: str, words: list[Word]) -> list[Turn]:
    text = "".join(w.w for w in words)
    if is_mandarin(text):
        words = punctuate(words)
        text = "".join(w.w for w in words)
    text = re.sub(r"\s+", " ", text).strip()
    if not re.search(r"\w", text):
        return []
    shown = tuple(replace(w, w=w.w.strip()) for w in words if w.w.strip())
    return [Turn(i, speaker, text, words[0].start_s, words[-1].end_s, shown)]


def identify(turns: Sequence[Turn], known: Sequence[Participant]) -> tuple[dict[str, Participant], bool]:
    """Speaker id -> participant, and whether that is sure.

    With participants known, the assignment with the best evidence is taken if it beats the next by a clear
    margin. Without, the speakers stay who they are and get a role when the wording is clear.
    """
    speakers = list(dict.fromkeys(turn.speaker for turn in turns))
    if not speakers:
        return {}, bool(known)
    if not known:
        return _suggest_roles(turns, speakers), False
    evidence = np.array([[_evidence(turns, s, p, known) for p in known] for s in speakers])
    rows, columns = _assigned(evidence)
    chosen = {speakers[r]: known[c] for r, c in zip(rows, columns, strict=True)}
    sure = _margin(evidence, rows, columns) >= SURE_MARGIN or (len(speakers) == 1 and len(known) == 1)
    if not sure:
        chosen = {}
    return {s: chosen.get(s, Participant(id=s, role="unknown")) for s in speakers}, sure


def names_of(person: Participant) -> list[str]:
    """What others may call a person: aliases, given name, family name with a title, 小张, 老李."""
    called = [*person.aliases]
    name = re.sub(r"[(\uff08].*?[)\uff09]", " ", person.name).strip()
    called += re.findall(r"[(\uff08](.*?)[)\uff09]", person.name)
    if re.fullmatch(r"[\u4e00-\u9fff]{2,4}", name):
        family, given = (name[:2], name[2:]) if len(name) == 4 else (name[:1], name[1:])
        called += [name, *([given] if len(given) == 2 else []), *(f"{p}{family}" for p in "小老")]
        called += [f"{family}{title}" for title in _TITLES.split("|")]
    elif match := _GIVEN.match(name):
        called.append(match.group())
    return [c for c in called if len(c) > 1]


def _evidence(
    turns: Sequence[Turn], speaker: str, person: Participant, known: Sequence[Participant]
) -> float:
    """For `speaker` being `person`: others call that name, the speaker does not; managers ask and thank."""
    score = 0.0
    for turn in turns:
        calls = any(_calls(turn.text, name) for name in names_of(person))
        if calls:
            score += -ADDRESS_WEIGHT if turn.speaker == speaker else ADDRESS_WEIGHT / max(1, len(known) - 1)
    lead = _leadership(turns, speaker)
    if person.role == "manager":
        score += lead
    elif person.role == "employee":
        score -= lead
    return score


def _calls(text: str, name: str) -> bool:
    pattern = re.escape(name) if not name.isascii() else rf"\b{re.escape(name)}\b"
    return re.search(pattern, text, re.IGNORECASE) is not None


def _leadership(turns: Sequence[Turn], speaker: str) -> float:
    """Positive for who asks, thanks and opens; negative for who calls the other by a title. Within -3..3."""
    score = 0.0
    for turn in turns:
        sign = 1.0 if turn.speaker == speaker else -1.0
        score += sign * 0.5 * bool(_ASKS.search(turn.text))
        score -= sign * 1.0 * bool(_BOSS.search(turn.text))
    if turns:
        score += 0.5 if turns[0].speaker == speaker else -0.5
    return float(np.clip(score, -3.0, 3.0))


def _assigned(evidence: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Rows and columns of the pairs whose evidence together is greatest, each row and column once at most."""
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 - a third of the model process's start

    rows, columns = linear_sum_assignment(evidence, maximize=True)
    return rows, columns


def _margin(
    evidence: npt.NDArray[np.float64], rows: npt.NDArray[np.intp], columns: npt.NDArray[np.intp]
) -> float:
    """By how much the chosen assignment beats the best one that differs in any pair."""
    total = float(evidence[rows, columns].sum())
    others = []
    for r, c in zip(rows, columns, strict=True):
        barred = evidence.copy()
        barred[r, c] = -1e6
        other_rows, other_columns = _assigned(barred)
        others.append(float(barred[other_rows, other_columns].sum()))
    return total - max(others) if others else 0.0


def _suggest_roles(turns: Sequence[Turn], speakers: Sequence[str]) -> dict[str, Participant]:
    people = {s: Participant(id=s, role="unknown") for s in speakers}
    if len(speakers) == 2:
        leads = [_leadership(turns, s) for s in speakers]
        if abs(leads[0] - leads[1]) >= 4.0:
            first = leads[0] > leads[1]
            people[speakers[0]] = Participant(speakers[0], "manager" if first else "employee")
            people[speakers[1]] = Participant(speakers[1], "employee" if first else "manager")
    return people
