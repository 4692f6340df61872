"""What holds for every page: accessible, narrow enough, in the reader's language, safe from hostile text."""

from __future__ import annotations

import pytest

from tests.service.pages import checks
from tests.service.pages.addresses import NOBODY, filled, visited


@pytest.fixture(scope="module")
def towns(service):
    """By language. In the English one people write what would run if it were not text."""
    return {
        "en": service.town("en", lambda text: text + checks.HOSTILE).add_states(),
        "zh": service.town("zh").add_states(),
    }


@pytest.fixture
def look(visit, towns):
    """Opens an address as that person of a town."""

    def open_page(which, person, address, **more):
        town = towns[which]
        one = visit(None if person == NOBODY else person, town, language=town.language, **more)
        one.open(filled(address, town))
        return one

    return open_page


@pytest.mark.parametrize(("person", "address"), visited())
def test_a_page_in_english_by_day_with_hostile_text(look, person, address):
    one = look("en", person, address)
    page = one.page
    assert [*checks.harmless(page), *checks.spoken(page, "en")] == []
    assert [*checks.accessible(page), *checks.fits(page, 640)] == []
    assert one.script_bytes() <= checks.MOST_SCRIPT_BYTES


@pytest.mark.parametrize(("person", "address"), visited())
def test_a_page_in_chinese_by_night_on_a_phone(look, person, address):
    page = look("zh", person, address, narrow=True, color_scheme="dark").page
    assert [*checks.accessible(page), *checks.spoken(page, "zh"), *checks.fits(page, 360)] == []
