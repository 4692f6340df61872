"""A worker whose operator set up a language model: it writes the draft here, and is not asked elsewhere."""

from __future__ import annotations

import json

from service.db.tables import Document
from tests.models.chat_stub import said, serving

ENGINES = "tests.service.fake_engines:Fakes"
ENDED = ("done", "failed", "parked", "cancelled")


def nothing_to_say(body, number):
    wanted = body["response_format"]["json_schema"]["schema"]["properties"]
    return said(json.dumps({"summary": ""} if "summary" in wanted else {name: [] for name in wanted}))


def models_of(house, meeting_id):
    """Names and hosts of the models of each step of the draft."""
    meeting = house.meeting_row(meeting_id)
    with house.rapport.database.read() as work:
        name = work.one(Document, meeting.draft_id).name
    steps = house.rapport.documents.read(meeting.key_id, name)["provenance"].values()
    return {(step["model"], step["host"]) for step in steps}


def drafted(house, **environ):
    house.environ |= {"RAPPORT_DRAFTS": "llm", "RAPPORT_LLM_MODEL": "tiny", **environ}
    meeting_id = house.meeting()
    job_id = house.enqueue(meeting_id)
    house.worker(engines=ENGINES)
    assert house.until_job(job_id, *ENDED).state == "done"
    return meeting_id


def test_a_model_on_this_machine_writes_the_draft(house):
    with serving(nothing_to_say) as stub:
        meeting_id = drafted(house, RAPPORT_LLM_ENDPOINT=stub.endpoint)
    assert stub.bodies != []
    assert ("tiny", None) in models_of(house, meeting_id)


def test_a_model_elsewhere_is_not_asked_without_everybodys_consent(house):
    remote = {"RAPPORT_LLM_ENDPOINT": "https://llm.example.com/v1", "RAPPORT_LLM_REMOTE": "allow"}
    meeting_id = drafted(house, **remote)
    assert "tiny" not in {model for model, _ in models_of(house, meeting_id)}
