"""What every command is given: settings, engines, and the way to speak to the user."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from models.errors import ModelsError
from models.wording import Wording
from service.errors import ServiceError, exit_code, worst
from service.export.plain_text import clean
from service.hosting import Hosting
from service.jobs.model_process import ModelProcess
from service.settings import Settings, hosting_from_environment

WORDING = Wording.beside(__file__, "messages.toml")
Input = TypeVar("Input")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The context object of all commands."""

    settings: Settings
    engines: str

    def say(self, key: str, **values: object) -> str:
        """A line of messages.toml in the user's language."""
        return WORDING.say(key, self.settings.language, **values)

    def note(self, key: str, **values: object) -> None:
        """Tells the user something on stderr, in one line."""
        complain(self.say(key, **values))

    def hosting(self) -> Hosting:
        """The settings of the service. Raises WrongUsage."""
        return hosting_from_environment()

    def model_process(self) -> ModelProcess:
        """A process for the models, to be used in a `with`."""
        return ModelProcess(self.settings, self.engines)

    def each(self, inputs: Iterable[Input], work: Callable[[Input], None]) -> int:
        """Does the work for every input, whatever happens to the others; the worst exit code."""
        codes = []
        for one in inputs:
            try:
                work(one)
            except (ModelsError, ServiceError) as error:
                complain(*error.lines(self.settings.language))
                codes.append(exit_code(error))
        return worst(codes)


def complain(line: str, *more: str) -> None:
    """One line on stderr, and a further one for each of `more`.

    File names and ids in them are hostile: no control character reaches the terminal.
    """
    sys.stderr.write("".join([f"rapport: {clean(line)}\n", *(f"- {clean(one)}\n" for one in more)]))
    sys.stderr.flush()
