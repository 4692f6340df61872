"""The dialect of the chat protocol that a server takes, found out by asking in the newest form first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FORMATS = ("json_schema", "json_object", "none")
COMPLAINTS = frozenset({400, 415, 422, 500, 501})
"""Statuses by which servers say that they do not know a field (500: some of them break on a schema)."""


@dataclass(slots=True)
class ChatStyle:
    """What to send; each change is made at most once, so that asking again ends."""

    form: int = 0
    newer_limit: bool = False
    temperature: bool = True
    system: bool = True

    def body(
        self,
        model: str,
        instructions: str,
        data: str,
        json_schema: Mapping[str, object],
        answer_tokens: int,
    ) -> dict[str, Any]:
        """The request. Without a system role the data follow the instructions in one message."""
        messages = [{"role": "user", "content": f"{instructions}\n\n{data}"}]
        if self.system:
            messages = [{"role": "system", "content": instructions}, {"role": "user", "content": data}]
        limit = "max_completion_tokens" if self.newer_limit else "max_tokens"
        body: dict[str, Any] = {"model": model, "messages": messages, limit: answer_tokens, "stream": False}
        if self.temperature:
            body["temperature"] = 0
        if FORMATS[self.form] == "json_schema":
            schema = {"name": "minutes", "strict": True, "schema": json_schema}
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        elif FORMATS[self.form] == "json_object":
            body["response_format"] = {"type": "json_object"}
        return body

    def adapt(self, status: int, complaint: bytes) -> bool:
        """Change what the server complains about; False when nothing is left to change."""
        said = complaint[:2000].lower()
        if status not in COMPLAINTS or is_about_length(complaint):
            return False
        if b"max_completion_tokens" in said and not self.newer_limit:
            self.newer_limit = True
        elif b"temperature" in said and self.temperature:
            self.temperature = False
        elif b"system" in said and b"role" in said and self.system:
            self.system = False
        elif self.form + 1 < len(FORMATS):
            self.form += 1
        else:
            return False
        return True


def is_about_length(complaint: bytes) -> bool:
    """Whether a server says that the text does not fit into the model's context."""
    said = complaint[:2000].lower()
    return b"context" in said and (b"length" in said or b"size" in said or b"window" in said)
