"""A browser on the service that remembers everything that went wrong on our side of a page."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock
from playwright.sync_api import sync_playwright

WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
NARROW = {"width": 360, "height": 780}
LOCALES = {"en": "en-GB", "zh": "zh-CN"}
ROOT = Path(__file__).parents[3]
VENDOR = ROOT / "service" / "web" / "static" / "vendor"


def chromium():
    """The path of Debian's Chromium, installed where it is missing and we may; None where there is none."""
    with FileLock(Path(tempfile.gettempdir()) / "rapport-chromium.lock"):
        if shutil.which("chromium") is None and shutil.which("apt-get") and os.geteuid() == 0:
            subprocess.run(["apt-get", "update", "--quiet", "--quiet"], check=False)
            needed = ["chromium", "fonts-noto-cjk"]
            install = ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", *needed]
            subprocess.run(install, check=False, stdout=subprocess.DEVNULL)
    return shutil.which("chromium")


def make_assets():
    """`make assets`, once for all processes of the tests."""
    with FileLock(Path(tempfile.gettempdir()) / "rapport-assets.lock"):
        if not (VENDOR / "htmx.js").exists():
            subprocess.run(["make", "assets", f"PYTHON={sys.executable}"], cwd=ROOT, check=True)


@contextmanager
def started():
    """A browser without windows."""
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-dev-shm-usage", "--use-fake-ui-for-media-stream"]
        flags += ["--use-fake-device-for-media-stream", "--autoplay-policy=no-user-gesture-required"]
        browser = playwright.chromium.launch(executable_path=chromium(), args=flags)
        yield browser
        browser.close()


class Visit:
    """One person's browser: a `page`, and what went wrong in it (`wrong`).

    `allowed`: statuses from 400 on that a test provokes; any other, a word on the console, a refused script
    or style, a request without an answer is wrong.
    """

    def __init__(self, browser, base, language="en", cookie=None, size=None, **more):
        self.wrong, self.allowed, self._base = [], set(), base
        self.context = browser.new_context(
            base_url=base,
            viewport=size or WIDE,
            locale=LOCALES[language],
            reduced_motion="reduce",
            **more,
        )
        self.context.set_default_timeout(10_000)
        if cookie is not None:
            name, value = cookie
            self.context.add_cookies([{"name": name, "value": value, "url": base}])
        self.context.on("console", self._console)
        self.context.on("weberror", lambda error: self.wrong.append(f"error: {error.error}"))
        self.context.on("response", self._response)
        self.context.on("requestfailed", self._failed)
        self._scripts = []
        self.context.on("requestfinished", self._finished)
        self.page = self.context.new_page()

    def open(self, path):
        """The page at that path, loaded, with its scripts and parts."""
        self.page.goto(path, wait_until="load")
        return self.page

    def script_bytes(self):
        """What scripts took on the way here so far, compressed as they came."""
        return sum(request.sizes()["responseBodySize"] for request in self._scripts)

    def close(self):
        self.context.close()

    def _finished(self, request):
        if request.resource_type == "script":
            self._scripts.append(request)

    def _console(self, message):
        # Of answers that refuse, `_response` tells.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.wrong.append(f"console: {message.text}")

    def _response(self, response):
        if response.status >= 400 and response.status not in self.allowed:
            self.wrong.append(f"{response.status} {response.request.method} {response.url}")

    def _failed(self, request):
        if request.failure != "net::ERR_ABORTED":  # leaving a page breaks off what it still asks for
            self.wrong.append(f"{request.failure} {request.url}")
