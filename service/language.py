"""Which language to speak to the user. Imports nothing of ours, which may be hidden by other packages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal


def message_language(environ: Mapping[str, str]) -> Literal["en", "zh"]:
    """Chinese when the first of RAPPORT_LANG, LC_ALL, LC_MESSAGES, LANG that is set says so."""
    names = ("RAPPORT_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    wanted = next((value for name in names if (value := environ.get(name))), "en")
    return "zh" if wanted.lower().startswith("zh") else "en"
