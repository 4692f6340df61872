"""What people can know and ask about their own data; erasure, access with a second person, legal holds."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from service.usecases import erase, holds, permits, subject_access, who_looked
from service.usecases.who_looked import PAGE_MOST
from service.web.bodies.fields import Id, IdPath
from service.web.bodies.privacy import (
    AccessRequest,
    ArchiveBody,
    ErasureBody,
    ExistingBody,
    ExistingList,
    HoldBody,
    HoldList,
    HoldRequest,
    Lifted,
    LookBody,
    LookList,
    PermitBody,
)
from service.web.deps import ActorDep, RapportDep

router = APIRouter(prefix="/api/v1", tags=["privacy"])


@router.get("/privacy/looks", operation_id="who_looked")
def looks(
    rapport: RapportDep,
    actor: ActorDep,
    cursor: Annotated[Id | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=PAGE_MOST)] = 100,
) -> LookList:
    """Who looked at what about you, newest first."""
    found, following = who_looked.who_looked(rapport, actor, cursor, limit)
    return LookList(items=[LookBody.model_validate(one) for one in found], next_cursor=following)


@router.get("/privacy/data", operation_id="what_exists")
def data(rapport: RapportDep, actor: ActorDep) -> ExistingList:
    """What Rapport holds of meetings with you."""
    found = who_looked.what_exists(rapport, actor)
    return ExistingList(items=[ExistingBody.model_validate(one) for one in found])


@router.post("/privacy/archive", status_code=201, operation_id="my_data")
def archive(rapport: RapportDep, actor: ActorDep) -> ArchiveBody:
    """Everything about you in an encrypted archive; its password is shown this once."""
    return ArchiveBody.of(subject_access.my_data(rapport, actor))


@router.post("/meetings/{meeting_id}/erasure", status_code=204, operation_id="erase_meeting")
def erase_meeting(rapport: RapportDep, actor: ActorDep, meeting_id: IdPath, body: ErasureBody) -> None:
    """Erases the sound, or everything. There is no way back."""
    erase.erase(rapport, actor, meeting_id, body.what)


@router.post("/meetings/{meeting_id}/erasure-request", status_code=201, operation_id="request_erasure")
def request_erasure(rapport: RapportDep, actor: ActorDep, meeting_id: IdPath) -> PermitBody:
    """You ask that everything of a meeting with you be erased."""
    return PermitBody.model_validate(permits.request_erasure(rapport, actor, meeting_id))


@router.post("/meetings/{meeting_id}/access-requests", status_code=201, operation_id="ask_access")
def ask_access(rapport: RapportDep, actor: ActorDep, meeting_id: IdPath, body: AccessRequest) -> PermitBody:
    """HR asks to read minutes, with a reason; both sides are told and a second person has to agree."""
    return PermitBody.model_validate(permits.ask_access(rapport, actor, meeting_id, body.reason))


@router.post("/access-requests/{permit_id}/agree", operation_id="agree_access")
def agree_access(rapport: RapportDep, actor: ActorDep, permit_id: IdPath) -> PermitBody:
    """A second person of HR agrees; the first may read for seven days."""
    return PermitBody.model_validate(permits.agree_access(rapport, actor, permit_id))


@router.get("/meetings/{meeting_id}/holds", operation_id="list_holds")
def list_holds(rapport: RapportDep, actor: ActorDep, meeting_id: IdPath) -> HoldList:
    """Legal holds on a meeting, shown to both sides."""
    found = holds.holds_of(rapport, actor, meeting_id)
    return HoldList(items=[HoldBody.model_validate(one) for one in found])


@router.post("/meetings/{meeting_id}/holds", status_code=201, operation_id="ask_hold")
def ask_hold(rapport: RapportDep, actor: ActorDep, meeting_id: IdPath, body: HoldRequest) -> HoldBody:
    """HR asks that nothing of a meeting be erased; it counts once a second person agrees."""
    return HoldBody.model_validate(holds.ask_hold(rapport, actor, meeting_id, body.reason))


@router.post("/holds/{hold_id}/agree", operation_id="agree_hold")
def agree_hold(rapport: RapportDep, actor: ActorDep, hold_id: IdPath) -> HoldBody:
    """The second person agrees; both sides of the meeting are told."""
    return HoldBody.model_validate(holds.agree_hold(rapport, actor, hold_id))


@router.post("/holds/{hold_id}/lift", operation_id="lift_hold")
def lift_hold(rapport: RapportDep, actor: ActorDep, hold_id: IdPath) -> Lifted:
    """Asks to lift it, or agrees when somebody else asked."""
    return Lifted(lifted=holds.lift_hold(rapport, actor, hold_id))
