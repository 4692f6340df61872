"""Settings from the environment, read once at the start and handed down; nobody else reads it."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from models.language_model import LanguageModel
from service.errors import WrongUsage
from service.hosting import Hosting, drafts_by_model, has_tone_hints, hosting
from service.language import message_language

MAX_THREADS = 256
LLM_API_KEY = "RAPPORT_LLM_API_KEY"
DEFAULT_CONTEXT, MAX_CONTEXT = 4096, 1_000_000
DEFAULT_TIMEOUT, MAX_TIMEOUT = 300, 3600


@dataclass(frozen=True, slots=True)
class Settings:
    """What the operator decides; every value has a default that works on a laptop."""

    models_dir: Path
    """RAPPORT_MODELS_DIR: folder of the model store (a path; about 0.65 GB when filled)."""

    threads: int
    """RAPPORT_THREADS: threads an engine may use (count, 1 to 256). Default: the processor's."""

    language: Literal["en", "zh"]
    """RAPPORT_LANG, else LC_ALL, LC_MESSAGES, LANG: language of messages and help (en or zh)."""

    hub_endpoint: str | None
    """HF_ENDPOINT: address of the model hub (a URL). None: the public one."""

    model_folder: Path | None
    """RAPPORT_MODEL_FOLDER: a folder that already holds weights, tried before any download (a path)."""

    tone_hints: bool = True
    """RAPPORT_TONE_HINTS: "off" leaves hints on critical or defensive wording out of every draft."""

    competencies: Path | None = None
    """RAPPORT_COMPETENCIES: the organisation's own list of competencies, which gaps are linked to before
    ESCO (a CSV file). None: ESCO alone.
    """

    drafts_by_model: bool = False
    """RAPPORT_DRAFTS: "llm" has the language model below write the drafts of the service, one on another
    machine only where the organisation allows it and everybody's consent names that machine.
    """

    language_model: LanguageModel | None = None
    """The model of `--engine llm`; None: not set up. RAPPORT_LLM_MODEL: its name at the endpoint or, without
    one, a folder. RAPPORT_LLM_ENDPOINT: address of an OpenAI-compatible server (a URL). RAPPORT_LLM_API_KEY:
    its key. RAPPORT_LLM_REMOTE: "allow" lets the endpoint be another machine, anything else does not.
    RAPPORT_LLM_CONTEXT: what prompt and answer share (tokens, from 2048). RAPPORT_LLM_TIMEOUT: how long one
    answer may take (seconds, 1 to 3600).
    """


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings. Raises WrongUsage for a value that cannot be used."""
    folder, competencies = environ.get("RAPPORT_MODEL_FOLDER"), environ.get("RAPPORT_COMPETENCIES")
    return Settings(
        models_dir=Path(
            environ.get("RAPPORT_MODELS_DIR") or _cache(environ) / "rapport" / "models"
        ).expanduser(),
        threads=_threads(environ.get("RAPPORT_THREADS", "")),
        language=message_language(environ),
        hub_endpoint=environ.get("HF_ENDPOINT") or None,
        model_folder=Path(folder).expanduser() if folder else None,
        tone_hints=has_tone_hints(environ),
        competencies=Path(competencies).expanduser() if competencies else None,
        drafts_by_model=drafts_by_model(environ),
        language_model=_language_model(environ),
    )


def hosting_from_environment(environ: Mapping[str, str] = os.environ) -> Hosting:
    """The settings of the service. Raises WrongUsage for a value that cannot be used."""
    return hosting(environ)


def _language_model(environ: Mapping[str, str]) -> LanguageModel | None:
    model = environ.get("RAPPORT_LLM_MODEL")
    if not model:
        return None
    return LanguageModel(
        model=model,
        endpoint=environ.get("RAPPORT_LLM_ENDPOINT") or None,
        api_key=environ.get(LLM_API_KEY) or None,
        remote_allowed=environ.get("RAPPORT_LLM_REMOTE") == "allow",
        context_tokens=_whole(environ, "RAPPORT_LLM_CONTEXT", DEFAULT_CONTEXT, 1, MAX_CONTEXT),
        timeout_s=float(_whole(environ, "RAPPORT_LLM_TIMEOUT", DEFAULT_TIMEOUT, 1, MAX_TIMEOUT)),
    )


def _whole(environ: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = environ.get(name, "")
    if not text:
        return default
    if not text.isdecimal() or not least <= int(text[:9]) <= most:
        raise WrongUsage("bad_number", name=name, value=text, least=least, most=most)
    return int(text)


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
