"""Single sign-on by OpenID Connect 1.0: authorization code with PKCE (RFC 7636), state and nonce.

Every request goes to the host of the configured issuer and nowhere else, whatever its documents say.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self, cast

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization

from service.domain.account_errors import AccountNotValid, ProviderUnavailable, SignInFailed
from service.domain.provider_claims import ProviderClaims
from service.hosting import CALLBACK, Hosting

SCOPE = "openid email profile"
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
"""Signatures with a public key only: no "none", no shared secret."""

TIMEOUT_S = 10.0
ANSWER_BYTES = 1024 * 1024
LEEWAY_S = 60
_LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the browser keeps, signed, between leaving for the provider and coming back."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def new(cls) -> Self:
        """Fresh random values."""
        return cls(*(secrets.token_urlsafe(32) for _ in range(3)))


class SingleSignOn:
    """The provider that the operator set. Raises AccountNotValid where there is none, or not by HTTPS."""

    def __init__(self, hosting: Hosting, transport: httpx2.BaseTransport | None = None) -> None:
        if not hosting.oidc_issuer or not hosting.oidc_client:
            raise AccountNotValid("no_sso")
        issuer = httpx2.URL(hosting.oidc_issuer)
        if issuer.scheme != "https" and issuer.host not in _LOCAL:
            raise AccountNotValid("no_sso")
        self._issuer = hosting.oidc_issuer
        self._transport = _IssuerOnly(issuer, transport or httpx2.HTTPTransport(retries=1))
        self._client = OAuth2Client(
            hosting.oidc_client,
            hosting.oidc_secret,
            token_endpoint_auth_method="client_secret_basic" if hosting.oidc_secret else "none",
            scope=SCOPE,
            redirect_uri=hosting.base_url + CALLBACK,
            code_challenge_method="S256",
            transport=self._transport,
            timeout=TIMEOUT_S,
            follow_redirects=False,
            headers={"Accept-Encoding": "identity"},
            trust_env=False,
        )

    def close(self) -> None:
        """Gives the connections back."""
        self._client.close()

    def begin(self) -> tuple[str, dict[str, str]]:
        """Where the browser goes to sign in, and what it has to bring back. Raises ProviderUnavailable."""
        remembered = Remembered.new()
        endpoint = self._endpoint(self._described(), "authorization_endpoint")
        url, _ = self._client.create_authorization_url(
            endpoint, state=remembered.state, code_verifier=remembered.verifier, nonce=remembered.nonce
        )
        return str(url), asdict(remembered)

    def claims(self, brought: Mapping[str, str], query: Mapping[str, str]) -> ProviderClaims:
        """Who came back, from a verified ID token. Raises SignInFailed, ProviderUnavailable."""
        remembered = Remembered(**brought)
        code, issuer = query.get("code"), query.get("iss", self._issuer)
        same = hmac.compare_digest(query.get("state", "").encode(), remembered.state.encode())
        if not code or not same or issuer != self._issuer:
            raise SignInFailed("sso_failed")
        described = self._described()
        try:
            token = self._client.fetch_token(
                self._endpoint(described, "token_endpoint"), code=code, code_verifier=remembered.verifier
            )
            claims = self._verified(described, token, remembered.nonce)
        except (AuthlibBaseError, JoseError, ValueError, TypeError, KeyError) as error:
            raise SignInFailed("sso_failed") from error
        except httpx2.HTTPError as error:
            raise ProviderUnavailable("sso_unreachable") from error
        return _read(claims)

    def _verified(self, described: dict[str, Any], token: dict[str, Any], nonce: str) -> dict[str, Any]:
        keys = KeySet.import_key_set(
            cast("KeySetSerialization", self._get(self._endpoint(described, "jwks_uri")))
        )
        decoded = jwt.decode(token["id_token"], keys, algorithms=list(ALGORITHMS))
        options = {
            "iss": {"essential": True, "value": self._issuer},
            "aud": {"essential": True, "value": self._client.client_id},
        }
        known = {"nonce": nonce, "client_id": self._client.client_id, "access_token": token["access_token"]}
        claims = CodeIDToken(decoded.claims, decoded.header, options, known)
        claims.validate(leeway=LEEWAY_S)
        if "email" in claims or not described.get("userinfo_endpoint"):
            return dict(claims)
        bearer = {"Authorization": f"Bearer {token['access_token']}"}
        more = self._get(self._endpoint(described, "userinfo_endpoint"), bearer)
        if more.get("sub") != claims["sub"]:
            raise SignInFailed("sso_failed")
        return {**more, **claims}

    def _described(self) -> dict[str, Any]:
        described = self._get(self._issuer.rstrip("/") + "/.well-known/openid-configuration")
        if described.get("issuer") != self._issuer:
            raise ProviderUnavailable("sso_unreachable")
        return described

    def _endpoint(self, described: dict[str, Any], name: str) -> str:
        try:
            return str(self._transport.checked(httpx2.URL(described[name])))
        except (KeyError, TypeError, httpx2.InvalidURL) as error:
            raise ProviderUnavailable("sso_unreachable") from error

    def _get(self, url: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        try:
            answer = self._client.request("GET", url, headers=headers, withhold_token=True)
            found = json.loads(answer.content) if answer.status_code == httpx2.codes.OK else None
        except (httpx2.HTTPError, ValueError, RecursionError) as error:
            raise ProviderUnavailable("sso_unreachable") from error
        if not isinstance(found, dict):
            raise ProviderUnavailable("sso_unreachable")
        return found


class _IssuerOnly(httpx2.BaseTransport):
    """Reaches the issuer's host alone, and reads answers of a bounded size."""

    def __init__(self, issuer: httpx2.URL, inner: httpx2.BaseTransport) -> None:
        self._issuer = issuer
        self._inner = inner

    def checked(self, url: httpx2.URL) -> httpx2.URL:
        """The address. Raises ProviderUnavailable when it is not the issuer's."""
        wanted = (self._issuer.scheme, self._issuer.host, self._issuer.port)
        if (url.scheme, url.host, url.port) != wanted or url.userinfo:
            raise ProviderUnavailable("sso_unreachable")
        return url

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """One request."""
        self.checked(request.url)
        answer = self._inner.handle_request(request)
        body = bytearray()
        try:
            for piece in answer.stream:  # type: ignore[union-attr]
                body += piece
                if len(body) > ANSWER_BYTES:
                    raise ProviderUnavailable("sso_unreachable")
        finally:
            answer.close()
        if "content-encoding" in answer.headers:
            raise ProviderUnavailable("sso_unreachable")
        headers = [(k, v) for k, v in answer.headers.raw if k.lower() != b"transfer-encoding"]
        return httpx2.Response(answer.status_code, headers=headers, content=bytes(body), request=request)

    def close(self) -> None:
        """Gives the connections back."""
        self._inner.close()


def _read(claims: Mapping[str, Any]) -> ProviderClaims:
    groups = claims.get("groups")
    return ProviderClaims(
        issuer=str(claims["iss"]),
        subject=str(claims["sub"]),
        email=str(claims["email"]) if claims.get("email_verified") is True and "email" in claims else None,
        groups=frozenset(map(str, groups)) if isinstance(groups, list) else None,
    )
