"""Settings from the environment, read once at the start and handed down; nobody else reads it."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from service.errors import WrongUsage
from service.language import message_language

MAX_THREADS = 256


@dataclass(frozen=True, slots=True)
class Settings:
    """What the operator decides; every value has a default that works on a laptop."""

    models_dir: Path
    """RAPPORT_MODELS_DIR: folder of the model store (a path; about 0.5 GB when filled)."""

    threads: int
    """RAPPORT_THREADS: threads an engine may use (count, 1 to 256). Default: the processor's."""

    language: Literal["en", "zh"]
    """RAPPORT_LANG, else LC_ALL, LC_MESSAGES, LANG: language of messages and help (en or zh)."""

    hub_endpoint: str | None
    """HF_ENDPOINT: address of the model hub (a URL). None: the public one."""

    model_folder: Path | None
    """RAPPORT_MODEL_FOLDER: a folder that already holds weights, tried before any download (a path)."""


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings. Raises WrongUsage for a value that cannot be used."""
    folder = environ.get("RAPPORT_MODEL_FOLDER")
    return Settings(
        models_dir=Path(
            environ.get("RAPPORT_MODELS_DIR") or _cache(environ) / "rapport" / "models"
        ).expanduser(),
        threads=_threads(environ.get("RAPPORT_THREADS", "")),
        language=message_language(environ),
        hub_endpoint=environ.get("HF_ENDPOINT") or None,
        model_folder=Path(folder).expanduser() if folder else None,
    )


def _threads(text: str) -> int:
    if not text:
        return min(os.cpu_count() or 1, MAX_THREADS)
    if not text.isdecimal() or not 1 <= int(text[:9]) <= MAX_THREADS:
        raise WrongUsage("bad_threads", value=text, most=MAX_THREADS)
    return int(text)


def _cache(environ: Mapping[str, str]) -> Path:
    """Folder for what can be fetched again: XDG on Linux and macOS, LOCALAPPDATA on Windows."""
    if sys.platform == "win32" and (local := environ.get("LOCALAPPDATA")):
        return Path(local)
    return Path(environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser()
