"""The audit log: searched, exported, and its chain checked."""

from __future__ import annotations

from dataclasses import asdict

from fastapi import Response

from service.usecases import audit_log, audit_search
from service.web.deps import RapportDep
from service.web.pages.administration.desk import DeskDep, section
from service.web.routes.audit_log import Sequence, WantedDep
from service.web.templating import texts

router = section("/audit-log")
PAGE = 50
AREA = "audit_words"


@router.get("")
def search(desk: DeskDep, rapport: RapportDep, wanted: WantedDep, before: Sequence = None) -> Response:
    """What was found, the newest first."""
    lines, following = audit_search.search_audit(rapport, desk.actor, wanted, before, PAGE)
    words = (key.split(".") for key in texts().table)
    known = [key for area, key in words if area == AREA]
    return desk.page(
        "audit_log",
        "audit_log",
        lines=lines,
        following=following,
        wanted={name: value for name, value in asdict(wanted).items() if value},
        known=known,
    )


@router.get("/check")
def check(desk: DeskDep, rapport: RapportDep) -> Response:
    """Whether the log is as it was written."""
    return desk.page("audit_log", "audit_check", checked=audit_log.check_chain(rapport, desk.actor))
