"""Every page and who may see it, as the table "who may see what" has it: a test compares it with the routes.

In addresses, {employee}, {boss} ... are people of the town and {drafted}, {confirmed} ... its meetings of
`manager` and `employee` by state.
"""

from __future__ import annotations

import re

from service.web.pages import ROUTERS

ALL = ("manager", "employee", "boss", "hr", "admin")
BOTH, LEADS, RUNS, NOBODY = ("manager", "employee"), ("manager",), ("admin",), "nobody"

PAGES = {
    "/": ALL,
    "/meetings": ALL,
    "/meetings/new": ALL,
    "/meetings/{planned}": BOTH,
    "/meetings/{planned}/consent": ("employee", "manager"),
    "/meetings/{processing}": BOTH,
    "/meetings/{failed}": BOTH,
    "/meetings/{cancelled}": BOTH,
    "/meetings/{drafted}/review": LEADS,
    "/meetings/{confirmed}/transcript": LEADS,
    "/meetings/{confirmed}/minutes": BOTH,
    "/meetings/{disputed}/minutes": BOTH,
    "/meetings/{acknowledged}/minutes": BOTH,
    "/meetings/{disputed}/minutes/correction": LEADS,
    "/action-items": ALL,
    "/team": ALL,
    "/people/{employee}": BOTH,
    "/me": ALL,
    "/me/plan": ALL,
    "/me/privacy": ALL,
    "/administration/audit-log": RUNS,
    "/administration/audit-log/check": RUNS,
    "/administration/catalogue": RUNS,
    "/administration/catalogue?kind=competencies": RUNS,
    "/administration/connections": RUNS,
    "/administration/organisation": RUNS,
    "/administration/people": RUNS,
    "/administration/people/import": RUNS,
    "/administration/people/new": RUNS,
    "/administration/people/{employee}": RUNS,
    "/administration/requests": RUNS,
    "/administration/templates": RUNS,
    "/administration/templates/check_in/en": RUNS,
    "/administration/units": RUNS,
    "/administration/units/{unit}": RUNS,
    "/sign-in": (NOBODY,),
    "/forgotten": (NOBODY,),
    "/invitations/{join}": (NOBODY,),
    "/invitations/{answer}": (NOBODY,),
}
PARTS = {
    "/administration": RUNS,
    "/administration/catalogue/standing": RUNS,
    "/meetings/{drafted}/review/draft": LEADS,
    "/meetings/{drafted}/review/transcript": LEADS,
    "/meetings/{processing}/progress": LEADS,
    "/meetings/new/people": ALL,
    "/meetings/new/agenda?kind=check_in": ALL,
}
"""What pages load by themselves, or are sent on from."""

BEFORE_ALL = "/setup"
"""There only while nobody has an account: test_browsing.py."""


def routes():
    """The paths of all pages."""
    return sorted({route.path for router in ROUTERS for route in router.routes})


def route_of(address):
    """The route that serves an address of the table; None where there is none (yet)."""
    exact = [path for path in routes() if path == address]
    plain = re.sub(r"\{\w+\}", "x", address).partition("?")[0]
    fitting = [path for path in routes() if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), plain)]
    return next(iter([*exact, *fitting]), None)


def filled(address, town):
    """The address with the town's ids."""
    return address.format(**town.ids, **town.meetings, **town.links, unit=town.unit)


def visited():
    """(person, address) of every page that is there, seen by the first who may."""
    return [(people[0], address) for address, people in PAGES.items() if route_of(address)]
