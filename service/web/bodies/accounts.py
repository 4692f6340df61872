"""Bodies of signing in, sessions, tokens and accounts."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from service.web.bodies.fields import Email, Locale, Name, Password, Secret, ShortName, TimeZone

Role = Literal["admin", "hr", "member"]
Scope = Literal["read", "upload", "write", "admin"]


class Body(BaseModel):
    """What is sent: nothing that the document does not name."""

    model_config = ConfigDict(extra="forbid")


class View(BaseModel):
    """What is answered."""

    model_config = ConfigDict(from_attributes=True)


class SetupNeeded(View):
    """Whether there is no account yet."""

    needed: bool


class Setup(Body):
    """The first organisation and its administrator. `code`: from the file setup-code in the data folder."""

    code: Annotated[str, Field(max_length=100)]
    organisation: Name
    name: Name
    email: Email
    password: Password
    locale: Locale = "en"
    time_zone: TimeZone = "UTC"


class SignIn(Body):
    """An address and its password."""

    email: Email
    password: Password


class SignedIn(View):
    """`csrf`: to be sent as X-CSRF-Token with every request of this session that changes something."""

    csrf: str


class SessionView(View):
    """A browser that is signed in; `current`: this one."""

    id: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    current: bool = False


class SessionList(View):
    """One's own sessions, the newest first."""

    items: list[SessionView]


class PasswordChange(Body):
    """The password until now, and the one from now on."""

    current: Password
    new: Password


class PasswordByLink(Body):
    """The secret of a one-time link, what it is for, and the password from now on."""

    secret: Secret
    purpose: Literal["join", "reset"]
    password: Password


class PasswordForgotten(Body):
    """Where the link goes, if an account has this address."""

    email: Email


class NewToken(Body):
    """A token for a script: what it may do at most, and for how many days."""

    name: Annotated[ShortName, Field(min_length=1)]
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=4)]
    days: Annotated[int, Field(ge=1, le=365)] = 90


class TokenView(View):
    """A token without its secret."""

    id: str
    name: str
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None


class TokenMade(TokenView):
    """A new token; `token` is shown this once."""

    token: str


class TokenList(View):
    """One's own tokens, the newest first."""

    items: list[TokenView]


class NewAccount(Body):
    """The address that signs in, and what the person is besides a member."""

    email: Email
    roles: Annotated[list[Role], Field(max_length=3)] = []


class AccountChange(Body):
    """Roles as a whole; whether the account is switched on. What is left out stays."""

    roles: Annotated[list[Role], Field(max_length=3)] | None = None
    active: bool | None = None


class AccountView(View):
    """An account, for administrators."""

    id: str
    person_id: str
    email: str
    roles: list[Role]
    active: bool
    locked_until: datetime | None
    created_at: datetime


class FeedMade(View):
    """The address for a calendar program; it is shown this once."""

    address: str


class FeedView(View):
    """When the address was made and last fetched; null where there is none, or it was not yet."""

    created_at: datetime | None = None
    used_at: datetime | None = None
