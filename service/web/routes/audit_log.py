"""The audit log, for administrators."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BeforeValidator

from service.usecases import audit_log, audit_search
from service.usecases.audit_search import Wanted
from service.web.bodies.audit_log import AuditChecked, AuditLine, AuditPage
from service.web.deps import ActorDep, RapportDep

router = APIRouter(prefix="/api/v1/audit-log", tags=["audit log"])
Code = Annotated[str, Query(max_length=64, pattern="^[a-z0-9_.:+-]*$")]
Day = Annotated[
    date | None,
    BeforeValidator(lambda text: text or None),  # a form of a page sends fields that were left empty
    Query(ge=date(1970, 1, 1), le=date(2999, 12, 31)),
]
Sequence = Annotated[int | None, Query(ge=1, le=2**53)]


def wanted(
    who: Annotated[str, Query(max_length=100)] = "",
    action: Code = "",
    object_kind: Code = "",
    object_id: Code = "",
    from_day: Day = None,
    until_day: Day = None,
) -> Wanted:
    """What the address asks for."""
    return Wanted(who, action, object_kind, object_id, from_day, until_day)


WantedDep = Annotated[Wanted, Depends(wanted)]


@router.get("", operation_id="search_audit_log")
def search(
    rapport: RapportDep,
    actor: ActorDep,
    found: WantedDep,
    before: Sequence = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> AuditPage:
    """Entries, the newest first. `who`: an id or part of a name, of somebody who did it or to whom it was
    done; days: in your time zone.
    """
    lines, following = audit_search.search_audit(rapport, actor, found, before, limit)
    return AuditPage(items=[AuditLine.model_validate(one) for one in lines], next=following)


@router.get("/export", operation_id="export_audit_log", response_class=Response)
def export(rapport: RapportDep, actor: ActorDep, found: WantedDep) -> Response:
    """The same as CSV, whole; at most 50,000 entries. That you exported it is an entry of the log."""
    content = audit_search.export_audit(rapport, actor, found)
    headers = {"Content-Disposition": 'attachment; filename="audit-log.csv"'}
    return Response(content, media_type="text/csv", headers=headers)


@router.get("/check", operation_id="check_audit_log")
def check(rapport: RapportDep, actor: ActorDep) -> AuditChecked:
    """Whether every entry is as it was written, by the chain of keyed hashes and the heads kept elsewhere."""
    return AuditChecked.model_validate(audit_log.check_chain(rapport, actor))
