"""Who may see which page: the table of addresses, line by line; everybody else is told what the API tells."""

from __future__ import annotations

import itertools

import httpx
import pytest

from tests.service.pages.addresses import ALL, BEFORE_ALL, NOBODY, PAGES, PARTS, filled, route_of, routes


@pytest.fixture(scope="module")
def ask(service, town):
    """The answer to a person's request for a page, redirects not followed."""
    with httpx.Client(base_url=service.base) as client:
        cookies = {name: town.cookie(name) for name in ALL}

        def request(person, address):
            headers = {"accept": "text/html"}
            if person != NOBODY:
                headers["cookie"] = "=".join(cookies[person])
            return client.get(filled(address, town), headers=headers)

        yield request


def test_every_page_is_in_the_table():
    assert {*routes()} == {BEFORE_ALL, *(route_of(address) for address in PAGES | PARTS)}


@pytest.mark.parametrize("person", [NOBODY, *ALL])
def test_only_those_in_the_table_see_a_page(ask, person):
    wrong = []
    for address, people in (PAGES | PARTS).items():
        if route_of(address) is None:
            continue
        answer = ask(person, address)
        if person in people or NOBODY in people:
            expected = {200, 303} if address in PARTS else {200}
        else:
            expected = {303} if person == NOBODY else {404, 403}
        if answer.status_code not in expected:
            wrong.append((address, answer.status_code, expected))
        elif (
            person == NOBODY
            and answer.status_code == 303
            and not answer.headers["location"].startswith("/sign-in?next=")
        ):
            wrong.append((address, answer.headers["location"]))
        elif answer.status_code == 404 and "text/html" not in answer.headers["content-type"]:
            wrong.append((address, answer.headers["content-type"]))
    assert wrong == []


def test_a_refused_page_does_not_say_whether_the_meeting_exists(ask, town):
    unknown = {"boss": "01972f8e-7c6b-7cc3-98c4-dc0c0c07398f"}
    refused = [filled(address, town) for address in PAGES if "meetings/{" in address and route_of(address)]
    for person, address in itertools.product(("boss", "admin"), refused):
        there = ask(person, address)
        parts = address.split("/")
        parts[2] = unknown["boss"]
        nowhere = ask(person, "/".join(parts))
        assert there.status_code == nowhere.status_code == 404
        number = [answer.headers["x-request-id"] for answer in (there, nowhere)]
        assert there.text.replace(number[0], "") == nowhere.text.replace(number[1], "")
