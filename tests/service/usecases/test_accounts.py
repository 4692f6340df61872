"""Accounts on both databases: what depends on locks, order and search."""

from __future__ import annotations

import threading

import pytest

from service.bootstrap import build
from service.domain.account_errors import AccountConflict, SignInFailed, TooManyTries
from service.errors import ServiceError
from service.hosting import hosting
from service.storage.master import create_master_key
from service.usecases.people import change_person, list_people
from service.usecases.relations import add_relation
from service.usecases.setup import FirstAdministrator, set_up, setup_code
from service.usecases.sign_in import FAILURES, sign_in
from service.web.app import create_app
from tests.service.office import NAMES, PASSWORD, email, open_office


@pytest.fixture
def rapport(tmp_path, clock, migrated_url, queue):
    create_master_key(tmp_path / "master.key")
    settings = {
        "RAPPORT_DATA": str(tmp_path / "parts"),
        "RAPPORT_DATABASE": migrated_url,
        "RAPPORT_MASTER_KEY_FILE": str(tmp_path / "master.key"),
    }
    built = build(hosting(settings), clock=clock, queue=queue)
    yield built
    built.database.close()


@pytest.fixture
def people(rapport):
    return open_office(create_app(rapport), rapport)


def at_once(number, act):
    """What became of it when that many do it at the same time: None or the kind of refusal."""

    def run(one):
        try:
            act(one)
        except ServiceError as error:
            found.append(type(error))
        else:
            found.append(None)

    found = []
    threads = [threading.Thread(target=run, args=(one,)) for one in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_two_who_set_up_at_once_make_one_organisation(rapport):
    def ask(number):
        first = FirstAdministrator("Acme", "Ada", f"ada{number}@firm.example", PASSWORD)
        set_up(rapport, setup_code(rapport), first)

    found = at_once(4, ask)
    assert (found.count(None), found.count(AccountConflict)) == (1, 3)


def test_guesses_at_once_are_counted_one_by_one(people, rapport):
    found = at_once(FAILURES + 4, lambda _: sign_in(rapport, email("ana"), "wrong password"))
    assert (found.count(SignInFailed), found.count(TooManyTries)) == (FAILURES, 4)
    with pytest.raises(TooManyTries):
        sign_in(rapport, email("ana"), PASSWORD)


def test_pages_hold_everybody_once_in_one_order(people, rapport):
    actor, names, after = people.actor("ana"), [], None
    while True:
        page, after = list_people(rapport, actor, "", after, limit=2)
        names += [row.sort_key for row in page]
        if after is None:
            break
    assert names == sorted(names)
    assert len(names) == len(NAMES) - 2


@pytest.mark.parametrize("search", ["老林", "linda", "lin j", "静"])
def test_a_person_is_found_in_every_way_they_are_called(people, rapport, search):
    change_person(rapport, people.actor("admin"), people.ids["boss"], {"aliases": ["老林", "Linda"]})
    found, _ = list_people(rapport, people.actor("ana"), search)
    assert [row.id for row in found] == [people.ids["boss"]]


def test_the_same_relation_is_made_once(people, rapport, clock):
    def ask(_):
        day = clock.now.date()
        add_relation(rapport, people.actor("admin"), "stand_in", people.ids["boss"], people.ids["ana"], day)

    found = at_once(3, ask)
    assert (found.count(None), found.count(AccountConflict)) == (1, 2)
