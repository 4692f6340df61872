"""Schemathesis draws requests from the OpenAPI document: no answer is a 5xx, none breaks the document.

RAPPORT_TEST_EXAMPLES draws more of them for each route.
"""

from __future__ import annotations

import itertools
import os
import shutil

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.python import asgi
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from service.web.app import bare_app
from tests.security.town import ALL_SCOPES, BASE, add_states, add_token, build_town
from tests.service.conftest import Clock
from tests.service.recording_queue import RecordingQueue

EXAMPLES = int(os.environ.get("RAPPORT_TEST_EXAMPLES", "6"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@schemathesis.serializer("application/offset+octet-stream")
def offset_stream(context, value):
    """Bytes as they are."""
    return value


WHO = ("lead", "admin", "nobody")
NUMBERS = itertools.count()
SCHEMA = schemathesis.openapi.from_dict(bare_app().openapi())
OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations()]


@pytest.fixture(scope="module")
def town(tmp_path_factory, migrated_sqlite):
    data = tmp_path_factory.mktemp("api") / "data"
    data.mkdir()
    shutil.copy(migrated_sqlite, data / "rapport.db")
    clock = Clock()
    town = build_town(data, f"sqlite:///{data / 'rapport.db'}", clock, RecordingQueue())
    add_states(town, clock)
    for who in ("admin", "lead"):
        # A token outlives every way of signing out that is drawn.
        town.headers[who] = add_token(town, who, ALL_SCOPES)
    yield town
    town.client.close()
    town.rapport.database.close()


@pytest.fixture(scope="module")
def session(town):
    with asgi.get_client(town.client.app) as client:
        yield client


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda found: found.label)
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(data=st.data())
def test_no_answer_breaks_the_document(operation, town, session, data):
    case = data.draw(operation.as_strategy())
    number = next(NUMBERS)
    if "meeting_id" in case.path_parameters and number % 4:
        meetings = list(town.meetings.values())
        case.path_parameters["meeting_id"] = meetings[number % len(meetings)]
    headers = dict(town.headers.get(WHO[number % len(WHO)], {}))
    if number % 5:
        headers["if-match"] = '"1"'
    case.call_and_validate(
        base_url=BASE, session=session, app=town.client.app, checks=CHECKS, headers=headers
    )
