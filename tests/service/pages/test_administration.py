"""The administration's pages: for administrators alone, in both languages, with hostile text as text."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import get_args

import pytest

import service
from service.domain.audit_chain import Damage
from service.domain.lifecycle import Event
from service.domain.organisation_settings import DAYS
from service.domain.templates import HOLDS
from service.usecases import accounts, units
from service.usecases.erase import What
from service.usecases.holds import HoldReason
from service.usecases.permits import AccessReason
from service.usecases.privacy_requests import Standing
from service.web.pages.administration import ROUTERS
from service.web.templating import texts

HOSTILE = "<img src=x onerror=alert(1)>{{7*7}}"
SCRIPT = "<img src=x"


@pytest.fixture
def pages(people):
    """Addresses of every page of the room."""
    unit = units.add_unit(people.rapport, people.actor("admin"), HOSTILE).id
    known = {"{person_id}": people.ids["ana"], "{unit_id}": unit, "{kind}": "check_in", "{language}": "zh"}
    paths = {route.path for router in ROUTERS for route in router.routes}
    return sorted(re.sub(r"{\w+}", lambda found: known[found[0]], path) for path in paths)


def look(people, who, path, language="en"):
    client = people.sign_in(who)
    client.headers["Accept"] = "text/html"
    client.headers["Accept-Language"] = language
    return client.get(path, follow_redirects=False)


def test_hr_sees_no_page_of_it(people, pages):
    answers = [look(people, "hr", path) for path in pages]
    assert {answer.status_code for answer in answers} == {403}
    assert not any("firm.example" in answer.text for answer in answers)


def test_whoever_is_not_signed_in_is_shown_the_way(people, pages):
    client = people.visitor()
    for path in pages:
        answer = client.get(path, headers={"Accept": "text/html"}, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/sign-in")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_administrator_sees_every_page_in_their_language(people, pages, language):
    admin = people.sign_in("admin")
    admin.patch("/api/v1/me", json={"locale": language})
    for path in pages:
        answer = admin.get(path, headers={"Accept": "text/html"})
        assert answer.status_code == 200, (path, answer.text)
        assert SCRIPT not in answer.text, path
        if "<html" in answer.text:
            assert f'<html lang="{"zh-Hans" if language == "zh" else "en"}">' in answer.text
            assert answer.text.count("<h1>") == 1, path


def audited():
    """ "<action or kind>_<code>" of every entry that the service writes with plain words."""
    for path in Path(service.__file__).parent.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            places = {"audit": {1: "action", 2: "kind"}, "note_looks": {2: "kind"}}.get(name, {})
            for at, group in places.items():
                if isinstance(call.args[at], ast.Constant):
                    yield f"{group}_{call.args[at].value}"


def test_every_entry_of_the_audit_log_has_words():
    found = {*audited(), *(f"action_{event}" for event in Event)}
    assert len(found) > 60
    assert {code for code in found if f"audit_words.{code}" not in texts().table} == set()


def test_every_state_and_reason_of_a_request_and_every_damage_has_words():
    reasons = (*get_args(AccessReason), *get_args(HoldReason), *get_args(What))
    keys = [
        *(f"admin_requests.standing_{one}" for one in get_args(Standing)),
        *(f"admin_requests.what_{one}" for one in reasons),
        *(f"admin_audit.damage_{one}" for one in Damage),
        *(f"admin_people.account_{one}" for one in get_args(accounts.Standing)),
        *(f"admin_templates.holds_{one}" for one in HOLDS),
        *(f"admin_organisation.{about}{one}" for one in DAYS for about in ("", "about_")),
    ]
    assert [key for key in keys if key not in texts().table] == []
