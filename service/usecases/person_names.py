"""What people are called, and how they are ordered: Chinese names by pinyin, others by their letters."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection

from models.wording import Wording
from service.db.tables import Person
from service.db.unit_of_work import Work

MOST = 400
_COMPOUND = 2
_FAMILY_READINGS = Wording.beside(__file__, "family_names.toml").table["readings"]
"""Characters that are read differently as a family name: 单 is Shàn there, dān elsewhere."""


def names_in(work: Work, person_ids: Collection[str]) -> dict[str, str]:
    """Display names by id; who is not of the organisation is missing."""
    rows = work.session.scalars(work.rows(Person).where(Person.id.in_(person_ids)))
    return {row.id: row.display_name for row in rows}


def sort_key(display_name: str, family_name: str = "", given_name: str = "") -> str:
    """What a list is ordered by: lower case, without accents and tones, at most 400 characters."""
    name = unicodedata.normalize("NFKC", " ".join(filter(None, (family_name, given_name))) or display_name)
    if any(_is_han(character) for character in name):
        name = _pinyin(name)
    plain = unicodedata.normalize("NFD", name.casefold())
    letters = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join(letters.split())[:MOST]


def _pinyin(name: str) -> str:
    # Its table of phrases takes 50 MB, which a service without Chinese names need not hold.
    from pypinyin import lazy_pinyin  # noqa: PLC0415

    compact = "".join(name.split())
    for length in (_COMPOUND, 1):
        reading = _FAMILY_READINGS.get(compact[:length])
        if reading:
            return " ".join([reading, *lazy_pinyin(compact[length:])])
    return " ".join(lazy_pinyin(compact if _is_han(compact[0]) else name))


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff" or "\U00020000" <= character <= "\U0003ffff"
