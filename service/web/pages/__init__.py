"""Pages, one area a file. They only read: every change goes through the API, from the page's own scripts."""

from __future__ import annotations

from fastapi import APIRouter

from service.web.pages.action_items import router as action_items
from service.web.pages.administration import ROUTERS as ADMINISTRATION
from service.web.pages.home import router as home
from service.web.pages.me import router as me
from service.web.pages.meeting import router as meeting
from service.web.pages.meetings import router as meetings
from service.web.pages.minutes import router as minutes
from service.web.pages.person import router as person
from service.web.pages.review import router as review
from service.web.pages.signing_in import router as signing_in
from service.web.pages.team import router as team
from service.web.pages.transcript import router as transcript

ROUTERS: tuple[APIRouter, ...] = (
    signing_in,
    home,
    meetings,
    review,
    transcript,
    minutes,
    action_items,
    me,
    meeting,
    team,
    person,
    *ADMINISTRATION,
)
