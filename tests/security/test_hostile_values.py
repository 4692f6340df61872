"""Values that broke something once, ids of other people's organisations, and requests at the same moment:
on both databases, over HTTP.
"""

from __future__ import annotations

import base64
import itertools
import re
import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.testclient import TestClient

from service.db.tables import Recording, Relation, Unit
from tests.security.town import BASE, add_states, build_town
from tests.service.conftest import Clock, postgresql_database
from tests.service.recording_queue import RecordingQueue

AT_ONCE = 4
NOBODY = "01972f8e-7c6b-7cc3-98c4-dc0c0c07398f"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def town(request, tmp_path_factory):
    data = tmp_path_factory.mktemp("town") / "data"
    data.mkdir()
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_sqlite"), data / "rapport.db")
        yield from opened(data, f"sqlite:///{data / 'rapport.db'}")
        return
    with postgresql_database(request.getfixturevalue("migrated_postgresql")) as url:
        yield from opened(data, url)


def opened(data, url):
    clock = Clock()
    town = build_town(data, url, clock, RecordingQueue())
    add_states(town, clock)
    with town.rapport.database.write(town.ids["org"]) as work:
        lead, emp = town.ids["lead"], town.ids["emp"]
        work.add(Relation(kind="manager", manager_id=lead, employee_id=emp, from_day=work.now.date()))
        town.ids["unit"] = work.add(Unit(name="Sales")).id
    yield town
    town.client.close()
    town.rapport.database.close()


def coded(text):
    return base64.urlsafe_b64encode(text.encode()).decode()


def planned(town, **changes):
    people = [{"person_id": town.ids["emp"], "role": "employee"}]
    return {"kind": "check_in", "held_on": "2026-05-04", "participants": people, **changes}


TUS = {"tus-resumable": "1.0.0", "upload-length": "5"}
BEFORE, AFTER = "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"
ADDRESS = "https://hooks.example.com/"
BROKEN = {
    "NUL in upload metadata": (
        "lead POST /api/v1/uploads",
        {"headers": TUS | {"upload-metadata": f"meeting {coded('a' + chr(0))}"}},
    ),
    "length below nothing": ("lead POST /api/v1/uploads", {"headers": TUS | {"upload-length": "-1"}}),
    "length beyond 63 bits": ("lead POST /api/v1/uploads", {"headers": TUS | {"upload-length": str(2**63)}}),
    "NUL in a cursor": ("lead GET /api/v1/meetings", {"params": {"cursor": coded("2026-01-01 \0")}}),
    "a cursor without id": ("lead GET /api/v1/meetings", {"params": {"cursor": coded("2026-01-01 x")}}),
    "NUL in a place": ("lead GET /api/v1/people", {"params": {"after": coded(f"k\0/{NOBODY}")}}),
    "before all time": ("lead POST /api/v1/meetings", {"plan": {"started_at": BEFORE}}),
    "after all time": ("lead POST /api/v1/meetings", {"plan": {"started_at": AFTER}}),
    "a folder as zone": ("lead POST /api/v1/meetings", {"plan": {"time_zone": "America"}}),
    "a path as zone": ("lead POST /api/v1/meetings", {"plan": {"time_zone": "../../etc/passwd"}}),
    "an infinite day": ("lead POST /api/v1/meetings", {"content": b'{"held_on": 1e999}'}),
    "a long name of a token": (
        "lead POST /api/v1/tokens",
        {"json": {"name": "n" * 101, "scopes": ["read"]}},
    ),
    "an address that grows": (
        "admin POST /api/v1/webhooks",
        {"json": {"url": ADDRESS + "é" * 1900, "events": []}},
    ),
}


@pytest.mark.parametrize(("asked", "sent"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_value_is_refused_in_words(town, asked, sent):
    who, method, path = asked.split()
    sent = dict(sent)
    if "plan" in sent:
        sent = {"json": planned(town, **sent["plan"])}
    if "content" in sent:
        sent["headers"] = {"content-type": "application/json"}
    answer = town.ask(who, method, path, **sent)
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.json()["code"] != "broken"


@pytest.mark.parametrize("moment", [BEFORE, AFTER])
def test_a_meeting_is_not_moved_out_of_time(town, moment):
    path = f"/api/v1/meetings/{town.meetings['planned']}"
    etag = town.ask("lead", "GET", path).headers["etag"]
    answer = town.ask("lead", "PATCH", path, json={"started_at": moment}, headers={"if-match": etag})
    assert answer.status_code == 422


def example(town, schema):
    """A value that fits; people, where the schema asks for some, are of the first organisation."""
    schema = resolved(town, schema)
    for name in ("example", "examples", "default", "const", "enum"):
        if name in schema:
            return schema[name][0] if name in ("examples", "enum") else schema[name]
    if choices := schema.get("anyOf"):
        return example(town, choices[0])
    if schema.get("type") == "object":
        wanted = schema.get("required", ())
        return {name: example(town, schema["properties"][name]) for name in wanted}
    if schema.get("type") == "array":
        return [example(town, schema["items"])] * schema.get("minItems", 0)
    if schema.get("type") == "string":
        return plain_text(schema)
    return {"integer": schema.get("minimum", 1), "boolean": True}[schema["type"]]


def plain_text(schema):
    pattern = schema.get("pattern", "")
    if schema.get("format") == "date":
        return "2026-05-04"
    return NOBODY if "0-9a-f-" in pattern else "a" * (64 if "{64}" in pattern else 3)


def resolved(town, schema):
    if "$ref" not in schema:
        return schema
    name = schema["$ref"].rpartition("/")[2]
    return town.client.app.openapi()["components"]["schemas"][name]


def operations(town):
    paths = town.client.app.openapi()["paths"]
    return [(method, path, said) for path, methods in paths.items() for method, said in methods.items()]


def sent_with(town, operation):
    """A body that the document allows, and the version and protocol that some routes ask for."""
    headers = {"if-match": '"1"', "tus-resumable": "1.0.0", "upload-offset": "0"}
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        return {"json": example(town, content["application/json"]["schema"]), "headers": headers}
    for kind in content:
        kind_sent = f"{kind}; boundary=x" if kind.startswith("multipart") else kind
        return {"content": b"Dana: hello", "headers": headers | {"content-type": kind_sent}}
    return {"headers": headers}


def test_an_id_of_another_organisation_is_no_id(town):
    here = {
        "meeting_id": town.meetings["confirmed"],
        "person_id": town.ids["emp"],
        "unit_id": town.ids["unit"],
        "relation_id": town.ask("admin", "GET", "/api/v1/relations").json()["items"][0]["id"],
        "item_id": action_item(town)["id"],
        "session_id": town.ask("lead", "GET", "/api/v1/sessions").json()["items"][0]["id"],
        "permit_id": town.ask(
            "emp", "POST", f"/api/v1/meetings/{town.meetings['confirmed']}/erasure-request"
        ).json()["id"],
        "hold_id": hold(town),
        "webhook_id": webhook(town),
        "token_id": town.ask("lead", "POST", "/api/v1/tokens", json={"name": "x", "scopes": ["read"]}).json()[
            "id"
        ],
        "upload_id": town.office.rows(Recording, meeting_id=town.meetings["confirmed"])[0].id,
        "pid": "e",
        "flag": "t1",
    }
    tried = 0
    for method, path, operation in operations(town):
        if "_id}" not in path:
            continue
        made = re.sub(r"{(\w+)}", lambda found: here[found[1]], path)
        answer = town.ask("outsider", method, made, **sent_with(town, operation))
        assert answer.status_code == 404, (method, path, answer.status_code, answer.text[:300])
        tried += 1
    assert tried > 40


def action_item(town):
    return town.ask("lead", "GET", "/api/v1/action-items?whose=meetings").json()["items"][0]


def hold(town):
    path = f"/api/v1/meetings/{town.meetings['confirmed']}/holds"
    return town.ask("hr", "POST", path, json={"reason": "litigation"}).json()["id"]


def webhook(town):
    return town.ask("admin", "POST", "/api/v1/webhooks", json={"url": ADDRESS, "events": []}).json()["id"]


def test_people_of_another_organisation_cannot_be_named_in_a_body(town):
    away, here = town.ids["outsider"], town.ids["emp"]
    unit, day = {"unit_id": NOBODY}, "2026-05-04"
    meeting = f"/api/v1/meetings/{town.meetings['confirmed']}"
    invited = [{"person_id": here, "role": "employee"}, {"person_id": away, "role": "other"}]
    tried = [
        ("lead", "POST", "/api/v1/meetings", planned(town, participants=invited)),
        ("lead", "POST", "/api/v1/meetings", planned(town, series_id=NOBODY)),
        ("lead", "POST", f"{meeting}/hand-over", {"person_id": away}),
        ("admin", "POST", "/api/v1/relations", {"manager_id": away, "employee_id": here, "from_day": day}),
        ("admin", "POST", "/api/v1/relations", {"manager_id": here, "employee_id": away, "from_day": day}),
        ("admin", "POST", "/api/v1/people", {"display_name": "X"} | unit),
        ("admin", "PATCH", f"/api/v1/people/{here}", unit),
    ]
    answers = [town.ask(who, method, path, json=body).status_code for who, method, path, body in tried]
    assert answers == [404] * len(tried)


def test_no_body_takes_what_the_document_does_not_name(town):
    """Nor does any name whose a thing is: that comes from who asks."""
    found = 0
    for method, path, operation in operations(town):
        content = operation.get("requestBody", {}).get("content", {})
        if "application/json" not in content:
            continue
        asked = resolved(town, content["application/json"]["schema"])
        for schema in (
            resolved(town, one) for one in asked.get("anyOf", [asked]) if one.get("type") != "null"
        ):
            assert schema["additionalProperties"] is False, (method, path)
            assert (
                not {"id", "organisation_id", "account_id", "made_by", "state"} & schema["properties"].keys()
            )
            found += 1
    assert found > 20


def at_once(town, who, method, path, bodies, **headers):
    """The statuses of requests sent at one moment, sorted."""
    sent = {**town.headers[who], **headers}

    def ask(body):
        return TestClient(town.client.app, base_url=BASE).request(method, path, json=body, headers=sent)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sorted(answer.status_code for answer in pool.map(ask, itertools.islice(bodies, AT_ONCE)))


RACES = {
    "a meeting": ("lead", "/api/v1/meetings/{planned}", "held_on", "2026-06-0{}"),
    "a person": ("admin", "/api/v1/people/{emp}", "given_name", "N{}"),
    "the organisation": ("admin", "/api/v1/organisation", "name", "N{}"),
}


@pytest.mark.parametrize(("who", "path", "field", "value"), RACES.values(), ids=RACES.keys())
def test_of_two_who_saw_the_same_version_one_changes_it(town, who, path, field, value):
    path = path.format(**town.ids, **town.meetings)
    etag = town.ask(who, "GET", path).headers["etag"]
    bodies = ({field: value.format(n)} for n in itertools.count(1))
    statuses = at_once(town, who, "PATCH", path, bodies, **{"if-match": etag})
    assert statuses == [200] + [412] * (AT_ONCE - 1)


def test_an_address_has_one_account_and_a_person_too(town):
    made = [town.ask("admin", "POST", "/api/v1/people", json={"display_name": "X"}).json() for _ in range(2)]
    one, other = (f"/api/v1/people/{person['id']}/account" for person in made)
    several = ({"email": f"several{n}@acme.test"} for n in itertools.count())
    assert at_once(town, "admin", "POST", one, several) == [201] + [409] * (AT_ONCE - 1)
    taken = town.ask("admin", "POST", other, json={"email": "lead@firm.example"})
    assert (taken.status_code, taken.json()["code"]) == (409, "email_taken")


def test_an_item_is_answered_once(town):
    confirmed = f"/api/v1/meetings/{town.meetings['confirmed']}"
    sha256 = town.ask("emp", "GET", f"{confirmed}/minutes").json()["sha256"]
    statuses = at_once(
        town, "emp", "POST", f"{confirmed}/acknowledgement", itertools.repeat({"sha256": sha256})
    )
    assert statuses == [200] + [409] * (AT_ONCE - 1)
