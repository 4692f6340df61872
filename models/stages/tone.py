"""Hints on critical or defensive wording, for the manager who was in the room.

Judged from words and roles only: nothing of the sound, no times, no word probabilities (docs/decisions). A
flag speaks of wording, quotes it and names the rule of the labelling guide it falls under. A wrong flag
accuses somebody: below the probability that keeps most flags right on unseen talks (table "tone_shown" of
confidence.toml, by language and sensitivity) nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from models import tone_cues
from models.schema import Language, ToneFlag, ToneLabel, Transcript, TurnLabels
from models.stages import confidence, tone_odds
from models.stages.words import language_of
from models.wording import Wording

Sensitivity = Literal["off", "low", "normal", "high"]
WORDING = Wording.beside(__file__, "tone.toml")
RIVAL = 0.7
"""The other label may have at most this share of the winning one's probability."""
LONGEST_FACTS = 160

_HAN = re.compile(r"[\u3400-\u9fff]")
_CLAUSE = re.compile(r"[,，、;；:：]\s*|\s+[–—-]+\s+|(?:——)")
_FACT = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|hundred"
    r"|per ?cent|(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|june|july|august"
    r"|september|october|november|december)\b|百分之|[一二两三四五六七八九十百千万]+(?:个|次|份|天|周|月|号|点|家|条|件|万|千|百)"
    r"|(?:星期|礼拜|周)[一二三四五六日天]",
    re.IGNORECASE,
)


def flag_tone(
    transcript: Transcript, labels: Sequence[TurnLabels], sensitivity: Sensitivity, language: Language
) -> list[ToneFlag]:
    """Flags in the order of the turns; `labels` come from the reader, `language` is the minutes'."""
    if sensitivity == "off":
        return []
    by_turn = {label.turn: label for label in labels}
    read = [by_turn.get(turn.i) or TurnLabels(turn.i, {}, {"neutral": 1.0}) for turn in transcript.turns]
    flags: list[ToneFlag] = []
    for position, turn in enumerate(transcript.turns):
        decided = _decide(position, transcript, read, sensitivity)
        if decided is None:
            continue
        label, probability = decided
        participant = transcript.participant(turn.speaker)
        by_manager = participant is not None and participant.role == "manager"
        quote, rule = _sharpest(turn.text, label, read[position])
        flags.append(
            ToneFlag(
                id=f"t{len(flags) + 1}",
                turn=turn.i,
                label=label,
                score=round(probability, 3),
                quote=quote,
                why=WORDING.say(f"why_{label}_{rule}", language),
                suggestion=_suggestion(turn.text, label, by_manager, language),
            )
        )
    return flags


def _decide(
    position: int, transcript: Transcript, read: Sequence[TurnLabels], sensitivity: Sensitivity
) -> tuple[ToneLabel, float] | None:
    """The label to show with its probability, or None: too few words, no reply, not sure enough."""
    text = transcript.turns[position].text
    found = {label: tone_odds.probability(label, position, transcript, read) for label in tone_odds.LABELS}
    label, rival = sorted(tone_odds.LABELS, key=lambda name: -found[name])
    shown = confidence.tables()["tone_shown"][f"{language_of(text)}_{sensitivity}"]
    if found[label] < shown or found[rival] > RIVAL * found[label]:
        return None
    speaker = transcript.turns[position].speaker
    if _only_quoted(text, label, read[position]):
        return None
    answers = any(turn.speaker != speaker for turn in transcript.turns[:position])
    if tone_cues.word_count(text) < tone_odds.FEWEST_WORDS or (label == "defensive" and not answers):
        return None
    return label, found[label]


def _only_quoted(text: str, label: ToneLabel, read: TurnLabels) -> bool:
    """Whether what sounds sharp are the words of somebody else."""
    own = tone_odds.QUOTED.sub(" ", text)
    words = read.sharpest.get(label, ("", 0.0))[0]
    return own != text and not _rules(own, label) and not (words and words in own)


def _sharpest(text: str, label: ToneLabel, read: TurnLabels) -> tuple[str, str]:
    """The sentence that carries the label, and the rule it falls under: the one with most cues, or without a
    cue the one that sounds sharpest to the reader.
    """
    words = read.sharpest.get(label, ("", 0.0))[0]
    counted = [(s, _rules(tone_odds.QUOTED.sub(" ", s), label)) for s in tone_cues.sentences(text)]
    counted = counted or [(text.strip(), {})]
    sentence, rules = max(counted, key=lambda pair: (sum(pair[1].values()), bool(words) and words in pair[0]))
    return sentence, max(rules, key=lambda rule: rules[rule], default="general")


def _rules(text: str, label: ToneLabel) -> dict[str, int]:
    """Number of cues by rule of this label."""
    of = tone_cues.rules()
    return {rule: len(hits) for rule, hits in tone_cues.matches(text).items() if of[rule] == label}


def _suggestion(text: str, label: ToneLabel, by_manager: bool, language: Language) -> str:
    """SBI frame on the facts of the turn itself (none is added), or a listening move."""
    if label == "defensive":
        return WORDING.say("suggest_listen_first" if by_manager else "suggest_listen", language)
    key = "suggest_own" if by_manager else "suggest_heard"
    facts = _facts(text)
    return WORDING.say(f"{key}_facts", language, facts=facts) if facts else WORDING.say(key, language)


def _facts(text: str) -> str:
    """Clauses of the turn that hold a number or a date and no sharp word, as they were said."""
    kept: list[str] = []
    for sentence in tone_cues.sentences(text):
        for clause in (piece.strip(' .。!！?？"“”') for piece in _CLAUSE.split(sentence)):
            length = sum(map(len, kept)) + len(clause)
            if clause and _FACT.search(clause) and length <= LONGEST_FACTS and not _sharp(clause):
                kept.append(clause)
    return ("," if _HAN.search(text) else "; ").join(kept)


def _sharp(text: str) -> bool:
    return any(_rules(text, label) for label in tone_odds.LABELS)
