"""The session cookie and the token that shows a request came from our own page."""

from __future__ import annotations

import hashlib
import hmac

from fastapi import Request, Response
from itsdangerous import BadData, BadSignature, Signer, URLSafeTimedSerializer

from service.storage.master import MasterKey
from service.usecases.identify import LONGEST

REMEMBERED_S = 600
"""How long somebody may take at the provider of single sign-on (seconds)."""


class Cookies:
    """Signed with keys derived from the master key. Http-only, same-site, and by HTTPS alone where there is.

    With HTTPS its name has the prefix __Host-, so that no other host of the domain can plant one.
    """

    def __init__(self, master: MasterKey, *, secure: bool) -> None:
        self.name = "__Host-rapport" if secure else "rapport"
        self._secure = secure
        self._session = Signer(master.derive("session-cookie"), salt="session", digest_method=hashlib.sha256)
        self._page = Signer(master.derive("csrf-token"), salt="page", digest_method=hashlib.sha256)

        self._away = self.name + "-away"
        self._trip = URLSafeTimedSerializer(master.derive("single-sign-on"), salt="away")

    def secret(self, request: Request) -> str | None:
        """The secret of the session in the browser's cookie; None where there is none that we signed."""
        try:
            return self._session.unsign(request.cookies.get(self.name, "")).decode()
        except BadSignature:
            return None

    def keep(self, response: Response, secret: str) -> None:
        """Gives the browser its session."""
        value = self._session.sign(secret).decode()
        response.set_cookie(
            self.name,
            value,
            max_age=int(LONGEST.total_seconds()),
            httponly=True,
            samesite="lax",
            secure=self._secure,
        )

    def drop(self, response: Response) -> None:
        """Takes it away."""
        response.delete_cookie(self.name, httponly=True, samesite="lax", secure=self._secure)

    def page_token(self, secret: str) -> str:
        """What a page of this session sends as X-CSRF-Token."""
        return self._page.get_signature(secret).decode()

    def is_page_token(self, secret: str, token: str) -> bool:
        """Whether the token belongs to this session."""
        return hmac.compare_digest(self.page_token(secret).encode(), token.encode())

    def remember(self, response: Response, values: dict[str, str]) -> None:
        """Gives the browser what it has to bring back from the provider of single sign-on."""
        response.set_cookie(
            self._away,
            self._trip.dumps(values),
            max_age=REMEMBERED_S,
            httponly=True,
            samesite="lax",
            secure=self._secure,
        )

    def remembered(self, request: Request) -> dict[str, str] | None:
        """What it brought back; None where it is not ours, or too old."""
        try:
            found: dict[str, str] = self._trip.loads(request.cookies.get(self._away, ""), REMEMBERED_S)
        except BadData:
            return None
        return found

    def forget(self, response: Response) -> None:
        """Takes that away."""
        response.delete_cookie(self._away, httponly=True, samesite="lax", secure=self._secure)
