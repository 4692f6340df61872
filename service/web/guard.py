"""The outermost layer: what a request may look like before any route sees it, and what every answer says.

Host name, origin, size of headers and body, form of JSON; an id for the request; security headers; and
errors that nobody expected, of which neither the answer nor the log tells more than kind and place.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import traceback
from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from models.wording import WordedError
from service.domain.ids import new_id
from service.errors import TooBig
from service.hosting import Hosting
from service.web.errors import WORDS, BadRequest, CrossSite, HeadersTooBig, WrongHost, answer, problem
from service.web.language import language_of

BODY_BYTES = 1024 * 1024
HEADER_BYTES, HEADER_COUNT = 16 * 1024, 60
JSON_DEPTH = 64
BODY_S, PAUSE_S = 30.0, 60.0
"""The longest that a body may take, and the longest pause in one that is streamed."""

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
PROBES = frozenset({"/healthz", "/readyz", "/metrics"})
"""Asked by machines that know the service by another name; they hold nothing of anybody."""

POLICY = (
    "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'; "
    "media-src 'self' blob:; worker-src 'self' blob:"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self)",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
LOG = logging.getLogger(__name__)


class BodyTooBig(TooBig):
    """A body beyond what is taken at once."""

    wording = WORDS


class Guard:
    """`streamed`: patterns of addresses whose routes read the body themselves, with limits of their own."""

    def __init__(
        self,
        app: ASGIApp,
        hosting: Hosting,
        streamed: Sequence[str],
        body_s: float = BODY_S,
        pause_s: float = PAUSE_S,
    ) -> None:
        self.app = app
        self._body_s, self._pause_s = body_s, pause_s
        self._secure = hosting.secure
        self._base = urlsplit(hosting.base_url)
        self._streamed = re.compile("|".join(streamed) or r"(?!)")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        request.state.request_id = new_id()
        answering = _Answering(send, request, secure=self._secure)
        try:
            self._check(request)
            if self._streamed.fullmatch(request.url.path):
                receive = self._unbroken(receive)
            else:
                receive = await self._soon(request)
            await self.app(scope, receive, answering)
        except WordedError as error:
            await answer(request, error)(scope, receive, answering)
        except Exception as error:  # whatever it is, its text stays inside
            _tell(request, error)
            if answering.started:
                raise RuntimeError("the answer broke off") from None
            detail = WORDS.say("broken", language_of(request))
            await problem(request, 500, "broken", detail)(scope, receive, answering)

    async def _soon(self, request: Request) -> Receive:
        try:
            async with asyncio.timeout(self._body_s):
                return await _whole(request)
        except TimeoutError as error:
            raise BadRequest("too_slow") from error
        except ClientDisconnect as error:
            raise BadRequest("bad_request") from error

    def _unbroken(self, receive: Receive) -> Receive:
        """Whoever pauses for too long is taken for gone: what came is kept, a connection is free again."""

        async def receive_soon() -> Message:
            try:
                async with asyncio.timeout(self._pause_s):
                    return await receive()
            except TimeoutError:
                return {"type": "http.disconnect"}

        return receive_soon

    def _check(self, request: Request) -> None:
        headers = request.headers.raw
        if len(headers) > HEADER_COUNT or sum(len(k) + len(v) for k, v in headers) > HEADER_BYTES:
            raise HeadersTooBig("headers_too_big")
        if not self._is_ours(request.headers.get("host", "")) and request.url.path not in PROBES:
            raise WrongHost("wrong_host")
        if b"%00" in request.scope.get("raw_path", b"") + request.scope["query_string"]:
            raise BadRequest("bad_request")
        if request.method not in SAFE and self._is_foreign(request.headers):
            raise CrossSite("cross_site")

    def _is_ours(self, host: str) -> bool:
        try:
            name = urlsplit(f"//{host}").hostname
        except ValueError:
            return False
        local = {"127.0.0.1", "localhost", "::1"}
        own = self._base.hostname
        return name is not None and (name == own or (own in local and name in local))

    def _is_foreign(self, headers: Headers) -> bool:
        """Whether a browser says that another site sends this. Programs say nothing of the kind."""
        if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
            return True
        origin = headers.get("origin")
        return origin is not None and origin != f"{self._base.scheme}://{headers.get('host', '')}"


class _Answering:
    """Sends an answer with the headers that each has."""

    def __init__(self, send: Send, request: Request, *, secure: bool) -> None:
        self._send = send
        self._request = request
        self._secure = secure
        self.started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            headers["X-Request-Id"] = self._request.state.request_id
            if self._secure:
                headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
            headers["Cache-Control"] = _kept(self._request)
        await self._send(message)


def _kept(request: Request) -> str:
    """How long a browser may keep the answer: for ever a file of pages whose address names its version."""
    if not request.url.path.startswith("/static/"):
        return "no-store"
    return "public, max-age=31536000, immutable" if "v" in request.query_params else "no-cache"


async def _whole(request: Request) -> Receive:
    """Reads the body, bounded and checked, and gives it again to who asks next."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_BYTES:
            raise BodyTooBig("body_too_big", most=BODY_BYTES)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if body and (kind.endswith(("/json", "+json"))):
        _check_json(bytes(body))
    elif b"\0" in body or (kind == "application/x-www-form-urlencoded" and b"%00" in body):
        raise BadRequest("bad_request")
    original, given = request.receive, False

    async def again() -> Message:
        nonlocal given
        if given:
            return await original()
        given = True
        return {"type": "http.request", "body": bytes(body), "more_body": False}

    return again


def _check_json(body: bytes) -> None:
    """What a strict reader takes: UTF-8, no NaN, no half characters, no NUL, no abyss. Raises BadRequest."""
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=_refuse)
        written = json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise BadRequest("bad_json") from error
    if b"\\u0000" in written or _depth(value) > JSON_DEPTH:
        raise BadRequest("bad_json")


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _depth(value: object) -> int:
    """Levels of lists and objects, counted level by level up to one too many."""
    depth, level = 0, [value]
    while level and depth <= JSON_DEPTH:
        inner = [v.values() if isinstance(v, dict) else v for v in level if isinstance(v, (dict, list))]
        depth += bool(inner)
        level = [below for values in inner for below in values if isinstance(below, (dict, list))]
    return depth


def _tell(request: Request, error: Exception) -> None:
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "?"
    LOG.error(
        "defect kind=%s where=%s method=%s request=%s",
        type(error).__name__,
        where,
        request.method,
        request.state.request_id,
    )
