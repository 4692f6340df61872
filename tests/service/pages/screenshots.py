"""Pictures of the main pages for the documents: `python -m tests.service.pages.screenshots FOLDER`.

A service of its own with people and meetings of the tests, in both languages.
"""

from __future__ import annotations

import io
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from PIL import Image

from service.db.migrate import upgrade
from service.domain.follow_up import ItemStatus
from service.usecases.action_items import Filters, list_action_items, set_status
from tests.service.pages.addresses import filled
from tests.service.pages.browsing import PHONE, Visit, make_assets, started
from tests.service.pages.served import served

PICTURES = {
    "home": "/",
    "new-meeting": "/meetings/new",
    "review": "/meetings/{drafted}/review",
    "minutes": "/meetings/{acknowledged}/minutes",
    "team": "/team",
}
ON_A_PHONE = ("review",)
STATES = ("acknowledged", "confirmed", "processing", "drafted")
MOST_BYTES = 200 * 1024


def small(picture):
    """The PNG with as many colours as the limit allows."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    for colours in (256, 128, 64, 32):
        out = io.BytesIO()
        image.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        if out.tell() <= MOST_BYTES:
            break
    return out.getvalue()


def take(browser, base, town, folder, name, size=None):
    """One picture, of what is seen without scrolling; what went wrong on the way."""
    visit = Visit(browser, base, town.language, town.cookie("manager"), size=size)
    page = visit.open(filled(PICTURES[name], town))
    page.wait_for_load_state("networkidle")
    where = folder / f"{name}{'-phone' if size else ''}-{town.language}.png"
    where.write_bytes(small(page.screenshot(animations="disabled", caret="hide")))
    visit.close()
    print(where, f"{where.stat().st_size // 1024} KiB")
    return visit.wrong


def lived_in(town):
    """Most of what was promised is done by now."""
    manager = town.actor("manager")
    longer = Filters("meetings", outstanding=True, due_by=town.today - timedelta(days=14))
    for one in list_action_items(town.rapport, manager, longer).items:
        set_status(town.rapport, manager, one.row.id, one.row.revision, ItemStatus.done)
    return town


def main(folder):
    """Writes all of them; 1 where a page had trouble."""
    folder.mkdir(parents=True, exist_ok=True)
    make_assets()
    wrong = []
    with tempfile.TemporaryDirectory(prefix="rapport-pictures-") as made:
        migrated = Path(made) / "migrated.db"
        upgrade(f"sqlite:///{migrated}")
        with served(Path(made) / "served", migrated) as service, started() as browser:
            for language in ("en", "zh"):
                town = lived_in(service.town(language).add_states(STATES))
                for name in PICTURES:
                    wrong += take(browser, service.base, town, folder, name)
                for name in ON_A_PHONE:
                    wrong += take(browser, service.base, town, folder, name, PHONE)
    print(*wrong, sep="\n")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
