"""Numbers as people say and recognisers spell them: English words and ordinals, Mandarin numerals."""

from __future__ import annotations

from collections.abc import Sequence

_UNITS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_ORDINALS = [
    "zeroth",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
]
_MISSPELT = {"nineth": 9, "fivth": 5, "eigth": 8, "twelvth": 12, "fourty": 40, "fourtieth": 40}

CARDINALS = {word: n for n, word in enumerate(_UNITS)} | {w: 20 + 10 * n for n, w in enumerate(_TENS)}
CARDINALS["fourty"] = 40
ORDINALS = {word: n for n, word in enumerate(_ORDINALS) if n} | {
    word[:-1] + "ieth": 20 + 10 * n for n, word in enumerate(_TENS)
}
ORDINALS |= {word: n for word, n in _MISSPELT.items() if word.endswith("th")}

Words = Sequence[str]
"""Lower-case tokens; hyphens are tokens of their own."""


def _word(words: Words, i: int) -> str:
    return words[i] if 0 <= i < len(words) else ""


def english_cardinal(words: Words, i: int) -> tuple[int, int] | None:
    """Give the number 0..999 at token i ("12", "twenty-three") and the next index, or None."""
    word = _word(words, i)
    if word.isascii() and word.isdecimal() and len(word) <= 4:
        return int(word), i + 1
    value = CARDINALS.get(word)
    if value is None:
        return None
    i += 1
    if _word(words, i) == "hundred" and 0 < value < 10:
        value, i = value * 100, i + 1
        after = i + (_word(words, i) == "and")
        rest = english_cardinal(words, after) if _word(words, after) in CARDINALS else None
        return (value + rest[0], rest[1]) if rest and rest[0] < 100 else (value, i)
    if value >= 20:
        after = i + (_word(words, i) == "-")
        unit = CARDINALS.get(_word(words, after), 0)
        if 0 < unit < 10:
            return value + unit, after + 1
    return value, i


def english_ordinal(words: Words, i: int) -> tuple[int, int] | None:
    """Give the ordinal 1..99 at token i ("3rd", "twenty-third") and the next index, or None."""
    word = _word(words, i)
    if word[:1].isdecimal() and word[-2:] in {"st", "nd", "rd", "th"} and word[:-2].isdecimal():
        return int(word[:-2]), i + 1
    if word in ORDINALS:
        return ORDINALS[word], i + 1
    if word in CARDINALS and CARDINALS[word] >= 20:
        after = i + 1 + (_word(words, i + 1) == "-")
        unit = ORDINALS.get(_word(words, after), 0)
        if 0 < unit < 10:
            return CARDINALS[word] + unit, after + 1
    return None


def english_year(words: Words, i: int) -> tuple[int, int] | None:
    """Give a year 2000..2099 ("2027", "twenty twenty-seven", "two thousand and twenty-seven") or None."""
    word = _word(words, i)
    if word.isdecimal() and len(word) == 4 and word.startswith("20"):
        return int(word), i + 1
    if word == "twenty" and (rest := english_cardinal(words, i + 1 + (_word(words, i + 1) == "-"))):
        return (2000 + rest[0], rest[1]) if 10 <= rest[0] < 100 else None
    if word == "two" and _word(words, i + 1) == "thousand":
        rest = english_cardinal(words, i + 2 + (_word(words, i + 2) == "and"))
        return (2000 + rest[0], rest[1]) if rest and rest[0] < 100 else None
    return None


_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2}
_SCALES = {"十": 10, "百": 100}
MANDARIN_DIGITS = "0-9０-９〇零一二两三四五六七八九十百"
"""Inside a character class: everything a Mandarin number is written with."""


def mandarin_number(text: str) -> int | None:
    """Give 23 for 二十三, 2026 for 二零二六; None for anything else (两三, a range, among it)."""
    if not text:
        return None
    if all(c.isdecimal() and c not in _DIGITS for c in text):
        return int(text) if text.isdecimal() and len(text) <= 4 else None
    if all(c in _DIGITS for c in text):
        if len(text) in {1, 4}:
            return int("".join(str(_DIGITS[c]) for c in text))
        return None
    return _scaled(text)


def _scaled(text: str) -> int | None:
    """Numbers built with 十 and 百; the scales must fall and every digit must meet its scale."""
    total, digit, last = 0, None, 1000
    for c in text:
        if c in _SCALES and _SCALES[c] < last:
            last = _SCALES[c]
            total += (1 if digit is None else digit) * last
            digit = None
        elif c in _DIGITS and (digit is None or digit == 0):
            digit = _DIGITS[c]
        else:
            return None
    return total + (digit or 0)
