"""Webhooks, signed as Standard Webhooks 1.0 describes (HMAC-SHA256 over "id.timestamp.body").

An address on this machine or a private network is refused, redirects are not followed, and the request goes
to the very address that was checked, so that a name cannot point elsewhere a moment later.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from service.errors import Broken, WrongUsage

if TYPE_CHECKING:
    import httpx

TIMEOUT_S = 10.0
LONGEST_S = 30.0
"""Of a whole delivery: an answer that comes letter by letter keeps all other messages waiting."""

MAX_URL = 2000
GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
"""All that IANA has given out; the rest was, or may be, for networks of a house."""

NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
Resolve = Callable[[str, int], list[str]]
Allowed = Callable[[str], bool]


class WebhookRefused(WrongUsage):
    """An address that cannot be a webhook."""


class WebhookFailed(Broken):
    """The receiver did not take it (a retry can help)."""

    retry_can_help = True


def resolve(host: str, port: int) -> list[str]:
    """The IP addresses of a host."""
    return list(
        dict.fromkeys(str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    )


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and (inner := _inside(ip)) is not None:
        return inner.is_global and not inner.is_multicast
    return ip.is_global and not ip.is_multicast and (ip.version == 4 or ip in GLOBAL_UNICAST)


def _inside(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for: mapped, 6to4 or NAT64 (RFC 6052)."""
    if ip in NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour


def check(url: str, *, plain: bool = False) -> httpx.URL:
    """The address, if it has the form of one that may be told. `plain`: without TLS too, for tests.

    Raises WebhookRefused for another scheme, a user name, a fragment or a port that is none.
    """
    import httpx  # noqa: PLC0415 - a start need not wait for it

    try:
        parsed = httpx.URL(url)
        schemes = {"https", "http"} if plain else {"https"}
        good = len(str(parsed)) <= MAX_URL and parsed.scheme in schemes and bool(parsed.host)
        good = good and not parsed.userinfo and not parsed.fragment
        good = good and (parsed.port is None or 0 < parsed.port < 2**16)
    except (httpx.InvalidURL, ValueError, TypeError):
        good = False
    if not good:
        raise WebhookRefused("webhook_address")
    return parsed


def signature(secret: bytes, message_id: str, at: datetime, body: bytes) -> str:
    """The value of the header `webhook-signature`."""
    signed = f"{message_id}.{int(at.timestamp())}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()


class Webhooks:
    """Sends. `find` and `allowed` decide which addresses are reached; tests allow this machine."""

    def __init__(
        self,
        find: Resolve = resolve,
        allowed: Allowed = is_public,
        *,
        plain: bool = False,
        longest_s: float = LONGEST_S,
    ) -> None:
        self._find = find
        self._allowed = allowed
        self._plain = plain
        self._longest_s = longest_s

    def send(
        self, url: str, secret: bytes, message_id: str, at: datetime, values: Mapping[str, object]
    ) -> None:
        """One delivery: ids, state and time. Raises WebhookRefused, WebhookFailed."""
        import httpx  # noqa: PLC0415 - as above

        target = check(url, plain=self._plain)
        body = json.dumps(dict(values), separators=(",", ":"), sort_keys=True).encode()
        headers = {
            "content-type": "application/json",
            "host": target.netloc.decode("ascii"),
            "webhook-id": message_id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": signature(secret, message_id, at, body),
        }
        pinned = target.copy_with(host=self._address(target))
        try:
            with (
                httpx.Client(timeout=TIMEOUT_S, follow_redirects=False, trust_env=False) as client,
                _after(self._longest_s, client.close),
            ):
                request = client.build_request("POST", pinned, content=body, headers=headers)
                request.extensions["sni_hostname"] = target.host
                answer = client.send(request, stream=True)  # the body of the answer is of no interest
                answer.close()
        except httpx.HTTPError as error:
            raise WebhookFailed("webhook_failed", what=type(error).__name__) from None
        if not answer.is_success:
            raise WebhookFailed("webhook_failed", what=str(answer.status_code))

    def _address(self, target: httpx.URL) -> str:
        port = target.port or (443 if target.scheme == "https" else 80)
        try:
            found = self._find(target.host, port)
        except (OSError, UnicodeError):
            raise WebhookFailed("webhook_failed", what="name") from None
        # One private address among public ones is how such a check is got round: all must be allowed.
        if not found or not all(self._allowed(address) for address in found):
            raise WebhookRefused("webhook_address")
        return found[0]


@contextmanager
def _after(seconds: float, act: Callable[[], None]) -> Iterator[None]:
    """Does it if what is inside takes longer."""
    timer = threading.Timer(seconds, act)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
