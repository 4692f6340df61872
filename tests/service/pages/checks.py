"""What holds for every page, as checks that give a list of findings: empty is good."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
TEXTS = Path(__file__).parents[3] / "service" / "web" / "page_texts"
MOST_SCRIPT_BYTES = 150 * 1024

FOREIGN = {
    "en": re.compile(r"[\u3001-\u303f\u4e00-\u9fff\uff00-\uffef]+"),
    "zh": re.compile(r"[A-Za-z']{2,}(?: [A-Za-z']+){2,}"),
}
"""What does not belong into a text of that language: any Chinese, or three words of English in a row."""

NATIVE = {"English", "简体中文"}
"""Languages are called by their own names."""

TIME_ZONE = re.compile(r"\w+/[\w /-]+")

HOSTILE = "\"'><script>hostile = 1</script><hostile-x>{{7*7}}${7*7}</hostile-x>\u202e&lt;b&gt;"
"""Put behind every text of a hostile town."""

FINDINGS = Path(__file__).with_name("findings.js").read_text("utf-8")


def accessible(page):
    """Violations of WCAG 2.2 AA that axe sees."""
    found = Axe().run(page, options={"runOnly": WCAG, "resultTypes": ["violations"]}).response["violations"]
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"][:3]]


def fits(page, width):
    """Parts of the page that are wider than a window of that width (CSS pixels)."""
    page.set_viewport_size({"width": width, "height": 780})
    return page.evaluate(f"{FINDINGS}; tooWide()")


@cache
def sentences(language):
    """All of them in that language."""
    tables = [tomllib.loads(path.read_text("utf-8")) for path in TEXTS.glob("*.toml")]
    return [entry[language] for table in tables for entry in table.values()]


@cache
def allowed(language):
    """Words of the other language that a translation holds on purpose."""
    found = {run for text in sentences(language) for run in FOREIGN[language].findall(text)}
    return found | NATIVE


def spoken(page, language):
    """Words of the page in the other language, in a town whose people write their own language only."""
    texts = [
        text
        for text in page.evaluate(f"{FINDINGS}; spoken()")
        if not (text in NATIVE or TIME_ZONE.fullmatch(text))
    ]
    english = set(sentences("en")) - set(sentences("zh")) if language == "zh" else set()
    return [
        text for text in texts if text in english or set(FOREIGN[language].findall(text)) - allowed(language)
    ]


def harmless(page):
    """What became of hostile text."""
    return page.evaluate(f"{FINDINGS}; marked()")
