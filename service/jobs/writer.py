"""Which model writes a draft: the language model that the operator set up, where consent reaches as far."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from typing import Any

from models.language_model import LanguageModel


def writer(model: LanguageModel | None, outside: str | None) -> dict[str, Any]:
    """The field `language_model` of a request, or none: then the rules of this machine write the draft.

    `outside`: the machine elsewhere to which everybody agreed.
    """
    if model is None or model.host not in (None, outside):
        return {}
    return {"language_model": asdict(model)}


def revision_with(revision: str, fields: dict[str, Any]) -> str:
    """The revision of the engines together with the writer: another one's results are not used."""
    if not fields:
        return revision
    model = fields["language_model"]
    named = f"{model['model']} {model['endpoint']} {model['context_tokens']}"
    return f"{revision}.{hashlib.sha256(named.encode()).hexdigest()[:8]}"
