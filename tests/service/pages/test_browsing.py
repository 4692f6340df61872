"""The pages of those who come in, and that what goes wrong in a browser is noticed."""

from __future__ import annotations

import pytest

from tests.service.office import PASSWORD
from tests.service.pages import checks
from tests.service.pages.browsing import NARROW, Visit
from tests.service.pages.people_at_work import Hands
from tests.service.pages.served import served


def test_one_signs_in_and_out(visit, town):
    one = visit()
    page = one.open("/")
    page.get_by_label("E-mail address").fill(town.email("manager"))
    page.get_by_label("Password").fill("not the password")
    one.allowed = {401}
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("alert").wait_for()
    one.allowed = set()
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("link", name=town.names["manager"]).wait_for()
    page.wait_for_load_state()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_first_administrator_sets_it_up(browser, tmp_path, migrated_sqlite, language):
    """An empty service is opened, and the code that it left is given."""
    with served(tmp_path / "new", migrated_sqlite) as service:
        one = Visit(browser, service.base, language, size=NARROW)
        hands = Hands(one, language)
        page = one.open("/sign-in")
        assert [*checks.accessible(page), *checks.spoken(page, language), *checks.fits(page, 360)] == []
        code = (service.rapport.hosting.data_dir / "setup-code").read_text("utf-8").strip()
        for key, text in (
            ("code", code),
            ("organisation", "Acme"),
            ("name", "Ada"),
            ("email", "ada@acme.example"),
        ):
            hands.field(f"signing_in.{key}").fill(text)
        hands.field("signing_in.new_password").fill(PASSWORD)
        hands.button("signing_in.begin").click()
        hands.button("frame.sign_out").wait_for()
        assert one.wrong == []
        one.close()


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("console.error('broken')", "console: broken"),
        ("setTimeout(() => { throw new Error('thrown') })", "error: thrown"),
        (
            "document.body.setAttribute('onclick', 'alert(1)'); document.body.click()",
            "Content Security Policy",
        ),
        ("fetch('/nowhere')", "404 GET"),
    ],
)
def test_what_goes_wrong_in_a_page_is_noticed(visit, town, script, told):
    one = visit("manager")
    page = one.open("/")
    page.evaluate(f"() => {{ {script} }}")
    while not any(told in line for line in one.wrong):
        page.wait_for_timeout(20)  # the test's own limit ends this
    one.wrong.clear()
