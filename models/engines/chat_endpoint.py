"""A language model behind an OpenAI-compatible chat endpoint: vLLM, Ollama, llama.cpp, transformers serve.

One request at a time over httpx; proxies, certificates and passwords of the environment are not used, and
redirects not followed. Errors name the host and a status, never the text, the answer or the key.
"""

from __future__ import annotations

import json
import re
import ssl
import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx

from models.engines.chat_style import ChatStyle, is_about_length
from models.errors import EndpointRefuses, EndpointUnavailable, TextTooLong
from models.language_model import LanguageModel, checked
from models.ports import Generated
from models.schema import StepProvenance

ATTEMPTS = 3
PAUSES_S = (1.0, 4.0)
"""Before the second and the third attempt."""
LONGEST_PAUSE_S = 30.0
"""A server that asks for more patience gets none."""
CONNECT_TIMEOUT_S = 10.0
MOST_BYTES = 4 << 20
BUSY = frozenset({408, 425, 429, 500, 502, 503, 504, 529})
HAN = re.compile("[\u3400-\u9fff]")
HAN_A_TOKEN, OTHERS_A_TOKEN = 2.5, 12
"""Characters that no tokenizer of running text packs into less; a server that counts fewer tokens has cut
the prompt without a word.
"""


class ChatEndpoint:
    """TextGenerator over HTTP. `transport` and `sleep` are for tests."""

    def __init__(
        self,
        wanted: LanguageModel,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._wanted = checked(wanted)
        self._sleep = sleep
        self._style = ChatStyle()
        self._headers = {"Authorization": f"Bearer {wanted.api_key}"} if wanted.api_key else {}
        self._transport = transport

    @property
    def provenance(self) -> StepProvenance:
        """The model's name there, and the host unless it is this machine."""
        return StepProvenance("chat endpoint", model=self._wanted.model, host=self._wanted.host)

    @property
    def context_tokens(self) -> int:
        """As the operator set it: the protocol does not tell."""
        return self._wanted.context_tokens

    def generate(
        self, instructions: str, data: str, json_schema: dict[str, object], answer_tokens: int
    ) -> Generated:
        """One answer. What the server does not know is asked for in an older form, once each.

        Raises TextTooLong, EndpointRefuses, EndpointUnavailable.
        """
        with self._connected() as client:
            while True:
                body = self._style.body(self._wanted.model, instructions, data, json_schema, answer_tokens)
                status, content = self._patiently(client, body)
                if status == 200:
                    return self._read(content, _least_tokens(instructions + data))
                if not self._style.adapt(status, content):
                    raise self._refusal(status, content)

    def _connected(self) -> httpx.Client:
        patience = httpx.Timeout(
            self._wanted.timeout_s, connect=min(CONNECT_TIMEOUT_S, self._wanted.timeout_s)
        )
        return httpx.Client(
            follow_redirects=False, trust_env=False, timeout=patience, transport=self._transport
        )

    def _patiently(self, client: httpx.Client, body: Mapping[str, Any]) -> tuple[int, bytes]:
        """Status and content of the first attempt that is neither busy nor unreachable, else the last's."""
        for pause_s in (*PAUSES_S[: ATTEMPTS - 1], None):
            try:
                status, content, asked_s = self._post(client, body)
            except EndpointUnavailable as error:
                if pause_s is None or error.key == "endpoint_slow":
                    raise
                asked_s = None
            else:
                if status not in BUSY or pause_s is None or (asked_s or 0) > LONGEST_PAUSE_S:
                    return status, content
            self._sleep(max(pause_s, asked_s or 0))
        raise AssertionError("the last attempt returns or raises")

    def _post(self, client: httpx.Client, body: Mapping[str, Any]) -> tuple[int, bytes, float | None]:
        """(status, content, seconds that the server asks to wait)."""
        ends = time.monotonic() + self._wanted.timeout_s
        content = bytearray()
        try:
            url = f"{self._wanted.endpoint}/chat/completions"
            with client.stream("POST", url, json=body, headers=self._headers) as response:
                for chunk in response.iter_bytes():
                    content += chunk
                    if len(content) > MOST_BYTES:
                        raise self._unavailable("endpoint_nonsense")
                    if time.monotonic() > ends:
                        raise self._slow()
                return response.status_code, bytes(content), _seconds(response.headers.get("Retry-After"))
        except httpx.TimeoutException as error:
            connecting = isinstance(error, httpx.ConnectTimeout)
            raise (self._unavailable("endpoint_unreachable") if connecting else self._slow()) from None
        except httpx.HTTPError as error:
            if _is_about_certificates(error):
                raise EndpointRefuses("endpoint_certificate", host=self._wanted.place) from None
            spoke = isinstance(error, httpx.RemoteProtocolError | httpx.DecodingError)
            raise self._unavailable("endpoint_nonsense" if spoke else "endpoint_unreachable") from None

    def _read(self, content: bytes, least_tokens: float) -> Generated:
        """The answer in a response. `least_tokens`: what the prompt must have been counted as."""
        try:
            told = json.loads(content)
            choice = told["choices"][0]
            text = choice["message"]["content"]
            if isinstance(text, list):
                text = "".join(part.get("text", "") for part in text)
            seen = (told.get("usage") or {}).get("prompt_tokens")
        except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
            raise self._unavailable("endpoint_nonsense") from None
        if not isinstance(text, str | None):
            raise self._unavailable("endpoint_nonsense")
        if isinstance(seen, int) and 0 < seen < least_tokens:
            raise TextTooLong("text_too_long")
        return Generated(text or "", choice.get("finish_reason") == "length")

    def _refusal(self, status: int, content: bytes) -> EndpointRefuses | EndpointUnavailable | TextTooLong:
        """The error that a status means; of the content only a known complaint is looked for."""
        place = self._wanted.place
        if 300 <= status < 400:
            return EndpointRefuses("endpoint_redirects", host=place, status=status)
        if status in (401, 403):
            return EndpointRefuses("endpoint_denied", host=place, status=status)
        if status == 404:
            return EndpointRefuses("endpoint_unknown", host=place, status=status)
        if status in BUSY:
            return EndpointUnavailable("endpoint_busy", host=place, status=status)
        if status == 413 or is_about_length(content):
            return TextTooLong("text_too_long")
        return EndpointRefuses("endpoint_refuses", host=place, status=status)

    def _unavailable(self, key: str) -> EndpointUnavailable:
        return EndpointUnavailable(key, host=self._wanted.place)

    def _slow(self) -> EndpointUnavailable:
        return EndpointUnavailable(
            "endpoint_slow", host=self._wanted.place, seconds=round(self._wanted.timeout_s)
        )


def load(wanted: LanguageModel) -> ChatEndpoint:
    """For the registry. Raises LanguageModelRefused."""
    return ChatEndpoint(wanted)


def _least_tokens(text: str) -> float:
    han = len(HAN.findall(text))
    return han / HAN_A_TOKEN + (len(text) - han) / OTHERS_A_TOKEN


def _seconds(retry_after: str | None) -> float | None:
    return float(retry_after) if retry_after and retry_after.isdecimal() and len(retry_after) < 6 else None


def _is_about_certificates(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError) or "CERTIFICATE_VERIFY_FAILED" in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False
