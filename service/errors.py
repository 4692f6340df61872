"""Typed errors of the service, and the exit code of every error of the project.

ServiceError
├── WrongUsage          the command line or the environment cannot be used (exit code 2)
├── Refused             a rule of the product says no; domain/errors.py has its kinds (exit code 2)
│   ├── NotFound            no such thing, or none that this person may know of
│   ├── NotSignedIn         nobody is signed in, or the secret is not right
│   ├── TooMany             too many tries or requests; wait
│   └── TooBig              more bytes than the limit that was told
└── Broken              the machine or the installation (exit code 1)
    ├── CannotWrite         full disk, no permission, a folder where a file should be
    ├── ModelProcessDied    the model process ended by itself (a retry can help)
    └── WrongInstallation   another package hides ours
"""

from __future__ import annotations

from models.errors import EnvironmentProblem, ModelsError, UnusableInput
from models.wording import WordedError, Wording


class ServiceError(WordedError):
    """An error of the service."""

    wording = Wording.beside(__file__, "errors.toml")


class WrongUsage(ServiceError):
    """Options or names that cannot be used."""


class Refused(ServiceError):
    """A rule of the product says no."""


class NotFound(Refused):
    """No such thing, or none that this person may know of."""


class NotSignedIn(Refused):
    """Nobody is signed in, or the secret is not right."""


class TooMany(Refused):
    """Too many tries or requests."""

    retry_can_help = True


class TooBig(Refused):
    """More bytes than the limit."""


class Broken(ServiceError):
    """The machine or the installation, not the input."""


class CannotWrite(Broken):
    """A file cannot be written."""

    @classmethod
    def of(cls, path: object, error: OSError) -> CannotWrite:
        """For the error of the operating system at that path."""
        return cls("cannot_write", path=path, reason=error.strerror or type(error).__name__)


class ModelProcessDied(Broken):
    """The model process ended without an answer."""

    retry_can_help = True


class WrongInstallation(Broken):
    """Another package with our name is imported in our place."""


DONE, ENVIRONMENT, USAGE, INTERRUPTED = 0, 1, 2, 130
"""Exit codes; 130 is the shell's 128 + SIGINT."""

EXIT_CODES: dict[type[Exception], int] = {
    UnusableInput: USAGE,
    WrongUsage: USAGE,
    Refused: USAGE,
    EnvironmentProblem: ENVIRONMENT,
    Broken: ENVIRONMENT,
}
"""By class; a subclass has the code of the nearest class above it."""


def exit_code(error: BaseException) -> int:
    """The exit code of an error; 1 for one that is not ours: a defect."""
    return next((EXIT_CODES[kind] for kind in type(error).__mro__ if kind in EXIT_CODES), ENVIRONMENT)


def worst(codes: list[int]) -> int:
    """The code of several inputs: a broken machine outranks an unusable input, which outranks success."""
    return next((code for code in (INTERRUPTED, ENVIRONMENT, USAGE) if code in codes), DONE)


def rebuild(kind: str, key: str, values: dict[str, str]) -> ModelsError:
    """The error that the model process named. Its class must be one of ours; anything else is a defect."""
    known = {c.__name__: c for c in _below(ModelsError)}
    return known.get(kind, EnvironmentProblem)(key, **values)


def _below(kind: type[ModelsError]) -> list[type[ModelsError]]:
    return [kind, *(deeper for child in kind.__subclasses__() for deeper in _below(child))]
