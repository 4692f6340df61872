"""People and their accounts, and oneself."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from service.usecases import accounts, import_people, people
from service.usecases.fingerprint import fingerprint
from service.web.bodies.accounts import AccountChange, AccountView, NewAccount
from service.web.bodies.fields import Id, IdPath
from service.web.bodies.people import (
    ImportedBody,
    Me,
    NewPerson,
    OwnChange,
    OwnRecord,
    PersonChange,
    PersonPage,
    PersonRecord,
    PersonView,
)
from service.web.deps import ActorDep, CookiesDep, RapportDep, SeenDep, etag

router = APIRouter(prefix="/api/v1", tags=["people"])


@router.get("/me", operation_id="who_am_i")
def me(request: Request, rapport: RapportDep, actor: ActorDep, cookies: CookiesDep) -> Me:
    """Oneself, and what a page of this session has to send with changes."""
    person, _ = people.read_oneself(rapport, actor)
    secret = cookies.secret(request) if actor.via == "session" else None
    return Me(
        person=OwnRecord.model_validate(person),
        organisation_id=actor.organisation_id,
        roles=sorted(actor.roles),  # type: ignore[arg-type]
        scopes=None if actor.scopes is None else sorted(actor.scopes),
        csrf=cookies.page_token(secret) if secret else None,
    )


@router.patch("/me", operation_id="change_oneself")
def change_me(rapport: RapportDep, actor: ActorDep, body: OwnChange) -> OwnRecord:
    """Changes one's language, time zone, aliases, or whether one's manager sees one's skill radar."""
    return OwnRecord.model_validate(
        people.change_oneself(rapport, actor, body.model_dump(exclude_unset=True))
    )


@router.get("/people", operation_id="list_people")
def listed(
    rapport: RapportDep,
    actor: ActorDep,
    q: Annotated[str, Query(max_length=100)] = "",
    after: Annotated[str | None, Query(max_length=3000)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    unit: Annotated[Id | None, Query()] = None,
) -> PersonPage:
    """People of the organisation in order of their names; `q`: part of a name, alias or its pinyin; `unit`:
    only those in it.
    """
    found, following = people.list_people(rapport, actor, q, after, limit, unit)
    return PersonPage(items=[PersonView.model_validate(row) for row in found], next=following)


@router.post("/people", status_code=201, operation_id="add_person")
def add(rapport: RapportDep, actor: ActorDep, body: NewPerson) -> PersonRecord:
    """Adds somebody, without an account."""
    return PersonRecord.model_validate(people.add_person(rapport, actor, body.model_dump()))


@router.post(
    "/people/import",
    operation_id="import_people",
    openapi_extra={
        "requestBody": {"required": True, "content": {"text/csv": {"schema": {"type": "string"}}}}
    },
)
async def import_table(
    request: Request, rapport: RapportDep, actor: ActorDep, preview: bool = False
) -> ImportedBody:
    """Adds and changes people from a CSV table with the headings name, e-mail, aliases, language, time zone,
    unit (a path such as "Sales / North"); `preview`: tells only what would happen.
    """
    content = await request.body()
    found = await run_in_threadpool(import_people.import_people, rapport, actor, content, preview=preview)
    return ImportedBody.model_validate(found)


@router.get("/people/{person_id}", operation_id="read_person")
def one(
    rapport: RapportDep, actor: ActorDep, response: Response, person_id: IdPath
) -> PersonRecord | PersonView:
    """One person; with the address for administrators and for oneself."""
    row = people.read_person(rapport, actor, person_id)
    response.headers["ETag"] = etag(fingerprint(row))
    whole = "admin" in actor.roles or actor.person_id == person_id
    return PersonRecord.model_validate(row) if whole else PersonView.model_validate(row)


@router.patch("/people/{person_id}", operation_id="change_person")
def change(
    rapport: RapportDep, actor: ActorDep, seen: SeenDep, person_id: IdPath, body: PersonChange
) -> PersonRecord:
    """Changes what is given."""
    values = body.model_dump(exclude_unset=True)
    return PersonRecord.model_validate(people.change_person(rapport, actor, person_id, values, seen))


@router.get("/people/{person_id}/account", operation_id="read_account")
def account(rapport: RapportDep, actor: ActorDep, response: Response, person_id: IdPath) -> AccountView:
    """The account of a person, for administrators."""
    row = accounts.read_account(rapport, actor, person_id)
    response.headers["ETag"] = etag(fingerprint(row))
    return AccountView.model_validate(row)


@router.post("/people/{person_id}/account", status_code=201, operation_id="open_account")
def open_one(rapport: RapportDep, actor: ActorDep, person_id: IdPath, body: NewAccount) -> AccountView:
    """Opens an account; the person gets a link by mail to set a password."""
    opened = accounts.open_account(rapport, actor, person_id, body.email, body.roles)
    return AccountView.model_validate(opened)


@router.patch("/people/{person_id}/account", operation_id="change_account")
def change_one(
    rapport: RapportDep, actor: ActorDep, seen: SeenDep, person_id: IdPath, body: AccountChange
) -> AccountView:
    """Gives or takes roles, switches the account on or off: at once, and not for oneself."""
    changed = accounts.change_account(rapport, actor, person_id, body.roles, body.active, seen)
    return AccountView.model_validate(changed)
