"""No text goes to a machine that one person in the meeting did not agree to."""

from __future__ import annotations

import pytest

from models.language_model import LanguageModel
from service.db.tables import Organisation
from service.jobs.consents import outside_host
from service.jobs.writer import revision_with, writer
from service.settings import from_environment, hosting_from_environment
from service.usecases.consent import answer_consent, attest_consent
from tests.service.usecases.conftest import office  # noqa: F401

HOST = "llm.example.com:8443"
LOCAL = LanguageModel("tiny", "http://127.0.0.1:11434/v1")
REMOTE = LanguageModel("large", f"https://{HOST}/v1", "key", remote_allowed=True)


@pytest.fixture
def allowed(office):  # noqa: F811
    """The organisation lets text be sent elsewhere."""
    with office.rapport.database.write(office.ids["org"]) as work:
        work.session.get_one(Organisation, office.ids["org"]).settings = {"remote_model": True}
    return office


def agree(office, lead, employee):  # noqa: F811
    answer_consent(office.rapport, office.actor("lead"), office.meeting, "give", lead)
    attest_consent(office.rapport, office.actor("lead"), office.meeting, "e", employee)


def outside(office):  # noqa: F811
    with office.rapport.database.read(office.ids["org"]) as work:
        return outside_host(work, office.row())


def test_a_machine_that_everybody_named_may_be_sent_text(allowed):
    assert outside(allowed) is None
    agree(allowed, HOST, HOST)
    assert outside(allowed) == HOST


@pytest.mark.parametrize(("lead", "employee"), [(HOST, None), (None, HOST), (HOST, "other.example")])
def test_one_who_did_not_name_it_keeps_text_here(allowed, lead, employee):
    agree(allowed, lead, employee)
    assert outside(allowed) is None


def test_an_organisation_that_does_not_allow_it_keeps_text_here(office):  # noqa: F811
    agree(office, HOST, HOST)
    assert outside(office) is None


def test_an_objection_takes_the_machine_back(allowed):
    agree(allowed, HOST, HOST)
    answer_consent(allowed.rapport, allowed.actor("emp"), allowed.meeting, "give")
    assert outside(allowed) is None


@pytest.mark.parametrize(
    ("model", "host", "writes"),
    [
        (None, HOST, False),
        (LOCAL, None, True),
        (REMOTE, HOST, True),
        (REMOTE, None, False),
        (REMOTE, "other.example", False),
    ],
)
def test_the_writer_of_a_draft(model, host, writes):
    fields = writer(model, host)
    assert (fields.get("language_model", {}).get("model") == (model and model.model)) is writes or not writes
    assert bool(fields) is writes
    assert (revision_with("r1", fields) == "r1") is not writes
    assert "key" not in revision_with("r1", fields)


def test_the_operator_chooses_and_the_service_names_the_machine():
    named = {"RAPPORT_LLM_MODEL": "large", "RAPPORT_LLM_ENDPOINT": f"https://{HOST}/v1"}
    assert not from_environment(named).drafts_by_model
    assert hosting_from_environment(named).model_host is None
    chosen = {**named, "RAPPORT_DRAFTS": "llm"}
    assert from_environment(chosen).drafts_by_model
    assert hosting_from_environment(chosen).model_host == HOST
    near = {**chosen, "RAPPORT_LLM_ENDPOINT": "http://127.0.0.1:1/v1"}
    assert hosting_from_environment(near).model_host is None
