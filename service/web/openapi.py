"""The OpenAPI document: errors as problem documents, and how one signs in."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from service.web.errors import PROBLEM_JSON

_SCHEMA = {"$ref": "#/components/schemas/Problem"}
_EXAMPLE: JsonDict = {
    "type": "urn:rapport:problem:not_found",
    "title": "Not found",
    "status": 404,
    "detail": "There is no such thing here, or it is not yours to see. Check the address.",
    "code": "not_found",
    "instance": "urn:uuid:01972f8e-7c6b-7cc3-98c4-dc0c0c07398f",
}


class InvalidField(BaseModel):
    """A value that cannot be taken: where, and a code that says why."""

    at: str
    code: str


class Problem(BaseModel):
    """A problem document (RFC 9457). `detail` is for people, `code` for programs.

    `problems`: what is wrong in a file, place by place.
    """

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    type: str
    title: str
    status: int
    detail: str
    code: str
    instance: str
    fields: list[InvalidField] = Field(default_factory=list)
    problems: list[str] = Field(default_factory=list)


def _refusal(description: str) -> dict[str, Any]:
    return {"description": description, "content": {PROBLEM_JSON: {"schema": _SCHEMA}}}


RESPONSES: dict[int | str, dict[str, Any]] = {
    "4XX": _refusal("Refused: what happened and what to do."),
    "5XX": _refusal("Broken or not available; `instance` leads to the log."),
}


def document(app: FastAPI) -> dict[str, Any]:
    """The document, made once."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes
        )
        components = made.setdefault("components", {})
        problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        components.setdefault("schemas", {}).update(problem.pop("$defs"), Problem=problem)
        components["securitySchemes"] = {
            "session": {"type": "apiKey", "in": "cookie", "name": "rapport"},
            "token": {"type": "http", "scheme": "bearer"},
        }
        made["security"] = [{"session": []}, {"token": []}]
        app.openapi_schema = made
    return app.openapi_schema
