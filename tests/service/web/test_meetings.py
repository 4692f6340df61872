"""Meetings over HTTP: who plans, sees, changes them; consent and what a refusal erases."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import event, select

from service.db.tables import Consent, Hold, Meeting, OutboxMessage, Relation
from service.storage.errors import Erased
from service.usecases.consent import enforce_refusals
from service.usecases.outbox import send_waiting
from tests.service.web.meeting_plans import plan, plan_agreed, sound, upload


def row(people, meeting):
    with people.rapport.database.read(people.organisation_id) as work:
        return work.one(Meeting, meeting)


def consents(people, meeting):
    with people.rapport.database.read(people.organisation_id) as work:
        return set(work.session.scalars(select(Consent.state).filter_by(meeting_id=meeting)))


def mail(people, kind):
    with people.rapport.database.read(people.organisation_id) as work:
        return list(work.session.scalars(select(OutboxMessage.person_id).filter_by(kind=kind)))


def test_a_planned_meeting_has_its_people_and_waits_for_their_consent(people, lead):
    meeting = plan(lead, people.ids["ana"], rhythm="weekly")
    assert meeting["state"] == "planned"
    assert meeting["series_id"]
    shown = [(one["pid"], one["role"], one["name"], one["consent"]) for one in meeting["participants"]]
    assert shown == [("m", "manager", "Dana Moss", "given"), ("e", "employee", "Ana Ruiz", "pending")]
    again = plan(lead, people.ids["ana"], held_on="2026-05-11")
    assert again["series_id"] == meeting["series_id"]
    assert row(people, meeting["id"]).key_id != row(people, again["id"]).key_id


def test_who_told_the_manager_that_they_agree_is_told_and_the_others_are_asked(people, lead):
    ids = people.ids
    asked = [
        {"person_id": ids["ana"], "role": "employee", "agreed": True, "host": "llm.example"},
        {"person_id": ids["li"], "role": "employee"},
    ]
    body = {"kind": "review", "held_on": "2026-05-04", "participants": asked}
    meeting = lead.post("/api/v1/meetings", json=body).json()
    told = {one["person_id"]: one["consent"] for one in meeting["participants"]}
    assert told == {ids["lead"]: "given", ids["ana"]: "attested", ids["li"]: "pending"}
    assert (mail(people, "consent_attested"), mail(people, "consent_asked")) == ([ids["ana"]], [ids["li"]])
    with people.rapport.database.read(people.organisation_id) as work:
        assert [*work.session.scalars(select(Consent.host).filter_by(state="attested"))] == ["llm.example"]


def test_a_token_that_may_only_upload_attests_nothing(people, lead):
    made = lead.post("/api/v1/tokens", json={"name": "recorder", "scopes": ["upload"]}).json()
    asked = {"person_id": people.ids["ana"], "role": "employee", "agreed": True}
    body = {"kind": "review", "held_on": "2026-05-04", "participants": [asked]}
    recorder = people.by_token(made["token"])
    assert recorder.post("/api/v1/meetings", json=body).json()["code"] == "not_allowed"
    asked.pop("agreed")
    assert recorder.post("/api/v1/meetings", json=body).status_code == 201


def test_talks_of_a_pair_follow_each_other_without_being_told_to(people, lead):
    first = plan(lead, people.ids["ana"])
    assert first["series_id"]
    assert plan(lead, people.ids["ana"], held_on="2026-06-01")["series_id"] == first["series_id"]
    assert plan(lead, people.ids["ana"], kind="review")["series_id"] != first["series_id"]


@pytest.mark.parametrize("who", ["boss", "hr", "admin", "ana"])
def test_only_the_manager_of_an_employee_plans_a_meeting_with_them(people, who):
    body = {
        "kind": "check_in",
        "held_on": "2026-05-04",
        "participants": [{"person_id": people.ids["li"], "role": "employee"}],
    }
    answer = people.sign_in(who).post("/api/v1/meetings", json=body)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_their_manager")


@pytest.mark.parametrize(
    ("names", "roles", "status", "code"),
    [
        (["hr"], ["hr"], 422, "no_employee"),
        (["ana", "ana"], ["employee", "mentor"], 422, "person_twice"),
        (["ana", "lead"], ["employee", "other"], 422, "person_twice"),
        (["outsider_member"], ["employee"], 404, "not_found"),
    ],
)
def test_people_who_cannot_meet_are_refused(people, lead, names, roles, status, code):
    invited = [{"person_id": people.ids[n], "role": r} for n, r in zip(names, roles, strict=True)]
    body = {"kind": "review", "held_on": "2026-05-04", "participants": invited}
    answer = lead.post("/api/v1/meetings", json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_time_zone_and_series_are_checked(people, lead):
    others = plan(lead, people.ids["li"], rhythm="weekly")["series_id"]
    people_ = [{"person_id": people.ids["ana"], "role": "employee"}]
    for more, code in (({"time_zone": "../etc"}, "bad_time_zone"), ({"series_id": others}, "wrong_series")):
        body = {"kind": "check_in", "held_on": "2026-05-04", "participants": people_, **more}
        assert lead.post("/api/v1/meetings", json=body).json()["code"] == code


def test_everybody_sees_that_they_meet_and_only_their_own_consent(people, lead, ana):
    meeting = plan(lead, people.ids["ana"])["id"]
    shown = ana.get(f"/api/v1/meetings/{meeting}").json()["participants"]
    assert [one["consent"] for one in shown] == [None, "pending"]
    assert [one["id"] for one in ana.get("/api/v1/meetings").json()["items"]] == [meeting]
    for name in ("li", "boss", "hr", "admin", "outsider"):
        client = people.sign_in(name)
        assert client.get(f"/api/v1/meetings/{meeting}").status_code == 404
        assert client.get("/api/v1/meetings").json()["items"] == []


def test_the_list_is_newest_first_filtered_and_complete_over_pages(people, lead):
    made = [plan(lead, people.ids["ana"], held_on=f"2026-04-{day:02}")["id"] for day in range(1, 8)]
    made += [plan(lead, people.ids["li"], held_on="2026-04-03", kind="review")["id"]]
    seen, cursor = [], None
    while True:
        query = {"limit": 3} | ({"cursor": cursor} if cursor else {})
        page = lead.get("/api/v1/meetings", params=query).json()
        seen += [(one["held_on"], one["id"]) for one in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == sorted(seen, reverse=True)
    assert {one for _, one in seen} == set(made)
    for query, number in (
        ({"kind": "review"}, 1),
        ({"person": people.ids["ana"]}, 7),
        ({"state": "drafted"}, 0),
    ):
        assert len(lead.get("/api/v1/meetings", params=query).json()["items"]) == number
    assert lead.get("/api/v1/meetings", params={"cursor": "bm90IG9uZQ=="}).json()["code"] == "bad_cursor"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=ana", ["2026-05-01"]),
        ("q=RUIZ", ["2026-05-01"]),
        ("q=lilei", ["2026-05-03", "2026-05-02"]),
        ("q=小李", ["2026-05-03", "2026-05-02"]),
        ("q=%25", []),
        ("since=2026-05-02&until=2026-05-02", ["2026-05-02"]),
        ("q=lei&since=2026-05-03", ["2026-05-03"]),
    ],
)
def test_meetings_are_found_by_people_and_days(people, lead, asked, found):
    people.sign_in("li").patch("/api/v1/me", json={"aliases": ["小李"]})
    for name, day in (("ana", 1), ("li", 2), ("li", 3)):
        plan(lead, people.ids[name], held_on=f"2026-05-0{day}")
    assert [one["held_on"] for one in lead.get(f"/api/v1/meetings?{asked}").json()["items"]] == found


def test_a_longer_list_takes_no_more_queries(people, lead):
    def queries():
        counted = []
        listen = (people.rapport.database.engine, "before_cursor_execute")

        def count(*args):
            counted.append(args[2])

        event.listen(*listen, count)
        assert lead.get("/api/v1/meetings").status_code == 200
        event.remove(*listen, count)
        return len(counted)

    plan(lead, people.ids["ana"])
    before = queries()
    for day in range(1, 20):
        plan(lead, people.ids["ana"], held_on=f"2026-03-{day:02}")
    assert queries() == before


def test_the_list_reads_no_meetings_of_others(people, lead):
    read = []
    listen = (people.rapport.database.engine, "before_cursor_execute")

    def note(*args):
        read.append((args[2], args[3]))

    event.listen(*listen, note)
    lead.get("/api/v1/meetings", params={"state": "planned"})
    event.remove(*listen, note)
    (listing,) = [one for one in read if "ORDER BY meeting.held_on" in one[0]]
    with people.rapport.database.engine.connect() as connection:
        plan_ = [row[3] for row in connection.exec_driver_sql("EXPLAIN QUERY PLAN " + listing[0], listing[1])]
    assert [step for step in plan_ if "SCAN meeting" in step or "ix_meeting_organisation" in step] == []


def test_a_second_tab_overwrites_nothing(people, lead, ana):
    meeting = plan(lead, people.ids["ana"])["id"]
    place = f"/api/v1/meetings/{meeting}"
    tag = lead.get(place).headers["etag"]
    assert lead.patch(place, json={"kind": "review"}).status_code == 428
    changed = lead.patch(place, json={"kind": "review"}, headers={"If-Match": tag})
    assert (changed.status_code, changed.json()["kind"]) == (200, "review")
    assert lead.patch(place, json={"kind": "other"}, headers={"If-Match": tag}).status_code == 412
    new = {"If-Match": changed.headers["etag"]}
    assert ana.patch(place, json={"kind": "other"}, headers=new).status_code == 403
    assert lead.get(place).json()["held_on"] == "2026-05-04"


def test_who_stays_in_a_meeting_keeps_the_consent(people, lead):
    meeting = plan_agreed(lead, people.ids["ana"])
    place = f"/api/v1/meetings/{meeting}"
    wanted = [{"person_id": people.ids[n], "role": r} for n, r in (("ana", "employee"), ("hr", "hr"))]
    tag = {"If-Match": lead.get(place).headers["etag"]}
    shown = lead.patch(place, json={"participants": wanted}, headers=tag).json()["participants"]
    assert [(one["pid"], one["consent"]) for one in shown] == [
        ("m", "given"),
        ("e", "attested"),
        ("h", "pending"),
    ]


def test_participants_are_fixed_once_the_recording_is_there(people, lead):
    meeting = plan_agreed(lead, people.ids["ana"])
    upload(lead, meeting, sound())
    place = f"/api/v1/meetings/{meeting}"
    body = {"participants": [{"person_id": people.ids["li"], "role": "employee"}]}
    answer = lead.patch(place, json=body, headers={"If-Match": lead.get(place).headers["etag"]})
    assert (answer.status_code, answer.json()["code"]) == (409, "participants_fixed")


def test_attested_consent_is_told_and_can_be_objected_to_for_seven_days(people, lead, ana, clock):
    meeting = plan_agreed(lead, people.ids["ana"])
    assert mail(people, "consent_attested") == [people.ids["ana"]]
    place = f"/api/v1/meetings/{meeting}"
    ana.get(place)
    assert ana.get(place).json()["participants"][1]["told_at"] is not None
    clock.move(days=7, seconds=1)
    late = people.sign_in("ana").post(f"{place}/consent", json={"answer": "object"})
    assert (late.status_code, late.json()["code"]) == (409, "objection_over")


def test_mail_that_was_sent_begins_the_days_to_object(people, lead, clock):
    class Sent:
        def send(self, address, subject, body, message_id):
            assert "7" in body

    meeting = plan_agreed(lead, people.ids["ana"])
    clock.move(days=30)
    send_waiting(people.rapport, Sent(), None)
    shown = people.sign_in("ana").get(f"/api/v1/meetings/{meeting}").json()["participants"][1]
    assert datetime.fromisoformat(shown["told_at"]) == clock.now


def test_a_legal_hold_keeps_what_was_refused_but_nothing_is_processed(people, lead, ana, queue):
    meeting = plan_agreed(lead, people.ids["ana"])
    upload(lead, meeting, sound())
    with people.rapport.database.write(people.organisation_id) as work:
        asked = {"asked_by": people.ids["hr"], "asked_at": work.now, "reason_code": "legal_claim"}
        agreed = {"agreed_by": people.ids["boss"], "agreed_at": work.now}
        hold = work.add(Hold(meeting_id=meeting, **asked, **agreed))
    assert ana.post(f"/api/v1/meetings/{meeting}/consent", json={"answer": "withdraw"}).status_code == 204
    assert row(people, meeting).state == "cancelled"
    assert queue.cancelled
    assert lead.post(f"/api/v1/meetings/{meeting}/retry").json()["code"] == "consent_missing"
    with people.rapport.database.write(people.organisation_id) as work:
        work.one(Hold, hold.id).ended_at = work.now
    assert enforce_refusals(people.rapport) == 1
    assert row(people, meeting).state == "erased"


def test_a_series_of_a_group_goes_on_with_the_same_people_only(people, lead):
    def planned(*names, **more):
        invited = [{"person_id": people.ids[name], "role": "employee"} for name in names]
        body = {"kind": "check_in", "held_on": "2026-05-04", "participants": invited, **more}
        return lead.post("/api/v1/meetings", json=body).json()

    series = planned("ana", "li", rhythm="monthly")["series_id"]
    assert planned("li", "ana", series_id=series)["series_id"] == series
    with people.rapport.database.write(people.organisation_id) as work:
        ids = {"manager_id": people.ids["lead"], "employee_id": people.ids["zhang"]}
        work.add(Relation(kind="manager", from_day=work.now.date(), **ids))
    assert planned("zhang", "ana", series_id=series)["code"] == "wrong_series"


def test_a_successor_gets_confirmed_minutes_and_only_from_their_manager(people, lead, clock):
    meetings = [plan_agreed(lead, people.ids["ana"]) for _ in range(2)]
    place = f"/api/v1/meetings/{meetings[0]}"
    body = {"person_id": people.ids["boss"]}
    assert lead.post(f"{place}/hand-over", json=body).status_code == 403
    with people.rapport.database.write(people.organisation_id) as work:
        confirmed = work.one(Meeting, meetings[0])
        confirmed.state, confirmed.version = "confirmed", 1
    for who, status in (("ana", 403), ("li", 404), ("hr", 404), ("admin", 404)):
        assert people.sign_in(who).post(f"{place}/hand-over", json=body).status_code == status
    for wrong in ("lead", "ana"):
        answer = lead.post(f"{place}/hand-over", json={"person_id": people.ids[wrong]})
        assert answer.json()["code"] == "not_a_successor"
    boss = people.sign_in("boss")
    assert boss.get(place).status_code == 404
    for _ in range(2):
        assert lead.post(f"{place}/hand-over", json=body).status_code == 204
    shown = boss.get("/api/v1/meetings").json()["items"]
    assert [one["id"] for one in shown] == [meetings[0]]
    assert {one["consent"] for one in shown[0]["participants"]} == {None}
    assert boss.get(place).status_code == 200
    assert boss.get(f"{place}/audio").status_code == 403
    assert boss.get(f"/api/v1/meetings/{meetings[1]}").status_code == 404
    concerned = people.sign_in("ana").get("/api/v1/relations").json()["items"]
    assert sorted(one["kind"] for one in concerned) == ["manager", "successor"]


@pytest.mark.parametrize("answer", ["object", "withdraw"])
def test_a_refusal_before_confirmation_stops_the_job_and_erases_everything(people, lead, ana, queue, answer):
    meeting = plan_agreed(lead, people.ids["ana"])
    upload(lead, meeting, sound())
    key = row(people, meeting).key_id
    assert ana.post(f"/api/v1/meetings/{meeting}/consent", json={"answer": answer}).status_code == 204
    assert row(people, meeting).state == "erased"
    assert queue.cancelled
    assert mail(people, "consent_withdrawn") == [people.ids["lead"]]
    with pytest.raises(Erased):
        people.rapport.keys.load(key)
    assert lead.get(f"/api/v1/meetings/{meeting}/audio").status_code == 404


def test_a_refusal_after_confirmation_leaves_the_minutes(people, lead, ana):
    meeting = plan_agreed(lead, people.ids["ana"])
    upload(lead, meeting, sound())
    with people.rapport.database.write(people.organisation_id) as work:
        confirmed = work.one(Meeting, meeting)
        confirmed.state, confirmed.version = "confirmed", 1
        confirmed.minutes_key_id = people.rapport.keys.create()
    assert ana.post(f"/api/v1/meetings/{meeting}/consent", json={"answer": "withdraw"}).status_code == 204
    after = row(people, meeting)
    assert (after.state, after.key_id) == ("confirmed", None)
    people.rapport.keys.load(after.minutes_key_id)


def test_a_refusal_that_a_crash_cut_off_is_carried_out_later(people, lead):
    meeting = plan_agreed(lead, people.ids["ana"])
    with people.rapport.database.write(people.organisation_id) as work:
        for one in work.session.scalars(select(Consent).filter_by(meeting_id=meeting, state="attested")):
            one.state = "withdrawn"
    assert enforce_refusals(people.rapport) == 1
    assert row(people, meeting).state == "erased"
    assert enforce_refusals(people.rapport) == 0


@pytest.mark.parametrize("who", ["ana", "li", "hr", "admin"])
def test_nobody_but_the_manager_attests_and_nobody_answers_for_another(people, lead, who):
    meeting = plan(lead, people.ids["ana"])["id"]
    client = people.sign_in(who)
    assert client.post(f"/api/v1/meetings/{meeting}/consents/e/attest").status_code in {403, 404}
    if who != "ana":
        assert client.post(f"/api/v1/meetings/{meeting}/consent", json={"answer": "give"}).status_code == 404
    assert consents(people, meeting) == {"given", "pending"}


def test_an_answer_of_ones_own_is_not_attested_over(people, lead, ana):
    meeting = plan(lead, people.ids["ana"])["id"]
    assert ana.post(f"/api/v1/meetings/{meeting}/consent", json={"answer": "give"}).status_code == 204
    answer = lead.post(f"/api/v1/meetings/{meeting}/consents/e/attest")
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_consent")
