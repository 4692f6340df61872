"""The calendar of one's own action items, fetched by a calendar program with a secret address."""

from __future__ import annotations

import hashlib
from typing import Annotated

from fastapi import APIRouter, Header, Path, Response

from service.usecases import calendar_feed
from service.web.bodies.accounts import FeedMade, FeedView
from service.web.deps import ActorDep, RapportDep, etag

router = APIRouter(prefix="/api/v1", tags=["calendars"])

SecretPath = Annotated[str, Path(pattern="^[A-Za-z0-9_-]{43}$")]


@router.post("/me/calendar", status_code=201, operation_id="make_calendar")
def make(rapport: RapportDep, actor: ActorDep) -> FeedMade:
    """A new secret address of your action items for a calendar program; an older one works no more."""
    secret = calendar_feed.make_feed(rapport, actor)
    return FeedMade(address=f"{rapport.hosting.base_url}/api/v1/calendars/{secret}.ics")


@router.get("/me/calendar", operation_id="find_calendar")
def find(rapport: RapportDep, actor: ActorDep) -> FeedView:
    """Whether there is such an address, and when it was last fetched."""
    row = calendar_feed.find_feed(rapport, actor)
    return FeedView() if row is None else FeedView.model_validate(row)


@router.delete("/me/calendar", status_code=204, operation_id="end_calendar")
def end(rapport: RapportDep, actor: ActorDep) -> None:
    """Ends the address at once."""
    calendar_feed.end_feed(rapport, actor)


@router.get("/calendars/{secret}.ics", operation_id="read_calendar", response_class=Response)
def read(
    rapport: RapportDep, secret: SecretPath, if_none_match: Annotated[str, Header(max_length=200)] = ""
) -> Response:
    """Your action items that have a day and are still to do (iCalendar). The address is the secret."""
    content = calendar_feed.read_feed(rapport, secret)
    headers = {"ETag": etag(hashlib.sha256(content).hexdigest()[:32])}
    if headers["ETag"] in if_none_match:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type="text/calendar; charset=utf-8", headers=headers)
