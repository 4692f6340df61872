"""Who a clause means: speaker, addressee or a participant called by name. Doubt gives nobody, never a guess.

Chinese forms of address are built from the surname: 小李, 老李, 李经理, 李工, 李总; English
ones from the given name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from models.schema import Participant
from models.stages.clauses import Clause

_TITLES = (
    "总|经理|主管|工|老师|主任|哥|姐|博士|处|科长|部长|院长|护士长|店长|组长|队|队长|师傅|校长|园长|"
    "所长|律师|医生"
)
_VOCATIVE = 14
"""Characters up to which a clause with a name is a call."""
FOR_SPEAKER = re.compile(
    r"\b(?:send|give|tell|bring|show|email|ring|call|hand|let) me\b|to me\b"
    r"|(?:给|告诉|发|送|交|报|通知|找|问)我(?!们|来|去|妈|爸|爱人)",
    re.IGNORECASE,
)
"""The speaker receives: what is spoken of is somebody else's task."""
SPEAKER_ACTS = re.compile(
    r"\b(?:I|we|let me (?!have|know|see))\b|^.{0,8}?(?<![给诉发送交报知找问让])我|咱", re.IGNORECASE
)
"""The speaker acts, too: "I'll remind you to send me the list"."""
_COMPOUND_SURNAMES = (
    "欧阳",
    "司马",
    "上官",
    "诸葛",
    "司徒",
    "东方",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "令狐",
    "端木",
)


@dataclass(frozen=True, slots=True)
class Owner:
    """A participant's id, or None with the reason (a key of trails.toml) why nobody can be named."""

    person: str | None
    reason: str | None = None


class People:
    """The participants and the ways they are called."""

    def __init__(self, participants: Sequence[Participant]) -> None:
        self.ids = [p.id for p in participants]
        forms = {p.id: name_forms(p) for p in participants}
        shared = {f for i in forms for f in forms[i] if sum(f in other for other in forms.values()) > 1}
        self._patterns = {i: _pattern(forms[i] - shared) for i in forms}

    def named(self, text: str) -> set[str]:
        """Ids of the participants whose name occurs in the text."""
        return {i for i, pattern in self._patterns.items() if pattern and pattern.search(text)}

    def others(self, person: str) -> list[str]:
        """Everybody else in the meeting."""
        return [i for i in self.ids if i != person]

    def addressee(self, clause: Clause, turn: Sequence[Clause]) -> Owner:
        """Whom "you" means: the only other person, or the one the turn calls by name; else nobody.

        A name that stands alone ("Cormac, could you ...") calls; inside a clause it may be an object, so it
        counts only at its start, and for the whole turn only when no other name is there.
        """
        others = self.others(clause.speaker)
        if len(others) == 1:
            return Owner(others[0])
        alone = [c.text for c in turn if c.start <= clause.end and self._only_name(c.text)]
        texts = [*reversed(alone), clause.text[:12], " ".join(c.text for c in turn)]
        for text in texts:
            called = self.named(text) - {clause.speaker}
            if len(called) == 1:
                return Owner(next(iter(called)))
        return Owner(None, "addressee_doubtful")

    def _only_name(self, text: str) -> bool:
        return bool(self.named(text)) and len(text) <= _VOCATIVE


def name_forms(person: Participant) -> set[str]:
    """The ways a participant may be called: full name, its words, aliases, Chinese forms of address."""
    forms = {person.name, *person.aliases}
    for name in re.findall(r"[A-Za-zÀ-ÿ'’-]{2,}", re.sub(r"\b(?:Mr|Mrs|Ms|Dr)\b\.?", " ", person.name)):
        forms.add(name)
    for run in re.findall(r"[\u3400-\u9fff]{2,4}", person.name):
        surname = run[:2] if run.startswith(_COMPOUND_SURNAMES) and len(run) > 2 else run[:1]
        given = run[len(surname) :]
        forms |= {run, f"小{surname}", f"老{surname}", f"阿{given[-1:]}"}
        forms |= {surname + title for title in _TITLES.split("|")}
        if len(given) > 1:
            forms |= {given, f"小{given[-1]}", f"阿{given[-1]}"}
    return {form for form in forms if len(form) > 1}


def _pattern(forms: set[str]) -> re.Pattern[str] | None:
    if not forms:
        return None
    latin = [re.escape(f) for f in forms if re.match(r"[A-Za-zÀ-ÿ]", f)]
    han = [re.escape(f) for f in forms if not re.match(r"[A-Za-zÀ-ÿ]", f)]
    parts = ([rf"\b(?:{'|'.join(sorted(latin, key=len, reverse=True))})\b"] if latin else []) + (
        ["|".join(sorted(han, key=len, reverse=True))] if han else []
    )
    return re.compile("|".join(parts))
