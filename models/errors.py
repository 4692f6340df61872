"""Typed errors of the models package. Each says what happened, what to do, and whether a retry can help.

ModelsError
├── UnusableInput            the input cannot be used; another try gives the same (exit code 2)
│   ├── NotAudio             no sound can be read from the file
│   ├── NotATranscript       the text is not a transcript this reader knows
│   ├── NotACatalogue        a development catalogue that cannot be read
│   │   └── CatalogueProblems    several places of one catalogue
│   ├── UnusableTable        a file of many facts, with the places of all that is wrong in it
│   │   ├── NotAProfile          profiles of people
│   │   └── NotCompetencies      the organisation's own list of competencies
│   ├── UnknownLanguage      a language other than en, zh, auto
│   └── LanguageModelRefused an endpoint that is no address, not allowed, or without TLS
└── EnvironmentProblem       the machine, not the input (exit code 1)
    ├── WeightsMissing       a model is not in the store, or its file is not what the catalogue says
    ├── WeightsUnavailable   no source delivered a model (a retry can help)
    ├── DiskProblem          full disk, no permission
    ├── NotInstalled         an optional part of Rapport that was not installed
    ├── EndpointRefuses      the endpoint of a language model says no: key, address, certificate, form
    ├── EndpointUnavailable  it cannot be reached, is too slow or answers nonsense (a retry can help)
    ├── TextTooLong          the language model cannot take a text of that length
    ├── AnswersUnusable      a language model whose answers hold nothing that can be read
    └── EngineFailed         an engine broke down (a retry can help)
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Self

from models.wording import WordedError, Wording

Words = tuple[str, dict[str, str]]
"""A key of errors.toml and the values that fill it."""

Problem = tuple[Words, Words]
"""Where something is wrong in a file, and what."""


class ModelsError(WordedError):
    """An error of the models package."""

    wording = Wording.beside(__file__, "errors.toml")

    def _listed(self, told: Sequence[str], count: int, language: str) -> list[str]:
        """A line that counts the problems of a file, those that are told, and a line about the others."""
        lines = [self.wording.say("several_problems", language, path=self.values["path"], count=count), *told]
        if more := count - len(told):
            lines.append(self.wording.say("more_problems", language, more=more))
        return lines


class UnusableInput(ModelsError):
    """The input cannot be used."""


class NotAudio(UnusableInput):
    """No sound can be read from the file."""


class NotATranscript(UnusableInput):
    """The text is not a transcript this reader knows."""


class NotACatalogue(UnusableInput):
    """A catalogue that cannot be read; `entry`, or `line` and `column`, in the values say where."""

    def line(self, language: str) -> str:
        """What happened, where, and what to do, in one line of that language."""
        units = [unit for unit in ("entry", "line", "column") if unit in self.values]
        where = self.wording.say("_".join(("place", *units)), language, **self.values) if units else ""
        return self.wording.say(self.key, language, **{**self.values, "place": where})


class CatalogueProblems(NotACatalogue):
    """Several places of one catalogue: JSON in the value `problems`, since values travel as text."""

    @classmethod
    def of(cls, path: str, problems: Sequence[NotACatalogue], count: int) -> CatalogueProblems:
        """For the first of `count` problems."""
        listed = json.dumps([(problem.key, problem.values) for problem in problems])
        return cls("several_problems", path=path, count=count, problems=listed)

    def line(self, language: str) -> str:
        """All lines as one text, a list."""
        return "\n- ".join(self.lines(language))

    def lines(self, language: str) -> list[str]:
        """A line that counts, then one for each of the first problems."""
        problems = json.loads(str(self.values["problems"]))
        told = [NotACatalogue(key, **at).line(language) for key, at in problems]
        return self._listed(told, int(str(self.values["count"])), language)


class UnusableTable(UnusableInput):
    """A file of many facts that cannot be read, as a whole or in some places."""

    @classmethod
    def listing(cls, path: str, problems: Sequence[Problem], more: int) -> Self:
        """For a file in which these things are wrong, and `more` others that are only counted."""
        key = "profile_problems_more" if more else "profile_problems"
        # As one text: values leave the model process as texts, and the language is chosen outside.
        return cls(key, path=path, problems=json.dumps(problems), more=more)

    def line(self, language: str) -> str:
        """What is wrong, with the place of each problem, and what to do, in one line of that language."""
        if "problems" not in self.values:
            return super().line(language)
        listed = "; ".join(self._problems(language))
        return self.wording.say(self.key, language, **{**self.values, "problems": listed})

    def lines(self, language: str) -> list[str]:
        """As `line` says it, or with several problems a line that counts and one for each of the first."""
        told = self._problems(language) if "problems" in self.values else []
        if len(told) < 2:
            return [self.line(language)]
        return self._listed(told, len(told) + int(str(self.values["more"])), language)

    def _problems(self, language: str) -> list[str]:
        problems: list[Problem] = json.loads(str(self.values["problems"]))
        told = ([self.wording.say(key, language, **values) for key, values in one] for one in problems)
        return [": ".join(place_and_what) for place_and_what in told]


class NotAProfile(UnusableTable):
    """Profiles that cannot be read, or not be written in the form that was asked for."""


class NotCompetencies(UnusableTable):
    """A list of competencies that cannot be read."""


class UnknownLanguage(UnusableInput):
    """A language other than en, zh, auto."""


class LanguageModelRefused(UnusableInput):
    """A language model that may not be used as it was set."""


class EnvironmentProblem(ModelsError):
    """The machine, not the input."""


class WeightsMissing(EnvironmentProblem):
    """A model is not in the store or does not match its hash."""


class WeightsUnavailable(EnvironmentProblem):
    """No source delivered a model."""

    retry_can_help = True


class DiskProblem(EnvironmentProblem):
    """Full disk or no permission."""


class NotInstalled(EnvironmentProblem):
    """An optional part of Rapport that was not installed."""


class EndpointRefuses(EnvironmentProblem):
    """The endpoint of a language model says no."""


class EndpointUnavailable(EnvironmentProblem):
    """The endpoint cannot be reached, is too slow or answers nonsense."""

    retry_can_help = True


class TextTooLong(EnvironmentProblem):
    """The language model cannot take a text of that length."""


class AnswersUnusable(EnvironmentProblem):
    """A language model whose answers hold nothing that can be read."""


class EngineFailed(EnvironmentProblem):
    """An engine broke down."""

    retry_can_help = True
