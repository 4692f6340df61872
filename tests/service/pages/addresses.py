"""Every page and who may see it, as the table "who may see what" has it: a test compares it with the routes.

In addresses, {employee}, {boss} ... are people of the town and {drafted}, {confirmed} ... its meetings of
`manager` and `employee` by state.
"""

from __future__ import annotations

import re

from service.web.pages import ROUTERS

BOTH, TEAM, ALL = ("manager", "employee"), ("manager",), ("manager", "employee", "boss", "hr", "admin")
NOBODY = "nobody"

PAGES = {
    "/": ALL,
    "/meetings": ALL,
    "/meetings/new": ALL,
    "/meetings/{planned}": BOTH,
    "/meetings/{processing}": BOTH,
    "/meetings/{failed}": BOTH,
    "/meetings/{cancelled}": BOTH,
    "/meetings/{drafted}/review": TEAM,
    "/meetings/{confirmed}/minutes": BOTH,
    "/meetings/{disputed}/minutes": BOTH,
    "/meetings/{acknowledged}/minutes": BOTH,
    "/action-items": ALL,
    "/team": ALL,
    "/people/{employee}": BOTH,
    "/me": ALL,
    "/me/plan": ALL,
    "/me/privacy": ALL,
    "/sign-in": (NOBODY,),
    "/forgotten": (NOBODY,),
}
ELSEWHERE = {
    "/setup": "before there is any account: tests/service/web/test_setup.py",
    "/invitations/{secret}": "with a one-time link: test_browsing.py",
    "/meetings/{meeting_id}/review": "",
}
"""Pages that other tests look at, and why."""


def routes():
    """The paths of all pages."""
    return sorted({route.path for router in ROUTERS for route in router.routes})


def route_of(address):
    """The route that serves an address of the table; None where there is none (yet)."""
    exact = [path for path in routes() if path == address]
    plain = re.sub(r"\{\w+\}", "x", address)
    fitting = [path for path in routes() if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), plain)]
    return next(iter([*exact, *fitting]), None)


def filled(address, town):
    """The address with the town's ids."""
    return address.format(**town.ids, **town.meetings)


def visited():
    """(person, address) of every page that is there, seen by the first who may."""
    return [(people[0], address) for address, people in PAGES.items() if route_of(address)]
