"""Hints on critical or defensive wording, for the manager who was in the room.

Judged from words and roles only: nothing of the sound, no times, no word probabilities (docs/decisions). A
flag speaks of wording, quotes it and names the rule of the labelling guide it falls under. A wrong flag
accuses somebody, so it takes both a sure reader and a cue that can be quoted; otherwise: silence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from models import tone_cues
from models.schema import Language, ToneFlag, ToneLabel, Transcript, Turn, TurnLabels
from models.wording import Wording

Sensitivity = Literal["low", "normal", "high"]
WORDING = Wording.beside(__file__, "tone.toml")
LABELS: tuple[ToneLabel, ...] = ("critical", "defensive")

THRESHOLDS: dict[str, dict[ToneLabel, float]] = {
    "low": {"critical": 0.35, "defensive": 0.35},
    "normal": {"critical": 0.25, "defensive": 0.25},
    "high": {"critical": 0.15, "defensive": 0.15},
}
"""Least probability for a flag, beside a cue that can be quoted (models/weights/dialogue_reader.md): sharp
turns are rare, so honest probabilities are small.
"""
RIVAL = 0.5
"""The other label may have at most this share of the winning one's probability."""
FEWEST_WORDS = 4
MONOLOGUE_WORDS = 120
CUES_IN_MONOLOGUE = 2
"""In a long turn a single cue is found by chance, so one sentence must hold two."""
LONGEST_FACTS = 160

_QUOTED = re.compile(r"[\"“「『][^\"”」』]{2,}[\"”」』]|'[^']{12,}'(?!\w)")
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
    by_turn = {label.turn: label for label in labels}
    flags: list[ToneFlag] = []
    others_spoke: set[str] = set()
    for turn in transcript.turns:
        is_reply = bool(others_spoke - {turn.speaker})
        others_spoke.add(turn.speaker)
        label = by_turn.get(turn.i)
        decided = _decide(turn, label, sensitivity, is_reply) if label else None
        if decided and label:
            participant = transcript.participant(turn.speaker)
            by_manager = participant is not None and participant.role == "manager"
            quote, rule = _sharpest(turn.text, decided)
            flags.append(
                ToneFlag(
                    id=f"t{len(flags) + 1}",
                    turn=turn.i,
                    label=decided,
                    score=round(label.tone[decided], 3),
                    quote=quote,
                    why=WORDING.say(f"why_{decided}_{rule}", language),
                    suggestion=_suggestion(turn.text, decided, by_manager, language),
                )
            )
    return flags


def _decide(turn: Turn, label: TurnLabels, sensitivity: Sensitivity, is_reply: bool) -> ToneLabel | None:
    """The label to show, or None: too few words, no reply, not sure, or nothing that could be quoted."""
    ranked = sorted(LABELS, key=lambda name: -label.tone.get(name, 0.0))
    best, rival = (label.tone.get(name, 0.0) for name in ranked)
    if best < THRESHOLDS[sensitivity][ranked[0]] or rival > RIVAL * best:
        return None
    if tone_cues.word_count(turn.text) < FEWEST_WORDS or (ranked[0] == "defensive" and not is_reply):
        return None
    needed = CUES_IN_MONOLOGUE if tone_cues.word_count(turn.text) > MONOLOGUE_WORDS else 1
    own_words = tone_cues.sentences(_QUOTED.sub(" ", turn.text))
    sharpest = max((sum(_rules(sentence, ranked[0]).values()) for sentence in own_words), default=0)
    return ranked[0] if sharpest >= needed else None


def _sharpest(text: str, label: ToneLabel) -> tuple[str, str]:
    """The sentence with most cues of the label and the rule that most of them belong to."""
    counted = [(sentence, _rules(sentence, label)) for sentence in tone_cues.sentences(text)]
    sentence, rules = max(counted, key=lambda pair: sum(pair[1].values()))
    if not rules:
        return text.strip(), max(
            _rules(text, label).items(), key=lambda item: item[1], default=("general", 0)
        )[0]
    return sentence, max(rules, key=lambda rule: rules[rule])


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
    return any(_rules(text, label) for label in LABELS)
