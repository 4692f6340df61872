"""An employee without an account reads and answers with the link of a mail, once."""

from __future__ import annotations

import pytest
from sqlalchemy import delete

from service.db.tables import Account, OutboxMessage, Person
from service.domain.acknowledgement import Reply
from service.domain.edits import Verdict
from service.domain.errors import VersionChanged
from service.errors import NotFound
from service.outgoing.webhook import Webhooks
from service.usecases.answer_by_link import answer_by_link, read_by_link
from service.usecases.confirm import confirm
from service.usecases.decide import Choice, decide
from service.usecases.outbox import send_waiting
from service.usecases.read_draft import read_draft
from tests.service.usecases.meeting_office import SHOWN


class Box:
    def __init__(self):
        self.sent = []

    def send(self, *message):
        self.sent.append(message)


@pytest.fixture
def version(office):
    """The confirmed version; the employee has an address and no account."""
    with office.rapport.database.write(office.ids["org"]) as work:
        work.one(Person, office.ids["emp"]).email = "emp@firm.example"
        work.session.execute(delete(Account).where(Account.person_id == office.ids["emp"]))
    lead = office.actor("lead")
    read = read_draft(office.rapport, lead, office.meeting)
    choices = [Choice(item, Verdict.accept) for item in read.open_items]
    revision = decide(office.rapport, lead, office.meeting, read.revision, choices).revision
    return confirm(office.rapport, lead, office.meeting, revision, SHOWN)


def mailed_link(office):
    box = Box()
    send_waiting(office.rapport, box, Webhooks())
    return next(m[2].split("/invitations/")[1].split()[0] for m in box.sent if m[0] == "emp@firm.example")


def test_read_as_often_as_wanted_and_answer_once(office, version):
    link = mailed_link(office)
    for _ in range(2):
        meeting, read = read_by_link(office.rapport, link)
        assert (meeting, read.sha256) == (office.meeting, version.sha256)
    assert answer_by_link(office.rapport, link, Reply.acknowledge, version.sha256).state == "acknowledged"
    with pytest.raises(NotFound):
        read_by_link(office.rapport, link)
    with pytest.raises(NotFound):
        answer_by_link(office.rapport, link, Reply.dispute, version.sha256, (), "No.")


def test_an_answer_that_is_refused_does_not_use_the_link_up(office, version):
    link = mailed_link(office)
    with pytest.raises(VersionChanged):
        answer_by_link(office.rapport, link, Reply.acknowledge, "0" * 64)
    assert (
        answer_by_link(office.rapport, link, Reply.dispute, version.sha256, (), "That is not so.").state
        == "disputed"
    )


@pytest.mark.parametrize("secret", ["", "x", "a" * 43, "../../etc/passwd"])
def test_no_other_secret_opens_anything(office, version, secret):
    with pytest.raises(NotFound):
        read_by_link(office.rapport, secret)


def test_mail_and_database_hold_nothing_of_what_was_said(office, version):
    kinds = [m.kind for m in office.rows(OutboxMessage, person_id=office.ids["emp"])]
    assert kinds == ["answer"]
    box = Box()
    send_waiting(office.rapport, box, Webhooks())
    _, read = read_by_link(office.rapport, box.sent[0][2].split("/invitations/")[1].split()[0])
    assert read.minutes["summary"]
    assert all(read.minutes["summary"] not in body for _, _, body, _ in box.sent)
