"""Whose rights are changed hears of it, and so do the administrators who did not do it; no mail says what."""

from __future__ import annotations

import pytest

from service.db.tables import OutboxMessage
from service.outgoing.mail import words
from service.usecases.accounts import change_account, open_account
from service.usecases.add_user import NewUser, add_user
from service.usecases.people import add_person
from service.usecases.relations import add_relation, end_relation
from tests.service.office import NAMES, PASSWORD

KINDS = ("roles_changed", "roles_of_another_changed", "relation_changed")


@pytest.fixture
def told(people, rapport):
    """Takes the mail that waits: (kind, name of the person) in order; invitations left out."""
    names = {person: name for name, person in people.ids.items()}

    def take():
        with rapport.database.write(people.organisation_id) as work:
            found = list(work.session.scalars(work.rows(OutboxMessage)))
            for message in found:
                assert message.kind not in KINDS or message.values == {}
                work.session.delete(message)
        return sorted((one.kind, names[one.person_id]) for one in found if one.kind in KINDS)

    return take


def test_a_change_of_roles_is_told_to_its_person_and_to_the_other_administrators(people, rapport, told):
    admin, ids = people.actor("admin"), people.ids
    change_account(rapport, admin, ids["lead"], ["admin"])
    assert told() == [("roles_changed", "lead")]
    change_account(rapport, people.actor("lead"), ids["ana"], ["hr"])
    assert told() == [("roles_changed", "ana"), ("roles_of_another_changed", "admin")]
    change_account(rapport, people.actor("lead"), ids["ana"], ["hr"])
    change_account(rapport, people.actor("lead"), ids["ana"], active=False)
    assert told() == []


def test_an_account_that_begins_with_rights_is_told_to_the_other_administrators(people, rapport, told):
    admin = people.actor("admin")
    change_account(rapport, admin, people.ids["lead"], ["admin"])
    told()
    for number, roles in enumerate(([], ["admin"])):
        person = add_person(rapport, admin, {"display_name": "New"})
        open_account(rapport, admin, person.id, f"new{number}@firm.example", roles)
        assert told() == [("roles_of_another_changed", "lead")] * len(roles)
    change_account(rapport, admin, person.id, active=False)
    add_user(rapport, NewUser("op@firm.example", "Op", "admin", organisation="Acme"), PASSWORD)
    assert told() == [("roles_of_another_changed", name) for name in ("admin", "lead")]


def test_both_sides_of_a_relation_hear_of_it(people, rapport, told, clock):
    admin, today = people.actor("admin"), clock.now.date()
    row = add_relation(rapport, admin, "stand_in", people.ids["boss"], people.ids["ana"], today)
    assert told() == [("relation_changed", "ana"), ("relation_changed", "boss")]
    end_relation(rapport, admin, row.id, today)
    assert told() == [("relation_changed", "ana"), ("relation_changed", "boss")]


@pytest.mark.parametrize("kind", KINDS)
def test_the_words_name_nobody_and_no_right(kind):
    for language in ("en", "zh"):
        _, body = words(kind, language, {"link": "https://rapport.example"})
        assert not any(name in body for name in (*NAMES.values(), "hr", "Acme"))
