"""Twenty managers at work, each in a browser of their own: the list, a review, decisions, confirm.

Between two pages they think for a second. What a page asks for is asked one after the other.
"""

from __future__ import annotations

import itertools
import json
import os
from pathlib import Path

from locust import HttpUser, SequentialTaskSet, constant, task

API = "/api/v1/meetings"
PEOPLE = [
    one
    for one in json.loads(Path(os.environ["RAPPORT_BENCH_PEOPLE"]).read_text("utf-8"))
    if one["name"].startswith("Manager")
]
TURN = itertools.cycle(PEOPLE)
SAFE = {"accept": "application/json"}


class Review(SequentialTaskSet):
    """One meeting from the list to confirmed minutes, then the next."""

    def on_start(self):
        person = next(TURN)
        self.client.cookies.set("rapport", person["cookie"])
        self.changing = {**SAFE, "x-csrf-token": person["csrf"]}
        self.meeting, self.revision, self.draft = None, "", {}

    @task
    def list_of_meetings(self):
        with self.client.get(f"{API}?limit=50", headers=SAFE, name="list", catch_response=True) as answer:
            waiting = [one["id"] for one in answer.json()["items"] if one["state"] == "drafted"]
            if not waiting:
                answer.failure("no meeting is left to review")
            self.meeting = waiting[0] if waiting else None

    @task
    def review(self):
        if self.meeting is None:
            return
        self.client.get(f"{API}/{self.meeting}", headers=SAFE, name="review: meeting")
        answer = self.client.get(f"{API}/{self.meeting}/draft", headers=SAFE, name="review: draft")
        self.draft, self.revision = answer.json()["draft"], answer.headers["etag"]
        self.client.get(f"{API}/{self.meeting}/transcript", headers=SAFE, name="review: transcript")

    @task
    def decide(self):
        if self.meeting is None:
            return
        decisions = [{"item": one, "verdict": "accept"} for one in self.shown]
        self._change("decisions", {"decisions": decisions}, "decide")

    @task
    def confirm(self):
        if self.meeting is None:
            return
        self._change("confirm", {"displayed": ["summary", *self.shown]}, "confirm")

    @property
    def shown(self):
        groups = ("points", "agreements", "action_items")
        return [item["id"] for group in groups for item in self.draft[group]]

    def _change(self, what, body, name):
        headers = {**self.changing, "if-match": self.revision}
        answer = self.client.post(f"{API}/{self.meeting}/{what}", json=body, headers=headers, name=name)
        self.revision = answer.headers.get("etag", self.revision)


class Manager(HttpUser):
    """A browser."""

    wait_time = constant(1)
    tasks = (Review,)
