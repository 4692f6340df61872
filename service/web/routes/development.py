"""A person's development: the plan, and what is known of them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from service.usecases import development_plan, profile
from service.usecases.development_plan import Format
from service.web.bodies.development import MeetingPlanBody, PersonPlan, ProfileBody, ProfileChange
from service.web.bodies.fields import IdPath
from service.web.deps import ActorDep, RapportDep, SeenDep, etag

router = APIRouter(prefix="/api/v1/people", tags=["development"])


@router.get("/{person_id}/plan", operation_id="read_plan")
def plan(rapport: RapportDep, actor: ActorDep, person_id: IdPath) -> PersonPlan:
    """The plan of a person over all confirmed minutes that you may read, with the state of each step."""
    found = development_plan.read_plan(rapport, actor, person_id)
    return PersonPlan(items=[MeetingPlanBody.of(one) for one in found])


@router.get("/{person_id}/plan/export", operation_id="export_plan", response_class=Response)
def export(
    rapport: RapportDep,
    actor: ActorDep,
    person_id: IdPath,
    form: Annotated[Format, Query(alias="format")] = "md",
) -> Response:
    """The same as a file."""
    file = development_plan.export_plan(rapport, actor, person_id, form)
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"'}
    return Response(file.content, media_type=file.media_type, headers=headers)


@router.get("/{person_id}/profile", operation_id="read_profile")
def known(rapport: RapportDep, actor: ActorDep, response: Response, person_id: IdPath) -> ProfileBody:
    """Ratings, expectations, interest, budget and history: for oneself and for the manager of today."""
    found = profile.read_profile(rapport, actor, person_id)
    response.headers["ETag"] = etag(found.version)
    return ProfileBody(profile=found.profile)


@router.patch("/{person_id}/profile", operation_id="change_profile")
def change(
    rapport: RapportDep,
    actor: ActorDep,
    seen: SeenDep,
    response: Response,
    person_id: IdPath,
    body: ProfileChange,
) -> ProfileBody:
    """Changes what is given: the person their part, the manager of today the other one."""
    values = body.model_dump(mode="json", exclude_unset=True)
    found = profile.change_profile(rapport, actor, person_id, values, seen)
    response.headers["ETag"] = etag(found.version)
    return ProfileBody(profile=found.profile)


@router.delete("/{person_id}/profile", status_code=204, operation_id="forget_profile")
def forget(rapport: RapportDep, actor: ActorDep, person_id: IdPath) -> Response:
    """Destroys your own profile for good."""
    profile.forget_profile(rapport, actor, person_id)
    return Response(status_code=204)
