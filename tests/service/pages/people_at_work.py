"""What people do on the pages, by the names that they read there, in their language."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from service.web.templating import texts
from tests.service.office import PASSWORD


class Hands:
    """A person at a page: by mouse and keys, or `by_keys` alone, where Tab has to reach everything."""

    def __init__(self, visit, language, *, by_keys=False):
        self.visit, self.page, self.language, self.by_keys = visit, visit.page, language, by_keys

    def say(self, key, **values):
        """The sentence of a page in the person's language."""
        return texts().say(key, self.language, **values)

    def button(self, key, within=None, **values):
        return (within or self.page).get_by_role("button", name=self.say(key, **values), exact=True)

    def link(self, key, **values):
        return self.page.get_by_role("link", name=self.say(key, **values), exact=True)

    def field(self, key, within=None):
        return (within or self.page).get_by_label(self.say(key), exact=True)

    def press(self, target):
        """Clicks it; with keys alone: goes there by Tab, and presses Enter, or Space on a box."""
        if not self.by_keys:
            target.click()
            return
        self.reach(target)
        ticks = target.evaluate("(one) => one.matches('input[type=checkbox], input[type=radio]')")
        self.page.keyboard.press("Space" if ticks else "Enter")

    def write(self, target, text):
        """Puts the text in place of what is there."""
        if self.by_keys:
            self.reach(target)
            self.page.keyboard.press("ControlOrMeta+a")
            self.page.keyboard.insert_text(text)
        else:
            target.fill(text)

    def reach(self, target):
        """Tab until it has the focus, at most once around the page."""
        expect(target).to_be_visible()
        for _ in range(150):
            if target.evaluate("(one) => one === document.activeElement"):
                return
            # Of a group of radio buttons Tab reaches one, arrows the others.
            in_group = target.evaluate("(one) => one.name && one.name === document.activeElement.name")
            self.page.keyboard.press("ArrowDown" if in_group else "Tab")
        raise AssertionError(f"the keyboard does not reach {target}")

    def sign_in(self, email):
        self.visit.open("/sign-in")
        self.write(self.field("signing_in.email"), email)
        self.write(self.field("signing_in.password"), PASSWORD)
        self.press(self.button("signing_in.sign_in"))
        self.page.wait_for_url(re.compile(r"/$"))
        self.page.wait_for_load_state()

    def plan(self, employee):
        """A new meeting with that person of one's own, who agreed to the recording; its id."""
        self.visit.open("/meetings/new")
        self.press(self.page.get_by_role("button", name=re.compile(f"^{employee}")))
        self.press(self.field("new_meeting.agreed"))
        self.press(self.button("new_meeting.plan"))
        self.page.wait_for_url(re.compile(r"/meetings/[0-9a-f-]{36}$"))
        self.page.wait_for_load_state()
        return self.page.url.rpartition("/")[2]

    def upload(self, path):
        """The recording of the meeting on the page, chosen as files are chosen."""
        with self.page.expect_file_chooser() as choosing:
            if self.by_keys:
                self.reach(self.field("upload.choose"))
                self.page.keyboard.press("Enter")
            else:
                self.page.get_by_text(self.say("upload.choose"), exact=True).click()
        choosing.value.set_files(path)
        self.press(self.button("upload.start"))
        self.page.get_by_role("heading", name=self.say("progress.title")).wait_for()

    def await_draft(self):
        """The page of the meeting goes on to the review once there is a draft."""
        self.page.wait_for_url(re.compile("/review$"), timeout=90_000)
        self.page.wait_for_load_state()

    def name_voice(self, number, name):
        """Says who the voice is that the recording's draft does not know yet."""
        self.turn_to("review.transcript")
        voice = self.say("transcript.voice", n=number)
        self.press(self.page.get_by_role("button", name=re.compile(f"^{voice} ")))
        dialog = self.page.get_by_role("dialog")
        self.press(dialog.get_by_label(name))
        self.press(self.button("transcript.save_speaker", dialog))
        dialog.wait_for(state="hidden")
        self.turn_to("review.draft")

    def turn_to(self, pane):
        """On a narrow screen one of the two is shown."""
        choice = self.button(pane)
        if choice.is_visible():
            self.press(choice)

    def item(self, words):
        """The article of the draft with these words."""
        return self.page.locator("#draft").get_by_role("article", name=words, exact=True)

    def decide(self, words, verdict):
        """Presses the button of the verdict (a key of review.toml), and waits until it is saved."""
        self.press(self.button(f"review.{verdict}", self.item(words)))
        self.saved()

    def edit(self, words, new):
        """Gives an action item other words."""
        self._rewrite(self.item(words), "review.words_task", new)
        self.item(new).wait_for()

    def sum_up(self, words):
        """Writes the summary."""
        part = self.page.get_by_role("region", name=self.say("review.summary"), exact=True)
        self._rewrite(part.get_by_role("article"), "review.words_summary", words)

    def _rewrite(self, item, field, new):
        self.press(self.button("review.edit", item))
        self.write(self.field(field, item), new)
        self.press(self.button("review.save", item))
        self.saved()

    def accept_open(self):
        """Accepts, one by one, whatever one confirm does not cover."""
        waiting = self.page.locator("#draft article[data-state=open]")
        for left in range(waiting.count(), 0, -1):
            expect(waiting).to_have_count(left)
            self.press(self.button("review.accept", waiting.first))
            self.saved()
        expect(waiting).to_have_count(0)

    def saved(self):
        expect(self.page.locator("#saved")).to_have_text(self.say("review.saved"))

    def confirm(self):
        """Looks at everything, confirms, and comes to the minutes."""
        for article in self.page.locator("#draft article").all():
            article.scroll_into_view_if_needed()
        self.press(self.button("review.confirm"))
        self.page.wait_for_url(re.compile("/minutes$"))
        self.page.wait_for_load_state()

    def acknowledge(self):
        """The employee agrees to the minutes on the page."""
        self.press(self.button("minutes.acknowledge"))
        self.button("minutes.acknowledge").wait_for(state="detached")

    def dispute(self, words, comment):
        """The employee says what is not right about an item."""
        self.press(self.page.get_by_text(self.say("minutes.dispute"), exact=True))
        self.press(self.page.get_by_role("checkbox", name=re.compile(f"{words}$")))
        self.write(self.field("minutes.comment"), comment)
        self.press(self.button("minutes.send_dispute"))
        self.button("minutes.send_dispute").wait_for(state="detached")

    def correct(self, words, new, version):
        """The manager gives an item other words, in a new version."""
        self.press(self.link("minutes.correct"))
        self.page.wait_for_url(re.compile("/correction$"))
        self.page.wait_for_load_state()
        fields = self.page.get_by_role("textbox", name=self.say("minutes.task"), exact=True)
        matching = [one for one in fields.all() if one.input_value() == words]
        self.write(matching[0], new)
        self.press(self.button("minutes.confirm_version", n=version))
        self.page.wait_for_url(re.compile("/minutes$"))
        self.page.wait_for_load_state()

    def download(self, form):
        """The bytes of an export."""
        link = self.link(f"minutes.format_{form}")
        if not link.is_visible():
            self.press(self.page.get_by_text(self.say("minutes.download"), exact=True))
        with self.page.expect_download() as loading:
            self.press(link)
        return loading.value.path().read_bytes()
