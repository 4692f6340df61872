"""What an administrator's pages tell of people: accounts, units, who manages whom in time."""

from __future__ import annotations

import html
import re

import pytest

from service.domain.account_errors import SignInFailed
from service.usecases import accounts, relations, units
from service.usecases import people as listed
from service.usecases.sign_in import sign_in
from tests.service.office import email


@pytest.fixture
def admin(people):
    return people.actor("admin")


@pytest.fixture
def text(people):
    """The words of a page, as the administrator sees them."""

    def words(path):
        answer = people.sign_in("admin").get(f"/administration/{path}", headers={"Accept": "text/html"})
        assert answer.status_code == 200
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())

    return words


def test_accounts_say_whether_one_can_sign_in(rapport, people, admin, clock):
    eva = listed.add_person(rapport, admin, {"display_name": "Eva Lang"}).id
    accounts.open_account(rapport, admin, eva, "eva@firm.example")
    accounts.change_account(rapport, admin, people.ids["li"], active=False)
    for _ in range(10):
        with pytest.raises(SignInFailed):
            sign_in(rapport, email("ana"), "not the password of anybody")
    asked = {
        "invited": eva,
        "off": people.ids["li"],
        "locked": people.ids["ana"],
        "active": people.ids["lead"],
    }

    def standings():
        found = accounts.accounts_of(rapport, admin, list(asked.values()))
        return [found[person_id][1] for person_id in asked.values()]

    assert standings() == list(asked)
    clock.move(minutes=16)
    assert standings() == ["invited", "off", "active", "active"]
    foreign = accounts.accounts_of(rapport, people.actor("outsider"), list(asked.values()))
    assert foreign == {}


def test_people_are_listed_by_unit_and_page_by_page(rapport, people, admin, text):
    sales = units.add_unit(rapport, admin, "Sales")
    north = units.add_unit(rapport, admin, "North", sales.id)
    units.assign_people(rapport, admin, north.id, [people.ids["ana"], people.ids["li"]])
    assert [(one.path, one.people) for one in units.places(rapport, admin)] == [
        ("Sales", 0),
        ("Sales / North", 2),
    ]
    found = text(f"people?unit={north.id}")
    assert "Ana Ruiz" in found and "李雷" in found and "Dana Moss" not in found
    for number in range(60):
        listed.add_person(rapport, admin, {"display_name": f"Zoe {number:02}"})
    assert "Zoe 59" not in text("people?q=zoe")
    _, following = listed.list_people(rapport, admin, "zoe", limit=50)
    assert "Zoe 59" in text(f"people?q=zoe&after={following}")
    assert "Nobody matches" in text("people?q=nobody")


def test_relations_are_told_in_the_order_of_time(rapport, people, admin, clock, text):
    ana, day = people.ids["ana"], clock().date()
    (first,) = relations.list_relations(rapport, admin, ana)
    clock.move(days=30)
    today = clock().date()
    relations.end_relation(rapport, admin, first.id, today.replace(day=1))
    relations.add_relation(rapport, admin, "manager", people.ids["boss"], ana, today)
    relations.add_relation(rapport, admin, "stand_in", people.ids["hr"], ana, today.replace(month=9))
    line = relations.time_line(rapport, admin, ana)
    assert [[one.manager_id for one in rows] for rows in (line.later, line.now, line.over)] == [
        [people.ids["hr"]],
        [people.ids["boss"]],
        [people.ids["lead"]],
    ]
    found = text(f"people/{ana}")
    order = [
        found.index(words)
        for words in ("林静 manages Ana Ruiz", "Hannah Reeve stands in", "Dana Moss manages")
    ]
    assert order == sorted(order)
    assert "Entered by Ada Byron" in found
    assert first.from_day == day


def test_nobody_is_offered_to_change_their_own_rights(people, text):
    own, other = text(f"people/{people.ids['admin']}"), text(f"people/{people.ids['ana']}")
    assert "Another administrator changes your rights" in own
    assert "Switch the account off" in other and "Switch the account off" not in own
