"""The pages in Debian's Chromium on a real service: `visit("manager")` is the browser of that person."""

from __future__ import annotations

import pytest

from tests.service.conftest import migrated_sqlite  # noqa: F401 - also used by tests elsewhere
from tests.service.pages.browsing import NARROW, Visit, chromium, make_assets, started
from tests.service.pages.served import served

FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


@pytest.fixture(scope="package")
def browser():
    """For the package alone: its loop would be in the way of other tests' own."""
    if chromium() is None:
        pytest.skip("no Chromium")
    make_assets()
    with started() as browser:
        yield browser


@pytest.fixture(scope="module")
def service(tmp_path_factory, migrated_sqlite):  # noqa: F811
    """A service for the tests of a module."""
    with served(tmp_path_factory.mktemp("served"), migrated_sqlite) as service:
        yield service


@pytest.fixture(scope="module")
def town(service):
    """Its people and meetings, in English."""
    return service.town().add_states()


@pytest.fixture
def visit(request, browser, service, tmp_path):
    """Opens browsers: `visit("manager")` in a town of the module, `visit(None)` where nobody is signed in.

    A test fails for whatever went wrong in one of them, and a failed one leaves pictures.
    """
    visits = []

    def open_browser(name=None, town=None, language=None, **more):
        if name is not None and town is None:
            town = request.getfixturevalue("town")
        cookie = town.cookie(name) if name is not None else None
        language = language or (town.language if town else "en")
        if more.pop("narrow", False):
            more["size"] = NARROW
        visits.append(Visit(browser, service.base, language, cookie, **more))
        return visits[-1]

    yield open_browser
    wrong = [line for one in visits for line in one.wrong]
    if wrong or request.node.stash.get(FAILED, False):
        for number, one in enumerate(visits):
            path = tmp_path / f"{number}.png"
            one.page.screenshot(path=path, full_page=True)
            print(f"{one.page.url}: {path}")
    for one in visits:
        one.close()
    assert wrong == []
