"""An administrator at work in a browser: a table of people, a template by keyboard, a catalogue."""

from __future__ import annotations

import pytest

TABLE = "name,e-mail,unit\nEva Lang,eva@firm.example,Sales / North\n{second}\n"
RESOURCES = "id,title,kind,skills\n{rows}\n"


@pytest.fixture
def admin(visit):
    return visit("admin")


def csv(name, text):
    return {"name": name, "mimeType": "text/csv", "buffer": text.encode()}


def test_a_table_of_people_is_mended_and_imported_and_somebody_gets_an_account_and_a_manager(admin, town):
    page = admin.open("/administration/people/import")
    field, check, apply = (
        page.get_by_label("CSV file"),
        page.get_by_role("button", name="Check the file"),
        page.get_by_role("button", name="Import it"),
    )
    field.set_input_files(csv("p.csv", TABLE.format(second="Tom,not an address,")))
    check.click()
    page.get_by_text("Problems: 1.").wait_for()
    assert page.locator("[data-rows] td").first.inner_text() == "3"
    assert apply.is_hidden()
    field.set_input_files(csv("p.csv", TABLE.format(second="Mia <b>Kern</b>,mia@firm.example,Sales")))
    check.click()
    page.get_by_text("Mia <b>Kern</b> is added").wait_for()
    apply.click()
    page.get_by_text("Imported.").wait_for()

    page = admin.open("/administration/people?q=eva")
    page.get_by_role("link", name="Eva Lang").click()
    page.get_by_role("checkbox", name="HR").check()
    page.get_by_role("button", name="Open the account").click()
    page.get_by_text("Invited, but has not signed in yet.").wait_for()
    page.get_by_text("Who manages Eva Lang").first.click()
    page.get_by_role("searchbox", name="Who manages Eva Lang").fill(town.names["boss"][:4])
    page.get_by_role("radio", name=town.names["boss"]).check()
    page.get_by_role("button", name="Add").first.click()
    page.locator("ol.rows").get_by_text(f"{town.names['boss']} manages Eva Lang").wait_for()


def test_a_template_is_changed_by_keyboard_and_goes_back(admin):
    page = admin.open("/administration/templates/career/en")
    lines = page.locator('[data-lines="agenda"] > li')

    def titles():
        return lines.locator('input[name$=".title"]').evaluate_all("all => all.map(field => field.value)")

    shipped = titles()
    page.get_by_role("button", name="Add a part").press("Enter")
    page.keyboard.type("How are you?")
    for at in range(len(shipped), 0, -1):
        lines.nth(at).get_by_role("button", name="Up").press("Enter")
        assert lines.nth(at - 1).locator("button:focus").count() == 1
    preview = page.locator("[data-template-preview] > ol").first.locator("> li")
    assert preview.first.inner_text().startswith("How are you? (5 min)")
    page.get_by_role("button", name="Save").press("Enter")
    page.get_by_text("your own", exact=True).wait_for()
    assert titles() == ["How are you?", *shipped]
    page.get_by_role("button", name="Back to the one that ships").press("Enter")
    page.get_by_role("button", name="Yes, do it").press("Enter")
    page.get_by_text("as shipped", exact=True).wait_for()
    assert titles() == shipped


def test_a_catalogue_is_checked_imported_and_waits_for_a_worker(admin):
    page = admin.open("/administration/catalogue")
    page.get_by_text("Import a file").click()
    field, check = page.get_by_label("File", exact=True), page.get_by_role("button", name="Check the file")
    admin.allowed = {422}
    field.set_input_files(
        csv("c.csv", RESOURCES.format(rows="a-1,Talks,course,Speaking\n,No id,course,\na-1,Twice,course,"))
    )
    check.click()
    problem = page.get_by_role("alert")
    problem.wait_for()
    assert "3" in problem.inner_text() and "4" in problem.inner_text()
    admin.allowed = set()
    field.set_input_files(csv("c.csv", RESOURCES.format(rows="a-1,=1+1 <i>Talks</i>,course,Speaking")))
    check.click()
    page.get_by_text("New: 1").click()
    page.get_by_text("a-1", exact=True).wait_for()
    page.get_by_role("button", name="Put it in place of the list").click()
    page.get_by_role("rowheader", name="=1+1 <i>Talks</i>", exact=True).wait_for()
    assert page.get_by_role("progressbar").get_attribute("value") == "0.0"
