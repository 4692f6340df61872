"""A new meeting and the list of meetings, as served: who is offered, what is asked, what is found."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest

from tests.service.web.meeting_plans import begin, plan, plan_agreed, send, sound, upload

HOSTILE = "<script>alert(1)</script>\"'{{7*7}}"


def opened(client, path):
    answer = client.get(path, headers={"accept": "text/html"})
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.text


def choosable(page):
    """Names that can be chosen, and whether as an employee of one's own."""
    return re.findall(r'data-choose="[^"]+" data-name="([^"]+)" data-managed="(\w+)"', page)


def test_ones_own_people_come_first_with_what_they_are_to_one(people, lead):
    assert choosable(opened(lead, "/meetings/new")) == [("Ana Ruiz", "true"), ("李雷", "true")]
    assert "you manage" in opened(lead, "/meetings/new")
    found = opened(lead, "/meetings/new/people?q=an")
    assert choosable(found) == [("Ana Ruiz", "true"), ("Hannah Reeve", "false"), ("张三", "false")]
    assert choosable(opened(lead, "/meetings/new/people?q=lilei")) == [("李雷", "true")]


def test_who_is_not_there_is_said_with_what_to_do(people, lead):
    told = opened(lead, "/meetings/new/people?" + urlencode({"q": HOSTILE}))
    assert "An administrator adds people" in told
    assert (choosable(told), "<script" in told) == ([], False)
    alone = opened(people.sign_in("ana"), "/meetings/new")
    assert "An administrator says who manages whom" in alone
    assert ("data-new-meeting" in alone, "/administration/people" in alone) == (False, False)
    assert "/administration/people" in opened(people.sign_in("admin"), "/meetings/new")


def test_somebody_of_another_organisation_is_not_found(people, lead):
    elsewhere = people.ids["outsider_member"]
    assert choosable(opened(lead, "/meetings/new/people?q=Olga")) == []
    assert lead.get(f"/meetings/new?with={elsewhere}", headers={"accept": "text/html"}).status_code == 404


def test_who_was_named_is_chosen_already(people, lead):
    page = opened(lead, f"/meetings/new?with={people.ids['ana']}")
    assert f'name="participants.0.person_id" value="{people.ids["ana"]}"' in page
    assert 'name="participants.0.role" value="employee"' in page


def test_the_organisations_wording_is_shown_and_a_model_elsewhere_is_named(people):
    object.__setattr__(people.rapport.hosting, "model_host", "llm.example")
    admin, lead = people.sign_in("admin"), people.sign_in("lead")
    assert "llm.example" not in opened(lead, "/meetings/new")
    wording = {"consent_wording": {"en": "We record.\n" + HOSTILE}, "remote_model": True}
    assert admin.patch("/api/v1/organisation", json=wording).status_code == 200
    for page in (
        opened(lead, f"/meetings/new?with={people.ids['ana']}"),
        opened(lead, f"/meetings/{plan(lead, people.ids['ana'])['id']}"),
        opened(people.sign_in("ana"), f"/meetings/{plan(lead, people.ids['ana'])['id']}"),
    ):
        assert "We record.\n&lt;script&gt;" in page
        assert "A language model on another machine, llm.example" in page
        assert 'value="llm.example"' in page or '{"host": "llm.example"}' in page


@pytest.mark.parametrize(("kind", "question"), [("check_in", "proud of"), ("review", "Which results")])
def test_the_agenda_is_that_of_the_kind(lead, kind, question):
    assert question in opened(lead, f"/meetings/new/agenda?kind={kind}")
    assert lead.get("/meetings/new/agenda?kind=none").status_code == 422


def test_pages_speak_the_language_of_their_reader(people, lead):
    lead.patch("/api/v1/me", json={"locale": "zh"})
    page = opened(lead, "/meetings/new")
    assert ("与谁谈话" in page, "Who is it with" in page, "进展与亮点" in page) == (True, False, True)


def test_the_list_is_searched_and_goes_on(people, lead):
    for number in range(25):
        plan(lead, people.ids["ana" if number else "li"], held_on=f"2026-04-{number + 1:02}")
    first = opened(lead, "/meetings?q=ana")
    assert len(re.findall(r'<a href="/meetings/[0-9a-f-]{36}"', first)) == 20
    following = re.search(r'href="(\?[^"]*cursor[^"]+)"', first)[1].replace("&amp;", "&")
    rest = opened(lead, f"/meetings{following}")
    assert len(re.findall(r'<a href="/meetings/[0-9a-f-]{36}"', rest)) == 4
    assert "Check-in with 李雷" not in first + rest
    assert "Check-in with 李雷" in opened(
        lead, "/meetings?q=lilei&kind=check_in&state=planned&until=2026-04-01"
    )
    assert "No meeting fits" in opened(lead, "/meetings?since=2026-05-01&q=&kind=&state=&until=")
    assert lead.get("/meetings?state=lost").status_code == 422


def test_an_empty_list_leads_to_the_first_meeting(people, lead):
    assert 'href="/meetings/new"' in opened(lead, "/meetings")
    assert 'href="/meetings/new"' not in opened(people.sign_in("ana"), "/meetings")


def test_the_list_says_whose_consent_is_missing(people, lead):
    plan(lead, people.ids["ana"])
    assert "consent missing" in opened(lead, "/meetings")
    assert "your consent is asked" in opened(people.sign_in("ana"), "/meetings")


def test_consent_that_is_missing_stands_before_every_way_to_upload(people, lead):
    meeting = plan(lead, people.ids["ana"])["id"]
    page = opened(lead, f"/meetings/{meeting}")
    assert ("Consent first" in page, "data-upload" in page, "data-recorder" in page) == (True, False, False)
    assert f"/api/v1/meetings/{meeting}/consents/e/attest" in page
    lead.post(f"/api/v1/meetings/{meeting}/consents/e/attest")
    page = opened(lead, f"/meetings/{meeting}")
    assert ("Consent first" in page, "data-upload" in page, "data-recorder" in page) == (False, True, True)


def test_a_participant_sees_their_own_consent_and_nothing_to_upload(people, lead):
    meeting = plan_agreed(lead, people.ids["ana"])
    ana = people.sign_in("ana")
    page = opened(ana, f"/meetings/{meeting}")
    assert ("I did not agree" in page, "data-upload" in page, "consents/e/attest" in page) == (
        True,
        False,
        False,
    )
    answer = ana.post(f"/api/v1/meetings/{meeting}/consent", json={"answer": "object"})
    assert answer.status_code == 204, answer.text
    assert "This meeting was erased" in opened(ana, f"/meetings/{meeting}")
    assert "This meeting was erased" in opened(lead, f"/meetings/{meeting}")


def test_after_seven_days_consent_is_withdrawn_and_no_longer_objected_to(people, lead, clock):
    meeting = plan_agreed(lead, people.ids["ana"])
    for days, shown in ((0, (True, False)), (6, (True, False)), (2, (False, True))):
        clock.move(days=days)
        page = opened(people.sign_in("ana"), f"/meetings/{meeting}/consent")
        assert ("I did not agree" in page, "Withdraw my consent" in page) == shown


def test_tracks_that_are_there_and_uploads_that_stopped_are_shown(people, lead):
    meeting = plan_agreed(lead, people.ids["ana"])
    upload(lead, meeting, sound(), track="m")
    place = begin(lead, meeting, 5_000_000, track="e").headers["location"]
    send(lead, place, 0, b"RIFF" + bytes(1_200_000))
    page = opened(lead, f"/meetings/{meeting}")
    assert "Dana Moss, 8 kB" in page
    assert f"/api/v1/meetings/{meeting}/process" in page
    assert "1.2 MB of 5 MB are safe" in page
    assert f'data-discard="{place.rpartition("/")[2]}"' in page
    assert '<option value="m" disabled>' in page
