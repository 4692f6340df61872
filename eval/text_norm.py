"""What counts as the same word when recognised text is compared with a reference.

English goes through Whisper's normaliser (Radford et al. 2022, appendix C; the copy in transformers): lower
case, contractions spelled out, number words to digits, fillers (um, mm) and punctuation removed. Chinese is
brought to simplified characters without punctuation, digits to spoken numbers, one token a character. In a
recording with both languages each stretch is treated by its script, so the rate mixes words and characters
(the "mixed error rate" of the SEAME literature).
"""

from __future__ import annotations

import re
from functools import cache
from typing import Literal, Protocol

import cn2an
import opencc
from transformers.models.whisper.english_normalizer import EnglishTextNormalizer

Language = Literal["en", "zh", "mixed"]

HAN = "\u3400-\u4dbf\u4e00-\u9fff"
HAN_STRETCH = re.compile(rf"(?:\d[\d,.%]*)?[{HAN}](?:[{HAN}\s，。！？、；：“”‘’（）《》…—]|\d[\d,.%]*)*")
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3})")
DIGITS = re.compile(r"\d+(?:\.\d+)?%?")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
LONGEST_NUMBER = 16
CHARACTER_OR_WORD = re.compile(rf"[{HAN}]|[a-z0-9']+")
SPELLINGS = {
    "colour": "color",
    "favour": "favor",
    "favourite": "favorite",
    "behaviour": "behavior",
    "neighbour": "neighbor",
    "labour": "labor",
    "honour": "honor",
    "organise": "organize",
    "organised": "organized",
    "organisation": "organization",
    "realise": "realize",
    "realised": "realized",
    "recognise": "recognize",
    "apologise": "apologize",
    "prioritise": "prioritize",
    "summarise": "summarize",
    "analyse": "analyze",
    "centre": "center",
    "metre": "meter",
    "programme": "program",
    "licence": "license",
    "catalogue": "catalog",
    "dialogue": "dialog",
    "travelled": "traveled",
    "cancelled": "canceled",
    "labelled": "labeled",
    "modelling": "modeling",
    "grey": "gray",
    "cheque": "check",
    "okay": "ok",
}


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


def tokens(text: str, language: Language) -> list[str]:
    """The tokens that are compared: English words, single Chinese characters."""
    if language == "en":
        return _english(text)
    if language == "zh":
        return _chinese(text)
    found: list[str] = []
    end = 0
    for stretch in HAN_STRETCH.finditer(text):
        found += _english(text[end : stretch.start()]) + _chinese(stretch.group())
        end = stretch.end()
    return found + _english(text[end:])


def _english(text: str) -> list[str]:
    """Sentence by sentence: "take one. Two more" must not become the number 12."""
    sentences = (sentence for sentence in SENTENCE_END.split(text) if sentence.strip())
    return [word for sentence in sentences for word in str(_normaliser()(sentence)).split()]


def _chinese(text: str) -> list[str]:
    plain = THOUSANDS.sub("", _simplifier().convert(text)).lower()
    spoken = DIGITS.sub(lambda found: _spoken(found.group(), plain[found.end() : found.end() + 1]), plain)
    return CHARACTER_OR_WORD.findall(spoken.replace("两", "二").replace("〇", "零"))


def _spoken(number: str, following: str) -> str:
    """Digits as they are said: a year digit by digit, "25%" as 百分之二十五."""
    if following == "年" and len(number) == 4:
        return str(cn2an.an2cn(number, "direct"))
    if number.endswith("%"):
        return "百分之" + _spoken(number[:-1], "")
    whole, point, decimals = number.partition(".")
    too_long = len(whole) > LONGEST_NUMBER
    return number if too_long else str(cn2an.an2cn(f"{int(whole)}{point}{decimals}", "low"))


@cache
def _normaliser() -> EnglishTextNormalizer:
    return EnglishTextNormalizer(SPELLINGS)


@cache
def _simplifier() -> _Converter:
    converter: _Converter = opencc.OpenCC("t2s")
    return converter
