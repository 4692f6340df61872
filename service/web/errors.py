"""Every error as a problem document (RFC 9457): by its class a status, by its key a code and a sentence.

WebError (a Refused)
├── BadRequest       the request is malformed
├── WrongHost        another host name than the one of the service
├── CrossSite        from another site, or without the security token of the session
├── NotForThisPath   method or form that the address does not take
├── HeadersTooBig    too many or too long headers
└── VersionMissing   an edit without If-Match
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from urllib.parse import urlencode

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from models.errors import CatalogueProblems, EnvironmentProblem, UnusableInput, UnusableTable
from models.wording import WordedError, Wording
from service.domain import errors as domain
from service.errors import Broken, NotFound, NotSignedIn, Refused, TooBig, TooMany, WrongUsage
from service.storage import errors as storage
from service.usecases import meeting_errors as meetings
from service.web.language import language_of
from service.web.templating import render

PROBLEM_JSON = "application/problem+json"
WORDS = Wording.beside(__file__, "errors.toml")
TOLD_FIELDS = 10
_FIELD = re.compile(r"[A-Za-z0-9_-]{1,64}")


class WebError(Refused):
    """A refusal that only the web knows."""

    wording = WORDS


class BadRequest(WebError):
    """The request is malformed."""


class WrongHost(WebError):
    """A host name that is not the service's."""


class CrossSite(WebError):
    """Sent by another site, or without the security token of the session."""


class NotForThisPath(WebError):
    """A method or a form of content that the address does not take."""


class HeadersTooBig(WebError):
    """Too many or too long headers."""


class VersionMissing(WebError):
    """An edit that does not say which version it is for."""


STATUS: Mapping[type[WordedError], int] = MappingProxyType(
    {
        BadRequest: 400,
        NotSignedIn: 401,
        CrossSite: 403,
        domain.NotAllowed: 403,
        NotFound: 404,
        NotForThisPath: 405,
        Refused: 409,
        storage.Erased: 410,
        meetings.UploadOver: 410,
        domain.VersionChanged: 412,
        storage.TooLarge: 413,
        TooBig: 413,
        meetings.UnknownSound: 415,
        WrongHost: 421,
        domain.NotValid: 422,
        UnusableInput: 422,
        WrongUsage: 422,
        VersionMissing: 428,
        TooMany: 429,
        HeadersTooBig: 431,
        meetings.WrongChecksum: 460,  # tus 1.0, extension checksum
        Broken: 503,
        EnvironmentProblem: 503,
    }
)
"""By class; a subclass has the status of the nearest class above it."""

_OF_STATUS: Mapping[int, str] = MappingProxyType(
    {404: "not_found", 405: "method_not_allowed", 406: "not_acceptable", 413: "body_too_big"}
    | {415: "unsupported_media_type", 503: "no_service"}
)


def status_of(error: WordedError) -> int:
    """The status of an error."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def answer(request: Request, error: WordedError) -> Response:
    """The problem document of one of our errors. What broke inside is not told: it names paths and parts."""
    if isinstance(error, NotSignedIn) and _is_page(request):
        return RedirectResponse(f"/sign-in?{urlencode({'next': request.url.path})}", 303)
    status, language = status_of(error), language_of(request)
    if isinstance(error, storage.Erased):
        detail = WORDS.say("gone", language)
    elif status >= 500:
        detail = WORDS.say("no_service", language)
    else:
        detail = error.line(language)
    places: list[str] = []
    if isinstance(error, CatalogueProblems | UnusableTable):
        detail, *places = error.lines(language)
    return problem(request, status, error.key, detail, _headers(error), problems=places)


def problem(
    request: Request,
    status: int,
    key: str,
    detail: str,
    headers: Mapping[str, str] | None = None,
    fields: list[dict[str, str]] | None = None,
    problems: Sequence[str] = (),
) -> Response:
    """A problem document; `instance` is the id of the request, which the log has too. Browsers get a page."""
    language = language_of(request)
    title = f"title_{status}" if f"title_{status}" in WORDS.table else "title_other"
    if _is_page(request):
        said = {"title": WORDS.say(title, language), "detail": detail}
        page = render(request, "problem.html", status, visitor=None, **said)
        page.headers.update(headers or {})
        return page
    content: dict[str, object] = {
        "type": f"urn:rapport:problem:{key}",
        "title": WORDS.say(title, language),
        "status": status,
        "detail": detail,
        "code": key,
        "instance": f"urn:uuid:{request.state.request_id}",
    }
    if problems:
        content["problems"] = list(problems)
    if fields:
        content["fields"] = fields
    said = {**(headers or {}), "Content-Language": language}
    return JSONResponse(content, status, said, media_type=PROBLEM_JSON)


def worded(request: Request, error: Exception) -> Response:
    """Handler of our own errors."""
    if not isinstance(error, WordedError):
        raise TypeError("not an error with words")
    return answer(request, error)


def invalid(request: Request, error: Exception) -> Response:
    """Handler of values that do not fit the document of the API. Says where and why, never what was sent."""
    found = error.errors() if isinstance(error, RequestValidationError) else []
    fields = [{"at": _place(one["loc"]), "code": str(one["type"])} for one in found[:TOLD_FIELDS]]
    names = ", ".join(dict.fromkeys(field["at"] for field in fields))
    detail = WORDS.say("not_valid", language_of(request), fields=names)
    return problem(request, 422, "not_valid", detail, fields=fields)


def _place(names: Sequence[object]) -> str:
    """Where a value is; a name that no field of ours could have is the sender's, and is not sent back."""
    return ".".join(name if _FIELD.fullmatch(name) else "?" for name in map(str, names))


def refused(request: Request, error: Exception) -> Response:
    """Handler of the framework's own refusals: unknown addresses, wrong methods."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    key = _OF_STATUS.get(status, "bad_request")
    headers = error.headers if isinstance(error, HTTPException) else None
    if key == "not_found":
        detail = NotFound(key).line(language_of(request))
    else:
        detail = WORDS.say(key, language_of(request), method=request.method, most="1048576")
    return problem(request, status, key, detail, headers)


def _is_page(request: Request) -> bool:
    """Whether a browser asks for a page, not a script or program for the API."""
    wants = request.headers.get("accept", "")
    return "text/html" in wants and not request.url.path.startswith(("/api/", "/static/"))


def _headers(error: WordedError) -> dict[str, str]:
    if isinstance(error, NotSignedIn):
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(error, TooMany) or status_of(error) == 503:
        return {"Retry-After": str(error.values.get("seconds", 60))}
    return {}
