"""Which language model writes the minutes, and the rule that nothing leaves this machine unless it may.

An endpoint on this machine is a loopback address. Any other needs the operator's word and TLS; names are
replaced before a text goes there (stages/veil).
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field, replace

from models.errors import LanguageModelRefused

# Plain characters only: no user, no query, nothing that two readers of an address could take differently.
_ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?P<host>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?P<port>:\d{1,5})?"
    r"(?P<path>/[A-Za-z0-9._~/-]*)?",
)
MAX_PORT = 65535
LEAST_CONTEXT_TOKENS = 2048
"""Below this no piece of a talk and its answer fit."""


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """What the operator set. `model`: its name at the endpoint or, without one, a folder or catalogue name.

    `context_tokens`: what prompt and answer share. `timeout_s`: seconds that one answer may take.
    """

    model: str
    endpoint: str | None = None
    api_key: str | None = field(default=None, repr=False)
    remote_allowed: bool = False
    context_tokens: int = 4096
    timeout_s: float = 300.0

    @property
    def host(self) -> str | None:
        """Host and port of an endpoint that is not this machine; None when nothing leaves it."""
        found = _ADDRESS.fullmatch(self.endpoint or "")
        if found is None or _is_loopback(found["host"]):
            return None
        return found["host"].lower() + (found["port"] or "")

    @property
    def place(self) -> str:
        """Host and port for messages; no path, and never a key."""
        found = _ADDRESS.fullmatch(self.endpoint or "")
        return found["host"].lower() + (found["port"] or "") if found else "-"


def checked(wanted: LanguageModel) -> LanguageModel:
    """The same with its address in one form. Raises LanguageModelRefused for what may not be used."""
    if wanted.context_tokens < LEAST_CONTEXT_TOKENS:
        raise LanguageModelRefused("llm_context_small", least=LEAST_CONTEXT_TOKENS)
    if wanted.api_key is not None and not re.fullmatch(r"[!-~]{1,4096}", wanted.api_key):
        raise LanguageModelRefused("llm_bad_key")
    if wanted.endpoint is None:
        return wanted
    found = _ADDRESS.fullmatch(wanted.endpoint)
    if found is None or ".." in wanted.endpoint or int((found["port"] or ":0")[1:]) > MAX_PORT:
        raise LanguageModelRefused("llm_bad_endpoint")
    if wanted.host is not None:
        if not wanted.remote_allowed:
            raise LanguageModelRefused("llm_remote_not_allowed", host=wanted.place)
        if found["scheme"] != "https":
            raise LanguageModelRefused("llm_remote_without_tls", host=wanted.place)
    return replace(wanted, endpoint=wanted.endpoint.rstrip("/"))


def _is_loopback(host: str) -> bool:
    """Whether an address can only mean this machine: localhost, 127.0.0.0/8, ::1."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
