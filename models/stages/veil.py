"""Names of the participants replaced by their codes before a text leaves this machine, and put back after.

All forms are hidden: full and given names, surnames, aliases, 小李, 老张, 李经理; a form that two people
share too. The code of a participant is their id, or p1, p2 ... where the id itself tells the name. Names of
people who were not there are not known and stay.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from models.replaced import Replaced, replaced
from models.schema import Participant
from models.stages.owners import name_forms

MARK = "@"
STRANGER = "other"
SHARED = "someone"
"""Code of a form of address that fits several participants."""
_LATIN = re.compile(r"[A-Za-zÀ-ÿ]")
# Given names that are everyday words: hidden only where they are written with a capital.
_WORDS = re.compile(
    r"art|bill|chase|dawn|dean|drew|earl|faith|frank|grace|grant|hope|jack|joy|june|may|april|august|"
    r"mark|miles|nick|pat|penny|rich|rob|rose|ruby|sky|sue|summer|sunny|will|wade|woody|young|long"
)


class Veil:
    """The participants of a talk. With `hiding` False nothing is replaced, and ids are the codes."""

    def __init__(self, participants: Sequence[Participant], hiding: bool) -> None:
        self._people = {person.id: person for person in participants}
        forms = {person.id: name_forms(person) for person in participants} if hiding else {}
        telling = {form.lower() for own in forms.values() for form in own}
        self._codes = {
            pid: f"p{number}" if hiding and _tells(pid, telling) else pid
            for number, pid in enumerate(self._people, start=1)
        }
        self._owners: dict[str, str] = {}
        for pid, own in forms.items():
            for form in own:
                key = form.lower()
                self._owners[key] = SHARED if key in self._owners else self._codes[pid]
        self._pattern = _pattern(self._owners)
        self.hiding = hiding

    def code(self, pid: str) -> str:
        """What a speaker is called towards the model; one who is no participant has no id there either."""
        return self._codes.get(pid, STRANGER if self.hiding else pid)

    def name(self, pid: str) -> str:
        """The name as the model may know it: none when names are hidden."""
        return "" if self.hiding else self._people[pid].name

    def person(self, code: str) -> str | None:
        """The participant that a model means by a code or, where it knows names, by a full name."""
        bare = code.strip().lstrip(MARK)
        for pid in self._people:
            if bare == self._codes[pid]:
                return pid
        named = [pid for pid, p in self._people.items() if p.name and p.name.lower() == bare.lower()]
        return named[0] if len(named) == 1 else None

    def hide(self, text: str) -> Replaced:
        """The text with codes for names."""
        if self._pattern is None:
            return Replaced(text)
        return replaced(text, self._pattern, self._code_of)

    def _code_of(self, found: re.Match[str]) -> str | None:
        return None if _WORDS.fullmatch(found[0]) else MARK + self._owners[found[0].lower()]

    def show(self, text: str) -> str:
        """The text with names for codes."""
        if not self.hiding:
            return text
        for pid, code in sorted(self._codes.items(), key=lambda pair: -len(pair[1])):
            name = self._people[pid].name or pid
            text = name.join(re.split(rf"{MARK}{re.escape(code)}(?![A-Za-z0-9_-])", text))
        return text


def _tells(pid: str, forms: set[str]) -> bool:
    """Whether an id would give a name away: it holds a form of it, or is held by one."""
    low = pid.lower()
    return any(form in low or (len(low) > 2 and low in form) for form in forms)


def _pattern(owners: dict[str, str]) -> re.Pattern[str] | None:
    """Longest forms first; Latin ones only as whole words, also between Chinese characters."""
    parts = [
        rf"(?<![A-Za-zÀ-ÿ]){re.escape(form)}(?![A-Za-zÀ-ÿ])" if _LATIN.match(form) else re.escape(form)
        for form in sorted(owners, key=len, reverse=True)
    ]
    return re.compile("|".join(parts), re.IGNORECASE) if parts else None
