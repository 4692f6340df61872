"""What pages cost a browser: first content, scripts, and a review of ninety minutes under the hands.

`python -m tests.bench.pages_bench`. A service on this machine, Debian's Chromium, nothing in its cache.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from service.db.migrate import upgrade
from tests.bench.tables import heading, table
from tests.service.pages.addresses import NOBODY, filled, visited
from tests.service.pages.browsing import Visit, make_assets, started
from tests.service.pages.served import served

TURNS = 1500
TIMES = 3
AIM_CONTENT_MS, AIM_SCRIPTS_KIB, AIM_HANDLER_MS = 500, 150, 50
OBSERVE = """() => {
  window.measured = {handlers: [], tasks: []};
  const handler = (one) => measured.handlers.push([one.name, one.processingEnd - one.processingStart]);
  const watch = (done, options) =>
    new PerformanceObserver((list) => list.getEntries().forEach(done)).observe(options);
  watch(handler, {type: "event", durationThreshold: 16});
  watch((one) => measured.tasks.push(one.duration), {type: "longtask"});
}"""
FIRST_CONTENT = """() => new Promise((told) => new PerformanceObserver((list) => {
  for (const one of list.getEntriesByName("first-contentful-paint")) told(one.startTime);
}).observe({type: "paint", buffered: true}))"""


def first_content(browser, base, town, person, address):
    """Milliseconds to the first content (median), and bytes of scripts."""
    times, scripts = [], 0
    for _ in range(TIMES):
        visit = Visit(browser, base, town.language, None if person == NOBODY else town.cookie(person))
        page = visit.open(filled(address, town))
        times.append(page.evaluate(FIRST_CONTENT))
        scripts = visit.script_bytes()
        visit.close()
    return statistics.median(times), scripts


def under_the_hands(browser, base, town):
    """What scrolling, keys and clicks cost on the long review: (of what, how often, worst ms)."""
    visit = Visit(browser, base, town.language, town.cookie("manager"))
    page = visit.open(filled("/meetings/{drafted}/review", town))
    page.wait_for_load_state("networkidle")
    lines = page.locator(".turn .at")
    found = []
    for what, act in (
        ("scrolling", lambda: _scroll(page, lines)),
        ("keys J and K", lambda: [page.keyboard.press(key) for key in "jk" * 10 + "j" * 10]),
        ("clicks on lines", lambda: [lines.nth(number).click() for number in range(0, TURNS, TURNS // 10)]),
        (
            "clicks on evidence",
            lambda: [one.click() for one in page.locator("#draft .quote:visible").all()[:8]],
        ),
    ):
        page.evaluate(OBSERVE)
        act()
        page.wait_for_timeout(300)  # observers are told late
        seen = page.evaluate("measured")
        handlers = [took for _, took in seen["handlers"]]
        found.append((what, len(handlers), max(handlers, default=0.0), max(seen["tasks"], default=0.0)))
    visit.close()
    return found


def _scroll(page, lines):
    lines.first.hover()
    for _ in range(60):
        page.mouse.wheel(0, 900)
        page.wait_for_timeout(16)


def main():
    """Prints the tables; 1 where an aim was missed."""
    make_assets()
    with tempfile.TemporaryDirectory(prefix="rapport-bench-") as made:
        migrated = Path(made) / "migrated.db"
        upgrade(f"sqlite:///{migrated}")
        with served(Path(made) / "served", migrated) as service, started() as browser:
            town = service.town().add_states()
            pages = [
                (address, *first_content(browser, service.base, town, person, address))
                for person, address in visited()
            ]
            town.meetings["drafted"] = town.planned()
            town.add_draft(town.meetings["drafted"], turns=TURNS)
            long = first_content(browser, service.base, town, "manager", "/meetings/{drafted}/review")
            pages.append((f"the same with {TURNS} turns", *long))
            acts = under_the_hands(browser, service.base, town)
    print(heading("Pages in Chromium, from a service on the same machine"))
    print(
        table(
            ("page", f"first content, ms (aim {AIM_CONTENT_MS})", f"scripts, KiB (aim {AIM_SCRIPTS_KIB})"),
            [(address, f"{time:.0f}", f"{size / 1024:.0f}") for address, time, size in pages],
        )
    )
    print(
        table(
            (
                f"review of {TURNS} turns",
                "events",
                f"slowest handler, ms (aim {AIM_HANDLER_MS})",
                "longest task, ms",
            ),
            [(what, f"{count}", f"{worst:.0f}", f"{task:.0f}") for what, count, worst, task in acts],
        )
    )
    slow = [one for one in pages if one[1] > AIM_CONTENT_MS or one[2] > AIM_SCRIPTS_KIB * 1024]
    return int(bool(slow) or any(worst > AIM_HANDLER_MS for _, _, worst, _ in acts))


if __name__ == "__main__":
    sys.exit(main())
