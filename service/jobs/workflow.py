"""The way of one recording, top to bottom: probe, listen, each window, assemble, draft, done.

What a step makes is an encrypted document; the durable engine keeps only its id. The document's key is made
of step, recording, options and engines: whatever is killed when, a step with a document is not run again.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import Any

from models.language_model import LanguageModel
from service.jobs.assignment import Assignment
from service.jobs.desk import Desk, StartModels, Stores
from service.jobs.ledger import Ledger, Stopped
from service.jobs.passed import Passed, unnoticed
from service.jobs.steps import GaveUp, Ref, Steps, patiently
from service.jobs.writer import revision_with, writer

DEFECT = "defect"
LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Workshop:
    """What a worker brings to every job. `revision`: of its engines; `tone_hints` False: none in any draft;
    `window_s`: about how long a window is (seconds, from 4), None: as the models choose. `language_model`:
    writes drafts as far as consent reaches. `passed`: is told the points that a job comes past.
    """

    stores: Stores
    node: str
    start_models: StartModels
    revision: str
    tone_hints: bool = True
    window_s: float | None = None
    language_model: LanguageModel | None = None
    passed: Passed = unnoticed


async def make_minutes(shop: Workshop, job_id: str) -> None:
    """From a recording, or an imported or corrected transcript, to a draft; the job's row tells how it
    ends.
    """
    ledger = Ledger(shop.stores.database, shop.stores.documents, job_id, shop.node)
    job = await patiently(ledger.begin)
    if job is None:
        return
    shop.passed("begun")
    job = _as_set_up(shop, job)
    async with Desk(shop.stores, job, shop.start_models) as desk:
        try:
            writing = writer(shop.language_model, job.outside)
            revision = revision_with(shop.revision, writing)
            await _minutes(job, Steps(job, ledger, desk, revision, shop.passed), ledger, shop.passed, writing)
        except Stopped:
            return
        except GaveUp as failure:
            await _give_up(ledger, failure.state, failure.reason)
        except Exception as defect:
            # Only its kind: the words of a foreign error may quote the meeting.
            what = {"job": job_id, "kind": type(defect).__name__}
            LOG.error("job_defect", extra=what)  # noqa: TRY400
            await _give_up(ledger, "failed", DEFECT)
    shop.passed("ended")


async def _minutes(
    job: Assignment, steps: Steps, ledger: Ledger, passed: Passed, writing: dict[str, Any]
) -> None:
    if job.transcript:
        steps.progress.only("draft")
    transcript = job.transcript or await _heard(job, steps)
    asked = {"transcript": Ref(transcript), "options": job.options, **writing}
    draft = await steps.run("draft", "draft", "draft", **asked)
    await patiently(ledger.finish, transcript, draft, passed)


async def _heard(job: Assignment, steps: Steps) -> str:
    recording = job.recording
    probe = Ref(await steps.run("probe", "probe", "probe", recording=recording))
    windows = len((await steps.read(probe))["windows"])
    steps.progress.plan(windows)
    voices = Ref(await steps.run("listen", "listen", "voices", recording=recording, probe=probe))
    known: dict[str, Any] = {"recording": recording, "probe": probe, "voices": voices}
    texts = [Ref(await steps.run("window", "window", "text", number, **known)) for number in range(windows)]
    return await steps.run("assemble", "transcript", "transcript", **known, texts=texts)


async def _give_up(ledger: Ledger, state: str, reason: str) -> None:
    try:
        await patiently(ledger.give_up, state, reason)
    except Stopped:
        return


def _as_set_up(shop: Workshop, job: Assignment) -> Assignment:
    """The operator's choices, which every result depends on too."""
    recording = job.recording if shop.window_s is None else {**job.recording, "window_s": shop.window_s}
    options = job.options if shop.tone_hints else {**job.options, "sensitivity": "off"}
    return replace(job, recording=recording, options=options)
