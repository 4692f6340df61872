"""The review page as it is served: what stands at an item, what the bar says, where other meetings lead."""

from __future__ import annotations

import re

import pytest

from service.db.tables import Meeting, Series
from service.domain.lifecycle import UNCONFIRMED, State
from service.web.templating import texts
from tests.service.domain.drafts import action, draft, quote
from tests.service.usecases.meeting_office import SHOWN, Office, add_meeting


@pytest.fixture
def desk(people, clock):
    """A drafted meeting of Dana with Ana; `desk(**changes)` of its draft."""

    def make(**changes):
        ids = {"org": people.organisation_id, "lead": people.ids["lead"], "emp": people.ids["ana"]}
        office = Office(people.rapport, ids)
        office.meeting = add_meeting(office, clock, draft_value=draft(**changes))
        return office

    return make


def page(client, office, part=""):
    answer = client.get(f"/meetings/{office.meeting}/review{part}")
    assert answer.status_code == 200, answer.text
    return answer.text


def plain(markup):
    return " ".join(re.sub(r"<[^>]*>", " ", markup).split())


def item(text, name):
    """The article of an item, without tags."""
    (found,) = re.findall(rf'<article [^>]*id="item-{name}".*?</article>', text, re.DOTALL)
    return plain(found)


def bar(text):
    (found,) = re.findall(r'<footer class="bar".*?</footer>', text, re.DOTALL)
    return plain(found)


def say(key, language="en", **values):
    return texts().say(f"review.{key}", language, **values)


def decide(client, office, **body):
    door = f"/api/v1/meetings/{office.meeting}"
    tag = client.get(f"{door}/draft").headers["etag"]
    answer = client.post(f"{door}/decisions", json=body, headers={"If-Match": tag})
    assert answer.status_code == 200, answer.text


def test_what_nobody_decided_on_is_a_suggestion_and_says_what_is_in_doubt(desk, lead):
    unsure = action("a2", owner=None, due=None, due_text=None, due_rule=None, confidence=0.41)
    text = page(lead, desk(action_items=[action(), unsure]))
    assert item(text, "a1").startswith(f"{say('state_clear')} Confidence 93%: sure")
    assert "Friday, May 8, 2026" in item(text, "a1")
    words = item(text, "a2")
    for key in ("state_open", "doubt_no_owner", "doubt_no_date", "doubt_unsure", "doubtful"):
        assert say(key) in words
    assert say("notice") in text


def test_the_bar_says_what_one_confirm_covers_and_what_is_left(desk, lead):
    office = desk(
        action_items=[action(), action("a2", due=None)],
        checks={"dropped": {}, "uncovered_speech_s": 34.2},
    )
    said = bar(page(lead, office))
    assert say("covers", what=f"{say('covers_items_one', n=1)} and {say('covers_summary')}") in said
    assert f"{say('left_other', n=3)}{say('of_them_doubtful_one', n=1)}" in said
    assert say("warn_uncovered_other", n=34) in said
    decide(lead, office, decisions=[{"item": name, "verdict": "accept"} for name in ("a2", "p1", "g1")])
    said = bar(page(lead, office, "/draft"))
    assert say("covers_decided_other", n=3) in said
    assert say("nothing_left") in said
    assert say("next_open") not in said


def test_decisions_and_edits_are_shown_and_what_was_rejected_can_still_be_read(desk, lead):
    office = desk(action_items=[action(), action("a2", task="Write it down")])
    edit = {"item": "a1", "verdict": "edit", "fields": {"task": "Mine", "due": "2026-06-01"}}
    decide(
        lead,
        office,
        decisions=[edit, {"item": "a2", "verdict": "reject"}],
        additions=[{"group": "agreements", "fields": {"text": "My own"}}],
    )
    text = page(lead, office, "/draft")
    assert item(text, "a1").startswith(say("state_edit"))
    assert "Mine" in item(text, "a1")
    assert "Monday, June 1, 2026" in item(text, "a1")
    assert item(text, "a2").startswith(f"{say('state_reject')} Write it down")
    assert item(text, "h1").startswith(f"{say('own')} My own")
    assert say("doubt_changed") in item(text, "summary")


def test_what_rests_on_words_that_are_gone_says_so(desk, lead):
    office = desk(action_items=[action(evidence=[{**quote(1), "stale": True}])])
    text = page(lead, office)
    assert say("doubt_stale") in item(text, "a1")
    assert say("stale") in item(text, "a1")
    assert say("warn_evidence_one", n=1) in bar(text)


def test_only_what_is_in_no_doubt_is_accepted_together(desk, lead):
    agreement = draft()["agreements"][0]
    doubtful = {**agreement, "id": "g3", "confidence": 0.5}
    text = page(lead, desk(agreements=[agreement, {**agreement, "id": "g2"}, doubtful]))
    assert re.findall(r'data-do="accept-rest" data-items="([^"]*)"', text) == ["g1 g2"]


def test_earlier_items_are_shown_with_what_was_heard_of_them(desk, lead, clock):
    first = desk()
    decide(lead, first, decisions=[{"item": name, "verdict": "accept"} for name in ("p1", "g1")])
    door = f"/api/v1/meetings/{first.meeting}"
    tag = lead.get(f"{door}/draft").headers["etag"]
    assert lead.post(f"{door}/confirm", json={"displayed": SHOWN}, headers={"If-Match": tag}).is_success
    clock.move(hours=1)
    heard = [{"item": "a1", "status": "moved", "due": "2026-06-12", "evidence": [quote(1)]}]
    office = desk(follow_up=heard)
    with office.rapport.database.write(office.ids["org"]) as work:
        pair = {"manager_id": office.ids["lead"], "employee_id": office.ids["emp"]}
        series = work.add(Series(kind="check_in", created_at=work.now, **pair))
        for meeting in (first.meeting, office.meeting):
            work.one(Meeting, meeting).series_id = series.id
    text = page(lead, office)
    (earlier,) = re.findall(r'class="earlier">.*?</li>\s*</ul>\s*</section>', text, re.DOTALL)
    words = plain(earlier)
    assert "Send the SQL queries Who: Ana Ruiz When: Friday, May 8, 2026" in words
    assert say("heard_moved", day="Friday, June 12, 2026") in words
    assert say("set_moved", day="Jun 12, 2026") in words


def test_figures_of_the_feedback_come_with_their_definitions(desk, lead):
    figures = {
        "facts": {"value": 0.5, "evidence": [0], "why": "Share of feedback with facts."},
        "open_questions": {"value": 3.0, "evidence": [], "why": "How many."},
        "impact": {"value": None, "evidence": [], "why": "Too little."},
    }
    text = page(lead, desk(feedback_quality=figures))
    (private,) = re.findall(r'<section class="private".*?</section>', text, re.DOTALL)
    rows = [plain(row) for row in re.findall(r"<tr>.*?</tr>", private, re.DOTALL)]
    assert rows[1].startswith("Feedback with facts 50% Share of feedback with facts.")
    assert rows[2] == f"Impact explained {say('not_known')} Too little."
    assert rows[3] == "Open questions by the manager 3 How many."


def test_a_meeting_without_an_open_draft_has_another_page(desk, lead):
    office = desk()
    for state in (state for state in State if state is not State.drafted):
        with office.rapport.database.write(office.ids["org"]) as work:
            work.one(Meeting, office.meeting).state = state
        rest = "" if state in UNCONFIRMED or state is State.erased else "/minutes"
        for part in ("", "/draft"):
            answer = lead.get(f"/meetings/{office.meeting}/review{part}", follow_redirects=False)
            assert answer.status_code == 303
            assert answer.headers["location"] == f"/meetings/{office.meeting}{rest}"


def test_a_draft_by_a_model_elsewhere_names_its_host(desk, lead):
    step = {"engine": "llm", "model": "some-model", "host": "models.example"}
    text = page(lead, desk(provenance={"draft": step}))
    assert say("language_model_remote", model="some-model", host="models.example") in text


def test_the_page_speaks_the_managers_language(desk, people, lead):
    assert lead.patch("/api/v1/me", json={"locale": "zh"}).is_success
    text = page(lead, desk())
    assert say("notice", "zh") in text
    assert "2026年5月8日星期五" in item(text, "a1")


def test_nobody_reads_a_review_but_its_manager(desk, people):
    office = desk()
    for name, status in (("ana", 403), ("hr", 404), ("admin", 404), ("boss", 404), ("outsider", 404)):
        for part in ("", "/draft"):
            answer = people.sign_in(name).get(f"/meetings/{office.meeting}/review{part}")
            assert answer.status_code == status
